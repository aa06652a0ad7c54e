"""Keeps photos off the site: hidden ones, and new ones that may be hidden ones.

The photos that `curation` knows to be hidden are prepared like all others, so that new ones can be
compared with them and the review page can show them. They never reach grouping or the catalogue.
"""

import contextlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from generator.build.hidden_looks import Looks, filled, joined, keep_looks, read_looks
from generator.build.prepare import Prepared
from generator.build.several import part_id
from generator.cache import Cache
from generator.catalogue import Source
from generator.collect import Collection, photo_id
from generator.config import Settings
from generator.curation import Curation
from generator.curation.references import Decisions, bollards_of, look_up
from generator.errors import BollardsError, Problem
from generator.group.ledger import Ledger, follow_salt
from generator.keep import read_checked, write_checked
from generator.project import Project
from generator.relate.same_picture import SAME_BITS, differing_bits


@dataclass(frozen=True)
class Guard:
    """The known details of hidden photos before any photo is opened.

    Attributes:
        ledger: with the present ids of photos.
        decisions: the owner's decisions.
        names: the id of each photo by every file that has its content.
        marks: the hashes of the photos that each entry has hidden, by id; "" if unknown.
    """

    ledger: Ledger
    decisions: Decisions
    names: Mapping[str, str]
    marks: Looks


@dataclass(frozen=True)
class Held:
    """A new photo that is held back until the owner decides.

    `entry` is the entry that hides the photo that it may be, as written or as `below_photos` has
    it; `why` is "like" for nearly the same picture, "name" for the same name in another folder, and
    "unseen" (without an entry) for a photo in which no bollard is seen.
    """

    photo: Prepared
    entry: str
    why: str


@dataclass(frozen=True)
class Sorted:
    """The photos, divided into published and unpublished ones.

    Attributes:
        shown: the photos to publish, in their former order.
        hidden: those that the owner hid.
        held: those that wait for the owner's decision.
        unseen: ids of those `shown` in which no bollard is seen, and which the owner has not
            decided to publish.
        marks: `Guard.marks`, with the new hashes of this build.
    """

    shown: list[Prepared]
    hidden: list[Prepared]
    held: list[Held]
    marks: Looks
    unseen: frozenset[str] = frozenset()

    @property
    def problems(self) -> list[Problem]:
        """The questions for the owner."""
        asked = {one.photo.source.picture: one for one in reversed(self.held)}
        return [_question(one) for one in self.held if asked[one.photo.source.picture] is one]

    @property
    def pictures(self) -> set[str]:
        """Paths of the pictures that are not on the site."""
        return {
            picture.path
            for one in (*self.hidden, *(held.photo for held in self.held))
            for picture in (*one.pictures.photo, *one.pictures.crop)
        }


def find_hidden(
    project: Project,
    curation: Curation,
    collection: Collection,
    ledger: Ledger,
    settings: Settings,
    cache: Cache,
) -> Guard:
    """Find the owner's decisions, and record at once which photos are hidden and how they look.

    At once, because a photo may be renamed or saved again before a build succeeds.
    """
    salt = settings.privacy.salt
    aliases = {
        _id_of(source, old): source.id
        for source in collection.sources
        for old in ("", *ledger.salts)
        if old != salt
    }
    ledger = follow_salt(ledger, aliases)
    known = joined(ledger.hidden, read_looks(project))
    decisions = look_up(
        curation,
        bollards_of(collection.sources),
        {source.id: source.file for source in collection.sources},
        ledger.files,
        names=collection.names,
        aliases=aliases,
        remembered=known,
        published=ledger.added,
        parts={one.id: one.picture for one in collection.sources if one.picture != one.id},
    )
    marks: Looks = {
        entry: {
            aliases.get(photo, photo): known.get(entry, {}).get(photo, "")
            for photo in sorted(photos)
        }
        for entry, photos in decisions.hiding.items()
    }
    salts = ledger.salts if not salt or salt in ledger.salts else (*ledger.salts, salt)
    marks = filled(marks, collection.sources, project, settings, salts, cache)
    keep_looks(project, marks, gone=known.keys() - marks.keys())
    return Guard(replace(ledger, salts=salts), decisions, collection.names, marks)


def _id_of(source: Source, salt: str) -> str:
    """The id that a photo, or a bollard in it, has with another salt."""
    photo = photo_id(source.sha256, salt)
    return part_id(photo, source.box) if source.box and source.id != source.parent else photo


def refuse_lost_entries(decisions: Decisions) -> None:
    """Under `--strict`, refuse entries that hide nothing.

    Raises:
        BollardsError: there is such an entry; the message lists them all.
    """
    if decisions.lost:
        told = [problem for problem in decisions.problems if problem.first]
        raise BollardsError(
            "curation.toml: not every entry that hides a photo finds one, and --strict forbids"
            " that. Nothing was published; the site and the ledger are as they were.\n"
            + "\n".join(f"  {problem.reason}" for problem in told)
        )


