"""Measures how well bollards are detected, by comparison with the boxes in `boxes.csv`.

A box is correct if its intersection over union (IoU) with a marked box is over 0.5. Since not every
bollard in a picture needs to be marked, only two things are measured: whether the most confident
box of a picture is correct, and whether each marked box is among all detected ones.
"""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from generator.collect.open import PhotoError
from generator.config import Settings
from generator.errors import BollardsError, Problem
from generator.look import limits_of, open_picture
from generator.progress import Progress
from generator.recogniser.detector import Detection, Detector
from generator.recogniser.framing import overlap

SIDES = ("left", "top", "right", "bottom")
RIGHT = 0.5
HEIGHTS = (0, 40, 64, 100, math.inf)
"""Figures are also given by the height of marked boxes, in pixels."""
CONFIDENCES = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)
SURE = 0.8

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Answer:
    """The marked boxes of a picture, and the detected ones, the most confident first."""

    file: str
    marked: tuple[Box, ...]
    found: tuple[Detection, ...]


@dataclass(frozen=True)
class Share:
    """Some of the marked boxes.

    Their number, the share that is found by the picture's most confident box, and the share that
    is found by any box; None if there are no boxes.
    """

    name: str
    boxes: int
    first: float | None
    any: float | None


@dataclass(frozen=True)
class Bin:
    """Pictures whose most confident box has a confidence from `low` to `high`.

    Their number, their mean confidence, and the share whose most confident box is correct.
    """

    low: float
    high: float
    pictures: int
    confidence: float | None
    right: float | None


@dataclass(frozen=True)
class BoxFigures:
    """All figures on boxes.

    Attributes:
        pictures: the number of pictures with marked boxes.
        shares: figures for all marked boxes, and by height.
        overlap: the mean IoU of the most confident box.
        bins: the reliability of the confidence.
        error: the expected calibration error, the mean difference between confidence and correct
            share.
        empty: the number of pictures that show no bollard.
        alarms: the share of them with a box of confidence SURE or more; None if there are none.
        problems: those of pictures that could not be used.
    """

    pictures: int
    shares: tuple[Share, ...]
    overlap: float | None
    bins: tuple[Bin, ...]
    error: float | None
    empty: int
    alarms: float | None
    problems: tuple[Problem, ...]


def read_boxes(table: Path) -> dict[str, tuple[Box, ...]]:
    """The marked boxes of each file, from a table with the columns file, left, top, right, bottom.

    Raises:
        BollardsError: a column is missing, or a row has no box.
    """
    marked: dict[str, tuple[Box, ...]] = {}
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            missing = {"file", *SIDES} - set(rows.fieldnames or ())
            if missing:
                raise BollardsError(
                    f"{table}: it has no column {', '.join(sorted(missing))}; a table of boxes has"
                    f" file, {', '.join(SIDES)}."
                )
            for row in rows:
                marked[row["file"]] = (
                    *marked.get(row["file"], ()),
                    _box(row, table, rows.line_num),
                )
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BollardsError(f"{table}: it cannot be read: {error}") from error
    if not marked:
        raise BollardsError(f"{table}: it lists no pictures.")
    return marked


def _box(row: dict[str, str], table: Path, line: int) -> Box:
    try:
        left, top, right, bottom = (float(row[side]) for side in SIDES)
    except (TypeError, ValueError):
        left = top = right = bottom = math.nan
    if not (left < right and top < bottom and all(map(math.isfinite, (left, top, right, bottom)))):
        said = ", ".join(str(row[side]) for side in SIDES)
        raise BollardsError(
            f"{table}, line {line}: {said} is not a box; expected four numbers, left less than"
            " right and top less than bottom."
        )
    return left, top, right, bottom


def measure_boxes(
    folder: Path, table: Path, empty: Path | None, detector: Detector, progress: Progress
) -> BoxFigures:
    """Measure a detector.

    Args:
        folder: the files in the table are relative to it.
        table: the marked boxes.
        empty: a folder of pictures that show no bollard, or None.
        detector: the detector to measure.
        progress: shows the progress.

    Raises:
        BollardsError: the table cannot be used.
    """
    marked = read_boxes(table)
    quiet = sorted(empty.rglob("*.jpg")) if empty else []
    files = [(folder / name, name, boxes) for name, boxes in marked.items()]
    files += [(path, path.name, ()) for path in quiet]
    answers, problems = [], []
    limits = limits_of(Settings())
    with progress.bar("Pictures", len(files), "pictures") as advance:
        for path, name, boxes in files:
            try:
                image = open_picture(path, limits)
            except PhotoError as error:
                problems.append(Problem(name, error.reason, skipped=True))
            else:
                answers.append(Answer(name, boxes, tuple(detector.detect(image))))
            advance(1)
    return figures_of(answers, tuple(problems))


def figures_of(answers: Sequence[Answer], problems: tuple[Problem, ...] = ()) -> BoxFigures:
    """The figures of answers. Pictures without a marked box show no bollard."""
    shown = [one for one in answers if one.marked]
    empty = [one for one in answers if not one.marked]
    rows = [(box, one.found) for one in shown for box in one.marked]
    judged = [(one.found[0].confidence, _is_right(one)) for one in shown if one.found]
    bins = tuple(_bin(low, high, judged) for low, high in pairwise(CONFIDENCES))
    wrong = sum(
        one.pictures * abs(one.confidence - one.right)
        for one in bins
        if one.confidence is not None and one.right is not None
    )
    return BoxFigures(
        pictures=len(shown),
        shares=(
            _share("all", rows, 0, math.inf),
            *(_share(_named(low, high), rows, low, high) for low, high in pairwise(HEIGHTS)),
            _share(_named(HEIGHTS[1], math.inf), rows, HEIGHTS[1], math.inf),
        ),
        overlap=_mean([overlap(found[0].box, box) if found else 0.0 for box, found in rows]),
        bins=bins,
        error=wrong / len(judged) if judged else None,
        empty=len(empty),
        alarms=_mean([any(box.confidence >= SURE for box in one.found) for one in empty]),
        problems=problems,
    )


def _is_right(answer: Answer) -> bool:
    return any(overlap(answer.found[0].box, box) > RIGHT for box in answer.marked)


def _named(low: float, high: float) -> str:
    return f"{low:.0f} px and more" if high == math.inf else f"{low:.0f} to {high - 1:.0f} px"


def _share(
    name: str, rows: Sequence[tuple[Box, Sequence[Detection]]], low: float, high: float
) -> Share:
    chosen = [(box, found) for box, found in rows if low <= box[3] - box[1] < high]
    return Share(
        name,
        len(chosen),
        _mean([any(overlap(one.box, box) > RIGHT for one in found[:1]) for box, found in chosen]),
        _mean([any(overlap(one.box, box) > RIGHT for one in found) for box, found in chosen]),
    )


def _bin(low: float, high: float, judged: Sequence[tuple[float, bool]]) -> Bin:
    inside = [
        (confidence, right)
        for confidence, right in judged
        if low <= confidence < high or (high == 1.0 and confidence == 1.0)
    ]
    return Bin(
        low,
        high,
        len(inside),
        _mean([confidence for confidence, _ in inside]),
        _mean([right for _, right in inside]),
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
