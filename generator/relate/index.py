"""Approximate indexes of neighbours, for collections that are too large for exact comparison.

An index proposes candidates; their similarities are computed exactly and ranked as without it.
So only which photos are found can differ, never their order or their numbers.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from generator import plugins
from generator.errors import BollardsError
from generator.vectors import FloatArray

EXACT = "exact"


class Finder(Protocol):
    """What an entry point of `bollards.indexes` names. The same input gives the same output."""

    def __call__(self, vectors: FloatArray, count: int) -> NDArray[np.int64]:
        """The rows that are nearest to each row.

        Args:
            vectors: float32 [n, d], rows of unit length.
            count: how many, 1 to n.

        Returns:
            int64 [n, count], in any order; -1 where fewer were found.
        """


def load_finder(name: str) -> Finder | None:
    """The index that `index` under [relate] names; None for exact comparison.

    Raises:
        BollardsError: there is no such index, or its package is not installed.
    """
    if name == EXACT:
        return None
    finder: Finder = plugins.load(plugins.INDEXES, name)
    if not callable(finder):
        raise BollardsError(f'The neighbour index "{name}" is not usable: it cannot be called.')
    return finder
