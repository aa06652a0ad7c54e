"""Decodes one photo with the decoder for its format, within limits of memory and time."""

import hashlib
import math
import random
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, cast

from PIL import Image

from generator.catalogue import Box
from generator.collect import webp
from generator.collect.buffer import Rows
from generator.collect.containers import Bare
from generator.collect.content import Content, PhotoError, Pieces
from generator.collect.pixels import Pixels, smaller
from generator.memory import MemoryBudget

TRUNCATED = "is truncated: the file ends before the picture does. Copy it again."

_NO_BOUND = 1 << 62
_BYTES_A_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2}
# Measured: the decoder's own copies at the moment when most are in memory.
_AVIF_BYTES, _HEIF_BYTES, _WEBP_BYTES, _WEBP_SCALED_BYTES = 9, 8, 17, 4
# Entropy-coded data without meaning, which may follow a picture without effect.
_NOTHING = bytes(random.Random(1).choices(range(255), k=4096))  # noqa: S311
_ROWS = 256
_PIXELS_A_BYTE = 8 * 8 * 8
_heif_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits for one photo.

    Attributes:
        megapixels: larger pictures are refused before they are decoded.
        megabytes: larger files are refused.
        seconds: of work for one thread; decoding that still reads after this is aborted.
        memory: the budget that all threads share.
    """

    megapixels: int
    megabytes: int = 500
    seconds: float = 60.0
    memory: MemoryBudget = field(default_factory=lambda: MemoryBudget(_NO_BOUND))


@dataclass(frozen=True, slots=True)
class Wish:
    """The wanted size of a picture: the larger side of it, or of its part `of`, in px."""

    at_least: int | None = None
    of: Box | None = None

    def smaller(self, size: tuple[int, int]) -> int:
        """The integer factor by which a picture of `size` may be reduced."""
        width, height = (self.of.width, self.of.height) if self.of else size
        return smaller(width, height, self.at_least)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Pixels as the file has them, perhaps reduced, and the size in px that the file gives for
    them.
    """

    pixels: Pixels
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo in a decoder; closing `held` frees all its resources."""

    path: Path
    kind: str
    content: Content
    plain: Bare
    limits: Limits
    wish: Wish
    held: ExitStack

    def check_size(self, size: tuple[int, int]) -> None:
        """Refuse a picture that is too large, or that has no size.

        Raises:
            PhotoError: the picture is refused.
        """
        width, height = size
        if width < 1 or height < 1:
            raise PhotoError(self.path, f"is damaged: its header says {width} x {height} px.")
        if width * height > self.limits.megapixels * 1_000_000:
            found = width * height / 1e6
            raise PhotoError(
                self.path,
                f"is too large: {width} x {height} px are {found:,.0f} megapixels, and site.toml "
                f"allows {self.limits.megapixels}. Make it smaller, or raise "
                "photos.max_megapixels.",
            )

    def reserve(self, need: float) -> None:
        """Wait until this many bytes are free.

        Raises:
            PhotoError: they never will be.
        """
        try:
            self.held.enter_context(self.limits.memory.reserved(int(need)))
        except MemoryError:
            raise PhotoError(
                self.path,
                f"needs {need / 1e6:,.0f} MB of memory to decode, and there are"
                f" {self.limits.memory.largest / 1e6:,.0f}. Make it smaller, or raise"
                " build.memory in site.toml.",
            ) from None


def decode(photo: Photo) -> Loaded:
    """The pixels of a photo; they are valid until `photo.held` is closed.

    Raises:
        PhotoError: it is too large.
        Exception: any exception of a decoder on a damaged file.
    """
    if photo.plain.size:
        # Some decoders take the memory for all pixels as soon as they see the file.
        photo.check_size(photo.plain.size)
    loaders: dict[str, Callable[[Photo], Loaded]] = {"HEIF": _heif, "WEBP": _webp, "JPEG": _jpeg}
    return loaders.get(photo.kind, _pillow)(photo)


def _pillow(photo: Photo) -> Loaded:
    if photo.kind == "WEBP" and photo.plain.size:
        # Pillow's decoder takes the memory for two pictures as it opens the file.
        photo.reserve(photo.plain.size[0] * photo.plain.size[1] * _WEBP_BYTES)
    stream = Pieces(photo.content, photo.plain.pieces, photo.limits.seconds)
    image = photo.held.enter_context(Image.open(cast(IO[bytes], stream), formats=[photo.kind]))
    size = image.size
    photo.check_size(size)
    if photo.kind == "JPEG":
        _draft(image, photo.wish)
    pixels = image.width * image.height
    need = pixels * _BYTES_A_PIXEL.get(image.mode, 4)
    if photo.kind == "AVIF":
        need = pixels * _AVIF_BYTES
        # What its container says of turning it is part of the Exif that Pillow gives.
        photo.plain.exif = image.info.get("exif") or b""
        photo.plain.xmp = image.info.get("xmp") or b""
    elif photo.kind == "TIFF" and image.tile and image.tile[0][0] == "libtiff":
        rows = image.tag_v2.get(278, image.height)  # type: ignore[attr-defined]
        need += min(int(rows), image.height) * image.width * 4
    if photo.kind != "WEBP":
        photo.reserve(need + size[0] * size[1] * photo.plain.bytes_a_pixel)
    image.load()
    return Loaded(image, size)


def _draft(image: Image.Image, wish: Wish) -> None:
    """Decode a JPEG at a half, a quarter or an eighth of its size if that is enough."""
    width, height = (wish.of.width, wish.of.height) if wish.of else image.size
    if not wish.at_least or max(width, height) < 2 * wish.at_least:
        return
    shrink = wish.at_least / max(width, height)
    shrink = min(1.0, max(shrink, wish.at_least / 2 / min(width, height)))
    size = image.size
    image.draft(None, (math.ceil(size[0] * shrink), math.ceil(size[1] * shrink)))


def _jpeg(photo: Photo) -> Loaded:
    width, height = photo.plain.size or (0, 0)
    # A block of 8 x 8 px takes at least a bit. Decoders fill in missing blocks with grey.
    if photo.content.size * _PIXELS_A_BYTE < width * height:
        raise PhotoError(
            photo.path, f"is damaged: it has too little data for {width} x {height} px."
        )
    if photo.plain.ended:
        return _pillow(photo)
    # An end mark is put where it is missing. Where more is missing than that, decoders make up
    # the rest, and then it matters what comes before the mark.
    *before, data = photo.plain.pieces
    if isinstance(data, tuple) and photo.content.at(sum(data) - 1, 1) == b"\xff":
        data = (data[0], data[1] - 1)
    seen: set[bytes] = set()
    for ending in (_NOTHING + b"\xff\xd9", b"\xff\xd9"):
        plain = replace(photo.plain, pieces=[*before, data, ending])
        with ExitStack() as held:
            loaded = _pillow(replace(photo, plain=plain, held=held))
            seen.add(_digest(loaded.pixels))
            if ending == b"\xff\xd9":
                photo.held.push(held.pop_all())
    if len(seen) > 1:
        raise PhotoError(photo.path, TRUNCATED)
    return loaded


def _digest(pixels: Pixels) -> bytes:
    digest = hashlib.sha256()
    width, height = pixels.size
    for top in range(0, height, _ROWS):
        digest.update(pixels.crop((0, top, width, min(top + _ROWS, height))).tobytes())
    return digest.digest()


def _webp(photo: Photo) -> Loaded:
    size = photo.plain.size
    by = photo.wish.smaller(size) if size else 1
    if not size or photo.plain.is_animated or by < 2 or not webp.can_scale():
        return _pillow(photo)
    small = (math.ceil(size[0] / by), math.ceil(size[1] / by))
    photo.reserve(size[0] * size[1] * _WEBP_SCALED_BYTES + small[0] * small[1] * 8)
    picture = webp.decode_scaled(photo.content.all(), small)
    if photo.plain.icc:
        picture.info["icc_profile"] = photo.plain.icc
    return Loaded(picture, size)


def _heif(photo: Photo) -> Loaded:
    # HEIC has a separate decoder, which is slow to import and which few collections need.
    with _heif_lock:
        try:
            import pillow_heif
        except ImportError:
            raise PhotoError(
                photo.path,
                "is a HEIC picture, and the package pillow-heif that reads them is missing. "
                "Install it (pip install pillow-heif), or save the photo as JPEG.",
            ) from None
    file = pillow_heif.open_heif(photo.content.all(), convert_hdr_to_8bit=True)
    photo.check_size(file.size)
    photo.plain.exif = file.info.get("exif") or b""
    photo.plain.xmp = file.info.get("xmp") or b""
    photo.reserve(file.size[0] * file.size[1] * _HEIF_BYTES)
    data = file.data
    # A file may give a wrong size, which shows only now.
    photo.check_size(file.size)
    profile = file.info.get("icc_profile")
    info: dict[str | tuple[int, int], object] = {"icc_profile": profile} if profile else {}
    return Loaded(Rows(data, file.mode, file.size, file.stride, info), file.size)
