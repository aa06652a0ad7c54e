"""Measures embeddings and attributes on labelled photos.

The measures: how often another photo of the same bollard is among the k nearest, how often a photo
of another bollard of the same kind is among the k nearest of other bollards, and how often an
attribute is correct.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from generator.vocabulary import KIND, VOCABULARY, canonical

Vectors = npt.NDArray[np.float32]

SAME_BOLLARD_KS = (1, 3, 10)
SAME_KIND_KS = (1, 3)


@dataclass(frozen=True)
class Label:
    """The label of one photo: its bollard, its country, and the value of each attribute."""

    file: str
    bollard: str
    country: str
    values: Mapping[str, str]

    @property
    def kind(self) -> tuple[str, ...]:
        """Form, body, pattern and accent together."""
        return tuple(self.values[name] for name in KIND)


def label_of(row: Mapping[str, str]) -> Label:
    """A row of ``labels.csv`` as a label; a missing reflector stays empty. Raises KeyError."""
    values = {name: canonical(row.get(name, "") or "") for name in VOCABULARY}
    return Label(row["file"], row["bollard"], row["country"], values)


def measure_neighbours(
    embeddings: Vectors, labels: Sequence[Label], queries: Sequence[int] | None = None
) -> dict[str, float]:
    """Same-bollard@k and same-kind@k, as shares of the queries that have a correct answer.

    ``embeddings`` is float32 [n, d] with unit rows, one for each label. Every photo is in the
    gallery; ``queries`` are the indices of query photos, by default all. A photo never finds
    itself. Raises ValueError if the lengths differ.
    """
    if len(embeddings) != len(labels):
        raise ValueError(f"{len(embeddings)} embeddings for {len(labels)} labels")
    asked = np.arange(len(labels)) if queries is None else np.asarray(queries, dtype=np.int64)
    bollards = np.unique([label.bollard for label in labels], return_inverse=True)[1]
    kinds = np.unique(["|".join(label.kind) for label in labels], return_inverse=True)[1]
    similarity = embeddings[asked] @ embeddings.T
    similarity[np.arange(len(asked)), asked] = -np.inf
    order = np.argsort(-similarity, axis=1, kind="stable")[:, :-1]
    hits: dict[str, list[bool]] = {f"same-bollard@{k}": [] for k in SAME_BOLLARD_KS}
    hits |= {f"same-kind@{k}": [] for k in SAME_KIND_KS}
    for row, photo in enumerate(asked):
        ranked = order[row]
        same = bollards[ranked] == bollards[photo]
        if same.any():
            for k in SAME_BOLLARD_KS:
                hits[f"same-bollard@{k}"].append(bool(same[:k].any()))
        alike = kinds[ranked[~same]] == kinds[photo]
        if alike.any():
            for k in SAME_KIND_KS:
                hits[f"same-kind@{k}"].append(bool(alike[:k].any()))
    return {name: float(np.mean(found)) if found else float("nan") for name, found in hits.items()}


def measure_attributes(
    probabilities: Mapping[str, Vectors], labels: Sequence[Label]
) -> dict[str, float]:
    """For each attribute, the share of photos whose most probable value is the labelled one.

    ``probabilities[name]`` is float32 [n, len(VOCABULARY[name])]. Photos without a label for an
    attribute are not counted.
    """
    result = {}
    for name, values in VOCABULARY.items():
        if name not in probabilities:
            continue
        best = probabilities[name].argmax(axis=1)
        right = [
            values[best[row]] == label.values[name]
            for row, label in enumerate(labels)
            if label.values[name]
        ]
        result[name] = float(np.mean(right)) if right else float("nan")
    return result


def spread(figures: Sequence[Mapping[str, float]]) -> dict[str, tuple[float, float]]:
    """For each figure, the mean and the population standard deviation over the folds."""
    names = figures[0].keys() if figures else ()
    return {
        name: (
            float(np.mean([fold[name] for fold in figures])),
            float(np.std([fold[name] for fold in figures])),
        )
        for name in names
    }


def folds(labels: Sequence[Label], count: int, seed: int = 0) -> list[npt.NDArray[np.int64]]:
    """The photos of each fold (indices), bollards shuffled by ``seed`` and never split."""
    names = sorted({label.bollard for label in labels})
    np.random.default_rng(seed).shuffle(names)
    fold_of = {name: index % count for index, name in enumerate(names)}
    found = np.array([fold_of[label.bollard] for label in labels])
    return [np.flatnonzero(found == fold) for fold in range(count)]
