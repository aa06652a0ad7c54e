"""The attributes of one type's bollards in one country, and sure differences between countries.

A type's attributes are those of all its bollards. Countries that share a type are told apart by
their own bollards of it, so these are counted for each country.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

from generator.catalogue import Trait, sure_values

USUAL = Fraction(2, 3)
"""A look that at least this part of a country's bollards show is usual there."""
RARE = Fraction(1, 10)
"""A look that at most this part show is rare there."""

_SINGLE = ("form", "body", "pattern", "accent")


@dataclass(frozen=True, slots=True)
class OwnLook:
    """One country's bollards of one type.

    Attributes:
        bollards: how many there are.
        counts: how many bollards surely show each value of form, body, pattern, accent (only of
            those with a marking) and reflector. A bollard has one value of each, but may show
            reflectors of several colours: front and back often differ.
    """

    bollards: int
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def usual(self, attribute: str) -> tuple[str, ...]:
        """The values that are usual, in alphabetical order."""
        counts = self.counts.get(attribute, {})
        return tuple(sorted(value for value in counts if counts[value] >= USUAL * self.bollards))

    def is_rare(self, attribute: str, value: str) -> bool:
        return self.counts.get(attribute, {}).get(value, 0) <= RARE * self.bollards

    def summary(self) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """For each attribute, the values that are usual and those that are more than rare."""
        return {
            attribute: (
                self.usual(attribute),
                tuple(value for value in sorted(counts) if not self.is_rare(attribute, value)),
            )
            for attribute, counts in self.counts.items()
        }


@dataclass(frozen=True, slots=True)
class Said:
    """Countries whose bollards share a look: its values, and their codes.

    The values of a marking are the pattern and, if known, its colour.
    """

    values: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Telltale:
    """An attribute (`form`, `body`, `marking` or `reflector`) in which countries surely differ."""

    attribute: str
    said: tuple[Said, ...]


def own_look(bollards: Iterable[Sequence[Mapping[str, Trait]]]) -> OwnLook:
    """Count the looks of some bollards; each is given by the attributes of its photos."""
    counts: dict[str, Counter[str]] = {}
    number = 0
    for views in bollards:
        number += 1
        for attribute, values in _shown(views).items():
            counts.setdefault(attribute, Counter()).update(values)
    return OwnLook(number, counts)


def telltales(looks: Mapping[str, OwnLook]) -> tuple[Telltale, ...]:
    """The sure differences between the bollards of some countries, those visible from afar first.

    Args:
        looks: the countries' looks by code, in the order in which they are shown.
    """
    found = []
    for attribute, parts in _ATTRIBUTES.items():
        pairs = combinations(looks.values(), 2)
        if any(_differ(one, other, part) for one, other in pairs for part in parts):
            said: dict[tuple[str, ...], list[str]] = {}
            for code, look in looks.items():
                values = tuple(value for part in parts for value in look.usual(part))
                if look.usual(parts[0]):
                    said.setdefault(values, []).append(code)
            found.append(
                Telltale(
                    attribute, tuple(Said(values, tuple(codes)) for values, codes in said.items())
                )
            )
    return tuple(found)


def decisive(found: Sequence[Telltale], code: str) -> Telltale | None:
    """The telltale that distinguishes a country from most of the others; None if none does.

    Of equal ones, the first is the one that is visible from farthest away.
    """
    others = {}
    for telltale in found:
        own = next((said.codes for said in telltale.said if code in said.codes), ())
        if own and len(telltale.said) > 1:
            others[telltale] = sum(len(said.codes) for said in telltale.said) - len(own)
    return max(others, key=others.__getitem__, default=None)


_ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "form": ("form",),
    "body": ("body",),
    "marking": ("pattern", "accent"),
    "reflector": ("reflector",),
}


def _differ(one: OwnLook, other: OwnLook, attribute: str) -> bool:
    """Whether each of the two usually has a value that is rare in the other.

    One reflector more is not enough: it may be on a side that the other's photos do not show.
    """
    mine, theirs = one.usual(attribute), other.usual(attribute)
    return any(other.is_rare(attribute, value) for value in mine) and any(
        one.is_rare(attribute, value) for value in theirs
    )


def _shown(views: Sequence[Mapping[str, Trait]]) -> dict[str, tuple[str, ...]]:
    """A bollard's sure attributes, over all of its photos."""
    sure = [sure_values(view) for view in views]
    shown: dict[str, tuple[str, ...]] = {}
    for attribute in _SINGLE:
        weights: Counter[str] = Counter()
        for values, view in zip(sure, views, strict=True):
            if attribute in values and not (attribute == "accent" and values[attribute] == "none"):
                weights[values[attribute]] += round(1e6 * view[attribute].confidence)
        if weights:
            shown[attribute] = (min(weights, key=lambda value: (-weights[value], value)),)
    if shown.get("pattern") in (None, ("plain",)):
        shown.pop("accent", None)
    reflectors = {values["reflector"] for values in sure if "reflector" in values}
    if reflectors:
        shown["reflector"] = tuple(sorted(reflectors - {"none"} or {"none"}))
    return shown
