"""describe: a picture goes in, what it shows comes out in words: a caption, labels.

`builtin` beside this file is the choice that comes with the program; another package adds one as a
subclass of `Describer` (see `generator.plugins`). Words are for people to look at and to search by;
nothing publishes them by itself.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from generator import plugins
from generator.config import DescribeSettings


@dataclass(frozen=True, slots=True)
class Label:
    """One word or phrase for what a picture shows, and how sure the describer is, 0 to 1."""

    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Description:
    """What a picture shows.

    Attributes:
        caption: one sentence, or "".
        labels: the surest first; may be empty.
    """

    caption: str = ""
    labels: tuple[Label, ...] = ()


class Describer(ABC):
    """Anything that describes pictures in words. Safe to call from several threads at once.

    To add one, name a function in the entry points `bollards.describers`:

        def load(name: str, settings: DescribeSettings, project: Path) -> Describer

    It gets the name under which it was asked for, the section `[describe]` of site.toml, and the
    folder of the site project; it raises `generator.errors.BollardsError` where the describer
    cannot work, with a message that says what to do. It is cheap: nothing is opened or sent yet.

    Attributes:
        name: the name used in site.toml.
        fingerprint: a text that differs when the words may differ (model, version, question): what
            was answered for a picture is kept under it.
        price: US dollars for one picture; 0 for what runs on this machine.
    """

    name: str
    fingerprint: str
    price: float = 0.0

    @abstractmethod
    def describe(self, image: Image.Image) -> Description:
        """Upright RGB picture of any size -> what it shows.

        Raises:
            BollardsError: there is no answer; the message says why and what to do.
        """


def load_describer(settings: DescribeSettings, project: Path) -> Describer:
    """Load the describer that site.toml asks for.

    Raises:
        BollardsError: there is no such describer, or it cannot work.
    """
    name = settings.with_
    made = plugins.load(plugins.DESCRIBERS, name)(name, settings, project)
    plugins.check(plugins.DESCRIBERS, name, made, Describer)
    describer: Describer = made
    return describer
