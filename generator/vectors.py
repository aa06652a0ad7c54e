"""The vectors of the live site, kept beside it for `identify` and `review`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


@dataclass(frozen=True)
class Vectors:
    """What the last build measured likeness by.

    Attributes:
        ids: photos, one a row of `embeddings`.
        embeddings: float32 [photos, d], rows of unit length.
        fingerprint: of the embedder that made them.
        bollards: keys of the bollards, one a row of `grouped`.
        grouped: float32 [bollards, e], as grouping compared them.
        near: the cosine similarity from which on a one-off is worth a person's look.
    """

    ids: Sequence[str]
    embeddings: FloatArray
    fingerprint: str
    bollards: Sequence[str]
    grouped: FloatArray
    near: float


def keep_vectors(path: Path, vectors: Vectors) -> None:
    """Write them; the file is whole at every instant. Raises OSError."""
    temporary = path.with_name(f".{path.name}")
    with temporary.open("wb") as file:
        np.savez(
            file,
            ids=np.array(vectors.ids),
            embeddings=vectors.embeddings,
            fingerprint=np.array(vectors.fingerprint),
            bollards=np.array(vectors.bollards),
            vectors=vectors.grouped,
            near=np.array(vectors.near),
        )
    temporary.replace(path)


def load_vectors(path: Path) -> Vectors:
    """Read them. Raises OSError, or ValueError or KeyError where the file is not one of these."""
    with np.load(path, allow_pickle=False) as stored:
        return Vectors(
            ids=[str(one) for one in stored["ids"]],
            embeddings=stored["embeddings"],
            fingerprint=str(stored["fingerprint"]),
            bollards=[str(one) for one in stored["bollards"]],
            grouped=stored["vectors"],
            near=float(stored["near"]),
        )
