"""Converts a file's pixels to an upright sRGB picture in strips, so that memory holds them once."""

import math

from PIL import Image

from generator.catalogue import Box
from generator.collect.buffer import Rows
from generator.collect.colour import conversion

# The transpositions that make a picture upright, by EXIF Orientation (Exif 3.0, 4.6.6.2).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = (5, 6, 7, 8)
# How many pixels are converted at once.
_STRIP = 4_000_000
# By more than this nothing is made smaller that is not far too large.
_SMALLEST = 8
# A picture that may come smaller never comes larger, however long it is for its width.
_MOST = 30_000_000


Pixels = Image.Image | Rows


def smaller(width: int, height: int, at_least: int | None) -> int:
    """The integer factor by which a picture may be reduced.

    Its larger side stays at least `at_least` px, and the other at least half of that or unchanged:
    published sizes count widths, and photos are rarely more than twice as tall as wide.
    """
    if not at_least:
        return 1
    short, long = sorted((width, height))
    too_many = math.ceil(math.sqrt(width * height / _MOST))
    return max(1, min(long // at_least, 2 * short // at_least, _SMALLEST), too_many)


def upright(pixels: Pixels, turn: int, part: Box, by: int = 1) -> Image.Image:
    """A part of a picture: RGB, 8 bits, sRGB, upright, without metadata.

    Args:
        pixels: as the file has them.
        turn: EXIF Orientation.
        part: in px of `pixels` once they are upright.
        by: how many px become one, in each direction.
    """
    box = _stored(part, turn, pixels.size)
    convert = conversion(pixels)
    # Strips begin where a reduced row does.
    step = max(1, _STRIP // (box.width * by)) * by
    if step >= box.height:
        result = convert(pixels.crop((box.left, box.top, box.right, box.bottom)))
        result = result.reduce(by) if by > 1 else result
    else:
        result = Image.new("RGB", (math.ceil(box.width / by), math.ceil(box.height / by)))
        for top in range(box.top, box.bottom, step):
            bottom = min(top + step, box.bottom)
            strip = convert(pixels.crop((box.left, top, box.right, bottom)))
            result.paste(strip.reduce(by) if by > 1 else strip, (0, (top - box.top) // by))
    if turn in _TURNS:
        result = result.transpose(_TURNS[turn])
    result.info.clear()
    return result


def scaled(box: Box, size: tuple[int, int], to: tuple[int, int]) -> Box:
    """A box in a picture of `size`, scaled to the same picture at a size of `to` px."""
    x, y = to[0] / size[0], to[1] / size[1]
    if x == y == 1:
        return box
    left, top = min(int(box.left * x), to[0] - 1), min(int(box.top * y), to[1] - 1)
    return Box(
        left,
        top,
        min(to[0], max(left + 1, round(box.right * x))),
        min(to[1], max(top + 1, round(box.bottom * y))),
    )


def _stored(box: Box, turn: int, size: tuple[int, int]) -> Box:
    """The box in the stored picture that a box of the upright picture comes from."""
    width, height = size
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    if turn in SIDEWAYS:
        left, top, right, bottom = top, left, bottom, right
    if turn in (2, 3, 7, 8):
        left, right = width - right, width - left
    if turn in (3, 4, 6, 7):
        top, bottom = height - bottom, height - top
    return Box(left, top, right, bottom)
