"""Made-up photos as rows."""

from collections.abc import Sequence

from generator.rows import PhotoRows
from generator.vectors import FloatArray
from generator.vocabulary import Probabilities


def photo_rows(
    ids: Sequence[str],
    bollards: Sequence[str],
    embeddings: FloatArray,
    described: Sequence[Probabilities] | None = None,
    embedder: str = "made",
) -> PhotoRows:
    """Photos whose files are called after their ids."""
    return PhotoRows(
        tuple(ids),
        tuple(bollards),
        tuple(f"{photo}.jpg" for photo in ids),
        embeddings,
        None if described is None else tuple(described),
        embedder,
    )
