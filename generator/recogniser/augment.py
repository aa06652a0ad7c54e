"""Augmentation of training batches (torch): other framings, backgrounds, light, lenses."""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own convention
from torch import Tensor

from generator.recogniser.view import HEIGHT, WIDTH


@dataclass(frozen=True)
class Strength:
    """How far augmentation goes; the shares are probabilities."""

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


def windows(
    canvases: Tensor, rng: torch.Generator, strength: Strength, *, background: bool = False
) -> tuple[Tensor, Tensor]:
    """Random sampling grids, float32 [n, HEIGHT, WIDTH, 2], and which of them are mirrored.

    ``canvases`` is [n, c, h, w] and gives only sizes. Backgrounds roam further than bollards.
    """
    n, _, h, w = canvases.shape
    roam = 2.5 if background else 1.0

    def uniform(reach: float) -> Tensor:
        return (torch.rand(n, generator=rng) * 2 - 1) * reach

    zoom = torch.exp(uniform(strength.scale) - (0.25 if background else 0.0))
    stretch = torch.exp(uniform(strength.stretch))
    angle = uniform(strength.tilt)
    mirrored = torch.rand(n, generator=rng) < 0.5
    # In units of the canvas height: the window is 1 high and WIDTH/HEIGHT wide.
    half_width = WIDTH / HEIGHT / 2
    a = zoom * stretch * half_width * torch.where(mirrored, -1.0, 1.0)
    b = zoom * 0.5
    aspect = w / h
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = torch.cos(angle) * a / aspect * 2
    theta[:, 0, 1] = -torch.sin(angle) * b / aspect * 2
    theta[:, 0, 2] = uniform(strength.shift * roam) / aspect * 2
    theta[:, 1, 0] = torch.sin(angle) * a * 2
    theta[:, 1, 1] = torch.cos(angle) * b * 2
    theta[:, 1, 2] = uniform(strength.shift) * 2
    return F.affine_grid(theta, [n, 1, HEIGHT, WIDTH], align_corners=False), mirrored


def sample(canvases: Tensor, grid: Tensor) -> Tensor:
    """The canvases (uint8 or float, [n, c, h, w]) at the grid's points, float32."""
    return F.grid_sample(
        canvases.float(), grid, mode="bilinear", padding_mode="reflection", align_corners=False
    )


def recolour(images: Tensor, rng: torch.Generator, strength: Strength) -> Tensor:
    """Random exposure, contrast, saturation and white balance, an amount an image (0..255)."""
    n = len(images)

    def gains(reach: float, *shape: int) -> Tensor:
        return torch.exp((torch.rand(n, *shape, generator=rng) * 2 - 1) * reach)

    mean = images.mean(dim=(1, 2, 3), keepdim=True)
    images = (images - mean) * gains(strength.light, 1, 1, 1) + mean
    grey = images.mean(dim=1, keepdim=True)
    images = grey + (images - grey) * gains(strength.colour, 1, 1, 1)
    images = images * gains(strength.light, 1, 1, 1) * gains(strength.tint, 3, 1, 1)
    return images.clamp(0, 255)


def degrade(images: Tensor, rng: torch.Generator, strength: Strength) -> Tensor:
    """Some images blurred as small pictures enlarged are; noise on all; some partly covered."""
    n, _, height, width = images.shape
    blurred = torch.rand(n, generator=rng) < strength.blur
    if bool(blurred.any()):
        factor = float(torch.rand(1, generator=rng)) * 2.2 + 1.3
        small = F.interpolate(
            images[blurred],
            size=(round(height / factor), round(width / factor)),
            mode="bilinear",
            antialias=True,
        )
        images = images.clone()
        images[blurred] = F.interpolate(small, size=(height, width), mode="bilinear")
    level = torch.rand(n, 1, 1, 1, generator=rng) * strength.noise
    images = images + torch.randn(images.shape, generator=rng) * level
    for index in torch.nonzero(torch.rand(n, generator=rng) < strength.erase).flatten().tolist():
        top = int(torch.randint(0, height - 30, (1,), generator=rng))
        left = int(torch.randint(0, width - 20, (1,), generator=rng))
        high = int(torch.randint(8, 30, (1,), generator=rng))
        wide = int(torch.randint(8, 40, (1,), generator=rng))
        images[index, :, top : top + high, left : left + wide] = (
            torch.rand(3, 1, 1, generator=rng) * 255
        )
    return images.clamp(0, 255)


def augment(
    canvases: Tensor,
    masks: Tensor,
    backgrounds: Tensor,
    rng: torch.Generator,
    strength: Strength,
) -> Tensor:
    """A training batch: float32 [n, 3, HEIGHT, WIDTH], 0..255.

    canvases, backgrounds: uint8 [n, 3, h, w]; masks: uint8 [n, 1, h, w], 255 on the bollard. For
    a share ``strength.swap`` of the batch, the bollard is put before its row of ``backgrounds``.
    """
    n = len(canvases)
    grid, _ = windows(canvases, rng, strength)
    images = recolour(sample(canvases, grid), rng, strength)
    swapped = torch.nonzero(torch.rand(n, generator=rng) < strength.swap).flatten()
    if len(swapped):
        other, _ = windows(backgrounds[swapped], rng, strength, background=True)
        behind = recolour(sample(backgrounds[swapped], other), rng, strength)
        cover = sample(masks[swapped], grid[swapped]) / 255.0
        cover = F.avg_pool2d(cover, 3, 1, 1)
        images[swapped] = images[swapped] * cover + behind * (1 - cover)
    return degrade(images, rng, strength)


def batch_of(pixels: np.ndarray, rows: np.ndarray) -> Tensor:
    """Rows of a uint8 [n, h, w, c] array as a uint8 tensor [len(rows), c, h, w]."""
    return torch.from_numpy(np.ascontiguousarray(pixels[rows])).permute(0, 3, 1, 2)
