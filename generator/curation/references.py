"""The photos and bollards that curation.toml speaks of, found among those that are there.

A person may name a bollard by the id or the file of any of its photos, or by its key, and files
are renamed. What was renamed is found through the files that earlier builds saw.
"""

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import MappingProxyType

from generator.catalogue import Source
from generator.curation import Curation
from generator.errors import Problem

FILE = "curation.toml"
_NONE: Mapping[str, str] = MappingProxyType({})
# Looking for what was meant takes time, and nobody reads more of it.
_HINTS = 20


@dataclass(frozen=True, slots=True)
class Decisions:
    """A curation whose references are found; what concerns nothing that is there is left out.

    Attributes:
        curation: as it was written.
        pins: for each pinned bollard's key, the type's id as written, "" for a one-off.
        kept_out: for bollards, by key, the types they do not belong to.
        countries: corrected, by bollard key; "" for unknown.
        hidden: photo ids.
        pictures: the representative photo's id by type id.
        problems: references that lead nowhere, and decisions that contradict each other.
    """

    curation: Curation = field(default_factory=Curation)
    pins: Mapping[str, str] = field(default_factory=dict)
    kept_out: Mapping[str, frozenset[str]] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    pictures: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def look_up(
    curation: Curation,
    bollards: Mapping[str, Collection[str]],
    files: Mapping[str, str] = _NONE,
    former: Mapping[str, str] = _NONE,
) -> Decisions:
    """Find what a curation speaks of.

    Args:
        curation: what a person decided.
        bollards: the ids of each bollard's photos, by the bollard's key.
        files: the file of each photo below photos/, by id.
        former: the photo's id for each file that earlier builds saw, wherever it is now.
    """
    finder = _Finder(bollards, files, former)
    pins: dict[str, str] = {}
    kept_out: dict[str, frozenset[str]] = {}
    countries: dict[str, str] = {}
    by: dict[tuple[str, str], str] = {}
    for reference, said in curation.bollards.items():
        where = f'[bollards."{reference}"]'
        key = finder.bollard(reference, where)
        if key is None:
            continue
        if said.type is not None:
            finder.agree(pins, key, said.type, where, by, "type")
        if said.country is not None:
            finder.agree(countries, key, said.country, where, by, "country")
        if said.kept_out_of:
            kept_out[key] = kept_out.get(key, frozenset()) | frozenset(said.kept_out_of)
    hidden = {
        finder.photo(reference, f'[photos."{reference}"]')
        for reference, said in curation.photos.items()
        if said.hidden
    }
    pictures = {
        kind: finder.photo(said.picture, f"[types.{kind}] picture")
        for kind, said in curation.types.items()
        if said.picture
    }
    return Decisions(
        curation=curation,
        pins=pins,
        kept_out=kept_out,
        countries=countries,
        hidden=frozenset(photo for photo in hidden if photo),
        pictures={kind: photo for kind, photo in pictures.items() if photo},
        problems=tuple(finder.problems),
    )


def bollards_of(sources: Iterable[Source]) -> dict[str, list[str]]:
    """The ids of each bollard's photos by its key."""
    found: dict[str, list[str]] = {}
    for source in sources:
        found.setdefault(source.bollard, []).append(source.id)
    return found


def nearest(wrong: str, known: Iterable[str], cutoff: float = 0.4) -> str:
    """ " Did you mean …?" with the known name that looks most like this one, or ""."""
    close = difflib.get_close_matches(wrong, known, n=1, cutoff=cutoff)
    return f" Did you mean {close[0]}?" if close else ""


class _Finder:
    """Looks references up and collects what could not be found."""

    def __init__(
        self,
        bollards: Mapping[str, Collection[str]],
        files: Mapping[str, str],
        former: Mapping[str, str],
    ) -> None:
        self.problems: list[Problem] = []
        self._bollards = bollards
        self._files = files
        self._former = former
        self._bollard_of = {photo: key for key, photos in bollards.items() for photo in photos}
        self._id_of = {file: photo for photo, file in files.items()}
        self._file_was = {photo: file for file, photo in former.items()}

    def photo(self, reference: str, where: str) -> str | None:
        """The id of the photo that is meant; None, and a problem, when it is not there."""
        found = self._photo(_as_file(reference))
        if found is None:
            self._missing(reference, where)
        return found

    def bollard(self, reference: str, where: str) -> str | None:
        """The key of the bollard that is meant; None, and a problem, when it is not there."""
        if reference in self._bollards and reference not in self._bollard_of:
            return reference
        photo = self._photo(_as_file(reference)) or self._view_of(reference)
        if photo is None:
            self._missing(reference, where)
            return None
        return self._bollard_of[photo]

    def agree(
        self,
        said: dict[str, str],
        key: str,
        value: str,
        where: str,
        by: dict[tuple[str, str], str],
        name: str,
    ) -> None:
        """Note what is said of a bollard; of two entries about one bollard the last one counts."""
        if said.get(key, value) != value:
            self._problem(
                f"{where}: this is the bollard of {by[name, key]} too, which gives it another"
                f" {name}. This one counts, since it comes later; take the other out."
            )
        said[key] = value
        by[name, key] = where

    def _photo(self, reference: str) -> str | None:
        """By id, by file, by a file's former name, or as what took a gone photo's place."""
        if reference in self._bollard_of:
            return reference
        for photo in (
            self._id_of.get(reference),
            self._former.get(reference),
            self._id_of.get(self._file_was.get(reference, "")),
        ):
            if photo in self._bollard_of:
                return photo
        return None

    def _view_of(self, key: str) -> str | None:
        """A photo that was a view of a bollard with this key before files were renamed."""
        for file, photo in sorted(self._former.items()):
            stem = str(PurePosixPath(file).with_suffix(""))
            if stem.startswith(key) and len(stem) <= len(key) + 1 and photo in self._bollard_of:
                return photo
        return None

    def _missing(self, reference: str, where: str) -> None:
        file = _as_file(reference)
        was = reference if file in self._former else self._file_was.get(reference, "")
        if was:
            told = f" ({was})" if was != reference else ""
            self._problem(
                f"{where}: this photo{told} is gone from photos/. What you decided stays here and"
                " counts again when it comes back; take the entry out if it will not."
            )
            return
        hint = ""
        if len(self.problems) < _HINTS:
            known = [*self._files.values(), *self._bollard_of, *self._bollards]
            hint = nearest(file, known, 0.6)
        self._problem(f"{where}: there is no such photo or bollard.{hint}")

    def _problem(self, reason: str) -> None:
        self.problems.append(Problem(FILE, reason, skipped=False))


def _as_file(reference: str) -> str:
    """As a path below photos/, however its owner wrote it."""
    return reference.replace("\\", "/").removeprefix("./").removeprefix("photos/")
