"""Finds the file that a written name refers to, by one rule for the whole program.

`photos.csv`, `curation.toml`, notes and the ledger all name files, and names change in transit:
macOS decomposes accents, Windows uses backslashes, editors capitalise, copying adds spaces. The
three forms below go from strict to loose. A looser form is tried only if no stricter one finds a
file: `a.jpg` and `A.JPG` are two files if both exist, else the same file.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import PurePosixPath

_FOLDER = "photos/"
# Shares of equal characters from which on a path, and the name in it, are like another.
_LIKE_PATH = 0.6
_LIKE_NAME = 0.7
_CANDIDATES = 5


def plain(name: str) -> str:
    """A path in Unicode's composed form (NFC), with single forward slashes and without `./`."""
    path = unicodedata.normalize("NFC", name).replace("\\", "/")
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def loose(name: str) -> str:
    """A path without case, white space and invisible characters."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    spaced = " ".join(folded.split())
    seen = "".join(char for char in spaced if unicodedata.category(char) not in ("Cf", "Cc"))
    # White space at the end of a folder's name or before a file's extension is invisible as well.
    return re.sub(r" *([/.]) *", r"\1", " ".join(plain(seen).split()))


class FileNames:
    """Finds files by the names that people wrote."""

    def __init__(self, files: Iterable[str]) -> None:
        """`files` are paths below `photos/`, as the file system spells them."""
        self._files = frozenset(files)

    def find(self, written: str) -> tuple[str, ...]:
        """The files that a name may refer to, in order: usually one, or none.

        There are several if their names differ only in details that the matching form ignores.
        """
        if written in self._files:
            return (written,)
        for known, form in ((self._plain, plain), (self._loose, loose)):
            for variant in _variants(form(written)):
                if found := known.get(variant):
                    return found
        return ()

    @cached_property
    def _plain(self) -> dict[str, tuple[str, ...]]:
        return _table(self._files, plain)

    @cached_property
    def _loose(self) -> dict[str, tuple[str, ...]]:
        return _table(self._files, loose)


def suggestion(written: str, known: Iterable[str]) -> str:
    """ " Did you mean …?" with the known path that is most like the written one, or "".

    Folders and extensions make most paths alike, so the name itself must be near as well, or
    differ in one character: whoever writes 999a.jpg does not mean 391a.jpg.
    """
    path = plain(written).removeprefix(_FOLDER)
    name = PurePosixPath(path).stem.casefold()
    for one in difflib.get_close_matches(path, list(known), _CANDIDATES, _LIKE_PATH):
        other = PurePosixPath(one).stem.casefold()
        same = sum(
            block.size for block in difflib.SequenceMatcher(None, name, other).get_matching_blocks()
        )
        longest = max(len(name), len(other))
        if longest - same <= 1 or same / longest >= _LIKE_NAME:
            return f" Did you mean {one}?"
    return ""


def below_photos(written: str) -> str:
    """A loose name without a leading folder `photos/`."""
    return loose(written).removeprefix(_FOLDER)


def _variants(name: str) -> tuple[str, ...]:
    """A name as written, and as it would be written relative to `photos/`."""
    variants = [name, name.removeprefix(_FOLDER)]
    if f"/{_FOLDER}" in name:
        # File managers copy absolute paths.
        variants.append(name.rpartition(f"/{_FOLDER}")[2])
    return tuple(dict.fromkeys(variants))


def _table(files: Iterable[str], form: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for file in sorted(files):
        table.setdefault(form(file), []).append(file)
    return {key: tuple(found) for key, found in table.items()}
