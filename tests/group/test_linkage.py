"""Average linkage: the clusters are those of the reference implementation, at any size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist

from generator.group.linkage import linked, scale_of
from generator.vectors import FloatArray, unit_rows
from tests.group.made import grouped


def partition(labels: list[int]) -> set[frozenset[int]]:
    return {
        frozenset(row for row, own in enumerate(labels) if own == label) for label in set(labels)
    }


def scattered(seed: int, count: int = 120) -> FloatArray:
    """Unit vectors without clear groups, where every join matters."""
    return unit_rows(np.random.default_rng(seed).normal(size=(count, 6)).astype(np.float32))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("cut", [0.9, 0.7, 0.4, 0.0])
def test_clusters_are_those_of_scipys_average_linkage(seed: int, cut: float) -> None:
    vectors = scattered(seed)
    # The cosine distance is 1 minus the similarity, so its mean is 1 minus the mean similarity.
    tree = linkage(pdist(vectors.astype(np.float64), "cosine"), "average")

    expected = partition(fcluster(tree, 1 - cut, "distance").tolist())

    assert 1 < len(expected) < len(vectors)
    assert partition(linked(vectors, cut).tolist()) == expected


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), cut=st.floats(-0.5, 1))
def test_the_mean_similarity_is_above_the_cut_within_clusters_and_below_it_between_them(
    seed: int, cut: float
) -> None:
    vectors = scattered(seed, 40)

    labels = linked(vectors, cut)

    assert sorted(set(labels.tolist())) == list(range(labels.max() + 1))
    means = np.stack([vectors[labels == label].mean(axis=0) for label in range(labels.max() + 1)])
    between = means @ means.T
    np.fill_diagonal(between, -1)
    assert between.max() < cut + 1e-3


def test_thousands_of_bollards_are_grouped_as_a_few_are() -> None:
    few, truth = grouped([5] * 40, dimensions=32)
    many, all_truth = grouped([5] * 600, dimensions=32)

    assert partition(linked(few, 0.7).tolist()) == partition(truth)
    found = partition(linked(many, 0.7).tolist())
    # So many directions in 32 dimensions come near each other; nearly all stay apart.
    assert len(found & partition(all_truth)) > 580


def test_equal_similarities_are_joined_in_the_order_of_rows() -> None:
    cross = np.repeat(np.eye(3, dtype=np.float32), [3, 2, 1], axis=0)

    assert linked(cross, 0.5).tolist() == [0, 0, 0, 1, 1, 2]
    assert linked(cross[:0], 0.5).tolist() == []
    assert linked(cross[:1], 0.5).tolist() == [0]
    assert scale_of(cross).nearest == pytest.approx(1.0)


def test_a_cut_between_two_decimals_joins_what_is_as_near_as_it() -> None:
    # A similarity of 0.99994, which is rounded to 0.9999.
    pair = unit_rows(np.array([[1, 0], [1, 0.01095]], dtype=np.float32))

    assert linked(pair, 0.99993).tolist() == [0, 0]
    assert linked(pair, 0.9999999).tolist() == [0, 1]
