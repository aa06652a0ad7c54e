"""A photo's own metadata: date, credit and licence.

Of Exif, XMP and IPTC-IIM only these are read, each value once and within limits. Where they differ,
the rules that the IPTC shares with the makers of cameras and programs decide: the Metadata Working
Group's "Guidelines for Handling Image Metadata" 2.0, chapter 3.
"""

import datetime
import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from generator.characters import on_one_line
from generator.collect.containers import Bare

_MOST_TEXT = 65_536
_MOST_XMP = 4_000_000
_LONGEST = 500

_ORIENTATION, _ARTIST, _XMP, _COPYRIGHT = 0x0112, 0x013B, 0x02BC, 0x8298
_RESOURCES, _EXIF_IFD, _TAKEN, _IIM = 0x8649, 0x8769, 0x9003, 0x83BB
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 13: 4, 16: 8, 18: 8}
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_RIGHTS = "{http://ns.adobe.com/xap/1.0/rights/}"
_CC = "{http://creativecommons.org/ns#}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CC_ADDRESS = re.compile(
    r"https?://creativecommons\.org/(?:licenses/(?P<kind>[a-z-]+)/(?P<version>\d\.\d)"
    r"|publicdomain/(?P<public>zero|mark)/(?P<edition>\d\.\d))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """A photo's own metadata.

    Attributes:
        orientation: Exif orientation (Exif 3.0, 4.6.6.2), 1 if there is none.
        taken: ISO 8601 date of Exif's DateTimeOriginal ("2024-05-01"), or None.
        credit: the name to credit, in one line, or None.
        licence: its licence as "CC BY-SA 4.0", as an address or in its own words; or None.
    """

    orientation: int = 1
    taken: str | None = None
    credit: str | None = None
    licence: str | None = None


def read_metadata(bare: Bare, read: Callable[[int, int], bytes] | None = None) -> Metadata:
    """Read a file's Exif, XMP and IPTC-IIM; broken ones are ignored.

    Args:
        bare: the result of the walk through the file.
        read: of a TIFF file, (offset, length) -> bytes: it has the structure of Exif.
    """
    try:
        exif = _exif(read) if read else _exif(_reader(bare.exif))
    except Exception:  # A photo whose metadata are broken is still a photo.
        exif = {}
    packet = bare.xmp or exif.get(_XMP, b"")
    try:
        xmp = _xmp(packet)
    except Exception:
        xmp = {}
    try:
        iim, is_newer = _iim(bare.resources or exif.get(_RESOURCES, b""), exif.get(_IIM, b""))
    except Exception:
        iim, is_newer = {}, False

    def first(tag: int, dataset: int, name: str) -> str:
        """Exif; then IIM where a program that knows no XMP changed it; then XMP; then IIM."""
        texts = (iim.get(dataset, ""), xmp.get(name, ""))
        candidates = (_text(exif.get(tag, b"")), *(texts if is_newer else texts[::-1]))
        return next((line for text in candidates if (line := on_one_line(text)[:_LONGEST])), "")

    # The Credit Line is what its supplier wants published; without it, name the creator.
    creator = first(_ARTIST, 80, "creator")
    notice = first(_COPYRIGHT, 116, "rights")
    credit = first(0, 110, "credit") or creator or notice
    licence = _licence(xmp, notice)
    return Metadata(
        _orientation(exif, packet), _date(exif.get(_TAKEN, b"")), credit or None, licence or None
    )


def _reader(data: bytes) -> Callable[[int, int], bytes]:
    # Some programs put JPEG's mark before it in any format.
    data = data.removeprefix(b"Exif\0\0")
    return lambda offset, length: data[offset : offset + length]


def _exif(read: Callable[[int, int], bytes]) -> dict[int, bytes]:
    """The raw values of the requested tags; numbers as big-endian bytes."""
    head = read(0, 16)
    order: Literal["little", "big"] = "little" if head[:2] == b"II" else "big"

    def number(data: bytes) -> int:
        return int.from_bytes(data, order)

    is_big = number(head[2:4]) == 43
    found: dict[int, bytes] = {}
    offsets = [number(head[8:16] if is_big else head[4:8])]
    wanted = {_ORIENTATION, _ARTIST, _XMP, _COPYRIGHT, _RESOURCES, _IIM, _EXIF_IFD, _TAKEN}
    entry, count_size, inline = (20, 8, 8) if is_big else (12, 2, 4)
    for offset in offsets:
        count = number(read(offset, count_size))
        table = read(offset + count_size, min(count, 65_536) * entry)
        for at in range(0, len(table) - entry + 1, entry):
            tag, kind = number(table[at : at + 2]), number(table[at + 2 : at + 4])
            if tag not in wanted or tag in found:
                continue
            length = number(table[at + 4 : at + entry - inline]) * _SIZES.get(kind, 1)
            value = table[at + entry - inline : at + entry]
            most = _MOST_TEXT if tag in (_ARTIST, _COPYRIGHT, _TAKEN) else _MOST_XMP
            data = value[:length] if length <= inline else read(number(value), min(length, most))
            if tag == _EXIF_IFD and len(offsets) == 1:
                offsets.append(number(data))
            elif tag == _ORIENTATION:
                found[tag] = number(data).to_bytes(8, "big")
            else:
                found[tag] = data
    return found


def _text(data: bytes) -> str:
    """Exif's texts are ASCII by their standard, UTF-8 or Latin-1 in practice."""
    # Copyright may hold two texts, the photographer's and the editor's, with a NUL between.
    parts = [part.strip(b" \t\r\n") for part in data.split(b"\0")]
    joined = b", ".join(part for part in parts[:2] if part)
    try:
        return joined.decode("utf-8")
    except UnicodeDecodeError:
        return joined.decode("latin-1")


