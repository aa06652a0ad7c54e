"""Rendered scenes as a training collection with exact masks and attributes.

Two views of each random design, front and back, each in its own surroundings. Scenes are drawn
in chunks that depend only on the seed and the chunk's number, so that several processes can share
the work and a folder can keep the result.
"""

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from generator.training.collection import Collection
from generator.training.scenes import Framing, random_design, render_scene
from generator.vocabulary import VOCABULARY, canonical

CHUNK = 250
SIZES: dict[Framing, tuple[int, int]] = {"close": (194, 240), "wide": (256, 192)}
"""Width and height of the pictures, in pixels: portraits of one post, views of a street."""


def draw_chunk(seed: int, chunk: int, framing: Framing = "close") -> Collection:
    """``CHUNK`` designs, two pictures each, canvases of ``SIZES[framing]``."""
    rng = np.random.default_rng([seed, chunk])
    width, height = SIZES[framing]
    canvases = np.zeros((2 * CHUNK, height, width, 3), np.uint8)
    masks = np.zeros((2 * CHUNK, height, width), np.uint8)
    values = {name: np.full(2 * CHUNK, -1, np.int64) for name in VOCABULARY}
    for number in range(CHUNK):
        design = random_design(rng)
        for row in (2 * number, 2 * number + 1):
            scene = render_scene(
                design,
                rng,
                size=(width, height),
                view="back" if row % 2 else "front",
                framing=framing,
            )
            canvases[row] = np.asarray(scene.image)
            masks[row] = scene.mask
            for name, known in VOCABULARY.items():
                value = canonical(getattr(scene.attributes, name))
                if value in known:
                    values[name][row] = known.index(value)
    bollards = chunk * CHUNK + np.arange(2 * CHUNK) // 2
    return Collection(canvases, masks, bollards, np.zeros(2 * CHUNK, np.int64), values)


def _keep(work: tuple[int, int, Framing, Path]) -> Path:
    """Draw a chunk into its file unless it exists; the file is written as a whole or not at all."""
    seed, chunk, framing, folder = work
    path = folder / f"{framing}-{seed}-{chunk:04d}.npz"
    if not path.exists():
        drawn = draw_chunk(seed, chunk, framing)
        partial = path.with_suffix(".part.npz")
        arrays: dict[str, npt.NDArray[np.generic]] = {
            f"value_{name}": found for name, found in drawn.values.items()
        }
        arrays |= {"canvases": drawn.canvases, "masks": drawn.masks, "bollards": drawn.bollards}
        np.savez(partial, allow_pickle=False, **arrays)
        partial.replace(path)
    return path


def draw_scenes(
    chunks: int,
    folder: Path,
    *,
    framing: Framing = "close",
    seed: int = 77,
    jobs: int = 2,
    report: Callable[[str], None] = print,
) -> Collection:
    """``chunks`` chunks of scenes, kept in ``folder`` between runs. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    work = [(seed, chunk, framing, folder) for chunk in range(chunks)]
    paths = []
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for path in pool.imap(_keep, work):
            paths.append(path)
            if len(paths) % 10 == 0:
                report(f"scenes: {len(paths) * 2 * CHUNK} of {chunks * 2 * CHUNK}")
    width, height = SIZES[framing]
    count = chunks * 2 * CHUNK
    # Filled chunk by chunk: tens of thousands of scenes fit into the memory once, not twice.
    whole = Collection(
        np.empty((count, height, width, 3), np.uint8),
        np.empty((count, height, width), np.uint8),
        np.empty(count, np.int64),
        np.zeros(count, np.int64),
        {name: np.empty(count, np.int64) for name in VOCABULARY},
    )
    for number, path in enumerate(paths):
        rows = slice(number * 2 * CHUNK, (number + 1) * 2 * CHUNK)
        with np.load(path) as part:
            whole.canvases[rows] = part["canvases"]
            whole.masks[rows] = part["masks"]
            whole.bollards[rows] = part["bollards"]
            for name in VOCABULARY:
                whole.values[name][rows] = part[f"value_{name}"]
    return whole
