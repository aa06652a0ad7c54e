"""The attributes that the recogniser tells of a bollard, and their values, in a fixed order.

The words are those of the labelled photos (``labels.csv``): the order is part of a trained model,
which carries its own copy, so adding a value here asks for a new training.
"""

from collections.abc import Mapping, Sequence

Probabilities = Mapping[str, Mapping[str, float]]
"""For each attribute, the probability of each of its values."""

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
"""The attributes that make a kind: two bollards are of one kind when all four agree.

The reflector differs from one side of a post to the other."""


SURE = 0.4
"""An attribute of a lower probability is not mentioned, compared or filtered by."""


def pooled(described: Sequence[Probabilities]) -> dict[str, dict[str, float]]:
    """The mean probabilities over several photos of one bollard or type."""
    return {
        attribute: {
            value: sum(one[attribute][value] for one in described) / len(described)
            for value in values
        }
        for attribute, values in described[0].items()
    }


def canonical(value: str) -> str:
    """The value as the vocabulary writes it: yellow counts as orange, empty stays empty."""
    return "orange" if value == "yellow" else value
