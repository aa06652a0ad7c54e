"""Describes the looks of a bollard or a type in words, from its attributes.

The vocabulary is that of the recogniser's training labels. The name of a photo tells what is
likeliest; the name of a type claims only what nearly all its bollards show (`claims`). A type's id
is made from its English name at its first build.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from generator.catalogue import Trait, claims, sure_values
from generator.language.places import Counts, Where, told_by_place
from generator.language.wording import Wording
from generator.vocabulary import SURELY, Probabilities

_ENGLISH = Wording()
# Equal names may claim values with a smaller share. Otherwise only a place or a number would
# distinguish the types.
_NEARLY, _LIKELY = 0.75, 0.5
# Probabilities are rounded to four decimals; those that differ by more are not equal.
_ROUNDED = 0.0002

Said = Mapping[str, str]
"""The attributes that a name may mention: value by attribute."""


def traits(probabilities: Probabilities) -> dict[str, Trait]:
    """The most probable value of each attribute of which something is known.

    On a tie, it is the first in the alphabet.
    """
    best = {}
    for attribute, values in probabilities.items():
        most = max(values.values(), default=0.0)
        if not most:
            continue
        # Of most attributes one value is likelier than all others, and needs no comparison.
        near = [name for name, chance in values.items() if chance > most - _ROUNDED]
        value = min(near, key=lambda name: (-round(values[name], 4), name))
        best[attribute] = Trait(value, round(values[value], 4))
    return best


def short_name(look: Mapping[str, Trait], words: Wording = _ENGLISH) -> str:
    """The name of one photo, "White flat post, slanted black band": body, form and marking.

    Form and body are named even if unsure, because a name needs them.
    """
    said = {name: look[name].value for name in ("form", "body") if name in look}
    return _name(said | sure_values(look), words)


def full_name(look: Mapping[str, Trait], words: Wording = _ENGLISH) -> str:
    """The short name with the reflector, if it is known."""
    return _with_reflector(short_name(look, words), sure_values(look), words)


def describe(said: Said, words: Wording = _ENGLISH) -> str:
    """One sentence with all that is claimed of a type, including the reflector; may be ""."""
    name = _with_reflector(_name(said, words), said, words)
    return words.sentence(name) if name else ""


def distinct_names(
    shares: Mapping[str, Mapping[str, Trait]],
    words: Wording = _ENGLISH,
    places: Mapping[str, Counts] | None = None,
    called: Callable[[str], str] = str,
    *,
    numbered: bool = True,
) -> dict[str, str]:
    """A name for each type; all are different.

    Types with the same name are told apart by their reflectors, by the lack of a marking, by looks
    that are a little less certain, then by places. Only types that nothing tells apart are
    numbered, in the order of their ids.

    Args:
        shares: for each type's id its values with their shares of the bollards, see
            `vocabulary.shares`; empty for an embedder that has no words.
        words: the language of the names.
        places: how many bollards of each type each country has.
        called: the name of a country (alpha-2 code) or a continent (CLDR code) in that language.
        numbered: with False, types that nothing tells apart keep the same name.
    """
    nameless = words.messages.gettext("Bollard type")
    said = {key: claims(one) for key, one in shares.items()}
    names = {key: (_name(one, words) if one else "") or nameless for key, one in said.items()}
    for group in _collisions(names):
        for key in group:
            names[key] = _with_reflector(names[key], said[key], words)
    for group in _collisions(names):
        plain = [key for key in group if said[key].get("pattern") == "plain"]
        if len(plain) < len(group):
            for key in plain:
                names[key] = words.with_reflector(names[key], words.no_marking())
    placed: dict[str, list[Where]] = {}
    for least in (_NEARLY, _LIKELY):
        for group in _collisions(names):
            _add_looks(group, names, shares, least, words)
        _add_places(names, places or {}, called, words, placed, last=least == _LIKELY)
    if numbered:
        _number(names)
    return names


def alt_text(look: Mapping[str, Trait], place: str | None, words: Wording = _ENGLISH) -> str:
    """A description of an unsorted photo for visitors who cannot see it."""
    subject = short_name(look, words) if look else ""
    subject = subject or words.messages.gettext("Roadside bollard")
    return words.in_place(subject, place) if place else subject


def alt_text_in_type(
    look: Mapping[str, Trait],
    of_type: Said,
    place: str | None,
    words: Wording = _ENGLISH,
) -> str:
    """A description of a photo of a type: the type's claims that the photo does not refute.

    Args:
        look: the photo's attributes.
        of_type: the claims of its type.
        place: where the bollard is.
        words: the language.
    """
    if not of_type:
        return alt_text(look, place, words)
    said = {
        name: value
        for name, value in of_type.items()
        if name not in look or look[name].value == value or look[name].confidence < SURELY
    }
    subject = _name(said, words)
    if not subject:
        return alt_text(look, place, words)
    if said.get("reflector", "none") != "none":
        subject = _with_reflector(subject, said, words)
    return words.in_place(subject, place) if place else subject


def _name(said: Said, words: Wording) -> str:
    if words.has_own:
        name = words.own_name(said)
        return name[:1].upper() + name[1:]
    name = words.post(said.get("form", ""), said.get("body", ""))
    marking = _marking(said, words)
    if marking:
        name = words.with_marking(name, marking)
    return name[:1].upper() + name[1:]


def _with_reflector(name: str, said: Said, words: Wording) -> str:
    if "reflector" not in said:
        return name
    return words.with_reflector(name, words.reflector(said["reflector"]))


def _marking(said: Said, words: Wording) -> str | None:
    colour = said.get("accent", "none")
    if "pattern" not in said and colour == "none":
        return None
    return words.marking(said.get("pattern", ""), None if colour == "none" else colour)


def _add_looks(
    group: Sequence[str],
    names: dict[str, str],
    shares: Mapping[str, Mapping[str, Trait]],
    least: float,
    words: Wording,
) -> None:
    """Add more of form, body and marking to equal names if that distinguishes their types."""
    more = {}
    for key in group:
        said = claims(shares[key])
        likely = claims(shares[key], least)
        more[key] = (_name(likely, words) if likely else "") or names[key]
        more[key] = _with_reflector(more[key], said, words)
    alone = [name for name in more.values() if list(more.values()).count(name) == 1]
    taken = {name for key, name in names.items() if key not in group}
    names.update({key: name for key, name in more.items() if name in alone and name not in taken})


def _add_places(
    names: dict[str, str],
    places: Mapping[str, Counts],
    called: Callable[[str], str],
    words: Wording,
    placed: dict[str, list[Where]],
    *,
    last: bool,
) -> None:
    """Add places to equal names; `placed` has those that were added, by the name before."""
    for group in _collisions(names):
        taken = placed.setdefault(names[group[0]], [])
        found = told_by_place(
            {key: places.get(key, {}) for key in group}, last=last, taken=tuple(taken)
        )
        taken += found.values()
        for key, where in found.items():
            listed = [called(code) for code in where.codes]
            names[key] = words.in_places(names[key], listed, mostly=where.mostly)


def _number(names: dict[str, str]) -> None:
    for group in _collisions(names):
        taken = set(names.values())
        for key in sorted(group, key=_natural)[1:]:
            number = 2
            while f"{names[key]} {number}" in taken:
                number += 1
            names[key] = f"{names[key]} {number}"
            taken.add(names[key])


def _natural(key: str) -> tuple[str, int]:
    """A sort key that puts "post", "post-2", "post-10" in this order."""
    stem, _, number = key.rpartition("-")
    return (stem, int(number)) if stem and number.isdecimal() else (key, 1)


def _collisions(names: Mapping[str, str]) -> Iterable[list[str]]:
    groups: dict[str, list[str]] = {}
    for key, name in names.items():
        groups.setdefault(name, []).append(key)
    return [group for group in groups.values() if len(group) > 1]
