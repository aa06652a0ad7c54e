"""Text towers: tokens and vectors agree with the reference implementations."""

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from generator.cli import cli
from generator.config import EmbedSettings
from generator.embed import encoders, load_embedder
from generator.embed.encoders import ENCODERS, Encoder, HubFile, TextTower
from generator.embed.texts import TextEncoder, clean
from generator.errors import BollardsError
from tests.embed.conftest import Hub, Run
from tests.embed.texts import TEXTS

TINY = Path(__file__).parent / "tiny"
REFERENCE = np.load(TINY / "texts.npz")
TOKENIZERS = {
    "clip": "clip", "openclip": "clip", "mobileclip2": "clip", "fashionclip": "clip",
    "siglip": "siglip", "siglip2": "siglip2",
}  # fmt: skip
# CLIP's own end of text is token 49407, that of the tiny vocabulary its last.
END = int(REFERENCE["clip-tokens"].max())


def tower(name: str) -> TextTower:
    row = next(one.text for one in ENCODERS if one.name == name)
    assert row is not None
    return replace(row, padding=END) if row.padding == 49407 else row


def encoder(name: str) -> TextEncoder:
    tokenizer = TINY / f"text-{TOKENIZERS[name]}.json"
    return TextEncoder(tower(name), TINY / f"text-{name}.onnx", tokenizer)


@pytest.mark.parametrize("name", TOKENIZERS)
def test_tokens_are_those_of_the_reference_tokenizer(name: str) -> None:
    own = encoder(name)
    assert [own.tokens(text) for text in TEXTS] == REFERENCE[f"{name}-tokens"].tolist()


@pytest.mark.parametrize("name", TOKENIZERS)
def test_vectors_of_texts_are_those_of_the_reference_model(name: str) -> None:
    found, expected = encoder(name).embed(TEXTS), REFERENCE[name]
    assert found.dtype == np.float32 and found.shape == expected.shape
    assert (found * expected).sum(axis=1).min() > 0.9999
    # Texts that differ are told apart: the agreement is not that of equal vectors.
    assert (expected @ expected.T)[~np.eye(len(expected), dtype=bool)].min() < 0.999


def test_every_encoder_of_texts_has_a_tower_in_the_table() -> None:
    assert {one.name for one in ENCODERS if one.text} == set(TOKENIZERS)
    assert max(path.stat().st_size for path in TINY.glob("text-*")) <= 300_000


def test_punctuation_is_dropped_only_where_the_reference_drops_it() -> None:
    assert clean(" A post,  at the  road's edge! ", "canonical") == "a post at the roads edge"
    assert clean(" A post,  at the  road's edge! ", "lower") == " a post,  at the  road's edge! "


def tiny_row() -> Encoder:
    """CLIP's row with the tiny files of pictures and texts."""
    row = next(one for one in ENCODERS if one.name == "clip")

    def file(path: str, tiny: str) -> HubFile:
        content = (TINY / tiny).read_bytes()
        return HubFile(path, len(content), hashlib.sha256(content).hexdigest())

    text = replace(
        tower("clip"),
        model=file("onnx/text_model.onnx", "text-clip.onnx"),
        tokenizer=file("tokenizer.json", "text-clip.json"),
    )
    return replace(row, model=file(row.model.path, "clip.onnx"), dimensions=24, text=text)


@pytest.fixture
def clip_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(encoders, "ENCODERS", (tiny_row(),))
    folder = tmp_path / "models"
    folder.mkdir()
    shutil.copy(TINY / "clip.onnx", folder / "vision_model.onnx")
    return folder


def test_the_text_tower_is_needed_only_by_texts(clip_folder: Path, tmp_path: Path) -> None:
    embedder = load_embedder(EmbedSettings(embedder="clip", model="models"), tmp_path)
    assert embedder.has_text
    assert embedder.embed([Image.new("RGB", (40, 60))]).shape == (1, 24)
    with pytest.raises(BollardsError, match=r"text_model\.onnx: there is no such file"):
        embedder.embed_texts(["post"])

    shutil.copy(TINY / "text-clip.onnx", clip_folder / "text_model.onnx")
    shutil.copy(TINY / "text-clip.json", clip_folder / "tokenizer.json")
    rows = embedder.embed_texts(["post", "white post"])
    assert rows.shape == (2, 24) and np.allclose(np.linalg.norm(rows, axis=1), 1)
    assert embedder.embed_texts([]).shape == (0, 24)


def test_a_file_that_is_no_tokenizer_or_another_model_is_explained(tmp_path: Path) -> None:
    broken = tmp_path / "tokenizer.json"
    broken.write_text("{}")
    with pytest.raises(BollardsError, match="cannot be read as a tokenizer"):
        TextEncoder(tower("clip"), TINY / "text-clip.onnx", broken).embed(["post"])

    other = replace(tower("clip"), output="logits")
    wrong = TextEncoder(other, TINY / "text-fashionclip.onnx", TINY / "text-clip.json")
    with pytest.raises(BollardsError, match='expected the output "logits"; found text_embeds'):
        wrong.embed(["post"])


CODE = """
    from generator.cli import cli
    from generator.embed import encoders
    from tests.embed.test_texts import tiny_row
    encoders.ENCODERS = (tiny_row(),)
    cli(["models", "fetch", "clip", "--text", "--json"])
"""


def test_models_fetches_the_text_tower_if_asked(hub: Hub, python: Run) -> None:
    repository = tiny_row().repository
    for path, tiny in (
        ("onnx/vision_model.onnx", "clip.onnx"),
        ("onnx/text_model.onnx", "text-clip.onnx"),
        ("tokenizer.json", "text-clip.json"),
    ):
        hub.files[f"{repository}/{path}"] = (TINY / tiny).read_bytes()
    pictures = python(CODE.replace(' "--text",', ""), HF_ENDPOINT=hub.endpoint)
    assert '"here": true, "text": "no"' in pictures.stdout, pictures.stderr
    both = python(CODE, HF_ENDPOINT=hub.endpoint)
    assert '"here": true, "text": "yes"' in both.stdout, both.stderr


def test_encoders_of_pictures_alone_have_no_text() -> None:
    printed = CliRunner().invoke(cli, ["models", "list", "dinov2", "--json"]).output
    assert '"text": "none"' in printed and '"textFiles": []' in printed
