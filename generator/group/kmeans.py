"""Spherical k-means: the second choice, for owners who know how many types they want."""

import warnings

import numpy as np
from numpy.typing import NDArray

from generator.group import ONE_OFF
from generator.vectors import FloatArray

_SEED = 20240501
_LARGE = 5000


def kmeans_labels(vectors: FloatArray, types: int, least: int) -> NDArray[np.int64]:
    """Cluster unit vectors into `types` groups.

    On unit vectors, squared Euclidean distance is 2 - 2 cos, so that plain k-means follows cosine
    similarity. Bollards of groups smaller than `least` become unsorted.

    Args:
        vectors: float32 [n, d], rows of unit length.
        types: how many groups; 0 takes 2 n ** 0.75, which suits collections with a few photos of
            most designs: on the development photos it does as well as the true number.
        least: the smallest group that counts as a type.
    """
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    wanted = types or round(2 * len(vectors) ** 0.75)
    # Several starts find better groups in a small collection; in a large one they find the same
    # groups.
    starts = 4 if len(vectors) < _LARGE else 1
    model = KMeans(n_clusters=min(wanted, len(vectors)), n_init=starts, random_state=_SEED)
    with warnings.catch_warnings():
        # With fewer distinct vectors than groups, the surplus groups stay empty.
        warnings.simplefilter("ignore", ConvergenceWarning)
        labels: NDArray[np.int64] = model.fit_predict(vectors).astype(np.int64)
    sizes = np.bincount(labels)
    return np.where(sizes[labels] >= least, labels, ONE_OFF)
