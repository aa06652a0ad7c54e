"""How the collection's bollards vote on what a picture shows: types, countries.

A bollard has one vote, that of its most similar photo, of weight exp(similarity / TEMPERATURE); and
of each type or country only the MOST best bollards vote. So the number of collected bollards of a
country, or of photos of a bollard, does not count: with more of them, some would be similar by
chance alone. The browser does the same (static/js/collection.js).

The evidence of several pictures of one bollard can be combined before `scores`.
"""

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
# 2017) by the likelihood of the true countries.
SHARPNESS = 2.0


@dataclass(frozen=True, slots=True)
class Score:
    """A type id or country code and its probability, 0 to 1; all of an answer add up to 1."""

    key: str
    score: float


def evidence(
    similarity: NDArray[np.floating], bollards: Sequence[str], keys: Sequence[str | None]
) -> dict[str, float]:
    """The sum of the votes for each key, greater than 0; without a key nobody votes.

    Args:
        similarity: of the picture to each photo of the collection, float [n].
        bollards: what each photo shows.
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


def scores(found: Mapping[str, float]) -> tuple[Score, ...]:
    """Evidence as probabilities, best first; equal ones are in the order of their keys."""
    powers = {key: value**SHARPNESS for key, value in found.items()}
    total = sum(powers.values())
    ranked = sorted(powers.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Score(key, round(power / total, DECIMALS)) for key, power in ranked)
