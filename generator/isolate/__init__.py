"""isolate: a photo goes in, the box of it that shows the bollard comes out.

The box that the owner gave in photos.csv comes first, then what an `Isolator` found, then the
whole photo. `builtin` is the recogniser's own finder; another detector is one more file with a
class that has `find`.
"""

from typing import Protocol

from PIL import Image

from generator.catalogue import Box, Source
from generator.config import IsolateSettings


class Isolator(Protocol):
    """Anything that finds the bollard in a picture. Safe to call from several threads at once."""

    @property
    def name(self) -> str:
        """The name used in site.toml."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 hex digest over whatever the boxes depend on: equal means equal boxes."""

    def find(self, image: Image.Image) -> Box | None:
        """Upright RGB picture -> the bollard's box in its pixels, or None if there is none."""


def load_isolator(settings: IsolateSettings) -> Isolator | None:
    """What finds the boxes of photos without a given one; None where the whole photo is taken.

    Raises:
        BollardsError: its model is missing from the installation.
    """
    if settings.crop in ("given", "whole"):
        return None
    # Imported late: most sites need no finder.
    from generator.isolate.builtin import load_builtin

    return load_builtin(settings.crop)


def crop_box(
    source: Source,
    size: tuple[int, int],
    settings: IsolateSettings,
    found: Box | None = None,
) -> tuple[Box, str | None]:
    """The part of a photo that is shown and compared.

    Args:
        source: the photo; its `crop` is in pixels of the upright image and may reach over its edge.
        size: width and height of the upright image in px, each at least 1.
        settings: whether given boxes count.
        found: the box that an `Isolator` found, for photos without a given one.

    Returns:
        A box of at least 1 x 1 px within the image, and None; or the whole image and the reason,
        one sentence, why the given box could not be used.
    """
    width, height = size
    whole = Box(0, 0, width, height)
    if settings.crop == "whole":
        return whole, None
    if source.crop is None:
        return (found and _clip(found, whole)) or whole, None
    clipped = _clip(source.crop, whole)
    if clipped is not None:
        return clipped, None
    given = source.crop
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
