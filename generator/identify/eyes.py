"""How a site project looks at photos that are not in its collection: open, crop, embed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.collect.open import Limits, PhotoError, decoded
from generator.collect.pixels import scaled
from generator.config import Settings, load_settings
from generator.embed import EMBEDDER_PIXELS, Embedder, load_embedder
from generator.errors import BollardsError
from generator.isolate import Isolator, load_isolator
from generator.memory import memory_budget
from generator.project import Project

FloatArray = NDArray[np.float32]

# A bollard is sought in a picture whose larger side has at least so many px.
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
class Eyes:
    """The embedder of a project and what goes before it. Safe for several threads.

    Attributes:
        settings: of the project.
        embedder: what makes the vectors.
        isolator: what crops photos first; None takes them whole.
        judge: what tells whether there is a bollard at all; None where nothing can.
    """

    settings: Settings
    embedder: Embedder
    isolator: Isolator | None
    judge: Isolator | None

    def open(self, path: Path) -> Image.Image:
        """The part of a photo that is compared: RGB, of any size.

        Raises:
            PhotoError: the file cannot be opened, or no bollard be looked for in it.
        """
        photos, build = self.settings.photos, self.settings.build
        limits = Limits(
            photos.max_megapixels,
            photos.max_megabytes,
            photos.max_seconds,
            memory_budget(build.memory),
        )
        if self.isolator is None:
            with decoded(path, limits, at_least=EMBEDDER_PIXELS) as photo:
                return photo.picture(at_least=EMBEDDER_PIXELS)
        # The crop may be a small part of a large photo, and needs all its pixels.
        with decoded(path, limits) as photo:
            whole = photo.picture(at_least=_SOUGHT_PIXELS)
            with _costing(path):
                box = self.isolator.find(whole)
            if box is None:
                return whole
            size = (photo.width, photo.height)
            return photo.picture(scaled(box, whole.size, size), at_least=_SOUGHT_PIXELS)

    def vector(self, path: Path, image: Image.Image) -> FloatArray:
        """The vector of what `open` gave: float32 [d], of unit length.

        Raises:
            PhotoError: the embedder fails over this picture.
        """
        with _costing(path):
            (row,) = self.embedder.embed([image])
            found: FloatArray = row
            return found

    def sees_bollard(self, image: Image.Image) -> bool:
        """Whether a bollard can be made out in what `open` gave; True where nobody can tell."""
        return self.judge is None or self.judge.sees(image)

    def look(self, files: Sequence[Path]) -> FloatArray:
        """The vectors of photos: float32 [n, d], rows of unit length.

        Raises:
            PhotoError: one of them cannot be opened.
        """
        return np.stack([self.vector(path, self.open(path)) for path in files])


def eyes_of(project: Project, *, for_strangers: bool = False) -> Eyes:
    """As site.toml says; without one, those of a new project.

    Args:
        project: where everything is.
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
