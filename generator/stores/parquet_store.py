"""A Parquet file: a row a photo, its vector as a list of numbers."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from generator.stores import COLUMNS, Records


def write(records: Records, path: Path) -> None:
    """Columns `id`, `vector` (float32 of fixed length) and the metadata, as texts.

    The metadata of the schema names the embedder and its fingerprint.
    """
    pq.write_table(table(records), path)


def table(records: Records) -> pa.Table:
    """The records as an Arrow table."""
    numbers = pa.array(records.vectors.ravel(), pa.float32())
    columns = {
        "id": pa.array(records.ids, pa.string()),
        "vector": pa.FixedSizeListArray.from_arrays(numbers, records.dimensions),
    }
    for column in COLUMNS:
        columns[column] = pa.array([one[column] for one in records.metadata], pa.string())
    about = {"embedder": records.embedder, "fingerprint": records.fingerprint}
    return pa.table(columns).replace_schema_metadata(about)
