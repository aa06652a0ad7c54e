"""ledger.json: which photo had which type at the last build, so that ids and URLs stay.

The ledger belongs to the site project and to its version control. It names photos by the digest
of their content: renaming or moving a file changes nothing.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from generator.errors import BollardsError

VERSION = 1


@dataclass(frozen=True, slots=True)
class Ledger:
    """What earlier builds decided.

    Attributes:
        types: for each living type's id, the ids of its photos.
        retired: the same for types that no longer have any; their ids are not given out again.
        added: for each photo id, the ISO 8601 date of the build that first saw it.
    """

    types: Mapping[str, frozenset[str]] = field(default_factory=dict)
    retired: Mapping[str, frozenset[str]] = field(default_factory=dict)
    added: Mapping[str, str] = field(default_factory=dict)


def load_ledger(path: Path) -> Ledger:
    """Read ledger.json; a missing file is an empty ledger.

    Raises:
        BollardsError: it is not a ledger, or one of a newer version of the program.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Ledger()
    except (ValueError, OSError) as error:
        raise BollardsError(_broken(path, str(error))) from None
    if not isinstance(data, dict) or not isinstance(data.get("version"), int):
        raise BollardsError(_broken(path, 'it has no "version"'))
    if data["version"] > VERSION:
        raise BollardsError(
            f"{path}: written by a newer bollards (ledger version {data['version']}; this one reads"
            f" up to {VERSION}). Update the program: `pip install --upgrade bollards`."
        )
    try:
        return Ledger(
            types={key: frozenset(photos) for key, photos in data["types"].items()},
            retired={key: frozenset(photos) for key, photos in data["retired"].items()},
            added={str(photo): str(day) for photo, day in data["added"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BollardsError(_broken(path, f"{type(error).__name__}: {error}")) from None


def dump_ledger(ledger: Ledger) -> str:
    """The text of ledger.json: sorted, one line a type, so that version control shows changes."""

    def table(members: Mapping[str, Iterable[str]]) -> str:
        rows = [
            f"  {json.dumps(key)}: {json.dumps(sorted(members[key]))}" for key in sorted(members)
        ]
        return "{\n" + ",\n".join(rows) + "\n }" if rows else "{}"

    days = [f"  {json.dumps(key)}: {json.dumps(day)}" for key, day in sorted(ledger.added.items())]
    added = "{\n" + ",\n".join(days) + "\n }" if days else "{}"
    return (
        f'{{\n "version": {VERSION},\n "types": {table(ledger.types)},\n'
        f' "retired": {table(ledger.retired)},\n "added": {added}\n}}\n'
    )


def assign_ids(
    clusters: Sequence[frozenset[str]],
    ledger: Ledger,
    propose: Callable[[frozenset[str]], str],
) -> dict[str, frozenset[str]]:
    """Give each cluster the id of the known type whose photos it continues, or a new one.

    Known types and clusters are matched one to one so that the most photos keep their type: the
    linear assignment problem on the numbers of shared photos (Crouse 2016, in SciPy).

    Args:
        clusters: photo ids of each cluster.
        ledger: what was known before.
        propose: makes a readable slug for a cluster that is new; a number is added when taken.

    Returns:
        Photo ids by type id.
    """
    ordered = sorted(clusters, key=lambda photos: (-len(photos), sorted(photos)))
    known = {**ledger.retired, **ledger.types}
    names = sorted(known)
    result: dict[str, frozenset[str]] = {}
    rest = list(ordered)
    if names and ordered:
        from scipy.optimize import linear_sum_assignment

        shared = np.array([[len(photos & known[name]) for name in names] for photos in ordered])
        rows, columns = linear_sum_assignment(shared, maximize=True)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if shared[row, column]:
                result[names[column]] = ordered[row]
                rest.remove(ordered[row])
    taken = set(known)
    for photos in rest:
        slug = _unused(slugify(propose(photos)) or "type", taken)
        taken.add(slug)
        result[slug] = photos
    return result


def renew(
    ledger: Ledger, types: Mapping[str, frozenset[str]], photos: Iterable[str], today: date
) -> Ledger:
    """The ledger after a build; photos that are gone keep the day on which they were first seen."""
    gone = {**ledger.retired, **ledger.types}
    return Ledger(
        types=types,
        retired={key: members for key, members in gone.items() if key not in types},
        added={photo: today.isoformat() for photo in photos} | dict(ledger.added),
    )


def slugify(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, at most 60 characters."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return "-".join(words)[:60].strip("-")


def _unused(slug: str, taken: set[str]) -> str:
    number = 1
    candidate = slug
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    return candidate


def _broken(path: Path, reason: str) -> str:
    return (
        f"{path}: cannot be read as a ledger: {reason}.\n"
        "  Take the last good one from version control. Deleting it also works, but then types"
        " get new ids and addresses."
    )
