"""embed: takes crops, returns unit vectors that represent their looks.

`builtin`, `imgbeddings` and `onnx` beside this file are the embedders that come with the program;
the other files serve them (`inference` runs a model, `pooling` takes its vector, `huggingface`
fetches files). Another package adds one as a subclass of `Embedder` (see `generator.plugins`).
`generator.cache` keeps the results, so that only new photos are embedded.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator import plugins
from generator.config import EmbedSettings

FloatArray = NDArray[np.float32]
Attributes = Mapping[str, Mapping[str, float]]
"""For each attribute of `generator.vocabulary`, the probability of each of its values."""

EMBEDDER_PIXELS = 512
"""The longest side, in px, of the pictures that embedders get."""


@dataclass(frozen=True, slots=True)
class Head:
    """A linear head: `softmax(weight @ embedding + bias)` are the probabilities of `values`.

    Attributes:
        values: of one attribute, n of them.
        weight: float32 [n, d].
        bias: float32 [n].
    """

    values: Sequence[str]
    weight: FloatArray
    bias: FloatArray


@dataclass(frozen=True, slots=True)
class BrowserModel:
    """The model with which a visitor's browser embeds a picture as the embedder does.

    Attributes:
        weights: an ONNX file with the input "image", float32 [1, 3, height, width], RGB from 0 to
            255, and the output "embedding", float32 [1, d], of unit length.
        width, height: of the window that the model looks at, in px. The picture is made to fit, and
            is laid in the middle.
        padding: the grey around it, 0 to 255.
        reducing_gap: Pillow's, for the resizing (`generator/recogniser/view.py` has the steps).
        heads: by attribute; without them the identify page shows no attributes.
    """

    weights: bytes
    width: int
    height: int
    padding: int
    reducing_gap: float
    heads: Mapping[str, Head]


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What there is to know about a model before it is chosen.

    Attributes:
        bytes: its size on disk; 0 if unknown.
        licence: of the weights; "" if unknown.
        weights: "released" for files whose digests are the published ones, "unchecked" for files
            that no digest could be compared with, "own" for those of the owner.
    """

    bytes: int = 0
    licence: str = ""
    weights: Literal["released", "unchecked", "own"] = "own"


class Embedder(ABC):
    """Anything that turns pictures into vectors. Safe to call from several threads at once.

    To add one, name a function in the entry points `bollards.embedders`:

        def load(name: str, settings: EmbedSettings, project: Path) -> Embedder

    It gets the name under which it was asked for, the section `[embed]` of site.toml (`model` is
    the embedder's own to understand; paths are relative to the project), and the folder of the site
    project. It raises `generator.errors.BollardsError` if the embedder cannot work, with a
    message that says what to do. It is cheap, since it runs in builds without a new photo, too: it
    finds its files and computes the fingerprint, but opens no model before the first picture.

    A subclass says what else it can do by setting these to True and overriding the method:

        has_words           describe       vectors -> attributes, for names, filters and search
        has_text            embed_texts    texts -> vectors beside those of pictures, for search
        runs_in_browser     browser_model  identification on the site itself

    Attributes:
        name: the name used in site.toml.
        fingerprint: a text (usually a SHA-256 hex digest over weights and preparation) that is
            equal when the vectors are equal: vectors are kept under it, and a site whose embedder
            has another fingerprint is embedded again.
        knows_bollards: whether it was trained on photos of bollards: what `bollards eval` measures
            on the same photos is then better than on new ones.
        isolator: the name of the isolator that looks for the bollard in photos of strangers, where
            site.toml only takes the boxes in photos.csv; "" for none.
    """

    name: str
    fingerprint: str
    has_words: bool = False
    has_text: bool = False
    runs_in_browser: bool = False
    knows_bollards: bool = False
    isolator: str = ""

    @property
    def dimensions(self) -> int:
        """The length of a vector. Override it if the length is known without opening the model."""
        return len(self.embed([Image.new("RGB", (64, 64), (128, 128, 128))])[0])

    @abstractmethod
    def embed(self, images: Sequence[Image.Image]) -> FloatArray:
        """RGB crops of any size -> float32 [n, d], rows of unit length.

        A row depends on its own picture alone, not on its place or company.

        Raises:
            BollardsError: the model cannot be used.
        """

    def describe(self, embeddings: FloatArray) -> list[Attributes]:
        """float32 [n, d], unit rows, from `embed` -> for each row its attributes."""
        raise NotImplementedError(f"{type(self).__name__} has no words")

    def embed_texts(self, texts: Sequence[str]) -> FloatArray:
        """Texts -> float32 [n, d], rows of unit length; near the pictures that they describe."""
        raise NotImplementedError(f"{type(self).__name__} has no text")

    def facts(self) -> ModelFacts:
        """Size, licence and origin of the model, for `bollards eval`."""
        return ModelFacts()

    def browser_model(self) -> BrowserModel:
        """The model with which browsers embed pictures in the same way."""
        raise NotImplementedError(f"{type(self).__name__} does not run in browsers")


def load_embedder(settings: EmbedSettings, project: Path) -> Embedder:
    """Load the embedder that site.toml asks for: several joined into one, perhaps with a mask.

    Model paths are relative to `project`.

    Raises:
        BollardsError: there is no such embedder, or its model is not available; the message says
            how to get it.
    """
    members = [_load_one(name, model, settings, project) for name, model in settings.members]
    embedder = members[0]
    if len(members) > 1:
        from generator.embed.joined import JoinedEmbedder

        embedder = JoinedEmbedder(members, settings.weights or (1.0,) * len(members))
    if settings.mask == "none":
        return embedder
    from generator.embed.segment import MaskedEmbedder, load_segmenter

    segmenter = load_segmenter(settings, project)
    return MaskedEmbedder(embedder, segmenter) if segmenter else embedder


def _load_one(name: str, model: str, settings: EmbedSettings, project: Path) -> Embedder:
    own = settings.model_copy(update={"embedder": name, "model": model, "weights": ()})
    made = plugins.load(plugins.EMBEDDERS, name)(name, own, project)
    plugins.check(plugins.EMBEDDERS, name, made, Embedder)
    embedder: Embedder = made
    return embedder
