"""Train the recogniser: ``python -m generator.training.train --photos DIR --out FILE``.

First on rendered scenes, which need no labelling, then on labelled photos with some scenes kept
among them. ``--masks`` brings better masks of the photos than GrabCut's (see `masks.photo_masks`),
``--teacher`` a large network's lessons (see ``teaching.py``). With ``--folds K`` the second part
runs K more times, each time without one K-th of the bollards, and the figures of the bollards left
out are printed and written: the shipped model is trained on all bollards, its figures are those of
the folds. Needs the extra ``train`` (torch, onnx, OpenCV); a GPU is used where there is one.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from generator.evaluate.labels import folds, measure_attributes, measure_neighbours, spread
from generator.training import data, export, fit
from generator.training.augment import Strength
from generator.training.collection import Collection, Rows, collection_of
from generator.training.drawn import draw_scenes
from generator.training.masks import photo_masks
from generator.training.network import Network, Shape
from generator.training.soup import soup
from generator.training.swapping import (
    cropped_inputs,
    measure_crop,
    measure_swap,
    swapped_inputs,
)
from generator.training.teaching import LESSONS
from generator.training.whiten import inputs_of

_SCENES = fit.Recipe(
    strength=Strength(noise=8.0, swap=0.65),
    same_country=0.0,
    attributes=1.5,
    teaching=1.5,
    smoothing=0.02,
    average=0.995,
)
CHUNKS = 80
"""Rendered scenes, in 500s."""

ROUNDS = (
    replace(_SCENES, epochs=10, rate=3e-3),
    replace(_SCENES, epochs=7, rate=2e-3, seed=5),
    replace(_SCENES, epochs=18, rate=2e-3, seed=9),
)
"""Several times over all scenes, each after the first a warm restart."""

PHOTOS = fit.Recipe(
    strength=Strength(swap=0.7),
    epochs=40,
    rate=1.5e-3,
    attributes=2.0,
    teaching=1.0,
    kind_share=0.4,
)
PHOTOS_DROPOUT = 0.3
"""More than while scenes are learnt: photos are few, and soon known by heart."""

MEMBERS = 3
"""Trainings on photos that become one network."""

BOLLARDS = 32
SCENES_AMONG_PHOTOS = 20
SCENES_TO_WHITEN = 1500


def say(message: str) -> None:
    """One line of progress, with the time of day."""
    print(time.strftime("%H:%M:%S"), message, flush=True)


def held_out(
    network: Network, photos: data.Photos, real: Collection, fold: Rows, device: str
) -> dict[str, float]:
    """The figures of photos that training has not seen.

    Plain names: the fold's photos are queries and gallery. Names with ``among all``: the gallery
    is every photo, those of the training included. Swaps and crops are those of `swapping.py`.
    """
    embeddings = fit.embed(network, photos.inputs, device)
    labels = [photos.labels[row] for row in fold]
    apart = measure_neighbours(embeddings[fold].numpy(), labels)
    among = measure_neighbours(embeddings.numpy(), photos.labels, fold.tolist())
    told = measure_attributes(fit.tell(network, embeddings[fold]), labels)
    swapped = fit.embed(network, swapped_inputs(real, fold), device)
    swaps = measure_swap(embeddings[fold], swapped, real.bollards[fold])
    crops = measure_crop(embeddings[fold], fit.embed(network, cropped_inputs(real, fold), device))
    everywhere = {f"{name} among all": found for name, found in among.items()}
    return {**apart, **everywhere, **told, **swaps, **crops}


def table(figures: Mapping[str, tuple[float, float]]) -> str:
    """The folds' figures as lines of text: mean and spread."""
    return "\n".join(
        f"  {name:<36} {mean:.3f} ± {off:.3f}" for name, (mean, off) in figures.items()
    )


