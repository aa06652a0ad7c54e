"""Segmenters: a picture -> which of its pixels show the bollard.

With `mask` under [embed], the bollard is embedded on a neutral ground. `rembg` and `sam` beside
this file are the segmenters that come with the program; another package adds one by an entry point
of `bollards.segmenters` (see `generator.plugins`).
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator import plugins
from generator.config import EmbedSettings
from generator.embed import Attributes, Embedder, FloatArray, ModelFacts
from generator.inference import bounded

NONE = "none"
GROUND = 128
"""The grey of the neutral ground, 0 to 255: that around the pictures of the built-in embedder."""
_VERSION = "masked 1"
# A segmenter that found less than this share of the picture found nothing.
_LEAST = 0.005


class Segmenter(ABC):
    """Anything that finds the bollard's pixels. Safe to call from several threads at once.

    To add one, name a function in the entry points `bollards.segmenters`:

        def load(name: str, settings: EmbedSettings, project: Path) -> Segmenter

    `name` is what stands before a colon in `mask` under [embed], `settings.mask` all of it. It
    raises `generator.errors.BollardsError` if the segmenter cannot work, and opens no model
    before the first picture.

    Attributes:
        fingerprint: a text that is equal when the masks are equal.
        bytes: the size of its model on disk; 0 if unknown.
    """

    fingerprint: str
    bytes: int = 0

    @abstractmethod
    def mask(self, image: Image.Image) -> NDArray[np.float32]:
        """RGB picture -> float32 [height, width], the share of bollard in each pixel, 0 to 1.

        Raises:
            BollardsError: the model cannot be used.
        """


class MaskedEmbedder(Embedder):
    """An embedder that sees the bollard on a neutral ground.

    It does not run in browsers, which have no segmenter.
    """

    def __init__(self, inner: Embedder, segmenter: Segmenter) -> None:
        self._inner, self._segmenter = inner, segmenter
        self.name = inner.name
        parts = (_VERSION, str(GROUND), inner.fingerprint, segmenter.fingerprint)
        self.fingerprint = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        self.has_words, self.has_text = inner.has_words, inner.has_text
        self.knows_bollards = inner.knows_bollards
        self.isolator = inner.isolator

    @property
    def dimensions(self) -> int:
        return self._inner.dimensions

    def embed(self, images: Sequence[Image.Image]) -> FloatArray:
        small = [bounded(image) for image in images]
        return self._inner.embed([on_ground(one, self._segmenter.mask(one)) for one in small])

    def facts(self) -> ModelFacts:
        """Those of the embedder, with the size of both models."""
        facts, more = self._inner.facts(), self._segmenter.bytes
        return replace(facts, bytes=facts.bytes + more if facts.bytes and more else 0)

    def describe(self, embeddings: FloatArray) -> list[Attributes]:
        return self._inner.describe(embeddings)

    def embed_texts(self, texts: Sequence[str]) -> FloatArray:
        return self._inner.embed_texts(texts)


def on_ground(image: Image.Image, mask: NDArray[np.float32]) -> Image.Image:
    """The picture with a neutral ground where the mask is 0; whole if the mask is all but empty."""
    if float(mask.mean()) < _LEAST:
        return image
    share = mask[..., None]
    pixels = np.asarray(image, np.float32) * share + GROUND * (1 - share)
    return Image.fromarray(np.round(pixels).astype(np.uint8))


def load_segmenter(settings: EmbedSettings, project: Path) -> Segmenter | None:
    """The segmenter that `mask` names; None for "none".

    Raises:
        BollardsError: there is no such segmenter, or it cannot work.
    """
    name = settings.mask.partition(":")[0]
    if name == NONE:
        return None
    made = plugins.load(plugins.SEGMENTERS, name)(name, settings, project)
    plugins.check(plugins.SEGMENTERS, name, made, Segmenter)
    segmenter: Segmenter = made
    return segmenter
