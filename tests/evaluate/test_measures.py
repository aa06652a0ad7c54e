"""The figures are correct: perfect vectors reach 1, random ones stay near chance."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.evaluate.clusterings import compared
from generator.evaluate.measures import (
    Sample,
    Spread,
    agreement,
    attributes,
    bcubed,
    over_folds,
    retrieval,
)
from generator.evaluate.names import names
from generator.group import ONE_OFF
from generator.vectors import unit_rows
from tests.evaluate.made import a_photo, at_random, perfect, told_of, two_views_each

labels = st.lists(st.sampled_from("abcd"), min_size=12, max_size=12)


def slow_bcubed(truth: list[str], found: list[str]) -> tuple[float, float]:
    """Straight from the definition: every item against every item."""
    precisions, recalls = [], []
    for one in range(len(truth)):
        together = [other for other in range(len(truth)) if found[other] == found[one]]
        alike = [other for other in range(len(truth)) if truth[other] == truth[one]]
        both = len(set(together) & set(alike))
        precisions.append(both / len(together))
        recalls.append(both / len(alike))
    return sum(precisions) / len(precisions), sum(recalls) / len(recalls)


@given(labels, labels)
def test_bcubed_follows_its_definition(truth: list[str], found: list[str]) -> None:
    assert bcubed(truth, found) == pytest.approx(slow_bcubed(truth, found))


@given(labels, labels, st.permutations("abcd"))
def test_other_names_for_the_clusters_change_nothing(
    truth: list[str], found: list[str], names: list[str]
) -> None:
    renamed = [dict(zip("abcd", names, strict=True))[one] for one in found]
    assert bcubed(truth, renamed) == pytest.approx(bcubed(truth, found))


def test_one_cluster_has_full_recall_and_single_clusters_have_full_precision() -> None:
    truth = ["x", "x", "y", "y"]
    assert bcubed(truth, ["one"] * 4) == (0.5, 1.0)
    assert bcubed(truth, ["1", "2", "3", "4"]) == (1.0, 0.5)


def test_perfect_vectors_score_one_in_every_figure() -> None:
    sample = perfect(two_views_each(bollards=24, kinds=4))

    assert set(retrieval(sample).values()) == {1.0}
    assert set(attributes(sample).values()) == {1.0}
    for clustering in compared():
        if clustering.key in ("hdbscan", "kmeans-true"):
            figures = agreement(sample, clustering.run(sample))
            assert figures == pytest.approx(
                dict.fromkeys(("bcubed", "precision", "recall", "v", "ari", "grouped"), 1.0)
                | {"types": 4.0}
            )


def test_random_vectors_stay_near_chance() -> None:
    figures = retrieval(at_random(two_views_each(bollards=100, kinds=8)))

    assert figures["same-bollard@1"] == pytest.approx(1 / 199, abs=0.02)
    assert figures["same-bollard@10"] == pytest.approx(10 / 199, abs=0.05)
    assert figures["same-kind@1"] == pytest.approx(1 / 8, abs=0.08)
    sample = at_random(two_views_each(bollards=100, kinds=8))
    by_chance = agreement(sample, {str(bollard): bollard // 13 for bollard in range(100)})
    assert by_chance["ari"] == pytest.approx(0, abs=0.05)


def test_the_order_of_photos_changes_no_figure() -> None:
    photos = two_views_each(bollards=20, kinds=5)
    sample = at_random(photos)
    order = np.random.default_rng(1).permutation(len(photos)).tolist()

    assert retrieval(sample.part(order)) == retrieval(sample)
    for clustering in compared():
        if "pca" not in clustering.key:
            before = agreement(sample, clustering.run(sample))
            assert agreement(sample.part(order), clustering.run(sample.part(order))) == (
                pytest.approx(before)
            )


def test_same_kind_compares_only_with_other_bollards() -> None:
    photos = (a_photo(1, "a"), a_photo(1, "b"), a_photo(2, "a", "red"), a_photo(3, "a"))
    angles = np.radians([0, 1, 2, 50])
    sample = Sample(photos, unit_rows(np.stack([np.cos(angles), np.sin(angles)], axis=1)), None)
    # Both views of 1 meet the red 2 first, as does 3; nobody is of the kind of 2.
    assert retrieval(sample)["same-kind@1"] == 0.0
    assert retrieval(sample)["same-kind@3"] == 1.0


def test_a_figure_without_eligible_photos_is_empty() -> None:
    sample = at_random((a_photo(1, "a"), a_photo(2, "a", "red")))
    assert set(retrieval(sample).values()) == {None}
    figures = agreement(sample, {"1": ONE_OFF, "2": ONE_OFF})
    assert (figures["v"], figures["ari"], figures["grouped"]) == (None, None, 0.0)


def test_each_photo_of_an_unsorted_bollard_counts_as_a_type_of_its_own() -> None:
    photos = two_views_each(bollards=2, kinds=2)
    figures = agreement(at_random(photos), {"0": ONE_OFF, "1": ONE_OFF})
    assert (figures["precision"], figures["recall"], figures["types"]) == (1.0, 0.5, 0.0)


def test_an_attribute_is_correct_if_its_most_likely_value_is_the_label() -> None:
    photos = (a_photo(1, "a"), a_photo(2, "a", "red"))
    described = (told_of(photos[0]), told_of(photos[1], body="white"))
    figures = attributes(Sample(photos, at_random(photos).embeddings, described))
    assert figures == {"form": 1.0, "body": 0.5, "pattern": 1.0, "accent": 1.0, "kind": 0.5}


def test_an_embedder_without_attributes_has_no_figures_for_them() -> None:
    assert attributes(at_random(two_views_each(bollards=2, kinds=1))) == {}


def test_folds_have_mean_and_spread_and_leave_out_missing_figures() -> None:
    spread = over_folds([{"a": 0.0, "b": None}, {"a": 1.0, "b": 0.5}, {"a": 0.5, "b": None}])
    assert spread["a"].mean == 0.5
    assert spread["a"].deviation == pytest.approx(np.std([0, 0.5, 1]))
    assert spread["b"] == Spread(0.5, None)


def test_every_clustering_has_its_own_name() -> None:
    assert all(a.key != b.key for a, b in itertools.combinations(compared(), 2))


def test_names_from_correct_attributes_are_true_and_a_wrong_attribute_is_counted() -> None:
    right = perfect(two_views_each(12, 3))
    clusters = {photo.label.bollard: int(photo.label.bollard) % 3 for photo in right.photos}
    found = names(right, clusters)
    assert (found["name-words"], found["strays"], found["numbered-names"]) == (1.0, 0.0, 0.0)

    wrong = replace(right, described=tuple(told_of(photo, form="pole") for photo in right.photos))
    assert names(wrong, clusters)["name-words"] == 0.5

    mixed = names(right, dict.fromkeys(clusters, 0))
    assert round(mixed["strays"] or 0, 4) == round(2 / 3, 4)
    assert mixed["name-words"] == 1.0  # Its name says nothing of colours.
