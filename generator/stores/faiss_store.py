"""A FAISS index: exact, of inner products. FAISS keeps numbers only, so the rest is beside it."""

import json
from pathlib import Path

import faiss

from generator.stores import Records


def write(records: Records, path: Path) -> None:
    """Write the index, and PLACE.jsonl: line n + 1 is the row n of the index.

    The first line of PLACE.jsonl names the embedder, its fingerprint and the dimensions.
    """
    index = faiss.IndexFlatIP(records.dimensions)
    index.add(records.vectors)
    faiss.write_index(index, str(path))
    head = {
        "embedder": records.embedder,
        "fingerprint": records.fingerprint,
        "dimensions": records.dimensions,
    }
    rows = (
        {"id": key, **values} for key, values in zip(records.ids, records.metadata, strict=True)
    )
    lines = (json.dumps(one, ensure_ascii=False) for one in (head, *rows))
    path.with_name(f"{path.name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
