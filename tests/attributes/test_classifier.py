"""The owner's labels teach the attributes of the photos without labels."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from generator.attributes import describe
from generator.attributes.classifier import LEAST, learn
from generator.build.kept_texts import KeptTexts
from generator.catalogue import Source
from generator.embed import Embedder
from generator.things import OwnAttribute, OwnValue, Things
from generator.vectors import FloatArray, unit_rows

SHAPE = OwnAttribute(
    "shape", "Shape", {}, (OwnValue("round", "round"), OwnValue("square", "square"))
)
COVERS = Things("cover", "covers", attributes=(SHAPE,))


def vectors(rng: np.random.Generator, *sides: float, noise: float = 0.5) -> FloatArray:
    """Vectors of 24 dimensions that differ in the first by the given sides."""
    rows = rng.normal(0, noise, (len(sides), 24))
    rows[:, 0] += sides
    return unit_rows(rows.astype(np.float32))


def sources(labels: list[str], bollards: list[str] | None = None) -> list[Source]:
    keys = bollards or [str(number) for number in range(len(labels))]
    return [
        Source(
            f"{number:012d}",
            f"{number}.jpg",
            "",
            key,
            labels={"shape": label} if label else {},
        )
        for number, (label, key) in enumerate(zip(labels, keys, strict=True))
    ]


def test_photos_without_labels_get_the_value_of_those_like_them() -> None:
    rng = np.random.default_rng(1)
    sides = [2.0, -2.0] * 15
    labels = [
        ("round" if side > 0 else "square") if row < 20 else "" for row, side in enumerate(sides)
    ]

    found = describe(vectors(rng, *sides), sources(labels), COVERS)

    told = [max(one["shape"], key=one["shape"].__getitem__) for one in found.photos]
    assert told == ["round", "square"] * 15
    assert all(one["shape"][value] >= 0.85 for one, value in zip(found.photos, told, strict=True))
    assert found.told == (
        "shape: learnt from 20 labelled covers; 20 of 20 right in cross-validation.",
    )


def test_what_is_learnt_is_never_surer_than_the_labels_allow() -> None:
    rng = np.random.default_rng(2)
    labels = ["round", "square"] * LEAST

    learnt = learn(
        vectors(rng, *[5.0, -5.0] * LEAST, noise=0.01), labels, list("abcdef"), ["round", "square"]
    )

    assert learnt is not None
    assert (learnt.right, learnt.tested) == (6, 6)
    assert learnt.chances(vectors(rng, 5.0, noise=0.01)).max() <= 7 / 8 + 1e-9


def test_probabilities_are_calibrated_on_photos_that_were_not_learnt() -> None:
    rng = np.random.default_rng(3)
    sides = rng.choice([-0.5, 0.5], 400)
    labels = np.where(sides > 0, "round", "square")
    rows = vectors(rng, *sides)

    learnt = learn(
        rows[:100], labels[:100].tolist(), [str(row) for row in range(100)], ["round", "square"]
    )

    assert learnt is not None
    chances = learnt.chances(rows[100:])
    right = np.array(learnt.values)[chances.argmax(axis=1)] == labels[100:]
    # It says in how many cases it will be right.
    assert chances.max(axis=1).mean() == pytest.approx(right.mean(), abs=0.06)
    assert 0.7 < right.mean() < 0.95


def test_labels_that_have_nothing_to_do_with_looks_teach_nothing() -> None:
    rng = np.random.default_rng(4)
    labels = ["round", "square", "round", "round"] * 5

    found = describe(vectors(rng, *[0.0] * 24), sources(labels + [""] * 4), COVERS)

    assert found.photos[-1] == {"shape": {"round": 0.0, "square": 0.0}}
    assert found.photos[0] == {"shape": {"round": 1.0, "square": 0.0}}
    assert "only these have it" in found.told[0]


def test_too_few_labels_teach_nothing() -> None:
    rng = np.random.default_rng(5)
    labels = ["round"] * 5 + ["square"] * (LEAST - 1)

    found = describe(vectors(rng, *[3.0] * 5, *[-3.0] * (LEAST - 1)), sources(labels), COVERS)

    assert "too few" in found.told[0]


def test_a_label_holds_for_all_views_and_the_first_of_two_counts() -> None:
    rng = np.random.default_rng(6)
    views = sources(["", "square", "round"], ["a", "a", "a"])

    found = describe(vectors(rng, 0.0, 0.0, 0.0), views, COVERS)

    assert [one["shape"]["square"] for one in found.photos] == [1.0, 1.0, 1.0]
    (problem,) = found.problems
    assert problem.file == "photos/2.jpg"
    assert 'shape is "round" here and "square" for photos/1.jpg' in problem.reason


def test_the_order_of_files_changes_nothing() -> None:
    rng = np.random.default_rng(7)
    sides = [1.0, -1.0] * 12
    rows = vectors(rng, *sides)
    labels = ["round" if side > 0 else "square" for side in sides[:18]] + [""] * 6
    photos = sources(labels)
    order = rng.permutation(len(sides))

    found = describe(rows, photos, COVERS)
    again = describe(rows[order], [photos[row] for row in order], COVERS)

    assert again.told == found.told
    for place, row in enumerate(order):
        assert again.photos[place]["shape"] == pytest.approx(found.photos[row]["shape"], abs=1e-4)


class _Words:
    """A text tower that knows "round" as one direction, and "square" as its opposite."""

    fingerprint = "1"
    has_text = True
    asked = 0

    def embed_texts(self, texts: Sequence[str]) -> FloatArray:
        self.asked += 1
        rows = np.zeros((len(texts), 24), np.float32)
        rows[:, 0] = [1.0 if " round " in text else -1.0 for text in texts]
        return rows


BY_WORDS = replace(COVERS, attributes=(replace(SHAPE, by_words=True),))


def test_words_tell_photos_apart_where_there_are_no_labels() -> None:
    rows = vectors(np.random.default_rng(8), 2.0, -2.0)

    found = describe(rows, sources(["", ""]), BY_WORDS, _Words().embed_texts)

    assert found.photos[0]["shape"]["round"] > 0.99
    assert found.photos[1]["shape"]["square"] > 0.99
    assert found.told == ("shape: told by words; no labels to test it with.",)


def test_words_that_labels_refute_are_not_used() -> None:
    rows = vectors(np.random.default_rng(9), 2.0, -2.0, 2.0)

    found = describe(rows, sources(["square", "round", ""]), BY_WORDS, _Words().embed_texts)

    assert found.photos[2] == {"shape": {"round": 0.0, "square": 0.0}}
    assert found.told == (
        "shape: words tell only 0 of 2 labelled covers rightly, and are not used.",
    )


def test_labels_that_teach_come_before_words() -> None:
    rows = vectors(np.random.default_rng(10), *[3.0, -3.0] * 6)
    labels = ["square", "round"] * 5 + ["", ""]

    found = describe(rows, sources(labels), BY_WORDS, _Words().embed_texts)

    assert max(found.photos[-2]["shape"].items(), key=lambda one: one[1])[0] == "square"


def test_an_encoder_without_words_is_told_with_what_to_do() -> None:
    rows = vectors(np.random.default_rng(11), 2.0, -2.0)

    found = describe(rows, sources(["", ""]), BY_WORDS)

    (problem,) = found.problems
    assert problem.file == "site.toml"
    assert "knows no words" in problem.reason
    assert '"clip"' in problem.reason
    assert found.photos[0] == {"shape": {"round": 0.0, "square": 0.0}}


def test_the_text_tower_is_asked_once_for_the_same_words(tmp_path: Path) -> None:
    tower = _Words()

    for _ in range(2):
        rows = KeptTexts(cast(Embedder, tower), tmp_path / "texts.json")(["a round one", "b"])

    assert rows[:, 0].tolist() == [1.0, -1.0]
    assert tower.asked == 1
