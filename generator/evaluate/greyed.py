"""Measures how much the surroundings give away: retrieval with the bollards greyed out.

Two views of one bollard share their surroundings. With the bollard greyed out in all photos, an
embedder that looks at bollards finds the other view no more often than by chance.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from generator.collect.open import PhotoError
from generator.config import Settings
from generator.embed import Embedder
from generator.evaluate.labelled import LabelledPhoto
from generator.evaluate.measures import Figures, Sample, retrieval
from generator.look import limits_of, open_picture
from generator.progress import Progress

FloatArray = npt.NDArray[np.float32]

GREY = 128
LEAST = 64
"""Mask pixels brighter than this, 0 to 255, are bollard."""

_WORKING = 512
_GROWN = 9


def without(image: Image.Image, mask: Image.Image, *, columns: bool = False) -> Image.Image | None:
    """The photo with its bollard grey, at most 512 px high; None if the mask is empty.

    The grey area is enlarged by a few pixels, so that its border does not reveal the colour. With
    ``columns`` it covers all columns of pixels that contain the bollard, which hides its outline,
    height and lean as well.
    """
    height = min(_WORKING, image.height)
    size = (max(1, round(image.width * height / image.height)), height)
    small = image.convert("RGB").resize(size, Image.Resampling.BILINEAR)
    cover = mask.convert("L").resize(size, Image.Resampling.BILINEAR)
    inside = cover.point([255 if value > LEAST else 0 for value in range(256)])
    grown = inside.filter(ImageFilter.MaxFilter(_GROWN))
    box = grown.getbbox()
    if box is None:
        return None
    if columns:
        grown.paste(255, (box[0], 0, box[2], height))
    small.paste((GREY, GREY, GREY), mask=grown)
    return small


def greyed_out(
    photos: Sequence[LabelledPhoto], masks: Path, embedder: Embedder, progress: Progress
) -> Figures:
    """same-bollard@k of photos with greyed-out bollards, in a gallery of such photos.

    Measured again with all columns of the bollard grey, which leaves only the surroundings.

    Args:
        photos: the labelled photos; those without a mask are left out.
        masks: a folder with `france/012a.png` for `france/012a.jpg`, a grey picture in which
            brighter pixels are more certainly bollard.
        embedder: the embedder to measure.
        progress: shows the progress.
    """
    kept: list[LabelledPhoto] = []
    rows: list[FloatArray] = []
    bare: list[FloatArray] = []
    limits = limits_of(Settings())
    with progress.bar("Greyed out", len(photos), "photos") as advance:
        for photo in photos:
            advance(1)
            path = (masks / photo.label.file).with_suffix(".png")
            try:
                mask = open_picture(path, limits)
                image = open_picture(photo.path, limits, at_least=_WORKING)
            except PhotoError:
                continue
            shown, empty = without(image, mask), without(image, mask, columns=True)
            if shown is not None and empty is not None:
                kept.append(photo)
                rows.append(embedder.embed([shown])[0])
                bare.append(embedder.embed([empty])[0])
    if len(kept) < 2:
        return {"photos with masks": float(len(kept))}
    found = retrieval(Sample(tuple(kept), np.stack(rows), None))
    same = {name: value for name, value in found.items() if name.startswith("same-bollard")}
    alone = retrieval(Sample(tuple(kept), np.stack(bare), None))
    return {
        **same,
        "same-bollard@1, whole columns grey": alone["same-bollard@1"],
        "same-bollard@1 by chance": _by_chance(kept),
        "photos with masks": float(len(kept)),
    }


def _by_chance(photos: Sequence[LabelledPhoto]) -> float | None:
    views: dict[str, int] = {}
    for photo in photos:
        views[photo.label.bollard] = views.get(photo.label.bollard, 0) + 1
    asked = [count - 1 for count in views.values() for _ in range(count) if count > 1]
    return float(np.mean(asked)) / (len(photos) - 1) if asked else None
