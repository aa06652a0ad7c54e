"""Detectors that take words: OWL-ViT and OWLv2 as exported for ONNX, against transformers."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from generator.config import IsolateSettings, Settings
from generator.errors import BollardsError
from generator.isolate import Found, Isolator, load_isolator, owlv2, owlvit
from generator.isolate.owlvit import tokens
from generator.recogniser.framing import overlap
from tests.isolate.conftest import (
    INTERPOLATED,
    OWL_ODD_PROMPTS,
    OWL_PROMPTS,
    OWL_SIDE,
    PICTURES,
    TOKENIZER,
)

TINY = Path(__file__).parent / "tiny"
SIZE = {"size": {"height": OWL_SIDE, "width": OWL_SIDE}}


PREPARED = {"owlvit": owlvit.prepared, "owlv2": owlv2.prepared}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A site project with the tiny models in folders of their names."""
    for name in PREPARED:
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(TINY / f"{name}.onnx", folder / "model.onnx")
        shutil.copy(TOKENIZER, folder / "tokenizer.json")
        (folder / "preprocessor_config.json").write_text(json.dumps(SIZE))
    return tmp_path


def isolator(
    project: Path, prompts: tuple[str, ...] = OWL_PROMPTS, crop: str = "owlvit:owlvit"
) -> Isolator:
    made = load_isolator(IsolateSettings(crop=crop, prompts=prompts), project)
    assert made is not None
    return made


def sides(one: Found) -> tuple[float, float, float, float]:
    return one.left, one.top, one.right, one.bottom


@pytest.mark.parametrize("name", PREPARED)
def test_boxes_are_those_of_transformers_within_a_pixel(project: Path, name: str) -> None:
    ours, total, gone = isolator(project, crop=f"{name}:{name}"), 0, 0
    with np.load(TINY / f"{name}.npz") as reference:
        for place, picture in enumerate(PICTURES):
            expected = reference[f"boxes {place}"]
            expected[:, :4] = expected[:, :4].clip(0, picture.size * 2)
            # OWLv2 also sees boxes beside the picture, where its square is black.
            expected = expected[(expected[:, 2:4] > expected[:, :2]).all(axis=1)]
            found = ours.boxes(picture)
            assert found
            for one in found:
                apart = np.abs(expected[:, :4] - sides(one)).max(axis=1)
                near = np.abs(expected[:, 4] - one.confidence) < 0.01
                assert apart[near].min() < 1
            # What transformers has besides is covered by a box of which the model is surer.
            for row in expected:
                if np.abs(np.array([sides(one) for one in found]) - row[:4]).max(axis=1).min() < 1:
                    continue
                gone += 1
                assert any(
                    one.confidence > row[4] - 0.01 and overlap(sides(one), row[:4].tolist()) > 0.65
                    for one in found
                )
            total += len(found)
    assert total > 20
    if name == "owlvit":
        # The boxes of the tiny OWLv2 overlap too little.
        assert gone > 0


@pytest.mark.parametrize("name", PREPARED)
def test_the_network_gets_the_pixels_and_tokens_of_transformers(name: str) -> None:
    with np.load(TINY / f"{name}.npz") as reference:
        for prompts, of in ((OWL_PROMPTS, ""), (OWL_ODD_PROMPTS, "odd ")):
            given = tokens(TOKENIZER, prompts)
            for part in ("input_ids", "attention_mask"):
                assert np.array_equal(given[part], reference[f"{of}{part}"])
        for place, picture in enumerate(INTERPOLATED):
            pixels = PREPARED[name](picture, OWL_SIDE, OWL_SIDE)
            np.testing.assert_allclose(pixels, reference[f"pixels {place}"], atol=1e-4)


def test_a_huge_picture_is_reduced_before_it_is_smoothed() -> None:
    # 8,200 px wide: smoothed as it is, its square would take half a gigabyte and seconds.
    wide = Image.new("RGB", (8200, 40), (255, 0, 0))
    pixels = owlv2.prepared(wide, OWL_SIDE, OWL_SIDE)
    small = owlv2.prepared(wide.resize((4096, 20)), OWL_SIDE, OWL_SIDE)
    assert pixels.shape == (1, 3, OWL_SIDE, OWL_SIDE)
    np.testing.assert_allclose(pixels, small, atol=1e-4)


def test_other_prompts_find_other_boxes(project: Path) -> None:
    both = isolator(project)
    one = isolator(project, OWL_PROMPTS[:1])
    assert one.fingerprint != both.fingerprint
    assert one.boxes(PICTURES[0]) != both.boxes(PICTURES[0])
    # Without prompts it looks for what this program is about.
    named = isolator(project, ("bollard", "road marker", "post"))
    assert isolator(project, ()).fingerprint == named.fingerprint


