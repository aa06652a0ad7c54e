"""Open one photo safely: any usual format in, an upright 8-bit sRGB picture out.

A file's format is recognised by its first bytes, never by its name. Its size is checked before
anything is decoded. Safe to call from several threads at once.
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, features

from generator.catalogue import Box
from generator.collect.containers import TooManyPartsError, bare
from generator.collect.content import PhotoError, read_once
from generator.collect.decode import TRUNCATED, Limits, Photo, Wish, decode
from generator.collect.metadata import Metadata, read_metadata
from generator.collect.pixels import SIDEWAYS, Pixels, scaled, smaller, upright

__all__ = ["Decoded", "Limits", "PhotoError", "decoded"]

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
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A photo whose pixels can be read, in the form of its file.

    Attributes:
        width: width of the upright photo in px as stored.
        height: the same for the height.
        sha256: of the very bytes that were decoded.
        metadata: of the file.
        remark: a defect of the file that does no harm, in one sentence, or None.
    """

    width: int
    height: int
    sha256: str
    metadata: Metadata
    remark: str | None
    _path: Path
    _pixels: Pixels
    _turn: int

    def picture(self, box: Box | None = None, *, at_least: int | None = None) -> Image.Image:
        """The photo, or the part of it in `box`: RGB, 8 bits, sRGB, upright, without metadata.

        Args:
            box: in px of the upright photo as stored, within it.
            at_least: when given, a larger picture comes scaled down by a whole number, its larger
                side still at least this many px.

        Raises:
            PhotoError: its pixels cannot be made into a picture.
        """
        with _plain_words(self._path):
            across, down = self._pixels.size
            size = (down, across) if self._turn in SIDEWAYS else (across, down)
            whole = box or Box(0, 0, self.width, self.height)
            part = scaled(whole, (self.width, self.height), size)
            by = smaller(part.width, part.height, at_least)
            return upright(self._pixels, self._turn, part, by)


@contextmanager
def decoded(
    path: Path, limits: Limits, *, at_least: int | None = None, of: Box | None = None
) -> Iterator[Decoded]:
    """Decode a JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF (its first frame) or BMP.

    Its pixels take memory until the context is left, so leave it early.

    Args:
        path: the file, whatever its name.
        limits: of size, time and memory.
        at_least: when given, the photo may be decoded smaller, its larger side at least this many
            px: JPEG and WebP can.
        of: the part that must be so large then, instead of the whole photo.

    Raises:
        PhotoError: the file cannot be read, is not a picture, is damaged or is too large.
    """
    with ExitStack() as held:
        with _plain_words(path):
            content = held.enter_context(read_once(path, limits.megabytes))
            kind = _kind(path, content.at(0, 512))
            plain = bare(kind, content)
            wish = Wish(at_least, of)
            loaded = decode(Photo(path, kind, content, plain, limits, wish, held))
            metadata = read_metadata(plain, content.at if kind == "TIFF" else None)
            # Pillow turns TIFF pictures itself as it decodes them, and gives their upright size;
            # libheif turns those whose containers say how.
            turn = 1 if plain.upright or kind == "TIFF" else metadata.orientation
            width, height = loaded.size
            if turn in SIDEWAYS:
                width, height = height, width
            remark = None
            if not plain.ended:
                remark = "lacks its end marker; the picture is complete and is used."
        yield Decoded(width, height, content.sha256, metadata, remark, path, loaded.pixels, turn)


@contextmanager
def _plain_words(path: Path) -> Iterator[None]:
    """Turn any exception of a decoder into a `PhotoError`."""
    try:
        yield
    except PhotoError:
        raise
    except TooManyPartsError:
        raise PhotoError(
            path, "is not a photo: it has too many parts. Save it again as JPEG."
        ) from None
    except MemoryError:
        raise PhotoError(path, "there is not enough memory to decode it.") from None
    # Decoders meet damage in any way: OSError, SyntaxError, struct.error, IndexError, zlib.error...
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise PhotoError(path, f"cannot be read: {error.strerror}.") from None
        detail = str(error).strip().rstrip(".")
        if "truncated" in detail.lower() or isinstance(error, EOFError):
            reason = TRUNCATED
        elif "decoder" in detail and "not available" in detail:
            reason = f"cannot be decoded here: {detail}. Save it as JPEG or PNG."
        elif not detail or "cannot identify" in detail:
            reason = "is damaged: it begins like a picture but cannot be decoded."
        else:
            reason = f"is damaged: {detail}."
        raise PhotoError(path, reason) from None


def _kind(path: Path, head: bytes) -> str:
    """The name of Pillow's decoder for this file. A `PhotoError` names the kind of other files."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        from PIL import WebPImagePlugin  # noqa: F401  registers itself

        _check_decoder(path, "webp", "WebP")
        return "WEBP"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        from PIL import TiffImagePlugin  # noqa: F401  registers itself

        return "TIFF"
    if head.startswith(b"BM") and b"\0" in head[2:18]:
        return "BMP"
    if head[4:8] == b"ftyp":
        length = int.from_bytes(head[:4], "big")
        brands = {head[8:12], *(head[i : i + 4] for i in range(16, min(length, len(head)), 4))}
        if brands & {b"avif", b"avis"}:
            from PIL import AvifImagePlugin  # noqa: F401  registers itself

            _check_decoder(path, "avif", "AVIF")
            return "AVIF"
        if brands & _HEIF_BRANDS:
            return "HEIF"
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
        # The last character may be incomplete; an invalid one before it is not text.
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
