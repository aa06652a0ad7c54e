"""The order of the cards: similar types are neighbours, whatever the order of the input."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.relate.order import FORMS, card_order
from generator.vectors import FloatArray
from generator.vocabulary import Probabilities

COLOURS = ("white", "grey", "black", "orange", "red")


def collection(
    count: int, seed: int
) -> tuple[FloatArray, dict[str, list[int]], dict[str, Probabilities], dict[str, int]]:
    """Types of random form and colour, two photos each, whose vectors lean to their colour."""
    rng = np.random.default_rng(seed)
    vectors, members, looks, sizes = [], {}, {}, {}
    for number in range(count):
        colour = int(rng.integers(len(COLOURS)))
        key = f"type-{rng.integers(10**6)}-{number}"
        for _ in range(2):
            vector = rng.normal(scale=0.3, size=8)
            vector[colour] += 1
            vectors.append(vector / np.linalg.norm(vector))
        members[key] = [2 * number, 2 * number + 1]
        sure = 0.6 + 0.4 * float(rng.random())
        looks[key] = {
            "form": {FORMS[int(rng.integers(3))]: sure},
            "body": {COLOURS[colour]: sure, "blue": 1 - sure},
        }
        sizes[key] = int(rng.integers(1, 30))
    return np.array(vectors, dtype=np.float32), members, looks, sizes


@given(st.integers(1, 40), st.integers(0, 10**6), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_the_input_does_not_matter(
    count: int, seed: int, shuffler: random.Random
) -> None:
    embeddings, members, looks, sizes = collection(count, seed)
    order = card_order(embeddings, members, looks, sizes)

    rows = list(range(len(embeddings)))
    shuffler.shuffle(rows)
    moved = {row: place for place, row in enumerate(rows)}
    keys = list(members)
    shuffler.shuffle(keys)
    again = card_order(
        embeddings[rows],
        {key: sorted(moved[row] for row in members[key]) for key in keys},
        looks,
        sizes,
    )

    assert order == again
    assert sorted(order) == sorted(members)


def test_types_of_one_form_are_side_by_side_and_forms_are_in_their_order() -> None:
    embeddings, members, looks, sizes = collection(60, 1)
    order = card_order(embeddings, members, looks, sizes)
    forms = [next(iter(looks[key]["form"])) for key in order]
    assert forms == sorted(forms, key=FORMS.index)


def test_each_form_begins_with_its_commonest_type() -> None:
    embeddings, members, looks, sizes = collection(60, 2)
    seen: dict[str, str] = {}
    for key in card_order(embeddings, members, looks, sizes):
        seen.setdefault(next(iter(looks[key]["form"])), key)
    for form, first in seen.items():
        own = [sizes[key] for key in members if form in looks[key]["form"]]
        assert sizes[first] == max(own)


def test_neighbours_in_the_order_are_more_alike_than_in_an_order_by_size() -> None:
    embeddings, members, looks, sizes = collection(80, 3)

    def changes(order: list[str]) -> int:
        """How often the colour changes from one card to the next."""
        colours = [max(looks[key]["body"], key=looks[key]["body"].__getitem__) for key in order]
        return sum(one != other for one, other in pairwise(colours))

    by_size = sorted(members, key=lambda key: -sizes[key])
    ordered = card_order(embeddings, members, looks, sizes)
    assert changes(ordered) <= changes(by_size) / 3


@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_smallest_collections_have_an_order_too(count: int) -> None:
    embeddings, members, looks, sizes = collection(count, 5)
    assert sorted(card_order(embeddings.reshape(-1, 8), members, looks, sizes)) == sorted(members)


def test_types_without_words_are_ordered_by_their_looks() -> None:
    embeddings, members, _, sizes = collection(20, 6)
    order = card_order(embeddings, members, {key: {} for key in members}, sizes)
    assert sorted(order) == sorted(members)
