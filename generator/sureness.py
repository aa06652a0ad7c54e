"""How sure an answer about countries is, as a plain word."""

from typing import Literal, get_args

Sureness = Literal["likely", "possible", "hard"]
SURENESS: tuple[Sureness, ...] = get_args(Sureness)

# A country with at least this probability is called likely. At least 80% of such answers are right
# on close-ups of another maker, by weights that never saw these: docs/figures.md, "How sure an
# answer is". `bollards eval` prints this share as `likely and right`.
LIKELY = 0.85
# If no country has this probability, it is hard to say. The same table.
POSSIBLE = 0.2
# A second or third country is named from here on, and called possible.
WORTH = 0.05
COUNTRIES = 3
"""How many countries an answer names."""


def sureness(score: float, best: float) -> Sureness:
    """How sure a country of this probability is, where the best one has `best`; 0 to 1."""
    return "likely" if score >= LIKELY else "possible" if best >= POSSIBLE else "hard"
