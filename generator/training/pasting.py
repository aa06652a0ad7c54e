"""Pastes bollards cut out of close photos into pictures of roads."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class CutOut:
    """A bollard without its surroundings: pixels uint8 [h, w, 3], cover uint8 [h, w]; and how
    bright each channel of its photo was, float32 [3]."""

    pixels: Pixels
    cover: Pixels
    white: Floats


def light_of(canvas: Pixels, cut_out: CutOut, rng: np.random.Generator) -> Floats:
    """The gain of each channel that mostly adapts a bollard to the light of a picture."""
    bright = np.percentile(canvas[canvas.shape[0] // 3 :: 4, ::4].reshape(-1, 3), 92, axis=0)
    gains = np.clip((bright + 8) / (cut_out.white + 8), 0.25, 2.0) ** rng.uniform(0.3, 1.0)
    return np.asarray(gains * math.exp(float(rng.normal(0, 0.15))), np.float32)


def paste(
    canvas: Pixels,
    mask: Pixels,
    cut_out: CutOut,
    high: float,
    foot: tuple[float, float],
    light: Floats,
    rng: np.random.Generator,
) -> Floats | None:
    """Puts a bollard ``high`` pixels tall on its foot (x, y); its box, or None where too little
    of it is in the picture. Fractions of pixels count."""
    scale = high / cut_out.cover.shape[0]
    across = scale * math.exp(float(rng.normal(0, 0.08))) * (1 if rng.uniform() < 0.5 else -1)
    tilt = float(rng.normal(0, 0.025))
    h, w = cut_out.cover.shape
    wide = abs(across) * w
    x0, y0 = math.floor(foot[0] - wide / 2 - 3), math.floor(foot[1] - high - 3)
    size = (math.ceil(wide) + 7, math.ceil(high) + 7)
    if min(size) < 3:
        return None
    # Averaged down first, then moved by fractions of a pixel: no edge is jagged.
    step = max(1, int(1 / scale))
    pixels, cover = cut_out.pixels, cut_out.cover
    if step > 1:
        small = (max(1, w // step), max(1, h // step))
        pixels = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA)
        cover = cv2.resize(cover, small, interpolation=cv2.INTER_AREA)
    sx, sy = across * w / cover.shape[1], scale * h / cover.shape[0]
    matrix = np.array(
        [
            [
                sx,
                tilt * sy,
                foot[0] - x0 - sx * cover.shape[1] / 2 - tilt * sy * cover.shape[0] / 2,
            ],
            [0, sy, foot[1] - y0 - sy * cover.shape[0]],
        ],
        np.float32,
    )
    matrix[:, 2] += matrix[:, :2] @ np.array([0.5, 0.5], np.float32) - 0.5
    colour = cv2.warpAffine(pixels, matrix, size, None, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE)
    alpha = cv2.warpAffine(cover, matrix, size, None, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT)
    alpha = alpha.astype(np.float32) / 255
    if rng.uniform() < 0.5:
        # Grass, or the slope of a ditch, before its foot.
        hidden = high * float(rng.uniform(0, 0.22))
        edge = foot[1] - y0 - hidden + rng.normal(0, max(0.4, hidden * 0.3), size[0])
        heights = np.arange(size[1], dtype=np.float32)[:, None] + 0.5
        alpha *= np.clip(edge[None, :] - heights + 0.5, 0, 1).astype(np.float32)
    blur = float(rng.uniform(0, 0.8)) * min(1.0, high / 30)
    if blur > 0.25:
        colour = cv2.GaussianBlur(colour, (0, 0), blur)
        alpha = cv2.GaussianBlur(alpha, (0, 0), blur)
    left, top = max(0, x0), max(0, y0)
    right, bottom = min(canvas.shape[1], x0 + size[0]), min(canvas.shape[0], y0 + size[1])
    if right - left < 2 or bottom - top < 4:
        return None
    part = np.s_[top - y0 : bottom - y0, left - x0 : right - x0]
    alpha, colour = alpha[part], np.clip(colour[part].astype(np.float32) * light, 0, 255)
    solid = alpha > 0.45
    if solid.sum() < 0.6 * float(cover.astype(np.float32).sum() / 255) * abs(sx) * sy:
        return None
    if solid.any(axis=1).sum() < 6:
        return None
    under = canvas[top:bottom, left:right]
    under[:] = np.round(under + (colour - under) * alpha[:, :, None]).astype(np.uint8)
    covered = mask[top:bottom, left:right]
    np.maximum(covered, np.round(alpha * 255).astype(np.uint8), out=covered)
    # The box of the visible part, to fractions of a pixel: where the cover passes one half.
    return np.array(
        [
            left + _edge(alpha.max(axis=0)),
            top + _edge(alpha.max(axis=1)),
            right - _edge(alpha.max(axis=0)[::-1]),
            bottom - _edge(alpha.max(axis=1)[::-1]),
        ],
        np.float32,
    )


def _edge(cover: Floats) -> float:
    """How far in a cover (float32 [n], 0..1) begins: the first solid pixel, and the share of the
    one before it that is covered."""
    first = int(np.argmax(cover > 0.45))
    return first + 1 - min(1.0, float(cover[first])) - (float(cover[first - 1]) if first else 0.0)
