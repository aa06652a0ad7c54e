"""Where a type that vanished leads: the living type that now holds most of its photos."""

from collections import Counter
from collections.abc import Mapping

from generator.catalogue import Moved


def destinations(
    retired: Mapping[str, frozenset[str]],
    recorded: Mapping[str, str],
    types: Mapping[str, frozenset[str]],
    photos: frozenset[str],
) -> dict[str, str]:
    """The living type for each retired one; those without a successor are left out.

    What its photos say now counts first: the type that holds most of them, on a tie the one that
    was recorded before, then the first in the alphabet. A retired type whose photos are one-offs
    has no successor. Of one whose photos have all left the collection the record is followed, and
    where that one has retired since, to where it led.

    Args:
        retired: for each retired type, the photos that it had last.
        recorded: where the retired types led at the last build.
        types: photo ids by id of the living types.
        photos: ids of all photos in the collection.
    """
    type_of = {photo: key for key, members in types.items() for photo in members}
    found: dict[str, str] = {}
    for old, members in retired.items():
        votes = Counter(type_of[photo] for photo in members if photo in type_of)
        if votes:
            before = recorded.get(old)
            found[old] = min(votes, key=lambda key: (-votes[key], key != before, key))
    followed: dict[str, str] = {}
    for old in retired.keys() - found.keys():
        if not retired[old] & photos:
            place = _followed(old, recorded, found)
            if place in types:
                followed[old] = place
    return found | followed


def moved_types(
    retired: Mapping[str, frozenset[str]], successors: Mapping[str, str], photos: frozenset[str]
) -> tuple[Moved, ...]:
    """What the site says of its retired types, ordered by id.

    Args:
        retired: for each retired type, the photos that it had last.
        successors: as `destinations` found them.
        photos: ids of all photos in the collection.
    """
    return tuple(
        Moved(
            id=old,
            type=successors.get(old),
            one_offs=old not in successors and bool(retired[old] & photos),
        )
        for old in sorted(retired)
    )


def _followed(old: str, recorded: Mapping[str, str], found: Mapping[str, str]) -> str:
    """Where the records lead in the end; they can only go round in a circle in an edited ledger."""
    seen = {old}
    place = recorded.get(old, "")
    while place in found or place in recorded:
        if place in seen:
            return ""
        seen.add(place)
        place = found.get(place) or recorded[place]
    return place
