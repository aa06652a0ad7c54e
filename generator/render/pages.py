"""Every page of the site: one function for each kind of page, with its template and values."""

from collections.abc import Iterator
from typing import Any

from jinja2 import Environment

from generator.catalogue import Catalogue, Photo
from generator.output import Output
from generator.render.assets import Assets
from generator.render.browse import continent_names, filters, questions, sections
from generator.render.calibration import Calibration
from generator.render.detail_pages import country_pages, one_off_places, photo_pages, type_pages
from generator.render.identify import ADDRESS as IDENTIFY
from generator.render.identify import WebLookup
from generator.render.map_pages import map_pages
from generator.render.notes import note_html
from generator.render.page_maker import Maker, Page
from generator.render.quiz import continents_of
from generator.render.views import grouped, types_in
from generator.render.world import World
from generator.vocabulary import VOCABULARY


def pages(
    catalogue: Catalogue,
    environment: Environment,
    assets: Assets,
    world: World,
    calibration: Calibration,
    lookup: WebLookup | None = None,
) -> Iterator[Page]:
    """Render every HTML page, one after the other."""
    maker = Maker(catalogue, environment, assets, calibration, lookup)
    key = tuple(questions(catalogue))
    yield maker.page(
        "home.html",
        "",
        key=key[0] if key else None,
        sections_of_plates=sections(catalogue),
        filters=filters(catalogue),
        continent_name=continent_names(catalogue.site.language),
    )
    for question in key:
        yield maker.page("looks.html", question.address, question=question)
    if lookup is not None:
        yield maker.page("identify.html", IDENTIFY, lookup=lookup, vocabulary=VOCABULARY)
    yield from type_pages(maker, catalogue, world)
    yield from photo_pages(maker, catalogue, world)
    yield maker.page("countries.html", "countries/", strips=_strips(catalogue))
    yield from country_pages(maker, catalogue, world)
    yield maker.page("one_offs.html", "one-offs/", places=one_off_places(catalogue))
    yield from map_pages(maker, catalogue, world)
    yield maker.page("explore.html", "explore/")
    yield maker.page(
        "quiz.html",
        "quiz/",
        continents=continents_of(catalogue),
        continent_name=continent_names(catalogue.site.language),
    )
    yield maker.page("about.html", "about/", about=note_html(catalogue.site.about))
    yield maker.page("data.html", "about/data/")
    for moved in catalogue.moved:
        # An address with a file name is not a page of its own in the sitemap.
        yield maker.page(
            "moved.html",
            f"types/{moved.id}/index.html",
            moved=moved,
            type=catalogue.type[moved.type] if moved.type else None,
        )
    yield maker.page("offline.html", "offline.html")
    if not catalogue.site.prefix:
        # Hosts know one such page, in the language of the root.
        yield maker.page("404.html", "404.html")


def write_pages(made: Iterator[Page], out: Output) -> list[str]:
    """Write pages below `out`; returns the addresses of those that belong in the sitemap."""
    addresses = []
    for page in made:
        if page.address.endswith(".html"):
            out.write(page.address, page.html)
        else:
            out.write(f"{page.address}index.html", page.html)
            addresses.append(page.address)
    return addresses


def _strips(catalogue: Catalogue) -> list[tuple[Any, list[Photo]]]:
    """Each country with up to four pictures: its most common types first, then unsorted ones."""
    result: list[tuple[Any, list[Photo]]] = []
    for country in catalogue.countries:
        shown = [found.views[0] for found in types_in(country, catalogue)[:4]]
        for group in grouped(catalogue.photo[photo_id] for photo_id in country.one_offs):
            if len(shown) == 4:
                break
            shown.append(group.photos[0])
        result.append((country, shown))
    return result
