"""The embedder that comes with the program: the recogniser's own model, no network needed."""

from functools import cache

from generator.embed import Embedder
from generator.errors import BollardsError


@cache
def load_builtin() -> Embedder:
    """The built-in recogniser; one for the whole process.

    Raises:
        BollardsError: the model is missing from the installation.
    """
    from generator.recogniser.model import Recogniser

    try:
        return Recogniser()
    except OSError as error:
        raise BollardsError(
            f"{error.filename}: the built-in recogniser's model cannot be read: {error.strerror}."
            " The installation is incomplete: install the program again."
        ) from error
