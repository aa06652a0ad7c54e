"""The published sizes of a photo: planned as names first, then written once each.

A file's name encodes everything that decides its bytes (photo, settings, crop, width). So a changed
setting gives new addresses, and a web server may have pictures cached for ever.
"""

import hashlib
import io
from pathlib import Path
from typing import Any

from PIL import Image

from generator.catalogue import Box, Picture, PictureSet
from generator.config import PictureSettings
from generator.keep import write_whole

# Raise this when the code below gives other pixels or bytes for the same settings.
_RECIPE = 2

# WebP method 1 takes 17 ms for the three default widths of a 636 x 800 photo; method 0 takes 15 ms
# and gives 4% larger files, method 2 takes 27 ms for 6% smaller ones, method 4 takes 64 ms for 13%.
# AVIF speed 9 takes 43 ms; at 8 it takes 108 ms and the files become no smaller.
_ENCODERS: dict[str, tuple[str, dict[str, Any]]] = {
    "webp": ("webp", {"method": 1}),
    "avif": ("avif", {"speed": 9, "max_threads": 1}),
    "jpeg": ("jpg", {"progressive": True, "optimize": True}),
}

# The limits of the formats: WebP has 14 bits for a side, libjpeg has this limit, AV1 has 16 bits;
# https://developers.google.com/speed/webp/docs/riff_container, libjpeg's jmorecfg.h.
_HIGHEST = {"webp": 16_383, "avif": 65_500, "jpeg": 65_500}


def plan_pictures(
    photo_id: str,
    size: tuple[int, int],
    crop: Box,
    settings: PictureSettings,
    parent: str | None = None,
) -> PictureSet:
    """Name the files in which a photo will be published, without reading its pixels.

    Args:
        photo_id: the photo's id, which starts each file name.
        size: width and height of the upright photo, in px.
        crop: the part that shows the bollard; the whole photo gives no pictures of the crop.
        settings: widths, format and quality.
        parent: the id of the photo, if this is one of several bollards in it.

    Returns:
        Sizes smallest first. None is wider than what it shows: larger widths are replaced by the
        full width, once.
    """
    whole = Box(0, 0, *size)
    photo = _family(parent or photo_id, whole, "", settings)
    if crop == whole:
        return PictureSet(photo)
    marker = f"{crop.left},{crop.top},{crop.right},{crop.bottom}"
    return PictureSet(photo, _family(photo_id, crop, marker, settings))


def write_pictures(
    photo: Image.Image,
    crop: Image.Image | None,
    plan: PictureSet,
    settings: PictureSettings,
    folder: Path,
) -> dict[str, str]:
    """Encode those pictures of a plan that are not yet in `folder`; safe to call from threads.

    Args:
        photo: the upright photo, RGB.
        crop: the part of it that shows the bollard, if not all of it.
        plan: the result of `plan_pictures` for this photo, crop and settings.
        settings: the same settings as in the plan.
        folder: takes the place of the site's root; files go to `folder / picture.path`.

    Each file appears under its name only when it is complete. Only pixels are written: no EXIF, no
    position, no colour profile.

    Returns:
        The SHA-256 of each file that was written, by its name.

    Raises:
        OSError: writing failed (it has an errno), or encoding did.
        ValueError: encoding failed.
    """
    made = _write_family(photo, plan.photo, settings, folder)
    if plan.crop and crop:
        made |= _write_family(crop, plan.crop, settings, folder)
    return made


def _family(photo_id: str, box: Box, marker: str, settings: PictureSettings) -> tuple[Picture, ...]:
    suffix, options = _ENCODERS[settings.format]
    highest = _HIGHEST[settings.format]
    # A picture that would be too high for its format at full width is published narrower.
    widest = max(1, min(box.width, highest * box.width // box.height))
    widths = sorted({min(width, widest) for width in settings.widths})
    # All widths are in the name, because each size is scaled from the next larger one.
    recipe = [_RECIPE, settings.format, settings.quality, sorted(options.items()), marker, widths]
    fingerprint = hashlib.sha256(repr(recipe).encode()).hexdigest()[:8]
    return tuple(
        Picture(
            path=f"pictures/{photo_id}-{fingerprint}-{width}.{suffix}",
            width=width,
            height=min(highest, max(1, round(box.height * width / box.width))),
        )
        for width in widths
    )


def _write_family(
    image: Image.Image, pictures: tuple[Picture, ...], settings: PictureSettings, folder: Path
) -> dict[str, str]:
    """Write the missing sizes, largest first, each scaled from the one before."""
    made: dict[str, str] = {}
    missing = [not (folder / picture.path).exists() for picture in pictures]
    current = image
    for position in reversed(range(len(pictures))):
        if not any(missing[: position + 1]):
            break
        picture = pictures[position]
        if current.size != (picture.width, picture.height):
            # From 636 px to 240 this takes 2.2 ms and Lanczos in one step 5.8; the two differ by
            # one grey level (root mean square).
            current = current.resize(
                (picture.width, picture.height), Image.Resampling.BICUBIC, reducing_gap=1.3
            )
        if missing[position]:
            path = folder / picture.path
            made[path.name] = _save(current, path, settings)
    return made


def _save(image: Image.Image, path: Path, settings: PictureSettings) -> str:
    """Write a picture; returns its SHA-256."""
    _, options = _ENCODERS[settings.format]
    # Pillow copies what it finds here (a profile, EXIF, a comment) into the file.
    bare = image if not image.info else _without_info(image)
    encoded = io.BytesIO()
    bare.save(encoded, settings.format, quality=settings.quality, **options)
    content = encoded.getvalue()
    write_whole(path, content)
    return hashlib.sha256(content).hexdigest()


def _without_info(image: Image.Image) -> Image.Image:
    copy = image.copy()
    copy.info = {}
    return copy
