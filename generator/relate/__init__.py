"""relate: takes photos and their types, returns neighbours, look-alikes and the layout.

`similarity` finds neighbours, look-alikes and duplicates, `order` the order of the cards, `layout`
the cell of each photo on the contact sheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from generator.catalogue import Lookalike, Neighbour
from generator.config import RelateSettings
from generator.relate.grid import Cell
from generator.relate.index import load_finder
from generator.relate.layout import Layout, lay_out
from generator.relate.order import card_order
from generator.relate.similarity import Pair, lookalikes, neighbours
from generator.relate.tsne import Place
from generator.rows import PhotoRows

# A setting that calls everything a duplicate must not fill the report.
_MOST_DUPLICATES = 1000


@dataclass(frozen=True)
class Relations:
    """How the photos and types of one build relate.

    Attributes:
        neighbours: of each photo, one a row, nearest first.
        lookalikes: of each type, most alike first.
        order: the ids of all types in the order of their cards.
        duplicates: photos so similar that they may be the same picture.
        layout: the cell of each photo, and the position of each type.
    """

    neighbours: Sequence[tuple[Neighbour, ...]]
    lookalikes: Mapping[str, tuple[Lookalike, ...]]
    order: Sequence[str]
    duplicates: Sequence[Pair]
    layout: Layout


def relate(
    rows: PhotoRows,
    types: Mapping[str, frozenset[str]],
    notes: Mapping[tuple[str, str], str],
    settings: RelateSettings,
    known: Mapping[str, Place],
    cells: Mapping[str, Cell] = MappingProxyType({}),
) -> Relations:
    """Find out how photos and types relate.

    Args:
        rows: the photos.
        types: photo ids by type id.
        notes: for a type and another, how to tell the first from the second.
        settings: how many of each to find.
        known: the positions of types in the last build's layout.
        cells: of photos in the last build's layout, see `lay_out`.
    """
    members = rows.members(types)
    finder = load_finder(settings.index)
    near = neighbours(rows.ids, rows.embeddings, settings.neighbours, rows.pictures, finder)
    return Relations(
        neighbours=near,
        lookalikes=lookalikes(rows.embeddings, members, settings.lookalikes, notes),
        order=card_order(
            rows.embeddings,
            members,
            {key: rows.look(own) for key, own in members.items()},
            {key: len({rows.bollards[row] for row in own}) for key, own in members.items()},
        ),
        duplicates=_duplicates(rows.ids, near, settings.duplicates),
        layout=lay_out(rows, types, known, cells),
    )


def _duplicates(
    ids: Sequence[str], near: Sequence[tuple[Neighbour, ...]], at_least: float
) -> list[Pair]:
    """Pairs of neighbours that are so similar, most similar first.

    Of very many copies of one picture, each is paired with its neighbours only.
    """
    pairs = {
        Pair(min(photo, other.photo), max(photo, other.photo), other.score)
        for photo, own in zip(ids, near, strict=True)
        for other in own
        if other.score >= at_least
    }
    return sorted(pairs, key=lambda pair: (-pair.score, pair.a, pair.b))[:_MOST_DUPLICATES]
