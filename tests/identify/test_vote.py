"""The bollards' vote: what counts, what does not, and that the answer is a probability."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from generator.identify.vote import MOST, evidence, scores


def shares(
    similarity: list[float], bollards: list[str], keys: list[str | None]
) -> dict[str, float]:
    found = scores(evidence(np.array(similarity), bollards, keys))
    return {one.key: one.score for one in found}


def test_the_most_similar_bollard_decides_between_two_countries() -> None:
    assert next(iter(shares([0.4, 0.7], ["a", "b"], ["FR", "DE"]))) == "DE"


def test_more_photos_of_one_bollard_say_no_more_than_its_best() -> None:
    once = shares([0.6, 0.5], ["a", "b"], ["FR", "DE"])
    often = shares([0.6, 0.5, 0.3, 0.5], ["a", "b", "b", "b"], ["FR", "DE", "DE", "DE"])
    assert once == often


def test_a_country_with_a_hundred_bollards_has_no_more_votes_than_one_with_a_few() -> None:
    few = [0.5] * MOST
    many = [0.5] * 100
    names = [str(number) for number in range(MOST + 100)]
    found = shares(few + many, names, ["FR"] * MOST + ["US"] * 100)
    assert found["FR"] == found["US"] == 0.5


def test_photos_without_a_type_do_not_vote() -> None:
    assert shares([0.9, 0.2], ["a", "b"], [None, "flat"]) == {"flat": 1.0}
    assert shares([0.9], ["a"], [None]) == {}


@given(
    st.lists(
        st.tuples(
            st.floats(-1, 1), st.sampled_from("abcdef"), st.sampled_from(["FR", "DE", "IT", None])
        ),
        min_size=1,
        max_size=30,
    )
)
def test_probabilities_add_up_fall_and_do_not_depend_on_the_order_of_photos(
    rows: list[tuple[float, str, str | None]],
) -> None:
    def told(photos: list[tuple[float, str, str | None]]) -> list[tuple[str, float]]:
        similarity = np.array([one for one, _, _ in photos])
        found = evidence(similarity, [b for _, b, _ in photos], [key for _, _, key in photos])
        return [(one.key, one.score) for one in scores(found)]

    answer = told(rows)
    assert answer == told(rows[::-1])
    values = [score for _, score in answer]
    assert values == sorted(values, reverse=True)
    if answer:
        assert abs(sum(values) - 1) < 0.001
