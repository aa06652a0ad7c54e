"""One training of the network on labelled collections of pictures (torch)."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own convention
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from generator.training.augment import Strength, augment, batch_of
from generator.training.collection import Collection, Rows
from generator.training.losses import attribute_loss, graded_contrast, lesson_loss
from generator.training.masks import without_bollard
from generator.training.network import Network, Shape, halves
from generator.vocabulary import KIND, VOCABULARY

OTHER_PLACES = 40
"""Surroundings a batch's bollards may be put before, besides those of the batch itself."""


@dataclass(frozen=True)
class Recipe:
    """The settings of a training."""

    shape: Shape = field(default_factory=Shape)
    strength: Strength = field(default_factory=Strength)
    epochs: int = 100
    rate: float = 3e-3
    decay: float = 0.05
    temperature: float = 0.1
    kind_share: float = 0.3
    partial: float = 0.1
    attributes: float = 0.5
    teaching: float = 0.0
    smoothing: float = 0.05
    average: float = 0.99
    same_country: float = 0.25
    seed: int = 0


@dataclass(frozen=True)
class Part:
    """One collection's share of each batch: two pictures each of ``bollards`` bollards.

    ``lessons``: float32 [n, d], unit rows, a teacher's embedding of each picture of the collection;
    all parts of a training have lessons, or none has.
    """

    collection: Collection
    rows: Rows
    bollards: int
    lessons: Tensor | None = None


