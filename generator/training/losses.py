"""The losses of training (torch): a contrast between bollards, and the attributes of photos."""

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own convention
from torch import Tensor


def graded_contrast(
    embeddings: Tensor, bollards: Tensor, agreement: Tensor, temperature: float, kind_share: float
) -> Tensor:
    """Soft supervised contrast: a photo's neighbours should be those that look most like it.

    Supervised contrastive learning (Khosla et al. 2020) with graded targets. Of each photo's target
    probability, ``1 - kind_share`` goes to the other photos of its bollard, and the rest to other
    bollards in proportion to the agreement of their attributes.

    embeddings: float32 [n, d], unit rows; bollards: int64 [n]; agreement: float32 [n, n], weights
    of other bollards' photos (zero where they should not attract).
    """
    itself = torch.eye(len(embeddings), dtype=torch.bool, device=embeddings.device)
    similarity = (embeddings @ embeddings.T / temperature).masked_fill(itself, float("-inf"))
    log_share = similarity.log_softmax(dim=1).masked_fill(itself, 0.0)
    same = (bollards[:, None] == bollards[None]) & ~itself
    like = agreement * ~(same | itself)
    same_target = same / same.sum(dim=1, keepdim=True).clamp(min=1)
    like_sum = like.sum(dim=1, keepdim=True)
    like_target = like / like_sum.clamp(min=1e-6)
    share = kind_share * (like_sum > 0)
    target = (1 - share) * same_target + share * like_target
    return -(target * log_share).sum(dim=1).mean()


def attribute_loss(
    logits: dict[str, Tensor], values: dict[str, Tensor], smoothing: float
) -> Tensor:
    """Mean cross-entropy over the attributes; value -1 stands for "not labelled"."""
    parts = [
        F.cross_entropy(logits[name], wanted, ignore_index=-1, label_smoothing=smoothing)
        for name, wanted in values.items()
        if bool((wanted >= 0).any())
    ]
    return torch.stack(parts).mean()


def lesson_loss(recited: Tensor, lessons: Tensor) -> Tensor:
    """Mean cosine distance of the network's lessons from the teacher's; both unit rows, [n, d]."""
    return (1 - (recited * lessons).sum(dim=1)).mean()
