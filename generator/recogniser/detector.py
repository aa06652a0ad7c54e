"""Finds bollards in a picture: any number, each with a box, a mask and a confidence.

Needs only numpy, Pillow and onnxruntime. A small network sees the picture twice: at a size that
shows posts of 24 pixels in a picture 1,000 pixels wide (the view), and much reduced, so that a
bollard that fills the picture is visible as a whole (the overview). The steps, for other
implementations:

1. the view: ``k = min(1, sqrt(AREA / (w h)))``, the overview: ``k = min(1, OVERVIEW / max(w, h))``;
   where both are equal, there is the view alone. The picture is resized to ``max(1, round(w k))`` x
   ``max(1, round(h k))`` with a triangle filter (Pillow's ``BILINEAR``, ``reducing_gap=2.0``), and
   laid in the upper left of a picture of grey 128 whose sides are multiples of 32;
2. RGB, 0..255 as float32, channels first. The graph itself does the normalisation;
3. for each cell of CELL x CELL pixels, ``cells`` has the heat and the fit (logits), the offset of
   the bollard's centre from the cell's middle, and the logarithms of the box's width and height in
   cells. A cell counts if its heat is at least LEAST_HEAT and not lower than that of any of its
   eight neighbours. Boxes taller than TALLEST pixels come from the overview only, those lower than
   LOWEST from the view only;
4. ``mask`` has the share of bollard in squares of STEP x STEP pixels. The cover is the logit of the
   mean, over the box's rows, of the greatest share in a row (0.02 added to it and to its
   complement). A box whose mask covers it from top to bottom is rarely wrong;
5. the confidence is ``sigmoid(a heat + b fit + c cover + d)``; ``calibration`` in the metadata
   of the file gives a, b, c and d;
6. a large picture is seen in tiles, too (see `tiles`). A box of a tile is TALLEST pixels tall at
   most in its view;
7. best first, a box is dropped that shares more than OVERLAP of its own or a better one's area
   (intersection over the smaller one's).
"""

import json
import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image

from generator.recogniser.tiles import CLEAR, CLEAR_HEIGHT, EDGE, Tile, tiles
from generator.recogniser.weights import (
    fingerprint_of,
    open_session,
    read_metadata,
    read_weights,
)

if TYPE_CHECKING:
    import onnxruntime

MODEL_FILE = "detector.onnx"
AREA = 600 * 400
OVERVIEW = 192
MULTIPLE = 32
CELL = 4
STEP = 2
PADDING = 128
VERSION = "2"
REDUCING_GAP = 2.0
LEAST_HEAT = -3.0
TALLEST = 165.0
LOWEST = 36.0
OVERLAP = 0.6
# Of 590 close-ups the overview shows such a bollard in 89%, of 75 street views in none.
GLANCE, FILLS = 0.4, 0.4
MOST = 100

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Detection:
    """A bollard in a picture.

    Attributes:
        box: left, top, right, bottom of the bollard in pixels of the picture, within the picture;
            may have fractions.
        confidence: the probability that the box is correct, 0..1 (see the model card).
        mask: float32 [rows, columns], the share of bollard in each cell of the box, 0..1; its
            corners are those of the box.
        evidence: heat, fit and cover (logits), from which the confidence is computed.
    """

    box: tuple[float, float, float, float]
    confidence: float
    mask: Floats = field(compare=False, repr=False)
    evidence: tuple[float, float, float] = field(default=(0.0, 0.0, 0.0), compare=False)


@dataclass(frozen=True)
class View:
    """A picture as the network sees it: uint8 [h, w, 3].

    The upper left ``width`` x ``height`` pixels are the picture, the rest is grey.
    """

    pixels: npt.NDArray[np.uint8]
    width: int
    height: int


@dataclass(frozen=True)
class Candidate:
    """A bollard in a view: its box in the view's pixels, heat and fit (logits)."""

    box: tuple[float, float, float, float]
    heat: float
    fit: float


def scales(width: int, height: int) -> tuple[float, ...]:
    """The scale of a picture in each of its views, the finest first."""
    fine = min(1.0, math.sqrt(AREA / (width * height)))
    coarse = min(1.0, OVERVIEW / max(width, height))
    return (fine,) if coarse >= fine else (fine, coarse)


