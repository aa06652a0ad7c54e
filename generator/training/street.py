"""Labelled bollards as street views show them: small, blurred, dim, before real roads (training).

Each picture is one call of `view_of`, so that a batch's pictures differ in everything. Half of them
keep the framing of a close-up, the others are cut out as the detector's crop shows a street's.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from generator.recogniser.framing import SHARE
from generator.recogniser.view import HEIGHT, WIDTH
from generator.training.masks import mask_box

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Rng = np.random.Generator

SMALLEST, MIDDLE, LARGEST = 24.0, 120.0, 800.0
"""Heights of posts in pixels: half of them are under the middle one."""


@dataclass(frozen=True)
class Weather:
    """How often things go wrong, as probabilities; their amounts are in the functions below."""

    street: float = 0.5
    low_resolution: float = 0.7
    motion: float = 0.2
    night: float = 0.12
    haze: float = 0.12
    reflection: float = 0.08
    glare: float = 0.08
    compression: float = 0.6
    erase: float = 0.1


def view_of(canvas: Pixels, mask: Pixels, behind: Pixels | None, rng: Rng, may: Weather) -> Pixels:
    """One training picture, uint8 [HEIGHT, WIDTH, 3].

    Args:
        canvas: uint8 [h, w, 3], the bollard near its middle.
        mask: uint8 [h, w], 255 on the bollard; all zero where it is not known.
        behind: other surroundings, uint8 [HEIGHT, WIDTH, 3]; None for its own.
        rng: the dice.
        may: how often things go wrong.
    """
    import cv2

    box = mask_box(mask)
    known = box[3] > 0
    as_street = rng.random() < may.street
    affine, share = _framing(canvas.shape[:2], box if known else None, as_street, rng)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (WIDTH, HEIGHT)
    image = cv2.warpAffine(canvas, affine, size, None, flags, cv2.BORDER_REFLECT_101)
    picture = lit(image.astype(np.float32), rng)
    if behind is not None and known:
        cover = cv2.warpAffine(mask, affine, size, None, flags, cv2.BORDER_REFLECT_101)
        alpha = cv2.blur(cover, (3, 3)).astype(np.float32)[..., None] / 255.0
        picture = picture * alpha + lit(behind.astype(np.float32), rng) * (1 - alpha)
    return degraded(weathered(picture, rng, may), share, as_street, rng, may)


def _framing(
    size: tuple[int, int], box: tuple[int, int, int, int] | None, as_street: bool, rng: Rng
) -> tuple[npt.NDArray[np.float64], float]:
    """From window pixels to canvas pixels, and the share of the window's height that is post."""
    high, wide = size
    if as_street and box is not None:
        left, top, right, bottom = box
        # The margin is the detector's, and as wrong as the detector is.
        span = max(bottom - top, 2 * (right - left)) / SHARE * math.exp(rng.uniform(-0.3, 0.25))
        middle = ((left + right) / 2, (top + bottom) / 2)
        shift = 0.07 * span
    else:
        span = high * math.exp(rng.uniform(-0.2, 0.18))
        middle = ((wide - 1) / 2, (high - 1) / 2)
        shift = 0.06 * high
    share = (box[3] - box[1]) / span if box else 0.8
    across, down = rng.uniform(-shift, shift, 2)
    scale = span / HEIGHT
    sideways = scale * math.exp(rng.uniform(-0.1, 0.1)) * (1 if rng.random() < 0.5 else -1)
    # A wide lens makes posts at a street's side lean.
    turn = rng.normal(0, 0.1 if as_street else 0.035)
    sine, cosine = math.sin(turn), math.cos(turn)
    matrix = np.array([[cosine * sideways, -sine * scale], [sine * sideways, cosine * scale]])
    centre = np.array([middle[0] + across, middle[1] + down])
    offset = centre - matrix @ np.array([(WIDTH - 1) / 2, (HEIGHT - 1) / 2])
    return np.concatenate([matrix, offset[:, None]], axis=1), min(share, 1.0)


def lit(picture: Floats, rng: Rng) -> Floats:
    """Another exposure, contrast, saturation and white balance (0..255, not clipped)."""
    mean = picture[::8, ::8].mean()
    contrast = math.exp(rng.uniform(-0.3, 0.3))
    gain = math.exp(rng.uniform(-0.3, 0.25)) * np.exp(rng.normal(0, 0.05, 3))
    saturation = math.exp(rng.uniform(-0.45, 0.3))
    matrix = saturation * np.eye(3) + (1 - saturation) / 3
    matrix = (matrix * gain[:, None] * contrast).astype(np.float32)
    offset = (gain * (1 - contrast) * mean).astype(np.float32)
    found: Floats = picture @ matrix.T + offset
    return found


