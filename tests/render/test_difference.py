"""The differences between two bollards."""

from collections.abc import Mapping

import pytest

from generator.catalogue import Trait
from generator.render.difference import Difference, differences


def look(**values: str) -> Mapping[str, Trait]:
    return {name: Trait(value, 0.9) for name, value in values.items()}


def test_the_same_attributes_have_no_difference() -> None:
    one = look(form="flat", body="white", pattern="band", accent="red", reflector="none")
    assert differences(one, one) == ()


def test_a_band_of_another_colour_is_a_difference_in_colour() -> None:
    red, black = look(pattern="band", accent="red"), look(pattern="band", accent="black")
    assert differences(red, black) == (Difference("accent", "band", "band", "red", "black"),)


def test_another_marking_is_described_with_its_colour() -> None:
    found = differences(look(pattern="cap", accent="black"), look(pattern="stripes", accent="red"))
    assert found == (Difference("marking", "cap", "stripes", "black", "red"),)


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ("band", "plain", Difference("marking-only", "band", "", "red", "")),
        ("plain", "band", Difference("marking-none", "", "band", "", "red")),
    ],
)
def test_a_marking_that_only_one_type_has_is_described_as_such(
    mine: str, theirs: str, expected: Difference
) -> None:
    colour = {"band": "red", "plain": "none"}
    found = differences(
        look(pattern=mine, accent=colour[mine]), look(pattern=theirs, accent=colour[theirs])
    )
    assert found == (expected,)


def test_attributes_that_are_visible_from_afar_come_first() -> None:
    one = look(form="flat", body="white", pattern="cap", accent="red", reflector="red")
    other = look(form="drum", body="green", pattern="cap", accent="black", reflector="none")
    marks = [found.mark for found in differences(one, other)]
    assert marks == ["form", "body", "accent", "reflector-only"]


def test_uncertain_and_unknown_attributes_are_not_mentioned() -> None:
    unsure = {"body": Trait("white", 0.2), "form": Trait("flat", 0.9)}
    assert differences(unsure, look(body="black", form="flat")) == ()
    assert differences({}, look(form="flat")) == ()


def test_a_marking_of_unknown_colour_is_not_distinguished_by_colour() -> None:
    assert differences(look(pattern="band"), look(pattern="band", accent="red")) == ()
