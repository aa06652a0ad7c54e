"""attributes: takes vectors and the owner's labels, returns the owner's attributes of every photo.

The built-in embedder describes bollards itself. For other collections, site.toml says what
attributes there are, and photos.csv has the values of some photos. `classifier` learns each
attribute from these labels at every build and fills in the other photos. What cannot be learnt from
them stays unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from generator.attributes.classifier import Learnt, learn
from generator.catalogue import Source
from generator.errors import Problem
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


def describe(embeddings: FloatArray, sources: Sequence[Source], things: Things) -> Described:
    """Describe all photos of a collection that has attributes of the owner's.

    Args:
        embeddings: float32 [photos, d], rows of unit length.
        sources: the photos with their labels, one a row.
        things: the attributes.
    """
    photos: list[dict[str, dict[str, float]]] = [{} for _ in sources]
    told: list[str] = []
    problems: list[Problem] = []
    for attribute in things.attributes:
        labels, contradictions = _labels(sources, attribute)
        problems += contradictions
        learnt = _learnt(embeddings, sources, attribute, labels)
        chances = learnt.chances(embeddings) if learnt else None
        for row, (photo, source) in enumerate(zip(photos, sources, strict=True)):
            photo[attribute.name] = dict.fromkeys([one.name for one in attribute.values], 0.0)
            if source.bollard in labels:
                photo[attribute.name][labels[source.bollard]] = 1.0
            elif learnt and chances is not None and chances[row].max() >= _LIKELY:
                for value, chance in zip(learnt.values, chances[row].tolist(), strict=True):
                    photo[attribute.name][value] = round(chance, _DECIMALS)
        if labels:
            told.append(_said(attribute, len(labels), learnt, things.called("en")))
    return Described(tuple(photos), tuple(told), tuple(problems))


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


def _learnt(
    embeddings: FloatArray,
    sources: Sequence[Source],
    attribute: OwnAttribute,
    labels: Mapping[str, str],
) -> Learnt | None:
    # An order that no name of a file can change.
    rows = sorted(
        (row for row, source in enumerate(sources) if source.bollard in labels),
        key=lambda row: sources[row].id,
    )
    if not rows:
        return None
    return learn(
        embeddings[np.array(rows)],
        [labels[sources[row].bollard] for row in rows],
        [sources[row].bollard for row in rows],
        [value.name for value in attribute.values],
    )


def _said(
    attribute: OwnAttribute, labelled: int, learnt: Learnt | None, words: tuple[str, str]
) -> str:
    """What became of the labels of one attribute."""
    things = words[0] if labelled == 1 else words[1]
    if learnt is None:
        return (
            f"{attribute.name}: {labelled} labelled {things}, too few or too alike to learn from;"
            " only these have it."
        )
    said = (
        f"{attribute.name}: learnt from {labelled} labelled {things};"
        f" {learnt.right} of {learnt.tested} right in cross-validation."
    )
    missing = [value.name for value in attribute.values if value.name not in learnt.values]
    return said + (f" Too few labels for {', '.join(missing)}." if missing else "")
