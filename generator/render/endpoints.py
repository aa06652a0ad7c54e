"""Small JSON files at permanent addresses: one for each type, photo and country, and an index.

They are for programs that want one thing and not the whole catalogue. Like catalogue.json they are
public: `schema.SINGLE` describes them, and a change that breaks readers raises `VERSION`.
"""

import json
from collections.abc import Sequence
from typing import Any

from generator.catalogue import Catalogue
from generator.output import Output
from generator.render.exports import country_record, photo_record, type_record
from generator.render.schema import SINGLE, VERSION


def write_endpoints(
    catalogue: Catalogue, out: Output, translated: Sequence[Catalogue] = ()
) -> None:
    """Write `data/index.json`, and `types/ID`, `photos/ID` and `countries/DE.json` beside it.

    Args:
        catalogue: the site in the language of its root.
        out: the site's root.
        translated: the same in the site's other languages, for names.
    """
    languages = {one.site.language: one for one in (catalogue, *translated)}
    for type_ in catalogue.types:
        picture = catalogue.photo[type_.representative].pictures.card[0]
        _write(
            out,
            f"types/{type_.id}",
            page=f"types/{type_.id}/",
            names={tag: one.type[type_.id].name for tag, one in languages.items()},
            picture={
                "path": catalogue.site.picture(picture.path),
                "width": picture.width,
                "height": picture.height,
            },
            type=type_record(type_),
        )
    for photo in catalogue.photos:
        _write(
            out,
            f"photos/{photo.id}",
            page=f"photos/{photo.id}/",
            photo=photo_record(photo, catalogue),
        )
    for country in catalogue.countries:
        _write(
            out,
            f"countries/{country.code or 'unknown'}",
            page=f"countries/{country.slug}/",
            names={tag: one.country[country.code].name for tag, one in languages.items()},
            country=country_record(country, catalogue),
        )
    out.write("data/single.schema.json", json.dumps(SINGLE, indent=1) + "\n")
    out.write("data/index.json", _index(catalogue))


def _index(catalogue: Catalogue) -> str:
    """The index of all files, for a program that knows only the site's address."""
    site = catalogue.site
    single = "data/single.schema.json"
    content = {
        "version": VERSION,
        "title": site.title,
        "description": site.description,
        "url": site.base_url or None,
        "language": site.language,
        **({"pictures": site.pictures_url} if site.pictures_url else {}),
        "languages": {edition.language: edition.prefix for edition in site.editions},
        "licence": site.licence or None,
        "photos": catalogue.photo_count(catalogue.photo),
        "bollards": len(catalogue.bollards),
        "types": [type_.id for type_ in catalogue.types],
        "countries": [country.code for country in catalogue.countries if country.code],
        # https://www.rfc-editor.org/rfc/rfc6570
        "files": [
            {"path": "data/catalogue.json", "schema": "data/catalogue.schema.json"},
            {"path": "data/types/{id}.json", "schema": single},
            {"path": "data/photos/{id}.json", "schema": single},
            {"path": "data/countries/{code}.json", "schema": single},
            {"path": "data/types.csv"},
            {"path": f"data/{site.things.types_module}"},
            {"path": "feed.xml"},
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _write(out: Output, name: str, **content: Any) -> None:
    text = json.dumps({"version": VERSION, **content}, ensure_ascii=False, separators=(",", ":"))
    out.write(f"data/{name}.json", text + "\n")
