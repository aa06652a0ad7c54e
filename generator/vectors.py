"""Unit vectors, and the file with those of the published site."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from generator.keep import read_checked, write_checked

FloatArray = NDArray[np.float32]

# A shorter row has no direction, and keeps its length.
_SHORTEST = 1e-12


def unit_rows(rows: NDArray[np.floating]) -> FloatArray:
    """The rows at unit length: float32 [n, d]. A row of zeros stays zero."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: FloatArray = (rows / np.maximum(lengths, _SHORTEST)).astype(np.float32)
    return unit


def mean_directions(embeddings: FloatArray, groups: Iterable[Sequence[int]]) -> FloatArray:
    """The mean direction of each group of rows: float32 [groups, d], rows of unit length."""
    return unit_rows(np.stack([embeddings[list(rows)].mean(axis=0) for rows in groups]))


@dataclass(frozen=True)
class Vectors:
    """The vectors by which the last build measured similarity.

    Attributes:
        ids: photos, one a row of `embeddings`.
        embeddings: float32 [photos, d], rows of unit length.
        fingerprint: of the embedder that made them.
        bollards: keys of the bollards, one a row of `grouped`.
        grouped: float32 [bollards, e], as grouping compared them.
        near: unsorted bollards above this cosine similarity to a type are listed for review.
    """

    ids: Sequence[str]
    embeddings: FloatArray
    fingerprint: str
    bollards: Sequence[str]
    grouped: FloatArray
    near: float


def keep_vectors(path: Path, vectors: Vectors) -> None:
    """Write them in one step. Raises OSError."""
    file = io.BytesIO()
    np.savez(
        file,
        ids=np.array(vectors.ids),
        embeddings=vectors.embeddings,
        fingerprint=np.array(vectors.fingerprint),
        bollards=np.array(vectors.bollards),
        vectors=vectors.grouped,
        near=np.array(vectors.near),
    )
    write_checked(path, file.getvalue())


def load_vectors(path: Path) -> Vectors:
    """Read them. Raises OSError; ValueError or KeyError if the file has another format."""
    with np.load(io.BytesIO(read_checked(path)), allow_pickle=False) as stored:
        return Vectors(
            ids=[str(one) for one in stored["ids"]],
            embeddings=stored["embeddings"],
            fingerprint=str(stored["fingerprint"]),
            bollards=[str(one) for one in stored["bollards"]],
            grouped=stored["vectors"],
            near=float(stored["near"]),
        )
