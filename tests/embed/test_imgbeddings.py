"""imgbeddings runs on current libraries, gives its own numbers, and explains how to get a model."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnxruntime.quantization import QuantType, quantize_dynamic
from PIL import Image

from generator.config import EmbedSettings
from generator.embed import load_embedder
from generator.embed.imgbeddings import ImgbeddingsEmbedder
from generator.errors import BollardsError
from tests.embed.conftest import PICTURES, Hub, Run
from tests.embed.preparation import by_hand, clip_config, padded_square
from tests.embed.vit import Vit, build, random_weights, reference

SMALL_CLIP = Vit(image=224, patch=32, width=24, layers=3)
FILE = "patch32_v1.onnx"


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / FILE
    onnx.save(build(SMALL_CLIP, random_weights(SMALL_CLIP), ("embeddings",)), path)
    return path


@pytest.fixture(scope="module")
def eight_bit(exact: Path, tmp_path_factory: pytest.TempPathFactory) -> ImgbeddingsEmbedder:
    path = tmp_path_factory.mktemp("models8") / FILE
    quantize_dynamic(exact, path, weight_type=QuantType.QUInt8)
    return ImgbeddingsEmbedder(path)


def asked(model: str = "") -> EmbedSettings:
    return EmbedSettings(embedder="imgbeddings", model=model)


def test_vectors_equal_those_computed_by_hand(exact: Path, pictures: list[Image.Image]) -> None:
    embedder = load_embedder(asked(exact.name), exact.parent)
    config = clip_config(224) | {"do_center_crop": False}
    pixels = np.stack([by_hand(padded_square(image), config) for image in pictures])
    expected = reference(SMALL_CLIP, random_weights(SMALL_CLIP), pixels)["embeddings"]
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    found = embedder.embed(pictures)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=2e-6)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    order=st.permutations(range(len(PICTURES))), cut=st.integers(0, len(PICTURES)), data=st.data()
)
def test_a_vector_depends_on_its_picture_alone(
    eight_bit: ImgbeddingsEmbedder, order: list[int], cut: int, data: st.DataObject
) -> None:
    alone = data.draw(st.sampled_from(range(len(PICTURES))))
    parts = [[PICTURES[i] for i in part] for part in (order[:cut], order[cut:])]
    rows = np.vstack([eight_bit.embed(part) for part in parts if part])
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(rows[order.index(alone)], eight_bit.embed([PICTURES[alone]])[0])


def test_the_unmodified_package_would_mix_pictures_of_a_batch(
    eight_bit: ImgbeddingsEmbedder,
) -> None:
    # Why pictures go through one at a time; when this fails, batches may come back.
    package = eight_bit._opened()
    together = package.to_embeddings(PICTURES)
    alone = np.vstack([package.to_embeddings([image]) for image in PICTURES])
    assert np.abs(together - alone).max() > 1e-4


def test_threads_get_the_same_vectors(eight_bit: ImgbeddingsEmbedder) -> None:
    expected = eight_bit.embed(PICTURES)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: eight_bit.embed(PICTURES), range(8)):
            np.testing.assert_array_equal(found, expected)


def test_pictures_of_any_mode_and_shape_are_accepted(eight_bit: ImgbeddingsEmbedder) -> None:
    odd = [
        Image.new("L", (1, 1), 200),
        Image.new("RGBA", (3, 700), (10, 200, 10, 128)),
        Image.new("RGB", (30_000, 2), (9, 9, 200)),
    ]
    found = eight_bit.embed(odd)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    assert eight_bit.embed([]).shape == (0, 768)


def test_it_is_silent_and_leaves_other_libraries_as_they_were(exact: Path, python: Run) -> None:
    done = python(f"""
        import sys
        from pathlib import Path
        from PIL import Image
        from generator.config import EmbedSettings
        from generator.embed import load_embedder
        embedder = load_embedder(
            EmbedSettings(embedder="imgbeddings", model={exact.name!r}), Path({str(exact.parent)!r})
        )
        embedder.fingerprint
        assert "onnxruntime" not in sys.modules and "transformers" not in sys.modules
        embedder.embed([Image.new("RGB", (50, 50), (200, 0, 0))] * 70)
        import huggingface_hub, os
        assert not hasattr(huggingface_hub, "cached_download")
        assert "TRANSFORMERS_VERBOSITY" not in os.environ
        assert "torch" not in sys.modules
    """)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_fingerprint_follows_the_weights(exact: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.onnx"
    other.write_bytes(exact.read_bytes())
    assert ImgbeddingsEmbedder(other).fingerprint == ImgbeddingsEmbedder(exact).fingerprint
    other.write_bytes(exact.read_bytes()[:-1] + b"\0")
    assert ImgbeddingsEmbedder(other).fingerprint != ImgbeddingsEmbedder(exact).fingerprint


def test_a_missing_model_is_named_with_the_solutions(tmp_path: Path) -> None:
    with pytest.raises(BollardsError) as raised:
        load_embedder(asked("models/nothing.onnx"), tmp_path)
    message = str(raised.value)
    assert "embed.model" in message and str(tmp_path / "models" / "nothing.onnx") in message
    assert FILE in message and 'embedder = "builtin"' in message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not a model", "cannot be opened as an ONNX model"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "git lfs pull"),
    ],
)
def test_a_file_that_is_not_a_model_is_reported(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / FILE).write_bytes(content)
    embedder = load_embedder(asked(FILE), tmp_path)
    with pytest.raises(BollardsError, match=said) as raised:
        embedder.embed(PICTURES[:1])
    assert str(tmp_path / FILE) in str(raised.value)


def test_the_message_about_another_model_mentions_the_onnx_embedder(tmp_path: Path) -> None:
    onnx.save(build(SMALL_CLIP, random_weights(SMALL_CLIP), ("image_embeds",)), tmp_path / FILE)
    with pytest.raises(BollardsError, match="image_embeds") as raised:
        load_embedder(asked(FILE), tmp_path).embed(PICTURES[:1])
    assert 'embedder = "onnx"' in str(raised.value)


LOAD = """
    from pathlib import Path
    from generator.config import EmbedSettings
    from generator.embed import load_embedder
    from generator.errors import BollardsError
    try:
        print(load_embedder(EmbedSettings(embedder="imgbeddings"), Path("project")).fingerprint)
    except BollardsError as error:
        print(error)
