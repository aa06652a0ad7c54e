"""The search box's data: words for looks, names of countries and of regions.

Each language has a file of its own, fetched when a visitor uses the box. Another file lists the
countries without photos, fetched when a visitor may have typed one of their names.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from generator.catalogue import Catalogue
from generator.render.world import Place

_NEAREST = 3


def search_data(catalogue: Catalogue, environment: Environment) -> bytes:
    """The file's content.

    `{"version": 1, "values": {"form": {"flat": ["flat", "slab"], ...}, "colour": {...}, "pattern":
    {...}}, "reflector": [...], "empty": [...], "and": [...], "without": [...], "colourFirst": true,
    "places": [["DE", ["Germany", "Deutschland", ...]], ...], "regions": [["Alberta", "CA",
    ["type-id", ...]], ...]}`; a region's types are those found in it.

    Args:
        catalogue: everything that the site shows.
        environment: its template `words.html` has the words, in the site's language.
    """
    words: Any = environment.get_template("words.html").module
    synonyms = dict(words.synonyms)
    reflector = _listed(synonyms.pop("reflector"))
    values = {
        attribute: {value: _listed(text) for value, text in own.items()}
        for attribute, own in synonyms.items()
    }
    colours = {word for own in values["colour"].values() for word in own}
    content = {
        "version": 1,
        "values": values,
        "reflector": reflector,
        "empty": _listed(words.empty),
        "and": _listed(words.joining),
        "without": _listed(words.without),
        # "red band" here, "bande rouge" elsewhere: a translation shows where the colour goes.
        "colourFirst": words.example.split()[-1].casefold() not in colours,
        "places": [
            [country.code, list(dict.fromkeys((country.name, *country.aliases)))]
            for country in catalogue.countries
            if country.code
        ],
        "regions": _regions(catalogue),
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


def _regions(catalogue: Catalogue) -> list[tuple[str, str | None, list[str]]]:
    """Name, country and types of each region, by name."""
    types: dict[tuple[str, str | None], set[str]] = {}
    for photo in catalogue.photos:
        if photo.region:
            own = types.setdefault((photo.region, photo.country), set())
            if photo.type:
                own.add(photo.type)
    return [
        (region, country, sorted(own))
        for (region, country), own in sorted(types.items(), key=lambda item: str(item[0]))
    ]
