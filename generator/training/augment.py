"""Augmentation of training batches (torch): other framings, backgrounds, light, lenses."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own convention
from torch import Tensor

from generator.recogniser.view import HEIGHT, WIDTH

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Strength:
    """The strength of the augmentation; shares are probabilities."""

    scale: float = 0.18
    stretch: float = 0.08
    shift: float = 0.06
    tilt: float = 0.04
    swap: float = 0.6
    light: float = 0.25
    tint: float = 0.08
    colour: float = 0.25
    blur: float = 0.3
    noise: float = 6.0
    erase: float = 0.15


def sample(
    canvases: Pixels, masks: Pixels, rng: torch.Generator, strength: Strength
) -> tuple[Tensor, Tensor]:
    """Random windows of canvases (uint8 [n, h, w, 3]) and of their masks (uint8 [n, h, w]).

    Returns float32 [n, 3, HEIGHT, WIDTH] and [n, 1, HEIGHT, WIDTH], 0..255; half are mirrored. What
    lies outside a canvas is its mirrored border.
    """
    import cv2

    n, h, w = masks.shape
    dice = (torch.rand(n, 6, generator=rng) * 2 - 1).numpy()
    pixels = np.empty((n, HEIGHT, WIDTH, 3), np.uint8)
    covers = np.empty((n, HEIGHT, WIDTH), np.uint8)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    for row, (zoom, stretch, turn, right, down, mirror) in enumerate(dice):
        # Canvas pixels a window pixel: the window is as high as the canvas but for the zoom.
        y_scale = math.exp(zoom * strength.scale) * h / HEIGHT
        x_scale = y_scale * math.exp(stretch * strength.stretch) * (1 if mirror > 0 else -1)
        sine, cosine = math.sin(turn * strength.tilt), math.cos(turn * strength.tilt)
        matrix = np.array([[cosine * x_scale, -sine * y_scale], [sine * x_scale, cosine * y_scale]])
        middle = np.array(
            [(w - 1) / 2 + right * strength.shift * h, (h - 1) / 2 + down * strength.shift * h]
        )
        offset = middle - matrix @ np.array([(WIDTH - 1) / 2, (HEIGHT - 1) / 2])
        affine = np.concatenate([matrix, offset[:, None]], axis=1)
        size = (WIDTH, HEIGHT)
        cv2.warpAffine(canvases[row], affine, size, pixels[row], flags, cv2.BORDER_REFLECT_101)
        cv2.warpAffine(masks[row], affine, size, covers[row], flags, cv2.BORDER_REFLECT_101)
    return (
        torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous().float(),
        torch.from_numpy(covers)[:, None].float(),
    )


def recolour(images: Tensor, rng: torch.Generator, strength: Strength) -> Tensor:
    """Random exposure, contrast, saturation and white balance for each image (0..255).

    All four are combined into one 3 x 3 matrix and one offset a picture: one pass over the pixels.
    """
    n, _, height, width = images.shape

    def gains(reach: float, *shape: int) -> Tensor:
        return torch.exp((torch.rand(n, *shape, generator=rng) * 2 - 1) * reach)

    mean = images[:, :, ::4, ::4].mean(dim=(1, 2, 3))[:, None, None]
    contrast = gains(strength.light, 1, 1)
    saturation = gains(strength.colour, 1, 1)
    balance = gains(strength.light, 1, 1) * gains(strength.tint, 3, 1)
    grey = torch.full((1, 3, 3), 1 / 3)
    matrix = balance * contrast * (saturation * torch.eye(3)[None] + (1 - saturation) * grey)
    offset = balance * (1 - contrast) * mean
    flat = torch.baddbmm(offset, matrix, images.flatten(2))
    return flat.reshape(n, 3, height, width).clamp_(0, 255)


def degrade(images: Tensor, rng: torch.Generator, strength: Strength) -> Tensor:
    """Blur some images like enlarged small pictures, add noise to all, and cover parts of some.

    Works in place if possible.
    """
    n, _, height, width = images.shape
    blurred = torch.nonzero(torch.rand(n, generator=rng) < strength.blur).flatten()
    if len(blurred):
        factor = float(torch.rand(1, generator=rng)) * 2.2 + 1.3
        small = F.interpolate(
            images[blurred],
            size=(round(height / factor), round(width / factor)),
            mode="bilinear",
            antialias=True,
        )
        images[blurred] = F.interpolate(small, size=(height, width), mode="bilinear")
    # One sheet of noise, laid on each picture at another place: drawing it anew costs more than
    # the network's first layer.
    sheet = torch.randn(3, height + 64, width + 64, generator=rng)
    level = (torch.rand(n, generator=rng) * strength.noise).tolist()
    places = torch.randint(0, 64, (n, 2), generator=rng).tolist()
    erased = (torch.rand(n, generator=rng) < strength.erase).tolist()
    for index, (top, left) in enumerate(places):
        noise = sheet[:, top : top + height, left : left + width]
        images[index].add_(noise, alpha=level[index])
        if erased[index]:
            top = int(torch.randint(0, height - 30, (1,), generator=rng))
            left = int(torch.randint(0, width - 20, (1,), generator=rng))
            high = int(torch.randint(8, 30, (1,), generator=rng))
            wide = int(torch.randint(8, 40, (1,), generator=rng))
            images[index, :, top : top + high, left : left + wide] = (
                torch.rand(3, 1, 1, generator=rng) * 255
            )
    return images.clamp_(0, 255)


def surroundings(pictures: Pixels, rng: torch.Generator) -> Tensor:
    """Random parts of pictures (uint8 [n, h, w, 3]) at window size, float32 [n, 3, ...]."""
    import cv2

    n, h, w, _ = pictures.shape
    result = np.empty((n, HEIGHT, WIDTH, 3), np.uint8)
    dice = torch.rand(n, 4, generator=rng).tolist()
    for row, (size, down, across, mirror) in enumerate(dice):
        high = int(h * (0.6 + 0.4 * size))
        wide = min(w, high * WIDTH // HEIGHT)
        top, left = int((h - high) * down), int((w - wide) * across)
        part = pictures[row, top : top + high, left : left + wide]
        part = cv2.resize(part, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
        result[row] = part[:, ::-1] if mirror < 0.5 else part
    return torch.from_numpy(result).permute(0, 3, 1, 2).contiguous().float()


def _swaps(pairs: int, share: float, rng: torch.Generator) -> Tensor:
    """Which pictures get other surroundings, bool [2 * pairs]; rows 2i and 2i + 1 are one bollard.

    From half of them on, it is always one view at least: two that stand in one place would be
    known by the place.
    """
    if share < 0.5:
        return torch.rand(2 * pairs, generator=rng) < share
    first = torch.rand(pairs, generator=rng) < 0.5
    other = torch.rand(pairs, generator=rng) < 2 * share - 1
    return torch.stack([first | other, ~first | other], dim=1).flatten()


def augment(
    canvases: Pixels,
    masks: Pixels,
    behind: Callable[[int], Pixels],
    rng: torch.Generator,
    strength: Strength,
) -> Tensor:
    """A training batch: float32 [n, 3, HEIGHT, WIDTH], 0..255.

    canvases: uint8 [n, h, w, 3]; masks: uint8 [n, h, w], 255 on the bollard; rows 2i and 2i + 1 are
    views of one bollard. For a share ``strength.swap`` of the batch, the bollard is put before
    something else: ``behind(count)`` gives that many pictures of surroundings, uint8
    [count, h', w', 3].
    """
    n = len(canvases)
    images, cover = sample(canvases, masks, rng, strength)
    images = recolour(images, rng, strength)
    swapped = torch.nonzero(_swaps(n // 2, strength.swap, rng)).flatten()
    if len(swapped):
        others = recolour(surroundings(behind(len(swapped)), rng), rng, strength)
        share = F.avg_pool2d(cover[swapped] / 255.0, 3, 1, 1)
        images[swapped] = torch.lerp(others, images[swapped], share)
    return degrade(images, rng, strength)


def batch_of(pixels: Pixels, rows: npt.NDArray[np.int64]) -> Tensor:
    """Rows of a uint8 [n, h, w, c] array as a uint8 tensor [len(rows), c, h, w]."""
    return torch.from_numpy(np.ascontiguousarray(pixels[rows])).permute(0, 3, 1, 2)
