"""Average linkage, cut where the collection itself says: the default."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.group import ONE_OFF
from generator.vectors import FloatArray, unit_rows
from generator.vocabulary import KIND, Probabilities

# How far the cut lies from the usual similarity of nearest neighbours down to that of any two
# bollards, and how much the attributes count beside the embedding. Measured on photos that the
# recogniser had not seen (tests/bench/clusterings.py, table in docs/figures.md): 0.1 to 0.2 and
# 1 to 1.5 do about as well.
_WAY = 0.15
_TOLD = 1.5
# Beyond this, all distances at once take too much memory: a gigabyte at 16,000.
MOST = 8000
# So many bollards tell how near neighbours usually are; so many are asked at a time.
_ASKED, _AT_ONCE = 4000, 500


@dataclass(frozen=True, slots=True)
class Scale:
    """What cosine similarities mean in one collection, under one embedder.

    Attributes:
        any_two: the mean similarity of two bollards.
        nearest: the median similarity of a bollard and the one nearest to it.
    """

    any_two: float
    nearest: float

    def at(self, way: float) -> float:
        """The similarity that lies so far on the way from `nearest` (0) down to `any_two` (1)."""
        return (1 - way) * self.nearest + way * self.any_two

    @property
    def cut(self) -> float:
        """The mean similarity from which on bollards are of one type."""
        return self.at(_WAY)


def linkage_labels(vectors: FloatArray, least: int) -> NDArray[np.int64]:
    """Cluster unit vectors by average linkage (Sokal and Michener 1958).

    Two clusters are joined while the mean distance between their members stays below that of a
    cosine similarity just under the one that nearest neighbours usually have. So a type is as wide
    as the others are, and no chain of intermediates joins two of them.

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
    """Where the similarities of a collection lie.

    Args:
        vectors: float32 [n, d], rows of unit length, in an order that says nothing of their looks:
            of many rows, the nearest neighbours of the first ones stand for all.
    """
    exact = vectors.astype(np.float64)
    total = len(exact)
    if total < 2:
        return Scale(0.0, 1.0)
    # The product with the sum of all is the sum of the products, each row's own (1) among them.
    any_two = (np.square(exact.sum(axis=0)).sum() - total) / (total * (total - 1))
    nearest = []
    for start in range(0, min(total, _ASKED), _AT_ONCE):
        similarity = exact[start : start + _AT_ONCE] @ exact.T
        rows = np.arange(len(similarity))
        similarity[rows, start + rows] = -np.inf
        nearest.append(similarity.max(axis=1))
    return Scale(float(any_two), float(np.median(np.concatenate(nearest))))


def linked(vectors: FloatArray, cut: float) -> NDArray[np.int64]:
    """Number the clusters whose members have a mean similarity of `cut` at least, from 0.

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
    """Vectors with what was said of each: float32 [n, d + values], rows of unit length.

    An embedding says how alike two photos look, attributes say in what; together they agree better
    with what people call the same kind. The probabilities of each attribute become a unit vector,
    so that a doubtful answer counts little.

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
