"""Checks around a model: crops, vectors and weights."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.errors import BollardsError
from generator.inference import bounded, external_data, fingerprint, unit_rows
from tests.embed.conftest import picture


def test_usual_crops_are_left_as_they_are() -> None:
    for size in ((636, 800), (4, 4), (64, 1024)):
        image = picture(*size)
        np.testing.assert_array_equal(np.asarray(bounded(image)), np.asarray(image))


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1, 1), (4, 4)),
        ((3, 300), (4, 48)),
        ((20_000, 100), (1600, 100)),
        ((9000, 600), (8192, 546)),
    ],
)
def test_crops_that_would_take_gigabytes_are_reduced(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert bounded(Image.new("RGB", size)).size == expected


def test_the_middle_of_a_very_long_crop_is_kept() -> None:
    image = Image.new("RGB", (10, 1000))
    image.paste((255, 0, 0), (0, 450, 10, 550))
    assert np.asarray(bounded(image))[:, :, 0].mean() == pytest.approx(255 * 100 / 160)


@pytest.mark.parametrize("row", [[0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0]])
def test_a_vector_of_zeros_is_an_error_that_names_the_model(row: list[float]) -> None:
    with pytest.raises(BollardsError, match=r"models/x\.onnx"):
        unit_rows(np.array([[3.0, 4.0], row]), Path("models/x.onnx"))


def test_rows_of_any_scale_become_unit_rows() -> None:
    rows = unit_rows(np.array([[3e30, 4e30], [3e-30, 4e-30]], np.float32), Path("x"))
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows, [[0.6, 0.8]] * 2, rtol=1e-6)


def test_names_of_external_data_stay_inside_the_folder(tmp_path: Path) -> None:
    model = tmp_path / "m.onnx"
    entries = (b"weights.bin", b"../../secret", b"/etc/passwd", "poids é.bin".encode())
    model.write_bytes(
        b"".join(
            b"\n\x08location\x12" + bytes([len(name)]) + name + b"\x10\x01" for name in entries
        )
    )
    assert external_data(model) == ["poids é.bin", "weights.bin"]
    model.write_bytes(b"")
    assert external_data(model) == []


def test_a_fingerprint_distinguishes_files_from_texts(tmp_path: Path) -> None:
    one, two = tmp_path / "1", tmp_path / "2"
    one.write_bytes(b"ab")
    two.write_bytes(b"c")
    other_one, other_two = tmp_path / "3", tmp_path / "4"
    other_one.write_bytes(b"a")
    other_two.write_bytes(b"bc")
    seen = {
        fingerprint([one, two]),
        fingerprint([two, one]),
        fingerprint([other_one, other_two]),
        fingerprint([one], "c"),
        fingerprint([one, two], ""),
    }
    assert len(seen) == 5
    with pytest.raises(BollardsError, match="cannot be read"):
        fingerprint([tmp_path / "missing"])
