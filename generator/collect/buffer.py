"""Pixels in one buffer, as returned by decoders outside Pillow."""

from dataclasses import dataclass, field

from PIL import Image


@dataclass(frozen=True, slots=True)
class Rows:
    """Pixels as some decoders return them, row after row in one buffer.

    Attributes:
        data: `stride` bytes a row.
        mode: Pillow's name for the components of a pixel.
        size: width and height in px.
        info: as in Pillow's pictures; only the colour profile is used.
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
