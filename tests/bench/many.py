"""How long, and in how much memory, are up to 100,000 photos grouped and related?

    python -m tests.bench.many SITE [--photos 1000 10000 100000] [--index usearch]

SITE is a project that was built with the built-in recogniser; its photos stay where they are. A
made-up collection consists of variations of their stored embeddings, two views a bollard: each kind
is a mix of two real photos, each bollard varies its kind, each view its bollard. Opening,
embedding and scaling photos are left out, because their cost a photo does not depend on the size of
the collection (`make bench` measures it). Every collection has a process of its own, so that the
peak of its memory is its own.
"""

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from generator.catalogue import Neighbour
from generator.config import GroupSettings, RelateSettings
from generator.group import cluster, members_of
from generator.project import Project
from generator.recogniser.model import Recogniser
from generator.relate.index import EXACT, load_finder
from generator.relate.layout import lay_out
from generator.relate.order import card_order
from generator.relate.similarity import DECIMALS, lookalikes, neighbours
from generator.rows import PhotoRows
from generator.vectors import FloatArray, load_vectors, unit_rows
from tests.group.made import photo_id

Result = TypeVar("Result")

_BOLLARDS_A_KIND = 15
# How far bollards are from the middle of their kind, and views from their bollard: the lengths of
# random vectors that are added to unit vectors. With these, neighbours are as similar as those of
# the development photos (a median of about 0.8).
_BOLLARD, _VIEW = 0.5, 0.35
# Recall is counted for so many photos.
_ASKED = 500


@dataclass(frozen=True)
class Clock:
    """Prints what each step takes."""

    photos: int

    def time(self, name: str, step: Callable[[], Result]) -> Result:
        began = time.process_time()
        result = step()
        seconds = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{self.photos:>8,} {name:<14}{seconds:>9.1f} s {peak:>9,.0f} MB", flush=True)
        return result


def variations(real: FloatArray, photos: int, recogniser: Recogniser, seed: int = 1) -> PhotoRows:
    """A made-up collection with about so many photos of half as many bollards.

    Args:
        real: float32 [n, d], embeddings of real photos, rows of unit length.
        photos: how many.
        recogniser: describes the made-up embeddings.
        seed: of the random numbers.
    """
    random = np.random.default_rng(seed)
    bollards = photos // 2
    kinds = max(2, bollards // _BOLLARDS_A_KIND)
    one, other = random.integers(0, len(real), (2, kinds))
    share = random.uniform(0, 0.5, (kinds, 1))
    middles = unit_rows((1 - share) * real[one] + share * real[other])

    def varied(vectors: FloatArray, length: float) -> FloatArray:
        step = random.normal(size=vectors.shape) * length / np.sqrt(vectors.shape[1])
        return unit_rows(vectors + step)

    own = varied(middles[random.integers(0, kinds, bollards)], _BOLLARD)
    embeddings = varied(np.repeat(own, 2, axis=0), _VIEW)
    ids = tuple(map(photo_id, range(len(embeddings))))
    tables = recogniser.probabilities(embeddings)
    described = tuple(
        {
            name: dict(zip(recogniser.vocabulary[name], table[row].tolist(), strict=True))
            for name, table in tables.items()
        }
        for row in range(len(ids))
    )
    keys = tuple(ids[row - row % 2] for row in range(len(ids)))
    return PhotoRows(ids, keys, ids, embeddings, described)


def measure(site: Path, photos: int, index: str) -> None:
    """Print time and memory of grouping and relating a made-up collection."""
    vectors = load_vectors(Project(site).index)
    clock = Clock(photos)
    rows = clock.time("made up", lambda: variations(vectors.embeddings, photos, Recogniser()))
    labels = clock.time("group", lambda: cluster(rows, GroupSettings()))
    types = {
        f"type{number:05}": frozenset(
            photo for bollard in members for photo in rows.photos_of[bollard]
        )
        for number, members in enumerate(members_of(labels))
    }
    members = rows.members(types)
    settings = RelateSettings()
    found = clock.time(
        f"near, {index}",
        lambda: neighbours(
            rows.ids, rows.embeddings, settings.neighbours, finder=load_finder(index)
        ),
    )
    if index != EXACT:
        print(f"{photos:>8,} {'recall':<14}{recall(rows, found):>9.3f}", flush=True)
    clock.time("look-alikes", lambda: lookalikes(rows.embeddings, members, settings.lookalikes))
    clock.time(
        "cards",
        lambda: card_order(
            rows.embeddings,
            members,
            {key: rows.look(own) for key, own in members.items()},
            {key: len(own) for key, own in members.items()},
        ),
    )
    clock.time("contact sheet", lambda: lay_out(rows, types, {}, {}))
    print(f"{photos:>8,} {'types':<14}{len(types):>9,}")


def recall(rows: PhotoRows, found: Sequence[tuple[Neighbour, ...]]) -> float:
    """The share of the exact neighbours of some photos that an index found."""
    hits = total = 0
    for row in range(0, len(rows), max(1, len(rows) // _ASKED)):
        similarity = np.round(rows.embeddings @ rows.embeddings[row], DECIMALS)
        similarity[row] = -1
        own = found[row]
        # Another photo of the same similarity is as good.
        last = np.sort(similarity)[-len(own)]
        hits += sum(similarity[rows.row_of[one.photo]] >= last for one in own)
        total += len(own)
    return hits / total


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("--photos", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--index", default=EXACT, choices=[EXACT, "faiss", "usearch"])
    arguments = parser.parse_args()
    start = multiprocessing.get_context("spawn")
    for photos in arguments.photos:
        child = start.Process(target=measure, args=(arguments.site, photos, arguments.index))
        child.start()
        child.join()


if __name__ == "__main__":
    main()
