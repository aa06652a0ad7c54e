"""Lettering in drawings: SVG text in any script for which there is a font.

Only the given font files are used, never those of the machine, so that a text looks the same
everywhere. resvg shapes it (joined Arabic letters, Thai vowels) and orders it (Hebrew from right to
left). This module chooses the font of each letter, because a letter that no font has would become a
box.
"""

import hashlib
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

import resvg_py
from PIL import Image

# Widths are measured at this size, in px.
_MEASURE = 20
_SPACE = 0.24
# No line has more letters than this.
_LONGEST = 200
# UAX 9: the text between these two is laid out from right to left as a whole.
_FROM_RIGHT, _END = "\u202b", "\u202c"


def raster(
    svg: str, fonts: Iterable[Path] = (), width: int | None = None, height: int | None = None
) -> Image.Image:
    """Draw an SVG document, at its own size or at this size in px; text only in the given fonts."""
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        skip_system_fonts=True,
        font_files=[str(path) for path in fonts],
        width=width,
        height=height,
    )
    return Image.open(io.BytesIO(drawn)).convert("RGBA")


@dataclass(frozen=True, slots=True)
class _Font:
    family: str
    letters: frozenset[int]


class Lettering:
    """Sets lines of text.

    Attributes:
        files: the fonts, in the order in which they are tried for a letter.
    """

    def __init__(self, *folders: Path) -> None:
        """Use all fonts (`.ttf`, `.otf`) of these folders, by folder and name; missing is empty."""
        self.files = [
            path
            for folder in folders
            for path in sorted(folder.glob("*"))
            if path.suffix.lower() in (".ttf", ".otf")
        ]
        self._widths: dict[tuple[str, bool], float] = {}

    @cached_property
    def digest(self) -> str:
        """A digest that changes with the fonts."""
        content = hashlib.sha256()
        for path in self.files:
            content.update(hashlib.sha256(path.read_bytes()).digest())
        return content.hexdigest()

    @cached_property
    def _fonts(self) -> list[_Font]:
        # Import this late: it takes a while, and only a new drawing needs it.
        from fontTools.ttLib import TTFont, TTLibError

        from generator.errors import BollardsError

        fonts = []
        for path in self.files:
            try:
                with TTFont(path, lazy=True) as font:
                    letters = frozenset(font.getBestCmap() or ())
                    fonts.append(_Font(font["name"].getBestFamilyName() or "", letters))
            except (TTLibError, KeyError, OSError) as error:
                raise BollardsError(
                    f"{path}: this font cannot be used ({error}). Put a TrueType or"
                    " OpenType font there, or remove the file."
                ) from error
        return fonts

    def writable(self, text: str) -> str:
        """The text without symbols that no font has; "" if any of its letters is lacking."""
        kept = []
        for letter in " ".join(text.split()):
            if any(ord(letter) in font.letters for font in self._fonts):
                kept.append(letter)
            elif unicodedata.category(letter)[0] not in "SC":
                return ""
        return " ".join("".join(kept).split())

    def fit(
        self, text: str, sizes: Iterable[tuple[int, int]], room: float, bold: bool = False
    ) -> tuple[list[str], int]:
        """Break a text into lines.

        Args:
            text: the result of `writable`.
            sizes: sizes in px, the largest first, each with its maximum number of lines.
            room: width of a line in px.
            bold: whether it is set in bold.

        Returns:
            The lines, and the first size in which they fit. If none is small enough, the last line
            ends with "…".
        """
        lines: list[str] = []
        size, most = _MEASURE, 0
        for size, most in sizes:
            lines = self._broken(text, size, room, bold)
            if len(lines) <= most and all(self._wide(one, size, bold) <= room for one in lines):
                return lines, size
        kept = lines[:most]
        if kept:
            kept[-1] = self._shortened(kept[-1], size, room, bold)
        return kept, size

    def _shortened(self, line: str, size: float, room: float, bold: bool) -> str:
        """As many words, or letters of one word, as fit, and "…"."""
        parts, glue = (line.split(), " ") if " " in line else (list(line[:_LONGEST]), "")
        fits, too_many = 0, len(parts) + 1
        while too_many - fits > 1:
            middle = (fits + too_many) // 2
            short = glue.join(parts[:middle]).rstrip(",") + "…"
            if self._wide(short, size, bold) <= room:
                fits = middle
            else:
                too_many = middle
        return glue.join(parts[:fits]).rstrip(",") + "…"

    def text(
        self, line: str, x: float, y: float, size: float, fill: str, bold: bool = False
    ) -> str:
        """SVG of one line whose baseline begins at `x`, `y`, in either writing direction."""
        spans = "".join(
            f'<tspan font-family="{escape(family)}">{escape(part)}</tspan>'
            for family, part in self._spans(line)
        )
        if from_right(line):
            spans = f"{_FROM_RIGHT}{spans}{_END}"
        weight = 700 if bold else 400
        return (
            f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" font-weight="{weight}" '
            f'fill="{fill}" xml:space="preserve">{spans}</text>'
        )

    def right(
        self, line: str, x: float, y: float, size: float, fill: str, bold: bool = False
    ) -> str:
        """SVG of one line that ends at `x`."""
        return self.text(line, x - size * self._word(line, bold), y, size, fill, bold)

    def _broken(self, text: str, size: float, room: float, bold: bool) -> list[str]:
        lines: list[str] = []
        for word in text.split():
            if lines and self._wide(f"{lines[-1]} {word}", size, bold) <= room:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines

    def _wide(self, line: str, size: float, bold: bool) -> float:
        words = line.split()
        spaces = max(0, len(words) - 1) * _SPACE
        return size * (spaces + sum(self._word(word, bold) for word in words))

    def _word(self, word: str, bold: bool) -> float:
        """The width of a word's or line's ink, as a share of the size."""
        wide = self._widths.get((word, bold))
        if wide is None:
            # Few letters are wider than high, and no word consists of those alone.
            width = round(1.25 * _MEASURE * (min(len(word), _LONGEST) + 2))
            text = self.text(word, _MEASURE, 2 * _MEASURE, _MEASURE, "#000", bold)
            svg = (
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="120">{text}</svg>'
            )
            box = raster(svg, self.files).getbbox()
            wide = self._widths[word, bold] = (box[2] - _MEASURE) / _MEASURE if box else 0.0
        return wide

    def _spans(self, line: str) -> list[tuple[str, str]]:
        """A line in parts of one font each; each letter is in the first font that has it."""
        spans: list[tuple[_Font, str]] = []
        for letter in line:
            having = [font for font in self._fonts if ord(letter) in font.letters]
            if not having:
                continue
            # Marks, digits and spaces stay with the letters beside them.
            stays = spans and not letter.isalpha() and spans[-1][0] in having
            font = spans[-1][0] if stays else having[0]
            if spans and spans[-1][0] is font:
                spans[-1] = (font, spans[-1][1] + letter)
            else:
                spans.append((font, letter))
        return [(font.family, part) for font, part in spans]


def from_right(text: str) -> bool:
    """Whether a text runs from right to left, by its first letter (UAX 9, rules P2 and P3)."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"
