"""Trains the second look: `python -m generator.training.second_look --photos DIR --more DIR`.

A logistic model (Platt 1999, with a ridge) tells bollards from what the detector mistakes for them.
Bollards are the boxes that overlap the marked post of a street view, and the first boxes of close
photos; the negatives are all boxes in pictures of empty roads. Other boxes in street views may be
posts that nobody marked, so they are not used. Street views, roads and close photos have the
weights 1, 1 and CLOSE.

A second logistic model with two coefficients then calibrates the first boxes' confidence, on street
views (correct if the IoU with the marked box is over 0.5) and roads (never correct). It is fitted
on scores of pictures that the first model did not see, and is folded into its coefficients.

All figures are held out: five folds of pictures. It takes about four minutes on one CPU core.
"""

import argparse
import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from generator.evaluate.boxes import CONFIDENCES, SIDES, SURE
from generator.recogniser.detector import Detector
from generator.recogniser.framing import framed, overlap
from generator.recogniser.model import Recogniser
from generator.recogniser.second_look import LEAST, MOST, WEIGHTS_FILE, Weights, evidence
from generator.vocabulary import VOCABULARY

FOLDS = 5
RIDGE = 30.0
CLOSE = 0.5
RIGHT = 0.5
_CLEAR = 0.3  # a close photo is a positive from this confidence of the detector
_STEPS = 30
_SPARE = 1e-3  # the calibration's ridge, so that it never diverges
WIDTH = 3 + sum(map(len, VOCABULARY.values()))

Array = np.ndarray


@dataclass(frozen=True)
class Seen:
    """A picture: the evidence of its boxes [n, d], their IoU with the marked one, and sizes."""

    rows: Array
    overlaps: Array
    confidences: Array
    height: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, measure and write the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--photos", type=Path, required=True, help="folder with labels.csv")
    parser.add_argument(
        "--more", type=Path, required=True, help="folder with close/, street/ and roads/"
    )
    shipped = Path(__file__).parent.parent / "recogniser" / WEIGHTS_FILE
    parser.add_argument("--out", type=Path, default=shipped)
    wanted = parser.parse_args(arguments)
    street = wanted.more / "street"
    streets = _look(
        [
            (street / row["file"], tuple(float(row[side]) for side in SIDES))
            for row in _table(street / "boxes.csv")
        ]
    )
    empty = _look([(path, None) for path in sorted((wanted.more / "roads").glob("*.jpg"))])
    close = _look(
        [
            (folder / row["file"], None)
            for folder in (wanted.photos, wanted.more / "close")
            for row in _table(folder / "labels.csv")
        ]
    )
    print(f"{len(streets)} street views, {len(empty)} roads, {len(close)} close photos")
    _report(streets, empty, close)
    weights = trained(streets, empty, close)
    wanted.out.write_text(json.dumps(weights.to_facts(), indent=1) + "\n", encoding="utf-8")


def trained(streets: Sequence[Seen], empty: Sequence[Seen], close: Sequence[Seen]) -> Weights:
    """The weights from all pictures, calibrated on held-out scores."""
    scores = _held_out(streets, empty, close)
    slope, shift = _calibration(scores[0], scores[1], streets)
    theta = _fitted(streets, empty, close)
    scaled = (theta[:-1] * slope).round(6).tolist()
    attributes, start = {}, 3
    for name, values in VOCABULARY.items():
        attributes[name] = tuple(scaled[start : start + len(values)])
        start += len(values)
    intercept = round(float(theta[-1] * slope + shift), 6)
    return Weights(scaled[0], scaled[1], scaled[2], intercept, attributes)


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _look(pictures: Sequence[tuple[Path, tuple[float, ...] | None]]) -> list[Seen]:
    detector, recogniser = Detector(), Recogniser()
    seen = []
    for path, truth in pictures:
        with Image.open(path) as stored:
            image = ImageOps.exif_transpose(stored).convert("RGB")
        found = [one for one in detector.detect(image)[:MOST] if one.confidence >= LEAST]
        crops = [image.crop(framed(one.box, image.size)) for one in found]
        tables = recogniser.probabilities(recogniser.embed(crops))
        rows = [
            evidence(
                one.box,
                one.confidence,
                image.size,
                {name: tables[name][number].tolist() for name in VOCABULARY},
            )
            for number, one in enumerate(found)
        ]
        seen.append(
            Seen(
                np.array(rows).reshape(len(rows), WIDTH),
                np.array([overlap(one.box, truth) if truth else 0.0 for one in found]),
                np.array([one.confidence for one in found]),
                truth[3] - truth[1] if truth else 0.0,
            )
        )
    return seen


def _fitted(streets: Sequence[Seen], empty: Sequence[Seen], close: Sequence[Seen]) -> Array:
    """The coefficients [d + 1], the intercept last."""
    rows: list[Array] = []
    rights: list[float] = []
    weights: list[float] = []

    def add(part: Sequence[Array], right: float, share: Sequence[float]) -> None:
        rows.extend(part)
        rights.extend([right] * len(part))
        weights.extend(share)

    marked = [one for one in streets if (one.overlaps > RIGHT).any()]
    for one in marked:
        part = one.rows[one.overlaps > RIGHT]
        add(list(part), 1.0, [1 / len(part)] * len(part))
    wrong = [row for one in empty for row in one.rows]
    add(wrong, 0.0, [len(marked) / max(1, len(wrong))] * len(wrong))
    clear = [one.rows[0] for one in close if len(one.rows) and one.confidences[0] > _CLEAR]
    add(clear, 1.0, [CLOSE * len(marked) / max(1, len(clear))] * len(clear))
    x = np.array(rows)
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    theta = logistic((x - mean) / spread, np.array(rights), np.array(weights), RIDGE)
    slopes = theta[:-1] / spread
    return np.append(slopes, theta[-1] - slopes @ mean)


