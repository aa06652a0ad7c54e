"""Errors and problems for the owner of a site."""

from dataclasses import dataclass

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130


class BollardsError(Exception):
    """A failure that the owner can act on; the command prints it as one message, no traceback.

    The text names the file and the key, the expected and the found value, and what to do.
    """


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about one file that does not stop the build.

    Attributes:
        file: path relative to the site project, as the owner would type it.
        reason: one sentence: what was found and, if possible, what to do.
        skipped: True if the file was left out because of it, False for a warning.
        first: True when it comes before all others: something may be published that must not be.
    """

    file: str
    reason: str
    skipped: bool
    first: bool = False


def printable(text: str) -> str:
    """Text without effect on a terminal: a file name may contain any control character.

    Lines stay lines; what cannot be shown, halves of characters included, becomes an escape.
    """
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode()
        for char in text
    )
