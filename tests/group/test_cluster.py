"""Bollards that look alike share a cluster, regardless of names and order."""

import itertools
import warnings
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.config import GroupSettings
from generator.group import ONE_OFF, cluster, members_of
from generator.group.density import density_labels
from generator.rows import PhotoRows, views_of
from generator.vectors import FloatArray, mean_directions, unit_rows
from tests.group.made import grouped, photo_id
from tests.rows import photo_rows

METHODS = [
    GroupSettings(),
    GroupSettings(views="vote"),
    GroupSettings(method="hdbscan"),
    GroupSettings(method="hdbscan", views="vote"),
    GroupSettings(method="kmeans", types=5),
    GroupSettings(method="kmeans", views="vote", types=5),
]


def named(method: GroupSettings) -> str:
    return f"{method.method}-{method.views}"


def two_views(vectors: FloatArray, seed: int = 1) -> tuple[FloatArray, list[str], list[str]]:
    """Two slightly different photos of each bollard, their ids and their bollards."""
    noise = np.random.default_rng(seed).normal(size=(2 * len(vectors), vectors.shape[1]))
    both = unit_rows(np.repeat(vectors, 2, axis=0) + 0.02 * unit_rows(noise))
    ids = [photo_id(number) for number in range(len(both))]
    return both, ids, [f"b{row // 2}" for row in range(len(both))]


def clusters(
    vectors: FloatArray, ids: list[str], bollards: list[str], chosen: GroupSettings
) -> set[frozenset[str]]:
    return set(members_of(cluster(photo_rows(ids, bollards, vectors), chosen)))


def true_groups(truth: list[int]) -> set[frozenset[str]]:
    return {
        frozenset(f"b{row}" for row, group in enumerate(truth) if group == wanted)
        for wanted in set(truth) - {-1}
    }


def test_the_order_of_the_views_of_a_bollard_depends_on_content_only() -> None:
    views = views_of(["ff", "aa", "cc", "bb"], ["x", "y", "x", "z"])

    assert views.bollards == ("y", "z", "x")
    assert views.rows == ((1,), (3,), (2, 0))


def test_views_are_averaged_to_unit_vectors() -> None:
    vectors = np.eye(3, dtype=np.float32)

    means = mean_directions(vectors, views_of(["a", "b", "c"], ["x", "x", "y"]).rows)

    assert means.dtype == np.float32
    np.testing.assert_allclose(means, [[0.5**0.5, 0.5**0.5, 0], [0, 0, 1]], rtol=1e-6)


@pytest.mark.parametrize("method", METHODS, ids=named)
def test_clear_groups_are_found(method: GroupSettings) -> None:
    vectors, truth = grouped([4, 5, 6, 7, 30])

    assert clusters(*two_views(vectors), method) == true_groups(truth)


