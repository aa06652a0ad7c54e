"""embed: crops go in, unit vectors that stand for their looks come out.

Three files beside this one are the choices, `builtin`, `imgbeddings` and `onnx`; others serve them
(`inference` runs a model, `pooling` takes its vector, `huggingface` fetches files).
Loading is cheap: it finds and hashes the model's files; the model is opened at the first picture.
What was computed is kept by `generator.cache`, so that only new photos are embedded.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.config import EmbedSettings

FloatArray = NDArray[np.float32]

EMBEDDER_PIXELS = 512
"""What embedders look at is never larger than this on its longer side."""


class Embedder(Protocol):
    """Anything that turns pictures into vectors. Safe to call from several threads at once."""

    @property
    def name(self) -> str:
        """The name used in site.toml."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 hex digest over weights and preprocessing: equal means equal vectors."""

    def embed(self, images: Sequence[Image.Image]) -> FloatArray:
        """RGB crops of any size -> float32 [n, d], rows of unit length."""


@runtime_checkable
class Describer(Protocol):
    """An embedder that can also say in words what a vector stands for."""

    def describe(self, embeddings: FloatArray) -> list[Mapping[str, Mapping[str, float]]]:
        """float32 [n, d] -> for each row {attribute: {value: probability}}."""


def load_embedder(settings: EmbedSettings, project: Path) -> Embedder:
    """Load the embedder that site.toml asks for. Model paths are relative to `project`.

    Raises:
        BollardsError: its model cannot be had; the message says how to get it.
    """
    # Each choice pulls in a different, slow-to-import library: import only the one that is used.
    if settings.embedder == "imgbeddings":
        from generator.embed.imgbeddings import ImgbeddingsEmbedder

        return ImgbeddingsEmbedder.load(settings, project)
    if settings.embedder == "onnx":
        from generator.embed.onnx import OnnxEmbedder

        return OnnxEmbedder.load(settings, project)
    from generator.embed.builtin import load_builtin

    return load_builtin()
