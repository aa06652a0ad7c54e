"""Calibrates the detector's confidence on held-out pictures.

Logistic regression on heat, fit and cover (Platt 1999). The most confident box of each picture is
correct if its IoU with the marked one is over 0.5, and wrong on every road.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from generator.evaluate.boxes import Answer, Box, BoxFigures, figures_of
from generator.recogniser.detector import Detector, confidence_of
from generator.training.detector_material import (
    Sources,
    Split,
    close_boxes,
    labels_apart,
    read_pixels,
    roads,
    street_boxes,
)

AT_FIRST = (0.8, 0.6, 1.1, -2.2)
"""The confidence by which the surest box is chosen before anything is known."""

Calibration = tuple[float, ...]


@dataclass(frozen=True)
class Apart:
    """A detector's answers to held-out pictures: street views, close photos and empty roads."""

    streets: tuple[Answer, ...]
    close: tuple[Answer, ...]
    roads: tuple[Answer, ...]

    def parts(self) -> tuple[tuple[Answer, ...], ...]:
        return self.streets, self.close, self.roads


def look_apart(
    detector: Detector,
    sources: Sources,
    split: Split,
    *,
    report: Callable[[str], None] = print,
) -> Apart:
    """The detector's answers to the held-out fold of ``split``. Raises OSError."""

    def answers(marked: Sequence[tuple[Path, tuple[Box, ...]]], name: str) -> tuple[Answer, ...]:
        report(f"{len(marked)} {name} that training never saw")
        return tuple(
            Answer(
                f"{path.parent.name}/{path.name}",
                boxes,
                tuple(detector.detect(Image.fromarray(read_pixels(path)))),
            )
            for path, boxes in marked
        )

    close = [
        (path, (tuple(box.tolist()),))
        for folder, name in ((sources.photos, "photos"), (sources.close, "close"))
        for path, box in close_boxes(
            folder, sources.masks / name, labels_apart(folder, split, apart=True)
        )
    ]
    streets = [
        (path, (tuple(box.tolist()),))
        for path, box in street_boxes(sources.streets, split, apart=True)
    ]
    return Apart(
        answers(streets, "street views"),
        answers(close, "close photos"),
        answers([(path, ()) for path in roads(sources.roads, split, apart=True)], "roads"),
    )


def recalibrated(answers: Sequence[Answer], calibration: Calibration) -> tuple[Answer, ...]:
    """The same answers with the confidences of another calibration."""
    changed = []
    for one in answers:
        found = [
            replace(box, confidence=confidence_of(box.evidence, calibration)) for box in one.found
        ]
        found.sort(key=lambda box: (-box.confidence, box.box))
        changed.append(replace(one, found=tuple(found)))
    return tuple(changed)


def calibrate(parts: Sequence[Sequence[Answer]], rounds: int = 4) -> Calibration:
    """a, b, c and d of the confidence; street views, photos and roads have equal weight.

    The most confident box depends on the calibration, so the computation is repeated a few times.
    """
    calibration: Calibration = AT_FIRST
    for _ in range(rounds):
        rows, rights, weights = [], [], []
        for part in parts:
            found = [one for one in recalibrated(part, calibration) if one.found]
            for one in found:
                rows.append((*one.found[0].evidence, 1.0))
                rights.append(float(bool(one.marked) and is_right(one)))
                weights.append(1 / max(1, len(found)))
        calibration = _fitted(np.array(rows), np.array(rights), np.array(weights))
    return calibration


def is_right(answer: Answer) -> bool:
    """Whether the most confident box is correct."""
    return figures_of([answer]).shares[0].first == 1.0


def _fitted(
    rows: np.ndarray, rights: np.ndarray, weights: np.ndarray, ridge: float = 1e-3
) -> Calibration:
    """Weighted logistic regression with slightly regularised slopes."""
    x, y = torch.from_numpy(rows), torch.from_numpy(rights)
    w = torch.from_numpy(weights / weights.sum())
    theta = torch.tensor(AT_FIRST, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([theta], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        losses = torch.nn.functional.binary_cross_entropy_with_logits(
            x @ theta, y, reduction="none"
        )
        loss = (losses * w).sum() + ridge * theta[:3].square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return tuple(theta.detach().tolist())


def crossed(apart: Apart) -> Apart:
    """The answers with confidences from the calibration on the other half."""
    halves = [[part[start::2] for part in apart.parts()] for start in (0, 1)]
    fitted = [calibrate(half) for half in halves]
    parts = []
    for number in range(3):
        mixed = [recalibrated(halves[start][number], fitted[1 - start]) for start in (0, 1)]
        parts.append(tuple(mixed[0]) + tuple(mixed[1]))
    return Apart(*parts)


def figures_apart(apart: Apart) -> Mapping[str, BoxFigures]:
    """Figures of street views and roads, and of close photos."""
    return {
        "street views and roads": figures_of(apart.streets + apart.roads),
        "close photos": figures_of(apart.close),
    }
