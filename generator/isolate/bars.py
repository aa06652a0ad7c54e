"""Bars at the edges of screenshots: letterboxes, plain bars of browsers and games.

A bar is cut off only where it is certain: flat in one colour from the edge inwards, over the whole
width or height, with a sharp border to the picture. How often that is wrong is in docs/figures.md.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image

from generator.catalogue import Box

VERSION = 1
"""Rises with every change of what is found, because results are kept under it."""

# In px of the larger side; more adds nothing.
_LOOKED_AT = 800
# Shares of the side. A thinner strip does not disturb; a thicker one may be a sky or a wall.
_LEAST, _MOST = 0.02, 0.25
# Levels of 0 to 255: how far a bar's pixels are from its colour, and those of the picture at least.
_FLAT, _OTHER = 10, 24
# The share of a line's pixels that have the bar's colour; of the first lines behind its border,
# the share of pixels that have another one.
_NEARLY_ALL, _BORDER = 0.985, 0.6
# How much the pixels of a bar may differ among each other (standard deviation). Even a clear sky
# differs more, and compression blurs only the border, of which this many px are left out.
_EVEN, _BLUR = 1.5, 2

_Pixels = npt.NDArray[np.uint8]


def without_bars(image: Image.Image) -> Box | None:
    """The part of an upright RGB picture without bars, in its pixels; None if it has none."""
    small = image.copy()
    small.thumbnail((_LOOKED_AT, _LOOKED_AT), Image.Resampling.LANCZOS, 2.0)
    pixels = np.asarray(small.convert("RGB"))
    across = pixels.transpose(1, 0, 2)
    left, right = _bar(across), _bar(across[::-1])
    top, bottom = _bar(pixels), _bar(pixels[::-1])
    if not (left or right or top or bottom):
        return None
    wide, high = image.width / small.width, image.height / small.height
    return Box(
        round(left * wide),
        round(top * high),
        image.width - round(right * wide),
        image.height - round(bottom * high),
    )


def _bar(lines: _Pixels) -> int:
    """The height of the bar at the first lines, uint8 [lines, pixels, 3]; 0 if there is none."""
    size = len(lines)
    thick = max(2, size // 100)
    colour = np.median(lines[:thick].reshape(-1, 3), axis=0).astype(np.int16)
    # Nearly all photos end here, which saves most of the time.
    if not _is_flat(_off(lines[:1], colour))[0]:
        return 0
    # No more lines can count.
    off = _off(lines[: int(_MOST * size) + _BLUR + thick + 1], colour)
    flat = _is_flat(off)
    height = size if flat.all() else int(np.argmin(flat))
    if not _LEAST * size <= height <= _MOST * size:
        return 0
    behind = off[height + _BLUR : height + _BLUR + thick]
    if (behind > _OTHER).mean() < _BORDER or off[: max(1, height - _BLUR)].std() > _EVEN:
        return 0
    # The line in which bar and picture mix goes, too.
    return height + 1


def _off(lines: _Pixels, colour: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    """How far pixels are from a colour, in the channel that differs most: int16 [lines, pixels]."""
    red, green, blue = (np.abs(lines[..., n].astype(np.int16) - colour[n]) for n in range(3))
    found: npt.NDArray[np.int16] = np.maximum(np.maximum(red, green), blue)
    return found


def _is_flat(off: npt.NDArray[np.int16]) -> npt.NDArray[np.bool_]:
    """Whether nearly all pixels of each line have the bar's colour."""
    found: npt.NDArray[np.bool_] = (off <= _FLAT).mean(axis=1) >= _NEARLY_ALL
    return found
