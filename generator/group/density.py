"""HDBSCAN on unit vectors, and the adoption of stragglers."""

import numpy as np
from numpy.typing import NDArray

from generator.group import ONE_OFF, FloatArray

_ADOPTION_QUANTILE = 0.1
_FIRM = 4


def density_labels(vectors: FloatArray, least: int) -> NDArray[np.int64]:
    """Cluster unit vectors by density (Campello, Moulavi and Sander 2013).

    Leaves of the condensed tree are taken as types ("leaf"): the default, excess of mass, prefers
    few broad clusters and would put all white posts into one. HDBSCAN leaves the fringe of each
    cluster out as noise; a fringe bollard that is as close to a cluster's middle as the cluster's
    own outer members are joins it, since for a visitor a near match beats a one-off.

    Args:
        vectors: float32 [n, d], rows of unit length.
        least: the smallest group that counts as a type.
    """
    from hdbscan import HDBSCAN

    if len(vectors) <= least:
        return np.full(len(vectors), ONE_OFF, dtype=np.int64)
    model = HDBSCAN(
        min_cluster_size=least,
        min_samples=1,
        cluster_selection_method="leaf",
        # On unit vectors Euclidean distance orders pairs as cosine distance does, and unlike it
        # has fast trees.
        metric="euclidean",
        core_dist_n_jobs=1,
    )
    labels: NDArray[np.int64] = model.fit_predict(vectors.astype(np.float64)).astype(np.int64)
    return _adopt(vectors, labels)


def _adopt(vectors: FloatArray, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    count = int(labels.max()) + 1
    if count == 0:
        return labels
    centres = np.stack([vectors[labels == label].mean(axis=0) for label in range(count)])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    own = np.einsum("nd,nd->n", vectors, centres[labels])
    # A small cluster says little of how wide its type is; all of them together say more.
    common = float(np.quantile(own[labels != ONE_OFF], _ADOPTION_QUANTILE))
    reach = np.array(
        [
            min(common, float(np.quantile(own[labels == label], _ADOPTION_QUANTILE)))
            if (labels == label).sum() >= _FIRM
            else common
            for label in range(count)
        ]
    )
    alone = np.flatnonzero(labels == ONE_OFF)
    similarity = vectors[alone] @ centres.T
    nearest = similarity.argmax(axis=1)
    close = similarity[np.arange(len(alone)), nearest] >= reach[nearest]
    adopted = labels.copy()
    adopted[alone[close]] = nearest[close]
    return adopted
