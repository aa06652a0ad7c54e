"""Types that are found in one country only, and unsorted bollards, by continent."""

from dataclasses import dataclass

from generator.catalogue import Catalogue, Country
from generator.language.continents import continent_of
from generator.render.views import Group, TypeInCountry, grouped, types_in

ADDRESS = "only-here/"
# How many unsorted bollards of a country are shown; the link beside them leads to all.
_MOST_UNSORTED = 8


@dataclass(frozen=True, slots=True)
class OwnBollards:
    """One country's part of the page.

    Attributes:
        types: those found in no other country, most bollards first.
        unsorted: its first unsorted bollards, and `unsorted_count` how many there are.
    """

    country: Country
    types: tuple[TypeInCountry, ...]
    unsorted: tuple[Group, ...]
    unsorted_count: int


@dataclass(frozen=True, slots=True)
class Continent:
    """The countries of one continent that have something of their own, by name."""

    code: str
    countries: tuple[OwnBollards, ...]

    @property
    def types(self) -> int:
        return sum(len(one.types) for one in self.countries)

    @property
    def unsorted(self) -> int:
        return sum(one.unsorted_count for one in self.countries)


def only_here(catalogue: Catalogue) -> tuple[Continent, ...]:
    """The continents with countries that have a type or an unsorted bollard of their own."""
    found: dict[str, list[OwnBollards]] = {}
    for country in catalogue.countries:
        continent = continent_of(country.code)
        if continent is None or not (country.only_here or country.one_offs):
            continue
        unsorted = grouped(catalogue.photo[photo] for photo in country.one_offs)
        shown = len(unsorted) if len(unsorted) <= _MOST_UNSORTED * 4 // 3 else _MOST_UNSORTED
        found.setdefault(continent, []).append(
            OwnBollards(
                country,
                tuple(own for own in types_in(country, catalogue) if own.only_here),
                unsorted[:shown],
                len(unsorted),
            )
        )
    return tuple(Continent(code, tuple(own)) for code, own in sorted(found.items()))
