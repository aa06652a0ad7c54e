"""The grid of the contact sheet: finds free cells for groups of photos."""

import math
from collections.abc import Iterable, Sequence
from functools import cache

Cell = tuple[int, int]

# Cells are upright, 4 by 5, as the pictures of bollards are. Distances are in quarters of a width.
WIDE, HIGH = 4, 5
# Up to this many photos a group is a rectangle: so few make no disc.
_BLOCK = 20


class Grid:
    """The free cells. All coordinates are integers, so that the result is the same on every
    machine.

    A group keeps the cells around it free, so that cells that touch belong together.
    """

    def __init__(self, taken: Iterable[Cell] = ()) -> None:
        """`taken` cells, and those around them, are not free."""
        self._shore = {near for cell in taken for near in beside(cell)}

    def take(self, middle: tuple[float, float], count: int) -> list[Cell]:
        """Occupy the `count` free cells that are nearest to `middle`.

        Args:
            middle: x and y in quarters of a cell's width.
            count: how many cells; a few become a rectangle, many a disc.

        Returns:
            Column and row of each, ordered by row, then column.
        """
        shape = block(count) if count <= _BLOCK else None
        across, down = (max(axis) for axis in zip(*shape, strict=True)) if shape else (0, 0)
        column = round(middle[0] / WIDE - across / 2)
        line = round(middle[1] / HIGH - down / 2)
        reach = math.ceil(math.sqrt(count)) + 2
        found = None
        while found is None:
            near = [(column + dx, line + dy) for dx, dy in around(reach)]
            found = self._fit(near, shape) if shape else self._fill(near, count)
            reach *= 2
        self._shore.update(near for cell in found for near in beside(cell))
        return sorted(found, key=lambda cell: (cell[1], cell[0]))

    def _fit(self, near: Sequence[Cell], shape: Sequence[Cell]) -> list[Cell] | None:
        """The rectangle at the first free corner where it fits."""
        for x, y in near:
            if (x, y) not in self._shore:
                rectangle = [(x + dx, y + dy) for dx, dy in shape]
                if self._shore.isdisjoint(rectangle):
                    return rectangle
        return None

    def _fill(self, near: Sequence[Cell], count: int) -> list[Cell] | None:
        free = [cell for cell in near if cell not in self._shore][:count]
        return free if len(free) == count else None


@cache
def around(reach: int) -> list[Cell]:
    """Offsets from a cell to those within `reach` widths of it, the nearest first."""
    near = sorted(
        (far, dy, dx)
        for dx in range(-reach, reach + 1)
        for dy in range(-reach, reach + 1)
        if (far := (WIDE * dx) ** 2 + (HIGH * dy) ** 2) <= (WIDE * reach) ** 2
    )
    return [(dx, dy) for _, dy, dx in near]


@cache
def block(count: int) -> list[Cell]:
    """Rows of equal length, about as high as wide, with few empty cells in the last."""
    if count <= 3:
        return [(dx, 0) for dx in range(count)]
    ideal = (count * HIGH / WIDE) ** 0.5
    width = min(
        range(2, count + 1), key=lambda wide: (-count % wide + 1.5 * abs(wide - ideal), wide)
    )
    return [(position % width, position // width) for position in range(count)]


def beside(cell: Cell) -> list[Cell]:
    """A cell and the eight around it."""
    x, y = cell
    return [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
