"""Which grouping agrees best with the labels? Compares more choices than `bollards eval`.

    python -m tests.bench.clusterings FOLDER [--fold-models DIR]

FOLDER is labelled as `bollards eval` wants it. Every choice groups the same random subsets of
the bollards, so that the column "against" (the mean difference from the program's own grouping,
and its standard error) tells chance from merit; subsets overlap, so that the error is a lower
bound. Give models that never saw these bollards, else the vectors are better than those of a site.
"""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from hdbscan import HDBSCAN
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.decomposition import PCA

from generator.config import GroupSettings
from generator.evaluate import Wanted, evaluate
from generator.evaluate.clusterings import own
from generator.evaluate.measures import Sample, agreement
from generator.group import ONE_OFF
from generator.group.density import density_labels
from generator.progress import Progress
from generator.vectors import mean_directions
from generator.vocabulary import KIND

Vectors = NDArray[np.floating]
Labels = NDArray[np.int64]
Run = Callable[[Sample], dict[str, int]]
BASE = "the program's own"


def on_bollards(group: Callable[[Vectors], Labels], told: float = 0.0) -> Run:
    """Turns a way to group vectors into a way to group the bollards of a sample, views averaged.

    `told`: how much the described attributes count beside the embedding; 0 for not at all.
    """

    def run(sample: Sample) -> dict[str, int]:
        views = sample.rows.views
        vectors = mean_directions(sample.embeddings, views.rows).astype(np.float64)
        if told and sample.described:
            looks = [sample.rows.look(own) for own in views.rows]
            tables = [np.array([list(look[name].values()) for look in looks]) for name in KIND]
            vectors = unit(np.concatenate([vectors, *(told / 2 * unit(t) for t in tables)], axis=1))
        return dict(zip(views.bollards, group(vectors).tolist(), strict=True))

    return run


def unit(vectors: Vectors) -> Vectors:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def reduced(vectors: Vectors, directions: int) -> Vectors:
    if not directions or min(vectors.shape) <= directions:
        return vectors
    return np.asarray(PCA(directions, svd_solver="covariance_eigh").fit_transform(vectors))


def without_singles(labels: Labels) -> Labels:
    return np.where(np.bincount(labels)[labels] > 1, labels, ONE_OFF)


def density(selection: str, samples: int, directions: int) -> Callable[[Vectors], Labels]:
    def group(vectors: Vectors) -> Labels:
        model = HDBSCAN(min_cluster_size=2, min_samples=samples, cluster_selection_method=selection)
        return np.asarray(model.fit_predict(reduced(vectors, directions)), np.int64)

    return group


def kmeans(types: Callable[[int], float]) -> Callable[[Vectors], Labels]:
    def group(vectors: Vectors) -> Labels:
        count = min(len(vectors), round(types(len(vectors))))
        return without_singles(KMeans(count, n_init=4, random_state=0).fit_predict(vectors))

    return group


def linkage(way: float) -> Callable[[Vectors], Labels]:
    """Average linkage, cut at a similarity that the vectors themselves give.

    `way` is how far the cut lies from the usual (median) similarity of nearest neighbours down
    to that of any two bollards: 0 to 1.
    """

    def group(vectors: Vectors) -> Labels:
        similarity = vectors @ vectors.T
        np.fill_diagonal(similarity, np.nan)
        nearest, any_two = np.median(np.nanmax(similarity, axis=1)), np.nanmean(similarity)
        cut = (1 - way) * nearest + way * any_two
        model = AgglomerativeClustering(
            None, distance_threshold=float(np.sqrt(max(0, 2 - 2 * cut))), linkage="average"
        )
        return without_singles(model.fit_predict(vectors))

    return group


def own_density(vectors: Vectors) -> Labels:
    return density_labels(vectors.astype(np.float32), 2)


def ways() -> Iterator[tuple[str, Run]]:
    yield BASE, own(GroupSettings())
    yield "the program's own, views voting", own(GroupSettings(views="vote"))
    yield "the program's own hdbscan", own(GroupSettings(method="hdbscan"))
    yield "the program's own kmeans", own(GroupSettings(method="kmeans"))
    for selection in ("eom", "leaf"):
        for samples in (1, 2, 3):
            for directions in (0, 16, 32):
                name = f"hdbscan {selection}, min_samples {samples}, PCA {directions or 'none'}"
                yield name, on_bollards(density(selection, samples, directions))
        for told in (0.5, 1.0, 2.0):
            name = f"hdbscan {selection}, min_samples 1, PCA none, attributes x {told}"
            yield name, on_bollards(density(selection, 1, 0), told)
    for told in (0.5, 1.0, 1.5, 2.0):
        yield f"the program's own hdbscan, attributes x {told}", on_bollards(own_density, told)
    for way in (0.05, 0.1, 0.15, 0.2):
        yield f"average linkage, cut at {way}", on_bollards(linkage(way))
        for told in (1.0, 1.5):
            name = f"average linkage, cut at {way}, attributes x {told}"
            yield name, on_bollards(linkage(way), told)
    yield "kmeans, 2 n^0.5 types", on_bollards(kmeans(lambda n: 2 * n**0.5))
    yield "kmeans, 3 n^0.5 types", on_bollards(kmeans(lambda n: 3 * n**0.5))
    yield "kmeans, 1.5 n^0.75 types", on_bollards(kmeans(lambda n: 1.5 * n**0.75))
    yield "kmeans, 2 n^0.75 types", on_bollards(kmeans(lambda n: 2 * n**0.75))
    yield "kmeans, n/3 types", on_bollards(kmeans(lambda n: n / 3))
    yield "kmeans, n/2 types", on_bollards(kmeans(lambda n: n / 2))
    yield (
        "kmeans, true number (yardstick)",
        lambda sample: on_bollards(kmeans(lambda _: sample.kinds))(sample),
    )


def subsets(sample: Sample, count: int, share: float) -> Iterator[Sample]:
    """Random parts of a sample, bollards whole."""
    names = sorted({photo.label.bollard for photo in sample.photos})
    random = np.random.default_rng(0)
    for _ in range(count):
        chosen = set(random.choice(names, round(share * len(names)), replace=False))
        yield sample.part(
            [row for row, one in enumerate(sample.photos) if one.label.bollard in chosen]
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.clusterings")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fold-models", type=Path)
    parser.add_argument("--cache", type=Path, default=Path(".bollards/eval.sqlite"))
    parser.add_argument("--subsets", type=int, default=10, help="of each sample")
    parser.add_argument("--share", type=float, default=0.7, help="of the bollards in a subset")
    given = parser.parse_args()
    wanted = Wanted(given.folder, fold_models=given.fold_models, folds=0, cache=given.cache)
    found = evaluate(wanted, Progress(), compare=False)
    parts = [
        part for sample in found.samples for part in subsets(sample, given.subsets, given.share)
    ]
    figures = {
        name: np.array([agreement(part, run(part))["bcubed"] for part in parts], float)
        for name, run in ways()
    }
    print(f"B-cubed F1 over {len(parts)} subsets of {len(found.samples)} samples")
    for name in sorted(figures, key=lambda name: -figures[name].mean()):
        off = figures[name] - figures[BASE]
        error = off.std() / len(off) ** 0.5
        print(f"{figures[name].mean():.3f}  {off.mean():+.3f} ± {error:.3f}  {name}")


if __name__ == "__main__":
    main()
