"""The service worker: what was visited, all types' pictures and the recogniser without network.

Three files. `sw.js`, at the root, is `static/worker/sw.js` with the facts of this build before it.
A list says which files the build has. A table holds, for each page, the beginning of the SHA-256
of its path, a zero byte and its content: the worker keeps a page only when the table knows it, so
that what is kept is never a mixture of two builds, however the host brings a new one in.
"""

import json
import re
from collections.abc import Iterable

from generator.catalogue import Catalogue
from generator.output import Output
from generator.resources import STATIC

WORKER = "sw.js"
OFFLINE = "offline.html"
# Bytes of a digest; of 100,000 pages one in a billion builds would take a foreign page for its own.
_DIGEST = 6
_PLATE_WIDTH = 240
# What every page is made of; large things, such as the recogniser, are kept by those who use them.
_SHELL = re.compile(r"assets/([^/]+\.(css|js|svg)|(emblems|flags)/[^/]+)")


def write_service_worker(catalogue: Catalogue, out: Output) -> None:
    """Write the worker of a site whose other files are all in `out`."""
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
    """The smallest picture of each type that fills a plate."""
    for kind in catalogue.types:
        sizes = catalogue.photo[kind.representative].pictures.card
        yield next((size for size in sizes if size.width >= _PLATE_WIDTH), sizes[-1]).path


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
