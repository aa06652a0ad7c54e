"""A query photo as the vote sees it: the crops of its bollards."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from generator.identify.legibility import fills_its_photo, is_readable
from generator.identify.vote import MOST_CROPS
from generator.isolate import Found
from generator.look import Viewer

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of a query photo that was compared.

    Attributes:
        embedding: float32 [d], of unit length.
        height: in px of the upright photo.
        confidence: the probability that it shows a bollard, greater than 0; 1 if nothing says so.
    """

    embedding: FloatArray
    height: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class View:
    """A query photo.

    Attributes:
        file: as the visitor named it.
        crops: at least one. The first shows the bollard that is asked about. The others are of
            the same picture, and so of the same country; there are none if the whole photo is
            compared.
        boxes: of the detected bollards themselves, in pixels of the upright photo, the most
            confident first; None if nothing was able to list them.
        filled: whether the whole photo is compared, and clearly shows a bollard.
    """

    file: str
    crops: tuple[Crop, ...]
    boxes: tuple[Found, ...] | None = None
    filled: bool = False


def view_photo(file: Path, viewer: Viewer) -> View:
    """Look at a query photo.

    If the crop is hard to read, but the photo shows a bollard as a whole, all of it is compared.

    Raises:
        BollardsError: it cannot be opened.
    """
    look = viewer.look(file)
    embedder = viewer.embedder
    vector = viewer.vector(file, look)
    if not is_readable(vector, look.confidence, embedder):
        whole = vector
        if not look.is_whole:
            whole = viewer.vector(file, replace(look, compared=look.picture))
        if fills_its_photo(whole, embedder):
            return View(str(file), (Crop(whole, look.height),), look.found, filled=True)
    first = Crop(vector, look.crop.height, look.confidence or 1.0)
    others = [
        Crop(vector, box.height, found.confidence)
        for found, box, vector in viewer.further(file, look, MOST_CROPS - 1)
    ]
    return View(str(file), (first, *others), look.found)
