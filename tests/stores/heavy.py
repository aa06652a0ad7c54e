"""Asks the real Chroma, LanceDB, Milvus Lite and Parquet (`make test-stores`).

Their packages take hundreds of megabytes, so `make test` does without them.
"""

from pathlib import Path

import pytest

from generator.errors import BollardsError
from generator.stores import export
from tests.stores import asked


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("chroma", "chroma"),
        ("lancedb", "lance"),
        ("milvus", "milvus.db"),
        ("parquet", "bollards.parquet"),
        ("faiss", "bollards.index"),
    ],
)
def test_a_store_finds_the_same_neighbours_as_exact_comparison(
    kind: str, name: str, tmp_path: Path
) -> None:
    asked.asks_the_same(kind, name, getattr(asked, f"ask_{kind}"), tmp_path)


def test_milvus_needs_the_ending_of_its_files(tmp_path: Path) -> None:
    with pytest.raises(BollardsError, match=r'a name that ends in "\.db"'):
        export(asked.records(), f"milvus:{tmp_path / 'milvus'}", replace=False)
