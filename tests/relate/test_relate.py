"""Neighbours are exactly the nearest photos, ordered by similarity and id only."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from generator.relate import similarity as module
from generator.relate.similarity import (
    Pair,
    by_typicality,
    lookalikes,
    most_similar_pairs,
    neighbours,
)
from generator.vectors import unit_rows

FloatArray = NDArray[np.float32]


@st.composite
def collections(draw: st.DrawFn) -> tuple[list[str], FloatArray]:
    """Vectors of few different values, so that many similarities are equal."""
    count = draw(st.integers(1, 24))
    ids = draw(st.lists(st.text("abcdef", min_size=1), min_size=count, max_size=count, unique=True))
    values = draw(st.lists(st.tuples(*[st.integers(-2, 2)] * 3), min_size=count, max_size=count))
    return ids, unit_rows(np.array(values) + 0.25)


def by_hand(ids: list[str], vectors: FloatArray) -> dict[tuple[str, str], float]:
    # Half a unit of the last decimal may be rounded either way, by the last bit of the product.
    halves = np.abs(vectors.astype(np.float64) @ vectors.astype(np.float64).T * 1e4 % 1 - 0.5)
    assume(bool((halves > 0.01).all()))
    return {
        (a, b): round(float(np.round(x @ y, 4)), 4) + 0.0
        for (a, x), (b, y) in itertools.product(zip(ids, vectors, strict=True), repeat=2)
        if a != b
    }


@given(collections(), st.integers(1, 30), st.sampled_from([1, 7, 40, 10_000]))
@settings(deadline=None)
def test_neighbours_equal_those_computed_one_by_one(
    collection: tuple[list[str], FloatArray], count: int, at_once: int
) -> None:
    ids, vectors = collection
    similarity = by_hand(ids, vectors)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_AT_ONCE", at_once)
        found = neighbours(ids, vectors, count)

    for a, near in zip(ids, found, strict=True):
        ranked = sorted((-similarity[a, b], b) for b in ids if b != a)[:count]
        assert [(one.photo, one.score) for one in near] == [(b, -score) for score, b in ranked]


@given(collections(), st.integers(1, 40), st.sampled_from([-1.0, 0.5, 0.9]))
@settings(deadline=None)
def test_pairs_equal_those_computed_one_by_one(
    collection: tuple[list[str], FloatArray], top: int, floor: float
) -> None:
    ids, vectors = collection
    ranked = sorted(
        (-score, a, b)
        for (a, b), score in by_hand(ids, vectors).items()
        if a < b and score >= floor
    )
    expected = [Pair(a, b, -score) for score, a, b in ranked]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_AT_ONCE", 50)
        assert most_similar_pairs(ids, vectors, at_least=floor) == expected
        assert most_similar_pairs(ids, vectors, top=top, at_least=floor) == expected[:top]


@given(collections(), st.data())
@settings(deadline=None)
def test_the_order_of_files_does_not_matter(
    collection: tuple[list[str], FloatArray], data: st.DataObject
) -> None:
    ids, vectors = collection
    order = data.draw(st.permutations(range(len(ids))))
    shuffled = [ids[row] for row in order]

    assert dict(zip(ids, neighbours(ids, vectors, 12), strict=True)) == dict(
        zip(shuffled, neighbours(shuffled, vectors[list(order)], 12), strict=True)
    )
    assert most_similar_pairs(ids, vectors) == most_similar_pairs(shuffled, vectors[list(order)])


def test_scores_have_few_decimals() -> None:
    vectors = unit_rows(np.random.default_rng(3).normal(size=(30, 8)))

    for near in neighbours([f"{row:02}" for row in range(30)], vectors, 12):
        for one in near:
            assert len(repr(abs(one.score))) <= 6
            assert repr(one.score) != "-0.0"


def test_a_single_photo_has_no_neighbours() -> None:
    one = np.ones((1, 1), dtype=np.float32)

    assert neighbours(["a"], one, 12) == [()]
    assert most_similar_pairs(["a"], one) == []


def test_lookalikes_compare_the_centres_of_types() -> None:
    vectors = unit_rows(np.array([[1, 0, 0], [1, 0.2, 0], [1, 0.1, 0.3], [0, 0, 1]]))

    found = lookalikes(vectors, {"white": [0, 1], "grey": [2], "red": [3]}, 1)

    assert [found[kind][0].type for kind in ("white", "grey", "red")] == ["grey", "white", "grey"]
    middle = unit_rows((vectors[0] + vectors[1])[None])[0]
    assert found["white"][0].score == pytest.approx(float(middle @ vectors[2]), abs=1e-4)
    assert lookalikes(vectors, {"white": [0, 1]}, 6) == {"white": ()}
    assert lookalikes(vectors, {"white": [0, 1], "red": [3]}, 0) == {"white": (), "red": ()}
    assert lookalikes(vectors, {}, 6) == {}


def test_the_most_typical_photo_comes_first() -> None:
    vectors = unit_rows(np.array([[1, 0.9], [1, 0.1], [1, 0.0], [1, 0.12], [1, 0.12]]))

    order = by_typicality(["e", "d", "c", "b", "a"], vectors)

    medoid = np.argmax((vectors @ vectors.T).sum(axis=1))
    assert vectors[order[0]].tolist() == vectors[medoid].tolist()
    # Equal photos in the order of their ids; the odd one last.
    assert order.index(4) < order.index(3)
    assert order[-1] == 0
