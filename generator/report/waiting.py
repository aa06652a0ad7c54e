"""What waits for the person who curates: told at the end of a build, shown by the review page."""

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
    """The types without a name of a person's, doubtful one-offs, and proposed types.

    Args:
        catalogue: the site as it is now.
        decisions: what the person decided so far.
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
    """The one-offs that may belong to a type, but for those that are one-offs on purpose.

    Args:
        bollards: all that are on the site, with the types they have by now.
        vectors: what each is compared by, see `TypeAssignment.vectors`.
        near: the similarity from which on it is worth a look, see `TypeAssignment.near`.
        decisions: what the person decided so far.
    """
    if not bollards:
        return ()
    # One row a bollard, the one by which new bollards find their types.
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
