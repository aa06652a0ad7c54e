"""The figures: retrieval, attributes, and the agreement of types with kinds.

Two bollards are of one kind if form, body, pattern and accent colour all agree. Figures are shares
from 0 to 1, or None if no photo could be counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from generator.catalogue import Neighbour
from generator.evaluate.labelled import LabelledPhoto
from generator.evaluate.labels import SAME_BOLLARD_KS, SAME_KIND_KS
from generator.language.naming import traits
from generator.relate.similarity import neighbours
from generator.rows import PhotoRows
from generator.vectors import FloatArray
from generator.vocabulary import KIND, VOCABULARY, Probabilities

Figures = Mapping[str, float | None]

NEIGHBOURS = 12
"""The least number of neighbours that a site shows; later ones do not count as found."""


@dataclass(frozen=True)
class Sample:
    """Photos that are measured among themselves, all in the same order.

    Attributes:
        photos: the labelled photos.
        embeddings: float32 [n, d], rows of unit length.
        described: the attributes of each photo, or None if the embedder has no words.
    """

    photos: tuple[LabelledPhoto, ...]
    embeddings: FloatArray
    described: tuple[Probabilities, ...] | None

    def part(self, rows: Sequence[int]) -> "Sample":
        """The photos of some rows."""
        return Sample(
            tuple(self.photos[row] for row in rows),
            self.embeddings[list(rows)],
            None if self.described is None else tuple(self.described[row] for row in rows),
        )

    @cached_property
    def rows(self) -> PhotoRows:
        """The same photos as a build has them."""
        return PhotoRows(
            ids=tuple(photo.id for photo in self.photos),
            bollards=tuple(photo.label.bollard for photo in self.photos),
            files=tuple(photo.label.file for photo in self.photos),
            embeddings=self.embeddings,
            described=self.described,
        )

    @property
    def kinds(self) -> int:
        """The number of kinds."""
        return len({photo.kind for photo in self.photos})


def retrieval(sample: Sample) -> Figures:
    """same-bollard@k and same-kind@k.

    same-bollard@k: another photo of the same bollard is among the k nearest; counted for photos
    whose bollard has another photo. same-kind@k: at least one of the k nearest photos of other
    bollards is of the same kind; counted for photos whose kind has another bollard.
    """
    photos = {photo.id: photo for photo in sample.photos}
    near = neighbours(sample.rows.ids, sample.embeddings, NEIGHBOURS)
    views: dict[str, int] = {}
    stands: dict[str, set[str]] = {}
    for photo in sample.photos:
        views[photo.label.bollard] = views.get(photo.label.bollard, 0) + 1
        stands.setdefault(photo.kind, set()).add(photo.label.bollard)
    hits: dict[str, list[bool]] = {f"same-bollard@{k}": [] for k in SAME_BOLLARD_KS}
    hits |= {f"same-kind@{k}": [] for k in SAME_KIND_KS}
    for photo, found in zip(sample.photos, near, strict=True):
        same, alike = _answers(photo, found, photos)
        if views[photo.label.bollard] > 1:
            for k in SAME_BOLLARD_KS:
                hits[f"same-bollard@{k}"].append(any(same[:k]))
        if len(stands[photo.kind]) > 1:
            for k in SAME_KIND_KS:
                hits[f"same-kind@{k}"].append(any(alike[:k]))
    return {name: _mean(found) for name, found in hits.items()}


def _answers(
    photo: LabelledPhoto, found: Sequence[Neighbour], photos: Mapping[str, LabelledPhoto]
) -> tuple[list[bool], list[bool]]:
    """Which neighbours show the same bollard; and which of the others are of the same kind."""
    ranked = [photos[neighbour.photo] for neighbour in found]
    same = [one.label.bollard == photo.label.bollard for one in ranked]
    alike = [one.kind == photo.kind for one, own in zip(ranked, same, strict=True) if not own]
    return same, alike


def attributes(sample: Sample) -> Figures:
    """The share of photos whose most probable value is the labelled one; {} without words.

    Photos without a label for an attribute are not counted. `kind` means form, body, pattern and
    accent at once.
    """
    if sample.described is None:
        return {}
    right: dict[str, list[bool]] = {name: [] for name in (*VOCABULARY, "kind")}
    for photo, described in zip(sample.photos, sample.described, strict=True):
        told = {name: trait.value for name, trait in traits(described).items()}
        for name, value in photo.label.values.items():
            if value and name in told:
                right[name].append(told[name] == value)
        if all(photo.label.values[name] and name in told for name in KIND):
            right["kind"].append(all(told[name] == photo.label.values[name] for name in KIND))
    return {name: _mean(answers) for name, answers in right.items() if answers}


def agreement(sample: Sample, clusters: Mapping[str, int], one_off: int = -1) -> Figures:
    """The agreement of types with kinds.

    B-cubed counts each unsorted photo as a type of its own. The V-measure (Rosenberg and Hirschberg
    2007) and the adjusted Rand index (Hubert and Arabie 1985) count only photos in types.

    Args:
        sample: the photos.
        clusters: the cluster of each bollard, `one_off` if it has none.
        one_off: the number that means "no cluster".
    """
    from sklearn.metrics import adjusted_rand_score, v_measure_score

    labels = [clusters[photo.label.bollard] for photo in sample.photos]
    kinds = [photo.kind for photo in sample.photos]
    found = [
        f"type {label}" if label != one_off else f"alone {photo.id}"
        for label, photo in zip(labels, sample.photos, strict=True)
    ]
    precision, recall = bcubed(kinds, found)
    inside = [row for row, label in enumerate(labels) if label != one_off]
    truth, types = [kinds[row] for row in inside], [found[row] for row in inside]
    return {
        "bcubed": 2 * precision * recall / (precision + recall),
        "precision": precision,
        "recall": recall,
        "v": float(v_measure_score(truth, types)) if inside else None,
        "ari": float(adjusted_rand_score(truth, types)) if inside else None,
        "grouped": len(inside) / len(labels),
        "types": float(len(set(labels) - {one_off})),
    }


def bcubed(truth: Sequence[str], found: Sequence[str]) -> tuple[float, float]:
    """B-cubed precision and recall of a clustering (Bagga and Baldwin 1998).

    An item's precision is the share of its cluster that is of its class, its recall the share of
    its class that is in its cluster; both are averaged over items. Of the usual measures it is the
    one that meets all four constraints of Amigó, Gonzalo, Artiles and Verdejo (2009).

    Args:
        truth: the class of each item, at least one item.
        found: the cluster of each item.
    """
    classes, class_sizes = np.unique(truth, return_inverse=True, return_counts=True)[1:]
    clusters, cluster_sizes = np.unique(found, return_inverse=True, return_counts=True)[1:]
    pairs = classes.astype(np.int64) * len(cluster_sizes) + clusters
    cells, counts = np.unique(pairs, return_inverse=True, return_counts=True)[1:]
    shared = counts[cells]
    return (
        float((shared / cluster_sizes[clusters]).mean()),
        float((shared / class_sizes[classes]).mean()),
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure's mean and population standard deviation over the folds that have it.

    `mean` is None if no fold has it, `deviation` if fewer than two folds have it.
    """

    mean: float | None
    deviation: float | None


def over_folds(folds: Sequence[Figures]) -> dict[str, Spread]:
    """Each figure's mean and spread over the folds that have it."""
    names = dict.fromkeys(name for fold in folds for name in fold)
    return {name: _spread([fold.get(name) for fold in folds]) for name in names}


def _spread(values: Sequence[float | None]) -> Spread:
    asked = [value for value in values if value is not None]
    return Spread(
        float(np.mean(asked)) if asked else None, float(np.std(asked)) if len(asked) > 1 else None
    )


def _mean(answers: Sequence[bool]) -> float | None:
    return float(np.mean(answers)) if answers else None
