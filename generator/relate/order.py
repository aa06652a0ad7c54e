"""The order of the cards: similar types side by side, as in a field guide.

Types of one form are together, and forms are in a fixed order. Within a form the order is a short
path through the types: a greedy walk from its most common type, improved until reversing any
stretch of it no longer helps (2-opt; Croes, "A method for solving traveling-salesman problems",
1958).
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from generator.relate.similarity import DECIMALS
from generator.vectors import FloatArray, mean_directions
from generator.vocabulary import Probabilities

FORMS = (
    "flat", "square", "round", "drum", "ornament", "block",
    "sign", "polepost", "pole", "paddle", "arm", "rail",
)  # fmt: skip
"""Forms in the order of the cards: slabs, round ones, short ones, then those on a stick."""

# The difference of two types that differ wholly in one attribute. Looks weigh least, because they
# add only differences that words do not express. Attributes that are visible from afar count most.
_WEIGHTS: Mapping[str, float] = {"body": 1.0, "pattern": 0.7, "accent": 0.7, "reflector": 0.2}
_LOOKS = 0.5
# A pass that shortens the path by less than a rounding error is not worth it.
_GAIN = 10.0**-DECIMALS


def card_order(
    embeddings: FloatArray,
    members: Mapping[str, Sequence[int]],
    looks: Mapping[str, Probabilities],
    sizes: Mapping[str, int],
) -> list[str]:
    """All types in the order of the cards; the order of input does not matter.

    Args:
        embeddings: float32 [photos, d], unit vectors.
        members: the rows of each type's photos.
        looks: of each type the probability of each value of each attribute; may be empty.
        sizes: bollards of each type.
    """
    by_form: dict[str, list[str]] = {}
    for key in sorted(members):
        by_form.setdefault(_form(looks.get(key, {})), []).append(key)
    order: list[str] = []
    for form in sorted(by_form, key=_place):
        keys = by_form[form]
        start = min(range(len(keys)), key=lambda position: (-sizes[keys[position]], keys[position]))
        apart = _differences(
            embeddings, [members[key] for key in keys], [looks[key] for key in keys]
        )
        order += [keys[position] for position in _path(apart, start)]
    return order


def _form(look: Probabilities) -> str:
    chances = look.get("form", {})
    return min(chances, key=lambda value: (-round(chances[value], DECIMALS), value), default="")


def _place(form: str) -> tuple[int, str]:
    return (FORMS.index(form) if form in FORMS else len(FORMS), form)


def _differences(
    embeddings: FloatArray, rows: Sequence[Sequence[int]], looks: Sequence[Probabilities]
) -> NDArray[np.float64]:
    """The dissimilarity of types: total variation of words, cosine of looks; [types, types]."""
    middle = mean_directions(embeddings, rows)
    apart: NDArray[np.float64] = _LOOKS * (1.0 - (middle @ middle.T).astype(np.float64))
    for attribute, weight in _WEIGHTS.items():
        values = sorted({value for look in looks for value in look.get(attribute, {})})
        if values:
            chances = np.array(
                [[look.get(attribute, {}).get(value, 0.0) for value in values] for look in looks]
            )
            for position, own in enumerate(chances):
                apart[position] += weight / 2 * np.abs(chances - own).sum(axis=1)
    # The last bits of a product differ between machines; the order must not.
    return np.round(apart, DECIMALS)


def _path(apart: NDArray[np.float64], start: int) -> list[int]:
    """A short path through all types from `start`: a greedy walk, then 2-opt with a free end."""
    count = len(apart)
    path = [start]
    left = np.ones(count, dtype=bool)
    left[start] = False
    while left.any():
        distances = np.where(left, apart[path[-1]], np.inf)
        # The first of equals has the smallest id.
        path.append(int(np.argmin(distances)))
        left[path[-1]] = False
    order = np.array(path)
    improved = True
    while improved:
        improved = False
        for first in range(1, count - 1):
            # Reverse the stretch from `first` to the later position that gains most.
            before, head = order[first - 1], order[first]
            ends = order[first + 1 :]
            after = np.append(order[first + 2 :], -1)
            old = apart[before, head] + np.where(after >= 0, apart[ends, after], 0.0)
            new = apart[before, ends] + np.where(after >= 0, apart[head, after], 0.0)
            best = int(np.argmax(np.round(old - new, DECIMALS)))
            if old[best] - new[best] > _GAIN:
                order[first : first + best + 2] = order[first : first + best + 2][::-1].copy()
                improved = True
    return [int(position) for position in order]
