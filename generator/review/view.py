"""The data for the page: the desk as JSON values."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, astuple
from typing import Any

from generator.catalogue import Bollard, Lookalike, Trait
from generator.filenames import below_photos
from generator.language.naming import short_name
from generator.language.wording import Wording
from generator.report.attention import in_doubt
from generator.review.built import Built
from generator.review.desk import Desk, speaks
from generator.review.first import filed_twice, hides, same_photos, to_look_at, waiting
from generator.review.preview import preview
from generator.review.questions import Candidate, Split, alike_types, nearest_types, suggested_split
from generator.things import Things
from generator.vocabulary import SURE

Json = dict[str, Any]
# How much nearer another type must be before a bollard is marked as a stray.
_STRAYS = 0.03
# Of what describers say about a type, as many are shown.
_LABELS, _CAPTIONS = 8, 3


def collection(built: Built) -> Json:
    """The data that only a build changes: photos, bollards, names of countries."""
    return {
        "stamp": built.stamp,
        "title": built.title,
        "sure": SURE,
        "countries": built.countries,
        "attributes": _attributes(built.things),
        "bollards": built.bollards,
        "aside": {key: one.file for key, one in built.aside.items()},
        "photos": {
            key: {
                "file": photo.file,
                "bollard": photo.bollard,
                "country": photo.country,
                "region": photo.region,
                "pictures": [asdict(picture) for picture in photo.pictures],
                "size": [photo.width, photo.height],
                "crop": photo.crop,
                "look": _look(photo.attributes),
                "near": [
                    [one.photo, round(built.same_type.calibration(one.score), 4)]
                    for one in photo.neighbours[:12]
                ],
                "new": key in built.arrived,
            }
            for key, photo in built.photos.items()
        },
    }


def show(desk: Desk, settled: frozenset[str]) -> Json:
    """The data that decisions change: types with their members, the review list, the preview."""
    built, curation, said = desk.built, desk.curation, desk.said
    near = nearest_types(desk.members, built.vectors)
    photos_of = _photos_by_type(desk)
    splits = {
        key: split
        for key, own in desk.members.items()
        if (split := suggested_split(own, built.vectors)) and split_key(key, split) not in settled
    }
    family = {type_: key for key, one in curation.families.items() for type_ in one.types}
    types: list[Json] = []
    # Sizes of the last build: the list must not jump while the owner works.
    size = {
        key: len({built.bollard_of[one] for one in type_.photos})
        for key, type_ in built.types.items()
    }
    for key in sorted(desk.members, key=lambda key: (-size.get(key, len(desk.members[key])), key)):
        own = desk.members[key]
        person = curation.types.get(key)
        look = built.look(photo for one in own for photo in built.bollards[one])
        split = splits.get(key)
        types.append(
            {
                "id": key,
                "name": desk.names[key],
                "named": bool(person and person.name),
                "description": person.description if person else "",
                "slug": desk.address(key),
                "picture": said.pictures.get(key),
                "cover": _cover(desk, key),
                "bollards": own,
                "countries": _countries(desk, own),
                "family": family.get(key),
                "notes": dict(person.lookalikes) if person else {},
                "known": {
                    code: {"frequency": said.frequency or "", "note": said.note}
                    for code, said in (person.countries if person else {}).items()
                },
                "look": _look(look),
                "words": _words(desk, own),
                "near": _likelier_first(desk, photos_of[key], near.get(key, ()), photos_of),
                "split": {"off": split.off, "score": split.score, "key": split_key(key, split)}
                if split
                else None,
                "fresh": key in built.fresh or key not in built.types,
            }
        )
    named = sum(type_["named"] for type_ in types)
    return {
        "types": types,
        "oneOffs": sorted(key for key, type_ in desk.type_of.items() if type_ is None),
        "bollards": _said_of(desk),
        "near": {
            key: _likelier_first(desk, built.bollards[key], found, photos_of)
            for key, found in desk.near.items()
        },
        "hidden": _hidden(desk),
        "held": _held(desk),
        "boxes": {key: astuple(box) for key, box in desk.said.boxes.items()},
        "families": {key: one.name for key, one in curation.families.items()},
        "gone": {key: type_.name for key, type_ in built.types.items() if key not in desk.members},
        "questions": _questions(desk, types, settled),
        "progress": {"named": named, "of": len(types)},
        "changes": preview(desk),
        "problems": [one.reason for one in desk.decided.problems],
    }


def _photos_by_type(desk: Desk) -> dict[str, frozenset[str]]:
    return {
        type_: frozenset(photo for key in own for photo in desk.built.bollards[key])
        for type_, own in desk.members.items()
    }


def _attributes(things: Things) -> Json:
    """The heading of each attribute and the names of its values, as pages have them in English."""
    words = Wording(own=things.attributes)
    values = {one.name: [value.name for value in one.values] for one in things.attributes}
    values |= {name: list(known) for name, known in things.vocabulary.items()}
    return {
        name: {
            "label": words.attribute(name),
            "values": {value: words.value(name, value) for value in known},
        }
        for name, known in values.items()
    }


def _look(attributes: Mapping[str, Trait]) -> dict[str, tuple[str, float]]:
    return {name: (trait.value, trait.confidence) for name, trait in attributes.items()}


def split_key(type_: str, split: Split) -> str:
    """The key of a suggestion: dismissing it holds until it concerns other bollards."""
    text = "\n".join(split.off)
    return f"split:{type_}:{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _questions(desk: Desk, types: list[Json], settled: frozenset[str]) -> list[Json]:
    """The review list: photos to look at first, new and unnamed types, doubtful bollards, types to
    merge, types to split.
    """
    unnamed = [type_ for type_ in types if not type_["named"]]
    listed: list[Json] = to_look_at(desk) + same_photos(desk, settled)
    listed += filed_twice(desk, settled)
    listed += [
        {"kind": "new" if type_["fresh"] else "unnamed", "type": type_["id"]}
        for type_ in sorted(unnamed, key=lambda type_: 0 if type_["fresh"] else 1)
    ]
    listed += _proposed(desk, settled)
    listed += _doubtful(desk)
    for pair in alike_types(desk.members, desk.built.vectors):
        key = "alike:" + "+".join(sorted((pair.kept, pair.gone)))
        if key not in settled and pair.gone not in _notes_of(desk, pair.kept):
            listed.append(
                {
                    "kind": "alike",
                    "type": pair.kept,
                    "other": pair.gone,
                    "score": pair.overlap,
                    "key": key,
                }
            )
    listed += [
        {"kind": "split", "type": type_["id"], "score": type_["split"]["score"]}
        for type_ in sorted(types, key=lambda type_: -(type_["split"] or {"score": 0})["score"])
        if type_["split"]
    ]
    for one in listed:
        one["id"] = ":".join(
            str(one[part]) for part in ("kind", "photo", "type", "bollard", "other") if part in one
        )
    return listed


def _likelier_first(
    desk: Desk,
    photos: Collection[str],
    near: Sequence[Candidate | Lookalike],
    photos_of: Mapping[str, Collection[str]],
) -> list[list[str | float]]:
    """Types with the chance that the photos are of each, the most likely first."""
    found = [(one.type, desk.built.same_type(photos, photos_of[one.type])) for one in near]
    return [[key, chance] for key, chance in sorted(found, key=lambda pair: -pair[1])]


def _doubtful(desk: Desk) -> list[Json]:
    """Unsorted bollards near a type, except those the owner left unsorted or keeps out of it."""
    built = desk.built
    photos_of = _photos_by_type(desk)
    bollards = [
        Bollard(key, built.bollards[key], None, type_) for key, type_ in desk.type_of.items()
    ]
    return [
        {
            "kind": "doubtful",
            "bollard": one.bollard,
            "candidates": _likelier_first(desk, one.photos, one.candidates, photos_of),
        }
        for one in in_doubt(bollards, built.vectors, built.near, desk.said)
    ]


def _proposed(desk: Desk, settled: frozenset[str]) -> list[Json]:
    """Groups of new bollards that resemble nothing known, if all of them are unsorted."""
    found: list[Json] = []
    for group in desk.built.proposals:
        key = f"proposed:{group[0]}"
        loose = all(one in desk.type_of and desk.type_of[one] is None for one in group)
        if loose and key not in settled:
            look = desk.built.look(photo for one in group for photo in desk.built.bollards[one])
            found.append(
                {
                    "kind": "proposed",
                    "bollard": group[0],
                    "bollards": group,
                    "key": key,
                    "name": short_name(look) if speaks(look) else "",
                }
            )
    return found


def _said_of(desk: Desk) -> dict[str, Json]:
    """Decisions about, or suggestions for, single bollards; most have none."""
    said, found = desk.said, dict[str, Json]()
    for key, type_ in said.pins.items():
        found.setdefault(key, {})["pinned"] = type_
    for key, types in said.kept_out.items():
        found.setdefault(key, {})["not"] = sorted(types)
    for key, code in said.countries.items():
        found.setdefault(key, {})["country"] = code
    for key, own_type in desk.type_of.items():
        near = desk.near.get(key, ())
        if own_type is None or not near or key in said.pins or near[0].type == own_type:
            continue
        own = next((one.score for one in near if one.type == own_type), -1.0)
        if near[0].score - own >= _STRAYS and len(desk.members[own_type]) > 1:
            found.setdefault(key, {})["stray"] = [near[0].type, near[0].score]
    return found


def _hidden(desk: Desk) -> list[Json]:
    """Each entry that hides photos, with the photos: their ids, files and pictures."""
    built = desk.built
    found: list[Json] = []
    for entry, one in desk.curation.photos.items():
        if not one.hidden:
            continue
        ids = sorted(desk.said.hiding.get(below_photos(entry), frozenset()) & desk.said.hidden)
        aside = [built.aside[key] for key in ids if key in built.aside]
        files = [built.file.get(key) or built.aside[key].file for key in ids]
        found.append(
            {
                "photo": entry,
                "ids": ids,
                "file": ", ".join(dict.fromkeys(files)),
                "pictures": [one.pictures[0] for one in aside if one.pictures],
            }
        )
    return found


def _held(desk: Desk) -> list[Json]:
    """New photos that the last build held back and for which there is no decision yet."""
    return [
        {
            "photo": one.id,
            "file": one.file,
            "entry": one.entry,
            "why": one.why,
            "pictures": [*one.pictures[:1], *(hides(desk, one.entry) if one.entry else [])],
        }
        for one in waiting(desk)
    ]


def _cover(desk: Desk, key: str) -> str:
    """The representative photo of a type: chosen, or as on the site, or the most typical."""
    own = desk.decided.types[key]
    chosen: str | None = desk.said.pictures.get(key)
    if chosen is not None and chosen in own:
        return chosen
    built = desk.built.types.get(key)
    for typical in built.photos if built else ():
        if typical in own:
            return typical
    return next(photo for photo in desk.built.bollards[desk.members[key][0]] if photo in own)


def _words(desk: Desk, bollards: Sequence[str]) -> Json | None:
    """What describers say about a type: labels with how many bollards have them, and captions."""
    labels: Counter[str] = Counter()
    captions: dict[str, None] = {}
    for key in bollards:
        pictures = {desk.built.photos[one].picture for one in desk.built.bollards[key]}
        answers = [one for photo in sorted(pictures) for one in desk.built.answers.get(photo, ())]
        labels.update({label.name for one in answers for label in one.labels})
        captions.update(dict.fromkeys(one.caption for one in answers if one.caption))
    if not (labels or captions):
        return None
    best = sorted(labels.items(), key=lambda one: (-one[1], one[0]))[:_LABELS]
    return {"labels": best, "captions": list(captions)[:_CAPTIONS]}


def _countries(desk: Desk, bollards: Sequence[str]) -> list[tuple[str | None, int]]:
    count: Counter[str | None] = Counter()
    for key in bollards:
        said = desk.said.countries.get(key)
        photos = (desk.built.photos[photo].country for photo in desk.built.bollards[key])
        count[said or None if said is not None else next(filter(None, photos), None)] += 1
    return sorted(count.items(), key=lambda one: (one[0] is None, -one[1], one[0] or ""))


def _notes_of(desk: Desk, type_: str) -> Mapping[str, str]:
    person = desk.curation.types.get(type_)
    return person.lookalikes if person else {}
