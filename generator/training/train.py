"""Train the recogniser: ``python -m generator.training.train --photos DIR --out FILE``.

The first part trains on rendered scenes, which need no labels. The second trains on labelled photos
that look like street views, mixed with scenes (``adapt.py``). ``--start`` replaces the first part
by a model file. ``--roads`` gives street views without bollards as surroundings, ``--masks`` better
masks of the photos than GrabCut's (see `masks.photo_masks`), ``--teacher`` a large network's
embeddings of the scenes (see ``teaching.py``).

The second part has two stages. In the first, a part of the last folder's bollards is held out. Its
model is written beside ``--out`` (for ``bollards eval --fold-models``), with the figures on
held-out photos and on the street views of ``--street``. The second stage continues with all
bollards. The result is the mean of both stages' weights. Everything is kept in ``--keep``: an
interrupted run continues from its last checkpoint. Needs the extra ``train`` (torch, onnx, OpenCV),
and uses a GPU if there is one.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from generator.evaluate.countries import NEVER
from generator.evaluate.labels import measure_attributes, measure_neighbours
from generator.identify.vote import evidence, scores
from generator.training import export, fit
from generator.training.adapt import adapt
from generator.training.adapt_batches import Adapting
from generator.training.augment import Strength
from generator.training.collection import Collection, Rows
from generator.training.drawn import draw_scenes
from generator.training.network import Network, Shape
from generator.training.reals import (
    RealPhotos,
    Streets,
    kept_apart,
    read_reals,
    read_roads,
    read_streets,
)
from generator.training.reopen import reopened, settled
from generator.training.teaching import LESSONS
from generator.training.whiten import inputs_of, whiten

_SCENES = fit.Recipe(
    strength=Strength(noise=8.0, swap=0.65),
    same_country=0.0,
    attributes=1.5,
    teaching=1.5,
    smoothing=0.02,
    average=0.995,
)
CHUNKS = 80
"""Rendered scenes, in 500s, for training from random weights."""

ROUNDS = (
    replace(_SCENES, epochs=10, rate=3e-3),
    replace(_SCENES, epochs=7, rate=2e-3, seed=5),
    replace(_SCENES, epochs=18, rate=2e-3, seed=9),
)
"""Passes over all scenes in each round; each round after the first is a warm restart."""

SCENES_TO_WHITEN = 1500
STEPS = (1000, 500)
"""Batches of the second part: with held-out bollards, and then with all."""

LAST = Adapting(rate=3e-4, seed=1)
"""The learning rate of the second stage, which is smaller than the first's."""


def say(message: str) -> None:
    """One line of progress, with the time of day."""
    print(time.strftime("%H:%M:%S"), message, flush=True)


def country_shares(
    queries: Tensor, truth: Sequence[str], gallery: Tensor, photos: RealPhotos, rows: Rows
) -> dict[str, float]:
    """country@k of queries, float32 [n, d], among the photos ``rows``, by the vote of identify."""
    bollards = [str(photos.reals.collection.bollards[row]) for row in rows]
    countries = [photos.countries[row] for row in rows]
    similarity = (queries @ gallery[torch.from_numpy(rows)].T).numpy()
    ranks = []
    for row, code in enumerate(truth):
        ranked = [one.key for one in scores(evidence(similarity[row], bollards, countries))]
        ranks.append(ranked.index(code) if code in ranked else NEVER)
    return {f"country@{k}": float(np.mean(np.array(ranks) < k)) for k in (1, 3, 5)}


def figures_of(
    network: Network, photos: RealPhotos, apart: Rows, streets: Streets | None, device: str
) -> dict[str, dict[str, float]]:
    """The figures on held-out bollards and street views."""
    gallery = fit.embed(network, photos.reals.inputs, device)
    labels = [photos.labels[row] for row in apart]
    others = np.setdiff1d(np.arange(len(photos.labels)), apart)
    told = fit.tell(network, gallery[torch.from_numpy(apart)])
    found = {
        "apart": {
            **measure_neighbours(gallery.numpy(), photos.labels, apart.tolist()),
            **measure_attributes(told, labels),
            **country_shares(
                gallery[torch.from_numpy(apart)],
                [photos.countries[row] for row in apart],
                gallery,
                photos,
                others,
            ),
        }
    }
    if streets is not None:
        seen = fit.embed(network, streets.inputs, device)
        everything = np.arange(len(photos.labels))
        found["street"] = country_shares(seen, streets.countries, gallery, photos, everything)
    return found


def train_on_scenes(
    part: fit.Part, share: float, shape: Shape, seed: int, device: str, folder: Path
) -> Network:
    """A network from rendered scenes alone, whitened, without batch normalisation.

    ``share`` scales the passes of each round, for a quick trial. Each round's weights are kept in
    ``folder``: an interrupted run continues after the last finished round (empty the folder after
    a change of the rounds).
    """
    weights: dict[str, Tensor] | None = None
    for number, recipe in enumerate(ROUNDS):
        kept = folder / f"round-{number}-{len(part.rows)}-{shape.lessons}-{seed}.pt"
        if kept.exists():
            weights = torch.load(kept, map_location="cpu", weights_only=True)
            continue
        recipe = replace(
            recipe,
            shape=shape,
            epochs=max(1, round(recipe.epochs * share)),
            seed=recipe.seed + seed,
        )
        network = fit.fit([part], recipe, start=weights, device=device, report=say)
        weights = {name: value.cpu() for name, value in network.state_dict().items()}
        partial = kept.with_suffix(".part")
        torch.save(weights, partial)
        partial.replace(kept)
    assert weights is not None
    network = Network(shape)
    network.load_state_dict(weights)
    network.to(device).eval()
    some = np.random.default_rng(seed).permutation(part.rows)[:SCENES_TO_WHITEN]
    whiten(network, inputs_of(part.collection, some), device)
    return settled(network.cpu())


