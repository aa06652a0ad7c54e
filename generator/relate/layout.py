"""The contact sheet's layout: each type is a group of cells, unsorted bollards are between groups.

A type's photos fill a round group of cells at the type's position in the layout of types, so that
similar types are near each other. Within its group, a photo leans towards the types that it
resembles. An unsorted bollard is alone, near the types that it resembles most. No two photos share
a cell.

Types keep their positions from build to build (see `tsne`), and photos keep their cells (see
`settled`), so that new photos move hardly any of the others.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from generator.relate.apart import apart
from generator.relate.grid import HIGH, WIDE, Cell, Grid
from generator.relate.settled import settled
from generator.relate.similarity import DECIMALS
from generator.relate.tsne import UNIT, Place, places
from generator.rows import PhotoRows
from generator.vectors import FloatArray, mean_directions

Floats = NDArray[np.float64]

# Free cells around a group, and the share of the sheet that groups with these margins cover.
_SHORE = 0.8
_COVERED = 0.85
# The cells that an unsorted bollard needs with its margin; added to the group beside it.
_ROOM = 5
# With fewer types than this, unsorted bollards take part in the layout too.
_FEW_TYPES = 12
_MOST_LANDMARKS = 400
# How many similarities are in memory at once: tens of megabytes.
_AT_ONCE = 4_000_000
# Screens are wide.
_STRETCH = 1.12
_LEANS_TO = 8


@dataclass(frozen=True, slots=True)
class Layout:
    """The position of every photo and type.

    Attributes:
        places: of types in their own layout, to be kept for the next build.
        cells: column (to the right) and row (down) of each photo's cell, by photo id. The middle of
            the sheet is about (0, 0).
    """

    places: Mapping[str, Place]
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows that stay together: those of a type, or of an unsorted bollard."""

    key: str
    rows: tuple[int, ...]
    single: bool


def lay_out(
    rows: PhotoRows,
    types: Mapping[str, frozenset[str]],
    known: Mapping[str, Place],
    cells_before: Mapping[str, Cell] = MappingProxyType({}),
) -> Layout:
    """Find a cell for every photo.

    Args:
        rows: the photos; views of an unsorted bollard stay side by side.
        types: photo ids by type id.
        known: the `places` of the last build.
        cells_before: the `cells` of the last build, of photos that are still in the same type, or
            unsorted.
    """
    if not rows.ids:
        return Layout({}, {})
    groups = _groups(rows, types)
    means = np.round(
        mean_directions(rows.embeddings, [group.rows for group in groups]), DECIMALS
    ).astype(np.float64)
    marks = _landmarks(groups)
    keys = [groups[mark].key for mark in marks]
    alike = np.round(means[marks] @ means[marks].T, DECIMALS)
    at = places(keys, alike, known)
    # Keep the positions of types only. Unsorted bollards among the landmarks get their positions
    # from the types, so that the next build finds everything where it is.
    at = places(keys, alike, {key: place for key, place in at.items() if key in types})
    drawn = np.array(list(at.values()), dtype=np.float64)
    wanted = np.stack([_beside(row, drawn) for block in _similar(means, marks) for row in block])
    wanted[marks] = drawn

    middles = _apart(wanted, groups, means, marks)
    grid = Grid()
    cells: list[list[Cell]] = [[]] * len(groups)
    for number in sorted(
        range(len(groups)), key=lambda n: (groups[n].single, -len(groups[n].rows), groups[n].key)
    ):
        across, down = middles[number].tolist()
        cells[number] = grid.take((across, down), len(groups[number].rows))

    landmarks = means[marks]
    row_of_mark = {mark: column for column, mark in enumerate(marks)}
    placed: dict[str, Cell] = {}
    for number, group in enumerate(groups):
        named = [rows.ids[row] for row in group.rows]
        if group.single:
            placed |= zip(named, cells[number], strict=True)
            continue
        others = [column for mark, column in row_of_mark.items() if mark != number]
        lean = _lean(
            rows.embeddings[list(group.rows)],
            landmarks[others],
            drawn[others] - wanted[number],
        )
        placed |= _seated(named, lean, cells[number])
    order = sorted(groups, key=lambda one: (one.single, -len(one.rows), one.key))
    together = [([rows.ids[row] for row in one.rows], one.single) for one in order]
    return Layout(
        {key: place for key, place in at.items() if key in types},
        settled(placed, together, cells_before),
    )


