"""The places of photos, from their rows in photos.csv or the folders they are in."""

import hashlib
import json
from collections import Counter
from collections.abc import MutableMapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.collect.files import PHOTOS, in_project
from generator.collect.table import TABLE, Row
from generator.errors import Problem

if TYPE_CHECKING:
    from generator.collect.gazetteer import Place


RULES = (
    "gazetteer.tsv",
    "composite.py",
    "countries.py",
    "gazetteer.py",
    "meaning.py",
    "names.py",
    "namesakes.py",
    "places.py",
    "reading.py",
    "regions.py",
    "regions.tsv",
    "remarks.py",
)
"""Files beside this one that decide the meaning of a name."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """The place of a photo according to names.

    Attributes:
        code: the country, ISO 3166-1 alpha-2; None when it is unknown.
        region: a part of it.
        region_code: the ISO 3166-2 code of the state, province or other first-level part of the
            country that `region` is, or is in.
        nearest: a name to suggest for an unknown one.
        candidates: English names of the places that a name could mean, followed by their codes:
            "Georgia (GE)", "United States (US)".
        unclear: of a known country, the name of a part that is no region for certain; then
            `nearest` or `candidates` has the regions that it could mean.
    """

    code: str | None
    region: str | None = None
    nearest: str | None = None
    candidates: tuple[str, ...] = ()
    region_code: str | None = None
    unclear: str | None = None

    def hint(self) -> str:
        """A suggestion for the owner at the end of a message; empty if there is none."""
        if self.candidates:
            *others, last = self.candidates
            return (
                f" It may mean {', '.join(others)} or {last}."
                if others
                else (f" Did you mean {last}?")
            )
        return f' Did you mean "{self.nearest}"?' if self.nearest else ""


@dataclass(slots=True)
class Places:
    """Looks up names of places, each once; new results go into `memory`, for later builds."""

    memory: MutableMapping[str, str]
    _folders: dict[str, NamedPlace] = field(default_factory=dict)
    _unknown: Counter[str] = field(default_factory=Counter)
    _unclear: Counter[str] = field(default_factory=Counter)
    _edition: str = ""

    def of_photo(self, file: str, row: Row) -> tuple[NamedPlace | None, list[Problem]]:
        """The place of one photo, None if unknown, and the problems in its row."""
        problems = []
        folder = file.rpartition("/")[0]
        place = self._folder(folder)
        if row["country"]:
            told = self._look_up([row["country"]])
            if not told.code:
                reason = (
                    f'line {row.line}: country: {_not_known(told)} "{row["country"]}".'
                    f"{told.hint()} Names and ISO codes are understood; the folder's name is used."
                )
                problems.append(Problem(TABLE, reason, skipped=False))
            elif told.region or told.code != place.code:
                place, folder = told, ""
        if not place.code:
            self._unknown[folder] += 1
            return None, problems
        if row["region"]:
            place, reason = self._in_region(place, row["region"])
            if reason:
                problems.append(Problem(TABLE, f"line {row.line}: region: {reason}", skipped=False))
        elif place.unclear and folder:
            self._unclear[folder] += 1
        return place, problems

    def _in_region(self, place: NamedPlace, cell: str) -> tuple[NamedPlace, str]:
        """A photo's place with the region that its row names, and what is wrong with the cell."""
        code = str(place.code)
        key = json.dumps([self._current_edition(), "region", code, cell])
        if key not in self.memory:
            found = named_region(code, cell)
            self.memory[key] = json.dumps(
                [found.region, found.region_code, found.nearest, found.candidates, found.unclear]
            )
        region, own, nearest, candidates, unclear = json.loads(self.memory[key])
        found = NamedPlace(code, region, nearest, tuple(candidates), own, unclear)
        if region is None:
            where = candidates[0].removeprefix(f"{cell} ")
            return place, f'"{cell}" is {where}, but the photo\'s country is {code}. {_OUT}'
        if unclear:
            return found, _unclear_region(found)
        return found, ""

    def country(self, file: str, row: Row) -> str | None:
        """The country of one file, None if unknown; reports nothing."""
        said = self._look_up([row["country"]]).code if row["country"] else None
        return said or self._folder(file.rpartition("/")[0]).code

    def problems(self) -> list[Problem]:
        """One problem for each folder whose photos are of unknown country or region."""
        problems = []
        for folder, count in sorted(self._unclear.items()):
            photos = "1 photo has" if count == 1 else f"{count} photos have"
            reason = (
                f"{_unclear_region(self._folder(folder))} {photos} no region. "
                f"Rename the folder, or fill the column region of {TABLE}."
            )
            problems.append(Problem(in_project(folder), reason, skipped=False))
        for folder, count in sorted(self._unknown.items()):
            photos = "1 photo" if count == 1 else f"{count} photos"
            if folder:
                names = ", ".join(f'"{name}"' for name in folder.split("/"))
                place = self._folder(folder)
                reason = (
                    f"{_not_known(place)} {names}; {photos} shown with unknown country."
                    f"{place.hint()} Rename the folder, or fill the column country of {TABLE}."
                )
            else:
                reason = (
                    f"{photos} in no country's folder, shown with unknown country. Move them into "
                    f"one, such as {PHOTOS}/germany/, or fill the column country of {TABLE}."
                )
            problems.append(Problem(in_project(folder), reason, skipped=False))
        return problems

    def _folder(self, folder: str) -> NamedPlace:
        if folder not in self._folders:
            self._folders[folder] = self._look_up(folder.split("/")) if folder else NamedPlace(None)
        return self._folders[folder]

    def _look_up(self, names: list[str]) -> NamedPlace:
        key = json.dumps([self._current_edition(), *names])
        kept = self.memory.get(key)
        if kept is not None:
            code, region, nearest, candidates, *part = json.loads(kept)
            return NamedPlace(code, region, nearest, tuple(candidates), *part)
        place = look_up(names)
        self.memory[key] = json.dumps(
            [
                place.code,
                place.region,
                place.nearest,
                place.candidates,
                place.region_code,
                place.unclear,
            ]
        )
        return place

    def _current_edition(self) -> str:
        """Changes whenever names may get another meaning: with the table or the rules."""
        if not self._edition:
            digest = hashlib.sha256()
            for file in RULES:
                digest.update(Path(__file__).with_name(file).read_bytes())
            self._edition = digest.hexdigest()[:16]
        return self._edition


