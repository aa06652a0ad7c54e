"""The sections about the site's words, menus, links and looks."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator

from generator.config.section import Colour, LanguageTag, Section, listed
from generator.toml_files import explained


class SiteWords(Section):
    """The site's title and texts in another language; "" means those of the root's language."""

    title: str = ""
    description: str = ""


class SiteSettings(Section):
    """The site's own title, texts and languages."""

    title: str = Field(default="Bollards", min_length=1)
    description: str = "Roadside bollards by their looks, and the countries where they stand."
    base_url: str = ""
    language: LanguageTag = "en"
    languages: Annotated[
        tuple[LanguageTag, ...], listed('a list of language tags, such as ["de", "fr"]')
    ] = ()
    translations: Mapping[str, SiteWords] = {}
    author: str = ""
    logo: str = ""
    favicon: str = ""

    @field_validator("base_url")
    @classmethod
    def _absolute_with_slash(cls, value: str) -> str:
        if value and not (
            re.match(r"^https?://[^\s/?#]+(/[^\s?#]*)?$", value) and _has_host(value)
        ):
            raise ValueError('an address like "https://example.org/bollards/", or "" if unknown')
        return value if not value or value.endswith("/") else value + "/"

    @field_validator("languages")
    @classmethod
    def _each_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len({tag.lower() for tag in value}) < len(value):
            raise ValueError("each language once")
        return value


def _has_host(address: str) -> bool:
    """Whether an address has a host, and a port that exists if it has one."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


class MenuLink(Section):
    """A link of a menu to an address outside the site's own pages."""

    title: str = Field(min_length=1)
    href: str
    titles: Mapping[LanguageTag, str] = {}

    @field_validator("href")
    @classmethod
    def _is_safe(cls, value: str) -> str:
        parts = urlsplit(value)
        if not value or parts.scheme not in ("", "http", "https", "mailto") or value[:2] == "//":
            raise ValueError(
                'an address such as "https://example.org/", "mailto:me@example.org" or'
                ' "/data/catalogue.json"'
            )
        return value


class MenuSettings(Section):
    """The entries of the main menu and of the footer; empty leaves them to the pages."""

    main: tuple[str | MenuLink, ...] = ()
    footer: tuple[str | MenuLink, ...] = ()

    @field_validator("main", "footer", mode="before")
    @classmethod
    def _is_list(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise ValueError('a list of pages and links, such as ["types", "map", "visit"]')
        made: list[str | MenuLink] = []
        for one in value:
            if isinstance(one, Mapping):
                try:
                    made.append(MenuLink.model_validate(one))
                except ValidationError as error:
                    raise ValueError("; ".join(explained(error, MenuLink))) from None
            elif not isinstance(one, str):
                raise ValueError('the names of pages, or links { title = "…", href = "…" }')
            elif re.match(r"[a-z]+:", one):
                raise ValueError(f'a link with a title: {{ title = "…", href = "{one}" }}')
            else:
                made.append(one)
        return tuple(made)


PlaceWebsite = Literal[
    "street-view", "google-maps", "mapillary", "kartaview", "panoramax", "openstreetmap"
]


class LinkSettings(Section):
    """Other websites to which pages link."""

    places: Annotated[
        tuple[PlaceWebsite, ...],
        listed('a list of websites, such as ["street-view", "openstreetmap"]'),
    ] = ("street-view", "mapillary", "openstreetmap")
    """Street imagery and maps of the place of a photo, where its position is published."""


class ThemeSettings(Section):
    """The site's own colours, on light and on dark pages, and its fonts."""

    accent: Colour = "#b3261e"
    accent_dark: Colour = "#ff8a7a"
    paper: Colour = "#f6f6f2"
    paper_dark: Colour = "#141619"
    surface: Colour = "#ffffff"
    surface_dark: Colour = "#1c1f22"
    faint: Colour = "#e9e9e3"
    faint_dark: Colour = "#25292c"
    rule: Colour = "#d3d4cd"
    rule_dark: Colour = "#363b3f"
    soft: Colour = "#565c61"
    soft_dark: Colour = "#a5abb0"
    ink: Colour = "#191c1f"
    ink_dark: Colour = "#efeee9"
    font: tuple[str, ...] = ()
    font_headings: tuple[str, ...] = ()

    @field_validator("font", "font_headings", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        if isinstance(value, str):
            return (value,) if value else ()
        if not isinstance(value, list | tuple):
            raise ValueError('a font file such as "fonts/mine.woff2", or a list of them')
        return tuple(value)
