"""The last part of training: real bollards as streets show them (torch).

A network that knows bollards (from scenes, or a model file) goes on with real photos: `street.py`
makes each picture small, dim or blurred and puts the bollard before a real road. What is minimised,
beside the contrast of bollards and kinds and the attributes:

- the countries' vote: a picture's nearest photos of other bollards should be of its own country, by
  the vote that ``identify`` takes (neighbourhood components analysis, Goldberger et al. 2004, over
  a gallery of all photos), a bollard's weight divided by how many its country has;
- a picture should be where the gallery has the same photo as it is, sharp and undisturbed;
- a picture without a bollard tells nothing: each attribute's values are equally likely.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from generator.training.augment import batch_of
from generator.training.collection import Collection, Rows
from generator.training.fit import agreement_of
from generator.training.losses import attribute_loss, graded_contrast
from generator.training.masks import without_bollard
from generator.training.network import Network
from generator.training.street import (
    Weather,
    batch_of_views,
    canvas_part,
    road_part,
    view_of,
)
from generator.vocabulary import KIND, VOCABULARY

Pixels = npt.NDArray[np.uint8]

PARTS = ("contrast", "attributes", "countries", "sharp", "blank")
# Bollards of photos have even numbers in a batch, those of scenes odd ones.
_OF_PHOTOS = 2


@dataclass(frozen=True)
class Adapting:
    """Everything that decides this part besides the pictures.

    Attributes:
        steps: batches.
        rate: the greatest step size; it rises over ``warmup`` steps and falls as a cosine.
        photos, scenes: bollards in a batch, two pictures of each; blanks: pictures without one.
        swap: the share of pictures before other surroundings (one of two at the least).
        roads: the share of those surroundings that are roads, not other close-ups'.
        temperature, kind_share, partial: see ``losses.graded_contrast``.
        countries, sharp, attributes, blank: weights of the parts of the loss.
        vote: the temperature of the countries' vote.
        refresh: after so many steps the gallery is embedded anew and a checkpoint is written.
        frozen: so many of the first layers stay as they are.
    """

    steps: int = 1000
    rate: float = 6e-4
    warmup: int = 40
    decay: float = 0.02
    photos: int = 17
    scenes: int = 4
    blanks: int = 3
    swap: float = 0.85
    roads: float = 0.6
    temperature: float = 0.1
    kind_share: float = 0.5
    partial: float = 0.1
    attributes: float = 1.5
    smoothing: float = 0.05
    countries: float = 0.7
    sharp: float = 0.7
    blank: float = 0.2
    vote: float = 0.08
    average: float = 0.99
    refresh: int = 150
    frozen: int = 4
    seed: int = 0
    weather: Weather = field(default_factory=Weather)


@dataclass(frozen=True)
class Reals:
    """Real photos to learn from.

    Attributes:
        collection: all photos; its groups are countries.
        inputs: uint8 [n, HEIGHT, WIDTH, 3], the photos as the finished model is given them.
        rows: those to learn from.
    """

    collection: Collection
    inputs: Pixels
    rows: Rows


def sampling_weights(collection: Collection, rows: Rows) -> dict[int, float]:
    """How often each bollard comes: those of a design that its country has often, more rarely."""
    design: dict[int, tuple[int, ...]] = {}
    for row in rows:
        values = tuple(int(collection.values[name][row]) for name in KIND)
        design.setdefault(int(collection.bollards[row]), (int(collection.groups[row]), *values))
    counts: dict[tuple[int, ...], int] = {}
    for one in design.values():
        counts[one] = counts.get(one, 0) + 1
    return {bollard: counts[one] ** -0.5 for bollard, one in design.items()}


def country_vote(
    queries: Tensor,
    gallery: Tensor,
    bollards: Tensor,
    groups: Tensor,
    of_gallery: tuple[Tensor, Tensor, Tensor],
    temperature: float,
) -> Tensor:
    """Minus the logarithm of the true country's share in the vote of other bollards' photos.

    queries: float32 [n, d] and gallery: float32 [m, d], unit rows; bollards, groups: int64 [n];
    of_gallery: bollards and groups, int64 [m], and each photo's weight, float32 [m]. Queries whose
    country has no other bollard do not count.
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
    """A photo's weight in the vote, float32 [len(rows)]: of countries with many it is smaller."""
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
        scenes: rendered scenes to go along; None for none.
        roads: street views without bollards, uint8 [n, h, w, 3].
        how: the recipe.
        kept: the checkpoint's file; a run that was cut off goes on from there.
        device: of torch.
        report: takes a line of progress.
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
        report(f"goes on after step {begin}")
    batches = _Batches(reals, scenes, roads, how)
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
    """Of the parts of the loss, in their order."""
    return 1.0, how.attributes, how.countries, how.sharp, how.blank


