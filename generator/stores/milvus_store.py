"""A Milvus Lite database with the collection "bollards"."""

from pathlib import Path

from milvus_lite.server_manager import server_manager_instance
from pymilvus import DataType, MilvusClient

from generator.errors import BollardsError
from generator.stores import NAME, Records

_STEP = 1000


def write(records: Records, path: Path) -> None:
    """Fields `id` and `vector`, exact search by cosine similarity; the metadata are dynamic fields.

    Raises:
        BollardsError: the name does not end in .db, by which Milvus tells a file from an address.
    """
    if path.suffix != ".db":
        raise BollardsError(f'{path.name}: expected a name that ends in ".db", as Milvus does.')
    client = MilvusClient(str(path))
    try:
        schema = client.create_schema(enable_dynamic_field=True, description=records.embedder)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=128)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=records.dimensions)
        index = client.prepare_index_params()
        index.add_index(field_name="vector", index_type="FLAT", metric_type="COSINE")
        client.create_collection(NAME, schema=schema, index_params=index)
        rows = [
            {"id": key, "vector": vector.tolist(), **values}
            for key, vector, values in zip(
                records.ids, records.vectors, records.metadata, strict=True
            )
        ]
        for start in range(0, len(rows), _STEP):
            client.insert(NAME, rows[start : start + _STEP])
        client.flush(NAME)
    finally:
        client.close()
        # Its server would keep the database open until the program ends.
        server_manager_instance.release_server(str(path))
