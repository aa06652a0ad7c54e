"""The owner's additions to the site besides photos: pages, menus, and their addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SECTIONS = {
    "types": "",
    "identify": "identify/",
    "map": "map/",
    "explore": "explore/",
    "quiz": "quiz/",
    "countries": "countries/",
    "about": "about/",
}
"""The program's entries of the main menu, in their order: name and address."""

SLOTS = (
    "head",
    "header",
    "footer",
    "home-above",
    "home-below",
    "type-below",
    "photo-below",
    "country-below",
    "page-below",
)
"""The places of the program's pages that the owner may add to."""


@dataclass(frozen=True, slots=True)
class PageText:
    """A page in one language.

    Attributes:
        file: path relative to the site project.
        title, description: plain text.
        text: Markdown without the front matter.
        line: the line of the file on which `text` begins, from 1.
        language: tag of the language that it is written in.
    """

    file: str
    title: str
    description: str
    text: str
    line: int
    language: str


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page of the owner's.

    Attributes:
        name: its address without the slash ("visit").
        texts: the page by language tag; a language without its own text has that of the root.
        only: tag of the only language that has this page, or "" for all.
    """

    name: str
    texts: Mapping[str, PageText]
    only: str = ""

    def in_language(self, language: str, root: str) -> PageText | None:
        """The text for the pages of a language; None if the page is not in that language."""
        if self.only:
            return self.texts[self.only] if self.only == language else None
        return self.texts.get(language) or self.texts.get(root)


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of a menu.

    Attributes:
        section: the name of a page of the program's ("types"), or "".
        page: the name of a page of the owner's, or "".
        href: an address elsewhere, or below the site's root, or "".
        titles: the words for `href` by language tag; those of "" for all other languages.
    """

    section: str = ""
    page: str = ""
    href: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Font:
    """A font file of the owner's.

    Attributes:
        use: "text", or "sign" for names, numbers and headings.
        path: the file.
        format: its format in the words of CSS.
        weight: its weight, or the lowest and the highest of a variable font ("100 900").
        slanted: whether it is italic or oblique.
    """

    use: str
    path: Path
    format: str
    weight: str
    slanted: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """A logo or an icon of the owner's.

    Attributes:
        suffix: "svg" or "png".
        content: the file as it is published.
        svg: the same as an SVG document, also if it is made of pixels.
        width, height: its own size in px.
    """

    suffix: str
    content: bytes
    svg: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class OwnSite:
    """Everything that the owner adds.

    Attributes:
        pages: by name.
        main, footer: the entries of the main menu, and of the footer before the program's own.
        static: files that are published as they are, by their address below the site's root.
        style: the owner's style sheet, which comes after the program's; "" if there is none.
        slots: the templates that add to the program's pages, by the place (see `SLOTS`).
        fonts: the fonts of pages.
        logo: the drawing before the site's title.
        icon: the drawing in the browser's tab and on home screens.
        pictures: hosts whose pictures pages may show.
        emblems: the owner's drawings of attributes by their paths, see `generator.own.emblems`.
        domain: the domain that a branch for GitHub Pages is published at, or "".
    """

    pages: tuple[OwnPage, ...] = ()
    main: tuple[MenuEntry, ...] = tuple(MenuEntry(section=name) for name in SECTIONS)
    footer: tuple[MenuEntry, ...] = ()
    static: Mapping[str, Path] = field(default_factory=dict)
    style: str = ""
    slots: Mapping[str, Path] = field(default_factory=dict)
    fonts: tuple[Font, ...] = ()
    logo: Drawing | None = None
    icon: Drawing | None = None
    domain: str = ""
    pictures: tuple[str, ...] = ()
    emblems: Mapping[str, str] = field(default_factory=dict)
