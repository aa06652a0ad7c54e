"""Previews the changes that decisions since the last build will make to the site."""

from collections import Counter
from typing import Any

from generator.catalogue import Box
from generator.curation import InCountry
from generator.curation.apply import crop_around
from generator.published import PublishedPhoto
from generator.review.desk import Desk

Json = dict[str, Any]


def preview(desk: Desk) -> Json:
    """The next build's changes as far as the decisions cause them; new photos may cause more.

    Each list is ordered by id: types `renamed`, `merged`, `born` and `emptied`, bollards `moved`,
    photos `hidden`, `published` and `boxed`, changed `pictures` and `countries`, `described` and
    `addressed` types,    and what the owner has `known` of types in countries.
    A new type may be one that existed before: it comes `back` to its address.
    """
    built, decided = desk.built, desk.decided
    merged = [
        {"type": key, "name": built.types[key].name, "into": decided.merged[key]}
        for key in sorted(built.types)
        if key in decided.merged
    ]
    before = {
        built.bollard_of[photo]: key for key, type_ in built.types.items() for photo in type_.photos
    }
    moved = []
    went: dict[str, Counter[str]] = {}
    for key, now in sorted(desk.type_of.items()):
        was = before.get(key)
        if was is not None and now is not None:
            went.setdefault(was, Counter())[now] += 1
        if was == now or (was is not None and decided.merged.get(was) == now):
            continue
        moved.append({"bollard": key, "before": was, "after": now})
    gone = sorted(built.types.keys() - desk.members.keys() - decided.merged.keys())
    return {
        "renamed": [
            {"type": key, "before": built.types[key].name, "after": name}
            for key, name in sorted(desk.names.items())
            if key in built.types and built.types[key].name != name
        ],
        "described": [
            key
            for key, said in sorted(desk.curation.types.items())
            if key in desk.members
            and said.description
            and key in built.types
            and built.types[key].description != said.description
        ],
        "addressed": [
            {"type": key, "slug": slug}
            for key in sorted(desk.members)
            if (slug := desk.address(key))
        ],
        "known": [
            {"type": key, "country": code}
            for key, said in sorted(desk.curation.types.items())
            if key in desk.members and key in built.types
            for code, before in sorted(built.types[key].known.items())
            if _is_news(said.countries.get(code, InCountry()), before)
        ],
        "merged": merged,
        "born": [
            {
                "type": key,
                "name": desk.names[key],
                "bollards": len(desk.members[key]),
                "back": key in built.addresses,
            }
            for key in sorted(desk.members.keys() - built.types.keys())
        ],
        "emptied": [
            {
                "type": key,
                "name": built.types[key].name,
                "into": next((one for one, _ in went.get(key, Counter()).most_common(1)), None),
            }
            for key in gone
        ],
        "moved": moved,
        "hidden": [photo for photo in sorted(desk.said.hidden) if photo in built.photos],
        "published": [
            photo
            for photo, one in sorted(built.aside.items())
            if one.state == "held"
            and photo not in desk.said.hidden
            and (photo in desk.said.shown or photo in desk.said.boxes)
        ],
        "boxed": [
            photo
            for photo, box in sorted(desk.said.boxes.items())
            if photo in built.photos and _changes_crop(box, built.photos[photo])
        ],
        "pictures": [
            {"type": key, "photo": photo}
            for key, photo in sorted(desk.said.pictures.items())
            if key in desk.members
            and photo in decided.types[key]
            and (key not in built.types or built.types[key].photos[0] != photo)
        ],
        "countries": [
            {"bollard": key, "country": code or None}
            for key, code in sorted(desk.said.countries.items())
            if key in built.bollards
            and any(built.photos[photo].country != (code or None) for photo in built.bollards[key])
        ],
    }


def _is_news(said: InCountry, before: tuple[str, str]) -> bool:
    """Whether the site says something else of a type in a country; `before` is as it is there."""
    frequency, note = before
    # The site's own language may have a translation of the note.
    return (said.frequency or "") != frequency or (not said.notes and said.note != note)


def _changes_crop(box: Box, photo: PublishedPhoto) -> bool:
    crop = crop_around(box)
    right, bottom = min(crop.right, photo.width), min(crop.bottom, photo.height)
    return photo.crop != (crop.left, crop.top, right, bottom)
