"""look: takes a photo's file, returns its upright picture, its bollards and the part to compare.

Building, identifying and measuring all open, turn, search and crop photos here, so that they see
the same. Each photo is decoded once and searched once. This room is no step: the steps `collect`
(opening), `isolate` (searching) and `embed` (comparing) meet in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.catalogue import Box
from generator.collect.metadata import Metadata
from generator.collect.open import Limits, PhotoError, decoded
from generator.collect.pixels import scaled
from generator.config import Settings, load_settings
from generator.embed import EMBEDDER_PIXELS, Embedder, load_embedder
from generator.errors import BollardsError
from generator.isolate import Found, Isolator, crop_box, load_isolator
from generator.isolate.bars import without_bars
from generator.memory import memory_budget
from generator.project import Project
from generator.recogniser.tiles import USUAL

FloatArray = NDArray[np.float32]

SEARCH_PIXELS = 2048
"""The least number of px on a picture's larger side for detecting bollards in it."""


@dataclass(frozen=True)
class Look:
    """A photo that has been looked at.

    Attributes:
        width, height: of the upright photo as stored, in px.
        picture: all of it: RGB, upright, perhaps smaller.
        crop: the part to compare, in px of the upright photo.
        compared: its picture; `picture` itself if the crop is the whole photo.
        found: the detected bollards, the most confident first, in px of the upright photo; None if
            nothing was able to list them.
        sha256, metadata, remark: see `generator.collect.open.Decoded`.
        warning: why the given crop was not used, one sentence, or None.
    """

    width: int
    height: int
    picture: Image.Image
    crop: Box
    compared: Image.Image
    found: tuple[Found, ...] | None
    sha256: str
    metadata: Metadata
    remark: str | None
    warning: str | None

    @property
    def is_whole(self) -> bool:
        """Whether the whole photo is compared."""
        return self.compared is self.picture

    @property
    def confidence(self) -> float | None:
        """That of the most confident bollard, 0 to 1; None if nothing was able to detect one."""
        if self.found is None:
            return None
        return self.found[0].confidence if self.found else 0.0


@dataclass(frozen=True)
class Observer:
    """Looks at photos, always in the same way. Safe for several threads.

    Attributes:
        isolator: decides on the crop of photos without a given one; None takes them whole.
        limits: the largest photos to open.
        pixels: pictures larger than this on their larger side may be reduced, but not below it.
        judge: detects bollards without cropping if there is no isolator; None if nothing does.
    """

    isolator: Isolator | None
    limits: Limits
    pixels: int
    judge: Isolator | None = None

    def look(self, path: Path, given: Box | None = None, *, trimmed: bool = False) -> Look:
        """Open a photo, search it for bollards, and cut out the part to compare.

        Args:
            path: the file.
            given: the owner's crop in px of the upright photo; nothing is searched then.
            trimmed: whether plain bars at the edges are cut off, where nothing else is.

        Raises:
            PhotoError: the file cannot be opened, or the search for a bollard fails.
        """
        seeker = (self.isolator or self.judge) if given is None else None
        # A bollard that must be found may be a small part of the photo, and needs all its pixels.
        enough = self.pixels if seeker is None else None
        with decoded(path, self.limits, at_least=enough, of=given) as photo:
            # A panorama keeps as many rows as a picture of usual shape.
            longer = max(photo.width, photo.height) / min(photo.width, photo.height) / USUAL
            wide = max(1.0, longer) if seeker else 1.0
            picture = photo.picture(at_least=round(self.pixels * wide))
            size = (photo.width, photo.height)
            found, box, bars = None, None, None
            if seeker:
                with failures_of(path):
                    found = seeker.boxes(picture)
                    if self.isolator:
                        box = self.isolator.crop(picture, found or ())
            if trimmed and given is None and box is None:
                box = bars = without_bars(picture)
            crop, warning = crop_box(given, size, box and scaled(box, picture.size, size))
            if bars:
                warning = _about_bars(crop)
            is_whole = crop == Box(0, 0, *size)
            return Look(
                width=photo.width,
                height=photo.height,
                picture=picture,
                crop=crop,
                compared=picture if is_whole else photo.picture(crop, at_least=self.pixels),
                found=found and _enlarged(found, picture.size, size),
                sha256=photo.sha256,
                metadata=photo.metadata,
                remark=photo.remark,
                warning=warning,
            )


def _about_bars(crop: Box) -> str:
    sides = f"{crop.left},{crop.top},{crop.right},{crop.bottom}"
    return (
        f"has a plain bar at its edge, which is cut off (crop {sides}). To choose another part,"
        " give a crop in photos.csv or draw a box on the review page."
    )


