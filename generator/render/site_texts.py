"""What the owner wrote, for the site's search: own pages, the about page, and notes."""

import html
import json
import re
from collections.abc import Iterator

from generator.catalogue import Catalogue
from generator.own_site import OwnSite
from generator.render.notes import note_html
from generator.render.views import country_slug

VERSION = 1
_LONGEST = 20_000
"""The characters of one text that are searched."""
_INLINE = r"</?(?:a|abbr|code|em|strong|sub|sup)\b[^>]*>"


def site_texts(catalogue: Catalogue, own: OwnSite) -> bytes | None:
    """The file's content in the language of the catalogue; None if the owner wrote nothing.

    `{"version": 1, "texts": [["visit/", "Visit us", "The text in plain words"], ...]}`: address
    below the language's home page, title, text. It is for the site's own pages.
    """
    texts = [
        [address, title, _plain(text)]
        for address, title, text in _texts(catalogue, own)
        if text.strip()
    ]
    if not texts:
        return None
    content = {"version": VERSION, "texts": texts}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _texts(catalogue: Catalogue, own: OwnSite) -> Iterator[tuple[str, str, str]]:
    """Address, title and Markdown of each text."""
    site = catalogue.site
    root = site.editions[0].language if site.editions else site.language
    for page in own.pages:
        text = page.in_language(site.language, root)
        if text is not None:
            yield f"{page.name}/", text.title, f"{text.title}\n\n{text.description}\n\n{text.text}"
    yield "about/", site.title, site.about
    for type_ in catalogue.types:
        address = f"types/{type_.id}/"
        yield address, type_.name, type_.note
        for share in type_.countries:
            place = f"{address}#in-{country_slug(share.code)}"
            yield place, f"{type_.name}, {share.name}", share.note
        for other in type_.lookalikes:
            name = f"{type_.name} / {catalogue.type[other.type].name}"
            yield f"{address}#like-{other.type}", name, other.note


def _plain(text: str) -> str:
    """Markdown as the words that a visitor reads."""
    within_lines = re.sub(_INLINE, "", note_html(text[:_LONGEST]))
    words = re.sub(r"<[^>]*>", " ", within_lines)
    return " ".join(html.unescape(words).split())
