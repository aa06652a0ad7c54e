"""Tells an attribute by its words, for encoders with a text tower (zero-shot classification).

The probability of a value is the softmax, over all values, of the scaled cosine similarity of the
picture and of a sentence with the value (Radford et al., "Learning Transferable Visual Models From
Natural Language Supervision", 2021). It is not calibrated on this collection: where there are
labels, they say how often it is right.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from generator.things import OwnAttribute, Things
from generator.vectors import FloatArray

EmbedTexts = Callable[[Sequence[str]], FloatArray]
"""Texts -> float32 [n, d], rows of unit length, beside the vectors of pictures."""

_SCALE = 100.0
"""The largest scale that CLIP's training allows, and the one that it ends with."""


def sentences(attribute: OwnAttribute, things: Things) -> list[str]:
    """For each value a sentence in English: "a photo of a round manhole cover"."""
    one = things.called("en")[0]
    return [f"a photo of a {value.called('en')} {one}" for value in attribute.values]


def chances_by_words(embeddings: FloatArray, texts: FloatArray) -> NDArray[np.float64]:
    """The probability of each value for each photo.

    Args:
        embeddings: float32 [n, d], rows of unit length.
        texts: float32 [values, d], likewise.

    Returns:
        float64 [n, values], rows with the sum 1.
    """
    logits = _SCALE * (embeddings.astype(np.float64) @ texts.T.astype(np.float64))
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def are_trusted(right: int, labelled: int, values: int) -> bool:
    """Whether words tell more than chance, as far as labels say.

    With n labels and k values, guessing is right n / k times, with a standard deviation of
    sqrt(n (k - 1)) / k; words are right more often than that. Without labels they are believed.
    """
    chance = labelled / values + math.sqrt(labelled * (values - 1)) / values
    return labelled == 0 or right > chance
