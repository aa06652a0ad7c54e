"""The pages of the last build: what each was made from, its digest and its links.

A page is made again only if its key or the state of what it read has changed. Otherwise the file of
the last build is used, after a check that it has the digest that is kept here; so a damaged page
is never published, and a lost store costs time only.
"""

import contextlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.keep import DamagedError, kept_at, read_checked, write_checked

# Raise this when the content of the file changes.
_VERSION = 2
# Strings that no page uses any more are dropped when there are this many times as many as needed.
_SLACK = 2


@dataclass(frozen=True, slots=True)
class Links:
    """What a page says to a check of links.

    Attributes:
        ids: the anchors that it has.
        targets: the files and anchors that it leads to, as one text each.
        unreadable: the links that no browser could follow.
    """

    ids: Collection[str]
    targets: Collection[str]
    unreadable: Collection[str] = ()


@dataclass(slots=True)
class _Kept:
    """One page; the numbers are those of strings in the store.

    Attributes:
        key: of everything that the page is given.
        state: of everything that it read besides, see `reads`.
        digest: SHA-256 of path, zero byte and content, hexadecimal.
        links: None until they are known.
    """

    key: str
    state: str
    digest: str
    reads: list[int]
    links: tuple[list[int], list[int], list[int]] | None = None


@dataclass(frozen=True, slots=True)
class PageGroup:
    """Pages that are made from the same values, see `generator.render.page_maker.Maker.group`.

    Attributes:
        key: of everything that the group is given.
        templates: the templates of its pages.
        addresses: the addresses of its pages, in their order.
    """

    key: str
    templates: list[str]
    addresses: list[str]


class PageStore:
    """Reads and writes the store; not safe to use from several threads.

    Attributes:
        before: the folder with the files of the last build, or None.
        references: for templates, by the digest of their source: the templates that they name, see
            `generator.render.template_digests`.
        groups: the groups of pages of the last build, by name.
        new_groups: those of this build.
    """

    def __init__(
        self, folder: Path | None = None, before: Path | None = None, base_url: str = ""
    ) -> None:
        """Open the store in `folder`; without one, nothing is known and nothing is kept.

        With another `base_url` (of pages, or of pictures) than at the last build nothing is known
        either: the same link may lead to another place.
        """
        self._base_url = base_url
        self.before = before
        self.references: dict[str, list[str | None]] = {}
        self._path = kept_at(folder / "pages.json") if folder else None
        self.groups: dict[str, PageGroup] = {}
        self.new_groups: dict[str, PageGroup] = {}
        self._old: dict[str, _Kept] = {}
        self._new: dict[str, _Kept] = {}
        self._strings: list[str] = []
        self._needed = 0
        if self._path is not None:
            with contextlib.suppress(OSError, DamagedError, ValueError, KeyError, TypeError):
                self._load(json.loads(read_checked(self._path)))
        self._number = {text: number for number, text in enumerate(self._strings)}

    def _load(self, found: dict[str, Any]) -> None:
        if found["version"] != _VERSION or found["base_url"] != self._base_url:
            return
        pages = {path: _Kept(*fields) for path, fields in found["pages"].items()}
        groups = {name: PageGroup(*fields) for name, fields in found["groups"].items()}
        self._strings, self._needed = found["strings"], found["needed"]
        self.references, self._old, self.groups = found["references"], pages, groups

    def known(self, path: str, key: str | None) -> tuple[list[str], str, str] | None:
        """What the page at `path` read, the state of that, and the page's digest.

        None if it is not known, or if it was made from something else: a `key` is given, and it has
        another one.
        """
        kept = self._old.get(path)
        if kept is None or key not in (None, kept.key):
            return None
        return [self._strings[number] for number in kept.reads], kept.state, kept.digest

    def keep(self, path: str) -> None:
        """The page at `path` is used again."""
        self._new[path] = self._old[path]

    def add(self, path: str, key: str, reads: Iterable[str], state: str) -> None:
        """The page at `path` has been made; its digest and links follow."""
        self._new[path] = _Kept(key, state, "", self._numbers(reads))

    def links(self, path: str, digest: bytes | None = None) -> Links | None:
        """The links of a page, if they are known.

        Args:
            path: of the page.
            digest: of its content, see `generator.output.Output.page_digests`. A page that was made
                again and came out the same has the links that it had.
        """
        kept = self._new.get(path)
        if kept is None:
            return None
        if kept.links is None and digest is not None:
            old = self._old.get(path)
            if old is not None and old.digest == digest.hex():
                kept.links = old.links
        if kept.links is None:
            return None
        ids, targets, unreadable = ([self._strings[one] for one in some] for some in kept.links)
        return Links(ids, targets, unreadable)

    def add_links(self, path: str, links: Links) -> None:
        """Keep the links of a page."""
        if path in self._new:
            self._new[path].links = (
                self._numbers(links.ids),
                self._numbers(links.targets),
                self._numbers(links.unreadable),
            )

    def save(self, digests: dict[str, bytes]) -> None:
        """Write the store for the next build, with the pages of this one.

        Args:
            digests: see `generator.output.Output.page_digests`.
        """
        if self._path is None:
            return
        for path, page in self._new.items():
            page.digest = digests[path].hex()
        self._compact()
        content = {
            "version": _VERSION,
            "base_url": self._base_url,
            "strings": self._strings,
            "needed": self._needed,
            "references": self.references,
            "groups": {
                name: [group.key, group.templates, group.addresses]
                for name, group in self.new_groups.items()
            },
            "pages": {
                path: [page.key, page.state, page.digest, page.reads, page.links]
                for path, page in self._new.items()
            },
        }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        write_checked(self._path, text.encode("utf-8", "surrogatepass"))

    def _numbers(self, texts: Iterable[str]) -> list[int]:
        numbers = []
        for text in texts:
            number = self._number.get(text)
            if number is None:
                number = self._number[text] = len(self._strings)
                self._strings.append(text)
            numbers.append(number)
        return numbers

    def _compact(self) -> None:
        if len(self._strings) <= _SLACK * self._needed:
            return
        used: set[int] = set()
        for page in self._new.values():
            used.update(page.reads, *(page.links or ()))
        order = sorted(used)
        moved_to = {number: position for position, number in enumerate(order)}
        for page in self._new.values():
            page.reads = _moved(page.reads, moved_to)
            if page.links is not None:
                ids, targets, unreadable = page.links
                page.links = (
                    _moved(ids, moved_to),
                    _moved(targets, moved_to),
                    _moved(unreadable, moved_to),
                )
        self._strings = [self._strings[number] for number in order]
        self._number = {text: number for number, text in enumerate(self._strings)}
        self._needed = len(order)


def _moved(numbers: Sequence[int], moved_to: dict[int, int]) -> list[int]:
    return [moved_to[number] for number in numbers]
