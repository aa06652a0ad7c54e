"""Unsorted bollards that may belong to a type after all, each with its candidates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from generator.catalogue import Bollard, Lookalike
from generator.relate.similarity import DECIMALS
from generator.vectors import FloatArray, mean_directions

_CANDIDATES = 2


@dataclass(frozen=True, slots=True)
class Doubtful:
    """An unsorted bollard as near to a type as the type's own bollards; two `candidates`, best
    first.
    """

    bollard: str
    photos: tuple[str, ...]
    candidates: tuple[Lookalike, ...]


def doubtful(
    bollards: Sequence[Bollard],
    ids: Sequence[str],
    embeddings: FloatArray,
    *,
    near: float = np.inf,
    settled: frozenset[str] = frozenset(),
    kept_out: Mapping[str, frozenset[str]] | None = None,
) -> tuple[Doubtful, ...]:
    """The unsorted bollards that are near a type, the nearest first.

    A bollard is near a type if its similarity to the type's mean direction is at least that of one
    of the type's own bollards to the mean of the others. So the measure fits any embedder, and each
    type's own spread. A type of a single bollard has no spread, so only `near` applies to it.

    Args:
        bollards: all of the collection, with their types.
        ids: photo ids, one a row.
        embeddings: float32 [photos, d], rows of unit length.
        near: a bollard above this similarity is near in any case.
        settled: keys of bollards that the owner decided to leave unsorted.
        kept_out: for bollards, by key, the types that the owner keeps them out of.
    """
    row_of = {photo: row for row, photo in enumerate(ids)}
    # By id, so that the order of files cannot show in the result.
    ordered = sorted(bollards, key=lambda bollard: min(bollard.photos))
    views = {bollard.id: [row_of[photo] for photo in sorted(bollard.photos)] for bollard in ordered}
    means = mean_directions(embeddings, views.values())
    members: dict[str, list[int]] = {}
    for position, bollard in enumerate(ordered):
        if bollard.type is not None:
            members.setdefault(bollard.type, []).append(position)
    singles = [
        position
        for position, bollard in enumerate(ordered)
        if bollard.type is None and bollard.id not in settled
    ]
    if not members or not singles:
        return ()
    types = sorted(members)
    middles = mean_directions(means, [members[key] for key in types])
    standard = np.array([_standard(means[members[key]]) for key in types])
    similarity = np.round(means[singles] @ middles.T, DECIMALS)
    found = []
    for position, row in zip(singles, similarity, strict=True):
        out = (kept_out or {}).get(ordered[position].id, frozenset())
        allowed = [column for column, type_ in enumerate(types) if type_ not in out]
        best = sorted(allowed, key=lambda column: (-row[column], column))[:_CANDIDATES]
        if any(row[column] >= min(standard[column], near) for column in best):
            candidates = tuple(
                Lookalike(types[column], round(float(row[column]), DECIMALS) + 0.0)
                for column in best
            )
            found.append(Doubtful(ordered[position].id, ordered[position].photos, candidates))
    return tuple(sorted(found, key=lambda one: -one.candidates[0].score))


def _standard(own: FloatArray) -> float:
    """The least similarity of one of a type's bollards to the mean direction of the others.

    Each is measured without itself: its own share in the mean would make it look nearer than any
    new bollard can be.
    """
    if len(own) < 2:
        return float("inf")
    others = own.sum(axis=0) - own
    lengths = np.maximum(np.linalg.norm(others, axis=1), 1e-12)
    similarity = (own * others).sum(axis=1) / lengths
    return float(np.round(similarity.min(), DECIMALS))
