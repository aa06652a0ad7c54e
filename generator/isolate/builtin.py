"""The built-in detector as an isolator: for street views in which the bollard is small."""

import math
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Self

from PIL import Image

from generator.catalogue import Box
from generator.config import IsolateSettings
from generator.errors import BollardsError
from generator.isolate import Found, Isolator
from generator.recogniser import detector as detectors
from generator.recogniser.detector import FILLS, GLANCE, OVERVIEW, REDUCING_GAP, Detector
from generator.recogniser.framing import framed, overlap
from generator.recogniser.model import shipped
from generator.recogniser.second_look import SecondLook, Weights

# A crop helps if the bollard is small. It costs accuracy if the bollard already fills the photo,
# because the photographer's framing is a cue too (generator/recogniser/CARD.md). Of a wide photo
# the recogniser sees the middle only, so a bollard beside it needs a crop, however large it is.
SURE = 0.5
SMALL = 0.45
ASIDE = 0.15
# A photo that is at least so many times as wide as high was not framed for its bollard: it is a
# street view or a screenshot. In others the bollard must be lower to be cropped, as a share of the
# photo's height: on close-ups the detector is surest of parts of bollards.
WIDE = 1.2
SMALL_IN_UPRIGHT = 0.15
# A second search of the surroundings distinguishes a part of a bollard from a small one, AROUND
# times as high as the box and reduced so that a large bollard is seen as a whole. Its box must be
# the same, by intersection over union.
AROUND = 4.0
SAME = 0.6
# Measured (docs/guides/measuring.md): of 300 street views 224 are cropped, of 1,387 close-ups 11.
# In a query photo the most probable bollard is used even if it is far from certain: a whole street
# says nothing, and the answer comes with a warning.
LIKELY = 0.15


@dataclass(frozen=True)
class BuiltinIsolator(Isolator):
    """The box of the most confident detection, framed as the recogniser was trained.

    Attributes:
        detector: the network.
        name: "auto" or "builtin".
        least_confidence: below it the whole photo is taken.
        greatest_height: of the bollard, as a share of the photo's; above it the whole photo is
            taken, unless the bollard is further from its middle than ASIDE times its height.
        checks: whether upright photos are left alone unless the bollard is very small, and each
            box must come out of a search of its surroundings.
        again: looks at all boxes a second time; None if the detector alone ranks them.
        glances: whether a bollard that fills an upright photo ends the search.
        fingerprint: over the detector and the limits.
    """

    detector: Detector
    name: str
    least_confidence: float
    greatest_height: float
    fingerprint: str
    checks: bool = False
    again: SecondLook | None = None
    glances: bool = False

    def find(self, image: Image.Image) -> Box | None:
        """Upright RGB picture -> the crop around its bollard, in its pixels, or None."""
        return self.crop(image, self.boxes(image))

    def boxes(self, image: Image.Image) -> tuple[Found, ...]:
        """All bollards in an upright RGB picture, the most confident first."""
        upright = image.width < WIDE * image.height
        found = self.detector.detect(image, glance=self.glances and upright)
        if self.again:
            found = self.again.again(image, found)
        return tuple(Found(*one.box, one.confidence) for one in found)

    def crop(self, image: Image.Image, found: tuple[Found, ...]) -> Box | None:
        """The result of `find`, if `boxes` has already found these bollards in the picture."""
        if not found or found[0].confidence < self.least_confidence:
            return None
        best = found[0]
        high = best.bottom - best.top
        if self.checks and image.width < WIDE * image.height:
            if high > SMALL_IN_UPRIGHT * image.height:
                return None
        elif high > self.greatest_height * image.height:
            aside = abs(best.left + best.right - image.width) / 2
            if aside <= ASIDE * image.height:
                return None
        if self.checks and not self._is_whole(image, best):
            return None
        return Box(*framed((best.left, best.top, best.right, best.bottom), image.size))

    def for_strangers(self) -> Self:
        """The same; it uses the most probable bollard even if it is far from certain.

        Streets are full of things that the detector mistakes for bollards, so all boxes get a
        second look.
        """
        least = min(self.least_confidence, LIKELY)
        return replace(
            self, least_confidence=least, checks=False, again=_second_look(), glances=False
        )

    def _is_whole(self, image: Image.Image, found: Found) -> bool:
        """Whether a box shows a whole bollard: it comes out of a second search, much reduced."""
        reach = AROUND / 2 * (found.bottom - found.top)
        centre, middle = (found.left + found.right) / 2, (found.top + found.bottom) / 2
        left, top = max(0, int(centre - reach)), max(0, int(middle - reach))
        right = min(image.width, math.ceil(centre + reach))
        lower = min(image.height, math.ceil(middle + reach))
        scale = min(1.0, OVERVIEW / max(right - left, lower - top))
        size = (max(1, round((right - left) * scale)), max(1, round((lower - top) * scale)))
        around = image.crop((left, top, right, lower)).resize(
            size, Image.Resampling.BILINEAR, None, REDUCING_GAP
        )
        again = self.detector.detect(around)
        if not again:
            return False
        sides = [side / scale for side in again[0].box]
        box = (sides[0] + left, sides[1] + top, sides[2] + left, sides[3] + top)
        own = (found.left, found.top, found.right, found.bottom)
        return again[0].confidence >= LIKELY and overlap(box, own) >= SAME


@cache
def _second_look() -> SecondLook:
    """One for the whole process."""
    try:
        return SecondLook(shipped(), Weights.shipped())
    except OSError as error:
        raise BollardsError(
            f"{error.filename}: a part of the built-in recogniser cannot be read: {error.strerror}."
            " The installation is incomplete: install the program again."
        ) from error


def load(name: str, settings: IsolateSettings, project: Path) -> BuiltinIsolator:
    """The isolator "builtin" (whenever a bollard is found) or "auto" (when it surely helps).

    Raises:
        BollardsError: the detector's model is missing from the installation.
    """
    try:
        detector = detectors.shipped()
    except OSError as error:
        raise BollardsError(
            f"{error.filename}: the model that detects bollards cannot be read: {error.strerror}."
            ' Set crop = "given" under [isolate], or install the program again.'
        ) from error
    # If every bollard is to be cropped, none is large enough to keep the photo whole.
    least, greatest = (SURE, SMALL) if name == "auto" else (0.0, 2.0)
    fingerprint = f"{detector.fingerprint} {least:g} {greatest:g} {ASIDE:g}"
    checks = name == "auto"
    if checks:
        fingerprint += f" {WIDE:g} {SMALL_IN_UPRIGHT:g} {AROUND:g} {SAME:g}"
    # Where only the clearest bollard counts, none is missed.
    glances = checks and settings.several != "all"
    if glances:
        fingerprint += f" {GLANCE:g} {FILLS:g}"
    return BuiltinIsolator(detector, name, least, greatest, fingerprint, checks, glances=glances)
