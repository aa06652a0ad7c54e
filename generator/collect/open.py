"""Open one photo safely: any usual format in, an upright 8-bit sRGB picture out.

What a file is follows from its first bytes, never from its name, and its size is checked before
anything is decoded. Safe to call from several threads at once.
"""

import datetime
import math
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from PIL import ExifTags, Image, features

from generator.collect.colour import to_srgb
from generator.collect.kinds import special_file
from generator.errors import BollardsError

# Pillow's own limit is one number for the whole process and warns before it raises; the check
# below knows the owner's limit and says where it is set.
Image.MAX_IMAGE_PIXELS = None
# Pillow warns of odd metadata on standard error; whatever costs the photo is raised anyway.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"8BPS", "a Photoshop document"),
    (b"\x00\x00\x01\x00", "an icon file"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"FUJIFILM", "a camera's raw file"),
)
# What makes a picture upright, by EXIF Orientation (Exif 3.0, 4.6.6.2).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = (5, 6, 7, 8)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_heif_lock = threading.Lock()


class PhotoError(BollardsError):
    """A photo that cannot be used.

    Attributes:
        path: the file.
        reason: why, in plain words, as one or more sentences; the text is "PATH: REASON".
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Opened:
    """A decoded photo.

    Attributes:
        image: RGB, 8 bits, sRGB, upright, without any metadata.
        width: width of the upright photo in px as stored; `image` is smaller if that was allowed.
        height: the same for the height.
        taken: ISO 8601 date from EXIF DateTimeOriginal ("2024-05-01"), or None.
    """

    image: Image.Image
    width: int
    height: int
    taken: str | None


def open_photo(path: Path, max_megapixels: int, *, at_least: int | None = None) -> Opened:
    """Decode a JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF (its first frame) or BMP.

    Args:
        path: the file, whatever its name.
        max_megapixels: larger pictures are refused before they are decoded.
        at_least: when given, a larger JPEG may come back scaled down by 2, 4 or 8, its larger side
            still at least this many px: several times faster for pictures from cameras.

    Raises:
        PhotoError: the file cannot be read, is no picture, is damaged or is too large.
    """
    with _plain_words(path), _regular_file(path) as stream:
        kind = _kind(path, stream)
        with Image.open(stream, formats=kind) as image:
            _check_size(path, image.size, max_megapixels)
            exif = _exif(image)
            taken = _date(exif)
            # Pillow turns TIFF pictures itself as it decodes them, and gives their upright size.
            turn = 1 if kind == ("TIFF",) else exif.get(ExifTags.Base.Orientation, 1)
            width, height = image.size
            if kind == ("JPEG",) and at_least and max(width, height) >= 2 * at_least:
                shrink = at_least / max(width, height)
                image.draft(None, (math.ceil(width * shrink), math.ceil(height * shrink)))
            image.load()
            upright = to_srgb(image)
            if turn in _TURNS:
                upright = upright.transpose(_TURNS[turn])
            if turn in _SIDEWAYS:
                width, height = height, width
    upright.info.clear()
    return Opened(upright, width, height, taken)


@contextmanager
def _plain_words(path: Path) -> Iterator[None]:
    """Turn whatever a decoder raises over a damaged file into a `PhotoError`."""
    try:
        yield
    except PhotoError:
        raise
    except MemoryError:
        raise PhotoError(path, "there is not enough memory to decode it.") from None
    # Decoders meet damage in any way: OSError, SyntaxError, struct.error, IndexError, zlib.error...
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise PhotoError(path, f"cannot be read: {error.strerror}.") from None
        detail = str(error).strip().rstrip(".")
        if "truncated" in detail.lower() or isinstance(error, EOFError):
            reason = "is truncated: the file ends before the picture does. Copy it again."
        elif "decoder" in detail and "not available" in detail:
            reason = f"cannot be decoded here: {detail}. Save it as JPEG or PNG."
        elif not detail or "cannot identify" in detail:
            reason = "is damaged: it begins like a picture but cannot be decoded."
        else:
            reason = f"is damaged: {detail}."
        raise PhotoError(path, reason) from None


@contextmanager
def _regular_file(path: Path) -> Iterator[IO[bytes]]:
    # Asked before opening: opening a named pipe waits for whoever writes to it.
    special = special_file(path.stat().st_mode)
    if special:
        raise PhotoError(path, f"is {special}, not a picture file.")
    with path.open("rb") as stream:
        yield stream


def _kind(path: Path, stream: IO[bytes]) -> tuple[str, ...]:
    """Which of Pillow's decoders reads this file; a `PhotoError` says what it is instead."""
    head = stream.read(512)
    stream.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return ("JPEG",)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ("PNG",)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        from PIL import WebPImagePlugin  # noqa: F401  registers itself

        _check_decoder(path, "webp", "WebP")
        return ("WEBP",)
    if head.startswith((b"GIF87a", b"GIF89a")):
        return ("GIF",)
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        from PIL import TiffImagePlugin  # noqa: F401  registers itself

        return ("TIFF",)
    if head.startswith(b"BM") and b"\0" in head[2:18]:
        return ("BMP",)
    if head[4:8] == b"ftyp":
        length = int.from_bytes(head[:4], "big")
        brands = {head[8:12], *(head[i : i + 4] for i in range(16, min(length, len(head)), 4))}
        if brands & {b"avif", b"avis"}:
            from PIL import AvifImagePlugin  # noqa: F401  registers itself

            _check_decoder(path, "avif", "AVIF")
            return ("AVIF",)
        if brands & _HEIF_BRANDS:
            _register_heif(path)
            return ("HEIF",)
        raise PhotoError(path, "is a video or another kind of media file, not a picture.")
    raise PhotoError(path, f"is not a picture: it is {_describe(head)}.")


