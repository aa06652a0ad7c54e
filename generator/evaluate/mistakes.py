"""The worst mistakes, as values: what was shown, what was expected, what was found."""

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
    """The other view was not found first, but a photo of another kind was.

    Attributes:
        photo: whose nearest photos were asked for.
        twin: the nearest other view of its bollard, `twin_score` alike, at `rank` (1 is best).
        found: what was ranked first, `found_score` alike.
    """

    photo: LabelledPhoto
    twin: LabelledPhoto
    twin_score: float
    rank: int
    found: LabelledPhoto
    found_score: float


@dataclass(frozen=True, slots=True)
class Misread:
    """An attribute told wrongly, and how sure the embedder was of the wrong value."""

    photo: LabelledPhoto
    attribute: str
    expected: str
    told: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Mixed:
    """A type whose photos are of several kinds.

    Attributes:
        kinds: each kind and its number of photos, the commonest first.
        photos: all of the type's photos, those of the commonest kinds first.
        strangers: how many are not of the commonest kind.
    """

    kinds: tuple[tuple[str, int], ...]
    photos: tuple[LabelledPhoto, ...]
    strangers: int


def missed(sample: Sample) -> list[Missed]:
    """Photos whose other view is not first while a wrong kind is; the surest mistakes first."""
    similarity = np.round(sample.embeddings @ sample.embeddings.T, DECIMALS)
    np.fill_diagonal(similarity, -np.inf)
    ids = np.array([photo.id for photo in sample.photos])
    bollards = np.array([photo.label.bollard for photo in sample.photos])
    result = []
    for row, photo in enumerate(sample.photos):
        order = np.lexsort((ids, -similarity[row]))
        # The photo itself is last in the order, and no view of itself.
        twins = np.flatnonzero(bollards[order[:-1]] == photo.label.bollard)
        found = sample.photos[order[0]]
        if len(twins) == 0 or twins[0] == 0 or found.kind == photo.kind:
            continue
        twin = order[twins[0]]
        result.append(
            Missed(
                photo=photo,
                twin=sample.photos[twin],
                twin_score=float(similarity[row, twin]),
                rank=int(twins[0]) + 1,
                found=found,
                found_score=float(similarity[row, order[0]]),
            )
        )
    return sorted(result, key=lambda one: (-one.found_score, one.photo.label.file))


def misread(sample: Sample) -> list[Misread]:
    """Attributes told wrongly, the surest first; nothing for an embedder without words."""
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
        (one for one in found if one.strangers),
        key=lambda one: (-one.strangers, -len(one.photos), one.photos[0].label.file),
    )


def _mixed(photos: Sequence[LabelledPhoto]) -> Mixed:
    count = Counter(photo.kind for photo in photos)
    kinds = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    place = {kind: number for number, (kind, _) in enumerate(kinds)}
    ordered = sorted(photos, key=lambda photo: (place[photo.kind], photo.label.file))
    return Mixed(tuple(kinds), tuple(ordered), len(photos) - kinds[0][1])
