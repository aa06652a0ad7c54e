"""Where new bollards go when the known ones stay: into a type, a new type, or the unsorted list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.group import ONE_OFF
from generator.group.linkage import Scale, linked
from generator.vectors import FloatArray, mean_directions, unit_rows

# How near a bollard must be to a type to join it, and how much nearer than to the second type, as
# shares of the way from nearest neighbours down to any two bollards. Measured by replaying the
# development photos (tests/bench/replay.py), as they are and with their vectors blurred until
# neighbours are as good as those of photos that the recogniser has not seen: 0.15 and 0.02 each win
# fewer right answers than they cost in wrong ones; 0.05 and 0.08 give the owner more to review than
# they prevent in mistakes.
_NEAR = 0.1
# From this nearness the owner is asked. In a first build, one in three unsorted bollards so near a
# type belongs to it or to the second nearest type; farther out it is one in fifteen.
ASKED = 0.2
_AHEAD = 0.04
# How many bollards make a part of a type a look of its own: one pinned bollard may be an exception.
_A_LOOK = 2
# The last decimals of a product differ between machines.
_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Joined:
    """The outcome for new bollards; those in neither table are unsorted.

    Attributes:
        types: the known type that a new bollard joins.
        groups: bollards that resemble each other and nothing known: new types, or proposals.
        lost: unsure bollards that have left their type.
    """

    types: Mapping[str, str]
    groups: tuple[frozenset[str], ...] = ()
    lost: frozenset[str] = frozenset()


def join(
    bollards: Sequence[str],
    vectors: FloatArray,
    scale: Scale,
    known: Mapping[str, str | None],
    least: int,
    *,
    parts: Mapping[str, str] | None = None,
    kept_out: Mapping[str, frozenset[str]] | None = None,
    unsure: frozenset[str] = frozenset(),
    alone: frozenset[str] = frozenset(),
    proposals_only: bool = False,
) -> Joined:
    """Find a type or group for each new bollard; known bollards stay where they are.

    A type, or a part of one, is represented by its mean direction. A new bollard joins the nearest
    type if it is nearly as near as neighbours usually are, and clearly nearer to it than to any
    other type. If it is near, but not clearly so, it waits for the owner. The rest is clustered
    together with known unsorted bollards: a cluster with a new bollard in it is a new type. Each
    bollard is compared with the known ones only, so that the order of files plays no part.

    Args:
        bollards: keys, ordered by something that lasts, such as their smallest photo id.
        vectors: float32 [bollards, d], rows of unit length.
        scale: the meaning of similarities in this collection.
        known: the type of each bollard that was there before, None for an unsorted one.
        least: the smallest group that counts as a type.
        parts: the type that known bollards had before the owner merged and pinned. A merged type
            may have two looks with no bollard between them, so each part is compared by itself.
        kept_out: for bollards, types they do not belong to.
        unsure: known ones that may show another bollard by now: they lose their type and count as
            new if they do not fit it, or clearly fit another one.
        alone: bollards that must stay unsorted.
        proposals_only: let nothing join, and cluster all unsorted bollards.
    """
    of = {key: type_id for key, type_id in known.items() if key not in unsure}
    of |= _still(bollards, vectors, known, unsure, scale)
    new = [row for row, bollard in enumerate(bollards) if bollard not in of]
    found: dict[str, str] = {}
    near_a_type: set[int] = set()
    looks = _looks(bollards, of, parts or {})
    if looks and new and not proposals_only:
        types = [type_id for type_id, _ in looks]
        middles = mean_directions(vectors, [rows for _, rows in looks])
        similarity = np.round(vectors[new] @ middles.T, _DECIMALS)
        for row, similar in zip(new, similarity, strict=True):
            type_id, near = _choice(similar, types, scale, (kept_out or {}).get(bollards[row]))
            if type_id is not None:
                found[bollards[row]] = type_id
            elif near:
                near_a_type.add(row)
    free = [
        row
        for row, bollard in enumerate(bollards)
        if bollard not in found
        and of.get(bollard) is None
        and row not in near_a_type
        and bollard not in alone
    ]
    fresh = set(range(len(bollards))) if proposals_only else set(new)
    groups: tuple[frozenset[str], ...] = ()
    if fresh & set(free):
        labels = linked(vectors[free], scale.cut)
        groups = tuple(
            frozenset(bollards[row] for row in members)
            for members in _members(free, labels)
            if len(members) >= least and fresh & set(members)
        )
    return Joined(found, groups, unsure - of.keys())


def _choice(
    similar: FloatArray, types: Sequence[str], scale: Scale, kept_out: frozenset[str] | None
) -> tuple[str | None, bool]:
    """The type that a bollard joins, if any; and whether it is near one."""
    score: dict[str, float] = {}
    for value, type_id in zip(similar.tolist(), types, strict=True):
        if type_id not in (kept_out or ()):
            score[type_id] = max(value, score.get(type_id, -1.0))
    allowed = [(-value, type_id) for type_id, value in score.items()]
    best = sorted(allowed)[:2]
    if not best or -best[0][0] < scale.at(_NEAR):
        return None, False
    ahead = best[1][0] - best[0][0] if len(best) > 1 else np.inf
    if ahead < _AHEAD * (scale.nearest - scale.any_two):
        return None, True
    return best[0][1], True


def _looks(
    bollards: Sequence[str], known: Mapping[str, str | None], parts: Mapping[str, str]
) -> list[tuple[str, list[int]]]:
    """The rows of each type, and of each of its parts that has enough bollards to be a look."""
    whole: dict[str, list[int]] = {}
    part: dict[tuple[str, str], list[int]] = {}
    for row, bollard in enumerate(bollards):
        type_id = known.get(bollard)
        if type_id is not None:
            whole.setdefault(type_id, []).append(row)
            part.setdefault((type_id, parts.get(bollard, type_id)), []).append(row)
    looks = sorted(whole.items())
    looks += [
        (type_id, rows) for (type_id, _), rows in sorted(part.items()) if len(rows) >= _A_LOOK
    ]
    return looks


def _still(
    bollards: Sequence[str],
    vectors: FloatArray,
    known: Mapping[str, str | None],
    unsure: frozenset[str],
    scale: Scale,
) -> dict[str, str]:
    """The unsure bollards that still fit their type, with their types."""
    rows = [row for row, key in enumerate(bollards) if key in unsure and known.get(key)]
    if not rows:
        return {}
    types = sorted({type_id for type_id in known.values() if type_id is not None})
    number_of = {type_id: number for number, type_id in enumerate(types)}
    sums = np.zeros((len(types), vectors.shape[1]), dtype=np.float32)
    for row, key in enumerate(bollards):
        if (type_id := known.get(key)) is not None:
            sums[number_of[type_id]] += vectors[row]
    similar = vectors[rows] @ unit_rows(sums).T
    kept: dict[str, str] = {}
    for row, all_types in zip(rows, similar, strict=True):
        type_id = known[bollards[row]]
        assert type_id is not None
        # Leave the bollard out of its type's mean, or it would seem near to any type.
        others = sums[number_of[type_id]] - vectors[row]
        own = float(unit_rows(others[None])[0] @ vectors[row])
        best = float(np.delete(all_types, number_of[type_id]).max(initial=-1.0))
        stranger = own < scale.at(0.5)
        elsewhere = best >= scale.at(_NEAR) and best - own >= _AHEAD * (
            scale.nearest - scale.any_two
        )
        if np.linalg.norm(others) < 1e-6 or not (stranger or elsewhere):
            kept[bollards[row]] = type_id
    return kept


def _members(rows: Sequence[int], labels: NDArray[np.int64]) -> list[list[int]]:
    clusters: dict[int, list[int]] = {}
    for row, label in zip(rows, labels.tolist(), strict=True):
        if label != ONE_OFF:
            clusters.setdefault(label, []).append(row)
    return list(clusters.values())
