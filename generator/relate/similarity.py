"""Neighbours of photos, look-alikes of types, and duplicates.

Everything is an exact matrix product, in blocks so that memory stays small at any size; for very
large collections an index may propose which photos to compare (see `index`).
Similarities are rounded before they are ranked: the last bits of a product differ between machines,
and the same input must give the same pages.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.catalogue import Lookalike, Neighbour
from generator.relate.index import Finder
from generator.vectors import FloatArray, mean_directions

DECIMALS = 4
LEAST_ALIKE = 0.2
# How many similarities one block has, at least one row of them: tens of megabytes.
_AT_ONCE = 4_000_000
# Proposed beyond those that are asked for: the rounding of similarities decides among the last.
_SPARE = 8


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photo ids (the smaller first) and their cosine similarity."""

    a: str
    b: str
    score: float


def neighbours(
    ids: Sequence[str],
    embeddings: FloatArray,
    count: int,
    pictures: Sequence[str] = (),
    finder: Finder | None = None,
) -> list[tuple[Neighbour, ...]]:
    """The `count` nearest photos of each photo, nearest first, itself left out.

    Bollards of one photo are at one place, so that none of them is a neighbour of another.

    Args:
        ids: photo ids, one a row; equal similarities are ranked by id.
        embeddings: float32 [n, d], rows of unit length.
        count: how many; fewer when the collection is smaller.
        pictures: the photo of each row; () where each row has its own.
        finder: proposes the rows that are compared; None compares all with all.
    """
    order, vectors = _by_id(ids, embeddings)
    beside = _beside([pictures[row] for row in order] if pictures else ())
    if finder is not None:
        return _proposed(ids, order, vectors, count, beside, finder)
    found: list[tuple[Neighbour, ...]] = [()] * len(ids)
    for start, similarity in _blocks(vectors):
        rows = np.arange(len(similarity))
        similarity[rows, start + rows] = -np.inf
        for row in rows.tolist():
            similarity[row, beside.get(start + row, [])] = -np.inf
        for row, best in enumerate(_top(similarity, min(count, len(ids) - 1))):
            found[order[start + row]] = tuple(
                Neighbour(ids[order[column]], _score(similarity[row, column]))
                for column in best
                if similarity[row, column] > -np.inf
            )
    return found


def _proposed(
    ids: Sequence[str],
    order: Sequence[int],
    vectors: FloatArray,
    count: int,
    beside: Mapping[int, Sequence[int]],
    finder: Finder,
) -> list[tuple[Neighbour, ...]]:
    """The same as `neighbours`, among the rows that an index proposes."""
    most = max((len(own) for own in beside.values()), default=1)
    rows = finder(vectors, min(len(vectors), count + most + _SPARE))
    found: list[tuple[Neighbour, ...]] = [()] * len(ids)
    for row, proposed in enumerate(rows.tolist()):
        out = {row, -1, *beside.get(row, ())}
        others = sorted({one for one in proposed if one not in out})
        similarity = np.round(vectors[others] @ vectors[row], DECIMALS)
        best = sorted(
            range(len(others)), key=lambda position: (-similarity[position], others[position])
        )
        found[order[row]] = tuple(
            Neighbour(ids[order[others[position]]], _score(similarity[position]))
            for position in best[:count]
        )
    return found


def most_similar_pairs(
    ids: Sequence[str], embeddings: FloatArray, *, top: int | None = None, at_least: float = -1.0
) -> list[Pair]:
    """Pairs of photos, most similar first: the `top` (at least 1), and none below `at_least`."""
    order, vectors = _by_id(ids, embeddings)
    pairs: list[Pair] = []
    floor = at_least
    for start, similarity in _blocks(vectors):
        # Columns before the block's first row were compared when they were rows themselves.
        rows, columns = np.nonzero(np.triu(similarity[:, start:] >= floor, k=1))
        scores = similarity[rows, start + columns]
        if top is not None and len(scores) > top:
            # Make Python objects only of those that can still be among the best.
            floor = float(np.partition(scores, -top)[-top])
            # Pairs are found in the order of ids, and a stable sort keeps it: that settles ties.
            best = np.argsort(-scores, kind="stable")[:top]
            rows, columns, scores = rows[best], columns[best], scores[best]
        pairs += [
            Pair(ids[order[start + row]], ids[order[start + column]], _score(score))
            for row, column, score in zip(rows, columns, scores, strict=True)
        ]
        pairs.sort(key=lambda pair: (-pair.score, pair.a, pair.b))
        if top is not None and len(pairs) >= top:
            del pairs[top:]
            floor = max(floor, pairs[-1].score)
    return pairs