def view_of(image: Image.Image, scale: float) -> View:
    """An RGB picture at a scale, in the upper left of its frame."""
    width, height = (max(1, round(length * scale)) for length in image.size)
    small = image.resize((width, height), Image.Resampling.BILINEAR, None, REDUCING_GAP)
    frame = [-(-length // MULTIPLE) * MULTIPLE for length in (height, width)]
    pixels = np.full((*frame, 3), PADDING, np.uint8)
    pixels[:height, :width] = np.asarray(small)
    return View(pixels, width, height)


def candidates(cells: Floats, tallest: float, lowest: float) -> list[Candidate]:
    """The candidates in the network's output for one view, float32 [6, rows, columns]."""
    heat = cells[0]
    around = np.pad(heat, 1, constant_values=-np.inf)
    rows, columns = heat.shape
    highest = np.max(
        [around[y : y + rows, x : x + columns] for y in range(3) for x in range(3)], axis=0
    )
    found = []
    for row, column in np.argwhere((heat >= LEAST_HEAT) & (heat >= highest)).tolist():
        warmth, fit, x, y, wide, high = cells[:, row, column].tolist()
        middle, centre = (column + 0.5 + x) * CELL, (row + 0.5 + y) * CELL
        across, down = (math.exp(min(6.0, half)) * CELL / 2 for half in (wide, high))
        if lowest <= 2 * down <= tallest:
            box = (middle - across, centre - down, middle + across, centre + down)
            found.append(Candidate(box, warmth, fit))
    return sorted(found, key=lambda one: -one.heat)[:MOST]


def _shared(one: Sequence[float], other: Sequence[float]) -> float:
    """The intersection of two boxes as a share of the smaller one."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return wide * high / max(min(areas), 1e-6)


def distinct(found: Sequence[Detection]) -> list[Detection]:
    """The best of overlapping candidates, best first (non-maximum suppression)."""
    kept: list[Detection] = []
    for one in sorted(found, key=lambda one: (-one.confidence, one.box)):
        if all(_shared(one.box, other.box) <= OVERLAP for other in kept):
            kept.append(one)
    return kept


class Detector:
    """The detecting network. Several threads may use it. The graph is loaded on first use."""

    def __init__(self, path: Path | None = None) -> None:
        """``path`` is an ONNX file, by default the one shipped. Raises OSError."""
        self.weights = read_weights(path, MODEL_FILE)
        self.fingerprint = fingerprint_of(self.weights, f"detect {VERSION}")
        self._lock = threading.Lock()
        self._loaded: onnxruntime.InferenceSession | None = None

    def detect(self, image: Image.Image, *, glance: bool = False) -> list[Detection]:
        """The bollards in an upright sRGB picture, the most confident first.

        With ``glance``, smaller ones are not looked for if the overview alone shows a bollard of
        FILLS of the picture's height with a confidence of GLANCE: this takes an eighth of the time.
        """
        if image.mode != "RGB":
            image = image.convert("RGB")
        sizes = scales(*image.size)
        found = self._in_view(image, sizes[-1], LOWEST if len(sizes) > 1 else 0.0, math.inf)
        if glance and any(_fills(one, image.height) for one in found):
            return distinct(found)
        for scale in sizes[:-1]:
            found += self._in_view(image, scale, 0.0, TALLEST)
        if not any(_is_clear(one, sizes[0]) for one in found):
            for tile in tiles(*image.size, AREA):
                found += self._in_tile(image, tile)
        return distinct(found)

    def _in_view(
        self, image: Image.Image, scale: float, lowest: float, tallest: float
    ) -> list[Detection]:
        """The bollards in a picture at one scale; the limits of their height are in the view."""
        view = view_of(image, scale)
        batch = view.pixels.transpose(2, 0, 1)[None].astype(np.float32)
        cells, masks = self._session().run(["cells", "mask"], {"image": batch})
        found = (
            _detection(one, masks[0, 0], view, image.size, self.calibration)
            for one in candidates(cells[0], tallest, lowest)
        )
        return [one for one in found if one is not None]

    def _in_tile(self, image: Image.Image, tile: Tile) -> Iterator[Detection]:
        """The bollards that a tile shows whole, in px of the picture."""
        part = image.crop((tile.left, tile.top, tile.right, tile.bottom))
        scale = scales(*part.size)[0]
        for one in self._in_view(part, scale, 0.0, TALLEST):
            left, top, right, bottom = one.box
            box = (left + tile.left, top + tile.top, right + tile.left, bottom + tile.top)
            if tile.shows_whole(box, image.size, EDGE / scale):
                yield replace(one, box=box)

    @cached_property
    def calibration(self) -> tuple[float, ...]:
        """The coefficients a, b, c and d that turn heat, fit and cover into a confidence."""
        return tuple(json.loads(read_metadata(self.weights)["calibration"]))

    def _session(self) -> "onnxruntime.InferenceSession":
        with self._lock:
            if self._loaded is None:
                self._loaded = open_session(self.weights)
            return self._loaded


@cache
def shipped() -> Detector:
    """The detector of the program; one for the whole process. Raises OSError."""
    return Detector()


def _fills(one: Detection, height: int) -> bool:
    """Whether a bollard of the overview is certain and large enough for a glance."""
    return one.confidence >= GLANCE and one.box[3] - one.box[1] >= FILLS * height


def _is_clear(one: Detection, scale: float) -> bool:
    """Whether a bollard is large and certain enough that no tile is needed."""
    return one.confidence >= CLEAR and (one.box[3] - one.box[1]) * scale >= CLEAR_HEIGHT


def _detection(
    one: Candidate,
    mask: Floats,
    view: View,
    size: tuple[int, int],
    calibration: Sequence[float],
) -> Detection | None:
    """A view's candidate in pixels of the picture; None if it is outside of the picture."""
    across, down = size[0] / view.width, size[1] / view.height
    left, right = (min(max(one.box[side] * across, 0.0), float(size[0])) for side in (0, 2))
    top, bottom = (min(max(one.box[side] * down, 0.0), float(size[1])) for side in (1, 3))
    if right - left < 1 or bottom - top < 1:
        return None
    cut = [
        math.floor(top / down / STEP),
        math.ceil(bottom / down / STEP),
        math.floor(left / across / STEP),
        math.ceil(right / across / STEP),
    ]
    part = mask[cut[0] : cut[1], cut[2] : cut[3]]
    evidence = (one.heat, one.fit, _cover(part))
    box = (left, top, right, bottom)
    return Detection(box, confidence_of(evidence, calibration), part, evidence)


def _cover(mask: Floats) -> float:
    """How completely a mask covers a box from top to bottom, a logit."""
    share = float(mask.max(axis=1).mean()) if mask.size else 0.0
    return math.log((share + 0.02) / (1.02 - share))


def confidence_of(evidence: Sequence[float], calibration: Sequence[float]) -> float:
    """The probability that a box is correct, 0..1, from its heat, fit and cover."""
    a, b, c, d = calibration
    logit = a * evidence[0] + b * evidence[1] + c * evidence[2] + d
    return 1 / (1 + math.exp(-min(max(logit, -30.0), 30.0)))