def weathered(picture: Floats, rng: Rng, may: Weather) -> Floats:
    """Night, haze, a windscreen's reflection, glare: over the whole picture (0..255)."""
    picture = np.clip(picture, 0, 255)
    if rng.random() < may.night:
        cast = np.exp(rng.normal(0, 0.18, 3)).astype(np.float32)
        night = 255 * (picture / 255) ** rng.uniform(1.0, 1.5) * rng.uniform(0.25, 0.7) * cast
        picture = np.asarray(night, np.float32)
    if rng.random() < may.haze:
        veil = rng.uniform(150, 235) * np.exp(rng.normal(0, 0.04, 3))
        amount = rng.uniform(0.15, 0.6)
        picture = picture * (1 - amount) + veil.astype(np.float32) * amount
    if rng.random() < may.reflection:
        import cv2

        coarse = rng.uniform(0, 1, (int(rng.integers(2, 8)), int(rng.integers(2, 5)), 3))
        sheet = cv2.resize(
            coarse.astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC
        )
        picture = picture + sheet * rng.uniform(20, 90)
    if rng.random() < may.glare:
        picture = picture * rng.uniform(1.3, 2.0)
    found: Floats = np.clip(picture, 0, 255).astype(np.float32)
    return found


def degraded(picture: Floats, share: float, as_street: bool, rng: Rng, may: Weather) -> Pixels:
    """The picture as a small, moving, noisy, compressed one that was enlarged, uint8.

    ``share``: how much of the picture's height is post.
    """
    import cv2

    height = HEIGHT
    if rng.random() < (may.low_resolution if as_street else 0.35 * may.low_resolution):
        low, high = (SMALLEST, MIDDLE) if rng.random() < 0.6 else (MIDDLE, LARGEST)
        post = math.exp(rng.uniform(math.log(low), math.log(high)))
        height = min(HEIGHT, max(20, round(post / max(share, 0.2))))
    if height < HEIGHT:
        width = max(10, round(height / 2))
        how = cv2.INTER_AREA if rng.random() < 0.7 else cv2.INTER_LINEAR
        picture = cv2.resize(picture, (width, height), interpolation=how)
    if as_street or rng.random() < 0.3:
        picture = _blurred(picture, rng, may)
    level = rng.uniform(0, 9) if as_street else rng.uniform(0, 5)
    picture = picture + rng.standard_normal(picture.shape, np.float32) * level
    small = np.clip(picture, 0, 255).astype(np.uint8)
    if rng.random() < (may.compression if as_street else 0.4 * may.compression):
        quality = int(rng.integers(15, 80))
        _, packed = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])
        small = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    if height < HEIGHT:
        filters = (cv2.INTER_LINEAR, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)
        how = filters[int(rng.integers(len(filters)))]
        small = cv2.resize(small, (WIDTH, HEIGHT), interpolation=how)
    if rng.random() < may.erase:
        top, left = int(rng.integers(0, HEIGHT - 30)), int(rng.integers(0, WIDTH - 20))
        down, across = int(rng.integers(8, 34)), int(rng.integers(8, 40))
        small[top : top + down, left : left + across] = rng.integers(0, 256, 3)
    return np.ascontiguousarray(small)


def _blurred(picture: Floats, rng: Rng, may: Weather) -> Floats:
    import cv2

    if rng.random() < may.motion:
        length = int(rng.integers(2, 7))
        kernel = np.zeros((length, length), np.float32)
        if rng.random() < 0.7:
            kernel[length // 2] = 1.0 / length
        else:
            np.fill_diagonal(kernel, 1.0 / length)
        return np.asarray(cv2.filter2D(picture, -1, kernel), np.float32)
    if rng.random() < 0.35:
        sigma = rng.uniform(0.4, 1.3)
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)
    return picture


def road_part(road: Pixels, rng: Rng) -> Pixels:
    """A piece of a street view as surroundings, uint8 [HEIGHT, WIDTH, 3]: mostly the verge."""
    import cv2

    h, w = road.shape[:2]
    high = int(h * math.exp(rng.uniform(math.log(0.12), math.log(0.9))))
    wide = min(w, max(4, high // 2))
    centre = h * rng.uniform(0.4, 0.75)
    top = int(np.clip(centre - high / 2, 0, h - high))
    left = int(rng.integers(0, w - wide + 1))
    part = road[top : top + high, left : left + wide]
    part = cv2.resize(part, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(part[:, ::-1] if rng.random() < 0.5 else part)


def canvas_part(picture: Pixels, rng: Rng) -> Pixels:
    """The surroundings of another close-up (uint8 [h, w, 3], without its bollard), likewise."""
    import cv2

    h, w = picture.shape[:2]
    high = int(h * rng.uniform(0.6, 1.0))
    wide = min(w, high // 2)
    top, left = int(rng.integers(0, h - high + 1)), int(rng.integers(0, w - wide + 1))
    part = picture[top : top + high, left : left + wide]
    part = cv2.resize(part, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(part[:, ::-1] if rng.random() < 0.5 else part)


def batch_of_views(views: Sequence[Pixels]) -> Floats:
    """float32 [n, 3, HEIGHT, WIDTH], 0..255."""
    return np.ascontiguousarray(np.stack(views).transpose(0, 3, 1, 2), np.float32)
