"""Finds the file that a written name means, by one rule for the whole program.

`photos.csv`, `curation.toml`, notes and the ledger all name files, and a name changes on its way:
macOS decomposes accents, Windows turns slashes round, editors capitalise, copying adds spaces.
The three forms below go from strict to loose. A looser form is only asked where no stricter one
finds a file, so that `a.jpg` and `A.JPG` are two files where both exist, and else the same one.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cached_property

_FOLDER = "photos/"


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
    """A path as it sounds: case, white space and characters that nobody sees make no difference."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    spaced = " ".join(folded.split())
    seen = "".join(char for char in spaced if unicodedata.category(char) not in ("Cf", "Cc"))
    # White space at the end of a folder, and before a file's ending, is invisible as well.
    return re.sub(r" *([/.]) *", r"\1", " ".join(plain(seen).split()))


class FileNames:
    """Files, to be found by names that people wrote."""

    def __init__(self, files: Iterable[str]) -> None:
        """`files` are paths below `photos/`, as the file system spells them."""
        self._files = frozenset(files)

    def find(self, written: str) -> tuple[str, ...]:
        """The files that a name may mean, in order: usually one, none where it names nothing.

        Several are possible where they differ only in what the matching form leaves out.
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


def below_photos(written: str) -> str:
    """A loose name without a leading folder `photos/`."""
    return loose(written).removeprefix(_FOLDER)


def _variants(name: str) -> tuple[str, ...]:
    """A name as it is, and as it would be told from within `photos/`."""
    variants = [name, name.removeprefix(_FOLDER)]
    if f"/{_FOLDER}" in name:
        # An absolute path, as file managers copy it.
        variants.append(name.rpartition(f"/{_FOLDER}")[2])
    return tuple(dict.fromkeys(variants))


def _table(files: Iterable[str], form: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for file in sorted(files):
        table.setdefault(form(file), []).append(file)
    return {key: tuple(found) for key, found in table.items()}
