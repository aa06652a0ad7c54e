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


def without(image: Image.Image, mask: Image.Image, *, columns: bool = False) -> Image.Image | None:
    """The photo with its bollard grey, at most 512 px high; None where the mask shows nothing.

    The grey part is grown by a few pixels, lest its border show what colour was there. With
    ``columns`` it is all columns of pixels in which the bollard stands: then its outline, height
    and lean are gone as well.
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
    """same-bollard@k of photos whose bollards are grey, the gallery's as well.

    Once more with all columns of the bollard grey: what is left then is surroundings alone.

    Args:
        photos: those without a mask are left out.
        masks: a folder that has `france/012a.png` for `france/012a.jpg`: grey, as bright as it is
            surely bollard.
        embedder: what looks at them.
        progress: where to show how far it is.
    """
    kept: list[LabelledPhoto] = []
    rows: list[FloatArray] = []
    bare: list[FloatArray] = []
    with progress.bar("Greyed out", len(photos), "photos") as advance:
        for photo in photos:
            advance(1)
            path = (masks / photo.label.file).with_suffix(".png")
            try:
                mask = open_photo(path, MEGAPIXELS).image
                image = open_photo(photo.path, MEGAPIXELS, at_least=_WORKING).image
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