def observer(
    settings: Settings, isolator: Isolator | None, judge: Isolator | None = None
) -> Observer:
    """An observer of photos that are compared but not published."""
    searches = isolator or judge
    pixels = SEARCH_PIXELS if searches else EMBEDDER_PIXELS
    return Observer(isolator, limits_of(settings), pixels, judge)


def limits_of(settings: Settings) -> Limits:
    """The limits of site.toml for a single photo."""
    photos = settings.photos
    return Limits(
        photos.max_megapixels,
        photos.max_megabytes,
        photos.max_seconds,
        memory_budget(settings.build.memory),
    )


def open_picture(path: Path, limits: Limits, *, at_least: int | None = None) -> Image.Image:
    """The whole photo: RGB, 8 bits, sRGB, upright, without metadata.

    Args:
        path: the file, whatever its name.
        limits: the largest photos to open.
        at_least: a larger picture may be reduced, but its larger side not below this many px.

    Raises:
        PhotoError: the file cannot be read, is not a picture, is damaged or is too large.
    """
    with decoded(path, limits, at_least=at_least) as photo:
        return photo.picture(at_least=at_least)


@dataclass(frozen=True)
class Viewer:
    """The observer and the embedder of a project.

    Attributes:
        settings: of the project.
        observer: opens and crops photos.
        embedder: makes the vectors of crops.
    """

    settings: Settings
    observer: Observer
    embedder: Embedder

    def look(self, path: Path) -> Look:
        """See `Observer.look`."""
        return self.observer.look(path)

    def vector(self, path: Path, look: Look) -> FloatArray:
        """The vector of the compared part: float32 [d], of unit length.

        Raises:
            PhotoError: the embedder fails over this picture.
        """
        with failures_of(path):
            (row,) = self.embedder.embed([look.compared])
            found: FloatArray = row
            return found

    def further(self, path: Path, look: Look, most: int) -> list[tuple[Found, Box, FloatArray]]:
        """Of a cropped photo, at most so many of its other bollards.

        Returns:
            The detected bollard, its crop in px of the upright photo, and the crop's vector,
            float32 [d], of unit length; the most confident first.

        Raises:
            PhotoError: the embedder fails over this picture.
        """
        isolator = self.observer.isolator
        if look.is_whole or not look.found or not isolator:
            return []
        size = (look.width, look.height)
        seen = look.picture.size
        rows = []
        with failures_of(path):
            for found in look.found[1 : 1 + most]:
                box = isolator.crop(look.picture, _enlarged((found,), size, seen))
                if box:
                    picture = look.picture.crop((box.left, box.top, box.right, box.bottom))
                    (vector,) = self.embedder.embed([picture])
                    rows.append((found, scaled(box, seen, size), vector))
        return rows


def viewer_of(project: Project, *, for_strangers: bool = False) -> Viewer:
    """The observer and embedder of site.toml; without one, those of a new project.

    Args:
        project: the paths of the site project.
        for_strangers: the pictures will be others than the collection's, such as screenshots of
            whole streets. The isolator that suits the embedder looks for the bollard then, unless
            site.toml names another or asks for whole photos: the boxes of photos.csv say nothing
            of them. Pages do the same (static/js/identify-worker.js).
    """
    settings = load_settings(project.settings) if project.settings.exists() else Settings()
    embedder = load_embedder(settings.embed, project.root)
    isolator = load_isolator(settings.isolate, project.root, embedder.isolator)
    if not for_strangers:
        return Viewer(settings, observer(settings, isolator), embedder)
    judge = None
    if embedder.isolator:
        suited = settings.isolate.model_copy(update={"crop": embedder.isolator})
        judge = load_isolator(suited, project.root)
        judge = judge and judge.for_strangers()
    if settings.isolate.crop == "given" or not settings.isolate.is_chosen:
        isolator = judge
    isolator = isolator and isolator.for_strangers()
    return Viewer(settings, observer(settings, isolator, judge), embedder)


@contextmanager
def failures_of(path: Path) -> Iterator[None]:
    """Let a failure over one picture cost that picture only."""
    try:
        yield
    except BollardsError:
        raise
    except Exception as error:
        raise PhotoError(path, f"cannot be compared: {said(error)}.") from None


def said(error: Exception) -> str:
    """An error's message on one line."""
    return " ".join(str(error).split()).rstrip(".")[:300] or type(error).__name__


def _enlarged(
    found: tuple[Found, ...], size: tuple[int, int], to: tuple[int, int]
) -> tuple[Found, ...]:
    """Boxes in a picture of `size`, scaled to the same picture at a size of `to` px."""
    across, down = to[0] / size[0], to[1] / size[1]
    return tuple(
        replace(
            one,
            left=one.left * across,
            top=one.top * down,
            right=one.right * across,
            bottom=one.bottom * down,
        )
        for one in found
    )
