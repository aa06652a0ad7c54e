"""Limits for Markdown, above which its conversion to HTML would take minutes.

The conversion of one paragraph takes time in proportion to the square of its markup. Nobody writes
thousands of links into one paragraph, but a program that fills a note may.
"""

import re

MOST_CHARACTERS = 300_000
"""About 100 printed pages; takes 3 to 5 s."""
MOST_MARKUP = 1_000
"""Of characters and lines that can be markup, in one paragraph, heading or list item."""

_BLOCKS = re.compile(r"\n[ \t]*\n")
# Each item of a list, and each row of a table, is converted on its own.
_ITEMS = re.compile(r"\n(?=[ \t]*(?:[*+-](?![ \t*-]*$)|\d+\.)[ \t])", re.MULTILINE)
_TABLE = re.compile(r"[^\n]*\|[^\n]*\n[ ]*\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-*:?[ ]*)*(?:\n|$)")
_MARKUP = re.compile(r"[\[<*_`]|^[ ]{0,3}#|^(?:[ ]{0,3}(?:[-*_][ ]*){3,}|[=-]+)[ ]*$", re.MULTILINE)


def excess(text: str) -> str:
    """Why Markdown is too much to convert, as the rest of a sentence; "" if it is not.

    Such text is shown as it is.
    """
    if len(text) > MOST_CHARACTERS:
        return (
            f"has {len(text):,} characters; up to {MOST_CHARACTERS:,} are converted from Markdown."
            " It is shown as plain text: divide it."
        )
    for block in _BLOCKS.split(text):
        if len(block) <= MOST_MARKUP:
            continue
        pieces = block.split("\n") if _TABLE.match(block) else _ITEMS.split(block)
        most = max(sum(1 for _ in _MARKUP.finditer(piece)) for piece in pieces)
        if most > MOST_MARKUP:
            begins = " ".join(block[:40].split())
            return (
                f"has {most:,} marks of Markdown, such as * and [, in the paragraph that begins"
                f" with “{begins}”; up to {MOST_MARKUP:,} are converted. The text is shown as"
                " plain text: put empty lines into this paragraph."
            )
    return ""
