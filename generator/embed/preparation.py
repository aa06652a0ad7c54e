"""How a picture becomes an encoder's input: resize, crop the middle, normalise; on Pillow alone.

The numbers are those of the reference implementations (transformers' image processors, open_clip's
transform); tests compare them.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


@dataclass(frozen=True, slots=True)
class Preparation:
    """The steps for one encoder.

    Attributes:
        resize: "shortest" makes the shorter side `edge` px long and keeps the shape, "squash" makes
            both sides `edge` px long.
        edge: in px.
        crop: width and height in px of the middle part that is kept.
        resample: the filter.
        mean, std: of each channel, for values from 0 to 1.
        middle: where an odd number of px is cut off: "floor" cuts less at the left and top,
            "nearest" rounds half of it to an even number.
        floats: whether to resize numbers from 0 to 1, without rounding them to 8 bits.
    """

    resize: Literal["shortest", "squash"]
    edge: int
    crop: int
    resample: Literal["bilinear", "bicubic"]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    middle: Literal["floor", "nearest"] = "floor"
    floats: bool = False


def prepared(image: Image.Image, how: Preparation) -> NDArray[np.float32]:
    """RGB picture of any size -> float32 [1, 3, crop, crop]."""
    width, height = image.size
    size = (how.edge, how.edge)
    if how.resize == "shortest":
        shorter = min(width, height)
        size = (int(how.edge * width / shorter), int(how.edge * height / shorter))
    values = _resized(image, size, how)
    top, left = _start(size[1], how), _start(size[0], how)
    values = values[top : top + how.crop, left : left + how.crop]
    normal = (values - np.array(how.mean, np.float32)) / np.array(how.std, np.float32)
    return np.ascontiguousarray(normal.transpose(2, 0, 1)[None], np.float32)


def _resized(image: Image.Image, size: tuple[int, int], how: Preparation) -> NDArray[np.float32]:
    """float32 [height, width, 3] from 0 to 1."""
    resample = _FILTERS[how.resample]
    if not how.floats:
        return np.asarray(image.resize(size, resample), np.float32) / np.float32(255)
    channels = np.asarray(image, np.float32) / np.float32(255)
    planes = [Image.fromarray(channels[..., channel]) for channel in range(3)]
    return np.stack([np.asarray(plane.resize(size, resample)) for plane in planes], axis=-1)


def _start(length: int, how: Preparation) -> int:
    over = length - how.crop
    return over // 2 if how.middle == "floor" else round(over / 2)
