"""Separates a photo's pixels from its metadata, in one walk through the file.

Decoders collect what cameras and programs wrote (a JPEG's hundred thousand comments, a GIF's) in
ways that take minutes. The walks here take the useful parts and leave the rest to the decoder.
"""

import itertools
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from generator.collect.content import Content

Piece = bytes | tuple[int, int]
"""Bytes, or (offset, length) in the file."""

MOST_PARTS = 100_000
"""Segments, chunks or boxes of a file; cameras write a few hundred at most."""

_MOST_METADATA = 4_000_000
_JPEG_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
# Frame headers (C0-CF except DAC, DHT, JPG), tables, restart interval.
_JPEG_KEPT = frozenset({*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, 0xDE, 0xDF} - {0xC8})
_MOST_SCANS = 500
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"iCCP", b"sRGB", b"gAMA"})


class TooManyPartsError(ValueError):
    """A file with so many parts that it must be malicious."""


@dataclass(slots=True)
class Bare:
    """A photo's image data and metadata, separated.

    Attributes:
        pieces: the parts that a decoder needs, in order.
        exif: a TIFF structure as Exif writes it, or b"".
        xmp: an XMP packet (XML), or b"".
        resources: Photoshop's image resources, which contain IPTC-IIM, or b"".
        size: width and height if the walk found them, before any rotation.
        bytes_a_pixel: the memory that decoding needs besides the pixels themselves.
        ended: whether the file has its end mark.
        upright: whether the container itself gives the orientation, so that Exif's does not count.
        is_animated: whether there are several frames.
        icc: a colour profile, if the decoder does not return it.
    """

    pieces: list[Piece]
    exif: bytes = b""
    xmp: bytes = b""
    resources: bytes = b""
    size: tuple[int, int] | None = None
    bytes_a_pixel: float = 0
    ended: bool = True
    upright: bool = False
    is_animated: bool = False
    icc: bytes | None = field(default=None, repr=False)


def bare(kind: str, content: Content) -> Bare:
    """Walk through a file of one of Pillow's formats; unknown parts are left as they are.

    Raises:
        TooManyPartsError: the file has too many parts.
    """
    whole = Bare([(0, content.size)])
    walk = _WALKS.get(kind)
    return (walk and walk(content)) or whole


def _jpeg(content: Content) -> Bare | None:
    """ITU-T T.81, annex B. None if the segments cannot be followed."""
    found = Bare([b"\xff\xd8"])
    exif: list[bytes] = []
    profile = 0
    seen: set[int] = set()
    offset = 2
    for _ in itertools.repeat(None, MOST_PARTS):
        head = content.at(offset, 4)
        if len(head) < 4 or head[0] != 0xFF:
            return None
        marker = head[1]
        if marker == 0xFF:
            offset += 1
            continue
        if marker in _JPEG_STANDALONE:
            offset += 2
            continue
        length = 2 + int.from_bytes(head[2:], "big")
        if marker == 0xDA:
            found.pieces.append((offset, content.size - offset))
            found.exif = b"".join(exif)
            found.ended = _scans_end(content, offset)
            return found
        if marker in (0xD8, 0xD9, 0x00) or length < 4:
            return None
        if marker in _JPEG_KEPT:
            found.pieces.append((offset, length))
            if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
                _frame(content.at(offset, min(length, 64)), found)
        elif marker == 0xE1:
            name = content.at(offset + 4, 29)
            if name.startswith(b"Exif\0") and sum(map(len, exif)) < _MOST_METADATA:
                exif.append(content.at(offset + 10, length - 10))
            elif name.startswith(b"http://ns.adobe.com/xap/1.0/\0") and not found.xmp:
                found.xmp = content.at(offset + 33, length - 33)
        elif marker == 0xE2 and profile < 255:
            if content.at(offset + 4, 12) == b"ICC_PROFILE\0":
                found.pieces.append((offset, length))
                profile += 1
        elif marker == 0xED and len(found.resources) < _MOST_METADATA:
            if content.at(offset + 4, 14) == b"Photoshop 3.0\0":
                found.resources += content.at(offset + 18, length - 18)
        elif marker in (0xE0, 0xEE) and marker not in seen:
            # JFIF and Adobe's segment define the colours.
            seen.add(marker)
            found.pieces.append((offset, length))
        offset += length
    raise TooManyPartsError


