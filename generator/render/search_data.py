"""What the search box knows: words for looks, names of countries and of regions.

A file of its own for each language, fetched when a visitor turns to the box.
"""

import json
from typing import Any

from jinja2 import Environment

from generator.catalogue import Catalogue


def search_data(catalogue: Catalogue, environment: Environment) -> bytes:
    """The file's content.

    `{"version": 1, "values": {"form": {"flat": ["flat", "slab"], ...}, "colour": {...},
    "pattern": {...}}, "reflector": [...], "empty": [...], "and": [...], "without": [...],
    "colourFirst": true, "places": [["DE", ["Germany", "Deutschland", ...]], ...],
    "regions": [["Alberta", "CA", ["type-id", ...]], ...]}`; a region's types are those that stand
    in it.

    Args:
        catalogue: everything the site says.
        environment: whose template `words.html` has the words, in the site's language.
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
        # "red band" here, "bande rouge" elsewhere: a translation shows where the colour stands.
        "colourFirst": words.example.split()[-1].casefold() not in colours,
        "places": [
            [country.code, list(dict.fromkeys((country.name, *country.aliases)))]
            for country in catalogue.countries
            if country.code
        ],
        "regions": _regions(catalogue),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


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
