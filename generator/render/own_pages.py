"""The owner's pages in one language."""

from collections.abc import Iterator

from generator.catalogue import Edition, Site
from generator.own_site import OwnSite
from generator.render.notes import page_html
from generator.render.page_maker import Maker, Page


def own_pages(maker: Maker, own: OwnSite, site: Site) -> Iterator[Page]:
    """The owner's pages in the language of `site`."""
    root = site.editions[0].language if site.editions else site.language
    names = frozenset(page.name for page in own.pages)
    for page in own.pages:
        text = page.in_language(site.language, root)
        if text is None:
            continue
        up = "../" * site.prefix.count("/")
        yield maker.page(
            "page.html",
            f"{page.name}/",
            page=text,
            page_name=page.name,
            text=page_html(text.text, names, home="../", root="../" + up, hosts=own.pictures),
            page_editions=_editions(page.only, site.editions),
        )


def _editions(only: str, editions: tuple[Edition, ...]) -> tuple[Edition, ...]:
    return tuple(one for one in editions if not only or one.language == only)