def _orientation(exif: dict[int, bytes], xmp: bytes) -> int:
    value = int.from_bytes(exif.get(_ORIENTATION, b""), "big")
    if not value:
        said = re.search(rb"tiff:Orientation(?:=\"|>)([1-8])", xmp[:_MOST_XMP])
        value = int(said[1]) if said else 1
    return value if value in range(1, 9) else 1


def _date(data: bytes) -> str | None:
    """The date of Exif's DateTimeOriginal, which is written "2024:05:01 12:00:00"."""
    match = re.match(rb"(\d{4})[:-](\d\d)[:-](\d\d)", data)
    if not match:
        return None
    try:
        date = datetime.date(*map(int, match.groups()))
    except ValueError:
        return None
    # There was no photography before; the camera's clock was never set.
    return date.isoformat() if date.year >= 1826 else None


def _iim(resources: bytes, alone: bytes) -> tuple[dict[int, str], bool]:
    """IPTC-IIM's record 2 by dataset, and whether it was changed after the XMP beside it.

    Photoshop's resources keep an MD5 digest of the IIM for which the XMP was written (1061); a
    program that knows no XMP leaves it as it was.
    """
    block, digest = alone, b""
    for key, data in _photoshop(resources):
        if key == 0x0404:
            block = data
        elif key == 0x0425:
            digest = data
    found: dict[int, str] = {}
    is_utf8 = False
    offset = 0
    while block[offset : offset + 1] == b"\x1c" and offset + 5 <= len(block):
        record, dataset = block[offset + 1], block[offset + 2]
        length = int.from_bytes(block[offset + 3 : offset + 5], "big")
        if length & 0x8000:
            break
        value = block[offset + 5 : offset + 5 + length]
        if (record, dataset) == (1, 90):
            is_utf8 = value == b"\x1b%G"
        elif record == 2 and dataset in (80, 110, 116):
            text = _iim_text(value, is_utf8)
            # Several creators are several datasets.
            found[dataset] = f"{found[dataset]}, {text}" if dataset in found else text
        offset += 5 + length
    is_newer = (
        bool(digest)
        and digest.strip(b"\0") != b""
        and (digest != hashlib.md5(block, usedforsecurity=False).digest())
    )
    return found, is_newer


def _iim_text(value: bytes, is_utf8: bool) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("utf-8" if is_utf8 else "latin-1", "replace")


def _photoshop(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Image resources: "8BIM", a number, a padded name, a length, padded data."""
    offset = 0
    while data[offset : offset + 4] == b"8BIM" and offset + 12 <= len(data):
        key = int.from_bytes(data[offset + 4 : offset + 6], "big")
        start = offset + 6 + (data[offset + 6] + 2) // 2 * 2
        length = int.from_bytes(data[start : start + 4], "big")
        yield key, data[start + 4 : start + 4 + length]
        offset = start + 4 + length + length % 2


def _xmp(packet: bytes) -> dict[str, str]:
    """The requested texts of an XMP packet (ISO 16684-1), by short names."""
    packet = packet.strip(b"\0 \r\n\t")
    # No XMP has a document type; entities defined in one can grow without bound.
    if not packet or len(packet) > _MOST_XMP or b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return {}
    names = {
        f"{_DC}creator": "creator",
        f"{_DC}rights": "rights",
        f"{_PHOTOSHOP}Credit": "credit",
        f"{_RIGHTS}UsageTerms": "terms",
        f"{_RIGHTS}WebStatement": "statement",
        f"{_CC}license": "licence",
    }
    found: dict[str, str] = {}
    for description in ET.fromstring(packet).iter(f"{_RDF}Description"):  # noqa: S314
        for name, short in names.items():
            value = description.get(name, "")
            child = description.find(name)
            if not value and child is not None:
                value = child.get(f"{_RDF}resource", "") or _value(child)
            if value.strip():
                found.setdefault(short, value)
    return found


def _value(element: ET.Element) -> str:
    """A simple value, all values of a list, or the default among texts in several languages."""
    items = list(element.iter(f"{_RDF}li"))
    if not items:
        return element.text or ""
    if element.find(f"{_RDF}Alt") is not None:
        default = [one for one in items if one.get(_XML_LANG) == "x-default"]
        return (default or items)[0].text or ""
    return ", ".join(text for one in items[:20] if (text := (one.text or "").strip()))


def _licence(xmp: dict[str, str], notice: str) -> str:
    """A Creative Commons licence if any field names one, else the terms, else their address."""
    lines = {key: on_one_line(value) for key, value in xmp.items()}
    told = [lines.get(key, "") for key in ("licence", "statement", "terms")]
    for text in (*told, notice):
        if found := _CC_ADDRESS.search(text):
            if found["kind"]:
                return f"CC {found['kind'].upper()} {found['version']}"
            zero = found["public"].lower() == "zero"
            return f"CC0 {found['edition']}" if zero else f"Public Domain Mark {found['edition']}"
    licence, statement, terms = told
    return (licence or terms or statement)[:_LONGEST]
