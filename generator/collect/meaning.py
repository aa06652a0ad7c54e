"""Finds the possible meanings of the words of a name, and chooses among several."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from generator.collect import names, remarks
from generator.collect.gazetteer import Meaning, Place, Word, table

LONGEST_NAME = 9
"""Most words in a name of the table that is looked for within others."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The place that a name means, or the places that it could mean; both empty if neither."""

    place: Place | None = None
    candidates: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    """A name divided into its words, each with its piece between commas and parentheses."""

    text: str
    words: tuple[Word, ...]
    pieces: tuple[int, ...]
    notes: frozenset[int]


def meanings_of(words: Sequence[Word]) -> tuple[Meaning, ...]:
    """All possible meanings of some words as one name, abbreviated or not."""
    known = table()
    found: dict[Meaning, None] = {}
    for key in _keys(words):
        if key and key in known.names:
            found.update(dict.fromkeys(known.meanings(key)))
    return tuple(found)


def _keys(words: Sequence[Word]) -> Iterator[str]:
    """The key of some words, then the keys with their abbreviations spelled out."""
    keys = [word.key for word in words]
    if _may_be_joined([key for key in keys if key]):
        yield "".join(keys)
    if any(key in remarks.ABBREVIATIONS for key in keys) and len(keys) > 1:
        options = [(key, *remarks.ABBREVIATIONS.get(key, ())) for key in keys]
        for chosen in itertools.islice(itertools.product(*options), 1, 65):
            yield "".join(chosen).replace(" ", "")


def _may_be_joined(keys: Sequence[str]) -> bool:
    """Whether words may be one of the table's without the spaces: "Hongkong", and not "to go"."""
    if len(keys) < 2 or " ".join(keys) in table().spaced:
        return True
    if all(len(key) == 1 for key in keys):
        return True  # "U S A"
    return max(map(len, keys)) > 3 and not any(
        key in remarks.REMARKS or key in remarks.ENGLISH or key in remarks.CONNECTING
        for key in keys
    )


def chosen(meanings: Sequence[Meaning], within: str | None, words: Sequence[Word]) -> Reading:
    """The meaning of a name without other words, or several meanings."""
    meanings = [meaning for meaning in meanings if meaning.grade != "2"]
    if within:
        for meaning in meanings:
            if meaning.region and belongs(meaning.code, within):
                return Reading(meaning.place())
        meanings = [meaning for meaning in meanings if meaning.grade in "ceadp"]
        inside = [meaning for meaning in meanings if belongs(meaning.code, within)]
        meanings = inside or meanings
    if all(meaning.grade == "r" for meaning in meanings):
        return Reading()
    grades = {meaning.grade for meaning in meanings}
    # A country's own name wins over all; its other names do not over a subdivision's.
    tiers = (("c", "c"), ("eap", "eaps"), ("f", "fdso"), ("dost", "dsot"))
    counting = next(counting for first, counting in tiers if grades & set(first))
    sure = [meaning for meaning in meanings if meaning.grade in counting]
    sure.sort(key=lambda meaning: counting.index(meaning.grade))
    places = distinct(meaning.place() for meaning in sure)
    if len(places) > 1:
        return unsure(places)
    if sure[0].grade in "st" and is_common(words):
        # A folder called "central" or "bar" is not named after the only region of that name.
        return unsure(places)
    return Reading(places[0])


def is_common(words: Sequence[Word]) -> bool:
    """Whether a part's name is too short or too common to mean the part by itself."""
    keys = [word.key for word in words if word.key]
    return len("".join(keys)) <= 3 or all(
        key in remarks.DIRECTIONS or key in remarks.REMARKS for key in keys
    )


def division_of(part: tuple[str, str]) -> Place:
    return Place(part[0], table().countries[part[0]], part[1])


def belongs(code: str, country: str) -> bool:
    """Whether a place with one code is in the other's country, by ISO or as people write it."""
    return code == country or names.PARENTS.get(code) == country


def agree(one: str, other: str) -> bool:
    return belongs(one, other) or belongs(other, one)


def distinct(places: Iterable[Place]) -> list[Place]:
    """Each country once, in the order given."""
    found: dict[str, Place] = {}
    for place in places:
        found.setdefault(place.code, place)
    return list(found.values())


def unsure(places: Iterable[Place]) -> Reading:
    return Reading(None, tuple(distinct(places)))
