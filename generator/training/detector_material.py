"""Real photos, drawn scenes and empty roads, read once, as material for the detector's samples.

Bollards are cut out of close photos by masks from another program. A photo without a usable mask
is not cut out. One fold of everything can be held out.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from generator.evaluate.labels import Label, folds, label_of
from generator.training.detector_samples import Material, Picture, net_scale
from generator.training.drawn import draw_scenes
from generator.training.pasting import CutOut

FOLDS = 3
CLOSE_HEIGHT = 400
CUT_OUT_HEIGHT = 260

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sources:
    """Folders: ``photos`` and ``close`` with labels.csv, ``streets`` with boxes.csv, ``roads``
    with pictures that show no bollard, ``masks`` with the masks of the close photos (below
    ``photos/`` and ``close/``, as PNG), and ``scenes``, where drawn ones are kept."""

    photos: Path
    close: Path
    streets: Path
    roads: Path
    masks: Path
    scenes: Path


@dataclass(frozen=True)
class Split:
    """The held-out part: a fold of FOLDS, or None."""

    fold: int | None = None

    def keeps(self, number: int, *, apart: bool) -> bool:
        """Whether the picture with this number belongs to the part for training, or (``apart``)
        to the one for measuring."""
        return (self.fold is not None and number % FOLDS == self.fold) == apart


def read_material(sources: Sources, split: Split, *, drawn: int = 6) -> Material:
    """The material for samples. Raises OSError, KeyError or ValueError."""
    close: dict[str, list[Picture]] = {}
    cut_outs: dict[str, list[CutOut]] = {}
    for folder, name in ((sources.photos, "photos"), (sources.close, "close")):
        for label in labels_apart(folder, split, apart=False):
            pixels = read_pixels(folder / label.file)
            mask = _mask(sources.masks / name / label.file, pixels)
            if mask is None:
                continue
            group = f"{name} {label.country}"
            picture, cut_out = _picture(pixels, mask), _cut_out(pixels, mask)
            close.setdefault(group, []).append(picture)
            cut_outs.setdefault(group, []).append(cut_out)
    scenes = []
    for framing, count in (("wide", drawn), ("close", drawn // 2)):
        scene = draw_scenes(count, sources.scenes, framing="wide" if framing == "wide" else "close")
        for canvas, mask in zip(scene.canvases, scene.masks, strict=True):
            box = box_of(mask)
            if box[3] - box[1] >= 8:
                scenes.append(Picture(canvas, box[None], mask, False))
    return Material(
        streets=[
            Picture(read_pixels(path), box[None], None, False)
            for path, box in street_boxes(sources.streets, split, apart=False)
        ],
        close=list(close.values()),
        cut_outs=list(cut_outs.values()),
        drawn=scenes,
        roads=[_reduced(read_pixels(path)) for path in roads(sources.roads, split, apart=False)],
    )


def labels_apart(folder: Path, split: Split, *, apart: bool) -> list[Label]:
    """The labels of the photos for training or for measuring; no bollard is in both."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        labels = [label_of(row) for row in csv.DictReader(file)]
    if split.fold is None:
        return [] if apart else labels
    held = set(folds(labels, FOLDS)[split.fold].tolist())
    return [label for row, label in enumerate(labels) if (row in held) == apart]


def street_boxes(folder: Path, split: Split, *, apart: bool) -> list[tuple[Path, Floats]]:
    """Street views and the box, float32 [4], of one bollard in each."""
    with (folder / "boxes.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        (
            folder / row["file"],
            np.array([float(row[side]) for side in ("left", "top", "right", "bottom")], np.float32),
        )
        for number, row in enumerate(rows)
        if split.keeps(number, apart=apart)
    ]


def roads(folder: Path, split: Split, *, apart: bool) -> list[Path]:
    """Pictures of roads without bollards."""
    paths = sorted(folder.glob("*.jpg"))
    return [path for number, path in enumerate(paths) if split.keeps(number, apart=apart)]


