"""What a type looks like, in words, from the attributes that the recogniser sees.

The vocabulary is that of the recogniser's training labels. Names are for people; ids are made
from the first name a type gets and never change with it.
"""

from collections.abc import Iterable, Mapping, Sequence

from generator.catalogue import Trait

Probabilities = Mapping[str, Mapping[str, float]]

_FORMS = {
    "flat": "flat post",
    "round": "round post",
    "drum": "drum",
    "pole": "pole",
    "polepost": "post with a pole",
    "paddle": "paddle on a stick",
    "square": "square post",
    "block": "block",
    "sign": "sign bollard",
    "ornament": "ornamental bollard",
    "rail": "rail-mounted post",
    "arm": "mast with an arm",
}
_PATTERNS = {
    "cap": "{accent} cap",
    "band": "{accent} band",
    "bands": "{accent} bands",
    "stripes": "{accent} stripes",
    "diagonal": "slanted {accent} band",
    "chevron": "{accent} chevrons",
    "face": "{accent} sign face",
    "plate": "{accent} plate",
}
# A marking that the recogniser is less sure of is better not mentioned: form and body are named in
# any case, since a name needs them.
_SURE = 0.4


def traits(probabilities: Probabilities) -> dict[str, Trait]:
    """The likeliest value of each attribute; the first in the alphabet on a tie."""
    best = {}
    for attribute, values in probabilities.items():
        value = min(values, key=lambda name: (-round(values[name], 4), name))
        best[attribute] = Trait(value, round(values[value], 4))
    return best


def pooled(described: Sequence[Probabilities]) -> dict[str, dict[str, float]]:
    """The mean probabilities over several photos of one bollard or type."""
    return {
        attribute: {
            value: sum(one[attribute][value] for one in described) / len(described)
            for value in values
        }
        for attribute, values in described[0].items()
    }


def short_name(look: Mapping[str, Trait]) -> str:
    """ "White flat post, slanted black band": body, form and marking."""
    body = look["body"].value
    words = [f"{body} {_FORMS.get(look['form'].value, look['form'].value)}"]
    marking = _marking(look)
    if marking:
        words.append(marking)
    name = ", ".join(words)
    return name[:1].upper() + name[1:]


def full_name(look: Mapping[str, Trait]) -> str:
    """The short name with the reflector, where it can be made out."""
    reflector = look.get("reflector")
    if reflector is None or reflector.confidence < _SURE:
        return short_name(look)
    detail = {"none": "no reflector", "multi": "reflectors of several colours"}.get(
        reflector.value, f"{reflector.value} reflector"
    )
    return f"{short_name(look)}, {detail}"


def describe(look: Mapping[str, Trait]) -> str:
    """One sentence with everything that is seen, reflector included."""
    return f"{full_name(look)}."


def distinct_names(looks: Mapping[str, Mapping[str, Trait]]) -> dict[str, str]:
    """A name for each type, no two alike.

    Where two types would have the same name, each says its reflector too; where that does not tell
    them apart either they are numbered. The numbers follow the ids, which last, so that a name
    does not change when photos are added.

    Args:
        looks: traits by type id; may be empty for an embedder that has no words.
    """
    names = {key: short_name(look) if look else "Bollard type" for key, look in looks.items()}
    for group in _collisions(names):
        for key in group:
            if looks[key]:
                names[key] = full_name(looks[key])
    for group in _collisions(names):
        taken = set(names.values())
        for key in sorted(group, key=_natural)[1:]:
            number = 2
            while f"{names[key]} {number}" in taken:
                number += 1
            names[key] = f"{names[key]} {number}"
            taken.add(names[key])
    return names


def alt_text(look: Mapping[str, Trait], place: str | None) -> str:
    """What a photo shows, for those who do not see it."""
    subject = short_name(look) if look else "Roadside bollard"
    return f"{subject}, {place}" if place else subject


def _marking(look: Mapping[str, Trait]) -> str | None:
    pattern, accent = look.get("pattern"), look.get("accent")
    if pattern is None or pattern.confidence < _SURE or pattern.value not in _PATTERNS:
        return None
    sure = accent is not None and accent.confidence >= _SURE
    colour = accent.value if accent and sure else "none"
    colour = {"none": "", "multi": "multicoloured"}.get(colour, colour)
    return " ".join(_PATTERNS[pattern.value].format(accent=colour).split())


def _natural(key: str) -> tuple[str, int]:
    """Sorts "post", "post-2", "post-10" in this order."""
    stem, _, number = key.rpartition("-")
    return (stem, int(number)) if stem and number.isdecimal() else (key, 1)


def _collisions(names: Mapping[str, str]) -> Iterable[list[str]]:
    groups: dict[str, list[str]] = {}
    for key, name in names.items():
        groups.setdefault(name, []).append(key)
    return [group for group in groups.values() if len(group) > 1]
