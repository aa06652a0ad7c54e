"""Detectors of the owner's: YOLO files as ultralytics exports them, with its boxes as reference."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from generator.catalogue import Box
from generator.config import IsolateSettings, Settings
from generator.errors import BollardsError
from generator.isolate import Isolator, load_isolator
from generator.isolate.yolo import decoded, letterboxed
from tests.isolate.conftest import INTERPOLATED, NAMES, PICTURES, SIDE

TINY = Path(__file__).parent / "tiny"
WHITE = Image.new("RGB", (96, 96), (255, 255, 255))


def isolator(file: str, project: Path = TINY, classes: tuple[str, ...] = ()) -> Isolator:
    made = load_isolator(IsolateSettings(crop=f"yolo:{file}", classes=classes), project)
    assert made is not None
    return made


def write_model(
    path: Path,
    rows: list[list[float]],
    *,
    sides: tuple[object, object] = (SIDE, SIDE),
    channels: int = 3,
    outputs: int = 1,
    **told: str,
) -> Path:
    """A detector that gives the same rows [n, 4 + classes] for every picture."""
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    values = np.array(rows, np.float32).T[None]
    shape = [1, channels, *sides]
    graph = helper.make_graph(
        [
            # The input must be used, whatever it is.
            helper.make_node("ReduceMax", ["images"], ["most"], keepdims=0),
            helper.make_node("Mul", ["most", "zero"], ["nothing"]),
            *(helper.make_node("Add", ["rows", "nothing"], [f"o{n}"]) for n in range(outputs)),
        ],
        "rows",
        [helper.make_tensor_value_info("images", floats, shape)],
        [helper.make_tensor_value_info(f"o{n}", floats, values.shape) for n in range(outputs)],
        [
            onnx.numpy_helper.from_array(values, "rows"),
            onnx.numpy_helper.from_array(np.float32(0), "zero"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, told)
    onnx.save(model, path)
    return path


@pytest.mark.parametrize("architecture", ["yolov8n", "yolo11n", "yolov8n-worldv2"])
def test_boxes_are_those_of_ultralytics_within_a_pixel(architecture: str) -> None:
    ours = isolator(f"{architecture}.onnx")
    total = 0
    with np.load(TINY / "reference.npz") as reference:
        for place, picture in enumerate(PICTURES):
            expected = reference[f"{architecture} {place}"]
            found = ours.boxes(picture)
            assert found is not None and len(found) == len(expected) > 0
            boxes = np.array([(one.left, one.top, one.right, one.bottom) for one in found])
            np.testing.assert_allclose(boxes, expected[:, :4], atol=1)
            sure = [one.confidence for one in found]
            np.testing.assert_allclose(sure, expected[:, 4], atol=0.01)
            total += len(found)
    assert total > 50


def test_the_network_gets_the_pixels_that_ultralytics_gives_it() -> None:
    with np.load(TINY / "reference.npz") as reference:
        for place, picture in enumerate(INTERPOLATED):
            apart = letterboxed(picture, SIDE, SIDE).astype(int) - reference[f"pixels {place}"]
            # OpenCV interpolates with coefficients of 11 bits.
            assert np.abs(apart).max() <= 1


def test_only_the_classes_that_the_owner_names_count() -> None:
    with np.load(TINY / "reference.npz") as reference:
        rows = reference["yolov8n 4"]
    assert {0, 2} <= set(rows[:, 5].astype(int))
    found = isolator("yolov8n.onnx", classes=(NAMES[0],)).boxes(PICTURES[4])
    best = rows[rows[:, 5] == 0][0]
    assert found is not None
    assert abs(found[0].left - best[0]) < 1 and abs(found[0].confidence - best[4]) < 0.01
    assert (
        isolator("yolov8n.onnx", classes=(NAMES[0],)).fingerprint
        != isolator("yolov8n.onnx").fingerprint
    )


def test_the_photo_is_cropped_around_its_most_confident_box(tmp_path: Path) -> None:
    rows = [[48, 48, 8, 24, 0.6], [20, 20, 10, 10, 0.3], [70, 20, 10, 10, 0.2]]
    write_model(tmp_path / "a.onnx", rows)
    found = isolator("a.onnx", tmp_path)
    picture = Image.new("RGB", (960, 480))
    # Ten times as large, and 24 px of grey above it.
    assert [(one.left, one.top, one.right, one.bottom) for one in found.boxes(picture) or ()] == [
        pytest.approx((440, 120, 520, 360), abs=1e-3),
        pytest.approx((150, 0, 250, 10), abs=1e-3),
    ]
    crop = found.find(picture)
    assert crop is not None
    assert crop.left < 440 and crop.right > 520 and crop.top < 120 and crop.bottom > 360
    assert crop.width < 200


def test_a_photo_without_a_box_stays_whole(tmp_path: Path) -> None:
    write_model(tmp_path / "a.onnx", [[48, 48, 8, 24, 0.2], [90, 9, float("nan"), 4, 0.9]])
    assert isolator("a.onnx", tmp_path).find(WHITE) is None
    assert isolator("a.onnx", tmp_path).boxes(WHITE) == ()
    write_model(tmp_path / "b.onnx", [[float("nan")] * 5])
    assert isolator("b.onnx", tmp_path).boxes(WHITE) == ()


def test_overlapping_boxes_are_one_bollard_whatever_their_class() -> None:
    rows = np.array(
        [[20, 20, 10, 20, 0.5, 0.1], [20, 21, 10, 20, 0.1, 0.8], [40, 20, 10, 20, 0.3, 0.1]],
        np.float32,
    )
    found = decoded(rows)
    assert found is not None
    assert found[:, 4].tolist() == pytest.approx([0.8, 0.3])
    assert found[0, :4].tolist() == [15, 11, 25, 31]
    one = decoded(rows, frozenset({0}))
    assert one is not None and one[:, 4].tolist() == pytest.approx([0.5, 0.3])


@pytest.mark.parametrize("size", [(1, 1), (3, 4000), (4000, 3), (96, 95), (5, 7)])
def test_a_picture_of_any_shape_lies_in_the_middle_of_grey(size: tuple[int, int]) -> None:
    pixels = letterboxed(Image.new("RGB", size, (200, 0, 0)), SIDE, SIDE)
    assert pixels.shape == (SIDE, SIDE, 3)
    red = np.argwhere((pixels == (200, 0, 0)).all(axis=2))
    (top, left), (bottom, right) = red.min(axis=0), red.max(axis=0)
    assert len(red) == (bottom - top + 1) * (right - left + 1)
    assert max(bottom - top, right - left) == SIDE - 1
    assert abs((SIDE - 1 - bottom) - top) <= 1 and abs((SIDE - 1 - right) - left) <= 1


def test_a_file_without_a_fixed_size_is_used_at_the_size_of_its_training(tmp_path: Path) -> None:
    write_model(tmp_path / "a.onnx", [[32, 64, 8, 24, 0.6]], sides=("h", "w"), imgsz="[128, 64]")
    (found,) = isolator("a.onnx", tmp_path).boxes(Image.new("RGB", (64, 128))) or ()
    assert (found.left, found.top, found.right, found.bottom) == (28, 52, 36, 76)


@pytest.mark.parametrize(
    ("rows", "options", "reason"),
    [
        ([[0, 0, 1, 1, 0.5]], {"sides": (1_000_000, 1_000_000)}, "3 x 1000000 x 1000000"),
        ([[0, 0, 1, 1, 0.5]], {"sides": (16, 96)}, "3 x 16 x 96"),
        ([[0, 0, 1, 1, 0.5]], {"sides": ("h", "w"), "imgsz": "[10**9, 4]"}, None),
        ([[0, 0, 1, 1, 0.5]], {"sides": ("h", "w"), "imgsz": "[-5, 640]"}, "3 x -5 x 640"),
        ([[0, 0, 1, 1, 0.5]], {"channels": 1}, "pictures are 1 x 96 x 96"),
        ([[0, 0, 1, 1, 0.5]], {"outputs": 2}, "its outputs have the shapes"),
        ([[0, 0, 1, 1]], {}, "its outputs have the shapes"),
        ([[0, 0, 1, 1, 3.5]], {}, "its confidences are not between 0 and 1"),
        ([[0, 0, 1, 1, 0.5]], {"task": "segment"}, 'for the task "segment"'),
        ([[0, 0, 1, 1, 0.5]], {"names": "{0: 'a', 1: 'b'}"}, "it has 2 classes and an output"),
        ([[0, 0, 1, 1, 0.5]], {"names": "(" * 5000}, None),
    ],
)
def test_a_file_that_is_no_such_detector_is_explained_in_one_message(
    tmp_path: Path, rows: list[list[float]], options: dict[str, object], reason: str | None
) -> None:
    write_model(tmp_path / "a.onnx", rows, **options)  # type: ignore[arg-type]
    if reason is None:  # what the file says of itself is unreadable, and not needed
        assert isolator("a.onnx", tmp_path).boxes(WHITE)
        return
    with pytest.raises(BollardsError) as raised:
        isolator("a.onnx", tmp_path).boxes(WHITE)
    message = str(raised.value)
    assert message.startswith(f"{tmp_path / 'a.onnx'}: not a detector that this program can use")
    assert reason in message and "yolo export format=onnx" in message


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("", "names none. Expected a detector in ONNX format"),
        ("missing.onnx", "missing.onnx: there is no such file"),
        ("broken.onnx", "cannot be opened as an ONNX model"),
    ],
)
def test_a_missing_or_broken_file_is_named_with_what_to_do(
    tmp_path: Path, file: str, reason: str
) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"no model")
    with pytest.raises(BollardsError, match=reason):
        isolator(file, tmp_path).boxes(WHITE)


def test_a_class_that_the_file_does_not_have_gets_the_nearest_one() -> None:
    with pytest.raises(BollardsError, match=r'no class "bolards".*Did you mean "bollard\'s"'):
        isolator("yolov8n.onnx", classes=("bolards",)).boxes(WHITE)


@pytest.mark.parametrize(
    ("section", "reason"),
    [
        ({"crop": "builtin:a.onnx"}, '"builtin" without a colon'),
        ({"crop": "whole:a.onnx"}, '"whole" without a colon'),
        ({"crop": "yollo:a.onnx"}, "expected an installed isolator|an installed isolator"),
        ({"crop": "auto", "classes": ["post"]}, "whose boxes have no names"),
        ({"classes": "post"}, "a list of names of classes"),
    ],
)
def test_settings_that_do_not_fit_are_refused(section: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Settings.model_validate({"isolate": section})


def test_a_crop_of_the_detector_is_clipped_to_the_photo(tmp_path: Path) -> None:
    write_model(tmp_path / "a.onnx", [[48, 48, 300, 300, 0.9]])
    assert isolator("a.onnx", tmp_path).find(WHITE) == Box(0, 0, 96, 96)
