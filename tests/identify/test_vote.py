"""The bollards' vote: what counts, what does not, and its probabilities."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from generator.identify.vote import LOW, MOST, combined, evidence, mixed, probabilities, scores

LARGE = 500


def shares(
    similarity: list[float], bollards: list[str], keys: list[str | None]
) -> dict[str, float]:
    found = scores(probabilities(evidence(np.array(similarity), bollards, keys), LARGE))
    return {one.key: one.score for one in found}


def test_the_most_similar_bollard_decides_between_two_countries() -> None:
    assert next(iter(shares([0.4, 0.7], ["a", "b"], ["FR", "DE"]))) == "DE"


def test_only_the_best_photo_of_a_bollard_counts() -> None:
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
def test_probabilities_sum_to_one_and_descend_in_any_order_of_photos(
    rows: list[tuple[float, str, str | None]],
) -> None:
    def told(photos: list[tuple[float, str, str | None]]) -> list[tuple[str, float]]:
        similarity = np.array([one for one, _, _ in photos])
        found = evidence(similarity, [b for _, b, _ in photos], [key for _, _, key in photos])
        return [(one.key, one.score) for one in scores(probabilities(found, LARGE))]

    answer = told(rows)
    assert answer == told(rows[::-1])
    values = [score for _, score in answer]
    assert values == sorted(values, reverse=True)
    if answer:
        assert abs(sum(values) - 1) < 0.001


KEYS: list[str | None] = ["FR", "DE", "IT"]


def together(*views: list[float]) -> dict[str, float]:
    found = [crop(view) for view in views]
    return {one.key: one.score for one in scores(combined(found))}


def crop(similarity: list[float], height: float = LARGE) -> dict[str, float]:
    return probabilities(evidence(np.array(similarity), ["a", "b", "c"], KEYS), height)


def test_a_second_picture_settles_what_the_first_leaves_open() -> None:
    assert next(iter(together([0.7, 0.7, 0.1], [0.3, 0.6, 0.5]))) == "DE"


SIMILARITIES = st.lists(st.floats(-1, 1), min_size=3, max_size=3)


@given(SIMILARITIES, st.integers(1, 4))
def test_repeating_a_picture_changes_nothing(view: list[float], times: int) -> None:
    once, often = together(view), together(*[view] * times)
    assert all(abs(once[key] - often[key]) <= 0.0001 for key in once)


@given(SIMILARITIES, SIMILARITIES)
def test_the_order_of_pictures_does_not_matter(one: list[float], other: list[float]) -> None:
    there, back = together(one, other), together(other, one)
    assert all(abs(there[key] - back[key]) <= 0.0001 for key in there)


def test_the_number_of_bollards_of_a_country_does_not_decide_with_two_pictures_either() -> None:
    few, many = [0.5] * MOST, [0.5] * 100
    names = [str(number) for number in range(MOST + 100)]
    keys: list[str | None] = [*["FR"] * MOST, *["US"] * 100]
    one = probabilities(evidence(np.array(few + many), names, keys), LARGE)
    found = {score.key: score.score for score in scores(combined([one, one]))}
    assert found["FR"] == found["US"] == 0.5


def test_a_small_crop_gives_the_same_answer_with_less_certainty() -> None:
    large, small = (scores(crop([0.7, 0.5, 0.2], height)) for height in (LOW, LOW - 1))

    assert [one.key for one in large] == [one.key for one in small]
    assert large[0].score > small[0].score


def first(crops: list[dict[str, float]], confidences: list[float]) -> str:
    return scores(mixed(crops, confidences))[0].key


def test_the_other_bollards_of_a_picture_correct_an_unclear_one() -> None:
    unclear, clear = crop([0.42, 0.4, 0.1]), crop([0.1, 0.8, 0.1])
    assert first([unclear], [0.9]) == "FR"
    assert first([unclear, clear, clear], [0.9, 0.6, 0.6]) == "DE"


def test_a_doubtful_box_has_little_say() -> None:
    assert first([crop([0.8, 0.2, 0.1]), crop([0.2, 0.8, 0.1])], [0.9, 0.2]) == "FR"


@given(SIMILARITIES, SIMILARITIES, st.floats(0.01, 1), st.floats(0.01, 1))
def test_the_probabilities_of_several_bollards_sum_to_one(
    one: list[float], other: list[float], sure: float, unsure: float
) -> None:
    assert abs(sum(mixed([crop(one), crop(other)], [sure, unsure]).values()) - 1) < 1e-9
