"""The published site, read back from its `data/catalogue.json`.

Only this module reads that file's keys; `render/exports.py` writes them, and `render/schema.py`
describes them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.catalogue import Neighbour, Photo, Picture, Trait
from generator.curve import Calibration

CATALOGUE = "data/catalogue.json"
"""Its path in a site. It also tells that a folder is a site of this program."""


INDEX = "data/index.json"


def pictures_url(public: Path) -> str:
    """Where the pages of a site have their pictures from, if not from beside them; else ""."""
    try:
        found = json.loads((public / INDEX).read_text(encoding="utf-8"))
        return str(found.get("pictures", ""))
    except (OSError, ValueError, AttributeError):
        return ""


@dataclass(frozen=True, slots=True)
class PublishedPhoto:
    """A photo on the site. `generator.catalogue.Photo` explains the fields."""

    id: str
    file: str
    bollard: str
    type: str | None
    country: str | None
    region: str | None
    attributes: Mapping[str, Trait]
    pictures: tuple[Picture, ...]
    neighbours: tuple[Neighbour, ...]
    width: int = 0
    height: int = 0
    crop: tuple[int, ...] = ()
    parent: str | None = None
    region_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    taken: str | None = None
    credit: str | None = None
    licence: str | None = None

    @property
    def picture(self) -> str:
        """The id of the photo; bollards of one photo share it."""
        return self.parent or self.id


def voters(photos: Mapping[str, PublishedPhoto] | Mapping[str, Photo]) -> dict[str, str]:
    """Whose vote each photo counts to in identification, by id: that of the bollard that it shows.

    Bollards of one photo are at one place: they share the vote of the bollard with the photo's id.
    """
    return {key: photos[one.picture].bollard for key, one in photos.items()}


@dataclass(frozen=True, slots=True)
class PublishedType:
    """A type on the site; its photos the most typical first.

    `known` is what the owner knows of it in single countries, by code: the frequency and the note.
    """

    id: str
    name: str
    description: str
    photos: tuple[str, ...]
    known: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Published:
    """The site.

    Attributes:
        title: its name.
        photos: by id, ordered by file.
        types: by id, as pages list them.
        countries: names by code; None is the code of the unknown country.
        embedder: its name.
        calibration: the curve that it keeps; None for sites of earlier versions.
    """

    title: str
    photos: Mapping[str, PublishedPhoto]
    types: Mapping[str, PublishedType]
    countries: Mapping[str | None, str]
    embedder: str = ""
    calibration: Calibration | None = None


def read_published(public: Path) -> Published:
    """Read the catalogue of a published site.

    Args:
        public: its folder.

    Raises:
        OSError: the file cannot be read or is missing.
        ValueError: it is not a catalogue.
    """
    text = (public / CATALOGUE).read_text(encoding="utf-8")
    try:
        data: dict[str, Any] = json.loads(text)
        return Published(
            title=str(data.get("title", "")),
            photos={photo["id"]: _photo(photo) for photo in data["photos"]},
            types={type_["id"]: _type(type_) for type_ in data["types"]},
            countries={one["code"]: str(one.get("name", "")) for one in data["countries"]},
            embedder=str(data.get("embedder", "")),
            calibration=_curve(data.get("calibration")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{CATALOGUE} has no {error}") from error


def _curve(curve: Mapping[str, float] | None) -> Calibration | None:
    return Calibration(curve["intercept"], curve["slope"]) if curve else None


def _photo(photo: Mapping[str, Any]) -> PublishedPhoto:
    # Sites made by earlier versions lack some of these.
    return PublishedPhoto(
        id=photo["id"],
        file=photo["file"],
        bollard=photo["bollard"],
        type=photo["type"],
        country=photo["country"],
        region=photo.get("region"),
        attributes={
            name: Trait(trait["value"], trait["confidence"])
            for name, trait in photo.get("attributes", {}).items()
        },
        pictures=tuple(
            Picture(_beside(one["path"]), one["width"], one["height"])
            for one in photo.get("pictures", ())
        ),
        neighbours=tuple(
            Neighbour(near["photo"], near["score"]) for near in photo.get("neighbours", ())
        ),
        width=photo.get("width", 0),
        height=photo.get("height", 0),
        crop=tuple(photo.get("crop", ())),
        parent=photo.get("parent"),
        region_code=photo.get("regionCode"),
        latitude=photo.get("latitude"),
        longitude=photo.get("longitude"),
        taken=photo.get("taken"),
        credit=photo.get("credit"),
        licence=photo.get("licence"),
    )


def _beside(picture: str) -> str:
    """The path of a picture in the site's folder, also where pages have it from another host."""
    return f"pictures/{picture.rpartition('/')[2]}"


def _type(type_: Mapping[str, Any]) -> PublishedType:
    photos = tuple(type_["photos"])
    known = {
        one["code"]: (one.get("frequency", ""), one.get("note", ""))
        for one in type_.get("countries", ())
        if one["code"]
    }
    return PublishedType(type_["id"], type_["name"], type_.get("description", ""), photos, known)
