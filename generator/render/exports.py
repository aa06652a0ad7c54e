"""The catalogue for other programs: JSON with its schema, a typed module, a table.

These are public formats, described by `schema`; a change that breaks readers raises its `VERSION`.
"""

import csv
import io
import json
from typing import Any

from generator.catalogue import Catalogue, Country, Photo, Region, Trait, Type
from generator.curve import Calibration
from generator.output import Output
from generator.render.schema import CATALOGUE, VERSION


def write_exports(catalogue: Catalogue, out: Output) -> None:
    """Write `data/catalogue.json`, its schema, `data/bollard-types.ts` and `data/types.csv`."""
    texts = {
        "catalogue.json": catalogue_json(catalogue),
        "catalogue.schema.json": json.dumps(CATALOGUE, indent=1) + "\n",
        catalogue.site.things.types_module: typescript_module(catalogue),
        "types.csv": types_csv(catalogue),
    }
    for name, text in texts.items():
        out.write(f"data/{name}", text)


def catalogue_json(catalogue: Catalogue) -> str:
    """The whole catalogue, one photo, type or country a line."""
    head = {
        "version": VERSION,
        "title": catalogue.site.title,
        "description": catalogue.site.description,
        "url": catalogue.site.base_url or None,
        "language": catalogue.site.language,
        "embedder": catalogue.site.embedder,
        **_calibration(catalogue.calibration),
    }
    tables = {
        "photos": [photo_record(photo, catalogue) for photo in catalogue.photos],
        "types": [type_record(type_) for type_ in catalogue.types],
        "families": [
            {"id": family.id, "name": family.name, "types": family.types}
            for family in catalogue.families
        ],
        "countries": [country_record(country, catalogue) for country in catalogue.countries],
    }
    lines = [json.dumps(head, ensure_ascii=False)[:-1]]
    for name, rows in tables.items():
        body = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in rows)
        lines.append(f' "{name}": [\n  {body}\n ]' if rows else f' "{name}": []')
    return ",\n".join(lines) + "}\n"


def types_csv(catalogue: Catalogue) -> str:
    """One row a type and country: type, name, country, country name, bollards, photos, share."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("type", "name", "country", "country_name", "bollards", "photos", "share"))
    for type_ in catalogue.types:
        for country in type_.countries:
            writer.writerow(
                (
                    type_.id,
                    _no_formula(type_.name),
                    country.code or "",
                    country.name,
                    country.bollards,
                    country.photos,
                    f"{country.share:.4f}",
                )
            )
    return text.getvalue()


def typescript_module(catalogue: Catalogue) -> str:
    """The types as a module without dependencies, for programs that know bollards by id."""
    rows = []
    for type_ in catalogue.types:
        countries = [country.code for country in type_.countries if country.code]
        value = {
            "id": type_.id,
            "name": type_.name,
            "description": type_.description,
            "countries": countries,
            "photos": catalogue.photo_count(type_.photos),
            "picture": catalogue.site.picture(
                catalogue.photo[type_.representative].pictures.card[0].path
            ),
            "lookalikes": [other.type for other in type_.lookalikes],
        }
        rows.append(f"  {json.dumps(type_.id)}: {_script_safe(value)},\n")
    ids = " | ".join(json.dumps(type_.id) for type_ in catalogue.types) or "never"
    codes = sorted({code.code for code in catalogue.countries if code.code})
    return f"""\
/** The bollard types of "{_comment_safe(catalogue.site.title)}". Generated; do not edit. */

/** Permanent id of a type; its page is at `types/ID/`. */
export type BollardTypeId = {ids};

/** ISO 3166-1 alpha-2 code of a country in which the collection has bollards. */
export type CountryCode = {" | ".join(json.dumps(code) for code in codes) or "never"};

export interface BollardType {{
  readonly id: BollardTypeId;
  readonly name: string;
  readonly description: string;
  /** Most bollards first. */
  readonly countries: readonly CountryCode[];
  readonly photos: number;
  /** Path of a small picture, relative to the site's root. */
  readonly picture: string;
  /** Most alike first. */
  readonly lookalikes: readonly BollardTypeId[];
}}