def _not_known(place: NamedPlace) -> str:
    return "several countries could be" if place.candidates else "no country is called"


_OUT = "The cell is left out."


def _unclear_region(place: NamedPlace) -> str:
    told = "several regions could be" if place.candidates else "no region is called"
    return f'in {place.code}, {told} "{place.unclear}".{place.hint()}'


def look_up(names: list[str]) -> NamedPlace:
    """The place that nested folders mean, outermost first: the nearest that names a country.

    Inside a country's folder, a name is first a part of that country: usa/georgia is in the US.
    Many towns of the United States, Canada and Australia have a country's name: usa/lebanon is
    perhaps one.
    """
    from generator.collect.countries import candidates, nearest, resolve
    from generator.collect.namesakes import is_perhaps_within

    found, doubtful, inner = None, None, 0
    for number, name in enumerate(names, 1):
        place = resolve(name, found.code if found else None)
        if found and place and is_perhaps_within(place.code, found.code):
            doubtful = place
        elif place and (found is None or place.code != found.code or place.region):
            found, doubtful, inner = place, None, number
    if found and doubtful:
        return NamedPlace(None, candidates=(_described(doubtful), _described(found)))
    if found and found.region:
        return _with_code(found.code, found.region)
    if found:
        from generator.collect.regions import nearest_region

        # Most folders in a country's are no regions; only what is nearly one is worth a word.
        for name in reversed(names[inner:]):
            if near := nearest_region(found.code, name):
                return NamedPlace(found.code, nearest=near, unclear=name)
        return NamedPlace(found.code)
    for name in reversed(names):
        if several := candidates(name):
            return NamedPlace(None, candidates=tuple(_described(place) for place in several))
    guesses = [guess for name in reversed(names) if (guess := nearest(name))]
    return NamedPlace(None, None, guesses[0] if guesses else None)


def _described(place: "Place") -> str:
    if place.region:
        return f"{place.region} in {place.country_name} ({place.code})"
    return f"{place.country_name} ({place.code})"


def named_region(code: str, name: str) -> NamedPlace:
    """The part of a country that a name means; without a region if it is in another country.

    Args:
        code: the country, ISO 3166-1 alpha-2.
        name: an ISO 3166-2 code, with or without the country's, or a name. What is unknown stays
            as it is, and has no code.
    """
    from generator.collect.countries import resolve
    from generator.collect.gazetteer import key_of, table
    from generator.collect.meaning import agree, belongs
    from generator.collect.regions import nearest_region

    place = resolve(name, code)
    if place and place.region and belongs(place.code, code):
        written = key_of(place.region) in key_of(name)
        found = _with_code(code, place.region)
        return replace(found, region=name if written else place.region)
    abroad = resolve(name) if name.upper() in table().divisions else None
    others = (
        [abroad] if abroad else [one.place() for one in table().meanings(key_of(name)) if one.code]
    )
    if others and not any(agree(other.code, code) for other in others):
        return NamedPlace(code, candidates=(_described(others[0]),))
    if near := nearest_region(code, name):
        return NamedPlace(code, name, near, unclear=name)
    return NamedPlace(code, name)


def _with_code(code: str, region: str) -> NamedPlace:
    """A part of a country with the code of its region, unless that is unclear."""
    from generator.collect.regions import name_of_region, regions_named

    codes = regions_named(code, region)
    if len(codes) == 1:
        return NamedPlace(code, region, region_code=codes[0])
    several = tuple(f"{name_of_region(one)} ({one})" for one in codes)
    return NamedPlace(code, region, candidates=several, unclear=region if several else None)