class _State:
    """What changes from step to step, and is kept: weights, their average, the optimiser's."""

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
        """One step down the loss."""
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.trained, 5.0)
        self.optimiser.step()
        self.schedule.step()
        self.averaged.update_parameters(self.network)

    def load(self, kept: Path, device: str) -> int:
        """Go on from a checkpoint, where there is one; the number of steps done."""
        if not kept.exists():
            return 0
        state = torch.load(kept, map_location=device, weights_only=True)
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        return int(state["step"])

    def save(self, kept: Path, step: int) -> None:
        """Write a checkpoint; it appears whole or not at all."""
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
    network: Network, batch: "_Batch", gallery: Tensor, reals: Reals, how: Adapting
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
            torch.from_numpy(_OF_PHOTOS * collection.bollards[known]).to(device),
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
    """The embeddings of all photos as they are, float32 [n, d], without their mirror images."""
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


@dataclass(frozen=True)
class _Batch:
    """Pictures of photos, scenes and blanks, in this order.

    images: float32 [n, 3, HEIGHT, WIDTH]; values and bollards: of all but the blanks; rows: of the
    photos, in their collection.
    """

    images: npt.NDArray[np.float32]
    values: Mapping[str, Rows]
    bollards: Rows
    rows: Rows


class _Batches:
    """The pictures of each step; a step's own dice, so that a run that was cut off goes on."""

    def __init__(
        self, reals: Reals, scenes: Collection | None, roads: Pixels, how: Adapting
    ) -> None:
        self.reals, self.scenes, self.roads, self.how = reals, scenes, roads, how
        weights = sampling_weights(reals.collection, reals.rows)
        self.names = np.array(list(weights))
        chances = np.array(list(weights.values()))
        self.chances = chances / chances.sum()
        self.pictures: dict[int, list[int]] = {}
        for row in reals.rows:
            self.pictures.setdefault(int(reals.collection.bollards[row]), []).append(int(row))

    def made(self, step: int) -> _Batch:
        """The batch of a step."""
        how, photos = self.how, self.reals.collection
        rng = np.random.default_rng([how.seed, step])
        chosen: list[int] = []
        for name in rng.choice(self.names, how.photos, replace=False, p=self.chances):
            views = self.pictures[int(name)]
            chosen += list(rng.choice(views, 2, replace=len(views) < 2))
        views_made = self._views(photos, np.array(chosen), rng)
        drawn: Rows = np.zeros(0, np.int64)
        if self.scenes is not None and how.scenes:
            pairs = rng.choice(len(self.scenes) // 2, how.scenes, replace=False)
            drawn = np.stack([2 * pairs, 2 * pairs + 1], axis=1).flatten()
            views_made += self._views(self.scenes, drawn, rng)
        views_made += [self._blank(rng) for _ in range(how.blanks)]
        rows = np.array(chosen, np.int64)
        values = {name: photos.values[name][rows] for name in VOCABULARY}
        bollards = photos.bollards[rows] * _OF_PHOTOS
        if self.scenes is not None and len(drawn):
            values = {
                name: np.concatenate([values[name], self.scenes.values[name][drawn]])
                for name in VOCABULARY
            }
            bollards = np.concatenate([bollards, self.scenes.bollards[drawn] * _OF_PHOTOS + 1])
        return _Batch(batch_of_views(views_made), values, bollards, rows)

    def _views(self, pictures: Collection, rows: Rows, rng: np.random.Generator) -> list[Pixels]:
        made = []
        for pair in rows.reshape(-1, 2):
            forced = int(rng.integers(2))
            for place, row in enumerate(pair):
                swapped = place == forced or rng.random() < 2 * self.how.swap - 1
                behind = self._behind(rng) if swapped else None
                view = view_of(
                    pictures.canvases[row], pictures.masks[row], behind, rng, self.how.weather
                )
                made.append(view)
        return made

    def _behind(self, rng: np.random.Generator) -> Pixels:
        if rng.random() < self.how.roads and len(self.roads):
            return road_part(self.roads[int(rng.integers(len(self.roads)))], rng)
        row = int(rng.choice(self.reals.rows))
        photos = self.reals.collection
        return canvas_part(without_bollard(photos.canvases[row], photos.masks[row]), rng)

    def _blank(self, rng: np.random.Generator) -> Pixels:
        """A picture without a bollard: a road, or a photo whose bollard is grey."""
        nothing = np.zeros((8, 8), np.uint8)
        if rng.random() < 0.5 and len(self.roads):
            part = road_part(self.roads[int(rng.integers(len(self.roads)))], rng)
        else:
            row = int(rng.choice(self.reals.rows))
            photos = self.reals.collection
            part = canvas_part(without_bollard(photos.canvases[row], photos.masks[row]), rng)
        return view_of(part, nothing, None, rng, self.how.weather)
