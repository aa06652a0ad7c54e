"""group: takes the vectors of photos, returns types.

The bollard is the unit: its views are averaged, or each view votes. `linkage`, `density` (HDBSCAN)
and `kmeans` are the methods. `ledger` matches the clusters with the known types, so that ids
outlive a rebuild; `telling` splits clusters whose bollards surely differ in an attribute.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from generator.config import GroupSettings
from generator.rows import PhotoRows
from generator.vectors import FloatArray, mean_directions
from generator.vocabulary import Probabilities

IntArray = NDArray[np.int64]

ONE_OFF = -1
"""The label of a bollard that belongs to no cluster."""


def cluster(rows: PhotoRows, settings: GroupSettings) -> dict[str, int]:
    """Group the bollards by their looks.

    Args:
        rows: the photos; `linkage` also uses their attributes where the embedder gives them.
        settings: the method and its options.

    Returns:
        A cluster number for each bollard, `ONE_OFF` for unsorted bollards. The numbers have no
        meaning of their own: bollards with the same number are in the same cluster.
    """
    from generator.group.telling import told_apart

    views, described = rows.views, rows.described
    if not views.rows:
        return {}
    # An owner who says how many types there are gets so many.
    splits = not (settings.method == "kmeans" and settings.types)
    if settings.views == "vote":
        order = [row for own in views.rows for row in own]
        words = [described[row] for row in order] if described else None
        labels = _labels(rows.embeddings[order], settings, words, len(order) / len(views.rows))
        of_row = dict(zip(order, labels.tolist(), strict=True))
        votes = [_majority([of_row[row] for row in own]) for own in views.rows]
        if described and splits:
            looks = [rows.look(own) for own in views.rows]
            votes = told_apart(np.array(votes), looks, settings.min_bollards).tolist()
        # Enough views for a cluster may still be the views of too few bollards.
        bollards = Counter(votes)
        return {
            bollard: vote if bollards[vote] >= settings.min_bollards else ONE_OFF
            for bollard, vote in zip(views.bollards, votes, strict=True)
        }
    words = [rows.look(own) for own in views.rows] if described else None
    labels = _labels(mean_directions(rows.embeddings, views.rows), settings, words)
    if words and splits:
        labels = told_apart(labels, words, max(2, settings.min_bollards))
    return dict(zip(views.bollards, labels.tolist(), strict=True))


def members_of(labels: Mapping[str, int]) -> list[frozenset[str]]:
    """The bollards of each cluster, without unsorted bollards."""
    clusters: dict[int, set[str]] = {}
    for bollard, label in labels.items():
        if label != ONE_OFF:
            clusters.setdefault(label, set()).add(bollard)
    return [frozenset(members) for members in clusters.values()]


def preload(settings: GroupSettings) -> None:
    """Import what `cluster` needs, which in most collections takes longer than the clustering."""
    if settings.method != "linkage":
        import hdbscan  # noqa: F401
        import sklearn.decomposition  # noqa: F401


def _labels(
    vectors: FloatArray,
    settings: GroupSettings,
    described: Sequence[Probabilities] | None,
    units_per_bollard: float = 1.0,
) -> IntArray:
    least = max(2, round(settings.min_bollards * units_per_bollard))
    if len(vectors) < 2:
        return np.full(len(vectors), ONE_OFF, dtype=np.int64)
    if settings.method == "kmeans":
        from generator.group.kmeans import kmeans_labels

        return kmeans_labels(vectors, settings.types, least)
    if settings.method == "linkage":
        from generator.group.linkage import beside_words, linkage_labels

        return linkage_labels(beside_words(vectors, described) if described else vectors, least)
    from generator.group.density import density_labels

    return density_labels(vectors, least)


def _majority(labels: Sequence[int]) -> int:
    """The most common label. A tie goes to a cluster before `ONE_OFF`, then to the first view."""
    return min(
        set(labels),
        key=lambda label: (-labels.count(label), label == ONE_OFF, labels.index(label)),
    )
