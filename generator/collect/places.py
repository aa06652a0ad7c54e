"""The places of photos, from their rows in photos.csv or the folders they are in."""

import hashlib
import json
from collections import Counter
from collections.abc import MutableMapping
from dataclasses import dataclass, field
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
    "places.py",
    "reading.py",
    "remarks.py",
)
"""Files beside this one that decide the meaning of a name."""


@dataclass(frozen=True, slots=True)
class Spot:
    """The place of a photo according to names.

    Attributes:
        code: the country, ISO 3166-1 alpha-2; None when it is unknown.
        region: a part of it.
        nearest: a name to suggest for an unknown one.
        candidates: English names of the places that a name could mean, followed by their codes:
            "Georgia (GE)", "United States (US)".
    """

    code: str | None
    region: str | None = None
    nearest: str | None = None
    candidates: tuple[str, ...] = ()

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
    _folders: dict[str, Spot] = field(default_factory=dict)
    _unknown: Counter[str] = field(default_factory=Counter)
    _edition: str = ""

    def of_photo(self, file: str, row: Row) -> tuple[Spot | None, Problem | None]:
        """The place of one photo, None if unknown, and the problems in its row."""
        problem = None
        folder = file.rpartition("/")[0]
        if row["country"]:
            spot = self._look_up([row["country"]])
            if spot.code:
                return spot, None
            problem = Problem(
                TABLE,
                f'line {row.line}: country: {_not_known(spot)} "{row["country"]}".{spot.hint()} '
                "Names and ISO codes are understood; the folder's name is used.",
                skipped=False,
            )
        spot = self._folder(folder)
        if spot.code:
            return spot, problem
        self._unknown[folder] += 1
        return None, problem

    def problems(self) -> list[Problem]:
        """One problem for each folder whose photos are of unknown country."""
        problems = []
        for folder, count in sorted(self._unknown.items()):
            photos = "1 photo" if count == 1 else f"{count} photos"
            if folder:
                names = ", ".join(f'"{name}"' for name in folder.split("/"))
                spot = self._folder(folder)
                reason = (
                    f"{_not_known(spot)} {names}; {photos} shown as of unknown country."
                    f"{spot.hint()} Rename the folder, or fill the column country of {TABLE}."
                )
            else:
                reason = (
                    f"{photos} in no country's folder, shown as of unknown country. Move them into "
                    f"one, such as {PHOTOS}/germany/, or fill the column country of {TABLE}."
                )
            problems.append(Problem(in_project(folder), reason, skipped=False))
        return problems

    def _folder(self, folder: str) -> Spot:
        if folder not in self._folders:
            self._folders[folder] = self._look_up(folder.split("/")) if folder else Spot(None)
        return self._folders[folder]

    def _look_up(self, names: list[str]) -> Spot:
        key = json.dumps([self._current_edition(), *names])
        kept = self.memory.get(key)
        if kept is not None:
            code, region, nearest, candidates = json.loads(kept)
            return Spot(code, region, nearest, tuple(candidates))
        spot = look_up(names)
        self.memory[key] = json.dumps([spot.code, spot.region, spot.nearest, spot.candidates])
        return spot

    def _current_edition(self) -> str:
        """Changes whenever names may get another meaning: with the table or the rules."""
        if not self._edition:
            digest = hashlib.sha256()
            for file in RULES:
                digest.update(Path(__file__).with_name(file).read_bytes())
            self._edition = digest.hexdigest()[:16]
        return self._edition


def _not_known(spot: Spot) -> str:
    return "no single country is meant by" if spot.candidates else "no country is known as"


def look_up(names: list[str]) -> Spot:
    """The place that nested folders mean, outermost first: the nearest that names a country.

    Inside a country's folder, a name is first a part of that country: usa/georgia is in the US.
    """
    from generator.collect.countries import candidates, nearest, resolve

    found = None
    for name in names:
        place = resolve(name, found.code if found else None)
        if place and (found is None or place.code != found.code or place.region):
            found = place
    if found:
        return Spot(found.code, found.region)
    for name in reversed(names):
        if several := candidates(name):
            return Spot(None, candidates=tuple(_described(place) for place in several))
    guesses = [guess for name in reversed(names) if (guess := nearest(name))]
    return Spot(None, None, guesses[0] if guesses else None)


def _described(place: "Place") -> str:
    if place.region:
        return f"{place.region} in {place.country_name} ({place.code})"
    return f"{place.country_name} ({place.code})"
