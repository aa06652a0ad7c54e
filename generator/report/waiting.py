"""Items that need the owner's decision: listed at the end of a build and on the review page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from generator.catalogue import Bollard, Catalogue
from generator.curation.references import Decisions
from generator.relate.candidates import Doubtful, doubtful
from generator.report import Review, Unnamed
from generator.report.changes import Changes

if TYPE_CHECKING:
    from generator.build.types import TypeAssignment


def what_waits(
    catalogue: Catalogue,
    decisions: Decisions,
    assignment: "TypeAssignment",
    changes: Changes,
) -> Review:
    """The types that the owner has not named, doubtful unsorted bollards, and proposed types.

    Args:
        catalogue: the site as it is now.
        decisions: the owner's decisions so far.
        assignment: how the types came about.
        changes: what this build changed.
    """
    said = decisions.curation.types
    born = {kind.type for kind in changes.born}
    unnamed = tuple(
        Unnamed(kind.id, kind.name, len(kind.photos), new=kind.id in born)
        for kind in sorted(catalogue.types, key=lambda kind: (-len(kind.bollards), kind.id))
        if not (kind.id in said and said[kind.id].name)
    )
    vectors = dict(zip(assignment.bollards, assignment.vectors, strict=True))
    return Review(
        unnamed=unnamed,
        one_offs=in_doubt(catalogue.bollards, vectors, assignment.near, decisions),
        proposals=tuple(
            tuple(sorted(photos))
            for photos in sorted(
                assignment.proposals, key=lambda photos: (-len(photos), min(photos))
            )
        ),
    )


def in_doubt(
    bollards: Sequence[Bollard],
    vectors: Mapping[str, NDArray[np.float32]],
    near: float,
    decisions: Decisions,
) -> tuple[Doubtful, ...]:
    """The unsorted bollards that may belong to a type, except those that the owner left unsorted.

    Args:
        bollards: all that are on the site, with their present types.
        vectors: the vector of each bollard for comparison, see `TypeAssignment.vectors`.
        near: the similarity above which a bollard is listed, see `TypeAssignment.near`.
        decisions: the owner's decisions so far.
    """
    if not bollards:
        return ()
    # One row a bollard: its vector for finding the type of a new bollard.
    first = {one.id: min(one.photos) for one in bollards}
    found = doubtful(
        [replace(one, photos=(first[one.id],)) for one in bollards],
        list(first.values()),
        np.stack([vectors[key] for key in first]),
        near=near,
        settled=frozenset(key for key, pin in decisions.pins.items() if pin == ""),
        kept_out=decisions.kept_out,
    )
    photos = {one.id: one.photos for one in bollards}
    return tuple(replace(one, photos=photos[one.bollard]) for one in found)
