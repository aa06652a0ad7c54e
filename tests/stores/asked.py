"""One question for every store: the same neighbours as by exact comparison, and their metadata."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from generator.stores import COLUMNS, NAME, Records, export

Answer = list[tuple[str, str, str]]
Ask = Callable[[Path, np.ndarray, int], Answer]
COUNT = 6


def records(count: int = 40, dimensions: int = 16) -> Records:
    """Drawn vectors, with metadata that no store may change."""
    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(count, dimensions)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = []
    for row in range(count):
        known = dict.fromkeys(COLUMNS, "")
        known |= {"file": f'été/"{row}" 🚧.jpg', "type": f"type-{row % 5}" if row % 3 else ""}
        rows.append(known | {"licence": "CC BY 4.0", "country": "FR"})
    ids = tuple(f"{row:012x}" for row in range(count))
    return Records(ids, vectors, tuple(rows), "builtin", "f" * 64)


def expected(known: Records, question: np.ndarray) -> Answer:
    """The nearest by exact comparison: ids, files and types."""
    best = np.argsort(-(known.vectors @ question))[:COUNT]
    return [
        (known.ids[row], known.metadata[row]["file"], known.metadata[row]["type"]) for row in best
    ]


def asks_the_same(kind: str, name: str, ask: Ask, folder: Path) -> None:
    """Export to a real store twice, and compare its answers with exact ones."""
    known = records()
    place = folder / name
    for replace in (False, True):
        assert export(known, f"{kind}:{place}", replace=replace) == place
        for question in known.vectors[:5]:
            assert ask(place, question, COUNT) == expected(known, question)
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) == []


def ask_faiss(place: Path, question: np.ndarray, count: int) -> Answer:
    import faiss

    lines = place.with_name(f"{place.name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines[1:]]
    _, found = faiss.read_index(str(place)).search(question[None], count)
    return [(rows[row]["id"], rows[row]["file"], rows[row]["type"]) for row in found[0]]


def ask_parquet(place: Path, question: np.ndarray, count: int) -> Answer:
    import pyarrow.parquet as pq

    table = pq.read_table(place)
    assert table.schema.metadata[b"embedder"] == b"builtin"
    vectors = np.array(table["vector"].to_pylist(), np.float32)
    rows = table.drop_columns(["vector"]).to_pylist()
    best = np.argsort(-(vectors @ question))[:count]
    return [(rows[row]["id"], rows[row]["file"], rows[row]["type"]) for row in best.tolist()]


def ask_chroma(place: Path, question: np.ndarray, count: int) -> Answer:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient

    # In one process, Chroma keeps a database open by its path.
    SharedSystemClient.clear_system_cache()
    collection = chromadb.PersistentClient(str(place)).get_collection(NAME)
    found = collection.query(query_embeddings=question[None], n_results=count)
    rows = zip(found["ids"][0], found["metadatas"][0], strict=True)
    return [(key, values["file"], values["type"]) for key, values in rows]


def ask_lancedb(place: Path, question: np.ndarray, count: int) -> Answer:
    import lancedb

    table = lancedb.connect(str(place)).open_table(NAME)
    found = table.search(question).distance_type("cosine").limit(count).to_list()
    return [(one["id"], one["file"], one["type"]) for one in found]


def ask_milvus(place: Path, question: np.ndarray, count: int) -> Answer:
    from milvus_lite.server_manager import server_manager_instance
    from pymilvus import MilvusClient

    client = MilvusClient(str(place))
    try:
        client.load_collection(NAME)
        (found,) = client.search(
            NAME, data=[question.tolist()], limit=count, output_fields=["file", "type"]
        )
    finally:
        client.close()
        server_manager_instance.release_server(str(place))
    return [(one["id"], one["entity"]["file"], one["entity"]["type"]) for one in found]
