"""The catalogue arranged as pages show it: views of one bollard together, countries in order."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from generator.catalogue import Catalogue, Country, CountryShare, Photo, Type


@dataclass(frozen=True, slots=True)
class Group:
    """The views of one bollard, shown together."""

    photos: tuple[Photo, ...]


@dataclass(frozen=True, slots=True)
class CountryGroups:
    """A type's bollards in one country: those always visible, and those to expand."""

    share: CountryShare
    slug: str
    first: tuple[Group, ...]
    more: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class TypeInCountry:
    """A type in one country.

    Attributes:
        views: its most typical bollard from there, in up to two views.
        bollards: how many the country has.
        share: the part of the type's bollards that the country has, 0 to 1.
        only_here: whether it occurs in no other country of the collection.
        elsewhere: its other countries.
        frequency, note: what the owner knows of it there, see `CountryShare`.
    """

    type: Type
    views: tuple[Photo, ...]
    bollards: int
    share: float
    only_here: bool
    elsewhere: tuple[CountryShare, ...]
    frequency: str = ""
    note: str = ""


def named_countries(catalogue: Catalogue) -> dict[str | None, Country]:
    """The countries by code, as other pages than their own show them: without their photos.

    A new photo then changes no page that only names its country.
    """
    return {
        country.code: replace(country, photos=(), one_offs=()) for country in catalogue.countries
    }


def grouped(photos: Iterable[Photo]) -> tuple[Group, ...]:
    """Bring the views of each bollard together, in the order in which bollards first appear."""
    views: dict[str, list[Photo]] = {}
    for photo in photos:
        views.setdefault(photo.bollard, []).append(photo)
    return tuple(Group(tuple(found)) for found in views.values())


def split(groups: tuple[Group, ...], limit: int) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """The first `limit` groups and the rest; a short rest is not worth collapsing."""
    if len(groups) <= limit + limit // 3:
        return groups, ()
    return groups[:limit], groups[limit:]


def by_country(type_: Type, catalogue: Catalogue, limit: int) -> tuple[CountryGroups, ...]:
    """A type's photos by country, most bollards first, the most typical bollard first in each.

    All views of a bollard are in its country, even if single views have another.
    """
    photos: dict[str | None, list[Photo]] = {}
    for photo_id in type_.photos:
        photo = catalogue.photo[photo_id]
        photos.setdefault(catalogue.bollard[photo.bollard].country, []).append(photo)
    result = []
    for share in type_.countries:
        first, more = split(grouped(photos.get(share.code, ())), limit)
        result.append(CountryGroups(share, country_slug(share.code), first, more))
    return tuple(result)


def types_in(country: Country, catalogue: Catalogue) -> tuple[TypeInCountry, ...]:
    """A country's types, most bollards there first."""
    only_here = frozenset(country.only_here)
    result = []
    for type_id in country.types:
        type_ = catalogue.type[type_id]
        photos = [catalogue.photo[photo_id] for photo_id in type_.photos]
        there = (one for one in photos if catalogue.bollard[one.bollard].country == country.code)
        views = grouped(there)[0].photos[:2]
        here = next(share for share in type_.countries if share.code == country.code)
        elsewhere = tuple(share for share in type_.countries if share.code != country.code)
        result.append(
            TypeInCountry(
                type_,
                views,
                here.bollards,
                here.share,
                type_id in only_here,
                elsewhere,
                here.frequency,
                here.note,
            )
        )
    return tuple(result)


def country_slug(code: str | None) -> str:
    """The address of a country below `countries/`, as `Country.slug` gives it."""
    return code.lower() if code else "unknown"


def source_link(photo: Photo) -> str | None:
    """The photo's source if it is a web address; anything else is only shown as text."""
    source = photo.source or ""
    return source if source.lower().startswith(("https://", "http://")) else None


@lru_cache(maxsize=4096)
def own_region(region: str | None, code: str | None, country: str) -> str | None:
    """A photo's region, unless it only repeats the country.

    Territories are often in a folder of their larger country, and then have their own name as
    region: that of a photo from the Åland Islands is "Åland".

    Args:
        region: the photo's region.
        code: the photo's country, ISO 3166-1 alpha-2.
        country: the country's name in the site's language.
    """
    if not region or not code:
        return region or None
    from babel import Locale

    word = _plain(region)
    for name in (country, Locale("en").territories.get(code, "")):
        if f"{_plain(name)} ".startswith(f"{word} "):
            return None
    return region


def _plain(text: str) -> str:
    marked = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in marked if not unicodedata.combining(letter))
