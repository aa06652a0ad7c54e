"""Unsorted bollards that may belong to a type after all."""

import numpy as np

from generator.catalogue import Bollard
from generator.relate.candidates import Doubtful, doubtful


def rows(*angles: float) -> np.ndarray:
    """Unit vectors in the plane, at angles in degrees."""
    turned = np.radians(angles)
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def bollards(*types: str | None) -> list[Bollard]:
    """One bollard a type given, each with one photo: b0 with p0, b1 with p1 and so on."""
    return [Bollard(f"b{i}", (f"p{i}",), None, kind) for i, kind in enumerate(types)]


def found(angles: tuple[float, ...], *types: str | None) -> list[tuple[str, list[str]]]:
    ids = [f"p{i}" for i in range(len(angles))]
    return [
        (one.bollard, [kind.type for kind in one.candidates])
        for one in doubtful(bollards(*types), ids, rows(*angles))
    ]


def test_an_unsorted_bollard_within_a_type_is_doubtful_and_a_distant_one_is_not() -> None:
    angles = (0, 10, 20, 100, 104, 108, 4, 60)
    kinds = ("a", "a", "a", "b", "b", "b", None, None)

    assert found(angles, *kinds) == [("b6", ["a", "b"])]


def test_a_candidate_is_measured_by_the_spread_of_the_type() -> None:
    """20 degrees away is near for a type that is 40 wide, and far for one that is 2 wide."""
    assert found((0, 20, 40, 1), "a", "a", "a", None) == [("b3", ["a"])]
    assert found((0, 1, 2, 21), "a", "a", "a", None) == []


def test_the_nearest_photo_and_its_most_likely_type_come_first() -> None:
    angles = (0, 20, 40, 50, 70, 90, 30, 68)

    assert found(angles, "a", "a", "a", "b", "b", "b", None, None) == [
        ("b7", ["b", "a"]),
        ("b6", ["a", "b"]),
    ]


def test_views_of_one_bollard_count_once() -> None:
    own = [Bollard(f"b{i}", (f"p{i}",), None, "a") for i in range(3)]
    single = Bollard("s", ("p3", "p4"), None, None)
    ids = [f"p{i}" for i in range(5)]

    # Each view is 30 degrees away from the type's middle, on either side of it.
    near = doubtful([*own, single], ids, rows(-2, 0, 2, -30, 30))

    assert [one.photos for one in near] == [("p3", "p4")]


def test_the_order_of_files_does_not_matter() -> None:
    kinds = ("a", "a", "a", None, None)
    made = bollards(*kinds)
    ids, vectors = [f"p{i}" for i in range(5)], rows(0, 20, 40, 18, 22)

    forward = doubtful(made, ids, vectors)
    backward = doubtful(made[::-1], ids[::-1], vectors[::-1])

    assert forward == backward
    assert len(forward) == 2


def test_a_bollard_is_measured_against_the_others_of_its_type() -> None:
    """At 0 and 40 degrees each is 40 from the other, though both are only 20 from the middle."""
    assert found((0, 40, 50, 65), "a", "a", None, None) == [("b2", ["a"])]


def test_a_type_of_a_single_bollard_has_no_candidates() -> None:
    assert found((0, 0), "a", None) == []


def test_nothing_is_doubtful_without_types_or_without_unsorted_bollards() -> None:
    nothing: tuple[Doubtful, ...] = ()
    assert doubtful(bollards(None, None), ["p0", "p1"], rows(0, 1)) == nothing
    assert doubtful(bollards("a", "a"), ["p0", "p1"], rows(0, 1)) == nothing
