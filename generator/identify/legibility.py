"""The legibility of a picture: how sure the recogniser is of its attributes.

The recogniser is trained to give all values the same probability for pictures without a bollard, so
its own attributes show whether there was something to see. The browser does the same
(static/js/collection.js).
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from generator.embed import Embedder
from generator.vocabulary import KIND

# Measured on 300 posts in street views and 250 pieces of roads without one, by a model that had
# seen none of them (generator/recogniser/CARD.md): 2% of the posts and 93% of the roads are below.
LEGIBLE = 0.4
# Below this confidence of the second look, no bollard is visible: docs/figures.md, "The second
# look".
SEEN = 0.3
# A photo that is at least so legible as a whole is filled by its bollard, whatever the detector
# says: on close-ups it is often unsure, or surest of a part. Measured in docs/figures.md, too.
CLEAR = 0.6


def legibility(attributes: Mapping[str, Mapping[str, float]]) -> float | None:
    """The mean probability of the most probable form, body, pattern and accent, 0 to 1.

    None if the describer has other attributes.
    """
    best = [max(attributes[name].values()) for name in KIND if attributes.get(name)]
    return sum(best) / len(best) if len(best) == len(KIND) else None


def is_readable(
    embedding: NDArray[np.float32], confidence: float | None, embedder: Embedder
) -> bool:
    """Whether a bollard is clearly visible in a crop.

    Args:
        embedding: of the crop, float32 [d], of unit length.
        confidence: that of the crop's bollard, 0 to 1; None if nothing was able to detect one.
        embedder: the one that made the embedding.
    """
    legible = _legibility_of(embedding, embedder)
    is_seen = confidence is None or confidence >= SEEN
    return is_seen and (legible is None or legible >= LEGIBLE)


def fills_its_photo(embedding: NDArray[np.float32], embedder: Embedder) -> bool:
    """Whether a bollard fills the photo of which this is the embedding, float32 [d]."""
    return (_legibility_of(embedding, embedder) or 0.0) >= CLEAR


def _legibility_of(embedding: NDArray[np.float32], embedder: Embedder) -> float | None:
    return legibility(embedder.describe(embedding[None])[0]) if embedder.has_words else None
