"""Finds the photos and bollards that curation.toml names, even after they were renamed."""

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType

from generator.errors import Problem
from generator.filenames import FileNames, below_photos, loose, suggestion

FILE = "curation.toml"
_NONE: Mapping[str, str] = MappingProxyType({})
# Suggestions take time, and nobody reads more than these.
_HINTS = 20


def nearest(wrong: str, known: Iterable[str]) -> str:
    """ " Did you mean …?" with the most similar known name, or ""."""
    close = difflib.get_close_matches(wrong, known, n=1, cutoff=0.4)
    return f" Did you mean {close[0]}?" if close else ""


class PhotoNames:
    """Looks up references and collects those that cannot be found.

    A reference is the id of a photo, the name of its file or of a copy of it, now or at an earlier
    build, in any spelling that `generator.filenames` understands, or the key of a bollard.
    """

    def __init__(
        self,
        bollards: Mapping[str, Collection[str]],
        files: Mapping[str, str],
        former: Mapping[str, str],
        names: Mapping[str, str] = _NONE,
        aliases: Mapping[str, str] = _NONE,
    ) -> None:
        self.problems: list[Problem] = []
        self._bollards = bollards
        self._files = files
        self._former = former
        self._aliases = aliases
        self._bollard_of = {photo: key for key, photos in bollards.items() for photo in photos}
        # Of several bollards in one photo, the one that has the photo's id has its name.
        self._id_of = {file: photo for photo, file in files.items()} | {
            file: photo for file, photo in names.items() if photo in self._bollard_of
        }
        self._names = FileNames(self._id_of)
        self._former_names = FileNames(former)
        self._keys = FileNames(bollards)
        self._were: dict[str, list[str]] = {}
        for file, photo in sorted(former.items()):
            self._were.setdefault(photo, []).append(file)

    def photo(self, reference: str, where: str) -> str | None:
        """The id of the referenced photo; None, and a problem, if it does not exist."""
        return self._only(self._meant(reference), reference, where)

    def bollard(self, reference: str, where: str) -> str | None:
        """The key of the referenced bollard; None, and a problem, if it does not exist."""
        if reference in self._bollards and reference not in self._bollard_of:
            return reference
        meant = self._meant(reference)
        if not meant and (keys := self._keys.find(reference)):
            meant = tuple(min(self._bollards[key]) for key in keys)
        bollards = {self._bollard_of[photo] for photo in meant or self._view_of(reference)}
        if len(bollards) == 1:
            return bollards.pop()
        self._only(meant if bollards else (), reference, where)
        return None

    def now(self, reference: str) -> tuple[str, ...]:
        """The ids of the photos that have this name now: one by its id, else by name."""
        known = self.by_id(reference)
        if known is not None:
            return (known,)
        return self._at(self._names.find(reference))

    def by_id(self, reference: str) -> str | None:
        """The id of the existing photo that has, or had, this id or SHA-256."""
        text = reference.strip().lower()
        for known in (text, text[:12] if len(text) == 64 else text):
            photo = self._aliases.get(known, known)
            if photo in self._bollard_of:
                return photo
        return None

    def once(self, reference: str) -> tuple[str, ...]:
        """The ids of existing photos that once had this name."""
        ids = (self._former[name] for name in self._former_names.find(reference))
        return tuple(dict.fromkeys(photo for one in ids if (photo := self.by_id(one))))

    def former_ids(self, reference: str) -> tuple[str, ...]:
        """The ids of all photos that once had this name or id, whether they exist or not."""
        ids = [self._former[name] for name in self._former_names.find(reference)]
        return tuple(dict.fromkeys([*ids, *([reference] if reference in self._were else ())]))

    def in_place_of(self, reference: str) -> tuple[str, ...]:
        """The ids of photos in files that once had a photo with this id or name."""
        gone = {reference, *(self._former[name] for name in self._former_names.find(reference))}
        files = [file for photo in sorted(gone) for file in self._were.get(photo, ())]
        return self._at(name for file in files for name in self._names.find(file))

    def like_named(self, reference: str) -> tuple[str, ...]:
        """The ids of photos in any folder with this file name, whatever its extension."""
        wanted = PurePosixPath(below_photos(reference)).stem
        return self._at(
            file for file in sorted(self._id_of) if PurePosixPath(loose(file)).stem == wanted
        )

    def known_file(self, reference: str) -> str:
        """The file of a photo that is gone, by its id or by the file itself; "" if unknown."""
        if found := self._former_names.find(reference):
            return found[0]
        return self._were.get(reference, [""])[0]

    def file(self, photo: str) -> str:
        """The file of an existing photo."""
        return self._files.get(photo, photo)

    def hint(self, reference: str) -> str:
        """ " Did you mean …?", for a limited number of references."""
        if len(self.problems) >= _HINTS:
            return ""
        known = [*self._files.values(), *self._bollard_of, *self._bollards]
        return suggestion(reference, known)

    def _at(self, files: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._id_of[file] for file in files))

    def _meant(self, reference: str) -> tuple[str, ...]:
        """By id, by file, by a former file name, or as the replacement of a photo that is gone."""
        return self.now(reference) or self.once(reference) or self.in_place_of(reference)

    def _only(self, photos: Sequence[str], reference: str, where: str) -> str | None:
        if len(photos) == 1:
            return photos[0]
        if photos:
            files = " or ".join(sorted(self.file(photo) for photo in photos))
            self._problem(f"{where}: this may be {files}. Write one of them exactly.")
        else:
            self._missing(reference, where)
        return None

    def agree(
        self,
        said: dict[str, str],
        key: str,
        value: str,
        where: str,
        by: dict[tuple[str, str], str],
        name: str,
    ) -> None:
        """Note a decision about a bollard; of two entries about one bollard the last one counts."""
        if said.get(key, value) != value:
            self._problem(
                f"{where}: this is the bollard of {by[name, key]} too, which gives it another"
                f" {name}. This one counts, because it comes later; remove the other."
            )
        said[key] = value
        by[name, key] = where

    def _view_of(self, key: str) -> tuple[str, ...]:
        """A photo that was a view of a bollard with this key before files were renamed."""
        wanted = below_photos(key)
        for file, photo in sorted(self._former.items()):
            stem = str(PurePosixPath(loose(file)).with_suffix(""))
            if stem.startswith(wanted) and len(stem) <= len(wanted) + 1 and self.by_id(photo):
                return (photo,)
        return ()

    def _missing(self, reference: str, where: str) -> None:
        was = self.known_file(reference)
        if was:
            told = f" ({was})" if was != reference else ""
            self._problem(
                f"{where}: this photo{told} is gone from photos/. Your decision stays here and"
                " counts again when it comes back; remove the entry if it will not."
            )
            return
        self._problem(f"{where}: there is no such photo or bollard.{self.hint(reference)}")

    def _problem(self, reason: str) -> None:
        self.problems.append(Problem(FILE, reason, skipped=False))
