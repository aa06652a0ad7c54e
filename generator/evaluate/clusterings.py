"""The ways of grouping to compare: the program's own, and common alternatives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from generator.config import GroupSettings
from generator.evaluate.measures import Sample
from generator.group import ONE_OFF, cluster
from generator.vectors import FloatArray, mean_directions, unit_rows

IntArray = npt.NDArray[np.int64]

_DIRECTIONS = 32
_MOST_TYPES = 5000


@dataclass(frozen=True, slots=True)
class Clustering:
    """One way of grouping bollards.

    Attributes:
        key: its name in the JSON output.
        title: its name in the printed table.
        run: returns the cluster of each bollard of a sample, `generator.group.ONE_OFF` if unsorted.
    """

    key: str
    title: str
    run: Callable[[Sample], dict[str, int]]


def own(settings: GroupSettings, *, reduced: bool = False) -> Callable[[Sample], dict[str, int]]:
    """The program's own grouping, exactly as in a build; with `reduced`, after a PCA."""

    def run(sample: Sample) -> dict[str, int]:
        rows = sample.rows
        if reduced:
            rows = replace(rows, embeddings=unit_rows(main_directions(rows.embeddings)))
        return cluster(rows, settings)

    return run


def at_true_number(*, reduced: bool = False) -> Callable[[Sample], dict[str, int]]:
    """k-means with the true number of kinds: a reference, which no build can know."""

    def run(sample: Sample) -> dict[str, int]:
        kinds = min(sample.kinds, _MOST_TYPES)
        return own(GroupSettings(method="kmeans", types=kinds), reduced=reduced)(sample)

    return run


def plain_hdbscan(selection: str, *, reduced: bool) -> Callable[[Sample], dict[str, int]]:
    """HDBSCAN alone on averaged views, without this program's additions.

    Args:
        selection: "eom" (excess of mass) or "leaf".
        reduced: whether a PCA comes first.
    """

    def run(sample: Sample) -> dict[str, int]:
        from hdbscan import HDBSCAN

        views = sample.rows.views
        vectors = mean_directions(sample.embeddings, views.rows)
        if len(vectors) < 3:
            return dict.fromkeys(views.bollards, ONE_OFF)
        model = HDBSCAN(
            min_cluster_size=2,
            min_samples=1,
            cluster_selection_method=selection,
            core_dist_n_jobs=1,
        )
        exact = main_directions(vectors) if reduced else vectors
        labels: IntArray = model.fit_predict(exact.astype(np.float64))
        return dict(zip(views.bollards, labels.tolist(), strict=True))

    return run


_HDBSCAN = GroupSettings(method="hdbscan")


def compared() -> Sequence[Clustering]:
    """The clusterings that one run compares; the first is the program's default."""
    return (
        Clustering("linkage", "linkage, views averaged (default)", own(GroupSettings())),
        Clustering("linkage-vote", "linkage, views voting", own(GroupSettings(views="vote"))),
        Clustering("linkage-pca", "linkage, PCA before", own(GroupSettings(), reduced=True)),
        Clustering("hdbscan", "hdbscan, views averaged", own(_HDBSCAN)),
        Clustering(
            "hdbscan-vote",
            "hdbscan, views voting",
            own(GroupSettings(method="hdbscan", views="vote")),
        ),
        Clustering("hdbscan-pca", "hdbscan, PCA before", own(_HDBSCAN, reduced=True)),
        Clustering(
            "hdbscan-eom", "plain HDBSCAN, excess of mass", plain_hdbscan("eom", reduced=False)
        ),
        Clustering("hdbscan-eom-pca", "the same, PCA before", plain_hdbscan("eom", reduced=True)),
        Clustering("hdbscan-leaf", "plain HDBSCAN, leaves", plain_hdbscan("leaf", reduced=False)),
        Clustering("hdbscan-leaf-pca", "the same, PCA before", plain_hdbscan("leaf", reduced=True)),
        Clustering(
            "kmeans", "kmeans, its own number of types", own(GroupSettings(method="kmeans"))
        ),
        Clustering(
            "kmeans-vote",
            "the same, views voting",
            own(GroupSettings(method="kmeans", views="vote")),
        ),
        Clustering(
            "kmeans-pca", "the same, PCA before", own(GroupSettings(method="kmeans"), reduced=True)
        ),
        Clustering("kmeans-true", "kmeans, true number of kinds (yardstick)", at_true_number()),
        Clustering("kmeans-true-pca", "the same, PCA before", at_true_number(reduced=True)),
    )


def main_directions(vectors: FloatArray) -> FloatArray:
    """The vectors in their 32 principal directions; unchanged if they have no more dimensions."""
    from sklearn.decomposition import PCA

    if min(vectors.shape) <= _DIRECTIONS:
        return vectors
    # The solver is named because the default may be a randomised one.
    model = PCA(_DIRECTIONS, svd_solver="covariance_eigh")
    found: FloatArray = model.fit_transform(vectors.astype(np.float64)).astype(np.float32)
    return found