"""


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"HF_HUB_OFFLINE": "1"}, id="offline is set"),
        pytest.param({"HF_ENDPOINT": "http://127.0.0.1:9"}, id="nobody answers"),
    ],
)
def test_without_network_it_explains_at_once_how_to_get_the_model(
    python: Run, environment: dict[str, str]
) -> None:
    start = time.monotonic()
    done = python(LOAD, **environment)
    # The hub's own download would try again for 23 s.
    assert time.monotonic() - start < 15
    assert (done.returncode, done.stderr) == (0, "")
    for part in (
        f"https://huggingface.co/minimaxir/imgbeddings/resolve/main/{FILE}",
        str(Path("project") / "models" / FILE),
        f'model = "models/{FILE}" under [embed]',
        'embedder = "builtin"',
    ):
        assert part in done.stdout


def test_the_hub_is_asked_once_and_then_the_cache(hub: Hub, python: Run, exact: Path) -> None:
    hub.files[f"minimaxir/imgbeddings/{FILE}"] = exact.read_bytes()
    first = python(LOAD, HF_ENDPOINT=hub.endpoint)
    assert first.stdout.strip() == ImgbeddingsEmbedder(exact).fingerprint
    assert f"GET minimaxir/imgbeddings/{FILE}" in hub.asked
    asked_before = len(hub.asked)
    assert python(LOAD, HF_ENDPOINT="http://127.0.0.1:9").stdout == first.stdout
    assert python(LOAD, HF_HUB_OFFLINE="1").stdout == first.stdout
    assert len(hub.asked) == asked_before
