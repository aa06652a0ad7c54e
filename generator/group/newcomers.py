"""Where new bollards go when the known ones stay: into a type, into a new one, or on the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.group import ONE_OFF
from generator.group.linkage import MOST, Scale, linked
from generator.vectors import FloatArray, mean_directions, unit_rows

# How near a type is near enough, and how much nearer it must be than the second, on the way from
# nearest neighbours down to any two bollards. Measured by replaying the development photos
# (tests/bench/replay.py), as they are and with their vectors blurred until neighbours are as good
# as those of photos that the recogniser has not seen: 0.15 and 0.02 each win fewer right answers
# than they cost in wrong ones, 0.05 and 0.08 leave more to a person than they spare mistakes.
_NEAR = 0.1
# From where on a person is asked: of the one-offs of a first build, those so near a type are of its
# kind or of the second nearest one's in one case of three, and farther out in one of fifteen.
ASKED = 0.2
_AHEAD = 0.04
# A part of a type that is a look of its own: a single pinned bollard may be there by exception.
_A_LOOK = 2
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
    """Find the place of each new bollard; what is known stays where it is.

    A new bollard joins the type whose mean direction, or that of a part, it is nearest to, if it is
    nearly as near as neighbours usually are, and clearly nearer than to any other type. One that is
    near, but not clearly so, waits for a person. The rest is grouped among itself, together with
    known one-offs: a group with a new bollard in it is a new type. Each is judged by itself against
    what was known, so that the order of files plays no part.

    Args:
        bollards: keys, ordered by something that lasts, such as their smallest photo id.
        vectors: float32 [bollards, d], rows of unit length.
        scale: what similarities mean among these.
        known: the type of each bollard that was there before, None for a one-off.
        least: the smallest group that counts as a type.
        parts: the type that known bollards had before a person merged and pinned. What was merged
            may have two looks and no bollard between them, so that each part counts by itself.
        kept_out: for bollards, types they do not belong to.
        unsure: known ones that may show another bollard by now: they lose their type, and are new,
            when they look like strangers in it or clearly like another one.
        alone: one-offs that are to stay so.
        proposals_only: let nothing join, and group all one-offs.
    """
    of = {key: kind for key, kind in known.items() if key not in unsure}
    of |= _still(bollards, vectors, known, unsure, scale)
    new = [row for row, bollard in enumerate(bollards) if bollard not in of]
    found: dict[str, str] = {}
    waiting: set[int] = set()
    looks = _looks(bollards, of, parts or {})
    if looks and new and not proposals_only:
        types = [kind for kind, _ in looks]
        middles = mean_directions(vectors, [rows for _, rows in looks])
        similarity = np.round(vectors[new] @ middles.T, _DECIMALS)
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
    score: dict[str, float] = {}
    for value, kind in zip(likeness.tolist(), types, strict=True):
        if kind not in (kept_out or ()):
            score[kind] = max(value, score.get(kind, -1.0))
    allowed = [(-value, kind) for kind, value in score.items()]
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
    """The rows of each type, and of each of its parts that has bollards enough to be a look."""
    whole: dict[str, list[int]] = {}
    part: dict[tuple[str, str], list[int]] = {}
    for row, bollard in enumerate(bollards):
        kind = known.get(bollard)
        if kind is not None:
            whole.setdefault(kind, []).append(row)
            part.setdefault((kind, parts.get(bollard, kind)), []).append(row)
    looks = sorted(whole.items())
    looks += [(kind, rows) for (kind, _), rows in sorted(part.items()) if len(rows) >= _A_LOOK]
    return looks


def _still(
    bollards: Sequence[str],
    vectors: FloatArray,
    known: Mapping[str, str | None],
    unsure: frozenset[str],
    scale: Scale,
) -> dict[str, str]:
    """Those of the unsure that do not look out of place, with their types."""
    rows = [row for row, key in enumerate(bollards) if key in unsure and known.get(key)]
    if not rows:
        return {}
    types = sorted({kind for kind in known.values() if kind is not None})
    place = {kind: number for number, kind in enumerate(types)}
    sums = np.zeros((len(types), vectors.shape[1]), dtype=np.float32)
    for row, key in enumerate(bollards):
        if (kind := known.get(key)) is not None:
            sums[place[kind]] += vectors[row]
    likeness = vectors[rows] @ unit_rows(sums).T
    kept: dict[str, str] = {}
    for row, all_types in zip(rows, likeness, strict=True):
        kind = known[bollards[row]]
        assert kind is not None
        # Without itself: its own share would make any type look near.
        others = sums[place[kind]] - vectors[row]
        own = float(unit_rows(others[None])[0] @ vectors[row])
        best = float(np.delete(all_types, place[kind]).max(initial=-1.0))
        stranger = own < scale.at(0.5)
        elsewhere = best >= scale.at(_NEAR) and best - own >= _AHEAD * (
            scale.nearest - scale.any_two
        )
        if np.linalg.norm(others) < 1e-6 or not (stranger or elsewhere):
            kept[bollards[row]] = kind
    return kept


def _members(rows: Sequence[int], labels: NDArray[np.int64]) -> list[list[int]]:
    clusters: dict[int, list[int]] = {}
    for row, label in zip(rows, labels.tolist(), strict=True):
        if label != ONE_OFF:
            clusters.setdefault(label, []).append(row)
    return list(clusters.values())
