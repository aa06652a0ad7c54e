"""The last part of training: real bollards as streets show them (torch).

A network that was trained on scenes, or comes from a model file, is trained further on real photos.
`adapt_batches.py` makes the pictures. Besides the contrast of bollards and kinds and the
cross-entropy of the attributes, the loss has three parts:

- countries: by the vote of ``identify``, a picture's nearest photos of other bollards should be
  from its own country (neighbourhood components analysis, Goldberger et al. 2004, over a gallery of
  all photos); the weight of a photo falls with the number of photos of its country;
- sharp: a picture's embedding should be that of the same undisturbed photo in the gallery;
- blank: for a picture without a bollard, all values of an attribute should be equally likely.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from generator.training.adapt_batches import OF_PHOTOS, Adapting, Batch, Batches, Reals
from generator.training.augment import batch_of
from generator.training.collection import Collection, Rows
from generator.training.fit import agreement_of
from generator.training.losses import attribute_loss, graded_contrast
from generator.training.network import Network

Pixels = npt.NDArray[np.uint8]

PARTS = ("contrast", "attributes", "countries", "sharp", "blank")


def country_vote(
    queries: Tensor,
    gallery: Tensor,
    bollards: Tensor,
    groups: Tensor,
    of_gallery: tuple[Tensor, Tensor, Tensor],
    temperature: float,
) -> Tensor:
    """Minus the logarithm of the true country's share in the vote of other bollards' photos.

    Queries whose country has no other bollard do not count.

    Args:
        queries: float32 [n, d], unit rows.
        gallery: float32 [m, d], unit rows.
        bollards, groups: of the queries, int64 [n].
        of_gallery: bollards and groups, int64 [m], and each photo's weight, float32 [m].
        temperature: of the vote.
    """
    stands, countries, weights = of_gallery
    votes = queries @ gallery.T / temperature + weights.log()[None]
    votes = votes.masked_fill(bollards[:, None] == stands[None], float("-inf"))
    own = countries[None] == groups[:, None]
    asked = (own & (bollards[:, None] != stands[None])).any(dim=1)
    if not bool(asked.any()):
        return queries.sum() * 0.0
    votes, own = votes[asked], own[asked]
    mine = votes.masked_fill(~own, float("-inf"))
    return (votes.logsumexp(dim=1) - mine.logsumexp(dim=1)).mean()


def gallery_weights(collection: Collection, rows: Rows) -> Tensor:
    """Each photo's weight in the vote, float32 [len(rows)]: 1/√n if its country has n photos."""
    countries = collection.groups[rows]
    counts = np.bincount(countries)
    return torch.from_numpy((counts[countries] ** -0.5).astype(np.float32))


def adapt(
    network: Network,
    reals: Reals,
    scenes: Collection | None,
    roads: Pixels,
    how: Adapting,
    *,
    kept: Path,
    device: str = "cpu",
    report: Callable[[str], None] = print,
) -> Network:
    """The network after ``how.steps`` batches: averaged weights, in eval mode.

    Args:
        network: without batch normalisation (``reopen.py``), whitened.
        reals: the photos.
        scenes: rendered scenes to mix in, or None.
        roads: street views without bollards, uint8 [n, h, w, 3].
        how: the settings.
        kept: the checkpoint's file; an interrupted run continues from it.
        device: the torch device.
        report: is called with a line of progress.
    """
    torch.manual_seed(how.seed)
    network.to(device, memory_format=torch.channels_last)
    network.train()
    network.norm.eval()
    network.norm.requires_grad_(False)
    for layer in list(network.body)[: how.frozen]:
        layer.requires_grad_(False)
    state = _State(network, how)
    begin = state.load(kept, device)
    if begin:
        report(f"continues after step {begin}")
    batches = Batches(reals, scenes, roads, how)
    gallery = _gallery(state.averaged.module, reals, device)
    began, sums, count = time.monotonic(), np.zeros(len(PARTS)), 0
    for step in range(begin, how.steps):
        parts = _losses(network, batches.made(step), gallery, reals, how)
        loss = sum(part * weight for part, weight in zip(parts, _weights(how), strict=True))
        state.step(loss)
        sums += [float(part.detach()) for part in parts]
        count += 1
        if (step + 1) % how.refresh == 0 or step + 1 == how.steps:
            gallery = _gallery(state.averaged.module, reals, device)
            state.save(kept, step + 1)
            means = ", ".join(f"{n} {v:.3f}" for n, v in zip(PARTS, sums / count, strict=True))
            report(f"step {step + 1}/{how.steps}: {means}; {time.monotonic() - began:.0f} s")
            sums, count = np.zeros(len(PARTS)), 0
    result: Network = state.averaged.module.eval()
    return result


