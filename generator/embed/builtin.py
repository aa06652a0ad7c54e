"""The embedder that comes with the program: the recogniser's own model, no network needed."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image

from generator.config import EmbedSettings
from generator.embed import Attributes, BrowserModel, Embedder, FloatArray, Head, ModelFacts
from generator.errors import BollardsError
from generator.recogniser import view
from generator.recogniser.model import Recogniser, shipped


class BuiltinEmbedder(Embedder):
    """A `Recogniser` as an embedder."""

    name = "builtin"
    has_words = True
    runs_in_browser = True
    knows_bollards = True
    isolator = "auto"

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self.fingerprint = recogniser.fingerprint

    @property
    def dimensions(self) -> int:
        return self._recogniser.dimensions

    def embed(self, images: Sequence[Image.Image]) -> FloatArray:
        return self._recogniser.embed(images)

    def describe(self, embeddings: FloatArray) -> list[Attributes]:
        return self._recogniser.describe(embeddings)

    def facts(self) -> ModelFacts:
        return ModelFacts(len(self._recogniser.weights), "MIT", "released")

    def browser_model(self) -> BrowserModel:
        vocabulary = self._recogniser.vocabulary
        return BrowserModel(
            weights=self._recogniser.weights,
            width=view.WIDTH,
            height=view.HEIGHT,
            padding=view.PADDING,
            reducing_gap=view.REDUCING_GAP,
            heads={
                name: Head(vocabulary[name], weight, bias)
                for name, (weight, bias) in self._recogniser.heads().items()
            },
        )


def load(name: str, settings: EmbedSettings, project: Path) -> BuiltinEmbedder:
    """The built-in recogniser; one for the whole process.

    Raises:
        BollardsError: the model is missing from the installation.
    """
    return _shipped()


@cache
def _shipped() -> BuiltinEmbedder:
    try:
        return BuiltinEmbedder(shipped())
    except OSError as error:
        raise BollardsError(
            f"{error.filename}: the built-in recogniser's model cannot be read: {error.strerror}."
            " The installation is incomplete: install the program again."
        ) from error
