"""Converts any decoded picture to 8-bit sRGB: profiles, CMYK, 16 bits, palettes, transparency."""

import io
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from generator.collect.buffer import Rows

# How many rows of a picture are examined together.
_ROWS = 512
_PROFILE_MODES = {"RGB ": ("RGB",), "GRAY": ("L",), "CMYK": ("CMYK",)}


def conversion(image: Image.Image | Rows) -> Callable[[Image.Image], Image.Image]:
    """A function that turns parts of a loaded picture into new RGB pictures.

    The picture may have any of Pillow's modes. Transparent pixels are laid over white. A colour
    profile is ignored if it is broken or belongs to another mode.
    """
    if not isinstance(image, Image.Image):
        return _convert
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        return _deep_grey(image)
    return _convert


def _convert(image: Image.Image) -> Image.Image:
    if image.mode == "LAB":
        return _apply(image, _transform(None, "LAB")) or image.convert("L").convert("RGB")
    profile = image.info.get("icc_profile")
    alpha = None
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        alpha = rgba.getchannel("A")
        image = rgba.convert("RGB")
    elif image.mode not in ("RGB", "L", "CMYK"):
        image = image.convert("RGB")
    colours = _apply(image, _transform(profile, image.mode)) if profile else None
    if colours is None:
        # If the picture is RGB already, this is a copy without its file's metadata.
        colours = image.convert("RGB")
    if alpha is not None and alpha.getextrema() != (255, 255):
        colours = Image.composite(colours, Image.new("RGB", colours.size, "white"), alpha)
    return colours


def _deep_grey(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """Grey of 16 or 32 bits, or of floating point, to 8 bits by its nominal range."""
    transparent = image.info.get("transparency")
    is_inverted = _white_is_zero(image)
    top = 65535.0
    if image.mode in ("I", "F"):
        # 32 bits have no customary range: fractions of one, else as bright as the brightest.
        peak = max(
            float(_finite(image.crop((0, row, image.width, min(row + _ROWS, image.height)))).max())
            for row in range(0, image.height, _ROWS)
        )
        if image.mode == "F" or peak > 65535:
            top = 1.0 if peak <= 1 else 255.0 if peak <= 255 else 65535.0 if peak <= 65535 else peak

    def convert(part: Image.Image) -> Image.Image:
        values = _finite(part)
        grey = np.clip(values * (255.0 / top) + 0.5, 0, 255).astype(np.uint8)
        if is_inverted:
            grey = 255 - grey
        if isinstance(transparent, int):
            grey[values == transparent] = 255
        return Image.fromarray(grey).convert("RGB")

    return convert


def _finite(image: Image.Image) -> NDArray[np.float32]:
    return np.nan_to_num(np.asarray(image).astype(np.float32))


def _white_is_zero(image: Image.Image) -> bool:
    """TIFF's PhotometricInterpretation WhiteIsZero."""
    return bool(getattr(image, "tag_v2", {}).get(262) == 0)


def _apply(image: Image.Image, transform: ImageCms.ImageCmsTransform | None) -> Image.Image | None:
    if transform is None:
        return None
    try:
        return ImageCms.applyTransform(image, transform)
    except (ImageCms.PyCMSError, ValueError, OSError):
        return None


@lru_cache(maxsize=32)
def _transform(profile: bytes | None, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The transform from this profile to sRGB; None if the profile is sRGB or unreadable."""
    try:
        if profile is None:
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        else:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if mode not in _PROFILE_MODES.get(source.profile.xcolor_space, ()):
                return None
            name = (source.profile.profile_description or "").lower()
            if "srgb" in name and "linear" not in name:
                return None
        return ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            # Without its one-colour cache, threads may share a transform.
            flags=ImageCms.Flags.NOCACHE | ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (OSError, ImageCms.PyCMSError, TypeError, ValueError):
        return None
