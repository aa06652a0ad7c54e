"""The calibration is measured on the collection itself."""

import random

import numpy as np
import pytest

from generator.calibration import SameType, fitted, measured
from generator.curve import BUILTIN, Calibration, steady
from tests.render import sample


def pairs(count: int = 4000) -> list[tuple[float, bool]]:
    """Similarities from 0 to 1; the probability of one type rises from 0 to 1 around 0.6."""
    rng = random.Random(7)
    made = []
    for _ in range(count):
        similarity = rng.random()
        chance = min(1.0, max(0.0, (similarity - 0.4) / 0.4))
        made.append((round(similarity, 4), rng.random() < chance))
    return made


def test_the_probability_follows_the_measured_curve() -> None:
    curve = fitted(pairs())
    assert curve(0.2) < 0.06
    assert 0.4 < curve(0.6) < 0.6
    assert curve(0.95) > 0.94
    values = [curve(step / 20) for step in range(21)]
    assert values == sorted(values)


def test_the_order_of_photos_does_not_matter() -> None:
    found = pairs()
    turned = list(reversed(found))
    assert fitted(found) == fitted(turned)


def test_types_that_do_not_overlap_have_a_calibration_curve_too() -> None:
    apart = [(0.2 + place / 1000, False) for place in range(50)]
    together = [(0.8 + place / 1000, True) for place in range(50)]
    curve = fitted(apart + together)
    assert curve(0.2) < 0.1 < 0.9 < curve(0.85)


def test_with_too_few_pairs_the_probability_is_the_similarity() -> None:
    assert fitted([(0.9, True), (0.1, False)]) == Calibration()
    assert Calibration()(0.7) == 0.7
    assert Calibration()(-0.3) == 0.0


def test_a_calibration_that_falls_with_similarity_is_not_used() -> None:
    assert fitted([(1 - similarity, same) for similarity, same in pairs()]) == Calibration()


def test_the_three_degrees_rise_with_the_probability() -> None:
    curve = fitted(pairs())
    degrees = [curve.degree(step / 50) for step in range(51)]
    assert degrees == sorted(degrees)
    assert set(degrees) == {1, 2, 3}


def test_views_of_one_bollard_do_not_affect_the_calibration_of_types() -> None:
    made = sample.catalogue(times=6)
    curve = measured(made.photo, "clip")
    again = measured(made.photo, "clip")
    assert curve == again


def test_a_collection_too_small_to_measure_has_the_curve_of_the_built_in_encoder() -> None:
    assert measured({}, "builtin") == BUILTIN
    assert measured({}, "clip") == Calibration()


def test_the_likeness_of_groups_is_that_of_their_most_similar_pair() -> None:
    made = sample.catalogue(times=6)
    ids = list(made.photo)
    rng = np.random.default_rng(2)
    vectors = rng.normal(size=(len(ids), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    same_type = SameType(made.photo, ids, vectors, BUILTIN)
    near = made.photo[ids[0]].neighbours[0]
    assert same_type([ids[0]], [near.photo]) == round(BUILTIN(near.score), 4)

    # Not among the listed neighbours: by their vectors.
    listed = {one.photo for one in made.photo[ids[0]].neighbours}
    others = [one for one in ids[1:] if one not in listed]
    expected = max(float(vectors[0] @ vectors[ids.index(one)]) for one in others)
    assert same_type([ids[0]], others) == round(BUILTIN(round(expected, 4)), 4)
    assert same_type([ids[0]], [ids[0]]) == 0.0


def test_a_curve_is_kept_until_a_percentage_has_moved_by_more_than_one_point() -> None:
    known = Calibration(-10.52, 12.95)
    nearly = Calibration(-10.43, 12.82)
    other = Calibration(-10.2, 12.82)

    assert steady(None, known) == known
    assert steady(known, nearly) == known
    assert steady(known, other) == other
    # Without a curve, the similarity itself is shown.
    assert steady(known, Calibration()) == Calibration()
    assert steady(Calibration(), known) == known


def test_a_steep_curve_has_a_value_for_every_similarity() -> None:
    assert Calibration(-600, 500)(-1.0) == pytest.approx(0)
    assert Calibration(600, 500)(1.0) == pytest.approx(1)
