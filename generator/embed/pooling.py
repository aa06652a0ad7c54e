"""Chooses the output of a vision model that is the picture's vector, and pools it.

Exports differ: CLIP gives `image_embeds`, SigLIP and DINOv2 `pooler_output`, others only
`last_hidden_state`, a vector for each patch after those of special tokens (CLS, registers). The
choice is made once, from the names and shapes of the outputs for one picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from generator.errors import BollardsError

Pooling = Literal["auto", "projected", "cls", "mean"]

# In order of preference: a projected embedding was trained for comparison, a pooler's output may be
# only a step on the way to it.
_PICTURE_VECTORS = (
    "image_embeds",
    "image_embeddings",
    "image_features",
    "embeddings",
    "sentence_embedding",
    "pooler_output",
)
_PATCH_VECTORS = "last_hidden_state"
_NOT_PICTURES = ("text", "logits", "loss")
# CLS and four registers make five; a grid that leaves many more tokens is not the model's.
_MOST_SPECIAL_TOKENS = 16


@dataclass(frozen=True, slots=True)
class Choice:
    """The output to use, and how.

    Attributes:
        output: its name.
        how: "vector" takes it as it is, "cls" its first token, "mean" the mean of its patches.
        special: tokens before the first patch.
    """

    output: str
    how: Literal["vector", "cls", "mean"]
    special: int = 0


def choose(
    outputs: Mapping[str, NDArray[np.floating]], size: tuple[int, int], pooling: Pooling, model: str
) -> Choice:
    """Find the output that `pooling` asks for.

    Args:
        outputs: every output of the model for one picture, by name; [1, ...].
        size: height and width of the model's input in pixels.
        pooling: "projected" (one vector a picture), "cls", "mean" of the patches, or "auto": the
            first of these that the model has, "cls" only if there is a special token.
        model: the model's name for messages.

    Raises:
        BollardsError: the model has no such output, or several; the message lists them all.
    """
    usable = {
        name: array
        for name, array in outputs.items()
        if not any(word in name.lower() for word in _NOT_PICTURES) and array.shape[:1] == (1,)
    }
    vectors = [name for name, array in usable.items() if _is_vector(array)]
    patches = [name for name, array in usable.items() if array.ndim in (3, 4)]
    patches = [name for name in patches if name not in vectors]

    if pooling in ("auto", "projected"):
        named = [name for name in _PICTURE_VECTORS if name in vectors]
        found = named[:1] or vectors
        if len(found) == 1:
            return Choice(found[0], "vector")
        if found or pooling == "projected":
            raise _cannot(pooling, "one output with one vector a picture", outputs, model)
    found = [_PATCH_VECTORS] if _PATCH_VECTORS in patches else patches
    if len(found) != 1:
        raise _cannot(pooling, "one output with a vector for each patch", outputs, model)
    array = outputs[found[0]]
    special = _special_tokens(array.shape[1], size) if array.ndim == 3 else 0
    if pooling == "mean" or (pooling == "auto" and special == 0):
        return Choice(found[0], "mean", special)
    if array.ndim != 3:
        raise _cannot(pooling, "an output of tokens, the first of which is CLS", outputs, model)
    return Choice(found[0], "cls", special)


def pool(output: NDArray[np.floating], choice: Choice) -> NDArray[np.floating]:
    """One picture's output [1, ...] -> its vector, float32 [d]."""
    values: NDArray[np.floating] = np.asarray(output[0], np.float32)
    if choice.how == "vector":
        vector = values.reshape(-1)
    elif choice.how == "cls":
        vector = values[0]
    elif values.ndim == 3:  # a feature map [channels, height, width], as convolutional models give
        vector = values.mean(axis=(1, 2))
    else:
        vector = values[choice.special :].mean(axis=0)
    return vector


def _is_vector(array: NDArray[np.floating]) -> bool:
    # Convolutional models pool to [1, channels, 1, 1].
    return array.ndim == 2 or (array.ndim == 4 and array.shape[2:] == (1, 1))


def _special_tokens(tokens: int, size: tuple[int, int]) -> int:
    """The number of tokens that are not patches.

    The patches make a grid, so their number is (height // p) * (width // p) for a patch size p. The
    largest such number that fits leaves the special tokens over.
    """
    height, width = size
    grids = ((height // p) * (width // p) for p in range(1, min(size) + 1))
    over = tokens - max((grid for grid in grids if grid <= tokens), default=tokens)
    return over if over <= _MOST_SPECIAL_TOKENS else 0


def _cannot(
    pooling: str, expected: str, outputs: Mapping[str, NDArray[np.floating]], model: str
) -> BollardsError:
    listed = ", ".join(f"{name} {list(array.shape)}" for name, array in outputs.items())
    return BollardsError(
        f'{model}: embed.pooling = "{pooling}" expects {expected}; the model has: {listed}.\n'
        '  Set pooling under [embed] in site.toml to one that fits ("projected", "cls", "mean"), or'
        " export the model without its task head (feature extraction)."
    )
