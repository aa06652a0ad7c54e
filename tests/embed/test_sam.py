"""SAM, SAM 2 and SAM 3 as segmenters, with transformers as their reference."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.config import EmbedSettings
from generator.embed import load_embedder
from generator.embed.sam import (
    SamSegmenter,
    prepared,
    prompt,
    prompts,
    read_preparation,
    resized,
)
from generator.embed.segment import load_segmenter
from generator.errors import BollardsError
from generator.recogniser.detector import Detector
from tests.embed.sams import BOXES, PICTURES, RESIZED, SIDES
from tests.sites import three_bollards

TINY = Path(__file__).parent / "tiny"
DECODER = "prompt_encoder_mask_decoder.onnx"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A site project with the tiny models in folders of their names."""
    for name in SIDES:
        shutil.copytree(TINY / name, tmp_path / name)
    return tmp_path


def segmenter(project: Path, name: str = "sam") -> SamSegmenter:
    made = load_segmenter(EmbedSettings(mask=f"{name}:{name}"), project)
    assert isinstance(made, SamSegmenter)
    return made


@pytest.mark.parametrize("name", SIDES)
def test_masks_are_those_of_transformers(project: Path, name: str) -> None:
    ours, chosen = segmenter(project, name), set()
    with np.load(TINY / "sams.npz") as reference:
        for place, (picture, box) in enumerate(zip(PICTURES, BOXES, strict=True)):
            mask = ours.mask_of(picture, box)
            assert mask.dtype == np.float32 and mask.min() >= 0 and mask.max() <= 1
            found, true = mask > 0.5, reference[f"{name} mask {place}"]
            assert found.shape == true.shape == (picture.height, picture.width)
            assert 0.2 < true.mean() < 0.8
            assert (found & true).sum() / (found | true).sum() >= 0.99
            chosen.add(int(reference[f"{name} best {place}"]))
    # The best of the three is not always the same one.
    assert len(chosen) > 1


@pytest.mark.parametrize("name", SIDES)
def test_the_network_gets_the_pixels_and_boxes_of_transformers(project: Path, name: str) -> None:
    how = read_preparation(project / name / "preprocessor_config.json")
    with np.load(TINY / "sams.npz") as reference:
        pixels = prepared(PICTURES[RESIZED], how)
        # At most one level of 255, divided by the smallest deviation.
        np.testing.assert_allclose(pixels, reference[f"{name} pixels"], atol=1 / 255 / 0.2)
        for place, (picture, box) in enumerate(zip(PICTURES, BOXES, strict=True)):
            given = prompts(box, picture.size, how)["input_boxes"]
            np.testing.assert_allclose(given, reference[f"{name} box {place}"], atol=1e-3)


def test_a_decoder_without_boxes_gets_points_along_the_middle_of_the_box(project: Path) -> None:
    shutil.copy(project / "sam/points.onnx", project / "sam" / DECODER)
    ours = segmenter(project)
    with np.load(TINY / "sams.npz") as reference:
        for place, (picture, box) in enumerate(zip(PICTURES, BOXES, strict=True)):
            found = ours.mask_of(picture, box) > 0.5
            true = reference[f"points {place}"]
            assert (found & true).sum() / (found | true).sum() >= 0.99


def test_a_mask_is_enlarged_and_reduced_by_interpolation_alone() -> None:
    steps = np.array([[0, 1], [2, 3]], np.float32)
    assert resized(steps, (4, 1)).tolist() == [[1, 1.25, 1.75, 2]]
    wide = np.arange(16, dtype=np.float32)[None].repeat(3, axis=0)
    assert resized(wide, (4, 3))[0].tolist() == [1.5, 5.5, 9.5, 13.5]


def test_the_bollard_in_the_middle_prompts() -> None:
    detector, row = Detector(), three_bollards()
    found = [one.box for one in detector.detect(row) if one.confidence > 0.5]
    surest = next(place for place in range(3) if place * 500 < found[0][0] < (place + 1) * 500)
    # The surest one at the right, another one in the middle.
    turned = Image.new("RGB", row.size)
    for to, place in enumerate(((surest + 1) % 3, (surest + 2) % 3, surest)):
        turned.paste(row.crop((place * 500, 0, (place + 1) * 500, 500)), (to * 500, 0))
    left, top, right, bottom = prompt(detector, turned)
    assert 500 < left < 750 < right < 1000 and bottom - top > 200
    assert detector.detect(turned)[0].box[0] > 1000
    # Where nothing is found, the part that a detector's crop would show it in.
    assert prompt(detector, Image.new("RGB", (100, 200))) == pytest.approx((14, 28, 86, 172))


