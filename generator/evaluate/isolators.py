"""The isolators that can be measured, by name."""

from dataclasses import dataclass

from PIL import Image

from generator.catalogue import Box
from generator.errors import BollardsError
from generator.isolate import Isolator
from generator.recogniser.finder import Finder

ISOLATORS = ("whole", "builtin", "auto")
# Below this confidence `auto` trusts the photographer more than the finder.
_SURE = 0.6


@dataclass(frozen=True)
class FoundBox:
    """The built-in finder's box, where its confidence is at least `least`."""

    finder: Finder
    least: float
    name: str

    @property
    def fingerprint(self) -> str:
        return f"{self.finder.fingerprint} {self.least:g}"

    def find(self, image: Image.Image) -> Box | None:
        """The bollard's box, or None."""
        found = self.finder.find(image)
        return Box(*found.box) if found and found.confidence >= self.least else None


def load_isolator(name: str) -> Isolator | None:
    """The isolator of a name; None for "whole".

    Raises:
        BollardsError: the finder's model is missing from the installation.
    """
    if name == "whole":
        return None
    try:
        finder = Finder()
    except OSError as error:
        raise BollardsError(
            f"{error.filename}: the model that finds bollards cannot be read: {error.strerror}."
            " Measure whole photos with --crop whole, or install the program again."
        ) from error
    return FoundBox(finder, 0.0 if name == "builtin" else _SURE, name)
