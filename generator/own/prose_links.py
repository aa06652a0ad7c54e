"""Links in notes and pages, checked without a new site: by the published one, as far as it goes.

A build whose settings have mistakes makes no site, and still tells of the links.
"""

import posixpath
import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote, urlsplit

from generator.errors import Problem
from generator.own.pages import RESERVED, nearest
from generator.own_files import read_own_text
from generator.own_site import OwnSite
from generator.project import Project

_LINK = re.compile(r"\]\(\s*<?(?P<address>[^)\s>]+)")
# Their pages come and go with the photos.
_MANY = ("types", "photos", "countries", "compare", "looks")


def doubtful_links(project: Project, own: OwnSite) -> Iterator[Problem]:
    """A warning for each link in a note or page that leads nowhere."""
    names = [page.name for page in own.pages]
    for folder in (project.notes, project.pages):
        for path in sorted(folder.rglob("*.md")):
            try:
                text = read_own_text(path)
            except (OSError, ValueError):
                continue
            file = path.relative_to(project.root).as_posix()
            rest = re.sub(r"(\.[A-Za-z-]+)?\.md$", "", path.relative_to(folder).as_posix())
            for match in _LINK.finditer(text):
                address = match["address"]
                if _leads_nowhere(address, f"{rest}/", names, own.static, project):
                    line = text.count("\n", 0, match.start()) + 1
                    word = address.removesuffix(".md").strip("./").partition("/")[0]
                    known = [*names, *(name for name in RESERVED if name.isalpha())]
                    reason = f"line {line}: {address} leads nowhere.{nearest(word, sorted(known))}"
                    yield Problem(file, reason, skipped=False)


def _leads_nowhere(
    address: str, page: str, names: list[str], static: Collection[str], project: Project
) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return True
    if parts.scheme or parts.netloc or not parts.path:
        return False
    path = unquote(parts.path)
    if path.endswith(".md"):
        return path.removesuffix(".md") not in names
    target = path.lstrip("/") if path.startswith("/") else posixpath.join(page, path)
    target = posixpath.normpath(target).lstrip("./")
    first = target.partition("/")[0]
    if not target or target in static or first in names:
        return False
    there = project.public / target
    if there.exists() or (there / "index.html").exists():
        return False
    return (first not in RESERVED) or (first in _MANY and project.public.exists())
