"""Broken links: where the owner wrote them, and the page that was perhaps meant."""

import difflib
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from generator.catalogue import Site
from generator.own_files import read_own_text
from generator.project import Project
from generator.publish.links import BrokenLink

# Each one is searched for in all texts, and nobody reads more.
_MOST = 100


def written(
    broken: Sequence[BrokenLink], project: Project, files: Sequence[str], site: Site
) -> list[str]:
    """One line for each broken link: the owner's first, with file and line.

    Args:
        broken: the broken links of the new site.
        project: has the owner's texts.
        files: the paths of the site's files.
        site: its languages and its address.
    """
    texts = dict(_texts(project))
    prefixes = [edition.prefix for edition in site.editions]
    root = urlsplit(site.base_url).path or "/"
    pages = [path.removesuffix("index.html") for path in files if path.endswith("index.html")]
    told: dict[tuple[str, int, str], str] = {}
    others: list[str] = []
    for number, one in enumerate(broken):
        if len(told) + len(others) >= _MOST:
            others.append(f"and {len(broken) - number:,} more broken links.")
            break
        address = one.page
        for prefix in prefixes:
            address = address.removeprefix(prefix) if prefix else address
        found = _written(one.link, address, root, texts)
        if found is None:
            others.append(f"{one.page}: {one.link}")
            continue
        # A link in a slot is on many pages, and reported once.
        file, line, form = found
        told.setdefault(
            found,
            f"{file}, line {line}: {form} leads nowhere (on {one.page})."
            f"{_nearest(one, address, pages)}",
        )
    return [*(told[key] for key in sorted(told)), *others]


def _texts(project: Project) -> Iterator[tuple[str, str]]:
    """The owner's texts that may hold links, by file."""
    folders = (project.notes, project.pages, project.slots, project.templates)
    paths = [path for folder in folders for path in sorted(folder.rglob("*.*")) if path.is_file()]
    for path in (*paths, project.settings):
        try:
            yield path.relative_to(project.root).as_posix(), read_own_text(path)
        except (OSError, ValueError):
            continue


def _written(
    link: str, address: str, root: str, texts: Mapping[str, str]
) -> tuple[str, int, str] | None:
    """The file, the line and the form in which a link of a page is written."""
    # The page for addresses that are not found links from the host's root.
    below = re.sub(r"^(?:\.\.?/)*/?", "", link.removeprefix(root))
    forms = dict.fromkeys((link, unquote(link), f"/{below}", f"/{unquote(below)}"))
    for file, text in texts.items():
        if not _may_be_on(file, address):
            continue
        # Slots and templates write {{ home }} and {{ root }} before an address.
        in_prose = file.startswith(("notes/", "pages/"))
        for form in forms if in_prose else (*forms, below, unquote(below)):
            match = re.search(rf"(?<![\w/.-]){re.escape(form)}(?![\w/.-])", text)
            if form.strip("/") and match:
                return file, text.count("\n", 0, match.start()) + 1, form
    return None


def _may_be_on(file: str, address: str) -> bool:
    """Whether a text can be on a page, by its file and the page's address without the language."""
    folder, _, rest = file.partition("/")
    name = re.sub(r"(\.[A-Za-z-]+)?\.md$", "", rest)
    if folder == "notes":
        return address.startswith("about/" if name == "about" else f"{name}/")
    if folder == "pages":
        return not address.startswith(("types/", "photos/", "countries/"))
    return True


def _nearest(one: BrokenLink, address: str, pages: Sequence[str]) -> str:
    """ " The nearest page is /types/x/." for a page that does not exist."""
    parts = urlsplit(one.link)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(address), unquote(parts.path)))
    wanted = re.sub(r"(\.md|/?index\.html)$", "", path.lstrip("./"))
    if f"{wanted}/" in pages:
        return f" That page has no #{parts.fragment}." if parts.fragment else ""
    match = difflib.get_close_matches(f"{wanted}/", pages, n=1, cutoff=0.6)
    return f" The nearest page is /{match[0]}" if match else ""
