"""Keeps hidden photos hidden: finds the photos that each hiding entry keeps off the site.

An entry hides the photo that it names. As long as the entry exists, it also hides every photo with
content that it has once hidden, whatever the photo's name. In case of doubt a photo is held back
and the owner is asked; nothing is published on a guess.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from generator.curation import Curation
from generator.curation.photo_names import FILE, PhotoNames
from generator.errors import Problem
from generator.filenames import below_photos


@dataclass(frozen=True, slots=True)
class Hidden:
    """See `Decisions` for the attributes of the same names; `by_entry` is its `hiding`."""

    hidden: frozenset[str]
    shown: frozenset[str]
    by_entry: Mapping[str, frozenset[str]]
    lost: tuple[str, ...]
    suspects: Mapping[str, str]
    problems: tuple[Problem, ...]


def hidden_photos(
    curation: Curation,
    photo_names: PhotoNames,
    remembered: Mapping[str, Collection[str]],
    published: frozenset[str],
) -> Hidden:
    """Find the photos that a curation hides.

    Args:
        curation: the owner's decisions.
        photo_names: finds photos by their names and ids.
        remembered: `Decisions.hiding` of earlier builds.
        published: ids of the photos that were on the site before.
    """
    hidden: set[str] = set()
    by_entry: dict[str, frozenset[str]] = {}
    lost: list[str] = []
    suspects: dict[str, str] = {}
    problems: list[Problem] = []
    shown = {
        photo
        for reference, said in curation.photos.items()
        if said.hidden is False
        for photo in photo_names.now(reference)
    }
    for reference, said in curation.photos.items():
        if not said.hidden:
            continue
        entry = below_photos(reference)
        memory = frozenset(remembered.get(entry, ())) | by_entry.get(entry, frozenset())
        known = {photo for one in memory if (photo := photo_names.by_id(one))}
        named = set(photo_names.now(reference))
        found = known | named
        if not found:
            found = set(photo_names.once(reference))
        if not found:
            # A photo saved again in the same file is the same; one that was already published is
            # another photo.
            places = (reference, *sorted(memory))
            found = {one for place in places for one in photo_names.in_place_of(place)} - published
        hidden |= found
        others = named & published if known - named else set()
        by_entry[entry] = memory | (found - others)
        problems += [
            _problem(
                reference,
                f"the photo that had this name is now {photo_names.file(min(known))}, and another"
                f" one, {photo_names.file(photo)}, has the name. Both are hidden. Write the id of"
                f' the one that you mean: [photos."{min(known)}"].',
            )
            for photo in sorted(others)
        ]
        if found & shown:
            problems.append(
                _problem(
                    reference,
                    f"another entry shows {photo_names.file(min(found & shown))}, which this one"
                    " hides. It is hidden; remove one of the two entries.",
                )
            )
        if found:
            continue
        lost.append(reference)
        # What that photo looks like may be known, and then its other versions are found by it.
        by_entry[entry] |= frozenset(photo_names.former_ids(reference))
        was = photo_names.known_file(reference) or next(
            (file for one in sorted(memory) if (file := photo_names.known_file(one))), ""
        )
        if was or memory:
            told = f" (it was {was})" if was and was != reference else ""
            problems.append(
                _problem(
                    reference,
                    f"the photo that this entry hides{told} is not in photos/. It stays hidden if"
                    " it comes back, whatever its name. If you changed it, write its new name"
                    " here; if you deleted it for good, you need do nothing.",
                )
            )
            continue
        suspects |= {
            photo: reference
            for photo in photo_names.like_named(reference)
            if photo not in published
        }
        problems.append(
            _problem(
                reference,
                f"no photo has this name, so this entry hides nothing.{photo_names.hint(reference)}"
                " Write the photo's name, or its id, here.",
            )
        )
    return Hidden(
        frozenset(hidden),
        frozenset(shown - hidden),
        by_entry,
        tuple(lost),
        {photo: one for photo, one in suspects.items() if photo not in hidden | shown},
        tuple(problems),
    )


def _problem(reference: str, reason: str) -> Problem:
    return Problem(FILE, f'[photos."{reference}"]: {reason}', skipped=False, first=True)