def _frame(segment: bytes, found: Bare) -> None:
    """The details in a frame header (T.81, B.2.2)."""
    height, width = int.from_bytes(segment[5:7], "big"), int.from_bytes(segment[7:9], "big")
    found.size = (width, height)
    if segment[1] in (0xC2, 0xC6, 0xCA, 0xCE):
        # A progressive picture is held as coefficients of two bytes until its last scan.
        parts = [segment[11 + 3 * index] for index in range(segment[9]) if 11 + 3 * index < 64]
        across = [max(1, part >> 4) for part in parts]
        down = [max(1, part & 15) for part in parts]
        whole = max(across, default=1) * max(down, default=1)
        found.bytes_a_pixel = 2 * sum(x * y for x, y in zip(across, down, strict=True)) / whole


def _scans_end(content: Content, offset: int) -> bool:
    """Whether the entropy-coded data have an end mark.

    Raises:
        TooManyPartsError: they are cut into more scans than any encoder makes.
    """
    scans = 0
    before = b""
    while chunk := content.at(offset, 1 << 20):
        # Within the data a byte of FF is followed by 00 or by a restart's number.
        block = before + chunk
        end = block.find(b"\xff\xd9")
        scans += block.count(b"\xff\xda", 0, end if end >= 0 else len(block))
        if scans > _MOST_SCANS:
            raise TooManyPartsError
        if end >= 0:
            return True
        before = block[-1:]
        offset += len(chunk)
    return False


def _png(content: Content) -> Bare | None:
    """ISO/IEC 15948, 5.3: chunks of length, name, data and checksum."""
    found = Bare([(0, 8)])
    offset = 8
    for _ in itertools.repeat(None, MOST_PARTS):
        head = content.at(offset, 8)
        if len(head) < 8:
            # Pillow's own message is best for a missing part.
            found.pieces.append((offset, content.size - offset))
            return found
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        if name in _PNG_KEPT:
            last = found.pieces[-1]
            if isinstance(last, tuple) and sum(last) == offset:
                found.pieces[-1] = (last[0], last[1] + 12 + length)
            else:
                found.pieces.append((offset, 12 + length))
        elif name in (b"eXIf", b"iTXt", b"zTXt", b"tEXt") and length <= _MOST_METADATA:
            _png_text(name, content.at(offset + 8, length), found)
        if name == b"IEND":
            return found
        offset += 12 + length
    raise TooManyPartsError


def _png_text(name: bytes, data: bytes, found: Bare) -> None:
    if name == b"eXIf":
        found.exif = found.exif or data
        return
    key, _, text = data.partition(b"\0")
    if name == b"iTXt" and key == b"XML:com.adobe.xmp":
        # Flags, language and translated key come before the text.
        packed, rest = text[:1] == b"\1", text[2:].split(b"\0", 2)
        if len(rest) == 3:
            found.xmp = found.xmp or (_unpacked(rest[2]) if packed else rest[2])
        return
    kind = key.removeprefix(b"Raw profile type ")
    if kind == key or name == b"iTXt" or kind not in (b"exif", b"APP1", b"iptc", b"xmp"):
        return
    # As ImageMagick writes it: a line break, the name, the length, then hexadecimal digits.
    lines = (_unpacked(text[1:]) if name == b"zTXt" else text).split(b"\n", 3)
    try:
        raw = bytes.fromhex(b"".join(lines[3:]).decode("ascii"))
    except ValueError:
        return
    if kind == b"iptc":
        found.resources = found.resources or raw
    elif raw.startswith(b"Exif\0\0"):
        found.exif = found.exif or raw[6:]
    elif kind == b"xmp":
        found.xmp = found.xmp or raw


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _MOST_METADATA)
    except zlib.error:
        return b""


def _gif(content: Content) -> Bare | None:
    """GIF89a: all blocks before the first picture, without comments and foreign blocks."""
    head = content.at(0, 13)
    if len(head) < 13:
        return None
    offset = 13 + (3 << (head[10] & 7) + 1 if head[10] & 0x80 else 0)
    found = Bare([(0, offset)])
    control: Piece = b""
    while True:
        start = content.at(offset, 2)
        if start[:1] == b"\x2c":
            found.pieces += [control, (offset, content.size - offset)]
            found.size = _gif_size(head)
            return found
        if start[:1] != b"\x21" or len(start) < 2:
            return None
        after = offset + 2
        while length := content.at(after, 1):
            after += 1 + length[0]
            if not length[0]:
                break
        if start[1] == 0xF9:
            control = (offset, after - offset)
        if after <= offset + 2 or after > content.size:
            return None
        offset = after