def _groups(rows: PhotoRows, types: Mapping[str, frozenset[str]]) -> list[_Group]:
    """Types by id, then unsorted bollards by their smallest photo id; rows in the order of ids."""
    groups = [_Group(key, tuple(own), single=False) for key, own in rows.members(types).items()]
    placed = {row for group in groups for row in group.rows}
    views: dict[str, list[int]] = {}
    for row in sorted(range(len(rows)), key=rows.ids.__getitem__):
        if row not in placed:
            views.setdefault(rows.bollards[row], []).append(row)
    # No type's id has a slash.
    groups += [_Group(f"/{rows.ids[own[0]]}", tuple(own), single=True) for own in views.values()]
    return groups


def _landmarks(groups: Sequence[_Group]) -> list[int]:
    """The groups that make the layout: all types; if these are few, unsorted bollards too."""
    types = [number for number, group in enumerate(groups) if not group.single]
    if len(types) >= _FEW_TYPES:
        return types
    # In the order of their keys, as `places` expects them: a slash comes before letters.
    singles = list(range(len(types), len(groups)))[:_MOST_LANDMARKS]
    return [*singles, *types]


def _similar(means: Floats, marks: Sequence[int]) -> Iterator[Floats]:
    """The similarity of all groups to the landmarks, float64 [some, landmarks], block by block."""
    landmarks = means[marks].T
    step = max(1, _AT_ONCE // len(marks))
    for start in range(0, len(means), step):
        yield np.round(means[start : start + step] @ landmarks, DECIMALS)


def _beside(similarity: Floats, drawn: Floats) -> Floats:
    """The position of an unsorted bollard: between the landmarks that it resembles most."""
    best = np.argsort(-similarity, kind="stable")[:3]
    weights = np.maximum(similarity[best], 0.02) ** 3
    middle: Floats = np.round((drawn[best] * weights[:, None]).sum(axis=0) / weights.sum(), 3)
    return middle


def _apart(wanted: Floats, groups: Sequence[_Group], means: Floats, marks: Sequence[int]) -> Floats:
    """The centres of all groups, in quarters of a cell's width; groups do not overlap.

    An unsorted bollard moves with the landmark that is most similar to it.
    """
    columns = [column for column, mark in enumerate(marks) if not groups[mark].single]
    columns = columns or list(range(len(marks)))
    hosts = [marks[column] for column in columns]
    host = np.concatenate([block.argmax(axis=1) for block in _similar(means, hosts)])
    host[hosts] = np.arange(len(hosts))
    room = np.zeros(len(hosts))
    for number, group in enumerate(groups):
        room[host[number]] += len(group.rows) + (_ROOM if group.single else 0)
    radius = np.round(np.sqrt(room * WIDE * HIGH / np.pi) + _SHORE * WIDE, 3)
    reach = np.sqrt((radius**2).sum() / _COVERED)
    scale = reach / np.sqrt(2) / UNIT
    wanted = wanted * [_STRETCH, 1 / _STRETCH]
    target = wanted[hosts] * scale
    middle = apart(target, radius)
    moved: Floats = wanted * scale + (middle - target)[host]
    return moved


def _lean(own: FloatArray, others: Floats, ways: Floats) -> Floats:
    """The direction in which each row of a group leans, measured from the group's mean.

    Args:
        own: float32 [n, d], rows of unit length.
        others: float64 [m, d], the other landmarks' mean directions.
        ways: float64 [m, 2], vectors from the group's position to theirs.

    Returns:
        float64 [n, 2], rounded.
    """
    if not len(others):
        return np.zeros((len(own), 2))
    similarity = np.round(own.astype(np.float64) @ others.T, DECIMALS)
    best = np.argsort(-np.round(similarity.mean(axis=0), DECIMALS), kind="stable")[:_LEANS_TO]
    apart = similarity[:, best] - similarity[:, best].mean(axis=0)
    lengths = np.maximum(np.sqrt((ways[best] ** 2).sum(axis=1)), 1e-9)
    lean: Floats = np.round(apart @ (ways[best] / lengths[:, None]), DECIMALS)
    return lean


def _seated(named: Sequence[str], lean: Floats, cells: Sequence[Cell]) -> dict[str, Cell]:
    """Assign each photo a cell of its group: rows from the top, each from left to right."""
    down = sorted(range(len(named)), key=lambda row: (lean[row, 1], named[row]))
    order: list[int] = []
    for _, width in sorted(Counter(line for _, line in cells).items()):
        across = down[len(order) : len(order) + width]
        order += sorted(across, key=lambda row: (lean[row, 0], named[row]))
    return {named[row]: (column, line) for row, (column, line) in zip(order, cells, strict=True)}
