"""The pictures and boxes with which the tiny SAMs were made (tests/embed/tiny/make_sams.py)."""

from PIL import Image

from tests.embed.conftest import picture

SIDES = {"sam": 128, "sam2": 128, "sam3": 112}
"""Of the tiny models' pictures in px."""


def _blocks(width: int, height: int, times: int) -> Image.Image:
    """A picture whose pixels are squares of so many pixels."""
    size = (width * times, height * times)
    return picture(width, height, seed=2).resize(size, Image.Resampling.NEAREST)


PICTURES = [_blocks(*size) for size in ((64, 128, 1), (128, 50, 3), (90, 90, 2), (33, 70, 1))]
BOXES = [(20.0, 30.5, 44.0, 101.0), (150.0, 10.0, 260.0, 140.0), (5.0, 5.0, 170.0, 175.0),
         (8.0, 10.0, 25.0, 60.0)]  # fmt: skip
RESIZED = 1
"""The picture whose pixels are compared: its sides are not those of any model."""
