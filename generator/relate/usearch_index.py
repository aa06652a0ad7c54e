"""Neighbours by USearch: a navigable small world (Malkov and Yashunin 2018), inner products."""

import numpy as np
from numpy.typing import NDArray
from usearch.index import Index

from generator.vectors import FloatArray

_LINKS = 32
_WIDTH_BUILDING = 200
_WIDTH_ASKING = 128


def nearest(vectors: FloatArray, count: int) -> NDArray[np.int64]:
    """See `generator.relate.index.Finder`."""
    index = Index(
        ndim=vectors.shape[1],
        metric="ip",
        dtype="f32",
        connectivity=_LINKS,
        expansion_add=_WIDTH_BUILDING,
        expansion_search=max(_WIDTH_ASKING, 2 * count),
    )
    # Several threads would link the graph in another order each time.
    index.add(np.arange(len(vectors), dtype=np.uint64), vectors, threads=1)
    found = np.full((len(vectors), count), -1, np.int64)
    matches = index.search(vectors, count, threads=1)
    if len(vectors) == 1:
        found[0, : len(matches.keys)] = matches.keys
        return found
    for row, (keys, own) in enumerate(zip(matches.keys, matches.counts, strict=True)):
        found[row, :own] = keys[:own]
    return found
