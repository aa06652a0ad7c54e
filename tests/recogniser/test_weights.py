"""The metadata of models is read without onnxruntime, which takes long to import."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.recogniser.weights import open_session, read_metadata, read_weights


@pytest.mark.parametrize("shipped", ["bollards.onnx", "detector.onnx"])
def test_the_metadata_is_what_onnxruntime_reads(shipped: str) -> None:
    weights = read_weights(None, shipped)

    told = read_metadata(weights)

    assert told == dict(open_session(weights).get_modelmeta().custom_metadata_map)
    assert "calibration" in told or "vocabulary" in told


@given(st.binary(max_size=60))
def test_what_is_no_model_is_refused_or_has_no_metadata(content: bytes) -> None:
    try:
        told = read_metadata(content)
    except ValueError:
        return
    assert all(isinstance(key, str) and isinstance(one, str) for key, one in told.items())


def test_a_truncated_model_is_refused() -> None:
    with pytest.raises(ValueError, match="damaged"):
        read_metadata(read_weights(None, "bollards.onnx")[:-1])
