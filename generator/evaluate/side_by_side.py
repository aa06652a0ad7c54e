"""Several embedders and masks on the same labelled photos, as one table."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from generator.cache import Cache
from generator.config import EmbedSettings
from generator.embed import ModelFacts, load_embedder
from generator.errors import BollardsError
from generator.evaluate import Measured, Wanted, evaluate
from generator.evaluate.cost import Cost, cost_of
from generator.evaluate.labelled import read_labelled
from generator.evaluate.report import number, table
from generator.progress import Progress

VERSION = 1
_FIGURES = ("same-bollard@1", "same-kind@1", "same-kind@3")


@dataclass(frozen=True, slots=True)
class Row:
    """One embedder with one mask.

    Attributes:
        embedder, mask: as asked for.
        measured: the figures of all photos at once.
        dimensions: of its vectors.
        facts: about its model.
        cost: of one photo.
        held_out: False if it was trained on photos of bollards such as these, None if unknown.
        failed: why it could not be measured, one line; "" if it was.
    """

    embedder: str
    mask: str
    measured: Measured | None = None
    dimensions: int = 0
    facts: ModelFacts = field(default_factory=ModelFacts)
    cost: Cost | None = None
    held_out: bool | None = None
    failed: str = ""


def side_by_side(
    wanted: Wanted, embeds: Sequence[tuple[str, EmbedSettings]], progress: Progress
) -> list[Row]:
    """Measure each embedder as `evaluate` does. One that cannot be used costs its row only.

    Args:
        wanted: the photos and the crop; its `embed` is not used.
        embeds: the embedders as asked for, with their settings.
        progress: shows the progress.

    Raises:
        BollardsError: the labels or photos cannot be used, or not one embedder can.
    """
    with Cache.open(wanted.cache) as cache:
        photos, _ = read_labelled(wanted.folder, wanted.labels, cache)
    files = [one.path for one in photos]
    rows = [_row(name, embed, wanted, files, progress) for name, embed in embeds]
    if all(row.failed for row in rows):
        raise BollardsError("\n".join(f"{row.embedder}: {row.failed}" for row in rows))
    return rows


def _row(
    name: str, embed: EmbedSettings, wanted: Wanted, files: Sequence[Path], progress: Progress
) -> Row:
    try:
        embedder = load_embedder(embed, Path())
        found = evaluate(replace(wanted, embed=embed, folds=0), progress, compare=False)
        cost = cost_of(embed, files)
    except BollardsError as error:
        return Row(name, embed.mask, failed=" ".join(str(error).split()))
    return Row(
        name,
        embed.mask,
        found.whole,
        int(found.samples[0].embeddings.shape[1]),
        embedder.facts(),
        cost,
        found.held_out,
    )


def rows_text(rows: Sequence[Row]) -> str:
    """The rows as a table, and what they mean."""
    head = [
        "embedder", "mask", *_FIGURES, "bcubed", "numbers", "ms a photo", "MB", "on disk",
        "weights", "licence",
    ]  # fmt: skip
    cells = [head] + [_cells(row) for row in rows if not row.failed]
    lines = table(cells)
    if any(row.held_out is False for row in rows):
        lines.append("The built-in model was trained on photos of bollards: NOT held out.")
    lines += [
        "ms a photo: processor time; MB: memory beyond the program's; of photos of 512 px.",
        "weights: released (their digests are the published ones), unchecked, or own.",
    ]
    lines += [f"{row.embedder}: left out: {row.failed}" for row in rows if row.failed]
    return "\n".join(lines)


def rows_json(rows: Sequence[Row]) -> str:
    """The same as one JSON object."""
    return json.dumps(
        {"version": VERSION, "compared": [_record(row) for row in rows]}, ensure_ascii=False
    )


def _cells(row: Row) -> list[str]:
    figures = _figures(row)
    cost = row.cost
    return [
        row.embedder,
        row.mask,
        *(number(figures[name]) for name in (*_FIGURES, "bcubed")),
        str(row.dimensions),
        f"{cost.seconds * 1000:.0f}" if cost else "–",
        f"{cost.megabytes:.0f}" if cost and cost.megabytes is not None else "–",
        f"{row.facts.bytes / 1e6:.1f} MB" if row.facts.bytes else "?",
        row.facts.weights,
        row.facts.licence or "?",
    ]


def _figures(row: Row) -> dict[str, float | None]:
    if row.measured is None:
        return {}
    own = next(iter(row.measured.clusterings.values()))
    return {name: row.measured.figures.get(name) for name in _FIGURES} | {
        "bcubed": own.get("bcubed")
    }


def _record(row: Row) -> dict[str, Any]:
    cost = row.cost
    return {
        "embedder": row.embedder,
        "mask": row.mask,
        "figures": {
            name: None if value is None else round(value, 4)
            for name, value in _figures(row).items()
        },
        "photos": row.measured.photos if row.measured else 0,
        "held_out": row.held_out,
        "dimensions": row.dimensions,
        "seconds": cost.seconds if cost else None,
        "megabytes": cost.megabytes if cost else None,
        "bytes": row.facts.bytes,
        "weights": row.facts.weights,
        "licence": row.facts.licence,
        "failed": row.failed or None,
    }