def taught(scenes: Collection, device: str) -> Tensor:
    """A teacher's embeddings of the scenes."""
    from generator.training.teaching import Teacher, lessons_of

    features = Teacher(device).features(scenes)
    return lessons_of(features, features)


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m generator.training.train")
    parser.add_argument(
        "--photos", type=Path, nargs="+", required=True, help="folders with labels.csv"
    )
    parser.add_argument("--masks", type=Path, nargs="+", help="their masks, PNG, folder by folder")
    parser.add_argument("--roads", type=Path, help="folder of street views without bollards")
    parser.add_argument("--street", type=Path, help="folder with boxes.csv, only for the figures")
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    parser.add_argument("--start", type=Path, help="continue from this ONNX file")
    parser.add_argument("--apart", type=int, default=3, help="hold out one K-th at first; 0: none")
    parser.add_argument("--steps", type=int, nargs=2, default=STEPS, help="of the two stages")
    parser.add_argument("--chunks", type=int, default=CHUNKS, help="rendered scenes, in 500s")
    parser.add_argument("--share", type=float, default=1.0, help="of the passes over the scenes")
    parser.add_argument("--teacher", action="store_true", help="use a teacher for the scenes")
    parser.add_argument("--keep", type=Path, default=Path(".bollards/train"), help="scratch folder")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Run the training that the arguments request; 0 for success."""
    wanted = _arguments(arguments)
    torch.set_num_threads(wanted.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    began = time.monotonic()
    photos = read_reals(wanted.photos, wanted.masks or [])
    roads = read_roads(wanted.roads)
    streets = read_streets(wanted.street) if wanted.street else None
    say(f"{len(photos.labels)} photos read, {photos.masked} masks given; {len(roads)} roads")
    scenes = None
    if wanted.chunks:
        scenes = draw_scenes(wanted.chunks, wanted.keep, jobs=wanted.threads, report=say)
        say(f"{len(scenes)} scenes drawn; {time.monotonic() - began:.0f} s so far")
    network = _beginning(wanted, scenes, device)
    apart = kept_apart(photos, wanted.apart) if wanted.apart else np.zeros(0, np.int64)
    rows = np.setdiff1d(np.arange(len(photos.labels)), apart)
    stages = (
        (Adapting(steps=wanted.steps[0], seed=wanted.seed), rows),
        (replace(LAST, steps=wanted.steps[1], seed=LAST.seed + wanted.seed), None),
    )
    results = []
    for number, (how, some) in enumerate(stages):
        reals = photos.reals if some is None else replace(photos.reals, rows=some)
        kept = wanted.keep / f"stage-{number}.pt"
        network = adapt(network, reals, scenes, roads, how, kept=kept, device=device, report=say)
        if number == 0 and len(apart):
            figures = figures_of(network, photos, apart, streets, device)
            _write_apart(network, photos, apart, wanted.out.with_suffix(".apart"))
            wanted.out.with_suffix(".json").write_text(json.dumps(figures, indent=1), "utf-8")
            say(f"never seen: {json.dumps(figures)}")
        results.append(deepcopy(network.cpu()))
    network = mean_of(results)
    export.write(network, wanted.out)
    off = export.disagreement(network, wanted.out, photos.reals.inputs[:64])
    say(f"{wanted.out}: {wanted.out.stat().st_size:,} bytes; torch and ONNX differ by {off:.1e}")
    say(f"{time.monotonic() - began:.0f} s in all")
    return 0 if off < 2e-2 else 1


def mean_of(networks: Sequence[Network]) -> Network:
    """The mean of networks' weights, in eval mode.

    A "model soup" (Wortsman et al. 2022): networks of which one went on from another are so near
    each other that the mean of their weights is a network as well, and a steadier one.
    """
    states = [network.state_dict() for network in networks]
    mean = deepcopy(networks[-1])
    mean.load_state_dict(
        {
            name: torch.stack([one[name].double() for one in states]).mean(dim=0)
            for name in states[0]
        }
    )
    mean.eval()
    return mean


def _write_apart(network: Network, photos: RealPhotos, apart: Rows, folder: Path) -> None:
    """Write the first stage's model for `bollards eval --fold-models`."""
    folder.mkdir(parents=True, exist_ok=True)
    export.write(network.cpu(), folder / "fold0.onnx")
    bollards = sorted({photos.labels[row].bollard for row in apart})
    (folder / "folds.json").write_text(json.dumps([bollards]), encoding="utf-8")


def _beginning(wanted: argparse.Namespace, scenes: Collection | None, device: str) -> Network:
    """The initial network of the second part: from a model file, or trained on scenes."""
    if wanted.start:
        return reopened(wanted.start)
    if scenes is None:
        raise SystemExit("a training from nothing needs scenes: --chunks, or --start FILE")
    shape = Shape(lessons=LESSONS if wanted.teacher else 0)
    lessons = taught(scenes, device) if wanted.teacher else None
    part = fit.Part(scenes, np.arange(len(scenes)), 32, lessons)
    return train_on_scenes(part, wanted.share, shape, wanted.seed, device, wanted.keep)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
