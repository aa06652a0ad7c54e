"""The curve that turns a cosine similarity into the same-type probability, as a value.

How it is measured is in `generator.calibration`.
"""

import math
from dataclasses import dataclass

# A curve is kept as long as no percentage of it is further from the measured one.
_KEPT_WITHIN = 0.01
# Similarities at which two curves are compared.
_SIMILARITIES = [hundredth / 100 for hundredth in range(-100, 101)]
# Beyond this, exp() overflows.
_LARGEST = 700.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """The curve: the chance that a pair of similarity s is of one type is 1 / (1 + exp(-(a + bs))).

    Without enough pairs to measure, `slope` is 0, and the similarity itself is used.
    """

    intercept: float = 0.0
    slope: float = 0.0

    def __call__(self, similarity: float) -> float:
        """The chance, 0 to 1, that two photos of this cosine similarity are of one type."""
        if not self.slope:
            return min(1.0, max(0.0, similarity))
        return 1 / (1 + math.exp(min(_LARGEST, -(self.intercept + self.slope * similarity))))

    def degree(self, similarity: float) -> int:
        """In words: 3 hard to tell apart, 2 much alike, 1 somewhat alike."""
        chance = self(similarity)
        return 3 if chance >= 0.4 else 2 if chance >= 0.1 else 1


BUILTIN = Calibration(-9.57, 11.57)
"""The curve of the built-in encoder for collections that are too small to measure one: from 8,444
pairs of neighbouring photos that were labelled by eye (docs/guides/measuring.md)."""


def steady(known: Calibration | None, measured: Calibration) -> Calibration:
    """The curve of the last build, as long as the measured one says nearly the same.

    A few new photos move the measured curve by fractions of a percentage point, which is less than
    it is sure of, and would change a number on nearly every page.

    Args:
        known: the curve of the last build, if there was one.
        measured: that of the collection as it is now.

    Returns:
        `known` if no probability differs by more than one percentage point, else `measured`.
    """
    if known is None or bool(known.slope) != bool(measured.slope):
        return measured
    moved = max(abs(known(one) - measured(one)) for one in _SIMILARITIES)
    return known if moved <= _KEPT_WITHIN else measured
