"""The search box's data: words for looks, names of countries and of regions.

Each language has a file of its own, fetched when a visitor uses the box. Another file lists the
countries without photos, fetched when a visitor may have typed one of their names.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment

from generator.catalogue import Catalogue
from generator.render.world import Place

_NEAREST = 3


@dataclass(frozen=True, slots=True)
class SearchWords:
    """The words for looks of one language, in lower case.

    Attributes:
        values: words by attribute ("form", "colour", "pattern") and value.
        reflector: words for any reflector.
        empty: words that say nothing about looks.
        joining: "and" and the like.
        without: words that negate the next one.
        colour_first: "red band" here, "bande rouge" elsewhere.
    """

    values: Mapping[str, Mapping[str, Sequence[str]]]
    reflector: Sequence[str]
    empty: Sequence[str]
    joining: Sequence[str]
    without: Sequence[str]
    colour_first: bool


def search_words(environment: Environment) -> SearchWords:
    """The words of a language; `environment` has the template `words.html` in it."""
    words: Any = environment.get_template("words.html").module
    synonyms = dict(words.synonyms)
    reflector = _listed(synonyms.pop("reflector"))
    values = {
        attribute: {value: _listed(text) for value, text in own.items()}
        for attribute, own in synonyms.items()
    }
    colours = {word for own in values["colour"].values() for word in own}
    return SearchWords(
        values=values,
        reflector=reflector,
        empty=_listed(words.empty),
        joining=_listed(words.joining),
        without=_listed(words.without),
        # A translation of this example shows where the colour goes.
        colour_first=words.example.split()[-1].casefold() not in colours,
    )


def search_data(catalogue: Catalogue, environment: Environment) -> bytes:
    """The file's content.

    `{"version": 1, "values": {"form": {"flat": ["flat", "slab"], ...}, "colour": {...}, "pattern":
    {...}}, "own": {"shape": {"round": ["round", "disc"], ...}, ...}, "reflector": [...],
    "empty": [...], "and": [...], "without": [...], "colourFirst": true,
    "places": [["DE", ["Germany", "Deutschland", ...]], ...], "regions": [["Alberta", "CA",
    ["type-id", ...], ["another name", ...]], ...]}`; a region's types are those found in it; other
    names are left out if there are none, and so is `own`, the owner's attributes.

    Args:
        catalogue: everything that the site shows.
        environment: its template `words.html` has the words, in the site's language.
    """
    words = search_words(environment)
    # Of another collection, nothing is described.
    things, language = catalogue.site.things, catalogue.site.language
    described = bool(things.vocabulary)
    values = words.values if described else {attribute: {} for attribute in words.values}
    content: dict[str, Any] = {
        "version": 1,
        "values": values,
        "reflector": words.reflector if described else [],
        "empty": words.empty,
        "and": words.joining,
        "without": words.without,
        "colourFirst": words.colour_first,
        "places": [
            [country.code, list(dict.fromkeys((country.name, *country.aliases)))]
            for country in catalogue.countries
            if country.code
        ],
        "regions": _regions(catalogue),
    }
    if things.attributes:
        content["own"] = {
            one.name: {value.name: value.searched(language) for value in one.values}
            for one in things.attributes
        }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def elsewhere_data(catalogue: Catalogue, places: Mapping[str, Place]) -> bytes:
    """The countries without photos.

    `{"version": 1, "countries": [["IS", "Iceland", ["Island", "Islande", ...], ["FO", "IE", "GB"]],
    ...]}`: code, name, what else visitors may call it, and the nearest countries that have photos.

    Args:
        catalogue: everything that the site shows.
        places: positions of countries on the map, by code.
    """
    with_photos = [country.code for country in catalogue.countries if country.code in places]
    countries = []
    for country in catalogue.elsewhere:
        here = places.get(country.code or "")
        near: list[str | None] = []
        if here:
            near = sorted(
                with_photos,
                key=lambda code: (*_apart(here, places[code or ""]), code),
            )
        others = [name for name in dict.fromkeys(country.aliases) if name != country.name]
        countries.append([country.code, country.name, others, near[:_NEAREST]])
    content = {"version": 1, "countries": countries}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _apart(one: Place, other: Place) -> tuple[float, float]:
    """The distance of two countries on the map: between their boxes, then between their centres."""
    across = max(0, one.left - other.right, other.left - one.right)
    down = max(0, one.top - other.bottom, other.top - one.bottom)
    return math.hypot(across, down), math.dist((one.x, one.y), (other.x, other.y))


def _listed(text: str) -> list[str]:
    return [word for word in (part.strip().casefold() for part in text.split(",")) if word]


def _regions(catalogue: Catalogue) -> list[tuple[Any, ...]]:
    """Name, country and types of each region, by name; then its names in other languages, if any.

    Texts of the owner's that are no region's name are searched like regions.
    """
    types: dict[tuple[str, str | None], set[str]] = {}
    for photo in catalogue.photos:
        known = catalogue.region.get(photo.region_code or "")
        for name in {photo.region, known.name if known else None}:
            if name:
                own = types.setdefault((name, photo.country), set())
                if photo.type:
                    own.add(photo.type)
    others = {
        (region.name, country.code): [name for name in region.names if name != region.name]
        for country in catalogue.countries
        for region in country.regions
    }
    return [
        (*key, sorted(own), *([others[key]] if others.get(key) else []))
        for key, own in sorted(types.items(), key=lambda item: str(item[0]))
    ]