@pytest.mark.parametrize("method", ["linkage", "hdbscan"])
@pytest.mark.parametrize("bollards", [20, 100, 400])
def test_defaults_suit_collections_of_any_size(
    bollards: int, method: Literal["linkage", "hdbscan"]
) -> None:
    sizes = [max(2, bollards // 3), *[4] * (bollards // 10)]
    vectors, truth = grouped(sizes, alone=bollards // 10, dimensions=48)

    found = cluster(
        photo_rows([*map(photo_id, range(len(truth)))], _names(truth), vectors),
        GroupSettings(method=method),
    )

    labels = [found[name] for name in _names(truth)]
    together = [
        (truth[a] == truth[b] != -1, labels[a] == labels[b] != ONE_OFF)
        for a, b in itertools.combinations(range(len(truth)), 2)
    ]
    right = sum(true and said for true, said in together)
    assert right >= 0.9 * sum(true for true, _ in together)
    assert right >= 0.9 * sum(said for _, said in together)


SETTINGS = GroupSettings()


def _names(truth: list[int]) -> list[str]:
    return [f"b{row}" for row in range(len(truth))]


def test_a_large_tight_type_is_not_broken_into_pairs() -> None:
    vectors, truth = grouped([60, *[6] * 30], dimensions=48)

    found = clusters(vectors, [*map(photo_id, range(len(truth)))], _names(truth), SETTINGS)

    assert max(map(len, found)) >= 50


@pytest.mark.parametrize("method", METHODS[:2], ids=named)
def test_unique_bollards_stay_unsorted(method: GroupSettings) -> None:
    vectors, truth = grouped([5, 5, 5, 5], alone=4)

    found = cluster(_as_rows(two_views(vectors)), method)

    assert [bollard for bollard, label in found.items() if label == ONE_OFF] == [
        bollard for bollard in found if truth[int(bollard.removeprefix("b"))] == -1
    ]
    assert sum(label == ONE_OFF for label in found.values()) == 4


def _as_rows(made: tuple[FloatArray, list[str], list[str]]) -> PhotoRows:
    vectors, ids, bollards = made
    return photo_rows(ids, bollards, vectors)


def test_a_bollard_at_the_edge_of_a_type_joins_it_and_an_unrelated_bollard_does_not() -> None:
    from generator.group.density import _adopt

    vectors, truth = grouped([8, 8], spread=0.2)
    middle = unit_rows(vectors[:8].mean(axis=0, keepdims=True))
    stranger = unit_rows(np.ones((1, vectors.shape[1])) - middle * middle.sum())
    rows = np.concatenate([vectors, middle, stranger])

    labels = _adopt(rows, np.array([*truth, -1, -1]))

    assert labels.tolist() == [*truth, 0, -1]


@pytest.mark.parametrize("method", METHODS, ids=named)
@pytest.mark.parametrize("least", [2, 4])
def test_no_type_is_smaller_than_the_setting(method: GroupSettings, least: int) -> None:
    vectors, _ = grouped([2, 2, 3, 3, 5, 9], alone=6, spread=0.3)
    asked = method.model_copy(update={"min_bollards": least})

    for members in clusters(*two_views(vectors), asked):
        assert len(members) >= least


def test_many_views_of_one_bollard_do_not_form_a_type() -> None:
    vectors, truth = grouped([12, 6, 6])
    bollards = ["seen from all sides"] * 12 + [f"b{row}" for row in range(12)]
    ids = [photo_id(row) for row in range(len(truth))]

    labels = cluster(photo_rows(ids, bollards, vectors), GroupSettings(views="vote"))

    assert labels["seen from all sides"] == ONE_OFF


def test_views_that_disagree_are_outvoted_and_the_cluster_decides_a_tie() -> None:
    from generator.group import _majority

    assert _majority([3, 5, 5]) == 5
    assert _majority([ONE_OFF, ONE_OFF, 5]) == ONE_OFF
    assert _majority([ONE_OFF, 5]) == 5
    assert _majority([4, 2, 2, 4]) == 4


@pytest.mark.parametrize("method", METHODS, ids=named)
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_neither_the_order_nor_the_names_of_files_matter(
    method: GroupSettings, data: st.DataObject
) -> None:
    vectors, ids, bollards = two_views(grouped([3, 4, 5, 6], alone=5, spread=0.4)[0])
    order = data.draw(st.permutations(range(len(ids))))
    renamed = dict(
        zip(sorted(set(bollards)), data.draw(st.permutations(sorted(set(bollards)))), strict=True)
    )

    before = clusters(vectors, ids, bollards, method)
    after = clusters(
        vectors[list(order)],
        [ids[row] for row in order],
        [renamed[bollards[row]] for row in order],
        method,
    )

    assert after == {frozenset(renamed[bollard] for bollard in group) for group in before}


@pytest.mark.parametrize("method", METHODS, ids=named)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_tiny_collections_are_accepted(method: GroupSettings, count: int) -> None:
    vectors = grouped([2, 2], alone=1)[0][:count]
    ids = [photo_id(row) for row in range(count)]

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = cluster(photo_rows(ids, ids, vectors), method)

    assert sorted(found) == sorted(ids)


@pytest.mark.parametrize("method", METHODS, ids=named)
def test_photos_that_look_exactly_alike_are_accepted(method: GroupSettings) -> None:
    vectors = np.concatenate([grouped([1])[0].repeat(6, axis=0), grouped([], alone=8, seed=3)[0]])
    ids = [photo_id(row) for row in range(len(vectors))]

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = cluster(photo_rows(ids, ids, vectors), method)

    assert len({found[one] for one in ids[:6]}) == 1
    assert found[ids[0]] != ONE_OFF


def test_kmeans_makes_the_given_number_of_types() -> None:
    vectors, _ = grouped([10, 10, 10], spread=0.5)
    ids = [photo_id(row) for row in range(30)]

    two = cluster(photo_rows(ids, ids, vectors), GroupSettings(method="kmeans", types=2))
    six = cluster(photo_rows(ids, ids, vectors), GroupSettings(method="kmeans", types=6))

    assert len(members_of(two)) == 2
    assert 3 <= len(members_of(six)) <= 6


def test_attributes_decide_if_vectors_cannot() -> None:
    """Two kinds of posts with close embeddings, which only their attributes distinguish."""
    rng = np.random.default_rng(3)
    near = unit_rows(np.array([[1.0, 0.0, 0.0]]) + 0.2 * rng.normal(size=(12, 3)))
    far = unit_rows(rng.normal(size=(12, 3)))
    vectors = np.concatenate([near, far])
    ids = [photo_id(number) for number in range(24)]

    def said(row: int) -> dict[str, dict[str, float]]:
        return {"body": {"white": float(row % 2), "red": float(1 - row % 2)}}

    silent = cluster(photo_rows(ids, ids, vectors), GroupSettings())
    told = cluster(photo_rows(ids, ids, vectors, [said(row) for row in range(24)]), GroupSettings())

    mixed = [{ids.index(one) % 2 for one in group} for group in members_of(silent)]
    clear = [{ids.index(one) % 2 for one in group} for group in members_of(told)]
    assert any(len(kinds) == 2 for kinds in mixed)
    assert clear
    assert all(len(kinds) == 1 for kinds in clear)


def test_identical_bollards_are_one_type_with_hdbscan_too() -> None:
    rng = np.random.default_rng(0)
    designs = rng.normal(size=(3, 64)).astype(np.float32)
    designs /= np.linalg.norm(designs, axis=1, keepdims=True)
    assert density_labels(np.repeat(designs[:1], 12, axis=0), 2).tolist() == [0] * 12
    mixed = np.concatenate([np.repeat(designs[:2], 6, axis=0), designs[2:]])
    assert density_labels(mixed, 2).tolist() == [0] * 6 + [1] * 6 + [-1]
