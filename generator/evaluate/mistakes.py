"""The worst mistakes, as values: the photo, what was expected, and what was found."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generator.evaluate.clusterings import Clustering
from generator.evaluate.labelled import LabelledPhoto
from generator.evaluate.measures import Sample
from generator.group import ONE_OFF
from generator.language.naming import traits
from generator.relate.similarity import DECIMALS


@dataclass(frozen=True, slots=True)
class Missed:
    """A photo whose nearest photo is of another kind, and not another view of its bollard.

    Attributes:
        photo: the query photo.
        view: the nearest other view of its bollard, with its similarity and its `rank` (1 is best).
        found: the photo that was ranked first, with its similarity.
    """

    photo: LabelledPhoto
    view: LabelledPhoto
    view_score: float
    rank: int
    found: LabelledPhoto
    found_score: float


@dataclass(frozen=True, slots=True)
class Misread:
    """A wrong attribute, and the embedder's confidence in the wrong value."""

    photo: LabelledPhoto
    attribute: str
    expected: str
    found: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Mixed:
    """A type whose photos are of several kinds.

    Attributes:
        kinds: each kind with its number of photos, the most frequent first.
        photos: all photos of the type, those of the most frequent kinds first.
        others: the number of photos that are not of the most frequent kind.
    """

    kinds: tuple[tuple[str, int], ...]
    photos: tuple[LabelledPhoto, ...]
    others: int


def missed(sample: Sample) -> list[Missed]:
    """Photos for which a wrong kind ranks before another view, the worst first."""
    similarity = np.round(sample.embeddings @ sample.embeddings.T, DECIMALS)
    np.fill_diagonal(similarity, -np.inf)
    ids = np.array([photo.id for photo in sample.photos])
    bollards = np.array([photo.label.bollard for photo in sample.photos])
    result = []
    for row, photo in enumerate(sample.photos):
        order = np.lexsort((ids, -similarity[row]))
        # The photo itself is last in the order, and does not count as a view.
        views = np.flatnonzero(bollards[order[:-1]] == photo.label.bollard)
        found = sample.photos[order[0]]
        if len(views) == 0 or views[0] == 0 or found.kind == photo.kind:
            continue
        view = order[views[0]]
        result.append(
            Missed(
                photo=photo,
                view=sample.photos[view],
                view_score=float(similarity[row, view]),
                rank=int(views[0]) + 1,
                found=found,
                found_score=float(similarity[row, order[0]]),
            )
        )
    return sorted(result, key=lambda one: (-one.found_score, one.photo.label.file))


def misread(sample: Sample) -> list[Misread]:
    """Wrong attributes, the most confident first; empty for an embedder without words."""
    result = []
    for photo, described in zip(sample.photos, sample.described or (), strict=False):
        for name, trait in traits(described).items():
            expected = photo.label.values.get(name, "")
            if expected and trait.value != expected:
                result.append(Misread(photo, name, expected, trait.value, trait.confidence))
    return sorted(result, key=lambda one: (-one.confidence, one.photo.label.file, one.attribute))


def mixed(sample: Sample, clustering: Clustering) -> list[Mixed]:
    """Types of several kinds, those with most photos of a wrong kind first."""
    members: dict[int, list[LabelledPhoto]] = {}
    labels = clustering.run(sample)
    for photo in sample.photos:
        label = labels[photo.label.bollard]
        if label != ONE_OFF:
            members.setdefault(label, []).append(photo)
    found = [_mixed(photos) for photos in members.values()]
    return sorted(
        (one for one in found if one.others),
        key=lambda one: (-one.others, -len(one.photos), one.photos[0].label.file),
    )


def _mixed(photos: Sequence[LabelledPhoto]) -> Mixed:
    count = Counter(photo.kind for photo in photos)
    kinds = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    place = {kind: number for number, (kind, _) in enumerate(kinds)}
    ordered = sorted(photos, key=lambda photo: (place[photo.kind], photo.label.file))
    return Mixed(tuple(kinds), tuple(ordered), len(photos) - kinds[0][1])
