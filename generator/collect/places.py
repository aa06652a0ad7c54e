"""Where photos were taken, by their row in photos.csv or the folders they lie in."""

import json
from collections import Counter
from collections.abc import MutableMapping
from dataclasses import dataclass, field

from generator.collect.files import PHOTOS, in_project
from generator.collect.table import TABLE, Row
from generator.errors import Problem


@dataclass(frozen=True, slots=True)
class Spot:
    """A country (ISO 3166-1 alpha-2, None when unknown), a part of it, and a name to suggest."""

    code: str | None
    region: str | None = None
    nearest: str | None = None


@dataclass(slots=True)
class Places:
    """Looks up names of places, each once; what it learns goes into `memory`, to be kept."""

    memory: MutableMapping[str, str]
    _folders: dict[str, Spot] = field(default_factory=dict)
    _unknown: Counter[str] = field(default_factory=Counter)
    _edition: str = ""

    def of_photo(self, file: str, row: Row) -> tuple[Spot | None, Problem | None]:
        """The place of one photo, None when it is unknown, and what is wrong with its row."""
        problem = None
        folder = file.rpartition("/")[0]
        if row["country"]:
            spot = self._look_up([row["country"]])
            if spot.code:
                return spot, None
            nearest = f' Did you mean "{spot.nearest}"?' if spot.nearest else ""
            problem = Problem(
                TABLE,
                f'line {row.line}: country: no country is known as "{row["country"]}".{nearest} '
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
                nearest = self._folder(folder).nearest
                guess = f' Did you mean "{nearest}"?' if nearest else ""
                reason = (
                    f"no country is known as {names}; {photos} shown as of unknown country."
                    f"{guess} Rename the folder, or fill the column country of {TABLE}."
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
            return Spot(*json.loads(kept))
        spot = look_up(names)
        self.memory[key] = json.dumps([spot.code, spot.region, spot.nearest])
        return spot

    def _current_edition(self) -> str:
        """Changes whenever names may come to mean something else."""
        if not self._edition:
            from importlib.metadata import version

            from generator import __version__

            self._edition = f"{__version__} {version('pycountry')} {version('babel')}"
        return self._edition


def look_up(names: list[str]) -> Spot:
    """The place that nested folders mean, outermost first: the nearest that names a country.

    Inside a country's folder, a name is first a part of that country: usa/georgia is in the US.
    """
    from generator.collect.countries import nearest, resolve

    for every_language in (False, True):
        found = None
        for name in names:
            # Other languages take longer to load, and most folders are named in English.
            place = resolve(name, found.code if found else None, every_language=every_language)
            if place and (found is None or place.code != found.code or place.region):
                found = place
        if found:
            return Spot(found.code, found.region)
    guesses = [guess for name in reversed(names) if (guess := nearest(name))]
    return Spot(None, None, guesses[0] if guesses else None)
