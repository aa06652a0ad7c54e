"""The legibility of a picture: how sure the recogniser is of its attributes.

The recogniser is trained to give all values the same probability for pictures without a bollard, so
its own attributes show whether there was something to see. The browser does the same
(static/js/collection.js).
"""

from collections.abc import Mapping

from generator.vocabulary import KIND

# Measured on 300 posts in street views and 250 pieces of roads without one, by a model that had
# seen none of them (generator/recogniser/CARD.md): 2% of the posts and 93% of the roads are below.
LEGIBLE = 0.4
# Below this confidence of the detector, no bollard is visible: docs/figures.md, "Pictures without a
# bollard".
SEEN = 0.4


def legibility(attributes: Mapping[str, Mapping[str, float]]) -> float | None:
    """The mean probability of the most probable form, body, pattern and accent, 0 to 1.

    None if the describer has other attributes.
    """
    best = [max(attributes[name].values()) for name in KIND if attributes.get(name)]
    return sum(best) / len(best) if len(best) == len(KIND) else None
