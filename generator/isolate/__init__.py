"""isolate: takes a photo, returns the box that shows the bollard.

The box that the owner gave in photos.csv comes first, then the box that an `Isolator` found, then
the whole photo. `builtin` beside this file is the recogniser's own detector, `yolo` runs one of the
owner's, `owlvit`, `owlv2` and `grounding` find what words describe; another package adds a detector
as a subclass of `Isolator` (see `generator.plugins`).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from PIL import Image

from generator import plugins
from generator.catalogue import Box
from generator.config import IsolateSettings


@dataclass(frozen=True)
class Found:
    """A bollard in a picture: its own box, in pixels (parts of pixels count; right and bottom
    exclusive), and the probability that the box is correct, 0..1."""

    left: float
    top: float
    right: float
    bottom: float
    confidence: float


class Isolator(ABC):
    """Anything that finds the bollard in a picture. Safe to call from several threads at once.

    To add one, name a function in the entry points `bollards.isolators`:

        def load(name: str, settings: IsolateSettings, project: Path) -> Isolator

    It gets the name under which it was asked for (what stands before a colon in `crop` under
    `[isolate]`), that section of site.toml, and the folder of the site project. It raises
    `generator.errors.BollardsError` if the isolator cannot work, with a message that says what to
    do. It must be cheap, because it also runs in builds without a new photo: it opens no model
    before the first picture.

    Attributes:
        name: the name used in site.toml.
        fingerprint: a text (usually a SHA-256 hex digest over weights and limits) that is equal
            when the boxes are equal: the cache keeps boxes under it.
    """

    name: str
    fingerprint: str

    @abstractmethod
    def find(self, image: Image.Image) -> Box | None:
        """Upright RGB picture -> the bollard's box in its pixels, or None if there is none.

        Raises:
            BollardsError: the model cannot be used.
        """

    def boxes(self, image: Image.Image) -> tuple[Found, ...] | None:
        """All bollards in an upright RGB picture, the most confident first; None where the isolator
        cannot list them."""
        return None

    def crop(self, image: Image.Image, found: tuple[Found, ...]) -> Box | None:
        """The result of `find`, if `boxes` has already found these bollards in the picture."""
        return self.find(image)

    def for_strangers(self) -> Self:
        """The isolator for query photos, such as screenshots of streets.

        The owner makes sure that a photo of the collection shows one bollard; a query photo may
        show several.
        """
        return self


def load_isolator(
    settings: IsolateSettings, project: Path, suited: str | None = None
) -> Isolator | None:
    """The isolator for photos without a given box; None if the whole photo is used.

    Args:
        settings: the section [isolate] of site.toml.
        project: the folder of the site project.
        suited: the isolator that the embedder names, "" if none, which is used where the owner has
            chosen none; None for the default of the settings.

    Raises:
        BollardsError: there is no such isolator, or it cannot work.
    """
    name = settings.crop if suited is None or settings.is_chosen else suited or "given"
    if name in plugins.ISOLATORS.always:
        return None
    name = name.partition(":")[0]
    made = plugins.load(plugins.ISOLATORS, name)(name, settings, project)
    plugins.check(plugins.ISOLATORS, name, made, Isolator)
    isolator: Isolator = made
    return isolator


def crop_box(
    given: Box | None, size: tuple[int, int], found: Box | None = None
) -> tuple[Box, str | None]:
    """The part of a photo that is shown and compared.

    Args:
        given: the owner's crop in pixels of the upright image; it may extend beyond its edge.
        size: width and height of the upright image in px, each at least 1.
        found: the box that an `Isolator` found, for photos without a given one.

    Returns:
        A box of at least 1 x 1 px within the image, and None; or the whole image and the reason,
        one sentence, why the given box could not be used.
    """
    width, height = size
    whole = Box(0, 0, width, height)
    if given is None:
        return (found and _clip(found, whole)) or whole, None
    clipped = _clip(given, whole)
    if clipped is not None:
        return clipped, None
    box = f"{given.left},{given.top},{given.right},{given.bottom}"
    if given.width <= 0 or given.height <= 0:
        reason = f"the crop {box} is empty: right must exceed left, and bottom must exceed top"
    else:
        reason = f"the crop {box} lies outside the photo, which is {width} x {height} px"
    return whole, f"{reason}; the whole photo is used."


def _clip(box: Box, whole: Box) -> Box | None:
    clipped = Box(
        max(box.left, whole.left),
        max(box.top, whole.top),
        min(box.right, whole.right),
        min(box.bottom, whole.bottom),
    )
    return clipped if clipped.width > 0 and clipped.height > 0 else None
