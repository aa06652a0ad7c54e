"""The unsorted bollards as the search of the home page reads them."""

import json
from typing import Any

from generator.catalogue import Catalogue
from generator.output import Output
from generator.own_looks import own_look
from generator.render.environment import smallest

PATH = "data/unsorted.json"
_WIDTH = 240


def write_unsorted(catalogue: Catalogue, out: Output) -> None:
    """Write `data/unsorted.json`. It is for the site's own pages.

    `{"version": 1, "bollards": [["photo id", "DE", {"reflector": ["red"], ...}, ["pictures/….webp",
    width, height], "AU-VIC"], ...]}`: the country ("" is unknown), what the bollard's photos surely
    show, a small picture, and the region if it is known.
    """
    bollards: list[Any] = []
    for bollard in catalogue.one_offs:
        photos = [catalogue.photo[photo] for photo in bollard.photos]
        first = photos[0]
        look = own_look([[photo.attributes for photo in photos]])
        picture = smallest(first.pictures.card, _WIDTH)
        bollards.append(
            [
                first.id,
                bollard.country or "",
                {name: sorted(values) for name, values in look.counts.items()},
                [catalogue.site.picture(picture.path), picture.width, picture.height],
                *([bollard.region] if bollard.region else []),
            ]
        )
    content = {"version": 1, "bollards": bollards}
    out.write(PATH, json.dumps(content, ensure_ascii=False, separators=(",", ":")))
