"""Every page of the site: one function for each kind of page, with its template and values."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from generator.catalogue import Catalogue, Photo
from generator.output import Output
from generator.own_site import OwnSite
from generator.render.browse import ContinentNames, filters, questions, sections
from generator.render.detail_pages import country_pages, one_off_places, photo_pages, type_pages
from generator.render.identify import ADDRESS as IDENTIFY
from generator.render.identify import WebLookup
from generator.render.learn import ADDRESS as LEARN
from generator.render.learn import courses
from generator.render.map_pages import map_pages
from generator.render.notes import note_html
from generator.render.only_here import ADDRESS as ONLY_HERE
from generator.render.only_here import only_here
from generator.render.own_pages import own_pages
from generator.render.page_maker import Maker, Page
from generator.render.pairs import FOLDER as COUNTRY_LOOKS
from generator.render.pairs import Pairs, pair_pages
from generator.render.panel import Neighbours
from generator.render.quiz import continents_of
from generator.render.shards import FOLDER as SHARDS
from generator.render.shards import prefix_length
from generator.render.unsorted import PATH as UNSORTED
from generator.render.views import grouped, types_in
from generator.render.world import World
from generator.sureness import SURENESS


def pages(
    maker: Maker,
    catalogue: Catalogue,
    neighbours: Neighbours,
    world: World,
    pairs: Pairs,
    lookup: WebLookup | None = None,
    own: OwnSite | None = None,
    websites: Sequence[str] = (),
) -> Iterator[Page]:
    """Render every HTML page, one after the other.

    The photos of `catalogue` have no neighbours; `neighbours` has them. `pairs` are those of
    `rarely_changed(catalogue)` and the borders of `world`, `websites` those of
    `generator.render.places` to which photo pages link.
    """
    plain = pairs.catalogue
    key = tuple(questions(catalogue))
    yield maker.page(
        "home.html",
        "",
        key=key[0] if key else None,
        card_sections=sections(catalogue),
        filters=filters(catalogue),
        continent_name=ContinentNames(catalogue.site.language),
        country_looks=COUNTRY_LOOKS,
        unsorted=UNSORTED,
    )
    for question in key:
        yield maker.page("looks.html", question.address, question=question)
    if lookup is not None:
        yield maker.page(
            "identify.html",
            IDENTIFY,
            key=key[0] if key else None,
            lookup=lookup,
            shards=SHARDS,
            digits=prefix_length(len(catalogue.photos)),
            sureness=SURENESS,
        )
    yield maker.page("types.html", "types/", all_sections=sections(catalogue, len(catalogue.types)))
    yield from type_pages(maker, catalogue, world, pairs)
    yield from maker.group(
        "photos",
        (plain, neighbours, world, websites),
        lambda: photo_pages(maker, plain, neighbours, world, websites),
    )
    yield maker.page("countries.html", "countries/", strips=_strips(catalogue))
    yield maker.page(
        "only_here.html",
        ONLY_HERE,
        continents=only_here(catalogue),
        continent_name=ContinentNames(catalogue.site.language),
    )
    yield from maker.group(
        "countries", (plain, world), lambda: country_pages(maker, plain, world, pairs)
    )
    yield maker.page("one_offs.html", "one-offs/", places=one_off_places(catalogue))
    yield from map_pages(maker, catalogue, world)
    yield from maker.group(
        "pairs", (plain, world), lambda: pair_pages(maker, pairs, catalogue, world)
    )
    yield maker.page("explore.html", "explore/")
    taught = courses(catalogue)
    yield maker.page(
        "quiz.html",
        "quiz/",
        continents=continents_of(catalogue),
        continent_name=ContinentNames(catalogue.site.language),
        courses=taught,
    )
    yield maker.page(
        "learn.html",
        LEARN,
        courses=taught,
        continent_name=ContinentNames(catalogue.site.language),
    )
    for course in taught:
        yield maker.page(
            "course.html",
            course.address,
            course=course,
            continents=continents_of(catalogue),
            continent_name=ContinentNames(catalogue.site.language),
        )
    yield from _last_pages(maker, catalogue, own or OwnSite())


def rarely_changed(catalogue: Catalogue) -> Catalogue:
    """The catalogue as most pages show it, without what single pages show and edits often change.

    These are the site's own text, which is on one page, and the look-alikes of types, which are on
    the pages of types and whose similarities change with each new photo.
    """
    return replace(
        catalogue,
        site=replace(catalogue.site, about="", about_language=""),
        types=tuple(replace(type_, lookalikes=()) for type_ in catalogue.types),
    )


def _last_pages(maker: Maker, catalogue: Catalogue, own: OwnSite) -> Iterator[Page]:
    """Pages about the site, the owner's own, and those that nobody looks for."""
    yield maker.page(
        "about.html",
        "about/",
        about=note_html(catalogue.site.about),
        continents=continents_of(catalogue),
        continent_name=ContinentNames(catalogue.site.language),
    )
    yield maker.page("data.html", "about/data/")
    yield from own_pages(maker, own, catalogue.site)
    for moved in catalogue.moved:
        # An address with a file name is not a page of its own in the sitemap.
        yield maker.page(
            "moved.html",
            f"types/{moved.id}/index.html",
            moved=moved,
            type=catalogue.type[moved.type] if moved.type else None,
        )
    yield maker.page(
        "offline.html",
        "offline.html",
        continents=continents_of(catalogue),
        continent_name=ContinentNames(catalogue.site.language),
    )
    if not catalogue.site.prefix:
        # Hosts know one such page, in the language of the root.
        yield maker.page("404.html", "404.html")


def write_pages(made: Iterator[Page], out: Output) -> list[str]:
    """Write pages below `out`; returns the addresses of those that belong in the sitemap."""
    addresses = []
    for page in made:
        if page.html is not None:
            out.write(page.file, page.html)
        if page.file != page.address:
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
