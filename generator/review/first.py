"""The photos that the owner should look at first: without a visible bollard, or held back."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from generator.filenames import below_photos
from generator.review.built import Aside
from generator.review.desk import Desk

Json = dict[str, Any]


def to_look_at(desk: Desk) -> list[Json]:
    """Questions about single photos, the most urgent first.

    Each has a `kind` ("held" for a photo that may be a hidden one, "unseen" for one in which no
    bollard is seen), whether it is `held` back, and what the page needs to show it. Photos about
    which the owner has decided are left out.
    """
    asked = [_of_aside(desk, one) for one in waiting(desk)]
    asked += [_of_site(desk, photo) for photo in _flagged(desk)]
    return sorted(asked, key=lambda one: (one["kind"] != "held", not one["held"], one["file"]))


def same_photos(desk: Desk, settled: frozenset[str]) -> list[Json]:
    """Near-duplicates of which the owner may keep one, that with a country first."""
    found = []
    for pair in desk.built.same:
        key = "same:" + "+".join(sorted(pair))
        if key in settled or desk.said.hidden.intersection(pair):
            continue
        first, second = sorted(pair, key=lambda one: desk.built.photos[one].country is None)
        found.append({"kind": "same", "photo": first, "other": second, "key": key})
    return found


def filed_twice(desk: Desk, settled: frozenset[str]) -> list[Json]:
    """Photos of which the owner has copies in the folders of several countries."""
    found = []
    for photo, files in sorted(desk.built.filed_twice.items()):
        key = "filed:" + "+".join(sorted((photo, *(code for _, code in files))))
        decided = desk.built.bollard_of[photo] in desk.said.countries
        if decided or key in settled or photo in desk.said.hidden:
            continue
        found.append({"kind": "filed", "photo": photo, "files": files, "key": key})
    return found


def waiting(desk: Desk) -> Iterator[Aside]:
    """The photos that the last build held back and about which there is no decision yet."""
    decided = desk.said.hidden | desk.said.shown | desk.said.boxes.keys()
    for one in desk.built.aside.values():
        if one.state == "held" and one.id not in decided:
            yield one


def hides(desk: Desk, entry: str) -> list[Mapping[str, Any]]:
    """A picture of a photo that an entry hides, to compare with another one."""
    known = desk.built.remembered.get(below_photos(entry), frozenset())
    aside = [desk.built.aside[key] for key in sorted(known) if key in desk.built.aside]
    return [one.pictures[0] for one in aside[:1] if one.pictures]


def _flagged(desk: Desk) -> list[str]:
    """The photos on the site in which no bollard is seen, without a decision of the owner's."""
    said = desk.said
    pinned = {key for key, type_ in said.pins.items() if type_}
    decided = said.hidden | said.shown | said.boxes.keys() | set(said.pictures.values())
    return [
        photo
        for photo in sorted(desk.built.unseen - decided)
        if desk.built.photos[photo].bollard not in pinned
    ]


def _of_aside(desk: Desk, one: Aside) -> Json:
    return {
        "kind": "unseen" if one.why == "unseen" else "held",
        "photo": one.id,
        "file": one.file,
        "held": True,
        "why": one.why,
        "entry": one.entry,
        "country": one.country,
        "pictures": list(one.pictures),
        "others": hides(desk, one.entry) if one.entry else [],
        "size": one.size,
        "crop": one.crop,
    }


def _of_site(desk: Desk, photo: str) -> Json:
    known = desk.built.photos[photo]
    return {
        "kind": "unseen",
        "photo": photo,
        "file": known.file,
        "held": False,
        "why": "unseen",
        "entry": "",
        "country": known.country,
        "pictures": [asdict(picture) for picture in known.pictures],
        "others": [],
        "size": (known.width, known.height),
        "crop": known.crop,
    }
