"""Where a retired type leads: the living type that now has most of its photos."""

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

    The present types of its photos count first: the successor is the type with most of them, on a
    tie the recorded one, then the first in the alphabet. A retired type whose photos are unsorted
    has no successor. If all its photos have left the collection, the recorded successor counts, or
    the successor of that one if it has retired since.

    Args:
        retired: for each retired type, its last photos.
        recorded: the successors of the retired types at the last build.
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
            successor = _followed(old, recorded, found)
            if successor in types:
                followed[old] = successor
    return found | followed


def moved_types(
    retired: Mapping[str, frozenset[str]], successors: Mapping[str, str], photos: frozenset[str]
) -> tuple[Moved, ...]:
    """The site's retired types, ordered by id.

    Args:
        retired: for each retired type, its last photos.
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
    """The end of each chain of records; only in a hand-edited ledger can a chain be circular."""
    seen = {old}
    successor = recorded.get(old, "")
    while successor in found or successor in recorded:
        if successor in seen:
            return ""
        seen.add(successor)
        successor = found.get(successor) or recorded[successor]
    return successor
