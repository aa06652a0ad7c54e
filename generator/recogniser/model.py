"""The built-in recogniser: takes crops, returns unit embeddings and attributes.

Needs only numpy, Pillow and onnxruntime, and no internet access. ``CARD.md`` describes the model
and its training.
"""

import base64
import json
import threading
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from generator.recogniser import view
from generator.recogniser.weights import (
    fingerprint_of,
    open_session,
    read_metadata,
    read_weights,
)

if TYPE_CHECKING:
    import onnxruntime

Embeddings = npt.NDArray[np.float32]
Attributes = Mapping[str, Mapping[str, float]]
"""For each attribute, the probability of each of its values; they sum to 1."""

MODEL_FILE = "bollards.onnx"


class Recogniser:
    """The model. Several threads may use it. The graph is loaded on first use."""

    name = "builtin"

    def __init__(self, path: Path | None = None) -> None:
        """Open the model at ``path``, by default the one shipped; ``export.py`` writes such files.

        Raises OSError if the file cannot be read.
        """
        self.weights = read_weights(path, MODEL_FILE)
        self.fingerprint = fingerprint_of(self.weights, f"view {view.VERSION}")
        self._lock = threading.Lock()
        self._loaded: onnxruntime.InferenceSession | None = None

    @property
    def dimensions(self) -> int:
        """The length of an embedding."""
        return int(self._facts["dimensions"])

    def embed(self, images: Sequence[Image.Image]) -> Embeddings:
        """One unit row for each crop, float32 [n, dimensions]. A row depends on its own crop alone.

        The crops are upright sRGB pictures of any size and mode. They run one by one, because the
        size of a batch could change the last bits of its sums.
        """
        session = self._session()
        result = np.zeros((len(images), self.dimensions), np.float32)
        for row, image in enumerate(images):
            window = view.prepare(image).transpose(2, 0, 1)[None].astype(np.float32)
            (found,) = session.run(["embedding"], {"image": window})
            result[row] = found[0]
        return result

    def describe(self, embeddings: Embeddings) -> list[Attributes]:
        """The attributes of each embedding, from the model's linear heads.

        ``embeddings`` is float32 [n, dimensions], unit rows, as returned by ``embed``.
        """
        tables = self.probabilities(embeddings)
        vocabulary = self.vocabulary
        return [
            {
                name: dict(zip(values, tables[name][row].tolist(), strict=True))
                for name, values in vocabulary.items()
            }
            for row in range(len(embeddings))
        ]

    def probabilities(self, embeddings: Embeddings) -> dict[str, npt.NDArray[np.float32]]:
        """The same as arrays: float32 [n, values] for each attribute, with rows that sum to 1."""
        tables = {}
        for name, (weight, bias) in self._facts["heads"].items():
            logits = embeddings.astype(np.float64) @ weight.T + bias
            powers = np.exp(logits - logits.max(axis=1, keepdims=True))
            tables[name] = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
        return tables

    @property
    def vocabulary(self) -> dict[str, list[str]]:
        """The attributes and their values, in the order of the heads' rows."""
        found: dict[str, list[str]] = self._facts["vocabulary"]
        return found

    def heads(self) -> dict[str, tuple[Embeddings, Embeddings]]:
        """Each attribute's weight [values, dimensions] and bias [values], float32.

        The probabilities are ``softmax(weight @ embedding + bias)``.
        """
        found: dict[str, tuple[Embeddings, Embeddings]] = self._facts["heads"]
        return found

    @cached_property
    def _facts(self) -> dict[str, Any]:
        return _facts_of(self.weights)

    def _session(self) -> "onnxruntime.InferenceSession":
        with self._lock:
            if self._loaded is None:
                self._loaded = open_session(self.weights)
            return self._loaded


@cache
def shipped() -> Recogniser:
    """The recogniser of the program; one for the whole process. Raises OSError."""
    return Recogniser()


def _facts_of(weights: bytes) -> dict[str, Any]:
    """The model's metadata. Raises ValueError if it is another model's file."""
    try:
        told = read_metadata(weights)
        vocabulary = json.loads(told["vocabulary"])
        dimensions = int(told["dimensions"])
        heads = {
            name: (
                _floats(told[f"head.{name}.weight"]).reshape(len(values), dimensions),
                _floats(told[f"head.{name}.bias"]),
            )
            for name, values in vocabulary.items()
        }
    except (KeyError, ValueError) as error:
        raise ValueError(f"the model file is not one of this recogniser's: {error}") from error
    return {"vocabulary": vocabulary, "dimensions": dimensions, "heads": heads}


def _floats(text: str) -> npt.NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(text), dtype="<f4").astype(np.float32)
