"""The vote of the collection's bollards on the type and the country of a picture.

A bollard has one vote, that of its most similar photo, of weight exp(similarity / TEMPERATURE); and
of each type or country only the MOST best bollards vote. So the number of collected bollards of a
country, or of photos of a bollard, does not count: with more of them, some would be similar by
chance alone. The browser does the same (static/js/collection.js).

Each crop's evidence becomes probabilities. Those of all bollards in a picture are averaged by
`mixed`, and those of several pictures are joined by `combined`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.relate.similarity import DECIMALS

# Chosen on development photos, and the same for the street views' countries, for close-ups of
# another maker and for the mean over countries instead of pictures: see "How the vote was chosen"
# in generator/recogniser/CARD.md.
TEMPERATURE = 0.15
MOST = 4
# The power that turns shares of the evidence into probabilities: temperature scaling (Guo et al.
# 2017) by the likelihood of the true countries. Of crops that are lower than LOW pixels less is
# certain: with the same power, five in six answers of 50% and more were wrong (docs/figures.md).
SHARPNESS = 2.0
LOW = 250
LOW_SHARPNESS = 1.25
# So many bollards of one picture vote on its country (docs/figures.md).
MOST_CROPS = 5


@dataclass(frozen=True, slots=True)
class Score:
    """A type id or country code and its probability, 0 to 1; those of an answer sum to 1."""

    key: str
    score: float


def evidence(
    similarity: NDArray[np.floating], bollards: Sequence[str], keys: Sequence[str | None]
) -> dict[str, float]:
    """The sum of the votes for each key, greater than 0; without a key nobody votes.

    Args:
        similarity: of the picture to each photo of the collection, float [n].
        bollards: the bollard of each photo.
        keys: each photo's type or country; None for those that have none.
    """
    best: dict[str, dict[str, float]] = {}
    for one, bollard, key in zip(similarity.tolist(), bollards, keys, strict=True):
        if key is not None:
            votes = best.setdefault(key, {})
            votes[bollard] = max(one, votes.get(bollard, -1.0))
    highest = max((one for votes in best.values() for one in votes.values()), default=0.0)
    return {
        key: sum(
            float(np.exp((one - highest) / TEMPERATURE))
            for one in sorted(votes.values(), reverse=True)[:MOST]
        )
        for key, votes in best.items()
    }


def probabilities(found: Mapping[str, float], height: float) -> dict[str, float]:
    """The evidence of a crop as probabilities, which sum to 1; none if nothing voted.

    Args:
        found: the result of `evidence`.
        height: of the crop in pixels.
    """
    power = SHARPNESS if height >= LOW else LOW_SHARPNESS
    powers = {key: one**power for key, one in found.items()}
    total = sum(powers.values())
    return {key: one / total for key, one in powers.items()}


def mixed(crops: Sequence[Mapping[str, float]], confidences: Sequence[float]) -> dict[str, float]:
    """The probabilities of a picture with several bollards: the mean, weighted by confidence.

    All stand in one country. The most confident box may be a wrong one or a bollard that is hard
    to read, and then the others correct it (docs/figures.md).

    Args:
        crops: the probabilities of each crop; all have the same keys.
        confidences: the probability that each shows a bollard, greater than 0.
    """
    total = sum(confidences)
    return {
        key: sum(
            confidence * crop[key] for confidence, crop in zip(confidences, crops, strict=True)
        )
        / total
        for key in crops[0]
    }


def combined(views: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The probabilities of several pictures of one bollard together, as weights of the keys.

    It is their geometric mean. Pictures of one bollard are alike, so that a second one changes the
    order, and not how sure the answer is: with the product, as if they were independent, the
    probabilities were far too high (docs/figures.md).

    Args:
        views: the probabilities of each picture; all have the same keys.
    """
    return {
        key: math.exp(sum(math.log(view[key]) for view in views) / len(views)) for key in views[0]
    }


def scores(weights: Mapping[str, float]) -> tuple[Score, ...]:
    """Weights as probabilities, best first; equal ones are in the order of their keys."""
    total = sum(weights.values())
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Score(key, round(weight / total, DECIMALS)) for key, weight in ranked)
