"""Discs pushed apart: each stays near the position it wants, and none overlaps another."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

_PUSHES = 300
_PULLS = 200
# Discs are apart once no two overlap by more.
_ENOUGH = 0.5
# How many pairs of discs are compared at once: tens of megabytes.
_AT_ONCE = 2_000_000


def apart(target: Floats, radius: Floats) -> Floats:
    """The centres of discs that hardly overlap.

    Discs are pulled to their positions, ever more weakly, and pushed apart where they overlap;
    large ones give way less. Only overlapping pairs are in memory, so that thousands of discs take
    little of it.

    Args:
        target: float64 [n, 2], where the discs want to be.
        radius: float64 [n].

    Returns:
        float64 [n, 2], rounded: the last bits of a sum differ between machines.
    """
    # Two discs at one position have no direction to part in, so each gets its own, by the golden
    # angle.
    turn = np.arange(len(target)) * 2.399963
    middle = target + np.column_stack([np.cos(turn), np.sin(turn)]) * 0.5
    for step in range(_PUSHES):
        one, other = _overlapping(middle, radius)
        way = middle[one] - middle[other]
        distance = np.sqrt((way**2).sum(axis=1))
        overlap = radius[one] + radius[other] - distance
        if step >= _PULLS and overlap.max(initial=0) < _ENOUGH:
            break
        push = way * (overlap / np.maximum(distance, 0.01))[:, None]
        areas = np.column_stack([radius[one] ** 2, radius[other] ** 2])
        share = areas / areas.sum(axis=1, keepdims=True)
        pushed = np.zeros_like(middle)
        np.add.at(pushed, one, push * share[:, 1:])
        np.subtract.at(pushed, other, push * share[:, :1])
        pull = 0.05 * max(0.0, 1 - step / _PULLS)
        middle = np.round(middle + 0.6 * pushed + pull * (target - middle), 2)
    return middle


def _overlapping(middle: Floats, radius: Floats) -> tuple[Rows, Rows]:
    """The pairs of discs that overlap, each once, the smaller row first."""
    found = list(_in_blocks(middle, radius))
    one = [first for first, _ in found]
    other = [second for _, second in found]
    return np.concatenate(one), np.concatenate(other)


def _in_blocks(middle: Floats, radius: Floats) -> Iterator[tuple[Rows, Rows]]:
    x, y = middle.T
    step = max(1, _AT_ONCE // len(middle))
    for start in range(0, len(middle), step):
        block = slice(start, start + step)
        squared = (x[block, None] - x[start:]) ** 2
        squared += (y[block, None] - y[start:]) ** 2
        least = radius[block, None] + radius[start:]
        rows, columns = np.nonzero(np.triu(squared < least**2, k=1))
        yield rows + start, columns + start
