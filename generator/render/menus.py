"""The menus that lead to pages, in one language."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from generator.catalogue import Site
from generator.own_site import SECTIONS, MenuEntry, OwnSite


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a menu.

    Attributes:
        section: the name of a page of the program's, whose title the template knows, or "".
        title: otherwise its title.
        address: its target, below `start` or elsewhere.
        start: the home page of the language, the site's root, or elsewhere.
    """

    section: str
    title: str
    address: str
    start: Literal["home", "root", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Menus:
    main: tuple[Link, ...]
    footer: tuple[Link, ...]


def menus(own: OwnSite, site: Site) -> Menus:
    """The menus of one language's pages."""
    return Menus(tuple(_links(own.main, own, site)), tuple(_links(own.footer, own, site)))


def _links(entries: tuple[MenuEntry, ...], own: OwnSite, site: Site) -> Iterator[Link]:
    pages = {page.name: page for page in own.pages}
    root = site.editions[0].language if site.editions else site.language
    for entry in entries:
        if entry.section:
            yield Link(entry.section, "", SECTIONS[entry.section], "home")
        elif entry.page:
            text = pages[entry.page].in_language(site.language, root)
            if text is not None:
                yield Link("", text.title, f"{entry.page}/", "home")
        else:
            title = entry.titles.get(site.language) or entry.titles[""]
            if ":" in entry.href:
                yield Link("", title, entry.href, "elsewhere")
            else:
                address = entry.href.lstrip("/")
                path = address.split("#")[0].split("?")[0]
                start: Literal["home", "root"] = (
                    "home" if not path or path.endswith("/") else "root"
                )
                yield Link("", title, address, start)