@pytest.mark.parametrize("size", [(4, 4), (4, 64), (64, 4), (300, 20)])
@pytest.mark.parametrize("name", SIDES)
def test_a_picture_of_any_shape_has_a_mask(project: Path, name: str, size: tuple[int, int]) -> None:
    mask = segmenter(project, name).mask(Image.new("RGB", size, (200, 0, 0)))
    assert mask.shape == (size[1], size[0]) and np.isfinite(mask).all()


def test_the_embedder_sees_the_bollard_on_neutral_ground(project: Path) -> None:
    settings = EmbedSettings(mask="sam2:sam2")
    whole, masked = load_embedder(EmbedSettings(), project), load_embedder(settings, project)
    assert masked.fingerprint != whole.fingerprint and not masked.runs_in_browser
    assert (masked.embed(PICTURES[:1]) * whole.embed(PICTURES[:1])).sum() < 0.999
    assert masked.facts().bytes == whole.facts().bytes + sum(
        path.stat().st_size for path in (project / "sam2").glob("*.onnx")
    )


def test_files_in_onnx_beside_the_preparation_are_found(project: Path) -> None:
    (project / "sam2/onnx").mkdir()
    for path in (project / "sam2").glob("*.onnx"):
        path.rename(project / "sam2/onnx" / path.name)
    assert segmenter(project, "sam2").mask_of(PICTURES[0], BOXES[0]).shape == (128, 64)


@pytest.mark.parametrize("missing", ["vision_encoder.onnx", DECODER, "preprocessor_config.json"])
def test_a_missing_file_is_named_with_where_to_get_it(project: Path, missing: str) -> None:
    (project / "sam2" / missing).unlink()
    with pytest.raises(BollardsError) as raised:
        segmenter(project, "sam2")
    assert str(raised.value).startswith(f"{project / 'sam2' / missing}: there is no such file")
    assert "onnx-community/sam2" in str(raised.value) and 'mask = "none"' in str(raised.value)


def test_a_mask_without_a_folder_is_explained(project: Path) -> None:
    with pytest.raises(BollardsError, match=r'names no folder.*mask = "sam:models/sam"'):
        load_segmenter(EmbedSettings(mask="sam"), project)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"size": {"longest_edge": 10**6}}, "size: expected sides from 1 to 2048"),
        ({"size": {"longest_edge": -5}}, "size: expected sides from 1 to 2048"),
        ({"size": {"longest_edge": 16}, "pad_size": None}, "not the preparation of a SAM"),
        ({"size": {"shortest_edge": 224}}, "not the preparation of a SAM"),
        ({"size": 128}, "not the preparation of a SAM"),
        ({"pad_size": {"height": 64, "width": 64}}, "not the preparation of a SAM"),
        ({"image_std": 0}, "image_std: expected one or three numbers"),
        ({"size": {"longest_edge": 64}, "pad_size": None}, "makes them 64 x 64"),
    ],
)
def test_a_preparation_that_does_not_fit_is_explained(
    project: Path, change: dict[str, object], reason: str
) -> None:
    file = project / "sam/preprocessor_config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(BollardsError, match=reason) as raised:
        segmenter(project).mask_of(PICTURES[0], BOXES[0])
    assert "preprocessor_config.json" in str(raised.value)


@pytest.mark.parametrize(
    ("file", "other", "reason"),
    [
        ("vision_encoder.onnx", "clip.onnx", "gives"),
        ("vision_encoder.onnx", f"sam/{DECODER}", "the inputs of vision_encoder.onnx are"),
        (DECODER, "sam/vision_encoder.onnx", r"takes \['pixel_values'\]"),
        (DECODER, f"sam2/{DECODER}", r"takes .*'image_embeddings.0'"),
    ],
)
def test_files_of_another_model_are_explained_in_one_message(
    project: Path, file: str, other: str, reason: str
) -> None:
    shutil.copy(TINY / other, project / "sam" / file)
    with pytest.raises(BollardsError, match=rf"no SAM that this program can use: .*{reason}"):
        segmenter(project).mask_of(PICTURES[0], BOXES[0])


def test_a_file_that_is_no_model_is_explained(project: Path) -> None:
    (project / "sam/vision_encoder.onnx").write_bytes(b"no model")
    with pytest.raises(BollardsError, match="cannot be opened as an ONNX model"):
        segmenter(project).mask_of(PICTURES[0], BOXES[0])
