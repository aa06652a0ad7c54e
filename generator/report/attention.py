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


def needing_attention(
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
        changes: the changes of this build.
    """
    said = decisions.curation.types
    born = {change.type for change in changes.born}
    unnamed = tuple(
        Unnamed(type_.id, type_.name, len(type_.photos), new=type_.id in born)
        for type_ in sorted(catalogue.types, key=lambda type_: (-len(type_.bollards), type_.id))
        if not (type_.id in said and said[type_.id].name)
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


def likelier_first(
    one_offs: Sequence[Doubtful], chances: Mapping[tuple[str, str], float]
) -> tuple[Doubtful, ...]:
    """The same with each one's candidates in the order of the chances that the report tells.

    They were found by their likeness to the mean of a type; the chances compare photo by photo.
    """
    return tuple(
        replace(
            one,
            candidates=tuple(
                sorted(one.candidates, key=lambda near: -chances[one.bollard, near.type])
            ),
        )
        for one in one_offs
    )
