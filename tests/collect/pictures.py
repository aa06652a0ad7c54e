"""Small pictures and colour profiles, made byte by byte if no library makes them."""

import io
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from generator.collect.open import Limits, decoded

QUARTERS = {"top left": (230, 20, 20), "top right": (20, 200, 20), "bottom left": (20, 20, 230)}
"""Colours of the corners of `quarters()`; the one at the bottom right is white."""
SEEN = [*QUARTERS.values(), (255, 255, 255)]
LIMIT = 120
"""Megapixels that tests allow."""


@dataclass(frozen=True)
class Opened:
    """An opened photo: its picture, its upright size as stored, and its date."""

    image: Image.Image
    width: int
    height: int
    taken: str | None


def open_photo(path: Path, megapixels: int = 120, *, at_least: int | None = None) -> Opened:
    """Open a photo as the program does, all in one step."""
    with decoded(path, Limits(megapixels), at_least=at_least) as photo:
        image = photo.picture(at_least=at_least)
        return Opened(image, photo.width, photo.height, photo.metadata.taken)


def quarters(size: tuple[int, int] = (64, 96)) -> Image.Image:
    """A picture of which every turn looks different."""
    width, height = size
    picture = Image.new("RGB", size, "white")
    picture.paste(QUARTERS["top left"], (0, 0, width // 2, height // 2))
    picture.paste(QUARTERS["top right"], (width // 2, 0, width, height // 2))
    picture.paste(QUARTERS["bottom left"], (0, height // 2, width // 2, height))
    return picture


def corners(picture: Image.Image) -> list[tuple[int, int, int]]:
    """The colours in the middle of the quarters, row by row."""
    width, height = picture.size
    pixels = np.asarray(picture)
    return [
        tuple(int(value) for value in pixels[height * y // 4, width * x // 4])
        for y in (1, 3)
        for x in (1, 3)
    ]  # type: ignore[misc]


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def png(header: bytes, rows: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG file from its 13 header bytes and its unfiltered rows (each with its filter byte)."""
    parts = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def png_16_bits(values: NDArray[np.uint16], *chunks: tuple[bytes, bytes]) -> bytes:
    """Values [height, width] as grey or [height, width, 3] as colours -> a PNG of 16 bits."""
    height, width = values.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, 16, 2 if values.ndim == 3 else 0, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    return png(header, rows, *chunks)


def swapping_profile() -> bytes:
    """An RGB profile with red and blue swapped, so that its effect is visible."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile = profile.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
    count = int.from_bytes(profile[128:132], "big")
    for tag in range(132, 132 + 12 * count, 12):
        name = bytes(profile[tag : tag + 4])
        if name in (b"rXYZ", b"bXYZ"):
            profile[tag : tag + 4] = b"bXYZ" if name == b"rXYZ" else b"rXYZ"
    return bytes(profile)


def cmyk_profile() -> bytes:
    """A CMYK printer profile in which any ink looks mid-grey and no ink looks white."""
    no_ink, ink = bytes((255, 128, 128)), bytes((128, 128, 128))  # Lab of 8 bits (ICC.1, 6.3.4.2)
    identity = bytes(range(256))
    # lut8Type: 4 inks in, 3 values out, 2 grid points (ICC.1:2010, 10.9).
    table = struct.pack(">4s4xBBBx", b"mft1", 4, 3, 2)
    table += struct.pack(">9i", *(65536 if i % 4 == 0 else 0 for i in range(9)))
    table += identity * 4 + no_ink + ink * 15 + identity * 3
    text = struct.pack(">4s4xI", b"desc", 5) + b"test\0" + bytes(78)
    white = struct.pack(">4s4x3i", b"XYZ ", 63190, 65536, 54061)
    data = [(b"desc", text), (b"wtpt", white), (b"A2B0", table)]
    body, tags = b"", b""
    for name, content in data:
        tags += struct.pack(">4sII", name, 132 + 12 * len(data) + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    size = 132 + len(tags) + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"test", 0x02400000, b"prtr", b"CMYK", b"Lab ")
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + bytes(28)
    header += struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + struct.pack(">I", len(data)) + tags + body


def is_close(picture: Image.Image, colours: list[tuple[int, int, int]], by: int = 12) -> bool:
    return bool((np.abs(np.subtract(corners(picture), colours)) <= by).all())


def opened(tmp_path: Path, content: bytes, name: str = "x.jpg", **options: int) -> Opened:
    path = tmp_path / name
    path.write_bytes(content)
    return open_photo(path, LIMIT, **options)


def as_heic(picture: Image.Image, **options: object) -> bytes:
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.register_heif_opener()
    return encoded(picture, "HEIF", quality=95, **options)
