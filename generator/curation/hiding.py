"""Keeps hidden photos hidden: finds the photos that each hiding entry keeps off the site.

An entry hides the photo that it names. As long as the entry exists, it also hides every photo with
content that it has once hidden, whatever the photo's name. In case of doubt a photo is held back
and the owner is asked; nothing is published on a guess.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from generator.curation import Curation
from generator.curation.finder import FILE, Finder
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
    finder: Finder,
    remembered: Mapping[str, Collection[str]],
    published: frozenset[str],
) -> Hidden:
    """Find what a curation hides.

    Args:
        curation: the owner's decisions.
        finder: finds photos by their names and ids.
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
        for photo in finder.now(reference)
    }
    for reference, said in curation.photos.items():
        if not said.hidden:
            continue
        entry = below_photos(reference)
        memory = frozenset(remembered.get(entry, ())) | by_entry.get(entry, frozenset())
        known = {photo for one in memory if (photo := finder.by_id(one))}
        named = set(finder.now(reference))
        found = known | named
        if not found:
            found = set(finder.once(reference))
        if not found:
            # A photo saved again in the same file is the same; one that was already published is
            # another photo.
            places = (reference, *sorted(memory))
            found = {one for place in places for one in finder.in_place_of(place)} - published
        hidden |= found
        strangers = named & published if known - named else set()
        by_entry[entry] = memory | (found - strangers)
        problems += [
            _problem(
                reference,
                f"the photo that had this name is {finder.file(min(known))} now, and another photo,"
                f" {finder.file(photo)}, has the name; both are hidden. Write the id of the one"
                f' that you mean: [photos."{min(known)}"].',
            )
            for photo in sorted(strangers)
        ]
        if found & shown:
            problems.append(
                _problem(
                    reference,
                    f"another entry shows {finder.file(min(found & shown))}, which this one"
                    " hides. It is hidden; remove one of the two entries.",
                )
            )
        if found:
            continue
        lost.append(reference)
        was = finder.known_file(reference) or next(
            (file for one in sorted(memory) if (file := finder.known_file(one))), ""
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
            photo: reference for photo in finder.like_named(reference) if photo not in published
        }
        problems.append(
            _problem(
                reference,
                f"no photo has this name, so this entry hides nothing.{finder.hint(reference)}"
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
