"""The service worker: visited pages, all types' pictures and the recogniser work offline.

It needs three files. `sw.js`, at the root, is `static/worker/sw.js` preceded by the details of this
build. A list names the files of the build. A table has, for each page, the beginning of the SHA-256
of its path, a zero byte and its content. The worker keeps a page only if its digest is in the
table, so what it keeps is never a mixture of two builds, however a host updates its files.
"""

import json
import re
from collections.abc import Iterable

from generator.catalogue import Catalogue
from generator.output import Output
from generator.resources import STATIC

WORKER = "sw.js"
OFFLINE = "offline.html"
# Bytes of a digest: with 100,000 pages, one in a billion builds would accept a page of another
# build.
_DIGEST = 6
_PLATE_WIDTH = 240
# Every page needs these; large files, such as the recogniser, are kept once a visitor uses them.
_SHELL = re.compile(r"assets/([^/]+\.(css|js|svg)|(emblems|flags)/[^/]+)")


def write_service_worker(catalogue: Catalogue, out: Output) -> None:
    """Write the worker for a site whose other files are all in `out`."""
    prefixes = [edition.prefix for edition in catalogue.site.editions]
    table = b"".join(sorted(digest[:_DIGEST] for digest in out.page_digests.values()))
    assets = [path for path in out.files if path.startswith("assets/")]
    lists = {
        "plates": list(dict.fromkeys(_plates(catalogue))),
        "shell": [path for path in assets if _SHELL.fullmatch(path)],
        "assets": assets,
    }
    build = {
        "pages": out.write_lasting("assets/offline/pages.bin", table),
        "lists": out.write_lasting("assets/offline/files.json", _json(lists).encode()),
        "digest": _DIGEST,
        "offline": {prefix: f"{prefix}{OFFLINE}" for prefix in prefixes},
    }
    source = (STATIC / "worker" / "sw.js").read_text(encoding="utf-8")
    out.write(WORKER, f"const BUILD = {_json(build)};\n{source}")


def _plates(catalogue: Catalogue) -> Iterable[str]:
    """The smallest picture of each type that is large enough for a card."""
    for kind in catalogue.types:
        sizes = catalogue.photo[kind.representative].pictures.card
        yield next((size for size in sizes if size.width >= _PLATE_WIDTH), sizes[-1]).path


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
