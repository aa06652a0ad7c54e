"""Opens, crops and embeds photos that are not in a site project's collection."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.collect.open import Limits, PhotoError, decoded
from generator.collect.pixels import scaled
from generator.config import Settings, load_settings
from generator.embed import EMBEDDER_PIXELS, Embedder, load_embedder
from generator.errors import BollardsError
from generator.isolate import Found, Isolator, load_isolator
from generator.memory import memory_budget
from generator.project import Project

FloatArray = NDArray[np.float32]

# The least number of px on a picture's larger side for finding a bollard in it.
_SOUGHT_PIXELS = 2048


@contextmanager
def _costing(path: Path) -> Iterator[None]:
    """Let a failure over one picture cost that picture only."""
    try:
        yield
    except BollardsError:
        raise
    except Exception as error:
        said = " ".join(str(error).split()).rstrip(".")[:300] or type(error).__name__
        raise PhotoError(path, f"cannot be compared: {said}.") from None


@dataclass(frozen=True)
class Sight:
    """A photo's crop and its bollards.

    Attributes:
        crop: the part of it that is compared: RGB, of any size.
        boxes: all bollards that were detected, the most confident first, in pixels of the upright
            photo; empty if the isolator cannot list them.
    """

    crop: Image.Image
    boxes: tuple[Found, ...]


@dataclass(frozen=True)
class Eyes:
    """The isolator and the embedder of a project. Safe for several threads.

    Attributes:
        settings: of the project.
        embedder: makes the vectors.
        isolator: crops photos first; None takes them whole.
        judge: decides whether there is a bollard at all; None if nothing can.
    """

    settings: Settings
    embedder: Embedder
    isolator: Isolator | None
    judge: Isolator | None

    def open(self, path: Path) -> Image.Image:
        """The part of a photo that is compared: RGB, of any size.

        Raises:
            PhotoError: the file cannot be opened, or the search for a bollard fails.
        """
        if self.isolator is None:
            with decoded(path, self._limits(), at_least=EMBEDDER_PIXELS) as photo:
                return photo.picture(at_least=EMBEDDER_PIXELS)
        return self._sought(path, self.isolator).crop

    def see(self, path: Path) -> Sight:
        """The result of `open`, and all bollards in the photo.

        Raises:
            PhotoError: the file cannot be opened, or the search for a bollard fails.
        """
        seeker = self.isolator or self.judge
        if seeker is None:
            return Sight(self.open(path), ())
        sight = self._sought(path, seeker)
        return sight if self.isolator else Sight(self.open(path), sight.boxes)

    def _sought(self, path: Path, seeker: Isolator) -> Sight:
        # The crop may be a small part of a large photo, and needs all its pixels.
        with decoded(path, self._limits()) as photo:
            whole = photo.picture(at_least=_SOUGHT_PIXELS)
            with _costing(path):
                found = seeker.boxes(whole)
                box = seeker.crop(whole, found)
            size = (photo.width, photo.height)
            across, down = size[0] / whole.width, size[1] / whole.height
            boxes = tuple(
                replace(
                    one,
                    left=one.left * across,
                    top=one.top * down,
                    right=one.right * across,
                    bottom=one.bottom * down,
                )
                for one in found
            )
            if box is None:
                return Sight(whole, boxes)
            crop = photo.picture(scaled(box, whole.size, size), at_least=_SOUGHT_PIXELS)
            return Sight(crop, boxes)

    def _limits(self) -> Limits:
        photos, build = self.settings.photos, self.settings.build
        return Limits(
            photos.max_megapixels,
            photos.max_megabytes,
            photos.max_seconds,
            memory_budget(build.memory),
        )

    def vector(self, path: Path, image: Image.Image) -> FloatArray:
        """The vector of a crop that `open` returned: float32 [d], of unit length.

        Raises:
            PhotoError: the embedder fails over this picture.
        """
        with _costing(path):
            (row,) = self.embedder.embed([image])
            found: FloatArray = row
            return found

    def sees_bollard(self, image: Image.Image) -> bool:
        """Whether a bollard is visible in a crop of `open`; True if nothing can decide."""
        return self.judge is None or self.judge.sees(image)

    def look(self, files: Sequence[Path]) -> FloatArray:
        """The vectors of photos: float32 [n, d], rows of unit length.

        Raises:
            PhotoError: one of them cannot be opened.
        """
        return np.stack([self.vector(path, self.open(path)) for path in files])


def eyes_of(project: Project, *, for_strangers: bool = False) -> Eyes:
    """The isolator and embedder of site.toml; without one, those of a new project.

    Args:
        project: the paths of the site project.
        for_strangers: the pictures will be others than the collection's, such as screenshots of
            whole streets. The isolator that suits the embedder looks for the bollard then, unless
            site.toml names another or asks for whole photos: the boxes of photos.csv say nothing
            of them. Pages do the same (static/js/identify-worker.js).
    """
    settings = load_settings(project.settings) if project.settings.exists() else Settings()
    embedder = load_embedder(settings.embed, project.root)
    isolator = load_isolator(settings.isolate, project.root)
    judge = None
    if embedder.isolator:
        suited = settings.isolate.model_copy(update={"crop": embedder.isolator})
        judge = load_isolator(suited, project.root)
    if for_strangers:
        if settings.isolate.crop == "given":
            isolator = judge
        isolator = isolator and isolator.for_strangers()
    return Eyes(settings, embedder, isolator, judge)
