"""The places that tell types of one name apart, where their looks do not."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from generator.language.continents import CONTINENTS, continent_of

Counts = Mapping[str, int]
"""How many of a type's bollards each country has, by alpha-2 code; "" counts unknown ones."""

# A place is true of a type if this share of its bollards is there, and false of another type if
# less than half of its bollards are.
_TRUE, _HALF = 0.9, 0.5
_MOST_COUNTRIES = 3


@dataclass(frozen=True, slots=True)
class Where:
    """Where the bollards of a type are.

    Attributes:
        codes: alpha-2 codes of countries, or the CLDR code of one continent.
        mostly: whether they are there more often than elsewhere, but not nearly all of them.
    """

    codes: tuple[str, ...]
    mostly: bool = False


def told_by_place(
    counts: Mapping[str, Counts], *, last: bool = False, taken: Collection[Where] = ()
) -> dict[str, Where]:
    """For each type a place that is true of it and of no other of these types.

    A few countries come before a continent, and a continent before the countries where most are. A
    type for which no such place is left is missing from the result.

    Args:
        counts: of types that have the same name, by type id.
        last: whether there is nothing else to tell them apart by: then several types may mostly be
            in the same country, and more countries are listed until their words differ.
        taken: the places of other types of that name, which are told apart already.
    """
    found: dict[str, Where] = {}
    # An order that does not depend on ids, so that a type's first name can become its id.
    for key in sorted(
        counts, key=lambda key: (-sum(counts[key].values()), *_ranked(counts[key]), key)
    ):
        others = [counts[other] for other in counts if other != key]
        for where in _candidates(counts[key]):
            shared = any(_share(other, where) >= _HALF for other in others)
            free = where not in found.values() and where not in taken
            if free and not (shared and not (last and where.mostly)):
                found[key] = where
                break
    return found


def _candidates(counts: Counts) -> Iterator[Where]:
    ranked = _ranked(counts)
    for length in range(1, min(_MOST_COUNTRIES, len(ranked)) + 1):
        where = Where(tuple(ranked[:length]))
        if _share(counts, where) >= _TRUE:
            yield where
    for continent in sorted({continent_of(code) for code in ranked} - {None}, key=str):
        where = Where((CONTINENTS[str(continent)],))
        if _share(counts, where) >= _TRUE:
            yield where
    for length in range(1, len(ranked) + 1):
        yield Where(tuple(ranked[:length]), mostly=True)


def _ranked(counts: Counts) -> list[str]:
    return sorted((code for code in counts if code), key=lambda code: (-counts[code], code))


def _share(counts: Counts, where: Where) -> float:
    """The share of a type's bollards that are there."""
    total = sum(counts.values())
    inside = sum(
        count
        for code, count in counts.items()
        if code in where.codes or _continent_code(code) in where.codes
    )
    return inside / total if total else 0.0


def _continent_code(code: str) -> str:
    continent = continent_of(code)
    return CONTINENTS[continent] if continent else ""