export const bollardTypes: Readonly<Record<BollardTypeId, BollardType>> = {{
{"".join(rows)}}};
"""


def country_record(country: Country, catalogue: Catalogue) -> dict[str, Any]:
    """A country as in every format; `$defs/country` of the schema."""
    return {
        "code": country.code,
        "name": country.name,
        "types": country.types,
        "onlyHere": country.only_here,
        "photos": catalogue.photo_count(country.photos),
        **({"regions": [region_record(one) for one in country.regions]} if country.regions else {}),
    }


def region_record(region: Region) -> dict[str, Any]:
    """A region of a country; `$defs/region` of the schema."""
    return {
        "code": region.code,
        "name": region.name,
        "bollards": region.bollards,
        "types": [{"type": key, "bollards": count} for key, count in region.types.items()],
        "onlyHere": region.only_here,
    }


def photo_record(photo: Photo, catalogue: Catalogue) -> dict[str, Any]:
    """A photo as in every format; `$defs/photo` of the schema."""
    box = photo.crop
    return {
        "id": photo.id,
        "file": photo.file,
        "bollard": photo.bollard,
        "country": photo.country,
        "region": photo.region,
        "latitude": photo.latitude,
        "longitude": photo.longitude,
        "type": photo.type,
        "width": photo.width,
        "height": photo.height,
        "crop": [box.left, box.top, box.right, box.bottom],
        "credit": photo.credit,
        "licence": photo.licence,
        "source": photo.source,
        "taken": photo.taken,
        "added": photo.added,
        "alt": photo.alt,
        "attributes": _attributes(photo.attributes),
        "pictures": [
            {
                "path": catalogue.site.picture(picture.path),
                "width": picture.width,
                "height": picture.height,
            }
            for picture in photo.pictures.photo
        ],
        "neighbours": [{"photo": near.photo, "score": near.score} for near in photo.neighbours],
        **({"regionCode": photo.region_code} if photo.region_code else {}),
        **_place_in_photo(photo),
    }


def _calibration(curve: Calibration | None) -> dict[str, Any]:
    return {"calibration": {"intercept": curve.intercept, "slope": curve.slope}} if curve else {}


def _place_in_photo(photo: Photo) -> dict[str, Any]:
    """Where a bollard is in a photo of several."""
    if photo.box is None:
        return {}
    box = photo.box
    return {"parent": photo.parent, "box": [box.left, box.top, box.right, box.bottom]}


def type_record(type_: Type) -> dict[str, Any]:
    """A type as in every format; `$defs/type` of the schema."""
    return {
        "id": type_.id,
        "name": type_.name,
        "description": type_.description,
        "photos": type_.photos,
        "bollards": type_.bollards,
        "countries": [
            {
                "code": country.code,
                "name": country.name,
                "photos": country.photos,
                "bollards": country.bollards,
                "share": round(country.share, 4),
            }
            | ({"frequency": country.frequency} if country.frequency else {})
            | ({"note": country.note} if country.note else {})
            for country in type_.countries
        ],
        "attributes": _attributes(type_.attributes),
        "family": type_.family,
        "lookalikes": [
            {"type": other.type, "score": other.score}
            | ({"note": other.note} if other.note else {})
            for other in type_.lookalikes
        ],
    }


def _attributes(attributes: Any) -> dict[str, Any]:
    traits: dict[str, Trait] = dict(attributes)
    return {
        name: {"value": trait.value, "confidence": trait.confidence}
        for name, trait in traits.items()
    }


def _no_formula(text: str) -> str:
    """Spreadsheets run a cell that begins like a formula; a leading apostrophe makes it text.

    White space of any kind becomes one space: some programs take a lone carriage return as the end
    of the row.
    """
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(("=", "+", "-", "@")) else line


def _script_safe(value: Any) -> str:
    """JSON that is also a JavaScript expression in every engine, and harmless inside a page."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _comment_safe(text: str) -> str:
    return " ".join(text.replace("*/", "* /").split())