def batches(part: Part, same_group: float, rng: np.random.Generator) -> list[Rows]:
    """One epoch over a part: every bollard once, two of its pictures, in full batches.

    A share ``same_group`` of the bollards is in a batch with others of its group (country). These
    are
    the hardest to distinguish: other designs on the same ground, with the same paint.
    """
    pictures: dict[int, list[int]] = {}
    group: dict[int, int] = {}
    for row in part.rows:
        bollard = int(part.collection.bollards[row])
        pictures.setdefault(bollard, []).append(int(row))
        group[bollard] = int(part.collection.groups[row])
    names = np.array(sorted(pictures))
    places = rng.random(len(names))
    shared = rng.random(int(part.collection.groups.max()) + 1)
    kept = rng.random(len(names)) < same_group
    places = np.where(kept, shared[[group[int(name)] for name in names]], places)
    names = names[np.argsort(places, kind="stable")]
    result = []
    for start in range(0, max(1, len(names) - part.bollards // 2), part.bollards):
        chosen: list[int] = []
        for name in names[start : start + part.bollards]:
            views = pictures[int(name)]
            chosen += list(rng.choice(views, 2, replace=len(views) < 2))
        result.append(np.array(chosen))
    return result


def _endless(part: Part, same_group: float, rng: np.random.Generator) -> Iterator[Rows]:
    while True:
        yield from batches(part, same_group, rng)


def agreement_of(values: Mapping[str, Tensor], partial: float) -> Tensor:
    """The attraction of two pictures: 1 for one kind, ``partial`` if one attribute differs."""
    equal = torch.stack([values[name][:, None] == values[name][None] for name in KIND])
    count = equal.sum(dim=0)
    return (count == len(KIND)).float() + partial * (count == len(KIND) - 1).float()


def augmented(
    part: Part,
    chosen: Rows,
    behind: Collection,
    places: Rows,
    rng: np.random.Generator,
    dice: torch.Generator,
    strength: Strength,
) -> Tensor:
    """The chosen pictures of a part, augmented, before the surroundings of ``behind[places]``."""

    def surroundings(count: int) -> npt.NDArray[np.uint8]:
        others = rng.choice(places, count)
        return np.stack(
            [without_bollard(behind.canvases[row], behind.masks[row]) for row in others]
        )

    canvases, masks = part.collection.canvases[chosen], part.collection.masks[chosen]
    return augment(canvases, masks, surroundings, dice, strength)


def _optimiser(network: Network, recipe: Recipe) -> torch.optim.Optimizer:
    """AdamW; biases and scales do not decay."""
    return torch.optim.AdamW(
        [
            {"params": [p for p in network.parameters() if p.ndim > 1]},
            {"params": [p for p in network.parameters() if p.ndim <= 1], "weight_decay": 0.0},
        ],
        lr=recipe.rate,
        weight_decay=recipe.decay,
    )


def fit(
    parts: Sequence[Part],
    recipe: Recipe,
    *,
    start: Mapping[str, Tensor] | None = None,
    device: str = "cpu",
    report: Callable[[str], None] = print,
) -> Network:
    """A network trained on the parts' rows alone; the averaged weights, in eval mode.

    An epoch is one pass over the first part; the other parts are repeated as needed. ``start``:
    initial weights.
    """
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    dice = torch.Generator().manual_seed(recipe.seed)
    network = Network(recipe.shape).to(device, memory_format=torch.channels_last)
    if start is not None:
        network.load_state_dict(start)
    averaged = AveragedModel(
        network, multi_avg_fn=get_ema_multi_avg_fn(recipe.average), use_buffers=True
    )
    optimiser = _optimiser(network, recipe)
    per_epoch = len(batches(parts[0], 0, np.random.default_rng(0)))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.rate, total_steps=max(20, per_epoch * recipe.epochs), pct_start=0.1
    )
    rounds = [_endless(part, recipe.same_country, rng) for part in parts]
    began = time.monotonic()
    network.train()
    for epoch in range(recipe.epochs):
        sums = np.zeros(2)
        for _ in range(per_epoch):
            chosen = [next(turn) for turn in rounds]
            # Mostly surroundings of the batch's own pictures: who goes by them is led astray.
            places = np.concatenate([chosen[0], rng.choice(parts[0].rows, OTHER_PLACES)])
            images = torch.cat(
                [
                    augmented(part, rows, parts[0].collection, places, rng, dice, recipe.strength)
                    for part, rows in zip(parts, chosen, strict=True)
                ]
            ).to(device, memory_format=torch.channels_last)
            values = {
                name: torch.cat(
                    [
                        torch.from_numpy(part.collection.values[name][rows])
                        for part, rows in zip(parts, chosen, strict=True)
                    ]
                ).to(device)
                for name in VOCABULARY
            }
            bollards = torch.cat(
                [
                    torch.from_numpy(part.collection.bollards[rows]) * len(parts) + number
                    for number, (part, rows) in enumerate(zip(parts, chosen, strict=True))
                ]
            ).to(device)
            with halves(device):
                pooled = network.pooled(images)
                embeddings = network.embedded(pooled)
                recited = network.recited(pooled)
            contrast = graded_contrast(
                embeddings,
                bollards,
                agreement_of(values, recipe.partial),
                recipe.temperature,
                recipe.kind_share,
            )
            told = attribute_loss(network.logits(embeddings), values, recipe.smoothing)
            loss = contrast + recipe.attributes * told
            if recited is not None:
                taught = torch.cat(
                    [
                        part.lessons[rows]
                        for part, rows in zip(parts, chosen, strict=True)
                        if part.lessons is not None
                    ]
                )
                loss = loss + recipe.teaching * lesson_loss(recited, taught.to(device))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            averaged.update_parameters(network)
            sums += [float(contrast.detach()), float(told.detach())]
        if epoch % 10 == 9 or epoch == recipe.epochs - 1 or per_epoch > 50:
            contrast_mean, told_mean = sums / per_epoch
            report(
                f"epoch {epoch + 1}/{recipe.epochs}: contrast {contrast_mean:.3f}, "
                f"attributes {told_mean:.3f}, {time.monotonic() - began:.0f} s"
            )
    result = averaged.module
    result.eval()
    assert isinstance(result, Network)
    return result


@torch.no_grad()  # type: ignore[untyped-decorator]
def embed(network: Network, inputs: npt.NDArray[np.uint8], device: str = "cpu") -> Tensor:
    """Unit embeddings of prepared inputs (uint8 [n, HEIGHT, WIDTH, 3]), float32 [n, d], on cpu.

    As in the exported model: the mean of each picture's and its mirror image's embedding, then the
    whitening, if the network has one.
    """
    parts = []
    for start in range(0, len(inputs), 64):
        rows = np.arange(start, min(start + 64, len(inputs)))
        batch = batch_of(inputs, rows).float().to(device)
        both = F.normalize(network(batch) + network(batch.flip(3)), dim=1)
        parts.append(network.whitened(both).cpu())
    return torch.cat(parts)


@torch.no_grad()  # type: ignore[untyped-decorator]
def tell(network: Network, embeddings: Tensor) -> dict[str, npt.NDArray[np.float32]]:
    """Each attribute's probabilities from unit embeddings."""
    logits = network.logits(embeddings.to(next(network.parameters()).device))
    return {name: found.softmax(dim=1).cpu().numpy() for name, found in logits.items()}
