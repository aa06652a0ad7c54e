"""Training samples of the detector: small crops at its working scale, and their targets.

Only numpy and OpenCV are used here, so that a second process can prepare samples while the first
one trains. A sample depends only on the seed and its number.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from generator.recogniser.detector import AREA, CELL, OVERVIEW, PADDING
from generator.training.pasting import CutOut, light_of, paste

SIDE = 160
"""Width and height of a sample, in pixels."""
LEAST, MOST = 11.0, 154.0
"""The heights of bollards, in pixels of the sample."""

Thing = TypeVar("Thing")
Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Picture:
    """A picture with bollards.

    pixels: uint8 [h, w, 3], RGB; boxes: float32 [n, 4], left, top, right, bottom; mask: uint8
    [h, w], 255 on bollards, or None where nobody drew it; whole: whether all bollards are marked.
    """

    pixels: Pixels
    boxes: Floats
    mask: Pixels | None
    whole: bool


@dataclass(frozen=True)
class Sample:
    """A crop, uint8 [SIDE, SIDE, 3], with its boxes, as in `Picture`, and its mask."""

    pixels: Pixels
    boxes: Floats
    mask: Pixels | None
    whole: bool


@dataclass(frozen=True)
class Material:
    """The material for samples.

    ``close`` and ``cut_outs`` are in groups (countries) with equal weight.
    """

    streets: Sequence[Picture]
    close: Sequence[Sequence[Picture]]
    cut_outs: Sequence[Sequence[CutOut]]
    drawn: Sequence[Picture]
    roads: Sequence[Pixels]


SHARES = {"street": 0.3, "pasted": 0.36, "close": 0.14, "drawn": 0.06, "road": 0.14}


def make_sample(material: Material, rng: np.random.Generator) -> Sample:
    """A random sample with the defects of cameras and files."""
    kind = str(rng.choice(list(SHARES), p=list(SHARES.values())))
    if kind == "street":
        sample = _of_street(material, rng)
    elif kind == "pasted":
        sample = _pasted(material, rng)
    elif kind == "close":
        sample = _of_close(material, rng)
    elif kind == "drawn":
        sample = _of_drawn(material, rng)
    else:
        road = _choice(material.roads, rng)
        empty = Picture(road, np.zeros((0, 4), np.float32), None, True)
        sample = _cropped(empty, None, _scale(road.shape, rng, 0.55), rng)
    return _developed(sample, rng)


def net_scale(height: int, width: int) -> float:
    """The factor by which the detector reduces a picture."""
    return min(1.0, math.sqrt(AREA / (height * width)))


def _scale(shape: tuple[int, ...], rng: np.random.Generator, reach: float) -> float:
    return net_scale(shape[0], shape[1]) * math.exp(float(rng.uniform(-reach, reach)))


def _choice(things: Sequence[Thing], rng: np.random.Generator) -> Thing:
    return things[int(rng.integers(len(things)))]


def _of_street(material: Material, rng: np.random.Generator) -> Sample:
    picture = _choice(material.streets, rng)
    box = picture.boxes[0]
    scale = _scale(picture.pixels.shape, rng, 0.4)
    if rng.uniform() < 0.12:
        # The overview, in which large bollards are found.
        scale = OVERVIEW / max(picture.pixels.shape) * math.exp(float(rng.uniform(-0.3, 0.3)))
    scale = float(np.clip(scale, LEAST / (box[3] - box[1]), MOST / (box[3] - box[1])))
    if rng.uniform() < 0.12:
        return _cropped(picture, None, scale, rng)
    return _cropped(picture, box, scale, rng)


def _of_close(material: Material, rng: np.random.Generator) -> Sample:
    picture = _choice(_choice(material.close, rng), rng)
    box = picture.boxes[0]
    high = math.exp(float(rng.uniform(math.log(40), math.log(MOST))))
    sample = _cropped(picture, box, high / (box[3] - box[1]), rng)
    return replace(sample, boxes=_loosened(sample.boxes))


def _of_drawn(material: Material, rng: np.random.Generator) -> Sample:
    picture = _choice(material.drawn, rng)
    box = picture.boxes[0]
    scale = math.exp(float(rng.uniform(-0.5, 0.3)))
    scale = float(np.clip(scale, LEAST / (box[3] - box[1]), MOST / (box[3] - box[1])))
    sample = _cropped(picture, box, scale, rng)
    return replace(sample, boxes=_loosened(sample.boxes))


def _loosened(boxes: Floats) -> Floats:
    """Tight boxes (float32 [n, 4], in pixels of a sample), with the margin of street view boxes.

    Whoever marked those left a margin of 1 to 3 pixels around each bollard, by which thin posts
    are half as wide again; one network can keep to one convention only.
    """
    margin = 1.4 + 0.012 * (boxes[:, 3:] - boxes[:, 1:2])
    return boxes + margin * np.array([-1, -1, 1, 1], np.float32)


def _cropped(
    picture: Picture, box: Floats | None, scale: float, rng: np.random.Generator
) -> Sample:
    """SIDE x SIDE pixels of a picture at a scale, around a box or anywhere; mirrored at times.

    What is outside of the picture is grey, as in the detector's own input.
    """
    height, width = picture.pixels.shape[:2]
    across = scale * math.exp(float(rng.normal(0, 0.06)))
    wide, high = SIDE / across, SIDE / scale
    if box is None:
        left = rng.uniform(0, max(0.0, width - wide)) if width > wide else (width - wide) / 2
        top = rng.uniform(0, max(0.0, height - high)) if height > high else (height - high) / 2
    else:
        # The box may be anywhere within, and now and then reaches out a little.
        spare_x, spare_y = wide - (box[2] - box[0]), high - (box[3] - box[1])
        left = box[0] - spare_x * rng.uniform(-0.02, 1.02) if spare_x > 0 else box[0] + spare_x / -2
        top = box[1] - spare_y * rng.uniform(0.0, 1.0) if spare_y > 0 else box[1] + spare_y / -2
        if rng.uniform() < 0.85:
            # Mostly within the picture, whose border is the exception.
            left = float(np.clip(left, min(0.0, width - wide), max(0.0, width - wide)))
            top = float(np.clip(top, min(0.0, height - high), max(0.0, height - high)))
    x0, y0 = math.floor(left), math.floor(top)
    x1, y1 = x0 + max(2, round(wide)), y0 + max(2, round(high))
    pixels = _window(picture.pixels, x0, y0, x1, y1)
    mask = None if picture.mask is None else _window(picture.mask, x0, y0, x1, y1)
    factors = np.array([SIDE / (x1 - x0), SIDE / (y1 - y0)] * 2, np.float32)
    boxes = (picture.boxes - np.array([x0, y0, x0, y0], np.float32)) * factors
    if rng.uniform() < 0.5:
        pixels = pixels[:, ::-1]
        mask = None if mask is None else mask[:, ::-1]
        boxes = boxes[:, [2, 1, 0, 3]] * np.array([-1, 1, -1, 1], np.float32)
        boxes += np.array([SIDE, 0, SIDE, 0], np.float32)
    return Sample(np.ascontiguousarray(pixels), boxes, mask, picture.whole)


def _window(pixels: Pixels, x0: int, y0: int, x1: int, y1: int) -> Pixels:
    """Part of a picture, SIDE x SIDE; PADDING (or nothing, of a mask) where the picture ends."""
    height, width = pixels.shape[:2]
    part = pixels[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]
    around = (max(0, -y0), max(0, y1 - height), max(0, -x0), max(0, x1 - width))
    if any(around):
        fill = (PADDING,) * 3 if pixels.ndim == 3 else 0
        part = cv2.copyMakeBorder(part, *around, cv2.BORDER_CONSTANT, value=fill)
    method = cv2.INTER_AREA if part.shape[0] > SIDE else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, (SIDE, SIDE), interpolation=method), np.uint8)


def _pasted(material: Material, rng: np.random.Generator) -> Sample:
    """A road with bollards pasted at its side, sometimes several of one kind."""
    if rng.uniform() < 0.75:
        base = Picture(_choice(material.roads, rng), np.zeros((0, 4), np.float32), None, True)
    else:
        base = _choice(material.streets, rng)
    shape = base.pixels.shape
    scale = _scale(shape, rng, 0.5)
    # At its own scale: the bollards must not be blurred by a later reduction.
    size = (max(SIDE // 2, round(shape[1] * scale)), max(SIDE // 2, round(shape[0] * scale)))
    canvas = np.asarray(
        cv2.resize(base.pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else 1), np.uint8
    )
    factors = np.array([size[0] / shape[1], size[1] / shape[0]] * 2, np.float32)
    boxes = list(base.boxes * factors)
    mask = np.zeros(canvas.shape[:2], np.uint8)
    horizon = size[1] * rng.uniform(0.38, 0.58)
    tall = rng.uniform(0.3, 1.1)
    group = _choice(material.cut_outs, rng)
    cut_out = _choice(group, rng)
    light = light_of(canvas, cut_out, rng)
    count = int(rng.choice([1, 2, 3, 4], p=[0.45, 0.25, 0.18, 0.12]))
    placed: list[Floats] = []
    for number in range(count):
        if number and rng.uniform() < 0.3:
            cut_out = _choice(group, rng)
        high = math.exp(float(rng.uniform(math.log(LEAST), math.log(min(MOST, size[1] * 0.6)))))
        if number == 0 and high > 60 and rng.uniform() < 0.4:
            high *= 0.4
        foot = min(size[1] - 1.0, horizon + high / tall)
        middle = size[0] * float(rng.beta(0.7, 0.7))
        box = paste(canvas, mask, cut_out, high, (middle, foot), light, rng)
        if box is not None and all(_common(box, other) < 0.2 for other in placed):
            placed.append(box)
    loose = list(_loosened(np.array(placed, np.float32).reshape(-1, 4)))
    picture = Picture(
        canvas,
        np.array(boxes + loose, np.float32).reshape(-1, 4),
        # Nobody drew the mask of a street's own bollard.
        mask if base.whole else None,
        base.whole,
    )
    centre = _choice(placed, rng) if placed else None
    return _cropped(picture, centre, 1.0, rng)


def _common(one: Floats, other: Floats) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return float(max(0.0, wide) * max(0.0, high) / ((one[2] - one[0]) * (one[3] - one[1])))


def _developed(sample: Sample, rng: np.random.Generator) -> Sample:
    """Add the effects of light, haze, lens, sensor and file to a street picture."""
    x: npt.NDArray[np.floating[Any]] = sample.pixels.astype(np.float32)
    if rng.uniform() < 0.85:
        gain = math.exp(float(rng.normal(0, 0.22)))
        tint = np.exp(rng.normal(0, 0.07, 3)).astype(np.float32)
        mean = float(x.mean())
        contrast = math.exp(float(rng.normal(0, 0.15)))
        x = ((x - mean) * contrast + mean) * (gain * tint)
        grey = x @ np.array([0.299, 0.587, 0.114], np.float32)
        x = grey[:, :, None] + (x - grey[:, :, None]) * math.exp(float(rng.normal(0, 0.25)))
    chance = rng.uniform()
    if chance < 0.06:
        # Night and dusk.
        x = 255 * (np.clip(x, 0, 255) / 255) ** rng.uniform(1.3, 2.2) * rng.uniform(0.25, 0.7)
    elif chance < 0.14:
        # Haze, or light on the windscreen.
        veil = rng.uniform(130, 235, 3) * 0.3 + float(rng.uniform(130, 235)) * 0.7
        x = x + (veil - x) * rng.uniform(0.1, 0.6)
    elif chance < 0.2:
        x = 255 * (np.clip(x, 0, 255) / 255) ** rng.uniform(0.5, 0.9)
    x = np.clip(x, 0, 255)
    if rng.uniform() < 0.3:
        x = cv2.GaussianBlur(x, (0, 0), float(rng.uniform(0.3, 1.0)))
    if rng.uniform() < 0.08:
        kernel = np.zeros((5, 5), np.float32)
        reach = int(rng.integers(1, 3))
        kernel[2, 2 - reach : 3 + reach] = 1 / (2 * reach + 1)
        x = cv2.filter2D(x, -1, kernel)
    if rng.uniform() < 0.5:
        x = x + rng.normal(0, rng.uniform(1, 9), x.shape).astype(np.float32)
    pixels = np.clip(np.round(x), 0, 255).astype(np.uint8)
    if rng.uniform() < 0.5:
        quality = int(rng.integers(25, 92))
        _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
        pixels = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return Sample(pixels, sample.boxes, sample.mask, sample.whole)


def answer(sample: Sample) -> dict[str, npt.NDArray[np.generic]]:
    """The targets of one sample: the arrays of `detecting.Wanted`."""
    cells = SIDE // CELL
    heat = np.zeros((cells, cells), np.float32)
    known = np.full((cells, cells), 1.0 if sample.whole else 0.3, np.float32)
    boxes = np.zeros((4, cells, cells), np.float32)
    weight = np.zeros((cells, cells), np.float32)
    middles = (np.arange(cells, dtype=np.float32) + 0.5) * CELL
    order = np.argsort([-(box[3] - box[1]) for box in sample.boxes])
    for box in sample.boxes[order]:
        inside = np.clip(box, 0, SIDE)
        wide, high = box[2] - box[0], box[3] - box[1]
        seen = (inside[2] - inside[0]) * (inside[3] - inside[1]) / max(1e-6, wide * high)
        near_x = (middles > box[0] - high * 0.6) & (middles < box[2] + high * 0.6)
        near_y = (middles > box[1] - high * 0.4) & (middles < box[3] + high * 0.4)
        near = near_y[:, None] & near_x[None, :]
        known[near] = 0.0 if seen < 0.5 or high < 6 else 1.0
        if seen < 0.5 or high < 6:
            continue
        # The visible part is the answer.
        wide, high = inside[2] - inside[0], inside[3] - inside[1]
        x, y = (inside[0] + inside[2]) / 2, (inside[1] + inside[3]) / 2
        spread_x, spread_y = max(2.2, wide * 0.22), max(2.6, high * 0.14)
        column, row = min(cells - 1, int(x // CELL)), min(cells - 1, int(y // CELL))
        bump = np.exp(
            -((middles[None, :] - x) ** 2) / (2 * spread_x**2)
            - ((middles[:, None] - y) ** 2) / (2 * spread_y**2)
        )
        bump[row, column] = 1.0
        closest = bump > heat
        heat = np.maximum(heat, bump)
        mine = closest & (bump > 0.35)
        weight[mine] = 0
        weight[mine] = bump[mine] / bump[mine].sum()
        boxes[0][mine] = ((x - middles[None, :]) / CELL).repeat(cells, 0)[mine]
        boxes[1][mine] = ((y - middles[:, None]) / CELL).repeat(cells, 1)[mine]
        boxes[2][mine], boxes[3][mine] = math.log(wide / CELL), math.log(high / CELL)
    half = SIDE // 2
    shown = sample.mask is not None or (sample.whole and not len(sample.boxes))
    mask = np.zeros((half, half), np.float32)
    if shown and sample.mask is not None:
        mask = cv2.resize(sample.mask, (half, half), interpolation=cv2.INTER_AREA) / np.float32(255)
    return {
        "heat": heat,
        "known": known,
        "boxes": boxes,
        "weight": weight,
        "mask": mask[None],
        "shown": np.array(shown, np.float32),
        "tallest": np.array(_tallest(sample), np.float32),
    }


def _tallest(sample: Sample) -> float:
    """The logarithm of the height, in cells, above which an unmarked box is no bollard.

    Whoever marked the street views took a large bollard rather than a small one: what is much
    taller than the marked one is a pole, a tree or a line on the road.
    """
    if sample.whole or not len(sample.boxes):
        return math.inf
    high = float((sample.boxes[:, 3] - sample.boxes[:, 1]).max())
    return math.log(max(high, 8.0) * 1.4 / CELL)
