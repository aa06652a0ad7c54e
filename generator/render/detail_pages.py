"""The detail pages of types, photos and countries, and their previous and next pages."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from generator.catalogue import Catalogue, Country, CountryShare, Photo, Type
from generator.render.browse import family_anchor
from generator.render.calibration import Calibration
from generator.render.difference import Difference, differences
from generator.render.maps import place_map, share_map
from generator.render.notes import note_html
from generator.render.page_maker import Maker, Page
from generator.render.sheets import SHEET, Sheet, sheets
from generator.render.views import (
    CountryGroups,
    Group,
    by_country,
    country_slug,
    grouped,
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
_MOST_FOLDED = SHEET
_MOST_KIN = 12


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
class Kin:
    """Another country, and how many types it shares with a country."""

    country: Country
    types: int


@dataclass(frozen=True, slots=True)
class Credit:
    """The credit and licence of a page's photos; either may be unknown."""

    credit: str | None
    licence: str | None


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A page's position in a sequence, and the addresses before and after it."""

    place: int
    count: int
    before: str | None
    after: str | None


def type_pages(maker: Maker, catalogue: Catalogue, world: World) -> Iterator[Page]:
    """A page for each type, and further pages of its bollards where there are too many for one."""
    calibration = maker.calibration
    for place, kind, before, after in with_neighbours(catalogue.types):
        places = by_country(kind, catalogue, TYPE_LIMIT)
        # Collapsing makes a page shorter to look at, but not smaller to load.
        large = sum(len(found.more) for found in places) > _MOST_FOLDED
        long: dict[str, tuple[Sheet, ...]] = {}
        if large:
            for found in places:
                if found.more:
                    address = f"types/{kind.id}/{found.slug}/"
                    long[found.slug] = sheets(address, (*found.first, *found.more))
        yield maker.page(
            "type.html",
            f"types/{kind.id}/",
            type=kind,
            family=catalogue.family.get(kind.family) if kind.family else None,
            family_anchor=family_anchor,
            place=place,
            before=before,
            after=after,
            hero=hero(kind.photos, catalogue),
            count=len(catalogue.types),
            places=places,
            sheets=long,
            note=note_html(kind.note),
            map=share_map(world, kind.countries),
            confusables=confusables(kind, catalogue, calibration),
            credits=credits(catalogue.photo[photo_id] for photo_id in kind.photos),
        )
        for found in places:
            for sheet in long.get(found.slug, ()):
                yield maker.page(
                    "sheet.html",
                    sheet.address,
                    sheet=sheet,
                    type=kind,
                    country=catalogue.country[found.share.code],
                    credits=credits(photo for group in sheet.groups for photo in group.photos),
                )


def photo_pages(maker: Maker, catalogue: Catalogue, world: World) -> Iterator[Page]:
    """A page for each photo; arrows lead through its type, or through unsorted photos."""
    order = leafing(catalogue)
    for photo in catalogue.photos:
        bollard = catalogue.bollard[photo.bollard]
        country = catalogue.country[photo.country]
        yield maker.page(
            "photo.html",
            f"photos/{photo.id}/",
            photo=photo,
            type=catalogue.type[photo.type] if photo.type else None,
            country=country,
            region=own_region(photo.region, photo.country, country.name),
            # Other views may have other countries; the type's page shows them all under this one.
            stands_in=country_slug(bollard.country),
            views=[catalogue.photo[view] for view in bollard.photos if view != photo.id],
            source=source_link(photo),
            among=order[photo.id],
            near=[
                (near, catalogue.photo[near.photo].bollard == photo.bollard)
                for near in photo.neighbours
            ],
            map=place_map(world, country),
        )


