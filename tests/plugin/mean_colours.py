"""A package of somebody else that adds an embedder, an isolator and a describer."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from generator.catalogue import Box
from generator.config import DescribeSettings, EmbedSettings, IsolateSettings
from generator.describe import Describer, Description, Label
from generator.embed import Embedder, FloatArray
from generator.isolate import Isolator


class MeanColours(Embedder):
    """The mean colours of a grid of 4 x 4 fields."""

    name = "mean-colours"
    fingerprint = "mean colours 1"

    def embed(self, images: Sequence[Image.Image]) -> FloatArray:
        small = [image.resize((4, 4), Image.Resampling.BOX) for image in images]
        rows = np.array([np.asarray(image, np.float32).ravel() + 1 for image in small])
        unit: FloatArray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


class Middle(Isolator):
    """The middle half of the picture, in width."""

    name = "middle"
    fingerprint = "middle 1"

    def find(self, image: Image.Image) -> Box | None:
        return Box(image.width // 4, 0, 3 * image.width // 4, image.height)


class Brightness(Describer):
    """How bright the picture is."""

    name = "brightness"
    fingerprint = "brightness 1"

    def describe(self, image: Image.Image) -> Description:
        mean = float(np.asarray(image.convert("L")).mean()) / 255
        return Description(
            "A bright picture." if mean > 0.5 else "A dark picture.",
            (Label("light", round(mean, 4)),),
        )


def load_embedder(name: str, settings: EmbedSettings, project: Path) -> MeanColours:
    return MeanColours()


def load_isolator(name: str, settings: IsolateSettings, project: Path) -> Middle:
    return Middle()


def load_describer(name: str, settings: DescribeSettings, project: Path) -> Brightness:
    return Brightness()
