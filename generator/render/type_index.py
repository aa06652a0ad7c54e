"""The index of types: one small file that the site's modules read.

Home, map, quiz, comparison and identification all use it. Every language has its own. Types are in
the order of the cards on the home page.
"""

import json
from collections.abc import Mapping
from typing import Any

from generator.catalogue import Catalogue, Type, sure_values
from generator.curve import Calibration
from generator.language.continents import continent_of
from generator.render.environment import smallest
from generator.render.regions import regions_of_type

VERSION = 1
_CARD_WIDTH = 240
_LARGE_WIDTH = 320


def type_index(
    catalogue: Catalogue,
    pictograms: Mapping[str, str],
    flags: Mapping[str, str],
    calibration: Calibration | None = None,
) -> bytes:
    """The file's content.

    `{"version": 1, "types": [{"id", "name", "attributes": {"form": "flat", ...}, "perhaps":
    {"body": "grey"}, "countries": [["DE", 12], ...], "bollards", "photo", "picture", "large",
    "size", "pictogram", "lookalikes": ["id", ...], "degrees": [3, ...], "regions": [["AU-VIC", 3],
    ...], "notes": {"id": "text", ...}, "known": {"DE": ["common", "text"], ...}}, ...],
    "countries": {"DE": {"name", "continent", "slug", "flag"}, ...}}`: `attributes` are those that
    are sure, and `perhaps` a form or body that is not; `countries` are with their number of
    bollards, most first ("" is unknown); `photo` the id of the representative photo; paths relative
    to the site's root, `size` the width and height of `picture`, `large` the same for dense
    screens; `degrees` how alike the look-alikes are (see `generator.calibration`), and `notes` the
    owner's words on how to tell them apart, left out if there are none; `regions` like
    `countries`, left out if none is known; `known` what the owner knows of the type in single
    countries, the frequency and a sentence, left out likewise; `continent` one of
    `generator.language.continents.CONTINENTS` or null, `flag` null where there is none;
    `pictogram` "" likewise.

    Args:
        catalogue: everything that the site shows.
        pictograms: path of each type's pictogram by its id.
        flags: path of each country's flag by its code.
        calibration: the collection's calibration; None leaves similarities as they are.
    """
    alike = calibration or Calibration()
    types = []
    for type_ in catalogue.types:
        pictures = catalogue.photo[type_.representative].pictures.card
        picture = smallest(pictures, _CARD_WIDTH)
        sure = sure_values(type_.attributes)
        types.append(
            {
                "id": type_.id,
                "name": type_.name,
                "attributes": sure,
                # The attributes that name a type, so that it is found by its name's words.
                "perhaps": {
                    name: type_.attributes[name].value
                    for name in ("form", "body")
                    if name in type_.attributes and name not in sure
                },
                "countries": [[share.code or "", share.bollards] for share in type_.countries],
                "bollards": len(type_.bollards),
                "photo": type_.representative,
                "picture": catalogue.site.picture(picture.path),
                "large": catalogue.site.picture(smallest(pictures, _LARGE_WIDTH).path),
                "size": [picture.width, picture.height],
                "pictogram": pictograms.get(type_.id, ""),
                "lookalikes": [other.type for other in type_.lookalikes],
                "degrees": [alike.degree(other.score) for other in type_.lookalikes],
                **({"regions": regions} if (regions := regions_of_type(type_, catalogue)) else {}),
                **_notes(type_),
                **_known(type_),
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


def _notes(type_: Type) -> dict[str, dict[str, str]]:
    told = {other.type: other.note for other in type_.lookalikes if other.note}
    return {"notes": told} if told else {}


def _known(type_: Type) -> dict[str, dict[str, tuple[str, str]]]:
    known = {
        share.code: (share.frequency, share.note)
        for share in type_.countries
        if share.code and (share.frequency or share.note)
    }
    return {"known": known} if known else {}
