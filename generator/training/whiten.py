"""The last step of training: partial whitening of the embedding, and heads that follow it.

Most of a trained embedding's length is in directions that separate the large groups (colour,
form). The directions that distinguish two bollards of one kind hardly count. Whitening gives the
directions equal weight. Full whitening loses neighbours of the same kind; partial whitening helps
both (see CARD.md). It is one linear map, computed without labels.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own convention
from PIL import Image
from torch import Tensor

from generator.recogniser.view import prepare
from generator.training.collection import Collection, Rows
from generator.training.fit import embed
from generator.training.network import HEAD_SCALE, Network

POWER = 0.35
"""Directions are divided by this power of their variance: 0 is none, 0.5 is full whitening."""

FLOOR = 1e-5
STEPS = 400


def inputs_of(collection: Collection, rows: Rows) -> npt.NDArray[np.uint8]:
    """Some of a collection's pictures as the finished model is given them."""
    return np.stack([prepare(Image.fromarray(collection.canvases[row])) for row in rows])


def whiten(
    network: Network,
    inputs: npt.NDArray[np.uint8],
    device: str = "cpu",
    wanted: Mapping[str, Tensor] | None = None,
) -> None:
    """Compute the network's whitening from training pictures, and refit its heads.

    inputs: uint8 [n, HEIGHT, WIDTH, 3], scenes and photos. From the whitened embedding, the heads
    learn to predict the old heads' output, or the ``wanted`` probabilities (for each attribute
    float32 [n, values]). No label is used, so this adds no overfitting.
    """
    size = network.shape.dimensions
    with torch.no_grad():
        network.whiten_weight.copy_(torch.eye(size))
        network.whiten_bias.zero_()
        plain = embed(network, inputs, device)
        if wanted is None:
            logits = network.logits(plain.to(device))
            wanted = {name: found.softmax(dim=1).cpu() for name, found in logits.items()}
        mean = plain.double().mean(dim=0)
        variances, directions = torch.linalg.eigh(torch.cov(plain.double().T))
        scales = variances.clamp(min=FLOOR) ** -POWER
        # Back in the original axes, so that the map is the nearest one to doing nothing.
        weight = directions @ torch.diag(scales) @ directions.T
        weight /= weight.diagonal().mean()
        network.whiten_weight.copy_(weight.float())
        network.whiten_bias.copy_(-(weight @ mean).float())
        whitened = network.whitened(plain.to(device)).cpu()
    _follow(network, whitened, wanted)


def _follow(network: Network, embeddings: Tensor, wanted: Mapping[str, Tensor]) -> None:
    """Fit each head to the wanted probabilities (cross-entropy, some weight decay)."""
    for name, target in wanted.items():
        head = network.heads[name]
        weight = torch.zeros(head.weight.shape, requires_grad=True)
        bias = torch.zeros(head.bias.shape, requires_grad=True)
        optimiser = torch.optim.AdamW([weight, bias], lr=0.05, weight_decay=1e-3)
        for step in range(STEPS):
            for group in optimiser.param_groups:
                group["lr"] = 0.05 * (1 - step / STEPS)
            logits = F.linear(embeddings * HEAD_SCALE, weight, bias)
            loss = -(target * logits.log_softmax(dim=1)).sum(dim=1).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        with torch.no_grad():
            head.weight.copy_(weight)
            head.bias.copy_(bias)