def _gif_size(head: bytes) -> tuple[int, int]:
    return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")


def _webp(content: Content) -> Bare | None:
    """RFC 9649: chunks of name, length and data, padded to an even length."""
    found = Bare([(0, content.size)])
    offset = 12
    for _ in itertools.repeat(None, MOST_PARTS):
        head = content.at(offset, 8)
        if len(head) < 8:
            return found
        name, length = head[:4], int.from_bytes(head[4:], "little")
        if name == b"VP8X":
            data = content.at(offset + 8, 10)
            found.is_animated = bool(data[:1] and data[0] & 2)
            width, height = data[4:7], data[7:10]
            found.size = 1 + int.from_bytes(width, "little"), 1 + int.from_bytes(height, "little")
        elif name == b"VP8 " and found.size is None:
            data = content.at(offset + 8, 10)
            width, height = data[6:8], data[8:10]
            found.size = (
                int.from_bytes(width, "little") & 0x3FFF,
                int.from_bytes(height, "little") & 0x3FFF,
            )
        elif name == b"VP8L" and found.size is None:
            bits = int.from_bytes(content.at(offset + 9, 4), "little")
            found.size = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        elif name in (b"EXIF", b"XMP ", b"ICCP") and length <= _MOST_METADATA:
            data = content.at(offset + 8, length)
            if name == b"EXIF":
                found.exif = found.exif or data
            elif name == b"ICCP":
                found.icc = found.icc or data
            else:
                found.xmp = found.xmp or data
        offset += 8 + length + length % 2
    raise TooManyPartsError


def _heif(content: Content) -> Bare:
    found = Bare([(0, content.size)])
    found.upright = _says_how_turned(content)
    return found


_Box = tuple[bytes, int, int]


def _boxes(content: Content, start: int, end: int) -> "list[_Box]":
    """ISO/IEC 14496-12, 4.2: (type, where its data begin, where they end) of each box."""
    found: list[_Box] = []
    while start + 8 <= end and len(found) < MOST_PARTS:
        head = content.at(start, 16)
        length, skip = int.from_bytes(head[:4], "big"), 8
        if length == 1:
            length, skip = int.from_bytes(head[8:], "big"), 16
        if length == 0:
            length = end - start
        if length < skip or start + length > end:
            break
        found.append((head[4:8], start + skip, start + length))
        start += length
    return found


def _says_how_turned(content: Content) -> bool:
    """Whether the main picture has a property "irot" or "imir" (ISO/IEC 23008-12, 6.5.10)."""
    for name, start, end in _boxes(content, 0, content.size):
        if name != b"meta":
            continue
        boxes = {name: (start, end) for name, start, end in _boxes(content, start + 4, end)}
        if b"pitm" not in boxes or b"iprp" not in boxes:
            return False
        primary = content.at(boxes[b"pitm"][0], 8)
        item = int.from_bytes(primary[4:8] if primary[0] else primary[4:6], "big")
        turning: set[int] = set()
        for name, start, end in _boxes(content, *boxes[b"iprp"]):
            if name == b"ipco":
                kinds = [kind for kind, _, _ in _boxes(content, start, end)]
                turning = {i for i, kind in enumerate(kinds, 1) if kind in (b"irot", b"imir")}
            elif name == b"ipma" and turning & _properties(
                content.at(start, min(end - start, _MOST_METADATA)), item
            ):
                return True
    return False


def _properties(data: bytes, item: int) -> set[int]:
    """Which properties an item has, by the box "ipma" (ISO/IEC 23008-12, 9.3.1)."""
    version, is_wide = data[0], data[3] & 1
    count, offset = int.from_bytes(data[4:8], "big"), 8
    found: set[int] = set()
    width = 4 if version else 2
    step = 2 if is_wide else 1
    for _ in range(count):
        if offset + width >= len(data):
            break
        owner = int.from_bytes(data[offset : offset + width], "big")
        number = data[offset + width]
        offset += width + 1
        if owner == item:
            places = range(offset, min(offset + number * step, len(data)), step)
            mask = 0x7FFF if is_wide else 0x7F
            found |= {int.from_bytes(data[at : at + step], "big") & mask for at in places}
        offset += number * step
    return found


_WALKS: dict[str, Callable[[Content], Bare | None]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "GIF": _gif,
    "WEBP": _webp,
    "HEIF": _heif,
}
