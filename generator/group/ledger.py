"""ledger.json: which photo had which type at the last build, so that ids and URLs stay.

The ledger belongs to the site project and to its version control. It names photos by the digest
of their content: renaming or moving a file changes nothing.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from generator.errors import BollardsError
from generator.group.retired import destinations

VERSION = 1
# The map of types is some thousands wide; nothing sensible lies farther out.
_FARTHEST = 1_000_000
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Ledger:
    """What earlier builds decided.

    Attributes:
        types: for each living type's id, the ids of its photos.
        retired: the same for types that no longer have any; their ids are not given out again.
        added: for each photo id, the ISO 8601 date of the build that first saw it.
        moved: for each retired type that has a successor, the living type that took its place.
        places: where each living type lies on the map of types, so that it stays there.
    """

    types: Mapping[str, frozenset[str]] = field(default_factory=dict)
    retired: Mapping[str, frozenset[str]] = field(default_factory=dict)
    added: Mapping[str, str] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def load_ledger(path: Path) -> Ledger:
    """Read ledger.json; a missing file is an empty ledger.

    Raises:
        BollardsError: it is not a ledger, or one of a newer version of the program.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        raise BollardsError(f"{path}: cannot be read: {error.strerror or error}.") from None
    except (ValueError, RecursionError) as error:
        raise BollardsError(_broken(path, str(error))) from None
    version = data.get("version") if isinstance(data, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BollardsError(_broken(path, f'"version" is not a number from 1 to {VERSION}'))
    if version > VERSION:
        raise BollardsError(
            f"{path}: written by a newer bollards (ledger version {version}; this one reads"
            f" up to {VERSION}). Update the program: `pip install --upgrade bollards`."
        )
    wrong = _mistake(data)
    if wrong:
        raise BollardsError(_broken(path, wrong))
    return Ledger(
        types={key: frozenset(photos) for key, photos in data["types"].items()},
        retired={key: frozenset(photos) for key, photos in data["retired"].items()},
        added=dict(data["added"]),
        moved=dict(data.get("moved", {})),
        places={key: (x, y) for key, (x, y) in data.get("places", {}).items()},
    )


def _mistake(data: Mapping[str, Any]) -> str:
    """What makes a JSON object unfit to be a ledger, or ""."""
    for table in ("types", "retired", "added"):
        if not isinstance(data.get(table), dict):
            return f'"{table}" is missing, or is not a table in braces'
    living: dict[str, str] = {}
    for table in ("types", "retired"):
        for key, photos in data[table].items():
            # Ids become addresses and folders: nothing else than a slug may get through.
            if not _SLUG.fullmatch(key):
                return f'{table}: {json.dumps(key)} is not a type id such as "white-flat-post"'
            if not isinstance(photos, list) or not all(isinstance(one, str) for one in photos):
                return f'{table}: "{key}" is not a list of photo ids in quotes'
            if table == "types":
                for photo in photos:
                    if living.setdefault(photo, key) != key:
                        return f'photo {photo} is in two types, "{living[photo]}" and "{key}"'
    for key in data["types"]:
        if key in data["retired"]:
            return f'"{key}" is both in "types" and in "retired"'
    moved = data.get("moved", {})
    if not isinstance(moved, dict):
        return '"moved" is not a table in braces'
    for old, new in moved.items():
        if old not in data["retired"]:
            return f'moved: {json.dumps(old)} is not in "retired"'
        if not isinstance(new, str) or not _SLUG.fullmatch(new):
            return f'moved: expected a type id for "{old}"; found {json.dumps(new)}'
    wrong = _misplaced(data.get("places", {}))
    if wrong:
        return wrong
    for photo, day in data["added"].items():
        try:
            date.fromisoformat(day)
        except (TypeError, ValueError):
            return (
                f'added: expected a day such as "2024-05-01" for {photo}; found {json.dumps(day)}'
            )
    return ""


def _misplaced(places: Any) -> str:
    """What is wrong with the places of types, or ""."""
    if not isinstance(places, dict):
        return '"places" is not a table in braces'
    for key, place in places.items():
        whole = isinstance(place, list) and all(type(one) is int for one in place)
        if not whole or len(place) != 2 or max(map(abs, place)) > _FARTHEST:
            return f'places: expected two whole numbers for "{key}"; found {json.dumps(place)}'
    return ""


def dump_ledger(ledger: Ledger) -> str:
    """The text of ledger.json: sorted, one line a type, so that version control shows changes."""

    def table(members: Mapping[str, Iterable[str]]) -> str:
        rows = [
            f"  {json.dumps(key)}: {json.dumps(sorted(members[key]))}" for key in sorted(members)
        ]
        return "{\n" + ",\n".join(rows) + "\n }" if rows else "{}"

    days = [f"  {json.dumps(key)}: {json.dumps(day)}" for key, day in sorted(ledger.added.items())]
    added = "{\n" + ",\n".join(days) + "\n }" if days else "{}"
    ways = [f"  {json.dumps(key)}: {json.dumps(to)}" for key, to in sorted(ledger.moved.items())]
    moved = "{\n" + ",\n".join(ways) + "\n }" if ways else "{}"
    spots = [f"  {json.dumps(key)}: [{x}, {y}]" for key, (x, y) in sorted(ledger.places.items())]
    places = "{\n" + ",\n".join(spots) + "\n }" if spots else "{}"
    return (
        f'{{\n "version": {VERSION},\n "types": {table(ledger.types)},\n'
        f' "retired": {table(ledger.retired)},\n "moved": {moved},\n'
        f' "places": {places},\n "added": {added}\n}}\n'
    )


def assign_ids(
    clusters: Sequence[frozenset[str]],
    ledger: Ledger,
    propose: Callable[[frozenset[str]], Sequence[str]],
) -> dict[str, frozenset[str]]:
    """Give each cluster the id of the known type whose photos it continues, or a new one.

    Known types and clusters are matched one to one so that the most photos keep the type they had
    at the last build, and after that the most get back one that they had before it retired: the
    linear assignment problem on the numbers of shared photos (Crouse 2016, in SciPy).

    Args:
        clusters: photo ids of each cluster; no photo is in two.
        ledger: what was known before.
        propose: readable names for a cluster that is new, best first; the first that is still
            free becomes its id, or the last with a number.

    Returns:
        Photo ids by type id.
    """
    ordered = sorted(clusters, key=lambda photos: (-len(photos), sorted(photos)))
    known = {**ledger.retired, **ledger.types}
    shared: dict[tuple[int, str], int] = {}
    types_of: dict[str, list[str]] = {}
    for name in sorted(known):
        for photo in known[name]:
            types_of.setdefault(photo, []).append(name)
    for number, photos in enumerate(ordered):
        for photo in photos:
            for name in types_of.get(photo, ()):
                shared[number, name] = shared.get((number, name), 0) + 1
    # One photo of a living type outweighs all photos of all retired ones: its address is in use.
    outweighs = sum(map(len, ordered)) + 1
    continued = _assignment(
        {
            (number, name): count * (outweighs if name in ledger.types else 1)
            for (number, name), count in shared.items()
        }
    )
    result: dict[str, frozenset[str]] = {}
    taken = set(known)
    for number, photos in enumerate(ordered):
        name = continued.get(number) or _unused(propose(photos), taken)
        taken.add(name)
        result[name] = photos
    return result


def _assignment(gain: Mapping[tuple[int, str], int]) -> dict[int, str]:
    """One name at most for each number and the other way round, with the greatest total gain.

    Only pairs that gain something are matched, and each connected part is solved by itself: of
    thousands of types, a build usually moves a few.
    """
    found: dict[int, str] = {}
    for part in _parts(gain):
        numbers = sorted({number for number, _ in part})
        names = sorted({name for _, name in part})
        if len(numbers) == 1 or len(names) == 1:
            # One against many, as in most builds, which need not wait for SciPy then.
            number, name = min(part, key=lambda pair: (-gain[pair], pair))
            found[number] = name
            continue
        from scipy.optimize import linear_sum_assignment

        table = np.array([[gain.get((number, name), 0) for name in names] for number in numbers])
        rows, columns = linear_sum_assignment(table.astype(np.float64), maximize=True)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if table[row, column]:
                found[numbers[row]] = names[column]
    return found


def _parts(pairs: Iterable[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    """The pairs by connected part: two are in one part when they share a number or a name."""
    at: dict[int | str, list[tuple[int, str]]] = {}
    for pair in pairs:
        for end in pair:
            at.setdefault(end, []).append(pair)
    parts = []
    seen: set[int | str] = set()
    for start in at:
        if start in seen:
            continue
        part: set[tuple[int, str]] = set()
        seen.add(start)
        waiting = [start]
        while waiting:
            for pair in at[waiting.pop()]:
                part.add(pair)
                for end in pair:
                    if end not in seen:
                        seen.add(end)
                        waiting.append(end)
        parts.append(sorted(part))
    return parts


def renew(
    ledger: Ledger, types: Mapping[str, frozenset[str]], photos: Iterable[str], today: date
) -> Ledger:
    """The ledger after a build; photos that are gone keep the day on which they were first seen."""
    gone = {**ledger.retired, **ledger.types}
    retired = {key: members for key, members in gone.items() if key not in types}
    present = frozenset(photos)
    return Ledger(
        types=types,
        retired=retired,
        added={photo: today.isoformat() for photo in present} | dict(ledger.added),
        moved=destinations(retired, ledger.moved, types, present),
        places={key: place for key, place in ledger.places.items() if key in types},
    )


def slugify(text: str) -> str:
    """Lower-case ASCII letters and digits, joined by hyphens, about 60 characters at most."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return "-".join(words)[:60].strip("-")


def _unused(names: Sequence[str], taken: set[str]) -> str:
    slugs = [slug for name in names if (slug := slugify(name))] or ["type"]
    for slug in slugs:
        if slug not in taken:
            return slug
    return next(slug for number in count(2) if (slug := f"{slugs[-1]}-{number}") not in taken)


def _broken(path: Path, reason: str) -> str:
    return (
        f"{path}: cannot be read as a ledger: {reason}.\n"
        "  Take the last good one from version control. Deleting it also works, but then types"
        " get new ids and addresses."
    )
