"""Errors and problems for the owner of a site."""

from dataclasses import dataclass

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130


class BollardsError(Exception):
    """A failure that the owner can act on. The command prints it as a message, without a traceback.

    The text names the file and the key, the expected and the found value, and what to do.
    """


@dataclass(frozen=True, slots=True)
class Problem:
    """A message about one file, which does not stop the build.

    Attributes:
        file: path relative to the site project, as the owner would type it.
        reason: one sentence: what was found and, if possible, what to do.
        skipped: True if the file was left out because of it, False for a warning.
        first: True if it is listed before all others, because something private may be published.
        minor: True if nothing is lost by it, as with a copy: it is listed after all others.
    """

    file: str
    reason: str
    skipped: bool
    first: bool = False
    minor: bool = False


def printable(text: str) -> str:
    """Text that is safe to print: a file name may contain any control character.

    Line breaks stay; characters that cannot be displayed, including lone surrogates, are escaped.
    """
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode()
        for char in text
    )


def on_line(text: str) -> str:
    r"""`printable` text in which line breaks are escaped, too: a file may be called "a\nb.jpg"."""
    return printable(text).replace("\n", "\\n")
