"""The command `bollards export`."""

from pathlib import Path

import click

from generator.commands.parameters import site_option
from generator.errors import printable
from generator.project import Project


@click.command(short_help="Write the vectors into a vector store, for other programs.")
@site_option
@click.option(
    "--to",
    "target",
    required=True,
    metavar="KIND:PLACE",
    help="The kind of store (chroma, faiss, lancedb, milvus, parquet) and a file or folder.",
)
@click.option("--replace", is_flag=True, help="Replace an earlier export at this place.")
def export(site: Path, target: str, replace: bool) -> None:
    """Write the vectors of all published photos into a vector store, for other programs.

    \b
    bollards export --to parquet:bollards.parquet
    bollards export --to chroma:bollards-chroma

    Each vector has the photo's id, and as metadata its file, bollard, type, country, region, date,
    credit, licence and picture, as far as the site publishes them.
    """
    from generator.stores import export as write
    from generator.stores import records_of

    records = records_of(Project(site))
    written = write(records, target, replace=replace)
    click.echo(
        printable(
            f"{len(records.ids)} photos, {records.dimensions} numbers each, by"
            f' "{records.embedder}": {written}'
        )
    )
