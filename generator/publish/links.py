"""Checks that every link, picture and anchor inside the site has a target."""

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

_SELECTOR = "[href], [src], [srcset], [id], [poster], meta[content]"


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A page (relative to the site's root) and a broken link on it."""

    page: str
    link: str


@dataclass(frozen=True, slots=True)
class _Page:
    ids: frozenset[str]
    links: frozenset[str]


def broken_links(root: Path, base_url: str = "") -> list[BrokenLink]:
    """Check all pages below `root`.

    Args:
        root: the folder of a finished site.
        base_url: the site's own address; links that begin with it count as internal.
    """
    files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    pages = {
        name: _read(root / name, base_url)
        for name in sorted(files)
        if name.endswith((".html", ".svg")) and not name.startswith("assets/flags/")
    }
    base_path = urlsplit(base_url).path or "/"
    broken = []
    for name, page in pages.items():
        for link in sorted(page.links):
            try:
                target = _target(name, link, base_url, base_path)
            except ValueError:
                # Such as "http://[": no browser could follow it either.
                broken.append(BrokenLink(name, link))
                continue
            if target is None:
                continue
            path, anchor = target
            if path not in files or (anchor and not _has_anchor(pages.get(path), anchor)):
                broken.append(BrokenLink(name, link))
    return broken


def _read(path: Path, base_url: str) -> _Page:
    tree = LexborHTMLParser(path.read_bytes())
    ids, links = set(), set()
    for node in tree.css(_SELECTOR):
        attributes = node.attributes
        for key, value in attributes.items():
            if not value:
                continue
            if key == "id":
                ids.add(value)
            elif key in ("href", "src", "poster"):
                links.add(value.strip())
            elif key == "content":
                # Link previews: the picture and address that other sites show.
                if base_url and value.startswith(base_url):
                    links.add(value)
            elif key == "srcset":
                links.update(_srcset(value))
    return _Page(frozenset(ids), frozenset(links))


def _srcset(value: str) -> Iterator[str]:
    for candidate in value.split(","):
        words = candidate.split()
        if words:
            yield words[0]


def _target(page: str, link: str, base_url: str, base_path: str) -> tuple[str, str] | None:
    """The file and anchor that an internal link points to; None for links to other sites."""
    if base_url and link.startswith(base_url):
        link = "/" + link[len(base_url) :]
        base_path = "/"
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    if not path:
        return page, unquote(parts.fragment)
    if path.startswith("/"):
        # Under a sub-path this is the host's page, not the site's.
        within = path.startswith(base_path)
        resolved = path.removeprefix(base_path).lstrip("/") if within else path
    else:
        resolved = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
        if path.endswith(("/", "/.", "/..")) or path in (".", ".."):
            resolved += "/"
        if resolved == "./":
            resolved = ""
    if not resolved or resolved.endswith("/"):
        resolved += "index.html"
    return resolved, unquote(parts.fragment)


def _has_anchor(page: _Page | None, anchor: str) -> bool:
    # "#top" leads to the top of any page (HTML, "Navigating to a fragment").
    return page is not None and (anchor in page.ids or anchor.lower() == "top")


def describe(broken: Iterable[BrokenLink], limit: int = 10) -> str:
    """The first few broken links, one a line."""
    lines = [f"  {link.page}: {link.link}" for link in broken]
    if len(lines) > limit:
        lines[limit:] = [f"  … and {len(lines) - limit} more"]
    return "\n".join(lines)
