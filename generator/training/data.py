"""Labelled photos for training: read once, kept decoded in memory, split by bollard."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from generator.evaluate.labels import Label, label_of
from generator.recogniser.view import HEIGHT, prepare

CANVAS_HEIGHT = HEIGHT * 2
CANVAS_WIDTH = 310

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Photos:
    """Photos with their labels, in the same order.

    canvases: uint8 [n, CANVAS_HEIGHT, CANVAS_WIDTH, 3], what augmentation cuts its windows from;
    inputs: uint8 [n, view.HEIGHT, view.WIDTH, 3], the exact input of the finished model.
    """

    labels: tuple[Label, ...]
    canvases: Pixels
    inputs: Pixels

    def __len__(self) -> int:
        return len(self.labels)


def canvas_of(image: Image.Image) -> Pixels:
    """The photo at canvas height, its middle, uint8 [CANVAS_HEIGHT, CANVAS_WIDTH, 3].

    A photo narrower than the canvas is extended with its outermost columns.
    """
    width = max(1, round(image.width * CANVAS_HEIGHT / image.height))
    small = image.convert("RGB").resize(
        (width, CANVAS_HEIGHT), Image.Resampling.BILINEAR, None, 2.0
    )
    pixels = np.asarray(small)
    if width < CANVAS_WIDTH:
        before = (CANVAS_WIDTH - width) // 2
        after = CANVAS_WIDTH - width - before
        return np.pad(pixels, ((0, 0), (before, after), (0, 0)), mode="edge")
    left = (width - CANVAS_WIDTH) // 2
    return np.ascontiguousarray(pixels[:, left : left + CANVAS_WIDTH])


def read_photos(folder: Path) -> Photos:
    """All photos that ``folder/labels.csv`` names. Raises OSError, KeyError or ValueError."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        labels = tuple(label_of(row) for row in csv.DictReader(file))
    if not labels:
        raise ValueError(f"{folder / 'labels.csv'} names no photos")
    canvases, inputs = [], []
    for label in labels:
        with Image.open(folder / label.file) as image:
            image.load()
            canvases.append(canvas_of(image))
            inputs.append(prepare(image))
    return Photos(labels, np.stack(canvases), np.stack(inputs))
