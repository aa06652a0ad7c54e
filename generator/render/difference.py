"""The differences of two bollards, from the attributes of both.

Only the differing values; templates and `static/js/difference.js`, which does the same in the
browser, put them into words ("its band is red, not black").
"""

from collections.abc import Mapping
from dataclasses import dataclass

from generator.catalogue import Trait, sure_values


@dataclass(frozen=True, slots=True)
class Difference:
    """One attribute in which two bollards differ.

    Attributes:
        mark: `form`, `body`, `accent` (the same pattern in another colour), `marking` (another
            pattern) or `reflector`; with `-only` or `-none` where just this one or just the other
            has a marking or a reflector.
        this: value of the described one; "" if it has none.
        other: value of the one it is compared with.
        this_colour: of a marking, or "".
        other_colour: of the other's marking, or "".
    """

    mark: str
    this: str = ""
    other: str = ""
    this_colour: str = ""
    other_colour: str = ""


def differences(this: Mapping[str, Trait], other: Mapping[str, Trait]) -> tuple[Difference, ...]:
    """The differences of `this` from `other`; those that are visible from afar come first.

    An attribute is compared only if it is sure for both.
    """
    mine, theirs = sure_values(this), sure_values(other)
    found = [
        Difference(mark, mine[mark], theirs[mark])
        for mark in ("form", "body")
        if mark in mine and mark in theirs and mine[mark] != theirs[mark]
    ]
    if "pattern" in mine and "pattern" in theirs:
        found += _marking(mine, theirs)
    if "reflector" in mine and "reflector" in theirs:
        found += _reflector(mine["reflector"], theirs["reflector"])
    return tuple(found)


def _marking(mine: Mapping[str, str], theirs: Mapping[str, str]) -> list[Difference]:
    colours = [
        "" if (colour := one.get("accent", "none")) == "none" else colour for one in (mine, theirs)
    ]
    patterns = ["" if one["pattern"] == "plain" else one["pattern"] for one in (mine, theirs)]
    if patterns[0] != patterns[1]:
        mark = "marking" if all(patterns) else "marking-only" if patterns[0] else "marking-none"
        return [Difference(mark, *patterns, *colours)]
    if patterns[0] and all(colours) and colours[0] != colours[1]:
        return [Difference("accent", *patterns, *colours)]
    return []


def _reflector(mine: str, theirs: str) -> list[Difference]:
    if mine == theirs:
        return []
    if theirs == "none":
        return [Difference("reflector-only", mine)]
    if mine == "none":
        return [Difference("reflector-none", "", theirs)]
    return [Difference("reflector", mine, theirs)]
