"""Measures whether the names of types are correct, and which bollards do not belong to a type."""

from collections import Counter

import numpy as np

from generator.collect.countries import country_name
from generator.evaluate.countries import code_of
from generator.evaluate.measures import Figures, Sample
from generator.group import members_of
from generator.group.ledger import slugify
from generator.language.addresses import said_by
from generator.language.naming import distinct_names, traits


def names(sample: Sample, clusters: dict[str, int]) -> Figures:
    """The figures of the names that a build would give to the types; {} for a wordless embedder.

    `name-words` is the share of a type's bollards whose label agrees with a word of its name, over
    all words of form, body, pattern, accent and reflector and all bollards with such a label;
    `name-reflectors` the same for reflectors alone. `words-a-name` says how much names say.
    `strays` is the share of grouped photos that are not of the most common kind of their type.

    Args:
        sample: the photos.
        clusters: for each bollard its cluster, `generator.group.ONE_OFF` for unsorted ones.
    """
    if sample.described is None:
        return {}
    rows = sample.rows
    label_of = {photo.label.bollard: photo.label for photo in sample.photos}
    code = {photo.label.bollard: code_of(photo) or "" for photo in sample.photos}
    kind_of = {photo.label.bollard: photo.kind for photo in sample.photos}
    groups = {min(one): one for one in members_of(clusters)}
    photos_of = {
        key: frozenset().union(*(rows.photos_of[bollard] for bollard in members))
        for key, members in groups.items()
    }
    named = distinct_names(
        {key: traits(rows.shares(photos)) for key, photos in photos_of.items()},
        places={
            key: Counter(code[bollard] for bollard in members) for key, members in groups.items()
        },
        called=country_name,
    )
    said = {key: said_by(slugify(name)) for key, name in named.items()}
    right: dict[str, list[bool]] = {"words": [], "reflector": []}
    strays: list[bool] = []
    for key, members in groups.items():
        common = Counter(
            kind_of[bollard] for bollard in sorted(members) for _ in rows.photos_of[bollard]
        ).most_common(1)[0][0]
        for bollard in members:
            strays += [kind_of[bollard] != common] * len(rows.photos_of[bollard])
            for name, value in said[key].items():
                seen = label_of[bollard].values[name]
                if seen:
                    right["words"].append(seen == value)
                    if name == "reflector":
                        right["reflector"].append(seen == value)
    found = {
        "name-words": _mean(right["words"]),
        "name-reflectors": _mean(right["reflector"]),
        "words-a-name": _mean([len(words) for words in said.values()]),
        "numbered-names": float(sum(name[-1:].isdecimal() for name in named.values())),
        "strays": _mean(strays),
    }
    return {name: value for name, value in found.items() if value is not None}


def _mean(values: list[bool] | list[int]) -> float | None:
    return float(np.mean(values)) if values else None
