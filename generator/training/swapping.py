"""How much surroundings count: photos whose bollards are put before another photo's (training).

Beside it, for comparison, how much it counts to cut a little off a photo's border: a first
neighbour among many alike changes easily.
"""

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from generator.recogniser.view import prepare
from generator.training.collection import Collection, Rows
from generator.training.masks import without_bollard

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


def cropped_inputs(photos: Collection, rows: Rows, share: float = 0.06, seed: int = 7) -> Pixels:
    """Some photos less a ``share`` of their width and height, cut off at random sides.

    Gives uint8 [len(rows), view.HEIGHT, view.WIDTH, 3], in the order of the rows.
    """
    rng = np.random.default_rng(seed)
    height, width = photos.canvases.shape[1:3]
    made = []
    for row in rows:
        left, top = (int(rng.integers(0, int(size * share) + 1)) for size in (width, height))
        right, bottom = left + int(width * (1 - share)), top + int(height * (1 - share))
        cropped = Image.fromarray(photos.canvases[row]).crop((left, top, right, bottom))
        made.append(prepare(cropped))
    return np.stack(made)


def measure_crop(plain: Tensor, cropped: Tensor) -> dict[str, float]:
    """How many photos get another first neighbour when a little is cut off (cf. `measure_swap`)."""
    with torch.no_grad():
        changed = _first(plain, plain) != _first(cropped, plain)
    return {"another first neighbour after a crop": float(changed.mean())}


def _first(queries: Tensor, gallery: Tensor) -> Rows:
    """The nearest row of the gallery, not counting the query's own; int64 [n]."""
    likeness = queries @ gallery.T
    likeness.fill_diagonal_(-2.0)
    return np.asarray(likeness.argmax(dim=1).numpy(), np.int64)


def measure_swap(plain: Tensor, swapped: Tensor, bollards: Rows) -> dict[str, float]:
    """What becomes of a photo's first neighbour when its surroundings are swapped.

    plain, swapped: unit embeddings of the same photos, float32 [n, d]; bollards: int64 [n]. The
    gallery is the other photos as they are: how many get another first neighbour, for how many
    it is (still) another view of the bollard; and the latter where the gallery is swapped, too.
    """
    with torch.no_grad():
        before, after = _first(plain, plain), _first(swapped, plain)
        both = _first(swapped, swapped)
    return {
        "another first neighbour after a swap": float((before != after).mean()),
        "same-bollard@1 after a swap": float((bollards[after] == bollards).mean()),
        "same-bollard@1, all swapped": float((bollards[both] == bollards).mean()),
    }
