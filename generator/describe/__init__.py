"""describe: takes a picture, returns a caption and labels.

`builtin` runs on this machine; `moondream`, `google-vision` and `rekognition` ask services. Another
package adds one as a subclass of `Describer` (see `generator.plugins`). The words are for the
owner; nothing publishes them.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from generator import plugins
from generator.config import DescribeSettings
from generator.errors import BollardsError

PIXELS = 1024
"""The larger side of a picture that a service gets, in px, at most."""


@dataclass(frozen=True, slots=True)
class Label:
    """A word or phrase for something in a picture, and the describer's confidence, 0 to 1."""

    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Description:
    """The description of a picture.

    Attributes:
        caption: one sentence, or "".
        labels: the most confident first; may be empty.
    """

    caption: str = ""
    labels: tuple[Label, ...] = ()


class PictureError(BollardsError):
    """A describer has no answer for this picture; it may have one for the next."""


class Describer(ABC):
    """Describes pictures in words. Several threads may call it at once.

    To add one, name a function in the entry points `bollards.describers`:

        def load(name: str, settings: DescribeSettings, project: Path) -> Describer

    It gets its name in site.toml, the section `[describe]` of site.toml, and the folder of the site
    project. If the describer cannot work, it raises `generator.errors.BollardsError` with a message
    that says what to do. It must be cheap, and work without a key: it sends nothing yet.

    Attributes:
        name: the name used in site.toml.
        fingerprint: a text that changes whenever the words may change (model, version, question).
            Answers are kept under it. Without NUL characters.
        price: of one picture, in US dollars; an estimate, and rather too high.
        is_kept: whether answers are kept; no, if they are computed again in a moment.
    """

    name: str
    fingerprint: str
    price: float = 0.0
    is_kept: bool = True

    def prepare(self) -> None:  # noqa: B027  most have nothing to prepare
        """Make ready for the first picture. Called once, and only if there is one to describe.

        Raises:
            BollardsError: something is missing, such as a key. The message says what to do.
        """

    @abstractmethod
    def describe(self, image: Image.Image) -> Description:
        """Upright RGB picture of any size -> its description.

        Raises:
            PictureError: there is no answer for this picture.
            BollardsError: there is none for any picture now. The message says why and what to do.
        """


def load_describer(settings: DescribeSettings, project: Path) -> Describer:
    """Load the describer that site.toml names.

    Raises:
        BollardsError: there is no such describer, or it cannot work.
    """
    name = settings.with_
    made = plugins.load(plugins.DESCRIBERS, name)(name, settings, project)
    plugins.check(plugins.DESCRIBERS, name, made, Describer)
    describer: Describer = made
    return describer
