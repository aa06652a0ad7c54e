"""The encoders of the table in `encoders` as embedders: one loader for all, on onnxruntime."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.config import EmbedSettings
from generator.embed import Embedder, FloatArray, ModelFacts
from generator.embed.encoders import Encoder, variants
from generator.embed.models import fetch, fetch_text, find_encoder, in_folder, text_in_folder
from generator.embed.preparation import prepared
from generator.embed.texts import TextEncoder
from generator.errors import BollardsError
from generator.inference import accelerator, bounded, fingerprint, open_session, unit_rows

_VERSION = "named, preparation 1"


class NamedEmbedder(Embedder):
    """One row of the table. Opens its models at the first picture and the first text."""

    def __init__(
        self,
        encoder: Encoder,
        files: Sequence[Path],
        text_files: Callable[[], Sequence[Path]] | None = None,
    ) -> None:
        """
        Args:
            encoder: its row.
            files: those of `encoder.files`, in the same order.
            text_files: finds those of `encoder.text_files`, when the first text is embedded.
        """
        self.name = encoder.name
        self._encoder = encoder
        self._files = tuple(files)
        self._model = files[0]
        self._lock = threading.Lock()
        self._session: Any = None
        self.has_text = encoder.text is not None and text_files is not None
        self._text_files = text_files
        self._texts: TextEncoder | None = None
        # Another kind of processor rounds otherwise, so that its vectors are kept apart.
        self._device = accelerator()
        self.fingerprint = fingerprint(
            files, repr(encoder.preparation), encoder.output, _VERSION, self._device
        )

    @property
    def dimensions(self) -> int:
        return self._encoder.dimensions

    def embed(self, images: Sequence[Image.Image]) -> FloatArray:
        """RGB crops of any size -> float32 [n, d], rows of unit length.

        Raises:
            BollardsError: the file is not the model that the table describes.
        """
        session = self._opened()
        rows = [self._vector(session, bounded(image)) for image in images]
        if not rows:
            return np.empty((0, self.dimensions), np.float32)
        return unit_rows(np.stack(rows), self._model)

    def embed_texts(self, texts: Sequence[str]) -> FloatArray:
        """Texts -> float32 [n, d], rows of unit length.

        Raises:
            BollardsError: the encoder has no text tower, or its files cannot be found or used.
        """
        tower, find = self._encoder.text, self._text_files
        if tower is None or find is None:
            raise BollardsError(f'The embedder "{self.name}" has no text tower.')
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        with self._lock:
            if self._texts is None:
                model, tokenizer = find()
                self._texts = TextEncoder(tower, model, tokenizer, self._device)
        return self._texts.embed(texts)

    def facts(self) -> ModelFacts:
        return ModelFacts(
            sum(path.stat().st_size for path in self._files),
            self._encoder.licence,
            "released" if self._encoder.pinned else "unchecked",
        )

    def _vector(self, session: Any, image: Image.Image) -> NDArray[np.floating]:
        pixels = prepared(image, self._encoder.preparation)
        try:
            (output,) = session.run([self._encoder.output], self._feed(session, pixels))
        except Exception as error:  # onnxruntime has a dozen classes, with no base of their own
            raise BollardsError(f"{self._model}: the model cannot be run: {error}") from error
        vector: NDArray[np.floating] = (
            output[0] if self._encoder.pooling == "vector" else output[0, 0]
        )
        return vector.reshape(-1)

    def _feed(self, session: Any, pixels: NDArray[np.float32]) -> dict[str, Any]:
        """The picture, and a text of two tokens for a whole CLIP, which the vector ignores."""
        feed: dict[str, Any] = {}
        for node in session.get_inputs():
            if node.name in ("input_ids", "position_ids"):
                feed[node.name] = np.zeros((1, 2), np.int64)
            elif node.name == "attention_mask":
                feed[node.name] = np.ones((1, 2), np.int64)
            else:
                feed[node.name] = pixels
        return feed

    def _opened(self) -> Any:
        with self._lock:
            if self._session is None:
                session = open_session(self._model, self._device)
                outputs = [node.name for node in session.get_outputs()]
                if self._encoder.output not in outputs:
                    raise BollardsError(
                        f'{self._model}: not a model of "{self.name}": expected the output'
                        f' "{self._encoder.output}"; found {", ".join(outputs)}.'
                    )
                self._session = session
            return self._session


def load(name: str, settings: EmbedSettings, project: Path) -> NamedEmbedder:
    """The encoder called `name`: from the hub, or from the folder that site.toml names.

    Raises:
        BollardsError: there is no such variant, or its files cannot be found or downloaded.
    """
    folder = project / settings.model
    if settings.model and folder.is_dir():
        # A folder does not say which variant it holds: the first whose files are there.
        return _in_folder(name, folder)
    encoder = find_encoder(name, settings.model)
    return NamedEmbedder(encoder, fetch(encoder, project), lambda: fetch_text(encoder, project))


def _in_folder(name: str, folder: Path) -> NamedEmbedder:
    errors = []
    for encoder in variants(name):
        try:
            files = in_folder(encoder, folder)
            return NamedEmbedder(encoder, files, partial(text_in_folder, encoder, folder))
        except BollardsError as error:
            errors.append(error)
    raise errors[0]
