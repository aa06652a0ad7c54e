"""Where new bollards go when the known ones stay: into a type, into a new one, or on the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.group import ONE_OFF, FloatArray
from generator.group.linkage import MOST, Scale, linked, scale_of

# How much nearer the best type must be than the second, as a share of the way from any two
# bollards to nearest neighbours. Measured on the development photos with half of their kinds'
# bollards as known types (tests/bench/replay.py --thresholds): 0.04 leaves a fourth of the wrong
# answers to a person, and a twentieth of the right ones.
_AHEAD = 0.04
# The last decimals of a product differ between machines.
_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of the new bollards; those in neither table are one-offs.

    Attributes:
        types: the known type that a new bollard joins.
        groups: bollards that are like each other and like nothing known: new types, or proposals.
        lost: unsure ones that are no longer in the type they had.
    """

    types: Mapping[str, str]
    groups: tuple[frozenset[str], ...] = ()
    lost: frozenset[str] = frozenset()


def join(
    bollards: Sequence[str],
    vectors: FloatArray,
    known: Mapping[str, str | None],
    least: int,
    *,
    kept_out: Mapping[str, frozenset[str]] | None = None,
    unsure: frozenset[str] = frozenset(),
    alone: frozenset[str] = frozenset(),
    proposals_only: bool = False,
) -> Joined:
    """Find the place of each new bollard; what is known stays where it is.

    A new bollard joins the type whose mean direction it is nearest to, if it is as near as
    bollards of one type are to each other when types are made (`linkage`), and clearly nearer than
    to any other type. One that is near, but not clearly so, waits for a person. The rest is grouped
    among itself, together with known one-offs: a group with a new bollard in it is a new type.
    Each is judged by itself against what was known, so that the order of files plays no part.

    Args:
        bollards: keys, ordered by something that lasts, such as their smallest photo id.
        vectors: float32 [bollards, d], rows of unit length.
        known: the type of each bollard that was there before, None for a one-off.
        least: the smallest group that counts as a type.
        kept_out: for bollards, types they do not belong to.
        unsure: known ones that may have become another bollard: they lose a type that is not one
            of the two they are nearest to, and are new then.
        alone: one-offs that are to stay so.
        proposals_only: let nothing join, and group all one-offs.
    """
    scale = scale_of(vectors)
    of = {key: kind for key, kind in known.items() if key not in unsure}
    of |= _still(bollards, vectors, known, unsure)
    types = sorted({kind for kind in of.values() if kind is not None})
    new = [row for row, bollard in enumerate(bollards) if bollard not in of]
    found: dict[str, str] = {}
    waiting: set[int] = set()
    if types and new and not proposals_only:
        similarity = np.round(vectors[new] @ _centres(bollards, vectors, of, types).T, _DECIMALS)
        for row, likeness in zip(new, similarity, strict=True):
            kind, near = _choice(likeness, types, scale, (kept_out or {}).get(bollards[row]))
            if kind is not None:
                found[bollards[row]] = kind
            elif near:
                waiting.add(row)
    free = [
        row
        for row, bollard in enumerate(bollards)
        if bollard not in found
        and of.get(bollard) is None
        and row not in waiting
        and bollard not in alone
    ]
    fresh = set(range(len(bollards))) if proposals_only else set(new)
    groups: tuple[frozenset[str], ...] = ()
    if fresh & set(free):
        if len(free) <= MOST:
            labels = linked(vectors[free], scale.cut)
        else:
            from generator.group.density import density_labels

            labels = density_labels(vectors[free], least)
        groups = tuple(
            frozenset(bollards[row] for row in members)
            for members in _members(free, labels)
            if len(members) >= least and fresh & set(members)
        )
    return Joined(found, groups, unsure - of.keys())


def _choice(
    likeness: FloatArray, types: Sequence[str], scale: Scale, kept_out: frozenset[str] | None
) -> tuple[str | None, bool]:
    """The type that a bollard joins, if any; and whether it is near one."""
    allowed = [
        (-float(value), kind)
        for value, kind in zip(likeness, types, strict=True)
        if kind not in (kept_out or ())
    ]
    best = sorted(allowed)[:2]
    if not best or -best[0][0] < scale.cut:
        return None, False
    ahead = best[1][0] - best[0][0] if len(best) > 1 else np.inf
    if ahead < _AHEAD * (scale.nearest - scale.any_two):
        return None, True
    return best[0][1], True


def _centres(
    bollards: Sequence[str],
    vectors: FloatArray,
    known: Mapping[str, str | None],
    types: Sequence[str],
) -> FloatArray:
    """The mean direction of each type: float32 [types, d], rows of unit length."""
    rows: dict[str | None, list[int]] = {}
    for row, bollard in enumerate(bollards):
        rows.setdefault(known.get(bollard), []).append(row)
    return _unit(np.stack([vectors[rows[kind]].mean(axis=0) for kind in types]))


def _still(
    bollards: Sequence[str],
    vectors: FloatArray,
    known: Mapping[str, str | None],
    unsure: frozenset[str],
) -> dict[str, str]:
    """Those of the unsure whose type is one of the two nearest to them, or has no other bollard."""
    rows = [row for row, key in enumerate(bollards) if key in unsure and known.get(key)]
    if not rows:
        return {}
    types = sorted({kind for kind in known.values() if kind is not None})
    place = {kind: number for number, kind in enumerate(types)}
    sums = np.zeros((len(types), vectors.shape[1]), dtype=np.float32)
    for row, key in enumerate(bollards):
        if (kind := known.get(key)) is not None:
            sums[place[kind]] += vectors[row]
    likeness = vectors[rows] @ _unit(sums).T
    kept: dict[str, str] = {}
    for row, all_types in zip(rows, likeness, strict=True):
        kind = known[bollards[row]]
        assert kind is not None
        # Without itself: its own share would make any type look near.
        others = sums[place[kind]] - vectors[row]
        own = float(_unit(others[None])[0] @ vectors[row])
        nearer = np.round(np.delete(all_types, place[kind]), _DECIMALS) > round(own, _DECIMALS)
        if nearer.sum() < 2 or not np.linalg.norm(others) > 1e-6:
            kept[bollards[row]] = kind
    return kept


def _unit(rows: FloatArray) -> FloatArray:
    unit: FloatArray = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return unit.astype(np.float32)


def _members(rows: Sequence[int], labels: NDArray[np.int64]) -> list[list[int]]:
    clusters: dict[int, list[int]] = {}
    for row, label in zip(rows, labels.tolist(), strict=True):
        if label != ONE_OFF:
            clusters.setdefault(label, []).append(row)
    return list(clusters.values())
