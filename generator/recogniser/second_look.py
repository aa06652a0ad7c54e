"""Looks at the detector's boxes a second time, with the recogniser: is this a bollard at all?

The detector is sometimes confident of signs, lane lines, trees and people. The recogniser, which
reads the crop of each box in far more detail, gives such crops other attributes than bollards, or
none with certainty. The steps, for other implementations (static/js/second-look.js):

1. the first MOST boxes with a confidence of LEAST or more are framed (`framing.framed`), and the
   recogniser gives the probability of each value of each attribute;
2. the new confidence is ``sigmoid(a c + b h + l m + w . p + d)``, where c is the logit of the
   detector's confidence (kept within SMALLEST and its complement), h the natural logarithm of the
   box's height divided by the square root of the picture's area, m the mean of the greatest
   probabilities of the attributes in KIND, and p the natural logarithms of all probabilities, each
   with FLOOR added. ``second-look.json`` gives a, b, l, w and d;
3. best first. All other boxes follow as they were, none with more than the least new confidence.

``generator.training.second_look`` fits the weights; ``CARD.md`` has its figures.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from generator.recogniser.detector import Detection
from generator.recogniser.framing import framed
from generator.recogniser.model import Recogniser
from generator.recogniser.weights import read_weights
from generator.vocabulary import KIND

WEIGHTS_FILE = "second-look.json"
MOST = 10
LEAST = 0.02
FLOOR = 1e-3
SMALLEST = 1e-4

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Weights:
    """The coefficients of the second look's logistic model.

    Attributes:
        confidence, height, legibility, intercept: a, b, l and d (see the module).
        attributes: w: for each attribute the coefficient of each of its values.
    """

    confidence: float
    height: float
    legibility: float
    intercept: float
    attributes: Mapping[str, tuple[float, ...]]

    @classmethod
    def shipped(cls) -> "Weights":
        """Those of the package. Raises OSError if the file cannot be read."""
        told = json.loads(read_weights(None, WEIGHTS_FILE))
        attributes = {name: tuple(row) for name, row in told.pop("attributes").items()}
        return cls(attributes=attributes, **told)

    def to_facts(self) -> dict[str, Any]:
        """As in ``second-look.json`` and in the browser's bundle."""
        return {
            "confidence": self.confidence,
            "height": self.height,
            "legibility": self.legibility,
            "intercept": self.intercept,
            "attributes": {name: list(row) for name, row in self.attributes.items()},
        }

    def flat(self) -> npt.NDArray[np.float64]:
        """The coefficients in the order of `evidence`, without the intercept."""
        rows = [value for row in self.attributes.values() for value in row]
        return np.array([self.confidence, self.height, self.legibility, *rows])


def evidence(
    box: Box,
    confidence: float,
    size: tuple[int, int],
    attributes: Mapping[str, Sequence[float]],
) -> npt.NDArray[np.float64]:
    """What the model adds up: float64 [3 + values], c, h, m and p of the module.

    Args:
        box: left, top, right, bottom in px of the picture.
        confidence: the detector's, 0..1.
        size: width and height of the picture in px.
        attributes: for each attribute the probability of each value, for the framed crop.
    """
    sure = min(max(confidence, SMALLEST), 1 - SMALLEST)
    height = math.log((box[3] - box[1]) / math.sqrt(size[0] * size[1]))
    legibility = sum(max(attributes[name]) for name in KIND) / len(KIND)
    values = [math.log(one + FLOOR) for row in attributes.values() for one in row]
    return np.array([math.log(sure / (1 - sure)), height, legibility, *values])


@dataclass(frozen=True)
class SecondLook:
    """Ranks detections anew. Several threads may use it. The graph is loaded on first use."""

    recogniser: Recogniser
    weights: Weights

    def again(self, image: Image.Image, found: Sequence[Detection]) -> list[Detection]:
        """The same detections in an upright sRGB picture with new confidences, best first.

        ``found`` is as returned by `Detector.detect`.
        """
        looked_at = [one for one in found[:MOST] if one.confidence >= LEAST]
        if not looked_at:
            return list(found)
        crops = [image.crop(framed(one.box, image.size)) for one in looked_at]
        tables = self.recogniser.probabilities(self.recogniser.embed(crops))
        flat = self.weights.flat()
        again = []
        for number, one in enumerate(looked_at):
            read = {name: tables[name][number].tolist() for name in self.weights.attributes}
            logit = evidence(one.box, one.confidence, image.size, read) @ flat
            again.append(replace(one, confidence=_sigmoid(float(logit) + self.weights.intercept)))
        again.sort(key=lambda one: (-one.confidence, one.box))
        least = again[-1].confidence
        rest = found[len(looked_at) :]
        return again + [replace(one, confidence=min(one.confidence, least)) for one in rest]


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-min(max(logit, -30.0), 30.0)))
