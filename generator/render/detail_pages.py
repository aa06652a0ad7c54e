"""The detail pages of types, photos and countries, and their previous and next pages."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from generator.catalogue import Catalogue, Country, CountryShare, Photo, Type
from generator.curve import Calibration
from generator.render.browse import family_anchor
from generator.render.credits import credits
from generator.render.difference import Difference, differences
from generator.render.maps import place_map, share_map
from generator.render.notes import note_html
from generator.render.page_maker import Maker, Page
from generator.render.pagination import PAGE_SIZE, ListPage, paginated
from generator.render.pairs import Pairs
from generator.render.panel import Neighbours, type_panel, unsorted_panel
from generator.render.places import place_links
from generator.render.regions import only_regions, region_anchor, regions_shown
from generator.render.views import (
    CountryGroups,
    Group,
    by_country,
    country_slug,
    grouped,
    named_countries,
    own_region,
    source_link,
    split,
    types_in,
)
from generator.render.world import World

# How many bollards of one country a page shows before the rest is collapsed.
TYPE_LIMIT = 12
COUNTRY_LIMIT = 36
# Collapsed parts are loaded all the same, so more than this many go to pages of their own.
_MOST_FOLDED = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Confusable:
    """A look-alike as a type's page shows it.

    Attributes:
        degree: 3 hard to tell apart, 2 much alike, 1 somewhat alike.
        differences: how it differs from the page's type.
        note: the owner's note on how to tell them apart, or "".
        shared: the countries that have both.
    """

    type: Type
    degree: int
    differences: tuple[Difference, ...]
    note: str
    shared: tuple[CountryShare, ...]


@dataclass(frozen=True, slots=True)
class Adjacent:
    """A page's position in a sequence, and the addresses before and after it."""

    place: int
    count: int
    before: str | None
    after: str | None


def type_pages(maker: Maker, catalogue: Catalogue, world: World, pairs: Pairs) -> Iterator[Page]:
    """A page for each type, and further pages if it has too many bollards for one."""
    plain = pairs.catalogue.type
    given = maker.digest((catalogue, world))
    for place, type_, before, after in with_neighbours(catalogue.types):
        own = maker.catalogue.type[type_.id]
        near = (before and plain[before.id], after and plain[after.id])
        yield from maker.group(
            f"type {type_.id}",
            (given, own.note, own.note_language),
            partial(_pages_of_type, maker, catalogue, world, pairs, own, place, near),
        )


def _pages_of_type(
    maker: Maker,
    catalogue: Catalogue,
    world: World,
    pairs: Pairs,
    own: Type,
    place: int,
    near: tuple[Type | None, Type | None],
) -> Iterator[Page]:
    """The pages of a type with its note, at its place among all, between two others."""
    places = by_country(own, catalogue, TYPE_LIMIT)
    # Collapsing makes a page shorter to look at, but not smaller to load.
    large = sum(len(found.more) for found in places) > _MOST_FOLDED
    long: dict[str, tuple[ListPage, ...]] = {}
    if large:
        for found in places:
            if found.more:
                address = f"types/{own.id}/{found.slug}/"
                long[found.slug] = paginated(address, (*found.first, *found.more))
    yield maker.page(
        "type.html",
        f"types/{own.id}/",
        type=own,
        family=catalogue.family.get(own.family) if own.family else None,
        family_anchor=family_anchor,
        place=place,
        before=near[0],
        after=near[1],
        hero=hero(own.photos, catalogue),
        count=len(catalogue.types),
        places=places,
        only_in={
            code: region
            for code in (share.code for share in own.countries)
            if (region := only_regions(catalogue.country[code]).get(own.id))
        },
        list_pages=long,
        note=note_html(own.note),
        panel=type_panel(own, pairs),
        map=share_map(world, own.countries),
        confusables=confusables(own, pairs.catalogue, maker.calibration),
        credits=credits(catalogue.photo[photo_id] for photo_id in own.photos),
    )
    for found in places:
        for list_page in long.get(found.slug, ()):
            yield maker.page(
                "list_page.html",
                list_page.address,
                list_page=list_page,
                type=catalogue.type[own.id],
                country=catalogue.country[found.share.code],
                credits=credits(photo for group in list_page.groups for photo in group.photos),
            )


def photo_pages(
    maker: Maker,
    catalogue: Catalogue,
    neighbours: Neighbours,
    world: World,
    websites: Sequence[str] = (),
) -> Iterator[Page]:
    """A page for each photo; arrows lead through its type, or through unsorted photos."""
    order = previous_and_next(catalogue)
    named = named_countries(catalogue)
    maps = {country.code: place_map(world, country) for country in catalogue.countries}
    for photo in catalogue.photos:
        bollard = catalogue.bollard[photo.bollard]
        country = catalogue.country[photo.country]
        yield maker.page(
            "photo.html",
            f"photos/{photo.id}/",
            photo=replace(photo, neighbours=neighbours[photo.id]),
            type=catalogue.type[photo.type] if photo.type else None,
            country=country,
            region=own_region(photo.region, photo.country, country.name),
            found_in=catalogue.region.get(bollard.region or "") if photo.region_code else None,
            region_anchor=region_anchor,
            # Other views may have other countries; the type's page shows them all under this one.
            stands_in=country_slug(bollard.country),
            views=[catalogue.photo[view] for view in bollard.photos if view != photo.id],
            source=source_link(photo),
            elsewhere=place_links(photo, websites),
            among=order[photo.id],
            near=[
                (near, catalogue.photo[near.photo].bollard == photo.bollard)
                for near in neighbours[photo.id]
            ],
            panel=None
            if photo.type
            else unsorted_panel(bollard, catalogue, named, neighbours, maker.calibration),
            beside=_left_to_right(catalogue.together.get(photo.picture, ())),
            map=maps[photo.country],
        )


