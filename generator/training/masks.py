"""Masks of the bollards in labelled photos, for swapping backgrounds in training.

Labelled photos show one upright bollard in their middle. This prior is enough for GrabCut (Rother
et al. 2004, in OpenCV): the middle strip is probably the post, the sides are certainly not. Masks
by a program for foreground segmentation are better: `usable` accepts them.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from generator.training.data import Photos, canvas_of

Pixels = npt.NDArray[np.uint8]

Box = tuple[int, int, int, int]

ITERATIONS = 5


def mask_box(mask: Pixels) -> Box:
    """The smallest box round a mask (uint8 [h, w]): left, top, right, bottom, last exclusive.

    All zeros if the mask is empty.
    """
    rows, columns = np.flatnonzero(mask.max(axis=1) > 127), np.flatnonzero(mask.max(axis=0) > 127)
    if len(rows) == 0:
        return (0, 0, 0, 0)
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def cut_out(canvas: Pixels) -> Pixels:
    """The mask of the bollard in a canvas, uint8 [h, w], 255 on the bollard.

    Needs OpenCV (training only). If GrabCut finds nothing plausible, the middle strip is used.
    """
    import cv2

    height, width = canvas.shape[:2]
    middle = width // 2
    seeds = np.full((height, width), cv2.GC_BGD, np.uint8)
    reach = round(height * 0.2)
    seeds[round(height * 0.02) : round(height * 0.98), middle - reach : middle + reach] = (
        cv2.GC_PR_BGD
    )
    strip = round(height * 0.035)
    likely = np.s_[round(height * 0.087) : round(height * 0.92), middle - strip : middle + strip]
    seeds[likely] = cv2.GC_PR_FGD
    cv2.setRNGSeed(0)
    cv2.grabCut(
        np.ascontiguousarray(canvas[:, :, ::-1]),
        seeds,
        None,
        np.zeros((1, 65)),
        np.zeros((1, 65)),
        ITERATIONS,
        cv2.GC_INIT_WITH_MASK,
    )
    found = ((seeds == cv2.GC_FGD) | (seeds == cv2.GC_PR_FGD)).astype(np.uint8)
    # Bands in the colour of the background are lost: close the gaps along the post. The border
    # keeps the closing from growing into the frame.
    gap = height // 4
    padded = np.pad(found, ((gap, gap), (0, 0)))
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, np.ones((gap, 3), np.uint8))
    found = closed[gap:-gap]
    found = _near_middle(found, middle, reach)
    if found[:, middle - strip : middle + strip].any(axis=1).mean() < 0.3:
        found[:] = 0
        found[likely] = 1
    return np.asarray(found * 255, np.uint8)


def photo_masks(photos: Photos, folder: Path | None) -> tuple[Pixels, npt.NDArray[np.bool_]]:
    """Masks of all photos' canvases, uint8 [n, h, w], and which are from ``folder``, bool [n].

    The mask of ``germany/012a.jpg`` is ``germany/012a.png``. If it is missing or unusable, the mask
    is empty, and the photo keeps its own surroundings in training. Without a folder, GrabCut draws
    all masks. Raises OSError.
    """
    masks, given = [], np.zeros(len(photos), np.bool_)
    for row, (label, canvas) in enumerate(zip(photos.labels, photos.canvases, strict=True)):
        path = folder and (folder / label.file).with_suffix(".png")
        mask = None
        if path and path.exists():
            with Image.open(path) as drawn:
                mask = usable(drawn, canvas)
        given[row] = mask is not None
        if mask is None:
            mask = cut_out(canvas) if folder is None else np.zeros(canvas.shape[:2], np.uint8)
        masks.append(mask)
    return np.stack(masks), given


def usable(drawn: Image.Image, canvas: Pixels) -> Pixels | None:
    """The mask of a canvas's bollard, from another program's mask of the whole photo.

    drawn: grey, brighter for a more certain foreground. canvas: uint8 [h, w, 3], made by
    `data.canvas_of`. Returns uint8 [h, w], or None if there is nothing tall enough in the middle.
    """
    import cv2

    grey = canvas_of(drawn)[:, :, 0]
    height, width = canvas.shape[:2]
    brightest = int(grey.max())
    if brightest < 64:
        return None
    grey = np.asarray(np.round(grey * (255.0 / brightest)), np.uint8)
    kept = _near_middle((grey > 127).astype(np.uint8), width // 2, round(height * 0.3))
    rows = np.flatnonzero(kept.max(axis=1))
    if len(rows) == 0 or np.ptp(rows) < height / 4 or kept.mean() < 0.004:
        return None
    # Its soft edge goes with it, other things do not.
    return np.asarray(grey * cv2.dilate(kept, np.ones((5, 5), np.uint8)), np.uint8)


def _near_middle(found: Pixels, middle: int, reach: int) -> Pixels:
    """Only the connected parts near the middle column, without specks."""
    import cv2

    count, parts, stats, _ = cv2.connectedComponentsWithStats(found)
    kept = np.zeros_like(found)
    for part in range(1, count):
        left, width, area = stats[part, 0], stats[part, 2], stats[part, 4]
        if left < middle + reach // 3 and left + width > middle - reach // 3 and area >= 12:
            kept[parts == part] = 1
    return kept


def without_bollard(canvas: Pixels, mask: Pixels) -> Pixels:
    """The canvas with its bollard covered by its surroundings.

    Columns as wide as the bollard are copied from its left or right, mirrored, so that the seam is
    continuous.
    """
    columns = np.flatnonzero(mask.max(axis=0))
    if len(columns) == 0:
        return canvas
    width = canvas.shape[1]
    first, last = max(0, columns[0] - 4), min(width - 1, columns[-1] + 4)
    source = np.arange(width)
    half = (first + last + 1) // 2
    source[first:half] = 2 * first - source[first:half] - 1
    source[half : last + 1] = 2 * last - source[half : last + 1] + 1
    covered = canvas.copy()
    covered[:, first : last + 1] = canvas[:, np.clip(source[first : last + 1], 0, width - 1)]
    return covered
