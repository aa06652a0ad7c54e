"""The quiz's data: the photos of each type by country, in one file for each type.

The quiz reads the index of types and fetches the photos of the types that it asks about.

    assets/quiz/HASH.json   one type: {"photos": {"DE": [[[id, small, large], ...], ...]}, "notes":
                            {"other-type": "How to tell it from the other: ..."}}; the bollards of
                            each country ("" where it is unknown), each with its views; a fourth
                            value, 1, marks a small crop of a street view
    assets/quiz/HASH.json   the unsorted bollards of one country: {"bollards": [[{"form": "flat",
                            ...}, [[id, small, large], ...]], ...]}, each with what it surely shows
                            and its views
    assets/quiz/HASH.json   the index: {"version": 1, "types": {id: path}, "families":
                            {id: [type ids]}, "unsorted": {"DE": [number, path], ...}}, the last
                            only if there are some; paths are relative to the site's root
"""

import hashlib
import json
from typing import Any

from generator.catalogue import Catalogue, Photo, Type, sure_values
from generator.language.continents import continent_of
from generator.output import Output
from generator.render.environment import smallest
from generator.render.views import grouped

# The widths of the small and the large picture: beside others, and alone.
_SMALL = 240
_LARGE = 400
# The height, in px of the photo, below which a crop is as small as on the street.
_FAR = 250


def write_quiz(catalogue: Catalogue, out: Output) -> str:
    """Write the files; returns the path of the index relative to the site's root."""
    return _publish(
        out,
        {
            "version": 1,
            "types": {
                type_.id: _publish(out, _asked(type_, catalogue)) for type_ in catalogue.types
            },
            "families": {family.id: family.types for family in catalogue.families},
            **({"unsorted": unsorted} if (unsorted := _unsorted(catalogue, out)) else {}),
        },
    )


def continents_of(catalogue: Catalogue) -> list[str]:
    """The continents of the collection's countries, by their letters."""
    found = {continent_of(country.code) for country in catalogue.countries}
    return sorted(continent for continent in found if continent)


def _asked(type_: Type, catalogue: Catalogue) -> dict[str, Any]:
    photos: dict[str, list[Any]] = {}
    for bollard in grouped(catalogue.photo[photo_id] for photo_id in type_.photos):
        views = [_view(photo, catalogue) for photo in bollard.photos]
        photos.setdefault(bollard.photos[0].country or "", []).append(views)
    notes = {other.type: other.note for other in type_.lookalikes if other.note}
    return {"photos": photos, "notes": notes}


def _unsorted(catalogue: Catalogue, out: Output) -> dict[str, tuple[int, str]]:
    """By country, the number of its unsorted bollards and the path of their file."""
    found: dict[str, list[Any]] = {}
    for bollard in catalogue.one_offs:
        if bollard.country:
            photos = [catalogue.photo[photo] for photo in bollard.photos]
            views = [_view(photo, catalogue) for photo in photos]
            found.setdefault(bollard.country, []).append([sure_values(photos[0].attributes), views])
    return {
        code: (len(own), _publish(out, {"bollards": own})) for code, own in sorted(found.items())
    }


def _view(photo: Photo, catalogue: Catalogue) -> list[str | int]:
    small = smallest(photo.pictures.card, _SMALL)
    large = smallest(photo.pictures.photo, _LARGE)
    view: list[str | int] = [
        photo.id,
        *(catalogue.site.picture(one.path) for one in (small, large)),
    ]
    if photo.pictures.crop and photo.crop.height < _FAR:
        view.append(1)
    return view


def _publish(out: Output, value: Any) -> str:
    content = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    path = f"assets/quiz/{hashlib.sha256(content).hexdigest()[:16]}.json"
    out.write(path, content)
    return path
