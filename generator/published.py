"""The site as it is published, read back from its `data/catalogue.json`.

The only place that knows the keys of that file by heart; `render/exports.py` writes them, and
`render/schema.py` describes them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.catalogue import Neighbour, Picture, Trait

CATALOGUE = "data/catalogue.json"
"""Its path in a site. It also tells that a folder is a site of this program."""


@dataclass(frozen=True, slots=True)
class PublishedPhoto:
    """A photo on the site; the fields mean what those of `generator.catalogue.Photo` mean."""

    id: str
    file: str
    bollard: str
    type: str | None
    country: str | None
    region: str | None
    attributes: Mapping[str, Trait]
    pictures: tuple[Picture, ...]
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class PublishedType:
    """A type on the site; its photos the most typical first."""

    id: str
    name: str
    description: str
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """The site.

    Attributes:
        title: its name.
        photos: by id, ordered by file.
        types: by id, as pages list them.
        countries: names by code; None is the code of the unknown one.
    """

    title: str
    photos: Mapping[str, PublishedPhoto]
    types: Mapping[str, PublishedType]
    countries: Mapping[str | None, str]


def read_published(public: Path) -> Published:
    """Read what a site says of itself.

    Args:
        public: its folder.

    Raises:
        OSError: the file cannot be read, or is not there.
        ValueError: it is not a catalogue.
    """
    text = (public / CATALOGUE).read_text(encoding="utf-8")
    try:
        data: dict[str, Any] = json.loads(text)
        return Published(
            title=str(data.get("title", "")),
            photos={photo["id"]: _photo(photo) for photo in data["photos"]},
            types={kind["id"]: _type(kind) for kind in data["types"]},
            countries={one["code"]: str(one.get("name", "")) for one in data["countries"]},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{CATALOGUE} has no {error}") from error


def _photo(photo: Mapping[str, Any]) -> PublishedPhoto:
    # Sites of earlier versions lack some of these.
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
            Picture(one["path"], one["width"], one["height"]) for one in photo.get("pictures", ())
        ),
        neighbours=tuple(
            Neighbour(near["photo"], near["score"]) for near in photo.get("neighbours", ())
        ),
    )


def _type(kind: Mapping[str, Any]) -> PublishedType:
    photos = tuple(kind["photos"])
    return PublishedType(kind["id"], kind["name"], kind.get("description", ""), photos)
