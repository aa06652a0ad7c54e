"""The photos of a collection as rows of one table, from grouping to the finished catalogue.

Row i of every column is the same photo. Grouping, relating, assembling and identifying all read
this table and its views, so that no two of them can disagree about an order.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from generator.vectors import FloatArray
from generator.vocabulary import Probabilities, pooled, shares


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
        described: the attributes of each photo from the embedder, or None if it has no words.
        embedder: fingerprint of the embedder.
        pictures: the photo that each row is from: the same for bollards of one photo; () where
            each has its own.
        countries: the country code of each photo, None where unknown; may be left out.
    """

    ids: tuple[str, ...]
    bollards: tuple[str, ...]
    files: tuple[str, ...]
    embeddings: FloatArray
    described: tuple[Probabilities, ...] | None = None
    embedder: str = ""
    pictures: tuple[str, ...] = ()
    countries: tuple[str | None, ...] = ()

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
    def bollard_of(self) -> Mapping[str, str]:
        """The bollard of each photo, by the photo's id."""
        return dict(zip(self.ids, self.bollards, strict=True))

    @cached_property
    def own_files(self) -> Mapping[str, str]:
        """`file_of`, of several bollards in one photo only the one with the photo's id."""
        of = dict(zip(self.ids, self.pictures or self.ids, strict=True))
        return {photo: file for photo, file in self.file_of.items() if of[photo] == photo}

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

    def without(self, bollards: Collection[str]) -> "PhotoRows":
        """The table without the photos of some bollards."""
        kept = [row for row, key in enumerate(self.bollards) if key not in bollards]
        if len(kept) == len(self):
            return self
        return replace(
            self,
            ids=tuple(self.ids[row] for row in kept),
            bollards=tuple(self.bollards[row] for row in kept),
            files=tuple(self.files[row] for row in kept),
            embeddings=self.embeddings[kept],
            described=tuple(self.described[row] for row in kept) if self.described else None,
            pictures=tuple(self.pictures[row] for row in kept) if self.pictures else (),
            countries=tuple(self.countries[row] for row in kept) if self.countries else (),
        )

    def places(self, photos: Collection[str]) -> dict[str, int]:
        """How many bollards of some photos each country has; "" counts those of unknown ones."""
        if not self.countries:
            return {}
        found: dict[str, str] = {}
        for row in sorted(self.row_of[photo] for photo in photos):
            bollard = self.bollards[row]
            found[bollard] = found.get(bollard) or self.countries[row] or ""
        return dict(Counter(found.values()))

    def shares(self, photos: Collection[str]) -> Probabilities:
        """The share of the bollards of some photos that show each value; {} without attributes."""
        views: dict[str, list[int]] = {}
        for row in sorted(self.row_of[photo] for photo in photos):
            views.setdefault(self.bollards[row], []).append(row)
        return shares([self.look(rows) for rows in views.values()])

    def look(self, rows: Sequence[int]) -> Probabilities:
        """The mean attributes of some photos; {} if the embedder has no words."""
        if not self.described:
            return {}
        own = tuple(rows)
        if own not in self._looks:
            self._looks[own] = pooled([self.described[row] for row in own])
        return self._looks[own]

    @cached_property
    def _looks(self) -> dict[tuple[int, ...], Probabilities]:
        """The results of `look`, which several steps ask for the same bollards."""
        return {}


def views_of(photo_ids: Sequence[str], bollards: Sequence[str]) -> Views:
    """Collect the views of each bollard. The arguments are parallel: one entry for each photo."""
    members: dict[str, list[int]] = {}
    for row in sorted(range(len(photo_ids)), key=photo_ids.__getitem__):
        members.setdefault(bollards[row], []).append(row)
    return Views(tuple(members), tuple(tuple(rows) for rows in members.values()))
