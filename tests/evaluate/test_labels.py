"""The figures are correct, checked on embeddings small enough to rank by hand."""

import math

import numpy as np
import pytest

from generator.evaluate.labels import (
    Label,
    label_of,
    measure_attributes,
    measure_neighbours,
    spread,
)
from generator.vocabulary import VOCABULARY


def a_label(bollard: str, body: str = "white") -> Label:
    values = {"form": "flat", "body": body, "pattern": "plain", "accent": "none", "reflector": ""}
    return Label(f"{bollard}.jpg", bollard, "France", values)


def on_circle(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_another_view_in_the_first_place_counts_as_found() -> None:
    labels = [a_label("1"), a_label("1"), a_label("2"), a_label("2")]
    figures = measure_neighbours(on_circle(0, 10, 90, 100), labels)
    assert figures["same-bollard@1"] == 1.0


def test_another_view_counts_from_its_rank_on() -> None:
    labels = [a_label("1"), a_label("1"), a_label("2", "red"), a_label("2", "red")]
    figures = measure_neighbours(on_circle(0, 40, 10, 100), labels)
    assert figures["same-bollard@1"] == 0.0
    assert figures["same-bollard@3"] == 1.0


def test_same_kind_compares_only_with_other_bollards() -> None:
    labels = [a_label("1"), a_label("1"), a_label("2", "red"), a_label("3")]
    figures = measure_neighbours(on_circle(0, 1, 2, 50), labels)
    # Both views of 1 meet the red 2 first; 3 meets it before any view of 1. Nobody is alike to 2.
    assert figures["same-kind@1"] == 0.0
    assert figures["same-kind@3"] == 1.0


def test_a_figure_without_eligible_photos_is_empty() -> None:
    figures = measure_neighbours(on_circle(0, 90), [a_label("1"), a_label("2", "red")])
    assert math.isnan(figures["same-bollard@1"])
    assert math.isnan(figures["same-kind@1"])


def test_only_queries_are_searched_for_but_every_photo_can_be_found() -> None:
    labels = [a_label("1"), a_label("1"), a_label("2")]
    embeddings = on_circle(0, 40, 10)
    assert measure_neighbours(embeddings, labels, [1])["same-bollard@1"] == 0.0
    assert measure_neighbours(embeddings[:2], labels[:2], [1])["same-bollard@1"] == 1.0


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="2 embeddings for 1 labels"):
        measure_neighbours(on_circle(0, 1), [a_label("1")])


def test_an_attribute_is_correct_if_its_most_likely_value_is_the_label() -> None:
    wanted = VOCABULARY["body"].index("white")
    table = np.zeros((2, len(VOCABULARY["body"])), np.float32)
    table[:, wanted] = 1
    figures = measure_attributes({"body": table}, [a_label("1"), a_label("2", "red")])
    assert figures == {"body": 0.5}


def test_photos_without_a_label_do_not_count_for_the_attribute() -> None:
    table = np.ones((1, len(VOCABULARY["reflector"])), np.float32)
    assert math.isnan(measure_attributes({"reflector": table}, [a_label("1")])["reflector"])


def test_yellow_is_read_as_orange() -> None:
    row = dict.fromkeys(("file", "bollard", "country", "form", "pattern", "reflector"), "x")
    label = label_of({**row, "body": "yellow", "accent": "yellow"})
    assert label.values["body"] == label.values["accent"] == "orange"


def test_spread_is_mean_and_deviation_over_the_folds() -> None:
    assert spread([{"a": 0.0}, {"a": 1.0}]) == {"a": (0.5, 0.5)}
