"""The detector's training loop: a second process prepares samples, checkpoints let it go on."""

import math
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from multiprocessing.context import SpawnProcess
from pathlib import Path
from queue import Empty, Full

import numpy as np
import numpy.typing as npt
import torch

from generator.training.detecting import DetectorNetwork, Wanted, losses
from generator.training.detector_material import Sources, Split, read_material
from generator.training.detector_samples import answer, make_sample

Batch = dict[str, npt.NDArray[np.generic]]


@dataclass(frozen=True)
class DetectorRecipe:
    """The settings of a training.

    ``averaging``: the decay of the averaged weights per step; ``every``: the number of steps
    between checkpoints.
    """

    steps: int = 3000
    batch: int = 16
    rate: float = 2.5e-3
    decay: float = 0.02
    averaging: float = 0.998
    seed: int = 0
    every: int = 250


WEIGHTS = {"heat": 1.0, "box": 1.0, "fit": 0.3, "mask": 0.5}


def train_detector(
    sources: Sources,
    split: Split,
    recipe: DetectorRecipe,
    checkpoint: Path,
    *,
    device: str = "cpu",
    report: Callable[[str], None] = print,
) -> DetectorNetwork:
    """A trained detector, in eval mode, with its averaged weights.

    Continues from ``checkpoint`` if that file exists. Raises OSError.
    """
    torch.manual_seed(recipe.seed)
    network: DetectorNetwork = DetectorNetwork().to(device, memory_format=torch.channels_last)
    average: DetectorNetwork = DetectorNetwork().to(device)
    optimiser = torch.optim.AdamW(network.parameters(), recipe.rate, weight_decay=recipe.decay)
    first = 0
    if checkpoint.exists():
        kept = torch.load(checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(kept["network"])
        average.load_state_dict(kept["average"])
        optimiser.load_state_dict(kept["optimiser"])
        first = int(kept["step"])
        report(f"detector: continues after step {first}")
    else:
        average.load_state_dict(network.state_dict())
    began, totals = time.monotonic(), dict.fromkeys(WEIGHTS, 0.0)
    network.train()
    for step, batch in enumerate(batches(sources, split, recipe, first), first + 1):
        images = torch.from_numpy(batch["pixels"]).permute(0, 3, 1, 2).float()
        images = images.to(device, memory_format=torch.channels_last)
        wanted = Wanted(
            **{one.name: torch.from_numpy(batch[one.name]).to(device) for one in fields(Wanted)}
        )
        with torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda"):
            cells, masks = network(images)
        parts = losses(cells.float(), masks.float(), wanted)
        for group in optimiser.param_groups:
            group["lr"] = rate(recipe, step)
        optimiser.zero_grad()
        torch.stack([weight * parts[name] for name, weight in WEIGHTS.items()]).sum().backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 10.0)
        optimiser.step()
        _follow(average, network, min(recipe.averaging, step / (step + 20)))
        for name, loss in parts.items():
            totals[name] += float(loss.detach())
        if step % 50 == 0:
            told = ", ".join(f"{name} {total / 50:.3f}" for name, total in totals.items())
            report(f"detector step {step}/{recipe.steps}: {told}, {time.monotonic() - began:.0f} s")
            totals = dict.fromkeys(WEIGHTS, 0.0)
        if step % recipe.every == 0 or step == recipe.steps:
            partial = checkpoint.with_suffix(".part")
            state = {
                "network": network.state_dict(),
                "average": average.state_dict(),
                "optimiser": optimiser.state_dict(),
                "step": step,
            }
            torch.save(state, partial)
            partial.replace(checkpoint)
    average.eval()
    average.cpu()
    return average


def rate(recipe: DetectorRecipe, step: int) -> float:
    """The learning rate of a step: it rises for 5% of the steps, then falls as half a cosine."""
    done = step / recipe.steps
    return recipe.rate * min(1.0, done / 0.05) * (0.5 + 0.5 * math.cos(math.pi * done) + 1e-3)


def _follow(average: DetectorNetwork, network: DetectorNetwork, kept: float) -> None:
    """Moves the averaged weights a little towards the network's."""
    with torch.no_grad():
        for mean, new in zip(
            average.state_dict().values(), network.state_dict().values(), strict=True
        ):
            if mean.dtype.is_floating_point:
                mean.lerp_(new, 1 - kept)
            else:
                mean.copy_(new)


def batches(sources: Sources, split: Split, recipe: DetectorRecipe, first: int) -> Iterator[Batch]:
    """The batches of the steps after ``first``, prepared by another process."""
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[Batch] = context.Queue(maxsize=8)
    worker = context.Process(target=_prepare, args=(queue, sources, split, recipe, first))
    worker.start()
    try:
        for _ in range(first, recipe.steps):
            yield _next(queue, worker)
    finally:
        worker.terminate()
        worker.join()


def _next(queue: "multiprocessing.Queue[Batch]", worker: SpawnProcess) -> Batch:
    while True:
        try:
            return queue.get(timeout=10)
        except Empty:
            if not worker.is_alive():
                raise RuntimeError("the process that prepares samples has ended") from None


def _prepare(
    queue: "multiprocessing.Queue[Batch]",
    sources: Sources,
    split: Split,
    recipe: DetectorRecipe,
    first: int,
) -> None:
    import cv2

    os.nice(10)
    cv2.setNumThreads(1)
    material = read_material(sources, split)
    for step in range(first, recipe.steps):
        samples = [
            make_sample(material, np.random.default_rng([recipe.seed, step, number]))
            for number in range(recipe.batch)
        ]
        answers = [answer(sample) for sample in samples]
        batch: Batch = {name: np.stack([one[name] for one in answers]) for name in answers[0]}
        batch["pixels"] = np.stack([sample.pixels for sample in samples])
        while not _put(queue, batch):
            parent = multiprocessing.parent_process()
            if parent is None or not parent.is_alive():
                # Nobody is left to take the rest.
                queue.cancel_join_thread()
                return


def _put(queue: "multiprocessing.Queue[Batch]", batch: Batch) -> bool:
    try:
        queue.put(batch, timeout=10)
    except Full:
        return False
    return True
