"""Photos keep their cells on the contact sheet from build to build.

A layout made afresh moves most photos by a cell or two as soon as one is added, and each moved
photo changes a block of the sheet. So photos that were on the sheet stay where they were, and new
ones take the nearest free cells beside their group. A group without enough room moves as a whole.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from generator.relate.grid import HIGH, WIDE, Cell, Grid, around, beside

# With fewer photos than this share on the sheet already, all get new cells.
_LEAST_KNOWN = 0.5
# All get new cells, too, once they are further from the new layout than this share of its diagonal
# on average. After 5% more photos it is about 0.02 (docs/figures.md).
_ASTRAY = 0.1
# No new cell is further from the middle of its group than so many times the radius of a disc of the
# group's cells, and so many widths more.
_SPRAWL = 1.5
_SPARE = 2.0

Group = tuple[Sequence[str], bool]


def settled(
    fresh: Mapping[str, Cell], groups: Sequence[Group], known: Mapping[str, Cell]
) -> dict[str, Cell]:
    """The cell of each photo.

    Args:
        fresh: the cells of a layout that knows no other.
        groups: photo ids that stay together, in the order in which groups choose their cells; and
            whether they are the views of an unsorted bollard, which are side by side.
        known: the cells that photos had in the same group.
    """
    taken: dict[Cell, str] = {}
    for photo in sorted(known.keys() & fresh.keys()):
        taken.setdefault(known[photo], photo)
    if len(taken) < _LEAST_KNOWN * len(fresh):
        return dict(fresh)
    kept = {photo: cell for cell, photo in taken.items()}
    owner: dict[Cell, int] = {}
    for number, group in enumerate(groups):
        owner |= dict.fromkeys(_held(group, kept), number)
    placed: dict[str, Cell] = {}
    homeless = []
    for number, group in enumerate(groups):
        found = _joined(number, group[0], kept, fresh, owner)
        if found is None:
            homeless.append(group[0])
            owner = {cell: other for cell, other in owner.items() if other != number}
        else:
            placed |= found
            owner |= dict.fromkeys(found.values(), number)
    grid = Grid(owner)
    for own in homeless:
        across, down = _middle([fresh[photo] for photo in own])
        cells = grid.take((across * WIDE, down * HIGH), len(own))
        placed |= zip(_in_order(own, fresh), cells, strict=True)
    return dict(fresh) if _is_astray(placed, fresh) else placed


def _held(group: Group, kept: Mapping[str, Cell]) -> list[Cell]:
    """The cells that a group still has; none if views are no longer side by side."""
    own, single = group
    cells = [kept[photo] for photo in own if photo in kept]
    if not single:
        return cells
    row = [(cells[0][0] + place, cells[0][1]) for place in range(len(own))] if cells else []
    return cells if cells == row else []


def _joined(
    number: int,
    own: Sequence[str],
    kept: Mapping[str, Cell],
    fresh: Mapping[str, Cell],
    owner: Mapping[Cell, int],
) -> dict[str, Cell] | None:
    """The cells of a group, new photos beside the others; None if there is not enough room."""
    placed = {
        photo: kept[photo] for photo in own if photo in kept and owner.get(kept[photo]) == number
    }
    new = _in_order([photo for photo in own if photo not in placed], fresh)
    if not placed:
        return None
    across, down = map(round, _middle(placed.values()))
    radius = math.sqrt(len(own) * HIGH / WIDE / math.pi)
    near = around(math.ceil(_SPRAWL * radius + _SPARE))
    cells = set(placed.values())
    for photo in new:
        for dx, dy in near:
            cell = (across + dx, down + dy)
            ring = beside(cell)
            if (
                cell not in cells
                and not cells.isdisjoint(ring)
                and all(owner.get(one, number) == number for one in ring)
            ):
                placed[photo] = cell
                cells.add(cell)
                break
        else:
            return None
    return placed


def _middle(cells: Iterable[Cell]) -> tuple[float, float]:
    columns, rows = zip(*cells, strict=True)
    return fmean(columns), fmean(rows)


def _in_order(photos: Iterable[str], fresh: Mapping[str, Cell]) -> list[str]:
    """From the top of a new layout, each row from left to right."""
    return sorted(photos, key=lambda photo: (fresh[photo][1], fresh[photo][0]))


def _is_astray(placed: Mapping[str, Cell], fresh: Mapping[str, Cell]) -> bool:
    """Whether photos are too far from a new layout; similar types are no longer neighbours then."""
    columns, rows = zip(*fresh.values(), strict=True)
    diagonal = math.hypot(
        (max(columns) - min(columns)) * WIDE,
        (max(rows) - min(rows)) * HIGH,
    )
    moved = fmean(
        math.hypot((x - fresh[photo][0]) * WIDE, (y - fresh[photo][1]) * HIGH)
        for photo, (x, y) in placed.items()
    )
    return moved > _ASTRAY * diagonal
