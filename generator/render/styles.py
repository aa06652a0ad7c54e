"""Style sheets: one for all pages, and one for each kind of page that needs more.

Every file directly in `static/css/` is a sheet. Its imports from `parts/` are inlined, so that a
page requests two files at most. `site.css` is on every page; a template names the sheet that its
kind of page needs besides: `{% set style = 'leaf' %}`.
"""

import re
from pathlib import Path

from generator.config import ThemeSettings
from generator.errors import BollardsError

COMMON = "site"
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
    return (
        f":root{{--accent-light:{theme.accent};--accent-dark:{theme.accent_dark};"
        f"--on-accent-light:{_text_on(theme.accent)};--on-accent-dark:{_text_on(theme.accent_dark)}}}\n"
    )


def _joined(path: Path) -> str:
    def part(match: re.Match[str]) -> str:
        file = path.parent / match[1]
        if not file.is_file():
            raise BollardsError(f"{path}: imports {match[1]}, which does not exist.")
        return file.read_text(encoding="utf-8")

    text = _IMPORT.sub(part, path.read_text(encoding="utf-8"))
    return re.sub(r"\s*\n\s*", "\n", _COMMENT.sub("", text)).strip() + "\n"


def _text_on(colour: str) -> str:
    """Black or white, whichever has the higher contrast (WCAG 2) on a #rrggbb colour."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (luminance + 0.05) ** 2 > 0.05 * 1.05 else "#ffffff"
