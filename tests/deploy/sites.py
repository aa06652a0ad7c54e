"""Two small sites, the second a later state of the first, and a visitor who looks for gaps."""

import json
import posixpath
import re
import shutil
from collections.abc import Callable

from generator.project import Project

_LONG = "<p>White posts with a slanted black band.</p>\n" * 40


def _page(root: str, style: str, body: str) -> str:
    return f'<!DOCTYPE html><link rel="stylesheet" href="{root}assets/{style}">{body}{_LONG}'


def _files(version: int) -> dict[str, str | bytes]:
    """Version 2: type a is gone, b is new, c has another picture, the style has changed."""
    style = f"site.{version}.css"
    types = {1: {"a": "p1", "c": "p3"}, 2: {"b": "p2", "c": "p4"}}[version]
    pages = [f"types/{key}/" for key in types]
    files: dict[str, str | bytes] = {
        f"assets/{style}": f"p{{margin:{version}px}}\n" * 100,
        "assets/icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "index.html": _page("", style, "".join(f'<a href="{page}">t</a>' for page in pages)),
        "404.html": _page("", style, "Not here"),
        "about/index.html": _page("../", style, '<a href="../">Home</a>'),
        "data/catalogue.json": json.dumps({"version": version, "pages": pages}),
        "data/types.csv": "type,country\n",
        "data/bollard-types.ts": "export const types = [];\n",
        "feed.xml": f"<feed>{version}</feed>",
        "robots.txt": "User-agent: *\n",
        "_headers": "/*\n",
        ".nojekyll": "",
    }
    for key, picture in types.items():
        body = f'<img src="../../pictures/{picture}.webp"><a href="../../">Home</a>'
        files[f"types/{key}/index.html"] = _page("../../", style, body)
        files[f"pictures/{picture}.webp"] = f"RIFF {picture} ".encode() * 200
    return files


def build_version(project: Project, version: int, pictures_url: str = "") -> dict[str, bytes]:
    """Put a version of the site into `public/`; returns its files.

    With `pictures_url` its pages have their pictures from there, and its settings say so.
    """
    files = {
        path: content.encode() if isinstance(content, str) else content
        for path, content in _files(version).items()
    }
    if pictures_url:
        project.settings.write_text(f'[pictures]\nbase_url = "{pictures_url}"\n', encoding="utf-8")
        files["data/index.json"] = json.dumps({"pictures": pictures_url}).encode()
        for path in [path for path in files if path.endswith(".html")]:
            files[path] = files[path].replace(
                b"../../pictures/", f"{pictures_url}pictures/".encode()
            )
    shutil.rmtree(project.public, ignore_errors=True)
    for name, content in files.items():
        target = project.public / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return files


def holes(fetch: Callable[[str], bytes | None]) -> list[str]:
    """The files that are missing for a visitor who opens the home page and follows every link.

    Args:
        fetch: the content of an address below the site's root, or None if there is none.
    """
    missing: list[str] = []
    seen: set[str] = set()
    waiting = [("", "the address itself")]
    while waiting:
        address, found_on = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        page = address == "" or address.endswith("/")
        content = fetch(address + "index.html" if page else address)
        if content is None:
            missing.append(f"{address} (on {found_on})")
        elif page:
            for link in re.findall(r'(?:href|src)="([^"]+)"', content.decode()):
                target = posixpath.normpath(posixpath.join("/", address, link)).lstrip("/")
                waiting.append((f"{target}/" if link.endswith("/") and target else target, address))
    # The search of the pages leads to what the data names.
    named = json.loads(fetch("data/catalogue.json") or b'{"pages": []}')["pages"]
    return missing + [f"{page} (in data)" for page in named if fetch(f"{page}index.html") is None]
