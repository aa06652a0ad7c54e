"""Masks: bollards on a neutral ground, cut out by models of rembg."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from generator.config import EmbedSettings
from generator.embed import load_embedder
from generator.embed.rembg import SESSIONS, RembgSegmenter, Session
from generator.embed.segment import GROUND, load_segmenter, on_ground
from generator.errors import BollardsError


def red_finder(path: Path, side: int) -> Path:
    """A model with the inputs and outputs of U²-Net that marks what is red."""
    names = [f"d{place}" for place in range(1, 8)]
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    weight = helper.make_tensor("w", floats, [1, 3, 1, 1], [1.0, -1.0, -1.0])
    nodes = [helper.make_node("Conv", ["input.1", "w"], ["c"])]
    nodes += [helper.make_node("Sigmoid", ["c"], [name]) for name in names]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input.1", floats, [1, 3, side, side])],
        [helper.make_tensor_value_info(name, floats, [1, 1, side, side]) for name in names],
        [weight],
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), path)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    red_finder(tmp_path / "models" / "u2netp.onnx", 320)
    return tmp_path


def red_post(ground: tuple[int, int, int]) -> Image.Image:
    image = Image.new("RGB", (60, 90), ground)
    image.paste((220, 20, 20), (20, 15, 40, 80))
    return image


MASKED = EmbedSettings(mask="rembg:models/u2netp.onnx")


def test_a_mask_covers_the_post_and_nothing_else(project: Path) -> None:
    segmenter = load_segmenter(MASKED, project)
    assert segmenter is not None
    mask = segmenter.mask(red_post((90, 140, 90)))
    true = np.zeros((90, 60), bool)
    true[15:80, 20:40] = True
    found = mask > 0.5
    assert mask.dtype == np.float32 and mask.min() >= 0 and mask.max() <= 1
    assert (found & true).sum() / (found | true).sum() > 0.93


def test_surroundings_no_longer_change_the_vector(project: Path) -> None:
    pictures = [red_post((90, 140, 90)), red_post((60, 60, 70))]
    whole, masked = (load_embedder(settings, project) for settings in (EmbedSettings(), MASKED))
    apart = [1 - float(np.prod(one.embed(pictures), axis=0).sum()) for one in (whole, masked)]
    assert apart[1] < 0.3 * apart[0]
    assert masked.fingerprint != whole.fingerprint and masked.dimensions == whole.dimensions
    # Browsers have no segmenter; words and the crop stay.
    assert whole.runs_in_browser and not masked.runs_in_browser
    assert masked.has_words and masked.describe(masked.embed(pictures))[0]["body"]
    assert masked.facts().bytes > whole.facts().bytes


def test_a_picture_in_which_nothing_is_found_stays_whole() -> None:
    image = red_post((90, 140, 90))
    assert on_ground(image, np.zeros((90, 60), np.float32)) is image
    half = np.zeros((90, 60), np.float32)
    half[:, :30] = 1
    cut = np.asarray(on_ground(image, half))
    assert (cut[:, 30:] == GROUND).all() and (cut[:, :20] == (90, 140, 90)).all()


def test_a_constant_answer_is_an_empty_mask(tmp_path: Path) -> None:
    segmenter = RembgSegmenter(Session(32, (0, 0, 0), (1, 1, 1)), red_finder(tmp_path / "a", 32))
    assert segmenter.mask(Image.new("RGB", (40, 50), (10, 10, 10))).max() == 0


def test_a_model_of_another_size_or_no_model_is_explained(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    red_finder(project / "models" / "u2netp.onnx", 64)
    segmenter = load_segmenter(MASKED, project)
    assert segmenter is not None
    with pytest.raises(BollardsError, match="not a segmentation model of rembg, or another one"):
        segmenter.mask(red_post((0, 0, 0)))

    monkeypatch.setenv("U2NET_HOME", str(project / "models"))
    (project / "models" / "silueta.onnx").write_bytes(b"no model")
    segmenter = load_segmenter(EmbedSettings(mask="rembg:silueta"), project)
    assert segmenter is not None
    with pytest.raises(BollardsError, match="cannot be opened as an ONNX model"):
        segmenter.mask(red_post((0, 0, 0)))


@pytest.mark.parametrize(
    ("mask", "reason"),
    [
        ("rembg:u2nepp", 'Did you mean "u2netp"'),
        ("rembg:isnet-general-use", "there is no such file. Get isnet-general-use.onnx"),
        ("rembg:models/other.onnx", 'no model "other" that this program knows'),
    ],
)
def test_a_wrong_or_missing_model_is_named_with_what_to_do(
    mask: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("U2NET_HOME", str(tmp_path))
    with pytest.raises(BollardsError, match=reason):
        load_embedder(EmbedSettings(mask=mask), tmp_path)


def test_an_unknown_segmenter_is_refused_by_the_settings() -> None:
    with pytest.raises(ValueError, match="an installed segmenter"):
        EmbedSettings(mask="rembgg")
    assert set(SESSIONS) == {"u2netp", "u2net", "silueta", "isnet-general-use"}