def sort_out(
    prepared: Sequence[Prepared],
    guard: Guard,
    alike: float,
    unseen: frozenset[str] = frozenset(),
    *,
    hold: bool = False,
) -> Sorted:
    """Remove hidden photos, and hold back new ones that the owner should look at first.

    Args:
        prepared: all photos that can be used.
        guard: the known details of hidden ones.
        alike: two photos above this cosine similarity count as the same picture.
        unseen: ids of the photos in which no bollard is seen.
        hold: hold those of them back that were never published.

    Raises:
        BollardsError: no photo is left.
    """
    decisions, by_id = guard.decisions, {one.source.id: one for one in prepared}
    marks = {
        entry: {photo: by_id[photo].hash if photo in by_id else mark for photo, mark in own.items()}
        for entry, own in guard.marks.items()
    }
    hidden = [one for one in prepared if one.source.id in decisions.hidden]
    hashes = [(mark, entry) for entry, own in marks.items() for mark in own.values() if mark]
    entry_of = {photo: entry for entry, own in marks.items() for photo in own}
    doubts: dict[str, tuple[str, str]] = {}
    for one in prepared:
        photo = one.source.id
        settled = decisions.hidden | decisions.shown
        if photo in settled or photo in guard.ledger.added:
            continue
        if photo in decisions.suspects:
            doubts[photo] = (decisions.suspects[photo], "name")
        elif entry := _like(one, hashes, hidden, entry_of, alike):
            doubts[photo] = (entry, "like")
        elif hold and photo in unseen:
            doubts[photo] = ("", "unseen")
    # The pages of all bollards in a photo show all of it: they are held back together.
    doubted = {by_id[photo].source.picture: said for photo, said in doubts.items()}
    shown: list[Prepared] = []
    held: list[Held] = []
    for one in prepared:
        photo = one.source.id
        if photo in decisions.hidden:
            continue
        if photo in doubts:
            held.append(Held(one, *doubts[photo]))
        elif (
            one.source.picture in doubted
            and photo not in decisions.shown | guard.ledger.added.keys()
        ):
            held.append(Held(one, *doubted[one.source.picture]))
        else:
            shown.append(one)
    flagged = unseen & {one.source.id for one in shown}
    found = Sorted(shown, hidden, held, marks, flagged)
    if prepared and not shown:
        raise BollardsError(
            "No photo is left to publish: all are hidden in curation.toml, or held back.\n"
            + "\n".join(f"  {one.file}: {one.reason}" for one in found.problems[:20])
            + _all_unseen(held)
        )
    return found


def _all_unseen(held: Sequence[Held]) -> str:
    """What to do if the detector sees a bollard in none of the photos."""
    if not any(one.why == "unseen" for one in held):
        return ""
    return (
        "\n  To publish photos in which the detector sees no bollard, write in site.toml:"
        ' unseen = "flag" under [publish].'
    )


def remembered(ledger: Ledger, guard: Guard, found: Sorted) -> Ledger:
    """The ledger with all existing files, and with the hidden photos."""
    return replace(
        ledger,
        files=dict(ledger.files) | dict(guard.names),
        hidden=found.marks,
        salts=guard.ledger.salts,
    )


def keep_private(project: Project, found: Sorted) -> None:
    """Save the unpublished details for the review page."""
    keep_looks(project, found.marks)
    data = {
        "version": 1,
        "photos": {
            one.source.id: {"file": one.source.file, "bollard": one.source.bollard}
            for one in found.shown
        },
        "hidden": [_private(one) for one in found.hidden],
        "held": [{**_private(one.photo), "entry": one.entry, "why": one.why} for one in found.held],
        "unseen": sorted(found.unseen),
    }
    _keep(project.private, data)


def _private(one: Prepared) -> dict[str, Any]:
    return {
        "photo": one.source.id,
        "file": one.source.file,
        "bollard": one.source.bollard,
        "parent": one.source.parent,
        "country": one.source.country,
        "size": [one.width, one.height],
        "crop": [one.crop.left, one.crop.top, one.crop.right, one.crop.bottom],
        "pictures": [
            {"path": picture.path, "width": picture.width, "height": picture.height}
            for picture in one.pictures.photo
        ],
    }


def _like(
    one: Prepared,
    hashes: Iterable[tuple[str, str]],
    hidden: Iterable[Prepared],
    entry_of: Mapping[str, str],
    alike: float,
) -> str:
    """The entry that hides nearly the same picture, or ""."""
    for mark, entry in hashes:
        if len(mark) == len(one.hash) and differing_bits(mark, one.hash) < SAME_BITS:
            return entry
    for other in hidden:
        if float(np.dot(one.embedding, other.embedding)) >= alike:
            return entry_of.get(other.source.id, other.source.file)
    return ""


def _question(one: Held) -> Problem:
    source: Source = one.photo.source
    if one.why == "unseen":
        return Problem(
            f"photos/{source.file}",
            "held back, because no bollard is detected in it. Decide on the review page, or write"
            f' in curation.toml, below [photos."{source.id}"]: hidden = false to publish it, or'
            " hidden = true to hide it.",
            skipped=True,
            first=True,
        )
    why = (
        f'it is nearly identical to the photo that [photos."{one.entry}"] hides'
        if one.why == "like"
        else f'[photos."{one.entry}"] names no photo and may mean this one'
    )
    return Problem(
        f"photos/{source.file}",
        f"held back, since {why}. Write in curation.toml: to publish it,"
        f' [photos."{source.picture}"] and below that hidden = false; to hide it, hidden = true.',
        skipped=True,
        first=True,
    )


def _keep(path: Path, data: Mapping[str, Any]) -> None:
    content = json.dumps(data, indent=1).encode()
    with contextlib.suppress(FileNotFoundError, ValueError):
        if read_checked(path) == content:
            return
    write_checked(path, content, durable=True)
