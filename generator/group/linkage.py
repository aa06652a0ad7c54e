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
# How many bollards are sampled for the usual nearest similarity.
_ASKED = 4000
# How many similarities are in memory at once: tens of megabytes.
_AT_ONCE = 4_000_000
# The last decimals of a product differ between machines.
_DECIMALS = 4


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
        vectors: float32 [n, d], rows of unit length, in an order that does not depend on files.
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
    asked = exact[:_ASKED]
    step = max(1, _AT_ONCE // total)
    for start in range(0, len(asked), step):
        similarity = asked[start : start + step] @ exact.T
        rows = np.arange(len(similarity))
        similarity[rows, start + rows] = -np.inf
        nearest.append(similarity.max(axis=1))
    return Scale(float(any_two), float(np.median(np.concatenate(nearest))))


def linked(vectors: FloatArray, cut: float) -> NDArray[np.int64]:
    """Number the clusters whose members have a mean similarity of at least `cut`, from 0.

    Clusters that are each other's nearest are joined, all such pairs at once, until no two are as
    near as the cut. The order of these joins does not matter: a joined cluster is never nearer to a
    third one than the nearer of its halves was (reducibility, Bruynooghe 1978). So this is average
    linkage, and a cluster without another one above the cut never gets one. The mean similarity of
    two clusters is the product of their mean vectors, so that no matrix of distances is needed:
    100,000 bollards take tens of megabytes.

    Args:
        vectors: float32 [n, d], rows of unit length, in an order that does not depend on files.
        cut: cosine similarity, -1 to 1.
    """
    means = vectors.astype(np.float64)
    sizes = np.ones(len(means))
    joined_to = np.arange(len(means))
    open_ = np.arange(len(means))
    # Rounded as similarities are, or a cut at their height would be above them.
    cut = round(cut, _DECIMALS)
    while len(open_) > 1:
        nearest, similarity = _nearest(means[open_].astype(np.float32))
        near = similarity >= cut
        # The pair with the greatest similarity, the first of equals, is always among these.
        mutual = near & (nearest[nearest] == np.arange(len(open_)))
        first = np.flatnonzero(mutual & (nearest > np.arange(len(open_))))
        one, other = open_[first], open_[nearest[first]]
        both = sizes[one] + sizes[other]
        shares = sizes[one] / both, sizes[other] / both
        means[one] = shares[0][:, None] * means[one] + shares[1][:, None] * means[other]
        sizes[one] = both
        joined_to[other] = one
        near[nearest[first]] = False
        open_ = open_[near]
    # Clusters were joined to smaller numbers, so that those are final when their turn comes.
    for cluster in range(len(means)):
        joined_to[cluster] = joined_to[joined_to[cluster]]
    return np.unique(joined_to, return_inverse=True)[1].astype(np.int64)


def _nearest(means: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
    """Each cluster's nearest other one, the first of equals, and their mean similarity, rounded."""
    nearest = np.empty(len(means), dtype=np.int64)
    similarity = np.empty(len(means), dtype=np.float32)
    step = max(1, _AT_ONCE // len(means))
    for start in range(0, len(means), step):
        block = means[start : start + step] @ means.T
        np.round(block, _DECIMALS, out=block)
        rows = np.arange(len(block))
        block[rows, start + rows] = -np.inf
        best = block.argmax(axis=1)
        nearest[start : start + step] = best
        similarity[start : start + step] = block[rows, best]
    return nearest, similarity


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