def train_on_scenes(
    part: fit.Part, share: float, shape: Shape, seed: int, device: str, folder: Path
) -> dict[str, Tensor]:
    """Weights from rendered scenes alone, the same start for every fold.

    ``share`` scales the passes of each round, for a quick trial. Each round's weights are kept in
    ``folder``: a run that was cut off goes on after the last finished round (empty the folder after
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
    return weights


def train_on_photos(
    photos: fit.Part,
    rows: Rows,
    scenes: fit.Part | None,
    start: Mapping[str, Tensor] | None,
    recipe: fit.Recipe,
    device: str,
) -> Network:
    """A network for the photos ``rows``, scenes among them where there are any.

    Trained several times from the same start, where there is one: see ``soup.py``.
    """
    parts = [replace(photos, rows=rows)]
    seen = [inputs_of(photos.collection, rows)]
    if scenes is not None:
        parts.append(replace(scenes, bollards=SCENES_AMONG_PHOTOS))
        some = np.random.default_rng(recipe.seed).permutation(scenes.rows)[:SCENES_TO_WHITEN]
        seen.append(inputs_of(scenes.collection, some))
    turns = range(MEMBERS if start is not None else 1)
    recipes = [replace(recipe, seed=recipe.seed + turn) for turn in turns]
    members = [fit.fit(parts, one, start=start, device=device, report=say) for one in recipes]
    return soup(members, np.concatenate(seen), device)


def taught(scenes: Collection, photos: Collection, device: str) -> tuple[Tensor, Tensor]:
    """A teacher's lessons about the scenes and about the photos; scenes alone decide their axes."""
    from generator.training.teaching import Teacher, lessons_of

    teacher = Teacher(device)
    of_scenes = teacher.features(scenes)
    return lessons_of(of_scenes, of_scenes), lessons_of(teacher.features(photos), of_scenes)


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m generator.training.train")
    parser.add_argument("--photos", type=Path, required=True, help="folder with labels.csv")
    parser.add_argument("--out", type=Path, help="the ONNX file to write (all bollards)")
    parser.add_argument("--report", type=Path, help="the folds' figures, as JSON")
    parser.add_argument("--folds", type=int, default=0, help="cross-validate over K folds")
    parser.add_argument("--epochs", type=int, default=PHOTOS.epochs, help="over the photos")
    parser.add_argument(
        "--chunks", type=int, default=CHUNKS, help="rendered scenes, in 500s; 0: none"
    )
    parser.add_argument("--share", type=float, default=1.0, help="of the passes over the scenes")
    parser.add_argument("--masks", type=Path, help="folder with masks of the photos, PNG")
    parser.add_argument("--teacher", action="store_true", help="take lessons; needs scenes")
    parser.add_argument("--fold-models", type=Path, help="folder that keeps each fold's model")
    parser.add_argument("--keep", type=Path, default=Path(".bollards/train"), help="scratch folder")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Run the training that the arguments ask for; 0 when all went well."""
    wanted = _arguments(arguments)
    torch.set_num_threads(wanted.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    began = time.monotonic()
    photos = data.read_photos(wanted.photos)
    say(f"{len(photos)} photos read; cutting out their bollards")
    masks, given = photo_masks(photos, wanted.masks)
    say(f"{given.sum()} masks are given, GrabCut cut out {(~given).sum()}")
    real = fit.Part(collection_of(photos, masks), np.arange(len(photos)), BOLLARDS)
    scenes, start = None, None
    shape = Shape(lessons=LESSONS if wanted.teacher and wanted.chunks else 0)
    if wanted.chunks:
        drawn = draw_scenes(wanted.chunks, wanted.keep, jobs=wanted.threads, report=say)
        scenes = fit.Part(drawn, np.arange(len(drawn)), BOLLARDS)
        say(f"{len(drawn)} scenes drawn; {time.monotonic() - began:.0f} s so far")
        if shape.lessons:
            lessons, of_photos = taught(drawn, real.collection, device)
            scenes, real = replace(scenes, lessons=lessons), replace(real, lessons=of_photos)
            say(f"the teacher has seen all; {time.monotonic() - began:.0f} s so far")
        start = train_on_scenes(scenes, wanted.share, shape, wanted.seed, device, wanted.keep)
    shape = replace(shape, dropout=PHOTOS_DROPOUT)
    recipe = replace(PHOTOS, shape=shape, epochs=wanted.epochs, seed=wanted.seed)
    figures = []
    if wanted.folds:
        parts = folds(photos.labels, wanted.folds)
        for number, fold in enumerate(parts):
            rows = np.concatenate([part for part in parts if part is not fold])
            say(f"fold {number + 1} of {wanted.folds}: {len(rows)} photos to learn from")
            network = train_on_photos(real, rows, scenes, start, recipe, device)
            figures.append(held_out(network, photos, real.collection, fold, device))
            if wanted.fold_models:
                wanted.fold_models.mkdir(parents=True, exist_ok=True)
                export.write(network.cpu(), wanted.fold_models / f"fold{number}.onnx")
            say(json.dumps({name: round(value, 3) for name, value in figures[-1].items()}))
        if wanted.fold_models:
            held = [sorted({photos.labels[row].bollard for row in part}) for part in parts]
            text = json.dumps(held)
            (wanted.fold_models / "folds.json").write_text(text, encoding="utf-8")
        say(f"photos never seen, {wanted.folds} folds:\n{table(spread(figures))}")
    if wanted.report:
        wanted.report.write_text(json.dumps({"folds": figures}, indent=1), encoding="utf-8")
    if wanted.out:
        rows = np.arange(len(photos))
        network = train_on_photos(real, rows, scenes, start, recipe, device).cpu()
        export.write(network, wanted.out)
        off = export.disagreement(network, wanted.out, photos.inputs[:64])
        say(
            f"{wanted.out}: {wanted.out.stat().st_size:,} bytes; torch and ONNX differ by {off:.1e}"
        )
        if off > 2e-2:
            return 1
    say(f"{time.monotonic() - began:.0f} s in all")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
