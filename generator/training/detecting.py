"""The detecting network (torch, training only): a picture in, a map of bollards out.

An anchor-free detector with one level of output, after CenterNet (Zhou et al. 2019) and FCOS
(Tian et al. 2019): each cell of a map at a quarter of the resolution predicts whether a bollard's
centre is in it, its offset, the bollard's width and height, and the fit of the resulting box. A
mask at half the resolution comes from the same features.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own convention
from torch import Tensor, nn

from generator.training.network import Residual, convolution

CHANNELS = (16, 24, 48, 96, 128)
BLOCKS = (0, 1, 1, 2, 2)
WIDTH = 32
HEAD = 32
OUTPUTS = 6
"""Of each cell: heat and fit (logits), the centre's offset (x, y), the box's width and height."""

AT_FIRST = -4.6
"""The heat, a logit, that the network expects before it has learnt anything: 1 in 100."""


DOUBTFUL = 0.45


@dataclass(frozen=True)
class Wanted:
    """The training targets for n pictures.

    heat: float32 [n, h / 4, w / 4], 1 in the cell of each bollard's centre, falling off around it;
    known: the same shape, how much an answer there counts where no bollard is marked; boxes:
    float32 [n, 4, h / 4, w / 4], in cells: the centre, counted from the cell's own middle, and the
    logarithms of width and height; weight: float32 [n, h / 4, w / 4], how much a cell's box counts;
    mask: float32 [n, 1, h / 2, w / 2], 0..1; shown: float32 [n], 1 where the mask is known;
    tallest: float32 [n], the logarithm of the height, in cells, over which nothing unmarked is a
    bollard.
    """

    heat: Tensor
    known: Tensor
    boxes: Tensor
    weight: Tensor
    mask: Tensor
    shown: Tensor
    tallest: Tensor


class DetectorNetwork(nn.Module):  # type: ignore[misc]
    """Float32 [n, 3, h, w] in 0..255 to cells [n, 6, h / 4, w / 4] and mask logits [n, 1, h / 2,
    w / 2]; h and w are multiples of 32.

    An encoder of five halvings, and a decoder that goes back up to the second, adding what the
    encoder saw at each size (a feature pyramid: Lin et al. 2017).
    """

    def __init__(self) -> None:
        super().__init__()
        before = 3
        self.down = nn.ModuleList()
        for channels, blocks in zip(CHANNELS, BLOCKS, strict=True):
            layers: list[nn.Module] = [convolution(before, channels, 2)]
            layers.extend(Residual(channels) for _ in range(blocks))
            self.down.append(nn.Sequential(*layers))
            before = channels
        self.across = nn.ModuleList(nn.Conv2d(channels, WIDTH, 1) for channels in CHANNELS[1:])
        self.smooth = nn.ModuleList(convolution(WIDTH, WIDTH) for _ in CHANNELS[2:])
        self.head = convolution(WIDTH, HEAD)
        self.cells = nn.Conv2d(HEAD, OUTPUTS, 1)
        self.fine = nn.Conv2d(CHANNELS[0], 8, 1)
        self.coarse = nn.Conv2d(WIDTH, 8, 1)
        self.drawn = convolution(8, 8)
        self.mask = nn.Conv2d(8, 1, 1)
        nn.init.normal_(self.cells.weight, std=0.01)
        with torch.no_grad():
            assert self.cells.bias is not None
            self.cells.bias.zero_()
            self.cells.bias[0] = AT_FIRST

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = x / 127.5 - 1.0
        levels = []
        for stage in self.down:
            x = stage(x)
            levels.append(x)
        x = self.across[-1](levels[-1])
        for level in range(len(levels) - 2, 0, -1):
            x = F.interpolate(x, scale_factor=2.0, mode="nearest") + self.across[level - 1](
                levels[level]
            )
            x = self.smooth[level - 1](x)
        twice = F.interpolate(self.coarse(x), scale_factor=2.0, mode="nearest")
        mask = self.mask(self.drawn(twice + self.fine(levels[0])))
        return self.cells(self.head(x)), mask


def losses(cells: Tensor, masks: Tensor, wanted: "Wanted") -> dict[str, Tensor]:
    """The losses of the network's output, a scalar each: heat, box, fit and mask.

    Heat has the focal loss of CenterNet, boxes the generalised IoU (Rezatofighi et al. 2019) beside
    the distances of centre and size; fit is cross-entropy against the IoU that the box reached, the
    mask cross-entropy plus soft Dice (Milletari et al. 2016).
    """
    heat = cells[:, 0]
    share = heat.sigmoid().clamp(1e-5, 1 - 1e-5)
    centres = wanted.heat >= 1.0
    count = centres.sum().clamp(min=1)
    # What is not marked in a picture of which not all bollards are known may be one that the
    # network has rightly found.
    is_too_tall = cells[:, 5].detach() > wanted.tallest[:, None, None]
    is_doubtful = (wanted.known < 1) & (share.detach() > DOUBTFUL) & ~is_too_tall
    weight = torch.where(is_doubtful, torch.zeros_like(share), wanted.known)
    weight = torch.where(is_too_tall & (wanted.known > 0), torch.ones_like(share), weight)
    found = -(((1 - share) ** 2) * share.log())[centres].sum()
    missed = -(weight * (1 - wanted.heat) ** 4 * share**2 * (1 - share).log())[~centres].sum()
    at = wanted.weight > 0
    amounts = wanted.weight[at]
    answer = cells.permute(0, 2, 3, 1)[at]
    target = wanted.boxes.permute(0, 2, 3, 1)[at]
    overlap, generalised = overlaps(answer[:, 2:6], target)
    size = F.smooth_l1_loss(answer[:, 4:6], target[:, 2:4], reduction="none", beta=0.1).sum(1)
    extent = target[:, 2:4].exp()
    offset = F.smooth_l1_loss(
        (answer[:, 2:4] - target[:, :2]) / extent,
        torch.zeros_like(extent),
        reduction="none",
        beta=0.1,
    ).sum(1)
    total = amounts.sum().clamp(min=1e-6)
    box = ((1 - generalised) + size + offset) * amounts
    fit = F.binary_cross_entropy_with_logits(answer[:, 1], overlap.detach(), reduction="none")
    shown = wanted.shown[:, None, None, None]
    crossed = F.binary_cross_entropy_with_logits(masks, wanted.mask, reduction="none") * shown
    covered = masks.sigmoid()
    common = (covered * wanted.mask).sum(dim=(1, 2, 3))
    both = (covered + wanted.mask).sum(dim=(1, 2, 3))
    dice = (1 - (2 * common + 1) / (both + 1)) * wanted.shown
    seen = wanted.shown.sum().clamp(min=1)
    return {
        "heat": (found + missed) / count,
        "box": box.sum() / total,
        "fit": (fit * amounts).sum() / total,
        "mask": crossed.mean(dim=(1, 2, 3)).sum() / seen * 4 + dice.sum() / seen,
    }


def overlaps(answer: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """IoU and generalised IoU of boxes given as centre (x, y) and logarithms of width and height,
    float32 [n, 4] each, in cells."""
    half, half_other = answer[:, 2:].clamp(-5, 6).exp() / 2, target[:, 2:].exp() / 2
    low, high = answer[:, :2] - half, answer[:, :2] + half
    low_other, high_other = target[:, :2] - half_other, target[:, :2] + half_other
    common = (torch.minimum(high, high_other) - torch.maximum(low, low_other)).clamp(min=0).prod(1)
    both = (half * 2).prod(1) + (half_other * 2).prod(1) - common
    hull = (torch.maximum(high, high_other) - torch.minimum(low, low_other)).prod(1)
    overlap = common / both.clamp(min=1e-6)
    return overlap, overlap - (hull - both) / hull.clamp(min=1e-6)
