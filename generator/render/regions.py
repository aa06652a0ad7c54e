"""The regions of a country as pages show them: their types, and which are found in one only."""

from collections.abc import Mapping
from dataclasses import dataclass

from generator.catalogue import Catalogue, Country, Photo, Region, Type


@dataclass(frozen=True, slots=True)
class TypeInRegion:
    """A type in a region: a photo from there, the bollards there and those in the country."""

    type: Type
    photo: Photo
    bollards: int
    of: int


@dataclass(frozen=True, slots=True)
class RegionShown:
    """A region with its types, most bollards there first.

    Attributes:
        only_here: those of `types` that the country has in no other region.
        unsorted: how many of its bollards are in no type.
    """

    region: Region
    types: tuple[TypeInRegion, ...]
    only_here: tuple[TypeInRegion, ...]
    unsorted: int


def region_anchor(code: str) -> str:
    """The anchor of a region on its country's page."""
    return code.lower()


def regions_shown(country: Country, catalogue: Catalogue) -> list[RegionShown]:
    """The regions of a country, by name."""
    shown = []
    for region in country.regions:
        types = []
        for key, bollards in region.types.items():
            type_ = catalogue.type[key]
            there = (
                photo
                for photo in map(catalogue.photo.__getitem__, type_.photos)
                if catalogue.bollard[photo.bollard].region == region.code
            )
            share = next(one for one in type_.countries if one.code == country.code)
            types.append(TypeInRegion(type_, next(there), bollards, share.bollards))
        only_here = tuple(one for one in types if one.type.id in region.only_here)
        unsorted = region.bollards - sum(region.types.values())
        shown.append(RegionShown(region, tuple(types), only_here, unsorted))
    return sorted(shown, key=lambda one: (one.region.name.casefold(), one.region.code))


def only_regions(country: Country) -> Mapping[str, Region]:
    """The types that a country has in one region only, by id."""
    return {key: region for region in country.regions for key in region.only_here}


def regions_of_type(type_: Type, catalogue: Catalogue) -> list[tuple[str, int]]:
    """The codes of a type's regions, and how many of its bollards each has, most first."""
    found = [
        (region.code, region.types[type_.id])
        for share in type_.countries
        if share.code
        for region in catalogue.country[share.code].regions
        if type_.id in region.types
    ]
    return sorted(found, key=lambda one: (-one[1], one[0]))
