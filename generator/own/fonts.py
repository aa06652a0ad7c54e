"""The owner's fonts for the pages: files of the project, published with it."""

import re
from collections.abc import Sequence
from pathlib import Path

from PIL import ImageFont

from generator.config import Settings
from generator.errors import Problem
from generator.own.files import own_file
from generator.own_site import Font
from generator.project import Project

_FORMATS = {".woff2": "woff2", ".woff": "woff", ".ttf": "truetype", ".otf": "opentype"}
# The words in names of fonts for weights of 100 to 900; longer words come first.
_WEIGHTS = (
    (r"extra\W?light|ultra\W?light", 200),
    (r"semi\W?bold|demi\W?bold", 600),
    (r"extra\W?bold|ultra\W?bold", 800),
    (r"thin|hairline", 100),
    (r"light", 300),
    (r"medium", 500),
    (r"bold", 700),
    (r"black|heavy", 900),
)


def read_fonts(project: Project, settings: Settings) -> tuple[tuple[Font, ...], list[Problem]]:
    """The fonts for texts and for headings, and the problems with their files."""
    problems: list[Problem] = []
    fonts = []
    wanted: Sequence[tuple[str, tuple[str, ...]]] = (
        ("text", settings.theme.font),
        ("sign", settings.theme.font_headings),
    )
    for use, names in wanted:
        key = ("theme", "font" if use == "text" else "font_headings")
        for name in names:
            found = own_file(project, key, name, tuple(_FORMATS))
            if isinstance(found, Problem):
                problems.append(found)
                continue
            font = _read(found, use)
            if font is None:
                reason = "is not a readable font, so it is left out. Convert it to WOFF2."
                problems.append(Problem(name, reason, skipped=True))
            else:
                fonts.append(font)
    return tuple(fonts), problems


def _read(path: Path, use: str) -> Font | None:
    try:
        face = ImageFont.truetype(path, 16)
    except (OSError, ValueError):
        return None
    name = " ".join(part for part in face.getname() if part).lower()
    weight = next((str(value) for word, value in _WEIGHTS if re.search(word, name)), "400")
    try:
        axes = face.get_variation_axes()
    except (OSError, NotImplementedError):
        axes = []
    for axis in axes:
        if axis.get("name") in (b"Weight", b"wght"):
            weight = f"{axis['minimum']} {axis['maximum']}"
    slanted = re.search(r"italic|oblique", name) is not None
    return Font(use, path, _FORMATS[path.suffix.lower()], weight, slanted)
