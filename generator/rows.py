"""The photos of a collection as rows of one table, from grouping to the finished catalogue.

Row i of every column is the same photo. Grouping, relating, assembling and identifying all read
this table and what is derived from it, so that no two of them can disagree about an order.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from generator.vectors import FloatArray
from generator.vocabulary import Probabilities, pooled


@dataclass(frozen=True, slots=True)
class Views:
    """The photos of each bollard, in an order that no file name or file order can change.

    Attributes:
        bollards: keys of the bollards, ordered by their smallest photo id.
        rows: for each bollard, the rows of its photos in the table, by photo id.
    """

    bollards: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class PhotoRows:
    """Photos as rows.

    Attributes:
        ids: photo ids.
        bollards: the key of the bollard that each photo shows.
        files: paths below `photos/`.
        embeddings: float32 [photos, d], rows of unit length.
        described: the attributes of each photo as the embedder tells them, or None when it has no
            words.
        embedder: fingerprint of the embedder.
    """

    ids: tuple[str, ...]
    bollards: tuple[str, ...]
    files: tuple[str, ...]
    embeddings: FloatArray
    described: tuple[Probabilities, ...] | None = None
    embedder: str = ""

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The row of each photo, by id."""
        return {photo: row for row, photo in enumerate(self.ids)}

    @cached_property
    def file_of(self) -> Mapping[str, str]:
        """The file of each photo, by id."""
        return dict(zip(self.ids, self.files, strict=True))

    @cached_property
    def views(self) -> Views:
        """The rows of each bollard."""
        return views_of(self.ids, self.bollards)

    @cached_property
    def photos_of(self) -> Mapping[str, frozenset[str]]:
        """The photo ids of each bollard, by its key."""
        return {
            bollard: frozenset(self.ids[row] for row in rows)
            for bollard, rows in zip(self.views.bollards, self.views.rows, strict=True)
        }

    def members(self, types: Mapping[str, Collection[str]]) -> dict[str, list[int]]:
        """The rows of each type, types and photos ordered by id."""
        return {key: [self.row_of[photo] for photo in sorted(types[key])] for key in sorted(types)}

    def look(self, rows: Sequence[int]) -> Probabilities:
        """The mean attributes of some photos; {} when the embedder has no words."""
        return pooled([self.described[row] for row in rows]) if self.described else {}


def views_of(photo_ids: Sequence[str], bollards: Sequence[str]) -> Views:
    """Collect the views of each bollard; the arguments are parallel, one entry a photo."""
    members: dict[str, list[int]] = {}
    for row in sorted(range(len(photo_ids)), key=photo_ids.__getitem__):
        members.setdefault(bollards[row], []).append(row)
    return Views(tuple(members), tuple(tuple(rows) for rows in members.values()))
