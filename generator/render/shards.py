"""The details of photos, in small files that a page fetches when it needs one of them.

Photos are distributed by the beginning of their ids, so that a module finds the file of a photo
without an index: `data/shards/3f.json` has all photos whose id begins with "3f". These files are
for the site's own pages, not a public format; other programs read `data/photos/ID.json` (see
`endpoints`).
"""

import json
from typing import Any

from generator.catalogue import Catalogue, Photo, sure_values
from generator.curve import Calibration
from generator.output import Output
from generator.render.views import own_region, source_link

FOLDER = "data/shards/"
# The most photos a file has on average: 80 KB, 15 KB compressed.
_PHOTOS_A_FILE = 128


def prefix_length(photos: int) -> int:
    """How many hexadecimal digits of a photo's id name its file."""
    digits = 0
    while 16**digits * _PHOTOS_A_FILE < photos and digits < 4:
        digits += 1
    return digits


def write_shards(catalogue: Catalogue, calibration: Calibration, out: Output) -> None:
    """Write `data/shards/PREFIX.json` (`data/shards/all.json` if one file is enough).

    `{"ID": {"type": "id" or null, "views": ["id", ...], "country": "DE" or null,
    "region", "credit", "licence", "source", "pictures": [["pictures/….webp", width, height], ...],
    "attributes": {"form": "flat", ...}, "neighbours": [["id", chance], ...]}, ...}`: `views` are
    the other views of its bollard, `pictures` show the bollard, smallest first, and `chance` (0 to
    100) is how likely the neighbour is of the same type; see `generator.calibration`.
    """
    digits = prefix_length(len(catalogue.photos))
    files: dict[str, dict[str, Any]] = {}
    for photo in catalogue.photos:
        files.setdefault(photo.id[:digits] or "all", {})[photo.id] = _entry(
            photo, catalogue, calibration
        )
    for name, entries in files.items():
        text = json.dumps(dict(sorted(entries.items())), ensure_ascii=False, separators=(",", ":"))
        out.write(f"{FOLDER}{name}.json", text)


def _entry(photo: Photo, catalogue: Catalogue, calibration: Calibration) -> dict[str, Any]:
    country = catalogue.country[photo.country]
    views = catalogue.bollard[photo.bollard].photos
    return {
        "type": photo.type,
        "views": [view for view in views if view != photo.id],
        "country": photo.country,
        "region": own_region(photo.region, photo.country, country.name),
        "credit": photo.credit,
        "licence": photo.licence,
        "source": source_link(photo),
        "pictures": [
            [catalogue.site.picture(picture.path), picture.width, picture.height]
            for picture in photo.pictures.card
        ],
        "attributes": sure_values(photo.attributes),
        "neighbours": [
            [near.photo, round(100 * calibration(near.score))] for near in photo.neighbours
        ],
    }
