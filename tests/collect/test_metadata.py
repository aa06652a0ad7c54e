"""Which credit and licence a photo gets if its metadata disagree."""

import hashlib
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from generator.collect.open import Limits, decoded
from tests.collect.pictures import encoded, quarters

_PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cc="http://creativecommons.org/ns#"'
    ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
    ' xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"><rdf:Description>{}'
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)


def exif(artist: str = "", copyright: str = "") -> bytes:
    found = Image.Exif()
    if artist:
        found[ExifTags.Base.Artist] = artist
    if copyright:
        found[ExifTags.Base.Copyright] = copyright
    return found.tobytes() if len(found) else b""


def xmp(creator: str = "", rights: str = "", credit: str = "", more: str = "") -> bytes:
    told = more
    if creator:
        told += f"<dc:creator><rdf:Seq><rdf:li>{creator}</rdf:li></rdf:Seq></dc:creator>"
    if rights:
        told += (
            '<dc:rights><rdf:Alt><rdf:li xml:lang="de">Alle Rechte</rdf:li>'
            f'<rdf:li xml:lang="x-default">{rights}</rdf:li></rdf:Alt></dc:rights>'
        )
    if credit:
        told += f"<photoshop:Credit>{credit}</photoshop:Credit>"
    return _PACKET.format(told).encode() if told else b""


def iptc(creator: str = "", rights: str = "", credit: str = "", digest: bytes = b"") -> bytes:
    """JPEG's segment 13, as Photoshop writes it.

    Args:
        creator, rights, credit: datasets 2:80, 2:116 and 2:110 of IPTC-IIM.
        digest: of the block for which the XMP beside it was written; "own" for this block.
    """
    block = b""
    for dataset, text in ((80, creator), (116, rights), (110, credit)):
        if text:
            value = text.encode()
            block += bytes([0x1C, 2, dataset]) + len(value).to_bytes(2, "big") + value
    if not block:
        return b""
    if digest == b"own":
        digest = hashlib.md5(block).digest()
    parts = [(0x0404, block)] + ([(0x0425, digest)] if digest else [])
    resources = b"".join(
        b"8BIM"
        + key.to_bytes(2, "big")
        + b"\0\0"
        + len(data).to_bytes(4, "big")
        + data
        + bytes(len(data) % 2)
        for key, data in parts
    )
    payload = b"Photoshop 3.0\0" + resources
    return b"\xff\xed" + (len(payload) + 2).to_bytes(2, "big") + payload


def told(
    tmp_path: Path, exif: bytes = b"", xmp: bytes = b"", iptc: bytes = b""
) -> tuple[str | None, str | None]:
    """The credit and licence of a JPEG with these metadata."""
    options = {name: data for name, data in (("exif", exif), ("xmp", xmp)) if data}
    content = encoded(quarters(), "JPEG", **options)
    path = tmp_path / "x.jpg"
    path.write_bytes(content[:2] + iptc + content[2:])
    with decoded(path, Limits(100)) as photo:
        return photo.metadata.credit, photo.metadata.licence


@pytest.mark.parametrize("where", ["exif", "xmp", "iptc"])
def test_the_creator_is_credited_wherever_it_is_written(tmp_path: Path, where: str) -> None:
    written = {
        "exif": {"exif": exif("Ada")},
        "xmp": {"xmp": xmp("Ada")},
        "iptc": {"iptc": iptc("Ada")},
    }[where]
    assert told(tmp_path, **written) == ("Ada", None)


def test_exif_comes_before_xmp_and_xmp_before_iptc(tmp_path: Path) -> None:
    all_three = {"exif": exif("Exif"), "xmp": xmp("Xmp"), "iptc": iptc("Iptc", digest=b"own")}
    assert told(tmp_path, **all_three)[0] == "Exif"
    assert told(tmp_path, xmp=all_three["xmp"], iptc=all_three["iptc"])[0] == "Xmp"


def test_iptc_that_was_changed_after_the_xmp_comes_before_it(tmp_path: Path) -> None:
    newer = iptc("Iptc", digest=hashlib.md5(b"what it was").digest())
    assert told(tmp_path, xmp=xmp("Xmp"), iptc=newer)[0] == "Iptc"
    # Exif is still the first.
    assert told(tmp_path, exif=exif("Exif"), xmp=xmp("Xmp"), iptc=newer)[0] == "Exif"


def test_the_credit_line_wins_over_the_creator_and_the_creator_over_the_notice(
    tmp_path: Path,
) -> None:
    line = xmp("Ada", rights="(c) Agency", credit="Ada / Agency")
    assert told(tmp_path, exif=exif("Camera"), xmp=line)[0] == "Ada / Agency"
    assert told(tmp_path, xmp=xmp("Ada", rights="(c) Agency"))[0] == "Ada"
    assert told(tmp_path, xmp=xmp(rights="(c) Agency"))[0] == "(c) Agency"


@pytest.mark.parametrize(
    ("more", "rights", "licence"),
    [
        (
            '<cc:license rdf:resource="https://creativecommons.org/licenses/by-sa/4.0/"/>',
            "All rights reserved",
            "CC BY-SA 4.0",
        ),
        (
            "<xmpRights:WebStatement>http://creativecommons.org/publicdomain/zero/1.0/"
            "</xmpRights:WebStatement>",
            "",
            "CC0 1.0",
        ),
        ("", "See https://creativecommons.org/licenses/by/2.5/ for terms", "CC BY 2.5"),
        ("<xmpRights:UsageTerms>Ask me first</xmpRights:UsageTerms>", "", "Ask me first"),
        ("", "(c) Ada", None),
    ],
)
def test_the_licence_is_a_creative_commons_one_or_a_free_text(
    tmp_path: Path, more: str, rights: str, licence: str | None
) -> None:
    assert told(tmp_path, xmp=xmp(rights=rights, more=more))[1] == licence
