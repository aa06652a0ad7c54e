"""How much surroundings count: photos whose bollards are put before another photo's (training)."""

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from generator.recogniser.collection import Collection, Rows
from generator.recogniser.masks import without_bollard
from generator.recogniser.view import prepare

Pixels = npt.NDArray[np.uint8]


def swapped_inputs(photos: Collection, rows: Rows, seed: int = 7) -> Pixels:
    """The bollards of some photos before other photos' surroundings, as the model is given them.

    Gives uint8 [len(rows), view.HEIGHT, view.WIDTH, 3], in the order of the rows.
    """
    others = np.random.default_rng(seed).permutation(len(photos))
    made = []
    for row in rows:
        other, share = others[row], photos.masks[row][..., None] / 255.0
        behind = without_bollard(photos.canvases[other], photos.masks[other])
        picture = np.asarray(photos.canvases[row] * share + behind * (1 - share), np.uint8)
        made.append(prepare(Image.fromarray(picture)))
    return np.stack(made)


def measure_swap(plain: Tensor, swapped: Tensor, bollards: Rows) -> dict[str, float]:
    """What becomes of a photo's first neighbour when its surroundings are swapped.

    plain, swapped: unit embeddings of the same photos, float32 [n, d]; bollards: int64 [n]. The
    gallery is the other photos as they are: how many get another first neighbour, for how many
    it is (still) another view of the bollard; and the latter where the gallery is swapped, too.
    """

    def first(queries: Tensor, gallery: Tensor) -> Rows:
        likeness = queries @ gallery.T
        likeness.fill_diagonal_(-2.0)
        return np.asarray(likeness.argmax(dim=1).numpy(), np.int64)

    with torch.no_grad():
        before, after, both = first(plain, plain), first(swapped, plain), first(swapped, swapped)
    return {
        "another first neighbour after a swap": float((before != after).mean()),
        "same-bollard@1 after a swap": float((bollards[after] == bollards).mean()),
        "same-bollard@1, all swapped": float((bollards[both] == bollards).mean()),
    }
