"""Tiles of a large picture, in which the detector looks for posts that are small in the whole.

The detector reduces each picture to 240,000 pixels, where a post of 50 pixels in a screenshot 1,600
pixels wide is not seen. The steps, for other implementations (static/js/tiles.js):

1. a picture of more than LARGE pixels has tiles, unless the whole picture already shows a bollard
   with a confidence of CLEAR or more that is at least CLEAR_HEIGHT pixels tall in the view;
2. the grid has 1 to MOST columns and rows, and at most FEW tiles, or FEW times the picture's ratio
   of its sides over USUAL, up to MOST tiles, if it is wider or taller than that. A tile shares
   ACROSS of its width with the next one, and DOWN of its height. Of all grids with tiles at most
   SHAPE times as long as wide, that with the finest scale is taken, FINEST at most; of several,
   that with the fewest tiles, then rows;
3. each tile is a view of its own (`detector`). Its boxes that touch an edge inside the picture, to
   EDGE pixels of the view, are left out: another tile shows them whole.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

LARGE = 576_000
CLEAR = 0.3
CLEAR_HEIGHT = 48.0
MOST = 16
FEW = 6
USUAL = 16 / 9
ACROSS = 1 / 8
DOWN = 1 / 4
SHAPE = 2.0
# Street views of 800 x 512 pixels are seen at 0.77; finer views of them find no more.
FINEST = 0.75
EDGE = 2.0


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a picture, in px of it: left, top, right, bottom."""

    left: int
    top: int
    right: int
    bottom: int

    def shows_whole(self, box: Sequence[float], size: tuple[int, int], edge: float) -> bool:
        """Whether a box (in px of the picture, whose size is given) is ``edge`` px from all edges
        of the tile that are inside the picture."""
        return (
            (self.left == 0 or box[0] >= self.left + edge)
            and (self.top == 0 or box[1] >= self.top + edge)
            and (self.right == size[0] or box[2] <= self.right - edge)
            and (self.bottom == size[1] or box[3] <= self.bottom - edge)
        )


def tiles(width: int, height: int, area: int) -> list[Tile]:
    """The tiles of a picture, row by row; none if it is small or far too narrow for any.

    Args:
        width, height: of the picture, in px.
        area: how many px a view has.
    """
    if width * height <= LARGE:
        return []
    ratio = max(width, height) / min(width, height)
    few = min(MOST, math.floor(FEW * max(1.0, ratio / USUAL)))
    best = (0.0, 0, 0, 0)
    for rows in range(1, few + 1):
        for columns in range(1, few // rows + 1):
            wide, high = width / _reach(columns, ACROSS), height / _reach(rows, DOWN)
            if max(wide, high) > SHAPE * min(wide, high):
                continue
            scale = min(FINEST, math.sqrt(area / (wide * high)))
            best = max(best, (scale, -rows * columns, -rows, columns))
    _, _, rows, columns = best
    return [
        Tile(left, top, right, bottom)
        for top, bottom in _spans(height, -rows, DOWN)
        for left, right in _spans(width, columns, ACROSS)
    ]


def _reach(count: int, shared: float) -> float:
    """The length of so many overlapping tiles, in lengths of a tile."""
    return count - (count - 1) * shared


def _spans(length: int, count: int, shared: float) -> list[tuple[int, int]]:
    if not count:
        return []
    tile = length / _reach(count, shared)
    starts = [number * tile * (1 - shared) for number in range(count)]
    return [(round(start), min(length, round(start + tile))) for start in starts]
