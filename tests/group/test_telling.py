"""Attributes that distinguish countries are never averaged away: types that differ are split."""

import numpy as np

from generator.group import ONE_OFF
from generator.group.telling import told_apart
from generator.vocabulary import TELLING

POST = {"form": "flat", "body": "white", "pattern": "band", "accent": "black", "reflector": "red"}
OTHER = {"form": "pole", "body": "red", "pattern": "cap", "accent": "red", "reflector": "orange"}


def shown(chance: float = 0.9, **more: str) -> dict[str, dict[str, float]]:
    """A bollard that shows `POST`, except for `more`, which has this probability."""
    described = {}
    for name in TELLING:
        values = dict.fromkeys((POST[name], OTHER[name]), 0.1)
        sure = chance if name in more else 0.9
        values[more.get(name, POST[name])] = sure
        values[POST[name] if name in more else OTHER[name]] = 1 - sure
        described[name] = values
    return described


def parts(labels: list[int], described: list[dict[str, dict[str, float]]]) -> list[set[int]]:
    found = told_apart(np.array(labels), described, 2).tolist()
    return [
        {row for row, label in enumerate(found) if label == one}
        for one in dict.fromkeys(found)
        if one != ONE_OFF
    ]


def test_a_type_is_split_where_its_reflectors_surely_differ() -> None:
    red, orange = shown(), shown(reflector="orange")

    assert parts([0] * 4, [red, orange, red, orange]) == [{0, 2}, {1, 3}]


def test_an_uncertain_bollard_joins_the_most_likely_type() -> None:
    unsure = shown(0.55, reflector="orange")

    assert parts([0] * 5, [shown(), shown(), *[shown(reflector="orange")] * 2, unsure]) == [
        {0, 1},
        {2, 3, 4},
    ]


def test_a_single_exception_and_unsure_differences_split_nothing() -> None:
    assert parts([0] * 4, [shown(), shown(), shown(), shown(reflector="orange")]) == [{0, 1, 2, 3}]
    assert parts([0] * 4, [shown(), shown(), *[shown(0.6, reflector="orange")] * 2]) == [
        {0, 1, 2, 3}
    ]


def test_a_type_that_differs_in_two_ways_is_split_twice() -> None:
    pairs = [shown(), shown(reflector="orange"), shown(accent="red")]

    assert parts([0] * 6, pairs * 2) == [{0, 3}, {1, 4}, {2, 5}]


def test_types_that_no_attribute_distinguishes_become_one() -> None:
    assert parts([0, 0, 1, 1, 2, 2], [*[shown()] * 4, *[shown(form="pole")] * 2]) == [
        {0, 1, 2, 3},
        {4, 5},
    ]


def test_unsorted_bollards_stay_unsorted_and_an_unknown_vocabulary_changes_nothing() -> None:
    assert parts([ONE_OFF, ONE_OFF, 0, 0], [shown()] * 4) == [{2, 3}]
    assert told_apart(np.array([0, 0]), [{"colour": {"red": 1.0}}] * 2, 2).tolist() == [0, 0]
