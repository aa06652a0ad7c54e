"""Collects mistakes in the owner's templates and slots, so that all are reported at once."""

import contextlib
import traceback
from collections.abc import Iterator

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from generator.errors import BollardsError
from generator.resources import TEMPLATES


class Mistakes:
    """Takes the first mistake of each template, and refuses the site at the end."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    @contextlib.contextmanager
    def told(self, template: str) -> Iterator[None]:
        """Collect an error in a template instead of raising it."""
        try:
            yield
        except TemplateError as error:
            self._found.setdefault(template, mistake(error))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            where = _place(error)
            if not where or where.startswith(str(TEMPLATES)):
                # A mistake of the program's, which needs its whole traceback.
                raise
            self._found.setdefault(template, f"{where}{str(error).rstrip('.')}.")

    @property
    def found(self) -> bool:
        """Whether there is one."""
        return bool(self._found)

    def refuse(self) -> None:
        """Raise all mistakes at once.

        Raises:
            BollardsError: there is one.
        """
        if self._found:
            raise BollardsError("\n".join(dict.fromkeys(self._found.values())))


def mistake(error: TemplateError) -> str:
    """The position of a template's mistake, and its reason."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or error.name}, line {error.lineno}: {error.message}."
    if isinstance(error, TemplateNotFound):
        return f"{_place(error)}There is no template {error.name}."
    return f"{_place(error)}{str(error).rstrip('.')}."


def _place(error: BaseException) -> str:
    """The file and line of the template in which an error was raised, or ""."""
    # Jinja puts the template's own lines into the traceback; the innermost one has the mistake.
    places = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.endswith((".html", ".xml"))
    ]
    return f"{places[-1].filename}, line {places[-1].lineno}: " if places else ""
