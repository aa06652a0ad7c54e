"""An evaluation as text and as JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from generator.evaluate import Evaluation, Measured
from generator.evaluate.measures import Figures, Spread, over_folds

VERSION = 1
_DECIMALS = 4
_COLUMNS = ("bcubed", "precision", "recall", "v", "ari", "grouped", "types")
_SHOWN = 10


def held_out_note(evaluation: Evaluation) -> str:
    """Whether the figures are held out, in plain words."""
    if evaluation.held_out:
        return (
            "Held out: every photo was measured by a model that was trained without its bollard"
            " (see folds.json)."
        )
    if evaluation.held_out is None:
        return "Held out only if this model was not trained on these photos. Its makers know."
    return (
        "NOT held out if the built-in model was trained on these photos (its card lists them): it"
        " does worse on new ones. For held-out figures, use the models of a cross-validated"
        " training: --fold-models DIR."
    )


def to_text(evaluation: Evaluation) -> str:
    """The printed tables, with one line for each figure and each clustering."""
    whole, folds = evaluation.whole, evaluation.folds
    measured = [whole] if whole else list(folds)
    photos = sum(one.photos for one in measured)
    bollards = sum(one.bollards for one in measured)
    kinds = f", {whole.kinds} kinds" if whole else ""
    lines = [
        f"{evaluation.embedder}, crop {evaluation.crop}: {photos} photos of {bollards} bollards"
        f"{kinds}; {_counted(len(folds), 'fold')} of bollards, each measured among itself.",
        held_out_note(evaluation),
        "",
        *table(_figure_rows(whole, folds)),
        "",
        *table(_clustering_rows(evaluation)),
        "bcubed is F1; v, ari look at grouped photos only; folds: mean ± standard deviation.",
    ]
    for title, figures in evaluation.asked.items():
        rows = [[title, ""], *([name, number(value)] for name, value in figures.items())]
        lines += ["", *table(rows)]
    if evaluation.problems:
        lines += ["", "Left out:"]
        lines += [f"  {one.file}: {one.reason}" for one in evaluation.problems[:_SHOWN]]
        if len(evaluation.problems) > _SHOWN:
            lines.append(f"  … and {len(evaluation.problems) - _SHOWN} more")
    return "\n".join(lines)


def to_json(evaluation: Evaluation) -> str:
    """The same figures as one JSON object, with four decimals; null if not measured."""
    folds = evaluation.folds
    return json.dumps(
        {
            "version": VERSION,
            "embedder": evaluation.embedder,
            "fingerprint": evaluation.fingerprint,
            "crop": evaluation.crop,
            "held_out": evaluation.held_out,
            "note": held_out_note(evaluation),
            "whole": _measured(evaluation.whole) if evaluation.whole else None,
            "folds": {
                "count": len(folds),
                "figures": _spreads(over_folds([fold.figures for fold in folds])),
                "clusterings": {
                    one.key: _spreads(over_folds([fold.clusterings[one.key] for fold in folds]))
                    for one in evaluation.compared
                },
                "each": [_measured(fold) for fold in folds],
            },
            "asked": {title: _rounded(figures) for title, figures in evaluation.asked.items()},
            "problems": [{"file": one.file, "reason": one.reason} for one in evaluation.problems],
        },
        ensure_ascii=False,
        indent=1,
    )


def _figure_rows(whole: Measured | None, folds: Sequence[Measured]) -> list[list[str]]:
    spread = over_folds([fold.figures for fold in folds])
    names = list(whole.figures if whole else spread)
    header = ["", *(["all at once"] if whole else []), *(["folds"] if folds else [])]
    rows = [header]
    for name in names:
        row = [name]
        if whole:
            row.append(number(whole.figures[name]))
        if folds:
            row.append(_with_spread(spread.get(name)))
        rows.append(row)
    return rows


def _clustering_rows(evaluation: Evaluation) -> list[list[str]]:
    """The clusterings: figures of all photos together if measured, else the folds' means."""
    whole, folds = evaluation.whole, evaluation.folds
    extra = ["bcubed, folds"] if whole and folds else []
    rows = [["types against kinds", *_COLUMNS, *extra]]
    for one in evaluation.compared:
        spread = over_folds([fold.clusterings[one.key] for fold in folds])
        if whole:
            cells = [_cell(name, whole.clusterings[one.key][name]) for name in _COLUMNS]
            cells += [_with_spread(spread.get("bcubed"))] if folds else []
        else:
            cells = [
                _with_spread(spread[name]) if name == "bcubed" else _cell(name, spread[name].mean)
                for name in _COLUMNS
            ]
        rows.append([one.title, *cells])
    return rows


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """A table with its first column aligned left and numbers aligned right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            [row[0].ljust(widths[0])]
            + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        ).rstrip()
        for row in rows
    ]


def _cell(name: str, value: float | None) -> str:
    return f"{value:.0f}" if name == "types" and value is not None else number(value)


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _with_spread(spread: Spread | None) -> str:
    if spread is None or spread.mean is None or spread.deviation is None:
        return number(spread.mean if spread else None)
    return f"{spread.mean:.3f} ± {spread.deviation:.3f}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _measured(measured: Measured) -> dict[str, Any]:
    return {
        "photos": measured.photos,
        "bollards": measured.bollards,
        "kinds": measured.kinds,
        "figures": _rounded(measured.figures),
        "clusterings": {key: _rounded(one) for key, one in measured.clusterings.items()},
    }


def _rounded(figures: Figures) -> dict[str, float | int | None]:
    return {
        name: int(value) if name == "types" and value is not None else _short(value)
        for name, value in figures.items()
    }


def _spreads(spreads: Mapping[str, Spread]) -> dict[str, dict[str, float | None]]:
    return {
        name: {"mean": _short(one.mean), "deviation": _short(one.deviation)}
        for name, one in spreads.items()
    }


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)
