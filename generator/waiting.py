"""What waits for the person who curates: told at the end of a build."""

from dataclasses import replace

from generator.catalogue import Catalogue
from generator.changes import Changes
from generator.curation.references import Decisions
from generator.relate.candidates import doubtful
from generator.report import Review, Unnamed
from generator.typed import Typed


def what_waits(
    catalogue: Catalogue,
    decisions: Decisions,
    typed: Typed,
    changes: Changes,
) -> Review:
    """The types without a name of a person's, doubtful one-offs, and proposed types.

    Args:
        catalogue: the site as it is now.
        decisions: what the person decided so far.
        typed: how the types came about.
        changes: what this build changed.
    """
    said = decisions.curation.types
    born = {kind.type for kind in changes.born}
    unnamed = tuple(
        Unnamed(kind.id, kind.name, len(kind.photos), new=kind.id in born)
        for kind in sorted(catalogue.types, key=lambda kind: (-len(kind.bollards), kind.id))
        if not (kind.id in said and said[kind.id].name)
    )
    # One row a bollard, the one by which new bollards find their types.
    first = {key: min(catalogue.bollard[key].photos) for key in typed.bollards}
    near = doubtful(
        [replace(one, photos=(first[one.id],)) for one in catalogue.bollards],
        [first[key] for key in typed.bollards],
        typed.vectors,
        near=typed.near,
        settled=frozenset(key for key, pin in decisions.pins.items() if pin == ""),
        kept_out=decisions.kept_out,
    )
    return Review(
        unnamed=unnamed,
        one_offs=tuple(replace(one, photos=catalogue.bollard[one.bollard].photos) for one in near),
        proposals=tuple(
            tuple(sorted(photos))
            for photos in sorted(typed.proposals, key=lambda photos: (-len(photos), min(photos)))
        ),
    )