def logistic(x: Array, y: Array, weights: Array, ridge: float) -> Array:
    """Weighted logistic regression by Newton's method: coefficients [d + 1], the intercept last.

    Args:
        x: float64 [n, d].
        y: 0 or 1, or a probability, [n].
        weights: of the rows, [n].
        ridge: on all coefficients but the intercept.
    """
    x = np.column_stack([x, np.ones(len(x))])
    theta = np.zeros(x.shape[1])
    penalty = np.full(len(theta), ridge)
    penalty[-1] = 0
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ theta, -30, 30)))
        slope = x.T @ (weights * (p - y)) + penalty * theta
        curve = (x * (weights * p * (1 - p))[:, None]).T @ x + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curve, slope)
        theta -= step
        if np.abs(step).max() < 1e-8:
            break
    return theta


def _held_out(*parts: Sequence[Seen]) -> list[list[Array]]:
    """The scores (logits) of each picture's boxes, from the other folds."""
    scores: list[list[Array]] = [[np.zeros(0)] * len(part) for part in parts]
    for fold in range(FOLDS):
        rest = [[one for n, one in enumerate(part) if n % FOLDS != fold] for part in parts]
        theta = _fitted(*rest)
        for part, kept in zip(parts, scores, strict=True):
            for number in range(fold, len(part), FOLDS):
                rows = part[number].rows
                kept[number] = rows @ theta[:-1] + theta[-1] if len(rows) else np.zeros(0)
    return scores


def _calibration(
    streets: Sequence[Array], empty: Sequence[Array], seen: Sequence[Seen]
) -> tuple[float, float]:
    """Slope and shift of the logits of first boxes."""
    firsts = [
        (row.max(), _is_right(row, one)) for row, one in zip(streets, seen, strict=True) if len(row)
    ]
    false = [row.max() for row in empty if len(row)]
    x = np.array([[score] for score, _ in firsts] + [[score] for score in false])
    y = np.array([float(right) for _, right in firsts] + [0.0] * len(false))
    weights = np.array([1.0] * len(firsts) + [len(firsts) / max(1, len(false))] * len(false))
    slope, shift = logistic(x, y, weights, _SPARE).tolist()
    return slope, shift


def _is_right(scores: Array, one: Seen) -> bool:
    return bool(len(scores)) and bool(one.overlaps[int(np.argmax(scores))] > RIGHT)


def _report(streets: Sequence[Seen], empty: Sequence[Seen], close: Sequence[Seen]) -> None:
    def logits(part: Sequence[Seen]) -> list[Array]:
        return [one.rows[:, 0] if len(one.rows) else np.zeros(0) for one in part]

    _print("the detector", [logits(part) for part in (streets, empty, close)], streets)
    held = _held_out(streets, empty, close)
    # The calibration of each fold comes from the others, too.
    for fold in range(FOLDS):
        rest = [n for n in range(len(streets)) if n % FOLDS != fold]
        slope, shift = _calibration(
            [held[0][n] for n in rest],
            [held[1][n] for n in range(len(empty)) if n % FOLDS != fold],
            [streets[n] for n in rest],
        )
        for part in held:
            part[fold::FOLDS] = [row * slope + shift for row in part[fold::FOLDS]]
    _print("the second look", held, streets)


def _print(name: str, scores: Sequence[Sequence[Array]], streets: Sequence[Seen]) -> None:
    right = np.array([_is_right(row, one) for row, one in zip(scores[0], streets, strict=True)])
    heights = np.array([one.height for one in streets])
    chances = [
        np.array([1 / (1 + np.exp(-row.max())) if len(row) else 0.0 for row in part])
        for part in scores
    ]
    print(f"{name}: first box correct {right.mean():.3f}")
    for low, high in ((0, 40), (40, 64), (64, 100), (100, np.inf), (40, np.inf)):
        inside = (heights >= low) & (heights < high)
        print(f"  {low} to {high:g} px: {inside.sum()}, {right[inside].mean():.3f}")
    for least, most in pairwise(CONFIDENCES):
        inside = (chances[0] >= least) & (chances[0] < most + (most == 1))
        if inside.any():
            mean, share = chances[0][inside].mean(), right[inside].mean()
            print(f"  {least} to {most}: {inside.sum()}, mean {mean:.2f}, correct {share:.2f}")
    for least in (0.15, 0.2, 0.3, 0.4, SURE):
        street, road, near = ((part >= least).mean() for part in chances)
        print(f"  at least {least}: street views {street:.3f}, roads {road:.3f}, close {near:.3f}")
    same = np.mean([int(np.argmax(row)) == 0 for row in scores[2] if len(row)])
    print(f"  close photos: the same box first {same:.3f}")


if __name__ == "__main__":
    main()
