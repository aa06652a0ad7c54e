"""The service worker: visited pages, all types' pictures and the recogniser work offline.

It needs three files for each build. `sw.js`, at the root, is `static/worker/sw.js` preceded by the
details of this build. A list names the files of the build. A table has, for each page, the
beginning of the SHA-256 of its path, a zero byte and its content. The worker keeps a page only if
its digest is in the table, so what it keeps is never a mixture of two builds, however a host
updates its files.

A fourth file, `offline.json`, is read by `static/js/keep.js` when a visitor asks to keep a
continent or everything. It lists the pages and files of each of these sets.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

from generator.catalogue import Catalogue
from generator.language.continents import CONTINENTS, continent_of
from generator.output import Output
from generator.resources import STATIC

WORKER = "sw.js"
OFFLINE = "offline.html"
SETS = "offline.json"
# Bytes of a digest: with 100,000 pages, one in a billion builds would accept a page of another
# build.
_DIGEST = 6
_CARD_WIDTH = 240
# Pages that belong to the whole collection only. Comparisons of two countries are left out: they
# would double the size (9.2 MB in 813 pages at 764 photos).
_WHOLE = {"map/", "only-here/", "one-offs/", "about/"}
# Every page needs these; large files, such as the recogniser, are kept once a visitor uses them.
_DATA = re.compile(r"assets/(quiz/[^/]+|(types|search|elsewhere)\.[^/]+)\.json")
_SHELL = re.compile(r"assets/([^/]+\.(css|js|svg)|logo\.[^/]+|(emblems|flags|fonts)/[^/]+)")


def write_service_worker(catalogue: Catalogue, out: Output) -> None:
    """Write the worker for a site whose other files are all in `out`."""
    prefixes = [edition.prefix for edition in catalogue.site.editions]
    table = b"".join(sorted(digest[:_DIGEST] for digest in out.page_digests.values()))
    assets = [path for path in out.files if path.startswith("assets/")]
    lists = {
        "cards": list(dict.fromkeys(_cards(catalogue))),
        "shell": [path for path in assets if _SHELL.fullmatch(path)],
        "assets": assets,
    }
    build = {
        "pages": out.write_lasting("assets/offline/pages.bin", table),
        "lists": out.write_lasting("assets/offline/files.json", _json(lists).encode()),
        "digest": _DIGEST,
        **({"pictures": away} if (away := catalogue.site.pictures_url) else {}),
        "offline": {prefix: f"{prefix}{OFFLINE}" for prefix in prefixes},
    }
    out.write(SETS, _json(_sets(catalogue, out)))
    source = (STATIC / "worker" / "sw.js").read_text(encoding="utf-8")
    out.write(WORKER, f"const BUILD = {_json(build)};\n{source}")


def _sets(catalogue: Catalogue, out: Output) -> dict[str, Any]:
    """What belongs to each set: "" is everything, the others are continents.

    `{"build": digest of the rest, "pages": {path: [digest, bytes]}, "files": {path: bytes}, "sets":
    {"EU": {"types": number, "pages": [address], "files": [path]}}, "pictures": address}`, the last
    if pictures are on another host. Addresses are those of the
    language at the root; other languages have them below their prefix. A digest is the beginning of
    the one in the table, hexadecimal. Of each photo there is one picture, the smallest for cards.
    """
    prefixes = sorted({edition.prefix for edition in catalogue.site.editions} | {""})
    data = [path for path in out.files if _DATA.fullmatch(path)]
    addresses = [path.removesuffix("index.html") for path in out.page_digests]
    found: dict[str, Any] = {}
    for code in ("", *CONTINENTS):
        countries = [
            one for one in catalogue.countries if not code or continent_of(one.code) == code
        ]
        here = {country.code for country in countries}
        types = [
            type_
            for type_ in catalogue.types
            if any(share.code in here for share in type_.countries)
        ]
        if not types:
            continue
        folders = [
            *("quiz/", "learn/"),
            *(f"types/{type_.id}/" for type_ in types),
            *(f"countries/{country.slug}/" for country in countries),
        ]
        pages = {"", "types/", "countries/"} | (set() if code else _WHOLE)
        pages |= {address for address in addresses if address.startswith(tuple(folders))}
        photos = dict.fromkeys(
            [photo for type_ in types for photo in type_.photos]
            + [photo for country in countries for photo in country.one_offs]
        )
        pictures = (_smallest(catalogue, photo) for photo in photos)
        found[code] = {
            "types": len(types),
            "pages": sorted(pages & set(addresses)),
            "files": list(dict.fromkeys([*pictures, *data])),
        }
    sized = {path for one in found.values() for path in one["files"]}
    listed = {
        f"{prefix}{page}" for page in found.get("", {"pages": []})["pages"] for prefix in prefixes
    }
    digests = {path.removesuffix("index.html"): digest for path, digest in out.page_digests.items()}
    content = {
        "pages": {
            page: [digests[page][:_DIGEST].hex(), _size(out, page)]
            for page in sorted(listed & digests.keys())
        },
        "files": {path: _size(out, path) for path in sorted(sized)},
        **({"pictures": away} if (away := catalogue.site.pictures_url) else {}),
        "sets": found,
    }
    return {"build": hashlib.sha256(_json(content).encode()).hexdigest()[:16], **content}


def _size(out: Output, path: str) -> int:
    """Bytes of a file, or of a page by its address."""
    page = f"{path}index.html" if not path or path.endswith("/") else path
    return (out.root / page).stat().st_size


def _smallest(catalogue: Catalogue, photo: str) -> str:
    sizes = catalogue.photo[photo].pictures.card
    return next((size for size in sizes if size.width >= _CARD_WIDTH), sizes[-1]).path


def _cards(catalogue: Catalogue) -> Iterable[str]:
    """The smallest picture of each type that is large enough for a card."""
    for type_ in catalogue.types:
        yield _smallest(catalogue, type_.representative)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
