"""Encoders by name: the table, their vectors, and the download and removal of files."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from PIL import Image

from generator.cli import cli
from generator.config import EmbedSettings
from generator.embed import encoders, load_embedder, models
from generator.embed.encoders import ENCODERS, Encoder, HubFile, encoder_names
from generator.embed.named import NamedEmbedder
from generator.embed.preparation import Preparation, prepared
from generator.errors import BollardsError
from tests.embed.conftest import PICTURES, Hub, Run

TINY = Path(__file__).parent / "tiny"
REFERENCE = TINY / "reference.npz"
MADE = ("clip", "dinov2", "dinov3", "fashionclip", "openclip", "siglip", "siglip2")


def row(name: str) -> Encoder:
    return next(encoder for encoder in ENCODERS if encoder.name == name)


def tiny(name: str, dimensions: int = 24) -> Encoder:
    """The row of an encoder whose file is the tiny one."""
    content = (TINY / f"{name}.onnx").read_bytes()
    file = HubFile(row(name).model.path, len(content), hashlib.sha256(content).hexdigest())
    return replace(row(name), model=file, data=(), dimensions=dimensions)


@pytest.mark.parametrize("name", MADE)
def test_an_encoder_agrees_with_its_reference_implementation(name: str) -> None:
    expected = np.load(REFERENCE)[name]
    # The reference vectors are made with transformers' cut of the middle, for OpenCLIP's too.
    encoder = replace(tiny(name), preparation=replace(row(name).preparation, middle="floor"))
    found = NamedEmbedder(encoder, [TINY / f"{name}.onnx"]).embed(PICTURES)

    assert found.dtype == np.float32 and found.shape == expected.shape
    cosines = (found * expected).sum(axis=1)
    assert cosines.min() > 0.9999, cosines
    # Pictures that differ are told apart: the agreement is not that of equal vectors.
    assert (expected @ expected.T)[~np.eye(len(expected), dtype=bool)].min() < 0.999


def test_fixtures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in TINY.iterdir() if path.suffix != ".py"}
    assert set(sizes) >= {f"{name}.onnx" for name in MADE}
    assert max(path.stat().st_size for path in TINY.glob("*.*")) <= 300_000


@pytest.mark.parametrize(("middle", "left"), [("floor", 1), ("nearest", 2)])
def test_an_odd_margin_is_divided_as_each_library_divides_it(middle: str, left: int) -> None:
    # 3 px over: transformers begins at 3 // 2, torchvision's CenterCrop at round(3 / 2).
    how = Preparation("shortest", 8, 8, "bilinear", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), middle=middle)  # type: ignore[arg-type]
    columns = np.arange(11, dtype=np.uint8)
    image = Image.fromarray(np.tile(columns[None, :, None], (8, 1, 3)))
    assert prepared(image, how)[0, 0, 0, 0] * 255 == pytest.approx(left)


def test_every_row_of_the_table_is_whole() -> None:
    assert encoder_names() == [
        "clip", "openclip", "siglip", "siglip2", "dinov2", "dinov3", "mobileclip2", "fashionclip",
    ]  # fmt: skip
    assert len({(one.name, one.variant) for one in ENCODERS}) == len(ENCODERS)
    for encoder in ENCODERS:
        assert encoder.licence and encoder.dimensions >= 128
        for file in encoder.files:
            assert not file.sha256 or len(bytes.fromhex(file.sha256)) == 32
        # A commit can be pinned; a branch has no content to state a digest of.
        assert encoder.pinned == (len(encoder.revision) == 40)
    defaults = [row(name) for name in encoder_names()]
    assert all(encoder.pinned for encoder in defaults)


def test_an_unknown_variant_gets_the_nearest_one_as_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(BollardsError) as raised:
        load_embedder(EmbedSettings(embedder="clip:vit-l14"), tmp_path)
    assert 'Did you mean "vit-l-14"?' in str(raised.value)


@pytest.fixture
def tiny_clip(monkeypatch: pytest.MonkeyPatch) -> Encoder:
    """The table with the tiny CLIP alone."""
    monkeypatch.setattr(encoders, "ENCODERS", (tiny("clip"),))
    return tiny("clip")


def test_files_of_a_folder_are_used_and_checked(tiny_clip: Encoder, tmp_path: Path) -> None:
    folder = tmp_path / "models" / "clip"
    folder.mkdir(parents=True)
    chosen = EmbedSettings(embedder="clip", model="models/clip")
    with pytest.raises(BollardsError) as raised:
        load_embedder(chosen, tmp_path)
    assert "vision_model.onnx: there is no such file" in str(raised.value)
    assert tiny_clip.repository in str(raised.value)

    shutil.copy(TINY / "clip.onnx", folder / "vision_model.onnx")
    assert load_embedder(chosen, tmp_path).embed(PICTURES[:2]).shape == (2, 24)

    (folder / "vision_model.onnx").write_bytes(b"another")
    with pytest.raises(BollardsError, match="not the file that the embedder"):
        load_embedder(chosen, tmp_path)


CODE = """
    import sys
    from pathlib import Path
    from generator.config import EmbedSettings
    from generator.embed import encoders, load_embedder, models
    from tests.embed.test_named import PICTURES, tiny
    encoders.ENCODERS = (tiny("clip"),)
    try:
        embedder = load_embedder(EmbedSettings(embedder="clip"), Path("project"))
    except Exception as error:
        sys.exit(str(error))
    print(embedder.embed(PICTURES[:1]).shape)
