"""Neighbours by FAISS: a navigable small world (Malkov and Yashunin 2018), inner products."""

import faiss
import numpy as np
from numpy.typing import NDArray

from generator.vectors import FloatArray

_LINKS = 32
_WIDTH_BUILDING = 200
_WIDTH_ASKING = 128


def nearest(vectors: FloatArray, count: int) -> NDArray[np.int64]:
    """See `generator.relate.index.Finder`."""
    # Several threads would link the graph in another order each time.
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        index = faiss.IndexHNSWFlat(vectors.shape[1], _LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = _WIDTH_BUILDING
        index.hnsw.efSearch = max(_WIDTH_ASKING, 2 * count)
        index.add(vectors)
        _, rows = index.search(vectors, count)
    finally:
        faiss.omp_set_num_threads(threads)
    found: NDArray[np.int64] = rows
    return found
