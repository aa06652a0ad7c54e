"""A Chroma database with the collection "bollards"."""

from pathlib import Path

import chromadb
from chromadb.config import Settings

from generator.stores import NAME, Records


def write(records: Records, path: Path) -> None:
    """Cosine space; the metadata of a photo are those of its item.

    Chroma embeds nothing itself: ask with vectors of the same embedder.
    """
    settings = Settings(anonymized_telemetry=False)
    client = chromadb.PersistentClient(path=str(path), settings=settings)
    try:
        collection = client.create_collection(
            NAME,
            metadata={"embedder": records.embedder, "fingerprint": records.fingerprint},
            configuration={"hnsw": {"space": "cosine"}},
            embedding_function=None,
        )
        step = client.get_max_batch_size()
        for start in range(0, len(records.ids), step):
            part = slice(start, start + step)
            collection.add(
                ids=list(records.ids[part]),
                embeddings=records.vectors[part],
                metadatas=list(records.metadata[part]),
            )
    finally:
        client.close()
