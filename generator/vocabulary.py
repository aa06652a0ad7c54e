"""The attributes of bollards and their values, in a fixed order.

The words are those of the labelled photos (``labels.csv``): the order is part of a trained model,
which carries its own copy, so a new value needs a new training.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

Probabilities = Mapping[str, Mapping[str, float]]
"""For each attribute, the probability of each of its values."""

Frequency = Literal["common", "regional", "rare", "old"]
"""How often a type is seen in a country, as the owner says."""

VOCABULARY: dict[str, tuple[str, ...]] = {
    "form": (
        "flat", "round", "drum", "pole", "polepost", "paddle",
        "square", "block", "sign", "ornament", "rail", "arm",
    ),
    "body": ("white", "grey", "black", "orange", "red", "green", "blue", "brown"),
    "pattern": (
        "plain", "cap", "band", "bands", "stripes", "diagonal", "chevron", "face", "plate",
    ),
    "accent": (
        "none", "white", "grey", "black", "orange", "red", "green", "blue", "brown", "multi",
    ),
    "reflector": (
        "none", "white", "grey", "orange", "red", "green", "blue", "multi",
    ),
}  # fmt: skip

KIND = ("form", "body", "pattern", "accent")
"""The attributes that define a kind: two bollards are of one kind when all four agree.

The reflector differs from one side of a post to the other."""


SURE = 0.4
"""Attributes of lower probability are not mentioned, compared or used by filters."""

TELLING = ("reflector", "accent", "pattern", "body", "form")
"""The attributes by which visitors tell countries apart, the most telling first."""

SURELY = 0.7
"""A bollard surely has a value of at least this probability: bollards that surely differ in one of
`TELLING` are of different types. Of such values 79 to 100% are right (docs/figures.md)."""


def pooled(described: Sequence[Probabilities]) -> dict[str, dict[str, float]]:
    """The mean probabilities over several photos of one bollard or type."""
    if len(described) == 1:
        return {attribute: dict(values) for attribute, values in described[0].items()}
    return {
        attribute: {
            value: sum(one[attribute][value] for one in described) / len(described)
            for value in values
        }
        for attribute, values in described[0].items()
    }


CLAIMED = 0.85
"""The name of a type claims a value of at least this share (see `shares`).

Of types of photos that the recogniser had not seen, 92% of the bollards show what such names claim;
of photos that it has learnt, 98% (docs/figures.md)."""


def shares(bollards: Sequence[Probabilities]) -> dict[str, dict[str, float]]:
    """The share of a type's bollards that show each value, as estimated from each bollard's odds.

    The recogniser is too modest about bollards of which it has several photos. The squares of its
    probabilities (temperature scaling, Guo et al. 2017, with a temperature of 0.5) come nearer to
    the shares that people counted.

    Bollards of which an attribute is not known at all (every value 0) do not count; but at least
    half of the bollards do, so that one of many cannot speak for all.
    """
    found: dict[str, dict[str, float]] = {}
    known = Counter(
        name for one in bollards for name, values in one.items() if any(values.values())
    )
    for one in bollards:
        for attribute, values in one.items():
            squares = {value: chance**2 for value, chance in values.items()}
            counted = max(known[attribute], len(bollards) / 2)
            scale = (sum(squares.values()) or 1.0) * counted
            total = found.setdefault(attribute, {})
            for value, square in squares.items():
                total[value] = total.get(value, 0.0) + square / scale
    return found


def canonical(value: str) -> str:
    """The value as spelt in the vocabulary: yellow counts as orange, empty stays empty."""
    return "orange" if value == "yellow" else value
