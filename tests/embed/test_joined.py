"""Joined embedders act as one, whose similarity is the weighted mean of theirs."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from generator.config import EmbedSettings, load_settings
from generator.embed import Attributes, Embedder, FloatArray, load_embedder
from generator.embed.joined import JoinedEmbedder
from generator.errors import BollardsError
from tests.embed.conftest import PICTURES


class Drawn(Embedder):
    """Unit vectors drawn by a picture's content."""

    def __init__(self, size: int, words: bool = False) -> None:
        self.name, self.fingerprint, self.size, self.has_words = f"d{size}", f"d{size}", size, words

    def embed(self, images: list[Image.Image]) -> FloatArray:
        seeds = [abs(hash(image.tobytes())) % 2**32 for image in images]
        rows = np.array([np.random.default_rng(one).normal(size=self.size) for one in seeds])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def describe(self, embeddings: FloatArray) -> list[Attributes]:
        return [{"first": {"value": float(row[0])}} for row in embeddings]


@settings(max_examples=30, deadline=None)
@given(weights=st.lists(st.floats(0.01, 100), min_size=2, max_size=3))
def test_similarity_is_the_weighted_mean_of_the_members_similarities(weights: list[float]) -> None:
    members = [Drawn(8), Drawn(5), Drawn(3)][: len(weights)]
    rows = JoinedEmbedder(members, weights).embed(PICTURES)
    expected = sum(
        weight * one.embed(PICTURES) @ one.embed(PICTURES).T
        for one, weight in zip(members, weights, strict=True)
    ) / sum(weights)
    np.testing.assert_allclose(rows @ rows.T, expected, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


def test_a_member_with_words_describes_from_its_own_part() -> None:
    worded = Drawn(5, words=True)
    joined = JoinedEmbedder([Drawn(8), worded, Drawn(3)], [1, 0.5, 2])
    assert joined.has_words and not joined.has_text and not joined.runs_in_browser
    assert joined.dimensions == 16
    found = joined.describe(joined.embed(PICTURES))
    expected = worded.describe(worded.embed(PICTURES))
    for one, other in zip(found, expected, strict=True):
        assert one["first"]["value"] == pytest.approx(other["first"]["value"], abs=1e-5)


def test_other_weights_make_another_embedder_but_their_scale_does_not() -> None:
    members = [Drawn(8), Drawn(5)]
    first = JoinedEmbedder(members, [1, 0.5]).fingerprint
    assert JoinedEmbedder(members, [2, 1]).fingerprint == first
    assert JoinedEmbedder(members, [1, 1]).fingerprint != first


def test_site_toml_joins_embedders_with_weights(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(
        '[embed]\nembedder = ["builtin", "onnx:models/mine"]\nweights = [0.5, 1]\n', "utf-8"
    )
    found = load_settings(path).embed
    assert found.members == (("builtin", ""), ("onnx", "models/mine"))
    assert found.weights == (0.5, 1.0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('embedder = ["builtin", "dinno2"]', 'Did you mean "dinov2"?'),
        ("embedder = []", "a list such as"),
        ('embedder = ["builtin", "builtin"]', "each embedder once"),
        ('embedder = ["builtin", "clip"]\nweights = [1]', "one number for each embedder, 2 here"),
        ('embedder = ["builtin", "clip"]\nweights = [1, -5]', "more than 0"),
        ('embedder = ["builtin", "onnx"]\nmodel = "x"', "onnx:models/mine"),
        ('embedder = "clip:vit-l-14"\nmodel = "x"', "clip:vit-l-14"),
    ],
)
def test_conflicting_settings_are_reported(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "site.toml"
    path.write_text(f"[embed]\n{text}\n", "utf-8")
    with pytest.raises(BollardsError) as raised:
        load_settings(path)
    assert "embed." in str(raised.value) and told in str(raised.value)


def test_a_list_of_one_is_that_one(tmp_path: Path) -> None:
    alone = load_embedder(EmbedSettings(embedder=("builtin",)), tmp_path)
    assert alone is load_embedder(EmbedSettings(), tmp_path)
