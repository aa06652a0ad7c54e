"""The meaning of a cosine similarity in this collection: the same-type probability.

Embedders differ: 0.6 means almost nothing for one and nearly identical for another. So the curve is
measured in the collection itself: of all pairs of neighbouring photos that have a similarity of s
and show different bollards, what share is of the same type? A logistic curve through these shares
turns a similarity into what pages show: "71%" means that 71 of 100 such pairs are of one type.

A site keeps its curve until the measured one has moved by more than one percentage point, see
`generator.curve.steady`. The catalogue has the one that holds.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from generator.catalogue import Catalogue, Photo
from generator.curve import BUILTIN, Calibration
from generator.published import Published, PublishedPhoto
from generator.vectors import FloatArray

Photos = Mapping[str, Photo] | Mapping[str, PublishedPhoto]

_STEPS = 25
# With fewer pairs of either class, a curve through them would show chance rather than looks.
_LEAST_PAIRS = 20


_DECIMALS = 4


def curve_of(site: Catalogue | Published) -> Calibration:
    """The curve of a site: the one that it keeps; without one, as measured."""
    if site.calibration is not None:
        return site.calibration
    if isinstance(site, Catalogue):
        return measured(site.photo, site.site.embedder)
    return measured(site.photos, site.embedder)


def measured(photos: Photos, embedder: str) -> Calibration:
    """The curve of a collection, measured from the neighbours of its photos.

    Args:
        photos: all of the collection, by id.
        embedder: its name; a collection too small to measure has the built-in encoder's curve if it
            is "builtin".

    Unsorted photos count as well: their neighbours are of other types. Views of one bollard do not,
    because they show how alike two pictures are, not two bollards.
    """
    pairs = []
    for photo in photos.values():
        for near in photo.neighbours:
            other = photos.get(near.photo)
            if other and other.bollard != photo.bollard:
                same = photo.type is not None and photo.type == other.type
                pairs.append((near.score, same))
    found = fitted(pairs)
    return BUILTIN if not found.slope and embedder == "builtin" else found


def fitted(pairs: Iterable[tuple[float, bool]]) -> Calibration:
    """Logistic regression of `same` on similarity by Newton's method.

    The targets are smoothed by one pair, so that classes that do not overlap have a curve too: J.
    Platt, "Probabilistic outputs for support vector machines" (1999), section 2.2.

    Args:
        pairs: similarity, and whether both are of one type.
    """
    # Counted by similarity (four decimals), so that the order of photos cannot show in the sums.
    counts: dict[float, list[int]] = {}
    for similarity, same in pairs:
        counts.setdefault(similarity, [0, 0])[same] += 1
    return _curve(tuple((one, no, yes) for one, (no, yes) in sorted(counts.items())))


@lru_cache(maxsize=1)
def _curve(counts: tuple[tuple[float, int, int], ...]) -> Calibration:
    """The curve of pairs counted by similarity: similarity, pairs of two types, of one type.

    A build asks several times for that of the same collection.
    """
    apart = sum(no for _, no, _ in counts)
    together = sum(yes for _, _, yes in counts)
    if min(apart, together) < _LEAST_PAIRS:
        return Calibration()
    high, low = (together + 1) / (together + 2), 1 / (apart + 2)
    a, b = 0.0, 1.0
    for _ in range(_STEPS):
        rows = []
        for similarity, no, yes in counts:
            chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, a + b * similarity))))
            weight = (no + yes) * max(chance * (1 - chance), 1e-9)
            error = yes * (high - chance) + no * (low - chance)
            rows.append((similarity, weight, error))
        s_e = math.fsum(e for _, _, e in rows)
        s_ex = math.fsum(e * x for x, _, e in rows)
        s_w = math.fsum(w for _, w, _ in rows)
        s_wx = math.fsum(w * x for x, w, _ in rows)
        s_wxx = math.fsum(w * x * x for x, w, _ in rows)
        determinant = s_w * s_wxx - s_wx * s_wx
        if determinant <= 1e-12:
            break
        step_a = (s_wxx * s_e - s_wx * s_ex) / determinant
        step_b = (s_w * s_ex - s_wx * s_e) / determinant
        # Newton's step is too long where the curve is flat.
        limit = min(1.0, 20 / max(abs(step_a), abs(step_b), 1e-9))
        a, b = a + limit * step_a, b + limit * step_b
        if max(abs(step_a), abs(step_b)) < 1e-4:
            break
    # A falling curve would mean that less similar pairs are more often of one type.
    return Calibration(round(a, 2), round(b, 2)) if b > 0 else Calibration()


@dataclass(frozen=True)
class SameType:
    """The same-type probability of groups of photos: that of their most similar pair.

    Attributes:
        photos: by id; their neighbours, best first.
        ids: one a row of `embeddings`.
        embeddings: float32 [n, d], rows of unit length.
        calibration: of the collection.
    """

    photos: Photos
    ids: Sequence[str]
    embeddings: FloatArray
    calibration: Calibration

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {photo: row for row, photo in enumerate(self.ids)}

    def __call__(self, some: Iterable[str], others: Collection[str]) -> float:
        """The probability, 0 to 1, that the most similar pair is of one type.

        Args:
            some: photo ids.
            others: photo ids, preferably as a set; those that are also in `some` do not count.
        """
        own = frozenset(some)
        best = max(
            (
                near.score
                for photo in own
                for near in self.photos[photo].neighbours
                if near.photo in others and near.photo not in own
            ),
            default=None,
        )
        if best is None:
            # None is among the neighbours that the site lists.
            rest = sorted(set(others) - own)
            if not own or not rest:
                return 0.0
            rows = self.embeddings[[self._row_of[photo] for photo in sorted(own)]]
            there = self.embeddings[[self._row_of[photo] for photo in rest]]
            best = round(float((rows @ there.T).max()), _DECIMALS)
        return round(self.calibration(best), _DECIMALS)
