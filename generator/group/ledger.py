"""ledger.json: which photo had which type at the last build, so that ids and URLs stay.

The ledger belongs to the site project and to its version control. It names photos by the digest
of their content: renaming or moving a file changes nothing.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count

import numpy as np

from generator.catalogue import Box
from generator.curve import Calibration
from generator.filenames import FileNames
from generator.group.retired import destinations

_NO_IDS = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Ledger:
    """The record of earlier builds.

    Attributes:
        types: for each living type's id, the ids of its photos.
        retired: the same for types that no longer have any; their ids are not given out again.
        added: for each photo id, the ISO 8601 date of the build that first saw it.
        moved: for each retired type that has a successor, the living type that took its place.
        places: the layout position of each living type, so that it stays there.
        cells: column and row of each photo on the contact sheet, for the same reason.
        undecided: photos whose type would differ without the owner's decisions, or that are not on
            the site (hidden, gone), by the type they would have; "" for unsorted bollards. When a
            decision is taken back, or a photo comes back, the photo finds its type here.
        files: for each file that any build saw, the id of its photo, including hidden photos.
        hidden: for each entry of curation.toml that hides a photo, by its `below_photos` name, the
            photos that it has hidden: their ids, and their `picture_hash` or "".
        boxes: for each photo that shows several bollards, their ids and boxes.
        salts: every `privacy.salt` that photo ids were made with, except "".
        whole: photos that stay whole because the site had them before a detector cropped photos
            (`generator.build.whole`); None as long as none does.
        slugs: for each id that the owner chose (`slug`), the id that the type had before.
        bars: photos that keep the bars at their edges for the same reason; None likewise.
        calibration: the curve that the site keeps, see `generator.curve.steady`.
    """

    types: Mapping[str, frozenset[str]] = field(default_factory=dict)
    retired: Mapping[str, frozenset[str]] = field(default_factory=dict)
    added: Mapping[str, str] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    cells: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    undecided: Mapping[str, frozenset[str]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    hidden: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    salts: tuple[str, ...] = ()
    boxes: Mapping[str, Mapping[str, Box]] = field(default_factory=dict)
    whole: frozenset[str] | None = None
    bars: frozenset[str] | None = None
    slugs: Mapping[str, str] = field(default_factory=dict)
    calibration: Calibration | None = None


def undecided_types(ledger: Ledger) -> dict[str, frozenset[str]]:
    """The types as they would be without the owner's decisions, including photos that are gone."""
    elsewhere = frozenset().union(*ledger.undecided.values())
    types = {key: photos - elsewhere for key, photos in ledger.types.items()}
    for key, photos in ledger.undecided.items():
        if key:
            types[key] = types.get(key, frozenset()) | photos
    return {key: photos for key, photos in types.items() if photos}


def follow_files(ledger: Ledger, files: Mapping[str, str]) -> tuple[Ledger, frozenset[str]]:
    """The ledger after photos were saved again: new content in the file of a photo that is gone.

    Args:
        ledger: the ledger of the last build.
        files: the file of each photo by id; of bollards that share a photo only its own id.

    Returns:
        The ledger with the new ids of such photos, and these ids. Only the picture can show whether
        a file was replaced by a photo of something else.
    """
    new_of: dict[str, str] = {}
    names = FileNames(ledger.files)
    for photo, file in sorted(files.items()):
        if photo in ledger.added:
            continue
        for name in names.find(file):
            old = ledger.files[name]
            if old in ledger.added and old not in files:
                new_of[old] = photo
    return (_renamed(ledger, new_of), frozenset(new_of.values())) if new_of else (ledger, _NO_IDS)


def follow_salt(ledger: Ledger, new_of: Mapping[str, str]) -> Ledger:
    """The ledger after a change of `privacy.salt`: every existing photo has its new id."""
    if not new_of.keys() & {*ledger.added, *ledger.files.values()}:
        return ledger
    return replace(
        _renamed(ledger, new_of),
        files={file: new_of.get(photo, photo) for file, photo in ledger.files.items()},
        hidden={
            entry: {new_of.get(photo, photo): mark for photo, mark in photos.items()}
            for entry, photos in ledger.hidden.items()
        },
    )


