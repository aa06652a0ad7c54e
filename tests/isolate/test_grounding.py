"""Grounding DINO as our exporter writes it, with transformers as its reference."""

import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from generator.config import IsolateSettings
from generator.errors import BollardsError
from generator.isolate import Isolator, load_isolator
from generator.isolate.grounding import fitted, prepared, tokens
from generator.recogniser.framing import overlap
from tests.isolate.conftest import DINO_PROMPTS, DINO_SIDE, INTERPOLATED, PICTURES

TINY = Path(__file__).parent / "tiny"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A site project with the tiny model in the folder `dino`."""
    folder = tmp_path / "dino"
    folder.mkdir()
    shutil.copy(TINY / "grounding.onnx", folder / "model.onnx")
    shutil.copy(TINY / "grounding.json", folder / "tokenizer.json")
    return tmp_path


def isolator(project: Path, prompts: tuple[str, ...] = DINO_PROMPTS) -> Isolator:
    settings = IsolateSettings(crop="grounding-dino:dino", prompts=prompts)
    made = load_isolator(settings, project)
    assert made is not None
    return made


def test_boxes_are_those_of_transformers_within_a_pixel(project: Path) -> None:
    ours, total = isolator(project), 0
    with np.load(TINY / "grounding.npz") as reference:
        for place, picture in enumerate(PICTURES):
            expected = reference[f"boxes {place}"]
            expected[:, :4] = expected[:, :4].clip(0, picture.size * 2)
            found = [
                (one.left, one.top, one.right, one.bottom, one.confidence)
                for one in ours.boxes(picture)
            ]
            assert found
            for row in found:
                near = np.abs(expected[:, 4] - row[4]) < 0.01
                assert np.abs(expected[near, :4] - row[:4]).max(axis=1).min() < 1
            # What transformers has besides is covered by a box of which the model is surer.
            for row in expected:
                assert any(
                    one[4] > row[4] - 0.01 and overlap(one[:4], row[:4].tolist()) > 0.65
                    for one in found
                )
            total += len(found)
    assert total > 20


def test_the_network_gets_the_pixels_and_tokens_of_transformers() -> None:
    given = tokens(TINY / "grounding.json", DINO_PROMPTS)
    with np.load(TINY / "grounding.npz") as reference:
        for name in ("input_ids", "token_type_ids", "attention_mask"):
            assert np.array_equal(given[name], reference[name])
        for place, picture in enumerate(INTERPOLATED):
            pixels, mask = prepared(picture, DINO_SIDE, DINO_SIDE)
            np.testing.assert_allclose(pixels, reference[f"pixels {place}"], atol=1e-5)
            assert np.array_equal(mask, reference[f"mask {place}"])


def test_a_full_stop_within_a_prompt_does_not_end_it() -> None:
    path = TINY / "grounding.json"
    stopped, plain = (tokens(path, (one,))["input_ids"] for one in ("a. post.", "a  post"))
    assert np.array_equal(stopped, plain)


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (96, 41), (4000, 3001)])
def test_a_picture_of_any_shape_fits_the_square(project: Path, size: tuple[int, int]) -> None:
    across, down = fitted(size, (DINO_SIDE, DINO_SIDE))
    assert max(across, down) in (DINO_SIDE, DINO_SIDE - 1) and min(across, down) >= 1
    for one in isolator(project).boxes(Image.new("RGB", size, (200, 0, 0))) or ():
        assert 0 <= one.left < one.right <= size[0] and 0 <= one.top < one.bottom <= size[1]


def test_other_prompts_find_other_boxes(project: Path) -> None:
    both, one = isolator(project), isolator(project, ("road",))
    assert one.fingerprint != both.fingerprint
    assert one.boxes(PICTURES[1]) != both.boxes(PICTURES[1])


def test_prompts_that_are_too_long_together_are_explained(project: Path) -> None:
    many = ("a long long post " * 4,) * 20
    with pytest.raises(BollardsError, match=r"isolate\.prompts: \d+ tokens .* at most 256 tokens"):
        isolator(project, many).boxes(PICTURES[0])


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json"])
def test_a_missing_file_is_named_with_what_makes_it(project: Path, missing: str) -> None:
    (project / "dino" / missing).unlink()
    with pytest.raises(BollardsError) as raised:
        isolator(project)
    assert str(raised.value).startswith(f"{project / 'dino' / missing}: there is no such file")
    assert "export_grounding.py" in str(raised.value)


def test_files_of_another_model_are_explained_in_one_message(project: Path) -> None:
    shutil.copy(TINY / "owlvit.onnx", project / "dino/model.onnx")
    with pytest.raises(BollardsError, match=r"not Grounding DINO as .*its inputs are"):
        isolator(project).boxes(PICTURES[0])
    (project / "dino/tokenizer.json").write_text("{}")
    with pytest.raises(BollardsError, match=r"tokenizer\.json: cannot be read as a tokenizer"):
        isolator(project).boxes(PICTURES[0])


def test_a_graph_that_leaves_the_size_of_pictures_open_is_refused(project: Path) -> None:
    model = onnx.load(project / "dino/model.onnx")
    for given in model.graph.input:
        if given.name == "pixel_values":
            given.type.tensor_type.shape.dim[2].dim_param = "height"
    onnx.save(model, project / "dino/model.onnx")
    with pytest.raises(BollardsError, match="its pictures are height x 96; expected sides"):
        isolator(project).boxes(PICTURES[0])
