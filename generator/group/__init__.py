"""group: vectors of photos go in, types come out.

The bollard is the unit: its views are averaged, or each view votes. `linkage`, `density` (HDBSCAN)
and `kmeans` are the choices; `ledger` lays the known types over the raw clusters, so that ids
outlive a rebuild; `naming` says in words what a type looks like.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.config import GroupSettings
from generator.language.naming import Probabilities, pooled

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
Described = Sequence[Probabilities]

ONE_OFF = -1
"""The label of a bollard that belongs to no cluster."""


@dataclass(frozen=True, slots=True)
class Views:
    """The photos of each bollard, in an order that no file name or file order can change.

    Attributes:
        bollards: keys of the bollards, ordered by their smallest photo id.
        rows: for each bollard, the rows of its photos in the embedding matrix, by photo id.
    """

    bollards: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]


def views_of(photo_ids: Sequence[str], bollards: Sequence[str]) -> Views:
    """Collect the views of each bollard; the arguments are parallel, one entry a photo."""
    members: dict[str, list[int]] = {}
    for row in sorted(range(len(photo_ids)), key=photo_ids.__getitem__):
        members.setdefault(bollards[row], []).append(row)
    return Views(tuple(members), tuple(tuple(rows) for rows in members.values()))


def cluster(
    embeddings: FloatArray,
    views: Views,
    settings: GroupSettings,
    described: Described | None = None,
) -> dict[str, int]:
    """Group the bollards by their looks.

    Args:
        embeddings: float32 [photos, d], rows of unit length.
        views: the photos of each bollard.
        settings: which method, and its few choices.
        described: what the embedder says in words of each row, if it has words; `linkage` makes
            use of it.

    Returns:
        A cluster number for each bollard, `ONE_OFF` for those like no other. The numbers carry
        no meaning: only who shares one does.
    """
    if not views.rows:
        return {}
    if settings.views == "vote":
        order = [row for rows in views.rows for row in rows]
        words = [described[row] for row in order] if described else None
        labels = _labels(embeddings[order], settings, words, len(order) / len(views.rows))
        of_row = dict(zip(order, labels.tolist(), strict=True))
        votes = [_majority([of_row[row] for row in rows]) for rows in views.rows]
        # Enough views to make a cluster can still be the views of too few bollards.
        bollards = Counter(votes)
        return {
            bollard: vote if bollards[vote] >= settings.min_bollards else ONE_OFF
            for bollard, vote in zip(views.bollards, votes, strict=True)
        }
    words = [pooled([described[row] for row in rows]) for rows in views.rows] if described else None
    labels = _labels(mean_views(embeddings, views), settings, words)
    return dict(zip(views.bollards, labels.tolist(), strict=True))


def mean_views(embeddings: FloatArray, views: Views) -> FloatArray:
    """The mean direction of each bollard's views: float32 [bollards, d], rows of unit length."""
    means = np.stack([embeddings[list(rows)].mean(axis=0) for rows in views.rows])
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    unit: FloatArray = (means / np.maximum(lengths, 1e-12)).astype(np.float32)
    return unit


def members_of(labels: Mapping[str, int]) -> list[frozenset[str]]:
    """The bollards of each cluster; one-offs are left out."""
    clusters: dict[int, set[str]] = {}
    for bollard, label in labels.items():
        if label != ONE_OFF:
            clusters.setdefault(label, set()).add(bollard)
    return [frozenset(members) for members in clusters.values()]


def preload(settings: GroupSettings) -> None:
    """Import what `cluster` needs, which takes longer than the work itself in most collections."""
    if settings.method == "linkage":
        import scipy.cluster.hierarchy  # noqa: F401
    else:
        import hdbscan  # noqa: F401
        import sklearn.decomposition  # noqa: F401


def _labels(
    vectors: FloatArray,
    settings: GroupSettings,
    described: Described | None,
    units_per_bollard: float = 1.0,
) -> IntArray:
    least = max(2, round(settings.min_bollards * units_per_bollard))
    if len(vectors) < 2:
        return np.full(len(vectors), ONE_OFF, dtype=np.int64)
    if settings.method == "kmeans":
        from generator.group.kmeans import kmeans_labels

        return kmeans_labels(vectors, settings.types, least)
    if settings.method == "linkage":
        from generator.group.linkage import MOST, beside_words, linkage_labels

        if len(vectors) <= MOST:
            return linkage_labels(beside_words(vectors, described) if described else vectors, least)
    from generator.group.density import density_labels

    return density_labels(vectors, least)


def _majority(labels: Sequence[int]) -> int:
    """The commonest label; on a tie a cluster before a one-off, then the one of the first view."""
    return min(
        set(labels),
        key=lambda label: (-labels.count(label), label == ONE_OFF, labels.index(label)),
    )
