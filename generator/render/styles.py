"""Style sheets: one for all pages, and one for each kind of page that needs more.

Every file directly in `static/css/` is a sheet. Its imports from `parts/` are inlined, so that a
page requests two files at most. `site.css` is on every page; a template names the sheet that its
kind of page needs besides: `{% set style = 'detail' %}`.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from generator.colours import text_on
from generator.config import ThemeSettings
from generator.errors import BollardsError
from generator.own_site import Font

COMMON = "site"
_COLOURS = ("accent", "paper", "surface", "faint", "rule", "soft", "ink")
_IMPORT = re.compile(r'^@import "([\w/.-]+)";$', re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def style_sheets(folder: Path, theme: ThemeSettings) -> dict[str, str]:
    """The text of every sheet by its name, comments and indents removed.

    Args:
        folder: where the sheets are, with `parts/` below it.
        theme: the site's own colours, at the beginning of `site.css`.

    Raises:
        BollardsError: a sheet imports a part that does not exist.
    """
    sheets = {path.stem: _joined(path) for path in sorted(folder.glob("*.css"))}
    sheets[COMMON] = theme_rules(theme) + sheets[COMMON]
    return sheets


def theme_rules(theme: ThemeSettings) -> str:
    """The site's own colours as custom properties, with text colours that are readable on them."""
    rules = [
        f"--{name}-light:{getattr(theme, name)};--{name}-dark:{getattr(theme, f'{name}_dark')}"
        for name in _COLOURS
    ]
    accents = (("light", theme.accent), ("dark", theme.accent_dark))
    rules += [f"--on-accent-{pages}:{text_on(accent)}" for pages, accent in accents]
    return f":root{{{';'.join(rules)}}}\n"


def font_rules(fonts: Sequence[Font], published: Mapping[Path, str]) -> str:
    """The rules that put the owner's fonts before the program's.

    Args:
        fonts: the fonts.
        published: the address of each font, relative to the style sheet.
    """
    faces = [
        f'@font-face{{font-family:"Own {font.use}";src:url({published[font.path]})'
        f' format("{font.format}");font-weight:{font.weight};'
        f"font-style:{'italic' if font.slanted else 'normal'};font-display:swap}}\n"
        for font in fonts
    ]
    uses = [
        f':root{{--{use}:"Own {use}",var(--system-{use})}}\n'
        for use in sorted({font.use for font in fonts})
    ]
    return "".join(faces + uses)


def _joined(path: Path) -> str:
    def part(match: re.Match[str]) -> str:
        file = path.parent / match[1]
        if not file.is_file():
            raise BollardsError(f"{path}: imports {match[1]}, which does not exist.")
        return file.read_text(encoding="utf-8")

    text = _IMPORT.sub(part, path.read_text(encoding="utf-8"))
    return re.sub(r"\s*\n\s*", "\n", _COMMENT.sub("", text)).strip() + "\n"
