"""The describer that comes with the program: the recogniser's attributes as words, in English."""

from pathlib import Path

from PIL import Image

from generator.config import DescribeSettings
from generator.describe import Describer, Description, Label
from generator.errors import BollardsError
from generator.language.naming import full_name, traits
from generator.recogniser.model import Recogniser, shipped

# Values that name something absent.
_NOTHING = frozenset({"none", "plain"})
_VERSION = "words 1"


class BuiltinDescriber(Describer):
    """Captions are names, as types of such bollards get; labels are attribute values."""

    name = "builtin"
    is_kept = False

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self.fingerprint = f"{recogniser.fingerprint} {_VERSION}"

    def describe(self, image: Image.Image) -> Description:
        """The picture's most probable attributes, such as "pattern: band"."""
        (look,) = self._recogniser.describe(self._recogniser.embed([image]))
        best = traits(look)
        labels = [
            Label(f"{attribute}: {trait.value}", trait.confidence)
            for attribute, trait in best.items()
            if trait.value not in _NOTHING
        ]
        labels.sort(key=lambda label: (-label.score, label.name))
        return Description(full_name(best), tuple(labels))


def load(name: str, settings: DescribeSettings, project: Path) -> BuiltinDescriber:
    """The describer "builtin".

    Raises:
        BollardsError: the recogniser's model is missing from the installation.
    """
    try:
        return BuiltinDescriber(shipped())
    except OSError as error:
        raise BollardsError(
            f"{error.filename}: the built-in recogniser's model cannot be read: {error.strerror}."
            " The installation is incomplete: install the program again."
        ) from error
