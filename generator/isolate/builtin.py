"""The recogniser's own finder as an isolator: for street views in which the bollard is small."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from PIL import Image

from generator.catalogue import Box
from generator.config import IsolateSettings
from generator.errors import BollardsError
from generator.isolate import Isolator
from generator.recogniser.finder import Finder, framed

# Measured on drawn street views and on close photos (generator/recogniser/CARD.md): a crop helps
# where the bollard is small, and costs accuracy where it fills the photo already, since how a
# photographer framed it is a cue too.
SURE = 0.8
SMALL = 0.45
# Below this no bollard can be made out in a crop: less than 1% of photos of bollards, 2% of drawn
# ones, 90% of what stands beside them.
SEEN = 0.6


@dataclass(frozen=True)
class BuiltinIsolator(Isolator):
    """The finder's box, framed as the recogniser likes it.

    Attributes:
        finder: the network.
        name: "auto" or "builtin".
        least_confidence: below it the whole photo is taken.
        greatest_height: of the bollard, as a share of the photo's; above it the whole photo is
            taken.
        among_several: whether the clearest of several bollards is taken where none is the one.
        fingerprint: over the finder and the limits.
    """

    finder: Finder
    name: str
    least_confidence: float
    greatest_height: float
    fingerprint: str
    among_several: bool = False

    def find(self, image: Image.Image) -> Box | None:
        """Upright RGB picture -> the crop around its bollard, in its pixels, or None."""
        found = self.finder.find(image)
        if found is None:
            return None
        if self.among_several and found.confidence < SEEN and found.clearness >= SURE:
            return Box(*framed(found.box, image.size))
        if found.confidence < self.least_confidence:
            return None
        if found.box[3] - found.box[1] > self.greatest_height * image.height:
            return None
        return Box(*framed(found.box, image.size))

    def sees(self, image: Image.Image) -> bool:
        """Whether the finder makes out a bollard in a crop."""
        found = self.finder.find(image)
        return found is not None and found.confidence >= SEEN

    def for_strangers(self) -> Self:
        """The same; of several bollards it takes the clearest."""
        return replace(self, among_several=True)


def load(name: str, settings: IsolateSettings, project: Path) -> BuiltinIsolator:
    """The isolator "builtin" (whenever a bollard is found) or "auto" (when it surely helps).

    Raises:
        BollardsError: the finder's model is missing from the installation.
    """
    try:
        finder = Finder()
    except OSError as error:
        raise BollardsError(
            f"{error.filename}: the model that finds bollards cannot be read: {error.strerror}."
            ' Set crop = "given" under [isolate], or install the program again.'
        ) from error
    least, greatest = (SURE, SMALL) if name == "auto" else (0.0, 1.0)
    fingerprint = f"{finder.fingerprint} {least:g} {greatest:g}"
    return BuiltinIsolator(finder, name, least, greatest, fingerprint)
