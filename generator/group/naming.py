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
# Traits that tell twins apart, in the order in which a person would mention them.
_DETAILS = ("reflector",)


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


def describe(look: Mapping[str, Trait]) -> str:
    """One sentence with everything that is seen, reflector included."""
    parts = [short_name(look)]
    reflector = look["reflector"].value if "reflector" in look else "none"
    if reflector == "multi":
        parts.append("reflectors of several colours")
    elif reflector != "none":
        parts.append(f"{reflector} reflector")
    return ", ".join(parts) + "."


def distinct_names(
    looks: Mapping[str, Mapping[str, Trait]], places: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """A name for each type, no two alike.

    Where two types would have the same name, each says first what it has and the other has not
    (its reflector), then where it stands, and at last a number.

    Args:
        looks: traits by type id; may be empty for an embedder that has no words.
        places: names of the countries of each type, commonest first.
    """
    names = {key: short_name(look) if look else "Bollard type" for key, look in looks.items()}
    for detail in _DETAILS:
        for group in _collisions(names):
            for key in group:
                value = looks[key][detail].value if detail in looks[key] else None
                if value:
                    prefix = {"none": "without", "multi": "with mixed"}.get(value, f"with {value}")
                    names[key] = f"{names[key]}, {prefix} {detail}"
    for group in _collisions(names):
        for key in group:
            if places.get(key):
                names[key] = f"{names[key]} ({', '.join(places[key][:2])})"
    for group in _collisions(names):
        for number, key in enumerate(sorted(group), start=1):
            names[key] = f"{names[key]} {number}"
    return names


def alt_text(look: Mapping[str, Trait], place: str | None) -> str:
    """What a photo shows, for those who do not see it."""
    subject = short_name(look) if look else "Roadside bollard"
    return f"{subject}, {place}" if place else subject


def _marking(look: Mapping[str, Trait]) -> str | None:
    pattern = look["pattern"].value if "pattern" in look else "plain"
    accent = look["accent"].value if "accent" in look else "none"
    if pattern == "plain" or pattern not in _PATTERNS:
        return None
    colour = {"none": "", "multi": "multicoloured"}.get(accent, accent)
    return " ".join(_PATTERNS[pattern].format(accent=colour).split())


def _collisions(names: Mapping[str, str]) -> Iterable[list[str]]:
    groups: dict[str, list[str]] = {}
    for key, name in names.items():
        groups.setdefault(name, []).append(key)
    return [group for group in groups.values() if len(group) > 1]
