"""Embeds with any vision encoder in ONNX format, with its Hugging Face `preprocessor_config.json`.

The model is in a folder, or on the hub. The image processor of transformers, running on Pillow,
prepares the pictures as the configuration says.
"""

import itertools
import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.config import EmbedSettings
from generator.embed import Embedder, FloatArray, ModelFacts
from generator.embed.huggingface import (
    HubUnreachableError,
    cached_file,
    hub_file,
    import_transformers,
)
from generator.embed.pooling import Choice, Pooling, choose, pool
from generator.embed.preprocessor import check_preparation
from generator.errors import BollardsError
from generator.inference import (
    bounded,
    external_data,
    fingerprint,
    open_session,
    unit_rows,
)

_VERSION = "onnx, preparation 1"
_PREPARATION = "preprocessor_config.json"
_MODEL_CONFIG = "config.json"
# As optimum, transformers.js and sentence-transformers name their exports.
_USUAL_PLACES = (
    "model.onnx",
    "onnx/model.onnx",
    "onnx/vision_model.onnx",
    "vision_model.onnx",
    "onnx/model_quantized.onnx",
    "onnx/vision_model_quantized.onnx",
    "model_quantized.onnx",
)
_HUB_ID = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)(?:/(?P<file>[\w./-]+\.onnx))?")
_TYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(bool)": np.bool_,
}


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The files of one model: graph, external weights, and the configuration of the preparation."""

    model: Path
    data: tuple[Path, ...]
    preparation: Path


class OnnxEmbedder(Embedder):
    """Any ONNX vision encoder. Opens its model at the first picture."""

    name = "onnx"

    def __init__(self, files: ModelFiles, pooling: Pooling) -> None:
        self._files = files
        self._pooling = pooling
        self._lock = threading.Lock()
        self._encoder: _Encoder | None = None
        self.fingerprint = fingerprint(
            [files.model, *files.data, files.preparation], pooling, _VERSION
        )

    def facts(self) -> ModelFacts:
        files = (self._files.model, *self._files.data)
        return ModelFacts(sum(path.stat().st_size for path in files))

    def embed(self, images: Sequence[Image.Image]) -> FloatArray:
        """RGB crops of any size -> float32 [n, d], rows of unit length.

        Raises:
            BollardsError: the model or its preparation cannot be used, or lacks the output that
                `embed.pooling` needs.
        """
        encoder = self._opened()
        if not images:
            return np.empty((0, encoder.dimensions), np.float32)
        # One at a time: a quantised model scales its numbers by the largest of the whole batch, so
        # a picture's vector would depend on its company. Many exports take one only, anyhow.
        rows = np.stack([encoder.vector(bounded(image)) for image in images])
        return unit_rows(rows, self._files.model)

    def _opened(self) -> "_Encoder":
        with self._lock:
            if self._encoder is None:
                self._encoder = _Encoder(self._files, self._pooling)
            return self._encoder


def load(name: str, settings: EmbedSettings, project: Path) -> OnnxEmbedder:
    """The embedder with the model that site.toml names: a file, a folder or a hub id.

    Raises:
        BollardsError: there is no such model, it lacks a file, or the hub does not answer.
    """
    path = project / settings.model
    if not settings.model:
        raise BollardsError(
            'site.toml: embed.model: embedder = "onnx" needs a model here; expected a folder'
            f' with a .onnx file and its {_PREPARATION}, such as "models/dinov2", or the'
            ' model\'s name on the Hugging Face hub, such as "org/name"; found "".'
        )
    if path.exists():
        return OnnxEmbedder(_in_folder(path), settings.pooling)
    match = _HUB_ID.fullmatch(settings.model)
    if not match:
        raise BollardsError(
            f'site.toml: embed.model: found "{settings.model}", but there is no {path}, and it'
            ' is no model of the Hugging Face hub either ("org/name").'
        )
    try:
        return OnnxEmbedder(_on_hub(match["repository"], match["file"]), settings.pooling)
    except HubUnreachableError as error:
        raise BollardsError(
            f'site.toml: embed.model: there is no folder {path}, and the model "'
            f'{match["repository"]}" cannot be downloaded from the Hugging Face hub: {error}\n'
            f"  Either download its .onnx file and its {_PREPARATION} from\n"
            f"  https://huggingface.co/{match['repository']}/tree/main on a machine with"
            " network, put both into a\n"
            '  folder of this project and set model = "FOLDER" under [embed];\n'
            '  or set embedder = "builtin", which needs no download.'
        ) from error


class _Encoder:
    """An open model and its image processor."""

    def __init__(self, files: ModelFiles, pooling: Pooling) -> None:
        self._files = files
        self._session = open_session(files.model)
        self._processor = _image_processor(files.preparation)
        names = [node.name for node in self._session.get_outputs()]
        feed = self._feed(Image.new("RGB", (64, 64), (128, 128, 128)))
        outputs = dict(zip(names, self._run(names, feed), strict=True))
        pixels = next(value for value in feed.values() if value.ndim == 4)
        height, width = pixels.shape[2:]
        self._choice: Choice = choose(outputs, (height, width), pooling, str(files.model))
        self.dimensions = len(pool(outputs[self._choice.output], self._choice))

    def vector(self, image: Image.Image) -> NDArray[np.floating]:
        """One RGB picture -> float32 [d], of any length."""
        return pool(self._run([self._choice.output], self._feed(image))[0], self._choice)

    def _run(self, names: list[str], feed: dict[str, Any]) -> list[NDArray[np.floating]]:
        try:
            outputs: list[NDArray[np.floating]] = self._session.run(names, feed)
        except Exception as error:  # onnxruntime has a dozen classes, with no base of their own
            given = ", ".join(f"{name} {list(value.shape)}" for name, value in feed.items())
            raise BollardsError(
                f"{self._files.model}: the model cannot take what {self._files.preparation}"
                f" prepares ({given}): {error}\n  Do the two files belong together?"
            ) from error
        return outputs

    def _feed(self, image: Image.Image) -> dict[str, Any]:
        """The model's inputs for one picture, by name."""
        try:
            prepared = dict(self._processor(images=image, return_tensors="np"))
        except Exception as error:  # anything that a file from elsewhere may cause
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise BollardsError(
                f"{self._files.preparation}: transformers cannot prepare a picture with it:"
                f" {reason}"
            ) from error
        feed: dict[str, Any] = {}
        for node in self._session.get_inputs():
            kind = _TYPES.get(node.type, np.float32)
            if node.name in prepared:
                value = np.asarray(prepared[node.name])
            elif node.name in ("input_ids", "token_type_ids", "position_ids"):
                # A complete CLIP also needs a text; its picture embedding does not depend on it.
                value = np.zeros(_text_shape(node.shape))
            elif node.name == "attention_mask":
                value = np.ones(_text_shape(node.shape))
            elif len(node.shape or []) == 4 and "pixel_values" in prepared:
                value = np.asarray(prepared["pixel_values"])
            else:
                raise BollardsError(
                    f'{self._files.model}: the model wants an input "{node.name}", and'
                    f" {self._files.preparation} prepares only {', '.join(prepared)}.\n"
                    "  Export the vision part by itself (its only input is pixel_values)."
                )
            feed[node.name] = value.astype(kind, copy=False)
        return feed


