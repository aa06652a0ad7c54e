"""A LanceDB database with the table "bollards"."""

from pathlib import Path

import lancedb

from generator.stores import NAME, Records
from generator.stores.parquet_store import table


def write(records: Records, path: Path) -> None:
    """Columns as in a Parquet file. Ask with `.distance_type("cosine")`."""
    lancedb.connect(str(path)).create_table(NAME, data=table(records))
