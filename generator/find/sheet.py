"""One page with the pictures that were found, whole in itself: it can be moved or sent."""

import base64
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from generator.errors import BollardsError
from generator.find.query import said
from generator.find.search import Hit, Results
from generator.project import Project, write_atomically
from generator.published import PublishedPhoto
from generator.render.environment import make_environment

# Identifies a page as one of ours, which may be replaced.
MARK = "bollards find"
_TEMPLATE = "sheet.html"
_WIDTH = 240
# A page of thousands of pictures opens in no browser.
_MOST = 500


@dataclass(frozen=True, slots=True)
class _Card:
    hit: Hit
    name: str
    place: str
    picture: str


def write_sheet(found: Results, project: Project, path: Path) -> None:
    """Write the page.

    Args:
        found: what was found; of more than 500 photos the first.
        project: the site project, whose published pictures are used.
        path: an earlier page of this kind is replaced.

    Raises:
        BollardsError: there is another file, or a picture of the site is missing.
    """
    if path.exists() and not _is_ours(path):
        raise BollardsError(f"{path}: another file has this name. Give --sheet a new name.")
    cards = [
        _Card(
            hit,
            found.site.types[hit.photo.type].name if hit.photo.type else "Unsorted",
            ", ".join(
                one
                for one in (hit.photo.region, found.site.countries.get(hit.photo.country))
                if one
            ),
            _picture(hit.photo, project),
        )
        for hit in found.hits[:_MOST]
    ]
    environment = make_environment((Path(__file__).parent,), "en", None)
    html = environment.get_template(_TEMPLATE).render(
        asked=said(found.query),
        title=found.site.title,
        cards=cards,
        compared=found.compared,
        mark=MARK,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, html)


def _is_ours(path: Path) -> bool:
    try:
        return f'content="{MARK}"' in path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def _picture(photo: PublishedPhoto, project: Project) -> str:
    """The smallest published picture that is wide enough, as a data address."""
    wide = [one for one in photo.pictures if one.width >= _WIDTH] or list(photo.pictures)
    if not wide:
        raise BollardsError(
            f"{photo.file}: the published site has no picture of it. Run `bollards build`."
        )
    smallest = min(wide, key=lambda one: one.width)
    path = project.public / smallest.path
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BollardsError(f"{path}: {error.strerror}. Run `bollards build`.") from None
    kind = mimetypes.guess_type(path.name)[0] or "image/webp"
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
