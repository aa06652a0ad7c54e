"""The pictures for each step of adapting the network to streets: photos, scenes and blanks (torch).

`street.py` makes each picture small, dim or blurred and puts the bollard before a real road.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from generator.training.collection import Collection, Rows
from generator.training.masks import without_bollard
from generator.training.street import (
    Weather,
    batch_of_views,
    canvas_part,
    road_part,
    view_of,
)
from generator.vocabulary import KIND, VOCABULARY

Pixels = npt.NDArray[np.uint8]

# Bollards of photos have even numbers in a batch, those of scenes odd ones.
OF_PHOTOS = 2


@dataclass(frozen=True)
class Adapting:
    """The settings of this part of the training.

    Attributes:
        steps: the number of batches.
        rate: the greatest learning rate; it rises over ``warmup`` steps and falls as a cosine.
        photos, scenes: the number of bollards in a batch, with two pictures each.
        blanks: the number of pictures without a bollard in a batch.
        swap: the share of pictures with other surroundings, at least 0.5.
        roads: the share of these surroundings that are roads; the others are from close-ups.
        temperature, kind_share, partial: see ``losses.graded_contrast``.
        countries, sharp, attributes, blank: weights of the parts of the loss.
        vote: the temperature of the vote on countries.
        refresh: the number of steps between updates of the gallery and checkpoints.
        frozen: the number of first layers that are not trained.
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
    """Real photos for training.

    Attributes:
        collection: all photos; its groups are countries.
        inputs: uint8 [n, HEIGHT, WIDTH, 3], the photos as input of the finished model.
        rows: the photos to train on.
    """

    collection: Collection
    inputs: Pixels
    rows: Rows


def sampling_weights(collection: Collection, rows: Rows) -> dict[int, float]:
    """Sampling weight by bollard: 1/√n for a design that its country has n times."""
    design: dict[int, tuple[int, ...]] = {}
    for row in rows:
        values = tuple(int(collection.values[name][row]) for name in KIND)
        design.setdefault(int(collection.bollards[row]), (int(collection.groups[row]), *values))
    counts: dict[tuple[int, ...], int] = {}
    for one in design.values():
        counts[one] = counts.get(one, 0) + 1
    return {bollard: counts[one] ** -0.5 for bollard, one in design.items()}


@dataclass(frozen=True)
class Batch:
    """Pictures of photos, scenes and blanks, in this order.

    Attributes:
        images: float32 [n, 3, HEIGHT, WIDTH].
        values, bollards: of photos and scenes.
        rows: the photos' rows in their collection.
    """

    images: npt.NDArray[np.float32]
    values: Mapping[str, Rows]
    bollards: Rows
    rows: Rows


class Batches:
    """The pictures of each step. Each step has its own seed, so an interrupted run can continue."""

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

    def made(self, step: int) -> Batch:
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
        bollards = photos.bollards[rows] * OF_PHOTOS
        if self.scenes is not None and len(drawn):
            values = {
                name: np.concatenate([values[name], self.scenes.values[name][drawn]])
                for name in VOCABULARY
            }
            bollards = np.concatenate([bollards, self.scenes.bollards[drawn] * OF_PHOTOS + 1])
        return Batch(batch_of_views(views_made), values, bollards, rows)

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
        """A picture without a bollard: a road, or a photo whose bollard is covered."""
        nothing = np.zeros((8, 8), np.uint8)
        if rng.random() < 0.5 and len(self.roads):
            part = road_part(self.roads[int(rng.integers(len(self.roads)))], rng)
        else:
            row = int(rng.choice(self.reals.rows))
            photos = self.reals.collection
            part = canvas_part(without_bollard(photos.canvases[row], photos.masks[row]), rng)
        return view_of(part, nothing, None, rng, self.how.weather)
