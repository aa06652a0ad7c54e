"""Average linkage, cut at a similarity that is derived from the collection: the default method."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.group import ONE_OFF
from generator.vectors import FloatArray, unit_rows
from generator.vocabulary import KIND, Probabilities

# The cut's share of the way from the usual similarity of nearest neighbours down to that of any two
# bollards, and the weight of the attributes beside the embedding. Measured on photos that the
# recogniser had not seen (docs/figures.md): 0.07 to 0.1 and 3 to 6 do about as well.
_WAY = 0.07
_TOLD = 4.0
# Above this number the distance matrix takes too much memory: a gigabyte at 16,000.
MOST = 8000
# How many bollards are sampled for the usual nearest similarity, and how many in one block.
_ASKED, _AT_ONCE = 4000, 500


@dataclass(frozen=True, slots=True)
class Scale:
    """The meaning of cosine similarities in one collection, under one embedder.

    Attributes:
        any_two: the mean similarity of two bollards.
        nearest: the median similarity of a bollard and its nearest neighbour.
    """

    any_two: float
    nearest: float

    def at(self, way: float) -> float:
        """The similarity at this share of the way from `nearest` (0) down to `any_two` (1)."""
        return (1 - way) * self.nearest + way * self.any_two

    @property
    def cut(self) -> float:
        """The mean similarity above which bollards are of one type."""
        return self.at(_WAY)


def linkage_labels(vectors: FloatArray, least: int) -> NDArray[np.int64]:
    """Cluster unit vectors by average linkage (Sokal and Michener 1958).

    Two clusters are joined while their mean similarity is above a threshold, just below the usual
    similarity of nearest neighbours. So all types are about equally wide, and a chain of
    intermediates does not join two of them.

    Args:
        vectors: float32 [n, d], rows of unit length, n at most `MOST`.
        least: the smallest group that counts as a type.
    """
    if len(vectors) <= least:
        return np.full(len(vectors), ONE_OFF, dtype=np.int64)
    labels = linked(vectors, scale_of(vectors).cut)
    sizes = np.bincount(labels)
    return np.where(sizes[labels] >= least, labels, ONE_OFF).astype(np.int64)


def scale_of(vectors: FloatArray) -> Scale:
    """The range of the similarities in a collection.

    Args:
        vectors: float32 [n, d], rows of unit length, in an order that does not depend on their
            looks: of many rows, only the first are sampled for the nearest neighbours.
    """
    exact = vectors.astype(np.float64)
    total = len(exact)
    if total < 2:
        return Scale(0.0, 1.0)
    # A row times the sum of all rows is the sum of its products, including with itself (1).
    any_two = (np.square(exact.sum(axis=0)).sum() - total) / (total * (total - 1))
    nearest = []
    for start in range(0, min(total, _ASKED), _AT_ONCE):
        similarity = exact[start : start + _AT_ONCE] @ exact.T
        rows = np.arange(len(similarity))
        similarity[rows, start + rows] = -np.inf
        nearest.append(similarity.max(axis=1))
    return Scale(float(any_two), float(np.median(np.concatenate(nearest))))


def linked(vectors: FloatArray, cut: float) -> NDArray[np.int64]:
    """Number the clusters whose members have a mean similarity of at least `cut`, from 0.

    Args:
        vectors: float32 [n, d], rows of unit length, n at most `MOST`.
        cut: cosine similarity, -1 to 1.
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(vectors) < 2:
        return np.zeros(len(vectors), dtype=np.int64)
    tree = linkage(vectors.astype(np.float64), method="average")
    # Of unit vectors a and b the squared distance is 2 - 2 a.b.
    labels = fcluster(tree, np.sqrt(max(0.0, 2 - 2 * cut)), criterion="distance") - 1
    return np.asarray(labels, dtype=np.int64)


def beside_words(vectors: FloatArray, described: Sequence[Probabilities]) -> FloatArray:
    """Vectors with their attributes appended: float32 [n, d + values], rows of unit length.

    An embedding shows how similar two photos look; attributes show in which respect. Together
    they agree better with what people call one type. The probabilities of each attribute become a
    unit vector, so that an uncertain attribute counts little.

    Args:
        vectors: float32 [n, d], rows of unit length.
        described: for each row {attribute: {value: probability}}.
    """
    tables = [
        np.array([list(one[name].values()) for one in described], dtype=np.float32)
        for name in KIND
        if name in described[0]
    ]
    parts = [_TOLD / 2 * table / np.linalg.norm(table, axis=1, keepdims=True) for table in tables]
    return unit_rows(np.concatenate([vectors, *parts], axis=1))
