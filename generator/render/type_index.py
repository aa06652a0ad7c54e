"""The types in one small file, by which the site's modules know them.

Home, map, quiz, comparison and identification all read it. Every language has its own. Types
stand in the order of the plates on the front page.
"""

import json
from collections.abc import Mapping
from typing import Any

from generator.catalogue import Catalogue, Type
from generator.continents import continent_of
from generator.render.environment import smallest

VERSION = 1
# Below this the recogniser's word is not worth filtering by.
SURE = 0.4
_CARD_WIDTH = 240


def sure_attributes(kind: Type) -> dict[str, str]:
    """What can be said of a type's looks: value by attribute."""
    return {
        name: trait.value for name, trait in kind.attributes.items() if trait.confidence >= SURE
    }


def type_index(catalogue: Catalogue, emblems: Mapping[str, str]) -> bytes:
    """The file's content.

    `{"version": 1, "types": [{"id", "name", "attributes": {"form": "flat", ...}, "countries":
    [["DE", 12], ...], "bollards", "picture", "emblem", "lookalikes": ["id", ...]}, ...],
    "countries": {"DE": {"name", "continent", "slug"}, ...}}`: attributes that are sure enough,
    countries with their number of bollards, most first ("" is the unknown one), paths relative to
    the site's root, `continent` one of `generator.continents.CONTINENTS` or null.

    Args:
        catalogue: everything the site says.
        emblems: path of each type's emblem by its id.
    """
    types = [
        {
            "id": kind.id,
            "name": kind.name,
            "attributes": sure_attributes(kind),
            "countries": [[share.code or "", share.bollards] for share in kind.countries],
            "bollards": len(kind.bollards),
            "picture": smallest(
                catalogue.photo[kind.representative].pictures.card, _CARD_WIDTH
            ).path,
            "emblem": emblems[kind.id],
            "lookalikes": [other.type for other in kind.lookalikes],
        }
        for kind in catalogue.types
    ]
    countries: dict[str, Any] = {
        country.code or "": {
            "name": country.name,
            "continent": continent_of(country.code),
            "slug": country.slug,
        }
        for country in catalogue.countries
    }
    content = {"version": VERSION, "types": types, "countries": countries}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