def country_pages(maker: Maker, catalogue: Catalogue, world: World) -> Iterator[Page]:
    """A page for each country, and further pages where it has too many photos."""
    kin = all_kin(catalogue)
    for place, country, before, after in with_neighbours(catalogue.countries):
        groups = grouped(catalogue.photo[photo_id] for photo_id in country.photos)
        one_offs = grouped(catalogue.photo[photo_id] for photo_id in country.one_offs)
        first, more = split(groups, COUNTRY_LIMIT)
        long: tuple[Sheet, ...] = ()
        if len(more) > _MOST_FOLDED:
            long, more = sheets(f"countries/{country.slug}/photos/", groups), ()
        lone: tuple[Sheet, ...] = ()
        if len(one_offs) > COUNTRY_LIMIT + COUNTRY_LIMIT // 3:
            lone = sheets(f"countries/{country.slug}/one-offs/", one_offs)
            one_offs = one_offs[:COUNTRY_LIMIT]
        types = types_in(country, catalogue)
        near = kin.get(country.code, ())
        yield maker.page(
            "country.html",
            f"countries/{country.slug}/",
            country=country,
            place=place,
            before=before,
            after=after,
            count=len(catalogue.countries),
            only_here=len(country.only_here),
            # A stable sort: within both halves the most common stay first.
            types=sorted(types, key=lambda found: not found.only_here),
            one_offs=one_offs,
            lone=lone,
            first=first,
            more=more,
            long=long,
            kin=near,
            map=place_map(world, country, [other.country for other in near]),
            credits=credits(catalogue.photo[photo_id] for photo_id in country.photos),
        )
        for sheet in (*lone, *long):
            yield maker.page(
                "sheet.html",
                sheet.address,
                sheet=sheet,
                type=None,
                country=country,
                credits=credits(photo for group in sheet.groups for photo in group.photos),
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
    kind: Type, catalogue: Catalogue, calibration: Calibration
) -> tuple[Confusable, ...]:
    """The look-alikes of a type, most alike first, and how each differs from it."""
    here = {share.code for share in kind.countries if share.code}
    found = []
    for like in kind.lookalikes:
        other = catalogue.type[like.type]
        found.append(
            Confusable(
                type=other,
                degree=calibration.degree(like.score),
                differences=differences(other.attributes, kind.attributes),
                note=like.note,
                shared=tuple(share for share in other.countries if share.code in here),
            )
        )
    return tuple(found)


def all_kin(catalogue: Catalogue) -> dict[str | None, tuple[Kin, ...]]:
    """For each country, the countries that share most types with it, by number and name."""
    shared: dict[str, Counter[str]] = {}
    for kind in catalogue.types:
        codes = [share.code for share in kind.countries if share.code]
        for code in codes:
            shared.setdefault(code, Counter()).update(other for other in codes if other != code)
    result: dict[str | None, tuple[Kin, ...]] = {}
    for code, counts in shared.items():
        others = [Kin(catalogue.country[other], number) for other, number in counts.items()]
        others.sort(key=lambda one: (-one.types, one.country.name))
        result[code] = tuple(others[:_MOST_KIN])
    return result


def credits(photos: Iterable[Photo]) -> tuple[Credit, ...]:
    """The distinct credits and licences of photos, those with most photos first."""
    counts = Counter(Credit(photo.credit, photo.licence) for photo in photos)
    return tuple(
        sorted(counts, key=lambda one: (-counts[one], one.credit or "", one.licence or ""))
    )


def leafing(catalogue: Catalogue) -> dict[str, Neighbourhood]:
    """The photo before and after each: in the order of the type's page, or by country."""
    found: dict[str, Neighbourhood] = {}

    def place(photos: Sequence[Photo]) -> None:
        for position, photo in enumerate(photos):
            found[photo.id] = Neighbourhood(
                place=position + 1,
                count=len(photos),
                before=photos[position - 1].id if position else None,
                after=photos[position + 1].id if position + 1 < len(photos) else None,
            )

    for kind in catalogue.types:
        place([photo for shown in by_country(kind, catalogue, 1) for photo in _shown(shown)])
    for country in catalogue.countries:
        groups = grouped(catalogue.photo[photo_id] for photo_id in country.one_offs)
        place([photo for group in groups for photo in group.photos])
    return found


def _shown(shown: CountryGroups) -> Iterator[Photo]:
    for group in (*shown.first, *shown.more):
        yield from group.photos


def hero(photo_ids: tuple[str, ...], catalogue: Catalogue) -> list[Photo]:
    """The representative photo and, where there is one, another view of the same bollard."""
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
