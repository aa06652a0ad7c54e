"""attributes: takes vectors and the owner's labels, returns the owner's attributes of every photo.

The built-in embedder describes bollards itself. For other collections, site.toml says what
attributes there are, and photos.csv has the values of some photos. `classifier` learns each
attribute from these labels at every build and fills in the other photos. Where there are too few,
the owner may ask for the encoder's `words`. What neither tells stays unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.attributes.classifier import learn
from generator.attributes.words import (
    EmbedTexts,
    are_trusted,
    chances_by_words,
    sentences,
)
from generator.catalogue import Source
from generator.errors import BollardsError, Problem
from generator.things import OwnAttribute, Things
from generator.vectors import FloatArray
from generator.vocabulary import Probabilities

# Probabilities that no label settles are rounded, so that all machines make the same site.
_DECIMALS = 4
# Below this, what was learnt is a guess, and the attribute of that photo stays unknown.
_LIKELY = 0.6


@dataclass(frozen=True, slots=True)
class Described:
    """The owner's attributes of all photos.

    Attributes:
        photos: for each photo {attribute: {value: probability}}, with every attribute and value.
            All probabilities of an attribute are 0 where nothing is known.
        told: one sentence about each attribute that has labels, for the owner.
        problems: labels that contradict each other.
    """

    photos: tuple[Probabilities, ...]
    told: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """What tells an attribute of the photos without labels.

    Attributes:
        values: those that it can tell.
        chances: float64 [photos, values], their probabilities.
        said: a sentence about it for the owner.
    """

    values: tuple[str, ...]
    chances: NDArray[np.float64] | None
    said: str


def describe(
    embeddings: FloatArray,
    sources: Sequence[Source],
    things: Things,
    embed_texts: EmbedTexts | None = None,
) -> Described:
    """Describe all photos of a collection that has attributes of the owner's.

    Args:
        embeddings: float32 [photos, d], rows of unit length.
        sources: the photos with their labels, one a row.
        things: the attributes.
        embed_texts: the encoder's text tower, if it has one.
    """
    photos: list[dict[str, dict[str, float]]] = [{} for _ in sources]
    said: list[str] = []
    problems: list[Problem] = []
    for attribute in things.attributes:
        labels, contradictions = _labels(sources, attribute)
        problems += contradictions
        told = _by_labels(embeddings, sources, attribute, labels, things)
        if told.chances is None and attribute.by_words:
            try:
                told = _by_words(embeddings, sources, attribute, labels, things, embed_texts)
            except BollardsError as error:
                reason = f'collection.attributes: {attribute.name}: by = "words": {error}'
                problems.append(Problem("site.toml", reason, skipped=False))
        said += [told.said] if told.said else []
        for row, (photo, source) in enumerate(zip(photos, sources, strict=True)):
            photo[attribute.name] = dict.fromkeys([one.name for one in attribute.values], 0.0)
            if source.bollard in labels:
                photo[attribute.name][labels[source.bollard]] = 1.0
            elif told.chances is not None and told.chances[row].max() >= _LIKELY:
                for value, chance in zip(told.values, told.chances[row].tolist(), strict=True):
                    photo[attribute.name][value] = round(chance, _DECIMALS)
    return Described(tuple(photos), tuple(said), tuple(problems))


def _labels(
    sources: Sequence[Source], attribute: OwnAttribute
) -> tuple[dict[str, str], list[Problem]]:
    """The value of each bollard that has one, by its key. Its first photo decides."""
    found: dict[str, tuple[str, str]] = {}
    problems = []
    for source in sources:
        # The row of a photo is about the clearest bollard in it.
        value = source.labels.get(attribute.name) if source.id == source.picture else None
        if value is None:
            continue
        first, file = found.setdefault(source.bollard, (value, source.file))
        if first != value:
            reason = (
                f'{attribute.name} is "{value}" here and "{first}" for photos/{file}, another view'
                f' of the same one. "{first}" is used. Make both the same in photos.csv.'
            )
            problems.append(Problem(f"photos/{source.file}", reason, skipped=False))
    return {bollard: value for bollard, (value, _) in found.items()}, problems


def _by_labels(
    embeddings: FloatArray,
    sources: Sequence[Source],
    attribute: OwnAttribute,
    labels: Mapping[str, str],
    things: Things,
) -> _Told:
    # An order that no name of a file can change.
    rows = sorted(
        (row for row, source in enumerate(sources) if source.bollard in labels),
        key=lambda row: sources[row].id,
    )
    if not rows:
        return _Told((), None, "")
    learnt = learn(
        embeddings[np.array(rows)],
        [labels[sources[row].bollard] for row in rows],
        [sources[row].bollard for row in rows],
        [value.name for value in attribute.values],
    )
    count = _counted(len(labels), things)
    if learnt is None:
        reason = "too few or too alike to learn from; only these have it."
        return _Told((), None, f"{attribute.name}: {count}, {reason}")
    said = (
        f"{attribute.name}: learnt from {count};"
        f" {learnt.right} of {learnt.tested} right in cross-validation."
    )
    missing = [value.name for value in attribute.values if value.name not in learnt.values]
    said += f" Too few labels for {', '.join(missing)}." if missing else ""
    return _Told(learnt.values, learnt.chances(embeddings), said)


def _by_words(
    embeddings: FloatArray,
    sources: Sequence[Source],
    attribute: OwnAttribute,
    labels: Mapping[str, str],
    things: Things,
    embed_texts: EmbedTexts | None,
) -> _Told:
    """What the encoder's words tell, if labels do not refute it.

    Raises:
        BollardsError: the encoder has no text tower, or it cannot be used.
    """
    if embed_texts is None:
        raise BollardsError(
            'the embedder knows no words. Choose one that does under [embed], such as "clip" or'
            ' "siglip", or label photos and write by = "labels".'
        )
    chances = chances_by_words(embeddings, embed_texts(sentences(attribute, things)))
    names = tuple(value.name for value in attribute.values)
    total: dict[str, NDArray[np.float64]] = {}
    for source, row in zip(sources, chances, strict=True):
        total[source.bollard] = total.get(source.bollard, 0.0) + row
    right = sum(names[int(total[key].argmax())] == label for key, label in labels.items())
    count = _counted(len(labels), things)
    if not are_trusted(right, len(labels), len(names)):
        said = f"{attribute.name}: words tell only {right} of {count} rightly, and are not used."
        return _Told((), None, said)
    tested = f"{right} of {count} right" if labels else "no labels to test it with"
    return _Told(names, chances, f"{attribute.name}: told by words; {tested}.")


def _counted(labelled: int, things: Things) -> str:
    """How many labels there are: "10 labelled manhole covers"."""
    one, many = things.called("en")
    return f"{labelled} labelled {one if labelled == 1 else many}"
