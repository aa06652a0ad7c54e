"""Describes the looks of a type in words, from its attributes.

The vocabulary is that of the recogniser's training labels. Names are for people. An id is made from
the first name of a type and never changes.
"""

from collections.abc import Iterable, Mapping

from generator.catalogue import Trait
from generator.language.wording import Wording
from generator.vocabulary import Probabilities

_ENGLISH = Wording()


def traits(probabilities: Probabilities) -> dict[str, Trait]:
    """The most probable value of each attribute; on a tie, the first in the alphabet."""
    best = {}
    for attribute, values in probabilities.items():
        value = min(values, key=lambda name: (-round(values[name], 4), name))
        best[attribute] = Trait(value, round(values[value], 4))
    return best


def short_name(look: Mapping[str, Trait], words: Wording = _ENGLISH) -> str:
    """ "White flat post, slanted black band": body, form and marking."""
    name = words.post(look["form"].value, look["body"].value)
    marking = _marking(look, words)
    if marking:
        name = words.with_marking(name, marking)
    return name[:1].upper() + name[1:]


def full_name(look: Mapping[str, Trait], words: Wording = _ENGLISH) -> str:
    """The short name with the reflector, where it is known."""
    reflector = look.get("reflector")
    if reflector is None or not reflector.is_sure:
        return short_name(look, words)
    return words.with_reflector(short_name(look, words), words.reflector(reflector.value))


def describe(look: Mapping[str, Trait], words: Wording = _ENGLISH) -> str:
    """One sentence with all attributes, including the reflector."""
    return words.sentence(full_name(look, words))


def distinct_names(
    looks: Mapping[str, Mapping[str, Trait]], words: Wording = _ENGLISH
) -> dict[str, str]:
    """A name for each type; all are different.

    If two types have the same name, their reflectors are added. If the names are still the same,
    they are numbered. The numbers follow the ids, which are permanent, so that a name does not
    change when photos are added.

    Args:
        looks: traits by type id; may be empty for an embedder that has no words.
        words: the language of the names.
    """
    nameless = words.messages.gettext("Bollard type")
    names = {key: short_name(look, words) if look else nameless for key, look in looks.items()}
    for group in _collisions(names):
        for key in group:
            if looks[key]:
                names[key] = full_name(looks[key], words)
    for group in _collisions(names):
        taken = set(names.values())
        for key in sorted(group, key=_natural)[1:]:
            number = 2
            while f"{names[key]} {number}" in taken:
                number += 1
            names[key] = f"{names[key]} {number}"
            taken.add(names[key])
    return names


def alt_text(look: Mapping[str, Trait], place: str | None, words: Wording = _ENGLISH) -> str:
    """A description of the photo for visitors who cannot see it."""
    subject = short_name(look, words) if look else words.messages.gettext("Roadside bollard")
    return words.in_place(subject, place) if place else subject


def _marking(look: Mapping[str, Trait], words: Wording) -> str | None:
    """The marking in words. Form and body are named even if unsure, since a name needs them."""
    pattern, accent = look.get("pattern"), look.get("accent")
    if pattern is None or not pattern.is_sure:
        return None
    sure = accent is not None and accent.is_sure and accent.value != "none"
    return words.marking(pattern.value, accent.value if accent and sure else None)


def _natural(key: str) -> tuple[str, int]:
    """A sort key that puts "post", "post-2", "post-10" in this order."""
    stem, _, number = key.rpartition("-")
    return (stem, int(number)) if stem and number.isdecimal() else (key, 1)


def _collisions(names: Mapping[str, str]) -> Iterable[list[str]]:
    groups: dict[str, list[str]] = {}
    for key, name in names.items():
        groups.setdefault(name, []).append(key)
    return [group for group in groups.values() if len(group) > 1]