"""


@pytest.fixture
def clip_hub(hub: Hub) -> Iterator[Hub]:
    content = (TINY / "clip.onnx").read_bytes()
    hub.files[f"{row('clip').repository}/onnx/vision_model.onnx"] = content
    yield hub


def test_a_model_is_downloaded_once_and_then_used_without_network(
    clip_hub: Hub, python: Run
) -> None:
    first = python(CODE, HF_ENDPOINT=clip_hub.endpoint)
    assert first.returncode == 0 and "(1, 24)" in first.stdout, first.stderr
    assert any(asked.startswith("GET") for asked in clip_hub.asked)

    clip_hub.asked.clear()
    again = python(CODE, HF_ENDPOINT=clip_hub.endpoint)
    assert again.returncode == 0 and not clip_hub.asked
    offline = python(CODE, HF_HUB_OFFLINE="1")
    assert offline.returncode == 0, offline.stderr


def test_a_damaged_file_is_fetched_again(clip_hub: Hub, python: Run, tmp_path: Path) -> None:
    assert python(CODE, HF_ENDPOINT=clip_hub.endpoint).returncode == 0
    (kept,) = (tmp_path / "hf").rglob("vision_model.onnx")
    kept.resolve().write_bytes(kept.read_bytes()[:1000])

    done = python(CODE, HF_ENDPOINT=clip_hub.endpoint)
    assert done.returncode == 0 and "(1, 24)" in done.stdout, done.stderr
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == tiny("clip").model.sha256


def test_a_file_with_another_digest_than_the_table_has_is_refused(
    clip_hub: Hub, python: Run
) -> None:
    clip_hub.files[f"{row('clip').repository}/onnx/vision_model.onnx"] = b"somebody else's"
    done = python(CODE, HF_ENDPOINT=clip_hub.endpoint)
    assert done.returncode == 1 and "It is not used." in done.stderr


def test_without_network_it_explains_which_files_to_download_and_where_to_put_them(
    python: Run,
) -> None:
    done = python(CODE, HF_ENDPOINT="http://127.0.0.1:9")
    encoder = row("clip")
    for part in (
        f"https://huggingface.co/{encoder.repository}/resolve/{encoder.revision}/onnx/vision_model.onnx",
        "project/models/clip-vit-b-32",
        'model = "models/clip-vit-b-32"',
        'embedder = "builtin"',
    ):
        assert part in done.stderr, done.stderr


def test_weights_beside_the_graph_are_fetched_too(hub: Hub, python: Run, tmp_path: Path) -> None:
    onnx.save(
        onnx.load(TINY / "dinov3.onnx"),
        tmp_path / "model.onnx",
        save_as_external_data=True,
        location="model.onnx_data",
        size_threshold=100,
    )
    for file in ("model.onnx", "model.onnx_data"):
        hub.files[f"{row('dinov3').repository}/onnx/{file}"] = (tmp_path / file).read_bytes()
    done = python(
        """
        from dataclasses import replace
        from pathlib import Path
        from generator.config import EmbedSettings
        from generator.embed import encoders, load_embedder
        from tests.embed.test_named import PICTURES, row
        encoder = row("dinov3")
        files = [replace(file, sha256="", size=0) for file in encoder.files]
        encoders.ENCODERS = (replace(encoder, model=files[0], data=tuple(files[1:])),)
        print(load_embedder(EmbedSettings(embedder="dinov3"), Path()).embed(PICTURES).shape)
        """,
        HF_ENDPOINT=hub.endpoint,
    )
    assert done.returncode == 0 and "(6, " in done.stdout, done.stderr


def test_models_are_listed_fetched_and_removed(clip_hub: Hub, python: Run, tmp_path: Path) -> None:
    done = python(
        """
        import json
        from pathlib import Path
        from click.testing import CliRunner
        from generator.cli import cli
        from generator.embed import encoders
        from tests.embed.test_named import tiny
        encoders.ENCODERS = (tiny("clip"),)

        def run(*words):
            done = CliRunner().invoke(cli, ["models", *words], catch_exceptions=False)
            assert done.exit_code == 0, done.output
            return done.stdout

        told = CliRunner().invoke(cli, ["models", "fetch", "clip"]).stderr
        assert "clip:vit-b-32: fetching" in told and "  1 of " in told, told
        run("remove", "clip")
        for words, here in ((["list"], False), (["fetch", "clip"], True), (["list"], True)):
            assert json.loads(run(*words, "--json").splitlines()[-1])["here"] is here, words
        assert "freed" in run("remove", "clip:vit-b-32")
        assert json.loads(run("--json"))["here"] is False
        """,
        HF_ENDPOINT=clip_hub.endpoint,
    )
    assert done.returncode == 0, done.stderr
    assert not list((tmp_path / "hf").rglob("*.onnx"))


def test_the_list_has_every_encoder_with_its_licence() -> None:
    printed = CliRunner().invoke(cli, ["models"]).output
    for encoder in ENCODERS:
        (line,) = (
            one
            for one in printed.splitlines()
            if one.startswith(f"{encoder.name}:{encoder.variant} ")
        )
        assert encoder.licence in line
    facts = [
        json.loads(one) for one in CliRunner().invoke(cli, ["models", "--json"]).output.splitlines()
    ]
    assert len(facts) == len(ENCODERS)


def test_a_misspelt_model_gets_the_nearest_one_as_a_suggestion() -> None:
    with pytest.raises(BollardsError, match='Did you mean "dinov2"'):
        models.chosen_encoders(["dinno2"])
