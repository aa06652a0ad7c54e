"""How much the surroundings give away: the other view of a bollard, found with no bollard to see.

Two views of one bollard share a place. With the bollard greyed out in all photos, an embedder that
looks at bollards finds the other view no more often than by chance.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from generator.collect.open import PhotoError, open_photo
from generator.embed import Embedder
from generator.evaluate.labelled import LabelledPhoto
from generator.evaluate.measures import Figures, Sample, retrieval
from generator.evaluate.vectors import MEGAPIXELS
from generator.progress import Progress

FloatArray = npt.NDArray[np.float32]

GREY = 128
LEAST = 64
"""A mask that is brighter than this, 0 to 255, is bollard."""

_WORKING = 512
_GROWN = 9


def without(image: Image.Image, mask: Image.Image) -> Image.Image | None:
    """The photo with its bollard grey, at most 512 px high; None where the mask shows nothing.

    The grey part is grown by a few pixels, lest its border show what colour was there.
    """
    height = min(_WORKING, image.height)
    size = (max(1, round(image.width * height / image.height)), height)
    small = image.convert("RGB").resize(size, Image.Resampling.BILINEAR)
    cover = mask.convert("L").resize(size, Image.Resampling.BILINEAR)
    inside = cover.point([255 if value > LEAST else 0 for value in range(256)])
    if inside.getbbox() is None:
        return None
    grown = inside.filter(ImageFilter.MaxFilter(_GROWN))
    small.paste((GREY, GREY, GREY), mask=grown)
    return small


def greyed_out(
    photos: Sequence[LabelledPhoto], masks: Path, embedder: Embedder, progress: Progress
) -> Figures:
    """same-bollard@k of photos whose bollards are grey, the gallery's as well.

    Args:
        photos: those without a mask are left out.
        masks: a folder that has `france/012a.png` for `france/012a.jpg`: grey, as bright as it is
            surely bollard.
        embedder: what looks at them.
        progress: where to show how far it is.
    """
    kept: list[LabelledPhoto] = []
    rows: list[FloatArray] = []
    with progress.bar("Greyed out", len(photos), "photos") as advance:
        for photo in photos:
            advance(1)
            path = (masks / photo.label.file).with_suffix(".png")
            try:
                mask = open_photo(path, MEGAPIXELS).image
                shown = without(open_photo(photo.path, MEGAPIXELS, at_least=_WORKING).image, mask)
            except PhotoError:
                continue
            if shown is not None:
                kept.append(photo)
                rows.append(embedder.embed([shown])[0])
    if len(kept) < 2:
        return {"photos with masks": float(len(kept))}
    found = retrieval(Sample(tuple(kept), np.stack(rows), None))
    chances = _by_chance(kept)
    same = {name: value for name, value in found.items() if name.startswith("same-bollard")}
    return {**same, "same-bollard@1 by chance": chances, "photos with masks": float(len(kept))}


def _by_chance(photos: Sequence[LabelledPhoto]) -> float | None:
    views: dict[str, int] = {}
    for photo in photos:
        views[photo.label.bollard] = views.get(photo.label.bollard, 0) + 1
    asked = [count - 1 for count in views.values() for _ in range(count) if count > 1]
    return float(np.mean(asked)) / (len(photos) - 1) if asked else None
