"""Unusual pictures, as cameras, programs or pranksters make them."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image

from tests.collect.pictures import cmyk_profile, encoded, png, png_16_bits, quarters

Make = Callable[[], bytes]


def _segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def jpeg_with(*segments: bytes, **options: object) -> bytes:
    """A small JPEG with segments after its first marker."""
    plain = encoded(quarters(), "JPEG", **options)
    return plain[:2] + b"".join(segments) + plain[2:]


def _chunk(name: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + check


def _png_with(*chunks: bytes) -> bytes:
    plain = encoded(quarters(), "PNG")
    return plain[:33] + b"".join(chunks) + plain[33:]


def _gif_with_comments(count: int) -> bytes:
    plain = encoded(quarters().quantize(8), "GIF")
    start = 13 + (3 << (plain[10] & 7) + 1)
    comment = b"\x21\xfe" + b"\xff" + b"c" * 255 + b"\0"
    return plain[:start] + comment * count + plain[start:]


def _tiff_pages(count: int) -> bytes:
    pages = [Image.new("1", (8, 8)) for _ in range(count - 1)]
    return encoded(quarters(), "TIFF", save_all=True, append_images=pages)


def _tiff_tags(count: int) -> bytes:
    plain = bytearray(encoded(quarters(), "TIFF"))
    at = struct.unpack("<I", plain[4:8])[0]
    (had,) = struct.unpack("<H", plain[at : at + 2])
    own = plain[at + 2 : at + 2 + 12 * had]
    size = len(plain)
    more = b"".join(struct.pack("<HHII", 40000 + i, 7, size - 8, 8) for i in range(count))
    where = len(plain)
    plain += struct.pack("<H", had + count) + own + more + bytes(4)
    plain[4:8] = struct.pack("<I", where)
    return bytes(plain)


def _animated(kind: str) -> bytes:
    others = [Image.new("RGB", (64, 96), colour) for colour in ("black", "yellow")]
    return encoded(quarters(), kind, save_all=True, append_images=others)


def _palette() -> bytes:
    picture = quarters().quantize(8)
    return encoded(picture, "PNG", transparency=bytes([255] * 4 + [0] * 4))


GOOD: dict[str, Make] = {
    "wide.png": lambda: encoded(quarters((20_000, 4)), "PNG"),
    "tall.png": lambda: encoded(quarters((4, 20_000)), "PNG"),
    "tall.jpg": lambda: encoded(quarters((20, 16_400)), "JPEG"),
    "column.png": lambda: encoded(Image.new("RGB", (1, 17_000), "red"), "PNG"),
    "row.png": lambda: encoded(Image.new("RGB", (17_000, 1), "red"), "PNG"),
    "dot.gif": lambda: encoded(Image.new("P", (1, 1)), "GIF"),
    "animated.gif": lambda: _animated("GIF"),
    "animated.webp": lambda: _animated("WEBP"),
    "animated.png": lambda: _animated("PNG"),
    "sequence.avif": lambda: _animated("AVIF"),
    "several.mpo": lambda: _animated("MPO"),
    "deep.png": lambda: png_16_bits(np.full((8, 6, 3), 40_000, np.uint16)),
    "deep-grey.png": lambda: png_16_bits(np.full((8, 6), 40_000, np.uint16)),
    "cmyk.jpg": lambda: encoded(quarters().convert("CMYK"), "JPEG"),
    "cmyk-profile.jpg": lambda: encoded(
        quarters().convert("CMYK"), "JPEG", icc_profile=cmyk_profile()
    ),
    "cmyk.tif": lambda: encoded(quarters().convert("CMYK"), "TIFF"),
    "palette.png": _palette,
    "alpha.webp": lambda: encoded(quarters().convert("RGBA"), "WEBP"),
    "profile.jpg": lambda: encoded(quarters(), "JPEG", icc_profile=b"broken" * 99),
    "profile.png": lambda: encoded(quarters(), "PNG", icc_profile=b"broken" * 99),
    "text-bomb.png": lambda: _png_with(
        _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000)))
    ),
    "texts.png": lambda: _png_with(*[_chunk(b"tEXt", b"k\0v")] * 30_000),
    "comments.gif": lambda: _gif_with_comments(20_000),
    "pages.tif": lambda: _tiff_pages(300),
    "tags.tif": lambda: _tiff_tags(20_000),
    "markers.jpg": lambda: jpeg_with(*[_segment(0xFE, b"comment")] * 30_000),
    "exif.jpg": lambda: jpeg_with(*[_segment(0xE1, b"Exif\0\0" + bytes(60_000))] * 200),
    "restarts.jpg": lambda: encoded(quarters((400, 400)), "JPEG", restart_marker_blocks=1),
    "progressive.jpg": lambda: encoded(quarters(), "JPEG", progressive=True),
    "no-end.jpg": lambda: encoded(quarters(), "JPEG")[:-2],
    "no-end-progressive.jpg": lambda: encoded(quarters(), "JPEG", progressive=True)[:-2],
}
"""Files that every viewer shows, by name."""


def _lying(width: int, height: int) -> bytes:
    plain = bytearray(encoded(quarters(), "JPEG"))
    frame = plain.index(b"\xff\xc0")
    plain[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(plain)


def _heic() -> bytes:
    import pillow_heif

    stream = io.BytesIO()
    pillow_heif.from_pillow(quarters()).save(stream, quality=60)
    return stream.getvalue()


BAD: dict[str, Make] = {
    "empty.jpg": bytes,
    "cut.heic": lambda: _heic()[:-200],
    "cut.jpg": lambda: encoded(quarters((400, 400)), "JPEG")[:-40],
    "cut-progressive.jpg": lambda: encoded(quarters((400, 400)), "JPEG", progressive=True)[:-40],
    "cut.webp": lambda: encoded(quarters(), "WEBP")[:-20],
    "lying.jpg": lambda: _lying(5000, 5000),
    "huge.jpg": lambda: _lying(65_000, 65_000),
    "flat.jpg": lambda: _lying(0, 40),
    "huge.png": lambda: png(struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0), bytes(9)),
    "too-many-markers.jpg": lambda: jpeg_with(*[_segment(0xFE, b"")] * 150_000),
    "too-many-chunks.png": lambda: _png_with(*[_chunk(b"IDAT", b"")] * 150_000),
}
"""Files that cannot be shown, or should not be."""
