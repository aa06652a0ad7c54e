"""The JSON Schemas of the published data. A change that breaks readers raises `VERSION`."""

from typing import Any, get_args

from generator.vocabulary import Frequency

VERSION = 1


def _object(required: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": required | more, "required": list(required)}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_ID = {"type": "string", "minLength": 1}
_TEXT = {"type": "string"}
_MAYBE_TEXT = {"type": ["string", "null"]}
_NUMBER = {"type": "number"}
_MAYBE_NUMBER = {"type": ["number", "null"]}
_COUNT = {"type": "integer", "minimum": 0}
_BOX = {"type": "array", "items": _COUNT, "minItems": 4, "maxItems": 4}
_SCORE = {"type": "number", "minimum": -1.001, "maximum": 1.001}
_CODE = {"type": ["string", "null"], "pattern": "^[A-Z]{2}$"}
_REGION = {"type": "string", "pattern": "^[A-Z]{2}-[A-Z0-9]{1,3}$"}
_ATTRIBUTES = {
    "type": "object",
    "additionalProperties": _object(
        {"value": _TEXT, "confidence": {"type": "number", "minimum": 0, "maximum": 1}}
    ),
}
_DRAFT = "https://json-schema.org/draft/2020-12/schema"

_DEFINITIONS: dict[str, Any] = {
    "photo": _object(
        {
            "id": _ID,
            "file": _ID,
            "bollard": _ID,
            "country": _CODE,
            "type": _MAYBE_TEXT,
            "crop": _BOX,
            "neighbours": _array(_object({"photo": _ID, "score": _SCORE})),
            "width": _COUNT,
            "height": _COUNT,
            "pictures": _array({"$ref": "#/$defs/picture"}),
        },
        region=_MAYBE_TEXT,
        latitude=_MAYBE_NUMBER,
        longitude=_MAYBE_NUMBER,
        credit=_MAYBE_TEXT,
        licence=_MAYBE_TEXT,
        source=_MAYBE_TEXT,
        taken=_MAYBE_TEXT,
        added=_MAYBE_TEXT,
        alt=_TEXT,
        attributes=_ATTRIBUTES,
        regionCode=_REGION,
        parent=_ID,
        box=_BOX,
    ),
    "type": _object(
        {
            "id": _ID,
            "name": _TEXT,
            "description": _TEXT,
            "photos": _array(_ID),
            "bollards": _array(_ID),
            "countries": _array(
                _object(
                    {
                        "code": _CODE,
                        "name": _TEXT,
                        "photos": _COUNT,
                        "bollards": _COUNT,
                        "share": {"type": "number", "minimum": 0, "maximum": 1},
                    },
                    frequency={"enum": list(get_args(Frequency))},
                    note=_TEXT,
                )
            ),
            "lookalikes": _array(_object({"type": _ID, "score": _SCORE}, note=_TEXT)),
        },
        family=_MAYBE_TEXT,
        attributes=_ATTRIBUTES,
    ),
    "country": _object(
        {"code": _CODE, "name": _TEXT, "types": _array(_ID)},
        onlyHere=_array(_ID),
        photos=_COUNT,
        regions=_array({"$ref": "#/$defs/region"}),
    ),
    "region": _object(
        {
            "code": _REGION,
            "name": _TEXT,
            "bollards": _COUNT,
            "types": _array(_object({"type": _ID, "bollards": _COUNT})),
            "onlyHere": _array(_ID),
        }
    ),
    "picture": _object({"path": _TEXT, "width": _COUNT, "height": _COUNT}),
}

CATALOGUE: dict[str, Any] = {
    "$schema": _DRAFT,
    "title": "Catalogue of a bollards site",
    "description": (
        "Photos are in the order of their files, neighbours best first and without the photo "
        "itself; types are in the order of the site, the owner's families first; a look-alike's "
        "`note` says how to tell the two apart; `crop` is left, top, right, bottom in pixels of "
        "the upright image; of several bollards in one photo each has its own `box` and the "
        "photo's id as `parent`; a null type means unsorted, a null country unknown; scores "
        "are cosine similarities."
    ),
    **_object(
        {
            "version": {"const": VERSION},
            "photos": _array({"$ref": "#/$defs/photo"}),
            "types": _array({"$ref": "#/$defs/type"}),
            "countries": _array({"$ref": "#/$defs/country"}),
        },
        title=_TEXT,
        description=_TEXT,
        families=_array(_object({"id": _ID, "name": _TEXT, "types": _array(_ID)})),
        url=_MAYBE_TEXT,
        language=_TEXT,
        embedder=_TEXT,
        calibration=_object({"intercept": _NUMBER, "slope": _NUMBER}),
    ),
    "$defs": _DEFINITIONS,
}


def _single(what: str, **more: Any) -> dict[str, Any]:
    own = {"$ref": f"#/$defs/{what}"}
    return _object({"version": {"const": VERSION}, "page": _TEXT, what: own}, **more)


_NAMES = {"type": "object", "additionalProperties": _TEXT}

SINGLE: dict[str, Any] = {
    "$schema": _DRAFT,
    "title": "One type, photo or country of a bollards site",
    "description": (
        "`page` and the paths of pictures are relative to the site's root, or whole addresses of "
        "pictures on another host; `names` are by language tag. The content is the same as in "
        "catalogue.json."
    ),
    "oneOf": [
        _single("type", names=_NAMES, picture={"$ref": "#/$defs/picture"}),
        _single("photo"),
        _single("country", names=_NAMES),
    ],
    "$defs": _DEFINITIONS,
}
