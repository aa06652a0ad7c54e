"""Train the finder: ``python -m generator.training.train_finder --photos DIR --out FILE``.

On rendered scenes, near and far, whose masks are exact, and on photos whose masks are given
(``--masks DIR``) or cut out by GrabCut. One fold of the photos' bollards (``--held-out 0`` of 3) or
none is kept apart for the figures; scenes of seeds that training never drew are always.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from generator.evaluate.labels import folds
from generator.recogniser.finder import Finder
from generator.training import data, export_finder
from generator.training.collection import Collection, collection_of
from generator.training.drawn import draw_chunk, draw_scenes
from generator.training.finding import FindRecipe, train_finder
from generator.training.masks import Box, mask_box, photo_masks

PAIRS = FindRecipe(steps=900, rate=1.2e-3, seed=3, paired=0.25)
"""The second round, which teaches that there may be several bollards."""

FOLDS = 3
UNSEEN_SEED = 7701


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes."""
    wide = max(0, min(one[2], other[2]) - max(one[0], other[0]))
    high = max(0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return wide * high / max(1, areas - wide * high)


def figures(finder: Finder, pictures: Collection, rows: Iterable[int]) -> dict[str, float]:
    """How well boxes are found: mean IoU, the share over 0.5, and both where it is confident."""
    overlaps, confidences = [], []
    for row in rows:
        found = finder.find(Image.fromarray(pictures.canvases[row]))
        overlaps.append(overlap(found.box, mask_box(pictures.masks[row])) if found else 0.0)
        confidences.append(found.confidence if found else 0.0)
    values, sure = np.array(overlaps), np.array(confidences) >= 0.8
    return {
        "mean IoU": float(values.mean()),
        "IoU over 0.5": float((values > 0.5).mean()),
        "confident (0.8)": float(sure.mean()),
        "mean IoU where confident": float(values[sure].mean()) if sure.any() else float("nan"),
    }


def main(arguments: Sequence[str]) -> int:
    """Run the training that the arguments ask for; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m generator.training.train_finder")
    parser.add_argument("--photos", type=Path, required=True, help="folder with labels.csv")
    parser.add_argument("--masks", type=Path, help="folder with masks of the photos, PNG")
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    parser.add_argument("--held-out", type=int, help=f"fold of {FOLDS} that training never sees")
    parser.add_argument("--near", type=int, default=40, help="close scenes, in 500s")
    parser.add_argument("--far", type=int, default=10, help="wide scenes, in 500s")
    parser.add_argument("--steps", type=int, default=FindRecipe.steps)
    parser.add_argument("--keep", type=Path, default=Path(".bollards/train"), help="scratch folder")
    parser.add_argument("--threads", type=int, default=2)
    wanted = parser.parse_args(arguments)
    torch.set_num_threads(wanted.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    began = time.monotonic()
    photos = data.read_photos(wanted.photos)
    masks, given = photo_masks(photos, wanted.masks)
    print(f"{given.sum()} of {len(photos)} masks are given, GrabCut cut out the others", flush=True)
    real = collection_of(photos, masks)
    near = draw_scenes(wanted.near, wanted.keep, jobs=wanted.threads)
    far = draw_scenes(wanted.far, wanted.keep, framing="wide", jobs=wanted.threads)
    rows, unseen = np.arange(len(real)), None
    if wanted.masks is not None:
        rows = np.flatnonzero(given)
    if wanted.held_out is not None:
        unseen = np.intersect1d(rows, folds(photos.labels, FOLDS)[wanted.held_out])
        rows = np.setdiff1d(rows, unseen)
    parts = [(near, np.arange(len(near))), (far, np.arange(len(far))), (real, rows)]
    network = train_finder(parts, replace(FindRecipe(), steps=wanted.steps), device=device)
    network = train_finder(parts, PAIRS, start=network.state_dict(), device=device).cpu()
    export_finder.write(network, wanted.out)
    finder = Finder(wanted.out)
    for name, framing in (("close scenes", "close"), ("wide scenes", "wide")):
        drawn = draw_chunk(UNSEEN_SEED, 0, "close" if framing == "close" else "wide")
        print(name, figures(finder, drawn, range(len(drawn))), flush=True)
    if unseen is not None:
        print("photos kept apart, against their masks", figures(finder, real, unseen.tolist()))
    print(f"{wanted.out}: {wanted.out.stat().st_size:,} bytes; {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
