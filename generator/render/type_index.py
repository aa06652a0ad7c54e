"""The index of types: one small file that the site's modules read.

Home, map, quiz, comparison and identification all use it. Every language has its own. Types are in
the order of the cards on the front page.
"""

import json
from collections.abc import Mapping
from typing import Any

from generator.catalogue import Catalogue, Type, sure_values
from generator.language.continents import continent_of
from generator.render.calibration import Calibration
from generator.render.environment import smallest

VERSION = 1
_CARD_WIDTH = 240
_LARGE_WIDTH = 400


def type_index(
    catalogue: Catalogue,
    emblems: Mapping[str, str],
    flags: Mapping[str, str],
    calibration: Calibration | None = None,
) -> bytes:
    """The file's content.

    `{"version": 1, "types": [{"id", "name", "attributes": {"form": "flat", ...}, "perhaps":
    {"body": "grey"}, "countries": [["DE", 12], ...], "bollards", "photo", "picture", "large",
    "size", "emblem", "lookalikes": ["id", ...], "degrees": [3, ...], "notes": {"id": "text", ...}},
    ...], "countries": {"DE": {"name", "continent", "slug", "flag"}, ...}}`: `attributes` are those
    that are sure, and `perhaps` a form or body that is not; `countries` are with their number of
    bollards, most first ("" is unknown); `photo` the id of the representative photo; paths relative
    to the site's root, `size` the width and height of `picture`, `large` the same for dense
    screens; `degrees` how alike the look-alikes are (see `generator.render.calibration`), and
    `notes` the owner's words on how to tell them apart, left out if there are none; `continent` one
    of `generator.language.continents.CONTINENTS` or null, `flag` null where there is none.

    Args:
        catalogue: everything that the site shows.
        emblems: path of each type's pictogram by its id.
        flags: path of each country's flag by its code.
        calibration: the collection's calibration; None leaves similarities as they are.
    """
    alike = calibration or Calibration()
    types = []
    for kind in catalogue.types:
        pictures = catalogue.photo[kind.representative].pictures.card
        picture = smallest(pictures, _CARD_WIDTH)
        sure = sure_values(kind.attributes)
        types.append(
            {
                "id": kind.id,
                "name": kind.name,
                "attributes": sure,
                # The attributes that name a type, so that it is found by its name's words.
                "perhaps": {
                    name: kind.attributes[name].value
                    for name in ("form", "body")
                    if name in kind.attributes and name not in sure
                },
                "countries": [[share.code or "", share.bollards] for share in kind.countries],
                "bollards": len(kind.bollards),
                "photo": kind.representative,
                "picture": picture.path,
                "large": smallest(pictures, _LARGE_WIDTH).path,
                "size": [picture.width, picture.height],
                "emblem": emblems[kind.id],
                "lookalikes": [other.type for other in kind.lookalikes],
                "degrees": [alike.degree(other.score) for other in kind.lookalikes],
                **_notes(kind),
            }
        )
    countries: dict[str, Any] = {
        country.code or "": {
            "name": country.name,
            "continent": continent_of(country.code),
            "slug": country.slug,
            "flag": flags.get(country.code or ""),
        }
        for country in catalogue.countries
    }
    content = {"version": VERSION, "types": types, "countries": countries}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _notes(kind: Type) -> dict[str, dict[str, str]]:
    told = {other.type: other.note for other in kind.lookalikes if other.note}
    return {"notes": told} if told else {}
