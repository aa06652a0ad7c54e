"""The review list: what needs the owner's decision, the most worthwhile first.

Everything here is a suggestion, from the vectors of the last build alone. Measures are relative to
each type's own spread, as in `relate.candidates`, so that they fit any embedder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

# The mean silhouette above which two groups count as well separated, and the share of two types'
# bollards within each other's spread above which they count as one type. Both were set by eye on
# labelled photos: of 13 splits that they suggest 6 are right; of 3 pairs of types 2 agree in form
# and body. The owner dismisses a wrong suggestion with one key.
APART = 0.35
OVERLAPPING = 0.25
_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Split:
    """Two groups within one type; `off` is the smaller one, `score` their mean silhouette."""

    off: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Alike:
    """Two types, the larger first, and the share of their bollards that could be in either."""

    kept: str
    gone: str
    overlap: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A type that a bollard could belong to, with the similarity to its mean direction."""

    type: str
    score: float


def suggested_split(members: Sequence[str], vectors: Mapping[str, FloatArray]) -> Split | None:
    """Two well-separated groups, by spherical 2-means from the two least similar members.

    Silhouette: Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7, with cosine distances.

    Args:
        members: keys of a type's bollards.
        vectors: float32 [d] of unit length, by key.
    """
    keys = sorted(members)
    if len(keys) < 3:
        return None
    own = np.stack([vectors[key] for key in keys])
    similarity = np.round(own @ own.T, 5)
    ends = np.unravel_index(int(similarity.argmin()), similarity.shape)
    centres = own[list(ends)]
    side = np.zeros(len(keys), dtype=np.intp)
    for _ in range(_ROUNDS):
        new = (own @ centres.T).argmax(axis=1)
        if len(set(new.tolist())) < 2:
            return None
        if (new == side).all():
            break
        side = new
        centres = np.stack([_direction(own[side == one]) for one in (0, 1)])
    score = _silhouette(np.float32(1.0) - similarity, side)
    if score < APART:
        return None
    fewer = int((side == 1).sum() * 2 <= len(keys))
    off = tuple(key for key, one in zip(keys, side.tolist(), strict=True) if one == fewer)
    return Split(off, round(score, 3))


def alike_types(
    types: Mapping[str, Sequence[str]], vectors: Mapping[str, FloatArray]
) -> list[Alike]:
    """Pairs of types that may be one, the most overlapping first; each type's best pair only.

    A bollard overlaps if its similarity to the other type's mean direction is at least the lowest
    among that type's own bollards, each measured without itself.

    Args:
        types: keys of their bollards, by id.
        vectors: float32 [d] of unit length, by bollard.
    """
    ids = sorted(key for key, members in types.items() if len(members) > 1)
    if len(ids) < 2:
        return []
    own = {key: np.stack([vectors[one] for one in types[key]]) for key in ids}
    middles = np.stack([_direction(own[key]) for key in ids])
    least = np.array([_least(own[key]) for key in ids])
    within = np.stack([(np.round(own[key] @ middles.T, 4) >= least).sum(axis=0) for key in ids])
    sizes = np.array([len(own[key]) for key in ids])
    share = (within + within.T) / (sizes[:, None] + sizes[None, :])
    np.fill_diagonal(share, 0)
    pairs = []
    for a, b in zip(*np.nonzero(np.triu(share >= OVERLAPPING)), strict=True):
        kept, gone = (a, b) if (-sizes[a], ids[a]) < (-sizes[b], ids[b]) else (b, a)
        pairs.append(Alike(ids[kept], ids[gone], round(float(share[a, b]), 3)))
    pairs.sort(key=lambda pair: (-pair.overlap, pair.kept, pair.gone))
    best = []
    met: set[str] = set()
    for pair in pairs:
        if pair.kept not in met or pair.gone not in met:
            best.append(pair)
            met |= {pair.kept, pair.gone}
    return best


def candidates(
    bollards: Sequence[str],
    types: Mapping[str, Sequence[str]],
    vectors: Mapping[str, FloatArray],
    count: int = 4,
) -> dict[str, list[Candidate]]:
    """For each bollard the types it is nearest to, best first.

    The bollard itself is left out of the mean direction of its type.
    """
    ids = sorted(key for key, members in types.items() if members)
    if not ids or not bollards:
        return {}
    sums = np.stack([np.sum([vectors[one] for one in types[key]], axis=0) for key in ids])
    middles = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    rows = np.stack([vectors[one] for one in bollards])
    similarity = rows @ middles.T
    column_of = {key: column for column, key in enumerate(ids)}
    type_of = {one: key for key, members in types.items() for one in members}
    for row, one in enumerate(bollards):
        if one in type_of:
            column = column_of[type_of[one]]
            rest = sums[column] - rows[row]
            length = float(np.linalg.norm(rest))
            similarity[row, column] = float(rows[row] @ rest) / length if length > 1e-6 else -1.0
    similarity = np.round(similarity, 4)
    found = {}
    for one, row in zip(bollards, similarity, strict=True):
        order = sorted(range(len(ids)), key=lambda column: (-row[column], column))[:count]
        found[one] = [Candidate(ids[column], float(row[column])) for column in order]
    return found


def nearest_types(
    types: Mapping[str, Sequence[str]], vectors: Mapping[str, FloatArray], count: int = 4
) -> dict[str, list[Candidate]]:
    """For each type the types whose mean direction is most similar, best first."""
    ids = sorted(key for key, members in types.items() if members)
    if not ids:
        return {}
    middles = np.stack([_direction(np.stack([vectors[one] for one in types[key]])) for key in ids])
    similarity = np.round(middles @ middles.T, 4)
    np.fill_diagonal(similarity, -2)
    found = {}
    for row, key in enumerate(ids):
        order = sorted(range(len(ids)), key=lambda column: (-similarity[row, column], column))
        others = [column for column in order if column != row][:count]
        found[key] = [Candidate(ids[column], float(similarity[row, column])) for column in others]
    return found


def _direction(rows: FloatArray) -> FloatArray:
    mean = rows.mean(axis=0)
    unit: FloatArray = (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)
    return unit


def _least(own: FloatArray) -> float:
    """The least similarity of one of a type's bollards to the mean direction of the others."""
    others = own.sum(axis=0) - own
    lengths = np.maximum(np.linalg.norm(others, axis=1), 1e-12)
    return float(np.round(((own * others).sum(axis=1) / lengths).min(), 4))


def _silhouette(distance: FloatArray, side: NDArray[np.intp]) -> float:
    """The mean over all members; a member that is alone in its group counts as 0."""
    total = 0.0
    for row, one in enumerate(side):
        same = side == one
        same[row] = False
        if not same.any():
            continue
        inside = float(distance[row][same].mean())
        across = float(distance[row][side != one].mean())
        total += (across - inside) / max(inside, across, 1e-12)
    return total / len(side)
