"""Comparisons of countries: common types, types of one country only, and differences.

Pairs with a border or types in common have pages. `static/js/versus.js` makes all others,
and compares three countries, from the files that `write_country_looks` writes.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.catalogue import Catalogue, Country, Photo, Site, Type
from generator.output import Output
from generator.own_looks import OwnLook, Telltale, own_look, telltales
from generator.render.credits import credits
from generator.render.maps import pair_map
from generator.render.page_maker import Maker, Page
from generator.render.views import Group, TypeInCountry, grouped, named_countries, types_in
from generator.render.world import World

FOLDER = "data/compare/"
"""Where the comparison by script finds the countries: `data/compare/ES.json`."""

# Each country has pages with at most this many others, so a site has at most this many pages a
# country and language. Only Russia and China have more neighbours on land.
MOST_PARTNERS = 9
# How many unsorted bollards of a country are shown; its own page has all.
_MOST_UNSORTED = 12


@dataclass(frozen=True, slots=True)
class Partner:
    """Another country to compare with.

    Attributes:
        types: how many types the two have in common.
        borders: whether they have a common border on land.
        address: of the page of the two, or of the comparison by script.
    """

    country: Country
    types: int
    borders: bool
    address: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A type that both countries have: its bollards in each, and their sure differences."""

    type: Type
    sides: tuple[TypeInCountry, ...]
    telltales: tuple[Telltale, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """The types that one country has and the others do not.

    Attributes:
        types: those found in no other country first, then the most common.
        unsorted: its first unsorted bollards, and `unsorted_count` how many there are.
    """

    country: Country
    types: tuple[TypeInCountry, ...]
    unsorted: tuple[Group, ...]
    unsorted_count: int


class Pairs:
    """The countries of a catalogue, ready to be compared."""

    def __init__(self, catalogue: Catalogue, borders: Mapping[str, Sequence[str]]) -> None:
        self.catalogue = catalogue
        self._borders = borders
        known = [country for country in catalogue.countries if country.code]
        self._countries = {country.code or "": country for country in known}
        self.named = named_countries(catalogue)
        self._types = {
            code: {found.type.id: found for found in types_in(country, catalogue)}
            for code, country in self._countries.items()
        }
        self._unsorted = {
            code: grouped(map(catalogue.photo.__getitem__, country.one_offs))
            for code, country in self._countries.items()
        }
        self._looks: dict[tuple[str, str], OwnLook] = {}
        near = {code: self._near(code) for code in self._countries}
        self.built = frozenset(
            key(code, other)
            for code, others in near.items()
            for other in sorted(others, key=lambda one: (*others[one], one))[:MOST_PARTNERS]
        )
        """The codes of each pair that has a page, in alphabetical order."""
        self.partners: Mapping[str | None, tuple[Partner, ...]] = {
            code: tuple(
                Partner(
                    self.named[other],
                    -shared,
                    not apart,
                    self.address(code, other),
                )
                for other, (apart, shared) in sorted(
                    others.items(), key=lambda item: (item[1], self._countries[item[0]].name)
                )
            )
            for code, others in near.items()
        }
        """For each country, those that it borders, then those with most types in common."""

    def _near(self, code: str) -> dict[str, tuple[bool, int]]:
        """The countries with a border or a type in common: no border, and minus the types."""
        shared = Counter(
            share.code
            for found in self._types[code].values()
            for share in found.elsewhere
            if share.code
        )
        beside = {other for other in self._borders.get(code, ()) if other in self._countries}
        return {other: (other not in beside, -shared[other]) for other in {*beside, *shared}}

    def address(self, code: str, other: str) -> str:
        """The address of the comparison of two countries, below the root of the language."""
        pair = key(code, other)
        if pair in self.built:
            return f"compare/{slug(pair)}/"
        return f"compare/?countries={code.lower()},{other.lower()}"

    def shared(self, codes: Sequence[str]) -> tuple[Shared, ...]:
        """The types that all of some countries have: those that tell them apart first."""
        found = []
        for type_id, first in self._types[codes[0]].items():
            if all(type_id in self._types[code] for code in codes):
                sides = tuple(self._types[code][type_id] for code in codes)
                looks = {code: self.look(code, type_id) for code in codes}
                found.append(Shared(first.type, sides, telltales(looks)))
        found.sort(
            key=lambda one: (
                not one.telltales,
                -min(side.bollards for side in one.sides),
                -sum(side.bollards for side in one.sides),
            )
        )
        return tuple(found)

    def own(self, code: str, others: Iterable[str]) -> Own:
        """The types that only one of some countries has."""
        elsewhere = {type_id for other in others for type_id in self._types[other]}
        types = [found for key, found in self._types[code].items() if key not in elsewhere]
        types.sort(key=lambda found: not found.only_here)
        unsorted = self._unsorted[code]
        shown = unsorted[: _shown(len(unsorted))]
        return Own(self.named[code], tuple(types), shown, len(unsorted))

    def in_country(self, code: str, type_id: str) -> TypeInCountry:
        """A type in a country that has it."""
        return self._types[code][type_id]

    def look(self, code: str, type_id: str) -> OwnLook:
        """How the bollards of a type look in a country."""
        made = self._looks.get((code, type_id))
        if made is None:
            catalogue = self.catalogue
            bollards = map(catalogue.bollard.__getitem__, catalogue.type[type_id].bollards)
            made = self._looks[code, type_id] = own_look(
                [catalogue.photo[photo].attributes for photo in bollard.photos]
                for bollard in bollards
                if bollard.country == code
            )
        return made

    def record(self, code: str) -> dict[str, Any]:
        """A country as the comparison by script reads it; see `write_country_looks`."""
        unsorted = self._unsorted[code]
        return {
            "version": 1,
            "types": [
                [
                    type_id,
                    found.bollards,
                    _pictures(found.views, self.catalogue.site),
                    self.look(code, type_id).summary(),
                ]
                for type_id, found in self._types[code].items()
            ],
            "unsorted": [
                [group.photos[0].id, _pictures(group.photos[:2], self.catalogue.site)]
                for group in unsorted[: _shown(len(unsorted))]
            ],
            "unsortedCount": len(unsorted),
            "partners": [partner.country.code for partner in self.partners[code]],
            "built": sorted({one for pair in self.built if code in pair for one in pair} - {code}),
            "credits": [
                [credit.credit, credit.licence]
                for credit in credits(_photos((), [self.own(code, ())]))
            ],
        }


def key(code: str, other: str) -> tuple[str, str]:
    """A pair of countries, whichever is named first."""
    return (code, other) if code < other else (other, code)


def slug(codes: Iterable[str]) -> str:
    """The name of a comparison in addresses: "es-pt", in alphabetical order."""
    return "-".join(sorted(code.lower() for code in codes))


def pair_pages(maker: Maker, pairs: Pairs, catalogue: Catalogue, world: World) -> Iterator[Page]:
    """A page for each pair in `Pairs.built`, and one that leads there from the other order."""
    for pair in sorted(pairs.built):
        countries = [pairs.named[code] for code in pair]
        shared = pairs.shared(pair)
        own = [pairs.own(pair[0], pair[1:]), pairs.own(pair[1], pair[:1])]
        address = f"compare/{slug(pair)}/"
        yield maker.page(
            "pair.html",
            address,
            countries=countries,
            borders=pair[1] in world.borders.get(pair[0], ()),
            shared=shared,
            own=own,
            map=pair_map(world, countries),
            credits=credits(_photos(shared, own)),
        )
        # An address with a file name is not a page of its own in the sitemap.
        yield maker.page(
            "turned.html",
            f"compare/{slug(pair[1:])}-{slug(pair[:1])}/index.html",
            countries=countries,
            target=address,
        )


def write_country_looks(pairs: Pairs, out: Output) -> None:
    """Write `data/compare/ES.json` for each country. These files are for the site's own pages.

    `{"version": 1, "types": [["id", bollards, VIEWS, {"reflector": [["red"], ["red", "blue"]],
    ...}], ...], "unsorted": [["photo id", VIEWS], ...], "unsortedCount", "partners": ["PT", ...],
    "built": ["PT", ...], "credits": [[credit, licence], ...]}`: VIEWS are one or two pictures of a
    bollard from there, each in several sizes as `[["pictures/….webp", width, height], ...]`; after
    them the usual values of each attribute and those that are more than rare (see
    `generator.own_looks`); `unsorted` are the first of `unsortedCount` unsorted bollards;
    `partners` the countries to compare with, and `built` those with a page.
    """
    for code in sorted(code for code in pairs.partners if code):
        text = json.dumps(pairs.record(code), ensure_ascii=False, separators=(",", ":"))
        out.write(f"{FOLDER}{code}.json", text)


def _photos(shared: Iterable[Shared], own: Iterable[Own]) -> Iterator[Photo]:
    """All photos that a page shows."""
    for one in shared:
        for side in one.sides:
            yield from side.views
    for each in own:
        for found in each.types:
            yield from found.views
        for group in each.unsorted:
            yield from group.photos


def _shown(count: int) -> int:
    """How many of the unsorted bollards are shown; a short rest is shown, too."""
    return count if count <= _MOST_UNSORTED + _MOST_UNSORTED // 3 else _MOST_UNSORTED


def _pictures(photos: Iterable[Photo], site: Site) -> list[list[tuple[str, int, int]]]:
    return [
        [
            (site.picture(picture.path), picture.width, picture.height)
            for picture in photo.pictures.card
        ]
        for photo in photos
    ]
