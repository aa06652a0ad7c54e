"""HDBSCAN on unit vectors, and the adoption of fringe bollards."""

import numpy as np
from numpy.typing import NDArray

from generator.group import ONE_OFF
from generator.vectors import FloatArray

_ADOPTION_QUANTILE = 0.1
# A cluster with this many members shows how wide it is.
_FIRM = 4
_DIRECTIONS = 32
# Below this distance (a cosine similarity of 0.99995) two pictures look identical.
_IDENTICAL = 0.01
# Most of a small collection may well be of one type.
_ALWAYS_ALLOWED = 100


def density_labels(vectors: FloatArray, least: int) -> NDArray[np.int64]:
    """Cluster unit vectors by density (Campello, Moulavi and Sander 2013).

    Types are the clusters that last longest while the density rises (excess of mass). This
    criterion alone may prefer few broad clusters and put all white posts into one, so a cluster of
    a large collection has at most half of the bollards. (Taking the leaves of the tree instead
    breaks every tight type of many bollards into pairs.) HDBSCAN leaves the fringe of each cluster
    out as noise; a fringe bollard that is as close to a cluster's middle as the cluster's own outer
    members are joins it, because a near match helps a visitor more than an unsorted bollard.

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
        cluster_selection_method="eom",
        max_cluster_size=max(_ALWAYS_ALLOWED, len(vectors) // 2),
        # On unit vectors, Euclidean distance orders pairs as cosine distance does, and it can use
        # fast trees.
        metric="euclidean",
        core_dist_n_jobs=1,
    )
    labels: NDArray[np.int64] = model.fit_predict(_main_directions(vectors)).astype(np.int64)
    labels = _together(vectors, labels, least)
    return _adopt(vectors, _without_strangers(vectors, labels, least))


def _together(vectors: FloatArray, labels: NDArray[np.int64], least: int) -> NDArray[np.int64]:
    """Put bollards that look identical into one cluster.

    Where density is infinite, HDBSCAN sees no cluster that outlasts another: it labels a collection
    of identical pictures as noise.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import KDTree

    unique, place = np.unique(np.round(vectors, 6), axis=0, return_inverse=True)
    pairs = KDTree(unique).query_pairs(_IDENTICAL, output_type="ndarray")
    links = coo_array(
        (np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(unique),) * 2
    )
    group = connected_components(links, directed=False)[1][place.ravel()]
    together = labels.copy()
    for one in np.flatnonzero(np.bincount(group) >= 2):
        members = np.flatnonzero(group == one)
        inside = labels[members][labels[members] != ONE_OFF]
        if len(inside):
            together[members] = np.bincount(inside).argmax()
        elif len(members) >= least:
            together[members] = together.max() + 1
    # Close the gaps in the numbers of clusters.
    numbers, closed = np.unique(together[together != ONE_OFF], return_inverse=True)
    if len(numbers):
        together[together != ONE_OFF] = closed
    return together


def _main_directions(vectors: FloatArray) -> NDArray[np.float64]:
    """The vectors in the directions in which they differ most: float64 [n, 32 at most].

    In hundreds of dimensions, most of which contain noise, density means little and trees are slow.
    """
    from sklearn.decomposition import PCA

    exact = vectors.astype(np.float64)
    if min(exact.shape) <= _DIRECTIONS:
        return exact
    # Name the solver, because the default one may be randomised.
    reduced: NDArray[np.float64] = PCA(_DIRECTIONS, svd_solver="covariance_eigh").fit_transform(
        exact
    )
    return reduced


def _without_strangers(
    vectors: FloatArray, labels: NDArray[np.int64], least: int
) -> NDArray[np.int64]:
    """Remove bollards whose only common ground with their cluster is being far from all others.

    To HDBSCAN, two dissimilar bollards that are far from the rest can be a cluster, and an isolated
    bollard belongs to the nearest cluster, however far away. A bollard stays when its mean cosine
    similarity to the others of its cluster is closer to the usual value of clustered bollards than
    to that of any two bollards.
    """
    count = int(labels.max()) + 1
    inside = labels != ONE_OFF
    if count < 2:
        return labels
    sums = np.zeros((count, vectors.shape[1]))
    np.add.at(sums, labels[inside], vectors[inside])
    sizes = np.bincount(labels[inside], minlength=count)
    # A row times the sum of a set is the sum of its products, including its product with itself
    # (1).
    own = np.einsum("nd,nd->n", vectors[inside], sums[labels[inside]])
    alike = (own - 1) / (sizes[labels[inside]] - 1)
    total = len(vectors)
    anyone = (np.square(vectors.sum(axis=0, dtype=np.float64)).sum() - total) / (
        total * (total - 1)
    )
    left = labels.copy()
    left[np.flatnonzero(inside)[alike < (anyone + np.median(alike)) / 2]] = ONE_OFF
    sizes = np.bincount(left[left != ONE_OFF], minlength=count)
    numbers = np.where(sizes >= least, np.cumsum(sizes >= least) - 1, ONE_OFF)
    return np.where(left == ONE_OFF, ONE_OFF, numbers[left])


def _adopt(vectors: FloatArray, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    count = int(labels.max()) + 1
    if count == 0:
        return labels
    centres = np.stack([vectors[labels == label].mean(axis=0) for label in range(count)])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    own = np.einsum("nd,nd->n", vectors, centres[labels])
    # A small cluster says little about how wide its type is; all of them together say more.
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