def read_pixels(path: Path) -> Pixels:
    """An upright picture, uint8 [h, w, 3], RGB. Raises OSError."""
    with Image.open(path) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def box_of(mask: Pixels) -> Floats:
    """The box of a mask (uint8 [h, w], 255 on the bollard), float32 [4]; zeros of an empty one."""
    rows, columns = np.flatnonzero(mask.max(axis=1) > 127), np.flatnonzero(mask.max(axis=0) > 127)
    if not len(rows):
        return np.zeros(4, np.float32)
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], np.float32)


def close_boxes(folder: Path, masks: Path, labels: Sequence[Label]) -> list[tuple[Path, Floats]]:
    """Close photos with a usable mask, and the bollard's box by that mask."""
    found = []
    for label in labels:
        mask = _mask(masks / label.file, read_pixels(folder / label.file))
        if mask is not None:
            found.append((folder / label.file, box_of(mask)))
    return found


def _mask(path: Path, pixels: Pixels) -> Pixels | None:
    """The mask of a close photo's bollard, uint8 [h, w], if it is plausible.

    A plausible mask is one tall part near the middle that does not touch the sides.
    """
    path = path.with_suffix(".png")
    if not path.exists():
        return None
    with Image.open(path) as image:
        grey = np.asarray(image.convert("L"))
    height, width = grey.shape
    if grey.shape != pixels.shape[:2] or grey.max() < 128:
        return None
    count, parts, stats, centres = cv2.connectedComponentsWithStats((grey > 127).astype(np.uint8))
    kept = np.zeros_like(grey)
    main = max(range(1, count), key=lambda part: int(stats[part, 4]), default=0)
    if not main or abs(centres[main][0] - width / 2) > 0.15 * height:
        return None
    for part in range(1, count):
        left, wide = int(stats[part, 0]), int(stats[part, 2])
        within = stats[main, 0] + stats[main, 2] / 2
        if part == main or (
            left <= within <= left + wide and stats[part, 4] > 0.02 * stats[main, 4]
        ):
            kept[parts == part] = 1
    box = box_of(kept * 255)
    tall, broad = box[3] - box[1], box[2] - box[0]
    reach = (width - min(width, round(height * 0.6))) // 2
    if tall < 0.25 * height or tall < 0.9 * broad or kept.mean() < 0.004:
        return None
    if box[0] <= reach + 2 or box[2] >= width - reach - 2 or box[1] <= 2:
        return None
    if kept.sum() < 0.3 * tall * broad:
        return None
    around = cv2.dilate(kept, np.ones((5, 5), np.uint8))
    return np.asarray(grey * around, np.uint8)


def _picture(pixels: Pixels, mask: Pixels) -> Picture:
    scale = min(1.0, CLOSE_HEIGHT / pixels.shape[0])
    size = (round(pixels.shape[1] * scale), round(pixels.shape[0] * scale))
    return Picture(
        np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8),
        (box_of(mask) * scale)[None],
        np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), np.uint8),
        False,
    )


def _cut_out(pixels: Pixels, mask: Pixels) -> CutOut:
    """The bollard without its surroundings; the soft edge of its mask is sharpened a little."""
    left, top, right, bottom = box_of(mask).astype(int)
    part = np.s_[top:bottom, max(0, left - 2) : right + 2]
    cover = np.clip((mask[part].astype(np.float32) / 255 - 0.35) / 0.4, 0, 1)
    scale = min(1.0, CUT_OUT_HEIGHT / cover.shape[0])
    size = (max(2, round(cover.shape[1] * scale)), max(2, round(cover.shape[0] * scale)))
    ground = pixels[pixels.shape[0] // 3 :: 4, ::4].reshape(-1, 3)
    return CutOut(
        np.asarray(cv2.resize(pixels[part], size, interpolation=cv2.INTER_AREA), np.uint8),
        np.asarray(cv2.resize(np.round(cover * 255), size, interpolation=cv2.INTER_AREA), np.uint8),
        np.percentile(ground, 92, axis=0).astype(np.float32),
    )


def _reduced(pixels: Pixels) -> Pixels:
    """A road, at most 1.5 times the size at which the detector sees it, to save memory."""
    scale = min(1.0, 1.5 * net_scale(*pixels.shape[:2]))
    size = (round(pixels.shape[1] * scale), round(pixels.shape[0] * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