def lookalikes(
    embeddings: FloatArray,
    members: Mapping[str, Sequence[int]],
    count: int,
    notes: Mapping[tuple[str, str], str] | None = None,
) -> dict[str, tuple[Lookalike, ...]]:
    """The types nearest to each type, by the cosine similarity of their mean directions.

    At most `count`, and none below `LEAST_ALIKE`: nobody confuses those. In addition, all types for
    which the owner wrote how to tell them apart, however low their similarity.

    Args:
        embeddings: float32 [photos, d], rows of unit length.
        members: the rows of each type.
        count: how many at most.
        notes: for a type and another, how to tell the first from the second.
    """
    if not members:
        return {}
    ids = list(members)
    middles = mean_directions(embeddings, members.values())
    found = {
        type_: {other.photo: other.score for other in others if other.score >= LEAST_ALIKE}
        for type_, others in zip(ids, neighbours(ids, middles, count), strict=True)
    }
    row_of = {type_: row for row, type_ in enumerate(ids)}
    told = notes or {}
    for a, b in told:
        found[a].setdefault(b, _score(np.round(middles[row_of[a]] @ middles[row_of[b]], DECIMALS)))
    return {
        type_: tuple(
            Lookalike(other, score, told.get((type_, other), ""))
            for other, score in sorted(others.items(), key=lambda one: (-one[1], one[0]))
        )
        for type_, others in found.items()
    }


def by_typicality(ids: Sequence[str], embeddings: FloatArray) -> list[int]:
    """The rows of one type, the medoid (greatest mean similarity to all its photos) first.

    The mean similarity of a row to all rows is its product with their mean, so this takes one pass
    and no matrix of pairs.
    """
    typicality = np.round(embeddings @ embeddings.mean(axis=0), DECIMALS)
    return sorted(range(len(ids)), key=lambda row: (-typicality[row], ids[row]))


def _beside(pictures: Sequence[str]) -> dict[int, list[int]]:
    """For each row whose picture has several rows, all of these rows."""
    rows: dict[str, list[int]] = {}
    for row, picture in enumerate(pictures):
        rows.setdefault(picture, []).append(row)
    return {row: own for own in rows.values() if len(own) > 1 for row in own}


def _by_id(ids: Sequence[str], embeddings: FloatArray) -> tuple[list[int], FloatArray]:
    """Rows in the order of ids, so that the order of files cannot show in the result."""
    order = sorted(range(len(ids)), key=ids.__getitem__)
    return order, np.ascontiguousarray(embeddings[order])


def _blocks(vectors: FloatArray) -> Iterator[tuple[int, FloatArray]]:
    step = max(1, _AT_ONCE // max(1, len(vectors)))
    for start in range(0, len(vectors), step):
        block = vectors[start : start + step] @ vectors.T
        yield start, np.round(block, DECIMALS, out=block)


def _score(similarity: np.float32) -> float:
    """A plain number of four decimals: 0.1234, not 0.12340000271797180, and never -0.0."""
    return round(float(similarity), DECIMALS) + 0.0


def _top(similarity: FloatArray, count: int) -> NDArray[np.intp]:
    """Columns of the greatest values of each row, best first, the smaller column on a tie."""
    if count <= 0:
        return np.empty((len(similarity), 0), dtype=np.intp)
    columns = similarity.shape[1]
    # Distinct sort keys make the cut at `count` exact among equal values.
    keys = similarity.astype(np.float64) - np.arange(columns) * (10.0**-DECIMALS / columns / 2)
    candidates = np.argpartition(-keys, count - 1, axis=1)[:, :count]
    order = np.argsort(np.take_along_axis(-keys, candidates, axis=1), axis=1)
    return np.take_along_axis(candidates, order, axis=1)
