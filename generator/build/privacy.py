"""Removes private details from the catalogue before anything is made from it."""

from dataclasses import replace
from pathlib import PurePosixPath

from generator.catalogue import Catalogue, Photo
from generator.config import PrivacySettings

_LENGTHS = {"day": 10, "month": 7, "year": 4, "none": 0}


def published(catalogue: Catalogue, privacy: PrivacySettings) -> Catalogue:
    """The catalogue without private details, for pages and data.

    Dates of photos are shortened ("2024-05-01", "2024-05", "2024"). Without file names, a photo's
    file is its id with the extension, and a bollard's key is the first of its photos' ids.
    """
    photos = [_dated(photo, privacy) for photo in catalogue.photos]
    if privacy.file_names:
        return replace(catalogue, photos=tuple(photos))
    name_of = {bollard.id: min(bollard.photos) for bollard in catalogue.bollards}
    return replace(
        catalogue,
        photos=tuple(
            replace(
                photo,
                file=photo.picture + PurePosixPath(photo.file).suffix.lower(),
                bollard=name_of[photo.bollard],
            )
            for photo in photos
        ),
        bollards=tuple(replace(one, id=name_of[one.id]) for one in catalogue.bollards),
        types=tuple(
            replace(type_, bollards=tuple(name_of[one] for one in type_.bollards))
            for type_ in catalogue.types
        ),
    )


def _dated(photo: Photo, privacy: PrivacySettings) -> Photo:
    if photo.taken is None:
        return photo
    return replace(photo, taken=photo.taken[: _LENGTHS[privacy.taken]] or None)