def _left_to_right(photos: Iterable[Photo]) -> list[Photo]:
    return sorted(photos, key=lambda photo: (photo.box.left if photo.box else 0, photo.id))


def country_pages(maker: Maker, catalogue: Catalogue, world: World, pairs: Pairs) -> Iterator[Page]:
    """A page for each country, and further pages if it has too many photos."""
    without_region = Counter(one.country for one in catalogue.bollards if one.region is None)
    for place, country, before, after in with_neighbours(catalogue.countries):
        groups = grouped(catalogue.photo[photo_id] for photo_id in country.photos)
        one_offs = grouped(catalogue.photo[photo_id] for photo_id in country.one_offs)
        first, more = split(groups, COUNTRY_LIMIT)
        long: tuple[ListPage, ...] = ()
        if len(more) > _MOST_FOLDED:
            long, more = paginated(f"countries/{country.slug}/photos/", groups), ()
        lone: tuple[ListPage, ...] = ()
        if len(one_offs) > COUNTRY_LIMIT + COUNTRY_LIMIT // 3:
            lone = paginated(f"countries/{country.slug}/one-offs/", one_offs)
            one_offs = one_offs[:COUNTRY_LIMIT]
        types = types_in(country, catalogue)
        partners = pairs.partners.get(country.code, ())
        yield maker.page(
            "country.html",
            f"countries/{country.slug}/",
            country=country,
            place=place,
            before=before and pairs.named[before.code],
            after=after and pairs.named[after.code],
            count=len(catalogue.countries),
            own_types=[found for found in types if found.only_here],
            other_types=[found for found in types if not found.only_here],
            regions=regions_shown(country, catalogue),
            no_region=without_region[country.code],
            only_in=only_regions(country),
            region_anchor=region_anchor,
            one_offs=one_offs,
            lone=lone,
            first=first,
            more=more,
            long=long,
            partners=partners,
            map=place_map(world, country, [other.country for other in partners if other.types]),
            credits=credits(catalogue.photo[photo_id] for photo_id in country.photos),
        )
        for list_page in (*lone, *long):
            yield maker.page(
                "list_page.html",
                list_page.address,
                list_page=list_page,
                type=None,
                country=country,
                credits=credits(photo for group in list_page.groups for photo in group.photos),
            )


def one_off_places(
    catalogue: Catalogue,
) -> list[tuple[Country, tuple[Group, ...], int]]:
    """Each country with its first unsorted bollards and their number; the rest is on its page."""
    places = []
    for country in catalogue.countries:
        if country.one_offs:
            groups = grouped(catalogue.photo[photo_id] for photo_id in country.one_offs)
            places.append((country, groups[:COUNTRY_LIMIT], len(groups)))
    return places


def confusables(
    type_: Type, catalogue: Catalogue, calibration: Calibration
) -> tuple[Confusable, ...]:
    """The look-alikes of a type, most alike first, and how each differs from it."""
    here = {share.code for share in type_.countries if share.code}
    found = []
    for like in type_.lookalikes:
        other = catalogue.type[like.type]
        found.append(
            Confusable(
                type=other,
                degree=calibration.degree(like.score),
                differences=differences(other.attributes, type_.attributes),
                note=like.note,
                shared=tuple(share for share in other.countries if share.code in here),
            )
        )
    return tuple(found)


def previous_and_next(catalogue: Catalogue) -> dict[str, Adjacent]:
    """The photo before and after each: in the order of the type's page, or by country."""
    found: dict[str, Adjacent] = {}

    def place(photos: Sequence[Photo]) -> None:
        for position, photo in enumerate(photos):
            found[photo.id] = Adjacent(
                place=position + 1,
                count=len(photos),
                before=photos[position - 1].id if position else None,
                after=photos[position + 1].id if position + 1 < len(photos) else None,
            )

    for type_ in catalogue.types:
        place([photo for shown in by_country(type_, catalogue, 1) for photo in _shown(shown)])
    for country in catalogue.countries:
        groups = grouped(catalogue.photo[photo_id] for photo_id in country.one_offs)
        place([photo for group in groups for photo in group.photos])
    return found


def _shown(shown: CountryGroups) -> Iterator[Photo]:
    for group in (*shown.first, *shown.more):
        yield from group.photos


def hero(photo_ids: tuple[str, ...], catalogue: Catalogue) -> list[Photo]:
    """The representative photo and, if there is one, another view of the same bollard."""
    first = catalogue.photo[photo_ids[0]]
    others = (
        photo
        for photo in map(catalogue.photo.__getitem__, photo_ids[1:])
        if photo.bollard == first.bollard
    )
    other = next(others, None)
    return [first] if other is None else [first, other]


def with_neighbours(items: tuple[Any, ...]) -> Iterator[tuple[int, Any, Any, Any]]:
    """Each item with its position, counted from 1, and the items before and after it."""
    for position, item in enumerate(items):
        before = items[position - 1] if position else None
        after = items[position + 1] if position + 1 < len(items) else None
        yield position + 1, item, before, after
