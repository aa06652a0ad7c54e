"""The recogniser's network: a small plain CNN with attention pooling (torch, training only)."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own convention
from torch import Tensor, nn

from generator.recogniser.view import HEIGHT, WIDTH
from generator.vocabulary import VOCABULARY

HEAD_SCALE = 12.0
"""Unit embeddings are short: the heads see them this much longer."""


def halves(device: str) -> torch.autocast:
    """Half precision if the processor supports it; emulation would be slower.

    A processor without such instructions reached a tenth of its speed.
    """
    able = device != "cpu" or torch.cpu._is_avx512_bf16_supported()
    return torch.autocast(device, dtype=torch.bfloat16, enabled=able)


@dataclass(frozen=True)
class Shape:
    """The sizes of a network: channels and residual blocks of each stage, heads of the pooling.

    ``lessons``: the size of a teacher's embedding (``teaching.py``) that the network also predicts
    in training; this part is not exported.
    """

    channels: tuple[int, ...] = (24, 32, 64, 128, 192)
    blocks: tuple[int, ...] = (0, 0, 1, 1, 1)
    strides: tuple[int, ...] = (2, 2, 2, 2, 1)
    heads: int = 6
    bins: int = 6
    dimensions: int = 128
    dropout: float = 0.1
    lessons: int = 0


def convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):  # type: ignore[misc]
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = convolution(channels, channels)
        self.second = nn.Sequential(
            nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels)
        )
        nn.init.zeros_(self.second[1].weight)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.second(self.first(x)))


def _bins(shape: Shape) -> Tensor:
    """Fixed pooling weights, float32 [bins, places]: bands from top to bottom of the window.

    Columns near the middle have the largest weights, because the post is there.
    """
    reduction = math.prod(shape.strides)
    high, wide = HEIGHT // reduction, WIDTH // reduction
    columns = torch.hann_window(wide + 2, periodic=False)[1:-1]
    rows = torch.eye(shape.bins).repeat_interleave(high // shape.bins, dim=1)
    bins = (rows[:, :, None] * columns[None, None, :]).flatten(1)
    return bins / bins.sum(dim=1, keepdim=True)


class Network(nn.Module):  # type: ignore[misc]
    """Photos to unit embeddings, and a linear head for each attribute.

    ``forward`` takes float32 [n, 3, HEIGHT, WIDTH] in 0..255 and returns float32 [n, dimensions],
    unit rows. The heads are linear in the embedding, so attributes can be computed from stored
    embeddings without the network.
    """

    bins: Tensor
    whiten_weight: Tensor
    whiten_bias: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        layers: list[nn.Module] = []
        before = 3
        for channels, blocks, stride in zip(
            shape.channels, shape.blocks, shape.strides, strict=True
        ):
            layers.append(convolution(before, channels, stride))
            layers.extend(Residual(channels) for _ in range(blocks))
            before = channels
        self.body = nn.Sequential(*layers)
        self.attention = nn.Conv2d(before, shape.heads, 1)
        self.register_buffer("bins", _bins(shape), persistent=False)
        self.drop = nn.Dropout(shape.dropout)
        pooled = before * (shape.heads + shape.bins)
        self.project = nn.Linear(pooled, shape.dimensions, bias=False)
        self.norm = nn.BatchNorm1d(shape.dimensions)
        self.heads = nn.ModuleDict(
            {name: nn.Linear(shape.dimensions, len(values)) for name, values in VOCABULARY.items()}
        )
        self.lesson = nn.Linear(pooled, shape.lessons) if shape.lessons else None
        self.register_buffer("whiten_weight", torch.eye(shape.dimensions))
        self.register_buffer("whiten_bias", torch.zeros(shape.dimensions))

    def pooled(self, x: Tensor) -> Tensor:
        """The features of the photos, pooled by attention and by bands from top to bottom."""
        x = self.body(x / 127.5 - 1.0)
        places = x.flatten(2).transpose(1, 2)
        weights = self.attention(x).flatten(2).softmax(dim=2)
        bins = self.bins.to(places.dtype).expand(len(x), -1, -1)
        return self.drop(torch.cat([weights @ places, bins @ places], dim=1).flatten(1))

    def embedded(self, pooled: Tensor) -> Tensor:
        """Unit embeddings, float32 [n, dimensions], from what ``pooled`` gives."""
        return F.normalize(self.norm(self.project(pooled)).float(), dim=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.embedded(self.pooled(x))

    def recited(self, pooled: Tensor) -> Tensor | None:
        """The network's prediction of the teacher's embeddings, unit rows; None without lessons."""
        return None if self.lesson is None else F.normalize(self.lesson(pooled).float(), dim=1)

    def whitened(self, embeddings: Tensor) -> Tensor:
        """Unit embeddings (float32 [n, dimensions]) after ``whiten.py``'s linear step, unit rows.

        Before the whitening is computed, this step changes nothing.
        """
        return F.normalize(embeddings @ self.whiten_weight.T + self.whiten_bias, dim=1)

    def logits(self, embeddings: Tensor, scale: float = HEAD_SCALE) -> dict[str, Tensor]:
        """Each attribute's logits, float32 [n, values], from unit embeddings."""
        return {name: head(embeddings * scale) for name, head in self.heads.items()}