def _text_shape(shape: Sequence[int | str | None]) -> tuple[int, int]:
    # One text of two tokens (a begin and an end), unless the export has a fixed length.
    length = shape[1] if len(shape) > 1 else None
    return 1, length if isinstance(length, int) else 2


def _image_processor(preparation: Path) -> Any:
    """transformers' image processor for a `preprocessor_config.json`, on Pillow."""
    check_preparation(preparation)
    auto = import_transformers().AutoImageProcessor
    try:
        # Pillow, for the same numbers with and without torchvision: transformers 5 calls that
        # `backend`, releases up to 4.57 `use_fast`; each ignores what it does not know.
        return auto.from_pretrained(
            preparation.parent,
            backend="pil",
            use_fast=False,
            local_files_only=True,
            trust_remote_code=False,
        )
    except Exception as error:  # anything that a file from elsewhere may cause
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise BollardsError(
            f"{preparation}: transformers cannot prepare pictures with it: {reason}\n"
            '  Expected the file that belongs to the model, with "image_processor_type" such as'
            f' "CLIPImageProcessor" (or {_MODEL_CONFIG} beside it, with "model_type"); found'
            f" {_named_processor(preparation) or 'none'}."
        ) from error


def _in_folder(path: Path) -> ModelFiles:
    """The files of a model on this machine; `path` is its folder or its .onnx file."""
    if path.is_file():
        model, folders = path, [path.parent, path.parent.parent]
    else:
        model, folders = _the_model(path), [path]
    for folder in folders:
        if (folder / _PREPARATION).is_file():
            data = tuple(model.parent / name for name in external_data(model))
            return ModelFiles(model, data, folder / _PREPARATION)
    raise BollardsError(
        f"{folders[0]}: there is no {_PREPARATION} here. It says how pictures are prepared for the"
        f" model {model.name}: copy it from the source of the model."
    )


def _the_model(folder: Path) -> Path:
    for file in _USUAL_PLACES:
        if (folder / file).is_file():
            return folder / file
    found = sorted(folder.rglob("*.onnx"))
    if len(found) == 1:
        return found[0]
    if not found:
        raise BollardsError(
            f"{folder}: embed.model: there is no .onnx file in this folder. Export the model to"
            " ONNX (feature extraction), or name another folder."
        )
    listed = ", ".join(file.relative_to(folder).as_posix() for file in found)
    raise BollardsError(
        f"{folder}: embed.model: several .onnx files: {listed}. Name the one to use:"
        f' model = "FOLDER/{found[0].relative_to(folder).as_posix()}".'
    )


def _on_hub(repository: str, file: str | None) -> ModelFiles:
    """The files of a model on the hub, fetched when they are not in the local cache."""
    places = (file,) if file else _USUAL_PLACES
    # Try the cache at every place first: without network, all before the right one would fail.
    for find, place in itertools.product((cached_file, hub_file), places):
        model = find(repository, place)
        if model:
            break
    else:
        raise BollardsError(
            f'site.toml: embed.model: "{repository}" on the Hugging Face hub has none of'
            f' {", ".join(places)}. Name its file: model = "{repository}/PATH.onnx".'
        )
    folder = Path(place).parent
    data = tuple(
        found
        for name in external_data(model)
        if (found := hub_file(repository, (folder / name).as_posix()))
    )
    preparation = hub_file(repository, _PREPARATION)
    if preparation is None:
        raise BollardsError(
            f'site.toml: embed.model: "{repository}" on the Hugging Face hub has no {_PREPARATION},'
            " which says how pictures are prepared. Is it a model for pictures?"
        )
    if _named_processor(preparation) is None:
        hub_file(repository, _MODEL_CONFIG)
    return ModelFiles(model, data, preparation)


def _named_processor(preparation: Path) -> str | None:
    try:
        config = json.loads(preparation.read_text(encoding="utf-8"))
        named = config.get("image_processor_type") or config.get("feature_extractor_type")
    except (ValueError, AttributeError, OSError):
        return None
    return str(named) if named else None
