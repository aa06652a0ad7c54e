"""What the owner of a site is told when something cannot be done."""

from dataclasses import dataclass

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130


class BollardsError(Exception):
    """A failure that the owner can act on; the command prints it as one message, no traceback.

    The text names the file and the key, says what was expected and found, and what to do.
    """


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about one file that does not stop the build.

    Attributes:
        file: path relative to the site project, as its owner would type it.
        reason: one sentence: what was found and, where there is one, the way out.
        skipped: True when the file was left out because of it, False for a mere warning.
        first: True when it comes before all others: something may be published that must not be.
    """

    file: str
    reason: str
    skipped: bool
    first: bool = False


def printable(text: str) -> str:
    """Text that a terminal shows and does not obey: a file name may hold any control character.

    Lines stay lines; what cannot be shown, halves of characters included, becomes an escape.
    """
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode()
        for char in text
    )
