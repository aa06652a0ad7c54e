"""The figures of boxes as text and as JSON."""

import json
from dataclasses import asdict

from generator.evaluate.boxes import SURE, BoxFigures
from generator.evaluate.report import number, table

VERSION = 1
_DECIMALS = 4


def boxes_text(found: BoxFigures) -> str:
    """The printed tables: boxes by height, and how reliable confidences are."""
    shares = [["marked boxes", "number", "first box correct", "any box correct"]]
    shares += [
        [one.name, str(one.boxes), number(one.first), number(one.any)] for one in found.shares
    ]
    bins = [["confidence", "pictures", "mean", "correct"]]
    bins += [
        [
            f"{one.low:.0%} to {one.high:.0%}",
            str(one.pictures),
            number(one.confidence),
            number(one.right),
        ]
        for one in found.bins
    ]
    lines = [
        f"{found.pictures} pictures with marked boxes; correct: IoU over 0.5.",
        "NOT held out if the built-in detector was trained on these pictures: see its card.",
        "",
        *table(shares),
        f"Mean IoU of the first box: {number(found.overlap)}",
        "",
        *table(bins),
        f"Expected calibration error: {number(found.error)}",
    ]
    if found.empty:
        lines += [
            "",
            f"{found.empty} pictures without bollards: a box of {SURE:.0%} or more in a share of"
            f" {number(found.alarms)}",
        ]
    if found.problems:
        lines += ["", "Left out:", *(f"  {one.file}: {one.reason}" for one in found.problems)]
    return "\n".join(lines)


def boxes_json(found: BoxFigures) -> str:
    """The same figures as one JSON object, with four decimals; null if not measured."""

    def short(value: float | None) -> float | None:
        return None if value is None else round(value, _DECIMALS)

    return json.dumps(
        {
            "version": VERSION,
            "pictures": found.pictures,
            "boxes": [
                {
                    "name": one.name,
                    "boxes": one.boxes,
                    "first": short(one.first),
                    "any": short(one.any),
                }
                for one in found.shares
            ],
            "overlap": short(found.overlap),
            "reliability": [
                {name: short(value) for name, value in asdict(one).items()} for one in found.bins
            ],
            "calibration_error": short(found.error),
            "empty": {"pictures": found.empty, "alarms": short(found.alarms)},
            "problems": [{"file": one.file, "reason": one.reason} for one in found.problems],
        },
        ensure_ascii=False,
        indent=1,
    )
