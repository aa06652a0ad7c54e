"""The built-in detector as an isolator: for street views in which the bollard is small."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from PIL import Image

from generator.catalogue import Box
from generator.config import IsolateSettings
from generator.errors import BollardsError
from generator.isolate import Found, Isolator
from generator.recogniser.detector import Detector
from generator.recogniser.framing import framed

# A crop helps if the bollard is small. It costs accuracy if the bollard already fills the photo,
# because the photographer's framing is a cue too (generator/recogniser/CARD.md). Of a wide photo
# the recogniser sees the middle only, so a bollard beside it needs a crop, however large it is.
SURE = 0.5
SMALL = 0.45
ASIDE = 0.15
# In a query photo the most probable bollard is used even if it is far from certain: a whole street
# says nothing, and the answer comes with a warning.
LIKELY = 0.15
# Below this confidence no bollard is visible in a crop.
SEEN = 0.3


@dataclass(frozen=True)
class BuiltinIsolator(Isolator):
    """The box of the most confident detection, framed as the recogniser was trained.

    Attributes:
        detector: the network.
        name: "auto" or "builtin".
        least_confidence: below it the whole photo is taken.
        greatest_height: of the bollard, as a share of the photo's; above it the whole photo is
            taken, unless the bollard is further from its middle than ASIDE times its height.
        fingerprint: over the detector and the limits.
    """

    detector: Detector
    name: str
    least_confidence: float
    greatest_height: float
    fingerprint: str

    def find(self, image: Image.Image) -> Box | None:
        """Upright RGB picture -> the crop around its bollard, in its pixels, or None."""
        return self.crop(image, self.boxes(image))

    def boxes(self, image: Image.Image) -> tuple[Found, ...]:
        """All bollards in an upright RGB picture, the most confident first."""
        return tuple(Found(*one.box, one.confidence) for one in self.detector.detect(image))

    def crop(self, image: Image.Image, found: tuple[Found, ...]) -> Box | None:
        """The result of `find`, if `boxes` has already found these bollards in the picture."""
        if not found or found[0].confidence < self.least_confidence:
            return None
        best = found[0]
        aside = abs(best.left + best.right - image.width) / 2
        is_large = best.bottom - best.top > self.greatest_height * image.height
        if is_large and aside <= ASIDE * image.height:
            return None
        return Box(*framed((best.left, best.top, best.right, best.bottom), image.size))

    def sees(self, image: Image.Image) -> bool:
        """Whether the detector finds a bollard in a crop."""
        found = self.boxes(image)
        return bool(found) and found[0].confidence >= SEEN

    def for_strangers(self) -> Self:
        """The same; it uses the most probable bollard even if it is far from certain."""
        return replace(self, least_confidence=min(self.least_confidence, LIKELY))


def load(name: str, settings: IsolateSettings, project: Path) -> BuiltinIsolator:
    """The isolator "builtin" (whenever a bollard is found) or "auto" (when it surely helps).

    Raises:
        BollardsError: the detector's model is missing from the installation.
    """
    try:
        detector = Detector()
    except OSError as error:
        raise BollardsError(
            f"{error.filename}: the model that detects bollards cannot be read: {error.strerror}."
            ' Set crop = "given" under [isolate], or install the program again.'
        ) from error
    # If every bollard is to be cropped, none is large enough to keep the photo whole.
    least, greatest = (SURE, SMALL) if name == "auto" else (0.0, 2.0)
    fingerprint = f"{detector.fingerprint} {least:g} {greatest:g} {ASIDE:g}"
    return BuiltinIsolator(detector, name, least, greatest, fingerprint)
