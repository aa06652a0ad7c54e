"""The finding network (torch, training only): a photo in a square in, the bollard's mask out."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own convention
from torch import Tensor, nn

from generator.recogniser.finder import PADDING, SIDE, STEP
from generator.training.augment import Strength, degrade, recolour
from generator.training.collection import Collection, Rows
from generator.training.network import Residual, convolution

Pixels = npt.NDArray[np.uint8]


class FindNetwork(nn.Module):  # type: ignore[misc]
    """Float32 [n, 3, SIDE, SIDE] in 0..255 to mask logits, float32 [n, 1, SIDE / 2, SIDE / 2].

    An encoder of five halvings; a decoder that goes back up to the first, adding what the
    encoder saw at each size (a feature pyramid: Lin et al. 2017).
    """

    channels = (16, 32, 64, 96, 128)
    width = 32

    def __init__(self) -> None:
        super().__init__()
        before = 3
        self.down = nn.ModuleList()
        for level, channels in enumerate(self.channels):
            layers: list[nn.Module] = [convolution(before, channels, 2)]
            if level:
                layers.append(Residual(channels))
            self.down.append(nn.Sequential(*layers))
            before = channels
        self.across = nn.ModuleList(
            nn.Conv2d(channels, self.width, 1) for channels in self.channels
        )
        self.smooth = nn.ModuleList(convolution(self.width, self.width) for _ in self.channels[:-1])
        self.last = nn.Conv2d(self.width, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = x / 127.5 - 1.0
        levels = []
        for stage in self.down:
            x = stage(x)
            levels.append(x)
        x = self.across[-1](levels[-1])
        for level in range(len(levels) - 2, -1, -1):
            x = F.interpolate(x, scale_factor=2.0, mode="nearest") + self.across[level](
                levels[level]
            )
            x = self.smooth[level](x)
        return self.last(x)


@dataclass(frozen=True)
class FindRecipe:
    """Everything that decides a training of the finder besides the pictures.

    ``paired``: the share of pictures that stand beside another one.
    """

    steps: int = 3500
    batch: int = 24
    rate: float = 3e-3
    seed: int = 0
    paired: float = 0.0
    strength: Strength = field(default_factory=lambda: Strength(noise=8.0, blur=0.4))


def squares(
    collection: Collection, rows: Rows, paired: float, dice: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Pictures as the finder sees them, at random sizes and places, and their masks.

    A share ``paired`` stands beside another one, so that a second bollard is not taken for mere
    surroundings. Gives float32 [n, 3, SIDE, SIDE] and [n, 1, SIDE / STEP, SIDE / STEP] (0..1).
    """
    size, half = (SIDE, SIDE), SIDE // STEP
    pixels = np.empty((len(rows), SIDE, SIDE, 3), np.uint8)
    masks = np.empty((len(rows), half, half), np.uint8)
    draws = (torch.rand(len(rows), 6, generator=dice) * 2 - 1).numpy()
    for number, (row, (zoom, stretch, right, down, mirror, pair)) in enumerate(
        zip(rows, draws, strict=True)
    ):
        canvas, mask = collection.canvases[row], collection.masks[row]
        if pair > 1 - 2 * paired:
            other = rows[number - 1]
            canvas = np.concatenate([canvas, collection.canvases[other]], axis=1)
            mask = np.concatenate([mask, collection.masks[other]], axis=1)
        h, w = mask.shape
        # Between a close part of the picture and the whole of it in a corner of the square.
        y_scale = math.exp(zoom * 0.4) * max(h, w) / SIDE
        x_scale = y_scale * math.exp(stretch * 0.15) * (1 if mirror > 0 else -1)
        middle = np.array([(w - 1) / 2 + right * 0.2 * w, (h - 1) / 2 + down * 0.15 * h])
        matrix = np.diag([x_scale, y_scale])
        offset = middle - matrix @ np.full(2, (SIDE - 1) / 2)
        affine = np.concatenate([matrix, offset[:, None]], axis=1)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cv2.warpAffine(
            canvas,
            affine,
            size,
            pixels[number],
            flags,
            cv2.BORDER_CONSTANT,
            (PADDING,) * 3,
        )
        cover = cv2.warpAffine(mask, affine, size, None, flags, cv2.BORDER_CONSTANT)
        masks[number] = cv2.resize(cover, (half, half), interpolation=cv2.INTER_AREA)
    return (
        torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous().float(),
        torch.from_numpy(masks)[:, None].float() / 255.0,
    )


def mask_loss(logits: Tensor, masks: Tensor) -> Tensor:
    """Cross-entropy plus soft Dice (Milletari et al. 2016): thin posts count as much as drums."""
    crossed = F.binary_cross_entropy_with_logits(logits, masks)
    shares = logits.sigmoid()
    overlap = (shares * masks).sum(dim=(1, 2, 3))
    total = (shares + masks).sum(dim=(1, 2, 3))
    return crossed * 4 + (1 - (2 * overlap + 1) / (total + 1)).mean()


def train_finder(
    parts: Sequence[tuple[Collection, Rows]],
    recipe: FindRecipe,
    *,
    start: Mapping[str, Tensor] | None = None,
    device: str = "cpu",
    report: Callable[[str], None] = print,
) -> FindNetwork:
    """A finder trained on the rows of each part, equal shares a batch; in eval mode.

    ``start``: weights to begin from.
    """
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    dice = torch.Generator().manual_seed(recipe.seed)
    network: FindNetwork = FindNetwork().to(device, memory_format=torch.channels_last)
    if start is not None:
        network.load_state_dict(start)
    optimiser = torch.optim.AdamW(network.parameters(), recipe.rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=recipe.steps)
    began, total = time.monotonic(), 0.0
    network.train()
    for step in range(recipe.steps):
        drawn = [
            squares(collection, rng.choice(rows, recipe.batch // len(parts)), recipe.paired, dice)
            for collection, rows in parts
        ]
        images = torch.cat([images for images, _ in drawn])
        masks = torch.cat([masks for _, masks in drawn]).to(device)
        images = degrade(recolour(images, dice, recipe.strength), dice, recipe.strength)
        images = images.to(device, memory_format=torch.channels_last)
        with torch.autocast(device, dtype=torch.bfloat16):
            logits = network(images)
        loss = mask_loss(logits.float(), masks)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        total += float(loss.detach())
        if step % 100 == 99:
            report(
                f"finder step {step + 1}/{recipe.steps}: loss {total / 100:.3f}, "
                f"{time.monotonic() - began:.0f} s"
            )
            total = 0.0
    network.eval()
    return network
