"""Real photos, roads and streets as arrays for the last part of training."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from generator.collect.countries import resolve
from generator.evaluate.labels import Label, folds
from generator.recogniser.framing import framed
from generator.recogniser.view import prepare
from generator.training.adapt_batches import Reals
from generator.training.collection import Collection, Rows, codes
from generator.training.data import read_photos
from generator.training.masks import photo_masks

Pixels = npt.NDArray[np.uint8]

ROAD_SIDE = 320
"""Roads are kept so large: a piece of one is never looked at more closely."""


@dataclass(frozen=True)
class RealPhotos:
    """All labelled photos, prepared for training, and the folder of each."""

    labels: tuple[Label, ...]
    reals: Reals
    countries: tuple[str, ...]
    folder_of: Rows
    masked: int


def country_of(label: Label) -> str:
    """The country's code, or the label's text if the country is unknown."""
    found = resolve(label.country) or resolve(label.file.split("/")[0])
    return found.code if found and found.code else label.country


def read_reals(folders: Sequence[Path], masks: Sequence[Path]) -> RealPhotos:
    """The photos of all folders with ``labels.csv``, and optionally a folder of masks for each.

    Raises OSError, KeyError or ValueError.
    """
    labels: list[Label] = []
    canvases, inputs, covers, origin, masked = [], [], [], [], 0
    for number, folder in enumerate(folders):
        photos = read_photos(folder)
        drawn, given = photo_masks(photos, masks[number] if masks else None)
        labels += photos.labels
        canvases.append(photos.canvases)
        inputs.append(photos.inputs)
        covers.append(drawn)
        origin += [number] * len(photos)
        masked += int(given.sum())
    countries = tuple(country_of(label) for label in labels)
    collection = Collection(
        np.concatenate(canvases),
        np.concatenate(covers),
        np.unique(
            [f"{place}/{one.bollard}" for place, one in zip(origin, labels, strict=True)],
            return_inverse=True,
        )[1],
        np.unique(countries, return_inverse=True)[1],
        codes(labels),
    )
    everything = Reals(collection, np.concatenate(inputs), np.arange(len(labels)))
    return RealPhotos(tuple(labels), everything, countries, np.array(origin), masked)


def kept_apart(photos: RealPhotos, parts: int, seed: int = 0) -> Rows:
    """The photos of one of ``parts`` folds over the last folder's bollards."""
    last = np.flatnonzero(photos.folder_of == photos.folder_of.max())
    return last[folds([photos.labels[row] for row in last], parts, seed)[0]]


def read_roads(folder: Path | None) -> Pixels:
    """Street views without bollards, uint8 [n, ROAD_SIDE, ROAD_SIDE, 3]."""
    made = []
    for path in sorted(folder.rglob("*.jpg")) if folder else []:
        with Image.open(path) as image:
            small = image.convert("RGB").resize(
                (ROAD_SIDE, ROAD_SIDE), Image.Resampling.BILINEAR, None, 2.0
            )
        made.append(np.asarray(small))
    return np.stack(made) if made else np.zeros((0, ROAD_SIDE, ROAD_SIDE, 3), np.uint8)


@dataclass(frozen=True)
class Streets:
    """Posts in street views, cut out by their true boxes.

    Attributes:
        inputs: uint8 [n, HEIGHT, WIDTH, 3], the input of the finished model.
        countries: their codes.
        heights: of the posts, in pixels, float64 [n].
    """

    inputs: Pixels
    countries: tuple[str, ...]
    heights: npt.NDArray[np.float64]


def read_streets(folder: Path) -> Streets:
    """The rows of ``folder/boxes.csv``: file, country and the four sides. Raises OSError."""
    inputs, countries, heights = [], [], []
    with (folder / "boxes.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            left, top, right, bottom = (float(row[s]) for s in ("left", "top", "right", "bottom"))
            with Image.open(folder / row["file"]) as image:
                box = framed((round(left), round(top), round(right), round(bottom)), image.size)
                inputs.append(prepare(image.crop(box)))
            countries.append(row["country"])
            heights.append(bottom - top)
    return Streets(np.stack(inputs), tuple(countries), np.array(heights))
