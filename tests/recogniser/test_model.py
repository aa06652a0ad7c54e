"""Properties of the shipped model, on pictures drawn here."""

import base64
import hashlib
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image, ImageDraw

import generator.recogniser.model as model_module
from generator.recogniser import view
from generator.recogniser.model import MODEL_FILE, Recogniser
from generator.vocabulary import VOCABULARY

SHIPPED = Path(model_module.__file__).with_name(MODEL_FILE)
PLAIN_OPERATORS = {
    "Add", "Cast", "Concat", "Conv", "Div", "Flatten", "Gather", "Gemm", "MatMul", "Max", "Mul",
    "ReduceSum", "Relu", "Reshape", "Softmax", "Sqrt", "Transpose", "Unsqueeze",
}  # fmt: skip


def a_post(colour: str, band: str, size: tuple[int, int] = (318, 400)) -> Image.Image:
    image = Image.new("RGB", size, "#6a8a4a")
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.rectangle((width * 0.46, height * 0.1, width * 0.54, height * 0.9), fill=colour)
    draw.rectangle((width * 0.46, height * 0.2, width * 0.54, height * 0.3), fill=band)
    return image


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser()


@pytest.fixture(scope="module")
def posts() -> list[Image.Image]:
    return [a_post("white", "black"), a_post("orange", "white", (120, 480)), a_post("grey", "red")]


def test_rows_have_unit_length(recogniser: Recogniser, posts: list[Image.Image]) -> None:
    rows = recogniser.embed(posts)
    assert rows.shape == (3, recogniser.dimensions)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_an_empty_list_of_pictures_gives_no_rows(recogniser: Recogniser) -> None:
    assert recogniser.embed([]).shape == (0, recogniser.dimensions)


def test_a_row_depends_on_its_own_picture_alone(
    recogniser: Recogniser, posts: list[Image.Image]
) -> None:
    together = recogniser.embed(posts)
    alone = np.concatenate([recogniser.embed([post]) for post in posts])
    backwards = recogniser.embed(posts[::-1])[::-1]
    assert np.array_equal(together, alone)
    assert np.array_equal(together, backwards)


def test_a_mirrored_picture_has_the_same_embedding(
    recogniser: Recogniser, posts: list[Image.Image]
) -> None:
    mirrored = [post.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for post in posts]
    assert np.allclose(recogniser.embed(posts), recogniser.embed(mirrored), atol=1e-3)


def test_a_second_recogniser_gives_the_same_bytes(
    recogniser: Recogniser, posts: list[Image.Image]
) -> None:
    assert Recogniser().embed(posts).tobytes() == recogniser.embed(posts).tobytes()


def test_different_bollards_are_distinguished(
    recogniser: Recogniser, posts: list[Image.Image]
) -> None:
    rows = recogniser.embed([*posts, a_post("white", "black", (640, 800))])
    assert np.argmax(rows[:3] @ rows[3]) == 0


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (4000, 30)])
def test_a_picture_of_any_shape_is_embedded(recogniser: Recogniser, size: tuple[int, int]) -> None:
    row = recogniser.embed([Image.new("RGB", size, "red")])
    assert np.isfinite(row).all()


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK"])
def test_any_mode_of_picture_is_embedded(recogniser: Recogniser, mode: str) -> None:
    row = recogniser.embed([a_post("white", "red").convert(mode)])
    assert np.allclose(np.linalg.norm(row), 1, atol=1e-5)


def test_probabilities_sum_to_one_over_the_vocabulary(
    recogniser: Recogniser, posts: list[Image.Image]
) -> None:
    told = recogniser.describe(recogniser.embed(posts))
    assert len(told) == len(posts)
    for attributes in told:
        assert {name: tuple(found) for name, found in attributes.items()} == VOCABULARY
        for found in attributes.values():
            assert sum(found.values()) == pytest.approx(1, abs=1e-5)


def test_attributes_are_linear_in_the_embedding(
    recogniser: Recogniser, posts: list[Image.Image]
) -> None:
    rows = recogniser.embed(posts)
    for name, (weight, bias) in recogniser.heads().items():
        powers = np.exp(rows.astype(np.float64) @ weight.T.astype(np.float64) + bias)
        expected = powers / powers.sum(axis=1, keepdims=True)
        assert np.allclose(recogniser.probabilities(rows)[name], expected, atol=1e-5)


def test_the_fingerprint_changes_with_the_weights(tmp_path: Path) -> None:
    model = onnx.load(SHIPPED)
    weights = next(item for item in model.graph.initializer if len(item.dims) == 4)
    values = onnx.numpy_helper.to_array(weights).copy()
    values.flat[0] += 0.01
    weights.CopyFrom(onnx.numpy_helper.from_array(values, weights.name))
    onnx.save(model, tmp_path / "other.onnx")
    assert Recogniser(tmp_path / "other.onnx").fingerprint != Recogniser().fingerprint


def test_the_fingerprint_changes_with_the_preprocessing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Recogniser().fingerprint
    monkeypatch.setattr(view, "VERSION", "another")
    assert Recogniser().fingerprint != before
    assert len(before) == len(hashlib.sha256().hexdigest())


def test_another_kind_of_model_is_refused_with_an_explanation(tmp_path: Path) -> None:
    model = onnx.load(SHIPPED)
    del model.metadata_props[:]
    onnx.save(model, tmp_path / "foreign.onnx")
    with pytest.raises(ValueError, match="not one of this recogniser's"):
        Recogniser(tmp_path / "foreign.onnx").embed([a_post("white", "red")])


def test_the_file_is_small_enough_for_a_browser() -> None:
    assert SHIPPED.stat().st_size <= 8_000_000


def test_the_graph_uses_plain_operators_only() -> None:
    assert {node.op_type for node in onnx.load(SHIPPED).graph.node} <= PLAIN_OPERATORS


def test_the_model_file_specifies_its_input() -> None:
    model = onnx.load(SHIPPED)
    told = {item.key: item.value for item in model.metadata_props}
    assert (int(told["height"]), int(told["width"])) == (view.HEIGHT, view.WIDTH)
    assert told["view"] == view.VERSION
    assert {"resize", "input", "licence", "vocabulary", "dimensions"} <= told.keys()
    assert len(base64.b64decode(told["head.form.bias"])) == 4 * len(VOCABULARY["form"])


def test_the_window_is_the_centre_of_a_wide_picture() -> None:
    image = Image.new("RGB", (600, 200), "black")
    image.paste("white", (260, 0, 340, 200))
    window = view.prepare(image)
    assert window.shape == (view.HEIGHT, view.WIDTH, 3)
    assert window[:, view.WIDTH // 2].min() == 255
    assert window[:, 2].max() == 0


def test_a_narrow_picture_is_filled_with_grey() -> None:
    window = view.prepare(Image.new("RGB", (50, 200), "white"))
    assert (window[:, 0] == view.PADDING).all()
    assert (window[:, view.WIDTH // 2] == 255).all()
