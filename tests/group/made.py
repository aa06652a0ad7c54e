"""Made-up bollards: unit vectors in tight groups, with ids that look like those of photos."""

import hashlib

import numpy as np
from numpy.typing import NDArray

from generator.vectors import unit_rows

FloatArray = NDArray[np.float32]


def photo_id(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:12]


def grouped(
    sizes: list[int], alone: int = 0, spread: float = 0.05, dimensions: int = 24, seed: int = 7
) -> tuple[FloatArray, list[int]]:
    """Vectors of groups of the given sizes, then of `alone` ones like no other.

    Returns:
        float32 [n, dimensions] of unit length, and for each row its group, or -1.
    """
    random = np.random.default_rng(seed)
    truth = [group for group, size in enumerate(sizes) for _ in range(size)]
    middles = random.normal(size=(len(sizes), dimensions))
    rows = unit_rows(middles)[truth] + spread * unit_rows(
        random.normal(size=(len(truth), dimensions))
    )
    others = random.normal(size=(alone, dimensions))
    return unit_rows(np.concatenate([rows, others])), truth + [-1] * alone