def _renamed(ledger: Ledger, new_of: Mapping[str, str]) -> Ledger:
    def renamed(table: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        return {
            key: frozenset(new_of.get(photo, photo) for photo in photos)
            for key, photos in table.items()
        }

    def renamed_ids(photos: frozenset[str] | None) -> frozenset[str] | None:
        return None if photos is None else frozenset(new_of.get(one, one) for one in photos)

    return replace(
        ledger,
        types=renamed(ledger.types),
        retired=renamed(ledger.retired),
        undecided=renamed(ledger.undecided),
        added={new_of.get(photo, photo): day for photo, day in ledger.added.items()},
        whole=renamed_ids(ledger.whole),
        bars=renamed_ids(ledger.bars),
        cells={new_of.get(photo, photo): cell for photo, cell in ledger.cells.items()},
    )


def assign_ids(
    clusters: Sequence[frozenset[str]],
    ledger: Ledger,
    propose: Callable[[frozenset[str]], Sequence[str]],
) -> dict[str, frozenset[str]]:
    """Give each cluster the id of the known type that it continues, or a new one.

    Known types and clusters are matched one to one. The matching first maximises the number of
    photos that keep the type of the last build, then the number that regain the type they had
    before it retired: the linear assignment problem on the numbers of shared photos (Crouse 2016,
    in SciPy).

    Args:
        clusters: photo ids of each cluster; no photo is in two.
        ledger: the ledger of the last build.
        propose: readable names for a cluster that is new, best first; the first that is still free
            becomes its id, or the last with a number.

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
    # One photo of a living type outweighs all photos of retired types: its address is in use.
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
    """Match each number with at most one name, and each name with at most one number, for most
    gain.

    Only pairs with a gain are matched. Each connected part is solved by itself: of thousands of
    types, a build usually changes a few.
    """
    found: dict[int, str] = {}
    for part in _parts(gain):
        numbers = sorted({number for number, _ in part})
        names = sorted({name for _, name in part})
        if len(numbers) == 1 or len(names) == 1:
            # One against many, as in most builds: no need to import SciPy.
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
    """The connected parts of the pairs: two pairs with the same number or name are in one part."""
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
        queue = [start]
        while queue:
            for pair in at[queue.pop()]:
                part.add(pair)
                for end in pair:
                    if end not in seen:
                        seen.add(end)
                        queue.append(end)
        parts.append(sorted(part))
    return parts


def renew(
    ledger: Ledger,
    types: Mapping[str, frozenset[str]],
    files: Mapping[str, str],
    today: date,
    undecided: Mapping[str, frozenset[str]] | None = None,
    merged: Mapping[str, str] | None = None,
) -> Ledger:
    """The ledger after a build. Photos that are gone keep their date and their type.

    Photos in another type than before lose their cell on the contact sheet.

    Args:
        ledger: the ledger of the last build.
        types: photo ids by type id, as the site has them now.
        files: the file of each photo on the site by id.
        today: the day of this build.
        undecided: photo ids by type id as they would be without the owner's decisions, where that
            differs.
        merged: the types that the owner merged into others, with the type that each is now part of.
    """
    gone = {**ledger.retired, **ledger.types}
    retired = {key: members for key, members in gone.items() if key not in types}
    present = frozenset(files)
    wanted = {photo: key for key, members in undecided_types(ledger).items() for photo in members}
    there = types if undecided is None else undecided
    led = destinations(retired, ledger.moved, types, present)
    wanted = {
        # Photos that are away follow when their type is merged.
        photo: key if key in types or key in there else led.get(key, key)
        for photo, key in wanted.items()
        if photo not in present
    }
    for key, members in there.items():
        wanted |= dict.fromkeys(members, key)
    type_of = {photo: key for key, members in types.items() for photo in members}
    was = {photo: key for key, members in ledger.types.items() for photo in members}
    aside: dict[str, set[str]] = {}
    for photo in wanted.keys() | type_of.keys():
        if wanted.get(photo, "") != type_of.get(photo, ""):
            aside.setdefault(wanted.get(photo, ""), set()).add(photo)
    led |= {key: to for key, to in (merged or {}).items() if key in retired}
    return Ledger(
        types=types,
        retired=retired,
        added={photo: today.isoformat() for photo in present} | dict(ledger.added),
        places={key: place for key, place in ledger.places.items() if key in types},
        cells={
            photo: cell
            for photo, cell in ledger.cells.items()
            if photo in present and was.get(photo) == type_of.get(photo)
        },
        moved=led,
        undecided={key: frozenset(photos) for key, photos in aside.items()},
        files=dict(ledger.files) | {file: photo for photo, file in files.items()},
        hidden=ledger.hidden,
        salts=ledger.salts,
        boxes=ledger.boxes,
        whole=ledger.whole,
        bars=ledger.bars,
        slugs=ledger.slugs,
    )


def slugify(text: str) -> str:
    """Lower-case ASCII letters and digits, joined by hyphens, 100 characters at most."""
    plain = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "-".join(re.findall(r"[a-z0-9]+", letters))[:100].strip("-")


def _unused(names: Sequence[str], taken: set[str]) -> str:
    slugs = [slug for name in names if (slug := slugify(name))] or ["type"]
    for slug in slugs:
        if slug not in taken:
            return slug
    return next(slug for number in count(2) if (slug := f"{slugs[-1]}-{number}") not in taken)
