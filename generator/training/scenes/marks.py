"""The area that a marking covers on a surface: geometry over (across, height), both in metres."""

from typing import Any

import numpy as np
import numpy.typing as npt

from generator.training.scenes.designs import Mark

Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]

# Seven-segment strokes as (x0, y0, x1, y1) shares of a digit's box, and the segments of a digit.
_SEGMENTS = {
    "a": (0.0, 0.85, 1.0, 1.0),
    "b": (0.75, 0.5, 1.0, 1.0),
    "c": (0.75, 0.0, 1.0, 0.5),
    "d": (0.0, 0.0, 1.0, 0.15),
    "e": (0.0, 0.0, 0.25, 0.5),
    "f": (0.0, 0.5, 0.25, 1.0),
    "g": (0.0, 0.425, 1.0, 0.575),
}
_DIGITS = {
    "0": "abcdef",
    "1": "bc",
    "2": "abged",
    "3": "abgcd",
    "4": "fgbc",
    "5": "afgcd",
    "6": "afgedc",
    "7": "abc",
    "8": "abcdefg",
    "9": "abcdfg",
    "-": "g",
}


def cover(mark: Mark, across: Floats, height: Floats) -> Bools:
    """Returns where `mark` covers the points (across, height), above the foot of its part.

    The side of the mark is ignored here. Shapes broadcast.
    """
    z = height - np.float32(mark.slope) * across
    found: Bools
    if mark.kind in ("band", "cap"):
        found = (z >= mark.low) & (z < mark.high)
        return found
    x = across - np.float32(mark.centre)
    middle = (mark.low + mark.high) / 2
    half = (mark.high - mark.low) / 2
    found = (z >= mark.low) & (z < mark.high) & (np.abs(x) <= mark.width / 2)
    if mark.kind == "panel":
        if mark.rounded > 0:
            found = _rounded(x, z - middle, mark.width / 2, half, mark.rounded)
    elif mark.kind == "disc":
        found = np.hypot(x, z - middle) <= half
    elif mark.kind == "ring":
        radius = np.hypot(x, z - middle)
        found = (radius <= half) & (radius >= half - mark.period)
    elif mark.kind == "stripes":
        # Bands that lean: `turn` is their angle to the horizontal.
        lean = np.float32(np.tan(np.radians(mark.turn)))
        found = found & _on((height - mark.low - lean * x) / np.float32(mark.period))
    elif mark.kind == "chevrons":
        if abs(mark.turn) == 90:
            phase = z - mark.low + np.abs(x) * np.sign(mark.turn)
        else:
            phase = x + np.abs(z - middle) * np.cos(np.radians(mark.turn))
        found = found & _on(phase / np.float32(mark.period))
    elif mark.kind == "triangle":
        up = (z - mark.low) / max(mark.high - mark.low, 1e-6)
        found = found & (np.abs(x) <= (1 - up) * mark.width / 2)
    elif mark.kind == "arrow":
        found = _arrow(x, z - middle, half, mark.turn)
    else:
        found = found & _digits(x, (z - mark.low) / (2 * half), mark)
    return found


def _on(phase: Floats) -> Bools:
    """Whether a phase is in the first half of its period."""
    painted: Bools = phase - np.floor(phase) < 0.5
    return painted


def _rounded(x: Floats, z: Floats, a: float, b: float, radius: float) -> Bools:
    r = min(radius, a, b)
    dx = np.maximum(np.abs(x) - np.float32(a - r), 0)
    dz = np.maximum(np.abs(z) - np.float32(b - r), 0)
    inside: Bools = dx * dx + dz * dz <= r * r
    return inside


def _arrow(x: Floats, z: Floats, reach: float, turn: float) -> Bools:
    cos, sin = np.float32(np.cos(np.radians(turn))), np.float32(np.sin(np.radians(turn)))
    along, beside = (x * cos + z * sin) / reach, np.abs(z * cos - x * sin) / reach
    shaft = (along > -0.85) & (along < 0.4) & (beside < 0.16)
    head = (along < 0.9) & (along > 0.0) & (beside < 0.9 - along) & (beside > 0.45 - along)
    drawn: Bools = shaft | head
    return drawn


def _digits(x: Floats, up: Floats, mark: Mark) -> Bools:
    lit = np.zeros(np.broadcast(x, up).shape, bool)
    if not mark.text:
        return lit
    step = mark.width / len(mark.text)
    for place, letter in enumerate(mark.text):
        local = (x + mark.width / 2 - place * step) / np.float32(step * 0.72)
        for segment in _DIGITS.get(letter, "abcdefg"):
            left, low, right, high = _SEGMENTS[segment]
            lit |= (local >= left) & (local <= right) & (up >= low) & (up <= high)
    return lit
