"""The answer, countries first: which it names, how sure it is of each, and what decides."""

import numpy as np
import pytest

from generator.catalogue import Trait
from generator.identify.answer import countries_first, what_decides
from generator.identify.said import telltale_line
from generator.identify.vote import Score
from generator.sureness import LIKELY, POSSIBLE, WORTH, sureness

SIMILARITY = np.array([0.5, 0.9, 0.8, 0.7, 0.6])
BOLLARDS = ("es1", "es2", "es2", "pt1", "it1")
COUNTRIES = ("ES", "ES", "ES", "PT", None)


def trait(value: str) -> dict[str, Trait]:
    return {"reflector": Trait(value, 0.9)}


@pytest.mark.parametrize(
    ("score", "best", "word"),
    [
        (LIKELY, LIKELY, "likely"),
        (WORTH, LIKELY, "possible"),
        (POSSIBLE, POSSIBLE, "possible"),
        (POSSIBLE - 0.01, POSSIBLE - 0.01, "hard"),
    ],
)
def test_a_probability_is_a_word(score: float, best: float, word: str) -> None:
    assert sureness(score, best) == word


def test_each_country_has_its_nearest_bollards_and_the_nearest_photo_of_each_first() -> None:
    scores = [Score("ES", 0.9), Score("PT", 0.06), Score("IT", 0.04)]

    spain, portugal = countries_first(scores, SIMILARITY, BOLLARDS, COUNTRIES)

    assert (spain.code, spain.sureness) == ("ES", "likely")
    assert spain.bollards == ((1, 2), (0,))
    assert (portugal.code, portugal.sureness) == ("PT", "possible")
    assert portugal.bollards == ((3,),)


def test_the_first_country_is_named_however_improbable_it_is() -> None:
    (only,) = countries_first([Score("ES", 0.03)], SIMILARITY, BOLLARDS, COUNTRIES)
    assert only.sureness == "hard"


def test_a_reflector_of_another_colour_decides() -> None:
    scores = [Score("ES", 0.6), Score("PT", 0.4)]
    answer = countries_first(scores, SIMILARITY, BOLLARDS, COUNTRIES)
    attributes = {0: trait("orange"), 1: trait("orange"), 2: trait("orange"), 3: trait("red")}

    found = what_decides(answer, attributes)

    assert found is not None
    line = telltale_line(found, {"ES": "Spain", "PT": "Portugal"})
    assert line == "Reflector: orange (Spain), red (Portugal)"
    assert what_decides(answer, attributes | {3: trait("orange")}) is None
    assert what_decides(answer[:1], attributes) is None
