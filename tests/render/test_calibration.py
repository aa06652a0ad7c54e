"""What a similarity means is measured on the collection itself."""

import random

from generator.render.calibration import Calibration, fitted, measured
from tests.render import sample


def pairs(count: int = 4000) -> list[tuple[float, bool]]:
    """Similarities from 0 to 1, of one type with a chance that rises from 0 to 1 around 0.6."""
    rng = random.Random(7)
    made = []
    for _ in range(count):
        similarity = rng.random()
        chance = min(1.0, max(0.0, (similarity - 0.4) / 0.4))
        made.append((round(similarity, 4), rng.random() < chance))
    return made


def test_the_chance_follows_what_was_measured() -> None:
    curve = fitted(pairs())
    assert curve(0.2) < 0.06
    assert 0.4 < curve(0.6) < 0.6
    assert curve(0.95) > 0.94
    values = [curve(step / 20) for step in range(21)]
    assert values == sorted(values)


def test_the_order_of_photos_does_not_show() -> None:
    found = pairs()
    turned = list(reversed(found))
    assert fitted(found) == fitted(turned)


def test_kinds_that_do_not_overlap_have_a_curve_too() -> None:
    apart = [(0.2 + place / 1000, False) for place in range(50)]
    together = [(0.8 + place / 1000, True) for place in range(50)]
    curve = fitted(apart + together)
    assert curve(0.2) < 0.1 < 0.9 < curve(0.85)


def test_too_few_pairs_leave_a_similarity_as_it_is() -> None:
    assert fitted([(0.9, True), (0.1, False)]) == Calibration()
    assert Calibration()(0.7) == 0.7
    assert Calibration()(-0.3) == 0.0


def test_likeness_that_would_fall_with_similarity_is_not_believed() -> None:
    assert fitted([(1 - similarity, same) for similarity, same in pairs()]) == Calibration()


def test_degrees_are_three_and_rise_with_the_chance() -> None:
    curve = fitted(pairs())
    degrees = [curve.degree(step / 50) for step in range(51)]
    assert degrees == sorted(degrees)
    assert set(degrees) == {1, 2, 3}


def test_views_of_one_bollard_say_nothing_of_types() -> None:
    made = sample.catalogue(times=6)
    curve = measured(made)
    again = measured(made)
    assert curve == again