def _weights(how: Adapting) -> tuple[float, ...]:
    """The weights of the parts of the loss, in the order of PARTS."""
    return 1.0, how.attributes, how.countries, how.sharp, how.blank


class _State:
    """The state of the training for checkpoints: weights, averaged weights, optimiser, schedule."""

    def __init__(self, network: Network, how: Adapting) -> None:
        self.network = network
        self.averaged = AveragedModel(
            network, multi_avg_fn=get_ema_multi_avg_fn(how.average), use_buffers=False
        )
        self.trained = [p for p in network.parameters() if p.requires_grad]
        self.optimiser = torch.optim.AdamW(
            [
                {"params": [p for p in self.trained if p.ndim > 1]},
                {"params": [p for p in self.trained if p.ndim <= 1], "weight_decay": 0.0},
            ],
            lr=how.rate,
            weight_decay=how.decay,
        )
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimiser, lambda step: _share_of_rate(step, how.steps, how.warmup)
        )

    def step(self, loss: Tensor) -> None:
        """One optimiser step."""
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.trained, 5.0)
        self.optimiser.step()
        self.schedule.step()
        self.averaged.update_parameters(self.network)

    def load(self, kept: Path, device: str) -> int:
        """Load a checkpoint if there is one; returns the number of steps done."""
        if not kept.exists():
            return 0
        state = torch.load(kept, map_location=device, weights_only=True)
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        return int(state["step"])

    def save(self, kept: Path, step: int) -> None:
        """Write a checkpoint, as a whole or not at all."""
        partial = kept.with_suffix(".part")
        parts = {name: part.state_dict() for name, part in self._parts().items()}
        torch.save({**parts, "step": step}, partial)
        partial.replace(kept)

    def _parts(self) -> dict[str, Any]:
        return {
            "network": self.network,
            "averaged": self.averaged,
            "optimiser": self.optimiser,
            "schedule": self.schedule,
        }


def _losses(
    network: Network, batch: Batch, gallery: Tensor, reals: Reals, how: Adapting
) -> tuple[Tensor, ...]:
    """The parts of the loss, in the order of PARTS."""
    device = next(network.parameters()).device
    images = torch.from_numpy(batch.images).to(device, memory_format=torch.channels_last)
    embeddings = network.whitened(network.embedded(network.pooled(images)))
    shown, real = len(batch.bollards), len(batch.rows)
    told = {name: torch.from_numpy(value).to(device) for name, value in batch.values.items()}
    stands = torch.from_numpy(batch.bollards).to(device)
    logits = network.logits(embeddings)
    contrast = graded_contrast(
        embeddings[:shown],
        stands,
        agreement_of(told, how.partial),
        how.temperature,
        how.kind_share,
    )
    attributes = attribute_loss(
        {name: found[:shown] for name, found in logits.items()}, told, how.smoothing
    )
    collection, known = reals.collection, reals.rows
    countries = country_vote(
        embeddings[:real],
        gallery[torch.from_numpy(known)].to(device),
        stands[:real],
        torch.from_numpy(collection.groups[batch.rows]).to(device),
        (
            torch.from_numpy(OF_PHOTOS * collection.bollards[known]).to(device),
            torch.from_numpy(collection.groups[known]).to(device),
            gallery_weights(collection, known).to(device),
        ),
        how.vote,
    )
    sharp = (1 - (embeddings[:real] * gallery[batch.rows].to(device)).sum(dim=1)).mean()
    blank = torch.stack(
        [-found[shown:].log_softmax(dim=1).mean() for found in logits.values()]
    ).mean()
    return contrast, attributes, countries, sharp, blank


@torch.no_grad()  # type: ignore[untyped-decorator]
def _gallery(network: nn.Module, reals: Reals, device: str) -> Tensor:
    """The embeddings of all undisturbed photos, float32 [n, d], without mirror averaging."""
    network.eval()
    parts = []
    for start in range(0, len(reals.inputs), 64):
        rows = np.arange(start, min(start + 64, len(reals.inputs)))
        batch = batch_of(reals.inputs, rows).float().to(device, memory_format=torch.channels_last)
        parts.append(network.whitened(network(batch)).cpu())
    return torch.cat(parts)


def _share_of_rate(step: int, steps: int, warmup: int) -> float:
    rising = min(1.0, (step + 1) / warmup)
    return rising * (0.02 + 0.98 * 0.5 * (1 + float(np.cos(np.pi * min(1.0, step / steps)))))