def _describe(head: bytes) -> str:
    if not head:
        return "empty (0 bytes)"
    for start, name in _OTHER_KINDS:
        if head.startswith(start):
            return name
    if head[:4] == b"RIFF":
        return "a sound or video file"
    if not any(head):
        return "filled with zeros, as after an interrupted copy"
    try:
        text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="strict")
    except UnicodeDecodeError as error:
        # The last character may be cut off; anything earlier is no text.
        if error.start < len(head) - 4:
            return "data of an unknown kind"
        text = head[: error.start].decode("utf-8")
    if re.search(r"<svg[\s>]", text, re.IGNORECASE):
        return "an SVG drawing; export it as PNG"
    if re.search(r"<(!doctype html|html|head|body)[\s>]", text, re.IGNORECASE):
        return "a web page, as when a download needs a login"
    return "data of an unknown kind" if _CONTROL.search(text) else "a text file"


def _check_decoder(path: Path, feature: str, name: str) -> None:
    # Pillow is also distributed without some of its decoders, and then calls the file unknown.
    if not features.check(feature):
        raise PhotoError(
            path,
            f"is a {name} picture, and this build of Pillow cannot read those. Install Pillow "
            "from PyPI (pip install --force-reinstall pillow), or save the photo as JPEG.",
        )


def _register_heif(path: Path) -> None:
    # pillow-heif is slow to import and few collections need it.
    with _heif_lock:
        if "HEIF" not in Image.OPEN:
            try:
                import pillow_heif
            except ImportError:
                raise PhotoError(
                    path,
                    "is a HEIC picture, and the package pillow-heif that reads them is missing. "
                    "Install it (pip install pillow-heif), or save the photo as JPEG.",
                ) from None
            pillow_heif.register_heif_opener()


def _check_size(path: Path, size: tuple[int, int], max_megapixels: int) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise PhotoError(path, f"is damaged: it says that it is {width} x {height} px.")
    if width * height > max_megapixels * 1_000_000:
        found = width * height / 1e6
        raise PhotoError(
            path,
            f"is too large: {width} x {height} px are {found:,.0f} megapixels, and site.toml "
            f"allows {max_megapixels}. Make it smaller, or raise photos.max_megapixels.",
        )


def _exif(image: Image.Image) -> Image.Exif:
    try:
        return image.getexif()
    except Exception:  # A photo whose metadata are broken is still a photo.
        return Image.Exif()


def _date(exif: Image.Exif) -> str | None:
    """The date of EXIF DateTimeOriginal, which is written "2024:05:01 12:00:00"."""
    try:
        text = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
        match = re.match(r"(\d{4})[:-](\d\d)[:-](\d\d)", str(text))
        return datetime.date(*map(int, match.groups())).isoformat() if match else None
    except Exception:  # A wrong clock or broken metadata: the date is not known.
        return None
