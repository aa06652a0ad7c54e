"""The owner's logo and icon."""

import base64
import io
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from generator.config import Settings
from generator.errors import BollardsError, Problem
from generator.own.files import own_file
from generator.own_files import read_own
from generator.own_site import Drawing
from generator.project import Project
from generator.render.lettering import raster

_ENDINGS = (".svg", ".png", ".webp", ".jpg", ".jpeg", ".gif", ".ico", ".avif")
# The logo is at most 40 px high; dense screens have three pixels for one.
_LOGO_HEIGHT = 120
_ICON_SIZE = 512
_SMALL = 180


def read_pictures(
    project: Project, settings: Settings
) -> tuple[Drawing | None, Drawing | None, list[Problem]]:
    """The logo and the icon, if the owner has them, and the problems with their files."""
    problems: list[Problem] = []

    def read(key: str, name: str, height: int) -> Drawing | None:
        if not name:
            return None
        found = own_file(project, ("site", key), name, _ENDINGS)
        if isinstance(found, Problem):
            problems.append(found)
            return None
        try:
            return _drawing(found, height)
        except BollardsError as error:
            problems.append(Problem(name, str(error), skipped=True))
            return None

    logo = read("logo", settings.site.logo, _LOGO_HEIGHT)
    icon = read("favicon", settings.site.favicon, _ICON_SIZE)
    if icon is not None:
        name, size = settings.site.favicon, f"{icon.width} x {icon.height} px"
        if abs(icon.width - icon.height) > 0.1 * max(icon.width, icon.height):
            reason = f"is {size}; icons are square, so it has empty edges. Make it square."
            problems.append(Problem(name, reason, skipped=False))
        elif icon.suffix != "svg" and icon.height < _SMALL:
            reason = f"is {size}, and blurred on home screens. Use an SVG, or at least {_SMALL} px."
            problems.append(Problem(name, reason, skipped=False))
    return logo, icon, problems


def _drawing(path: Path, height: int) -> Drawing:
    """A picture as it is published; photos and drawings in pixels become PNG without metadata.

    Raises:
        BollardsError: the file is not a readable image.
    """
    try:
        content = read_own(path)
        if path.suffix.lower() == ".svg":
            text = content.decode("utf-8-sig")
            drawn = raster(text)
            return Drawing("svg", content, text, drawn.width, drawn.height)
        with Image.open(io.BytesIO(content)) as image:
            drawn = image.convert("RGBA")
    except (
        *(OSError, ValueError, SyntaxError, UnidentifiedImageError),
        Image.DecompressionBombError,
    ) as error:
        raise BollardsError(f"is not a readable image: {error}.") from None
    if drawn.height > height:
        drawn = drawn.resize((max(1, round(drawn.width * height / drawn.height)), height))
    made = io.BytesIO()
    drawn.save(made, "PNG", optimize=True)
    data = base64.b64encode(made.getvalue()).decode()
    wrapped = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawn.width} {drawn.height}">'
        f'<image width="{drawn.width}" height="{drawn.height}"'
        f' href="data:image/png;base64,{data}"/></svg>'
    )
    return Drawing("png", made.getvalue(), wrapped, drawn.width, drawn.height)