def test_the_photo_is_cropped_around_its_most_confident_box(project: Path) -> None:
    ours = isolator(project)
    for picture in PICTURES:
        found = ours.boxes(picture)
        crop = ours.find(picture)
        assert found and crop is not None
        assert [one.confidence for one in found] == sorted(
            (one.confidence for one in found), reverse=True
        )
        assert crop.left <= found[0].left + 1 and crop.right >= found[0].right - 1
        assert 0 <= crop.top < crop.bottom <= picture.height


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3)])
def test_a_picture_of_any_shape_can_be_searched(project: Path, size: tuple[int, int]) -> None:
    for name in PREPARED:
        ours = isolator(project, crop=f"{name}:{name}")
        for one in ours.boxes(Image.new("RGB", size, (200, 0, 0))) or ():
            assert 0 <= one.left < one.right <= size[0] and 0 <= one.top < one.bottom <= size[1]


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json"])
def test_a_missing_file_is_named_with_where_to_get_it(project: Path, missing: str) -> None:
    (project / "owlvit" / missing).unlink()
    with pytest.raises(BollardsError) as raised:
        isolator(project)
    assert str(raised.value).startswith(f"{project / 'owlvit' / missing}: there is no such file")
    assert "Xenova/owlvit-base-patch32" in str(raised.value)


def test_a_crop_without_a_folder_is_explained(project: Path) -> None:
    with pytest.raises(BollardsError, match=r'names no folder.*crop = "owlv2:models/owlv2"'):
        isolator(project, crop="owlv2")


@pytest.mark.parametrize(
    ("preparation", "reason"),
    [
        (None, "cannot be read: No such file"),
        ("{", r'the size of pictures \("size"'),
        ('{"size": {"shortest_edge": 96}}', r'the size of pictures \("size"'),
        ('{"size": [1, 2, 3]}', r'the size of pictures \("size"'),
        ('{"size": 1000000}', "its pictures are 1000000 x 1000000; expected sides from 32"),
        ('{"size": -5}', "its pictures are -5 x -5"),
        ('{"size": "96"}', "its pictures are 96 x 96; expected sides"),
        ('{"size": 64}', "it fails on a picture"),
    ],
)
def test_a_preparation_that_does_not_fit_is_explained(
    project: Path, preparation: str | None, reason: str
) -> None:
    file = project / "owlvit/preprocessor_config.json"
    file.unlink() if preparation is None else file.write_text(preparation)
    with pytest.raises(BollardsError, match=reason):
        isolator(project).boxes(PICTURES[0])


def test_files_of_another_model_are_explained_in_one_message(project: Path) -> None:
    shutil.copy(TINY / "yolov8n.onnx", project / "owlvit/model.onnx")
    with pytest.raises(BollardsError, match=r"not OWL-ViT as .*its inputs are \['images'\]"):
        isolator(project).boxes(PICTURES[0])
    (project / "owlvit/tokenizer.json").write_text("{}")
    with pytest.raises(BollardsError, match=r"tokenizer\.json: cannot be read as a tokenizer"):
        isolator(project).boxes(PICTURES[0])


@pytest.mark.parametrize(("crop", "other"), [("owlvit", "Owlv2"), ("owlv2", "OwlViT")])
def test_the_two_architectures_are_not_mistaken_for_each_other(
    project: Path, crop: str, other: str
) -> None:
    told = SIZE | {"image_processor_type": f"{other}ImageProcessor"}
    (project / crop / "preprocessor_config.json").write_text(json.dumps(told))
    with pytest.raises(BollardsError, match=f"is that of {other}ImageProcessor"):
        isolator(project, crop=f"{crop}:{crop}").boxes(PICTURES[0])


def test_boxes_without_a_number_do_not_count(project: Path) -> None:
    model = onnx.load(project / "owlvit/model.onnx")
    for node in model.graph.node:
        for place, name in enumerate(node.output):
            if name == "pred_boxes":
                node.output[place] = "true_boxes"
    model.graph.initializer.append(onnx.numpy_helper.from_array(np.float32("nan"), "nan"))
    model.graph.node.append(onnx.helper.make_node("Mul", ["true_boxes", "nan"], ["pred_boxes"]))
    onnx.save(model, project / "owlvit/model.onnx")
    assert isolator(project).boxes(PICTURES[0]) == ()
    assert isolator(project).find(PICTURES[0]) is None


@pytest.mark.parametrize(
    ("section", "reason"),
    [
        ({"crop": "auto", "prompts": ["post"]}, "which takes no words"),
        ({"prompts": ["post"]}, "which takes no words"),
        ({"crop": "yolo:a.onnx", "prompts": ["post"]}, "which takes no words"),
        ({"crop": "owlvit:owl", "prompts": ["post", " "]}, "none of them empty"),
        ({"crop": "owlvit:owl", "prompts": ["post"] * 51}, "at most 50 prompts"),
        ({"crop": "owlvit:owl", "prompts": "post"}, "a list of words to look for"),
    ],
)
def test_prompts_that_do_not_fit_are_refused(section: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Settings.model_validate({"isolate": section})
