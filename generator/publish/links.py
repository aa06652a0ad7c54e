"""Checks that every link, picture and anchor inside the site has a target."""

import posixpath
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from generator.page_store import Links, PageStore

# Between the path and the anchor of a target; no file of a site has it in its name.
_ANCHOR = "\x1f"
_SELECTOR = "[href], [src], [srcset], [id], [poster], meta[content]"


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A page (relative to the site's root) and a broken link on it."""

    page: str
    link: str


def broken_links(
    root: Path,
    base_url: str = "",
    files: Collection[str] | None = None,
    store: PageStore | None = None,
    digests: Mapping[str, bytes] | None = None,
    pictures_url: str = "",
) -> list[BrokenLink]:
    """Check all pages below `root`.

    Args:
        root: the folder of a finished site.
        base_url: the site's own address; links that begin with it count as internal.
        files: the paths of the site's files; without them, all files below `root`.
        store: has the links of pages that are as they were, and is given those of the others. All
            must have been made for the same `base_url` and `pictures_url`.
        digests: of pages, by path, see `generator.output.Output.page_digests`.
        pictures_url: where pictures will be, if not beside the pages. They are still checked here.
    """
    if files is None:
        files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    store = store or PageStore()
    bases = (pictures_url, base_url)
    pages: dict[str, Links] = {}
    for name in sorted(files):
        if name.endswith((".html", ".svg")) and not name.startswith("assets/flags/"):
            found = store.links(name, (digests or {}).get(name))
            if found is None:
                found = _read(root / name, name, bases)
                store.add_links(name, found)
            pages[name] = found
    # Each target once: most are on hundreds of pages.
    targets = set[str]().union(*(page.targets for page in pages.values()))
    nowhere = {target for target in targets if not _is_there(target, files, pages)}
    broken = []
    for name, page in pages.items():
        links = set(page.unreadable)
        if not nowhere.isdisjoint(page.targets):
            leads = _written(root / name, name, bases)[1]
            links.update(link for link, target in leads.items() if target in nowhere)
        broken += [BrokenLink(name, link) for link in sorted(links)]
    return broken


def _is_there(target: str, files: Collection[str], pages: Mapping[str, Links]) -> bool:
    path, _, anchor = target.partition(_ANCHOR)
    return path in files and (not anchor or _has_anchor(pages.get(path), anchor))


def _read(path: Path, name: str, bases: tuple[str, str]) -> Links:
    ids, leads = _written(path, name, bases)
    targets = {target for target in leads.values() if target}
    return Links(ids, targets, [link for link, target in leads.items() if target is None])


def _written(
    path: Path, name: str, bases: tuple[str, str]
) -> tuple[set[str], dict[str, str | None]]:
    """The anchors of a page, and the target of each link as it is written there.

    The target is "" for a link to another site and None for one that no browser can follow.
    """
    from selectolax.lexbor import LexborHTMLParser

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
                if any(base and value.startswith(base) for base in bases):
                    links.add(value)
            elif key == "srcset":
                links.update(_srcset(value))
    return ids, {link: _target(name, link, bases) for link in links}


def _srcset(value: str) -> Iterator[str]:
    for candidate in value.split(","):
        words = candidate.split()
        if words:
            yield words[0]


def _target(page: str, link: str, bases: tuple[str, str]) -> str | None:
    """The file and anchor that an internal link points to; see `_written`."""
    base_path = urlsplit(bases[1]).path or "/"
    own = next((base for base in bases if base and link.startswith(base)), "")
    if own:
        link = "/" + link[len(own) :]
        base_path = "/"
    try:
        parts = urlsplit(link)
    except ValueError:
        # Such as "http://[".
        return None
    if parts.scheme or parts.netloc:
        return ""
    path, anchor = unquote(parts.path), unquote(parts.fragment)
    if not path:
        return page + _ANCHOR + anchor
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
    return None if _ANCHOR in resolved else resolved + _ANCHOR + anchor


def _has_anchor(page: Links | None, anchor: str) -> bool:
    # "#top" leads to the top of any page (HTML, "Navigating to a fragment").
    return page is not None and (anchor in page.ids or anchor.lower() == "top")
