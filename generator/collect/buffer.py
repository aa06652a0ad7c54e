"""Pixels in one buffer, as decoders outside Pillow give them."""

from dataclasses import dataclass, field

from PIL import Image


@dataclass(frozen=True, slots=True)
class Rows:
    """Pixels as some decoders give them, row after row in one buffer.

    Attributes:
        data: `stride` bytes a row.
        mode: Pillow's name for what a pixel is made of.
        size: width and height in px.
        info: what Pillow's pictures have under this name; the colour profile is of use.
    """

    data: bytes
    mode: str
    size: tuple[int, int]
    stride: int
    info: dict[str | tuple[int, int], object] = field(default_factory=dict)

    def crop(self, box: tuple[int, int, int, int]) -> Image.Image:
        """A part of it as a picture of its own."""
        left, top, right, bottom = box
        rows = memoryview(self.data)[top * self.stride : bottom * self.stride]
        size = (self.size[0], bottom - top)
        picture = Image.frombytes(self.mode, size, rows, "raw", self.mode, self.stride)
        if (left, right) != (0, self.size[0]):
            picture = picture.crop((left, 0, right, bottom - top))
        picture.info = dict(self.info)
        return picture
