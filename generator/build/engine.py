"""What works on the photos of a build: the threads of this process, or something else.

`generator/build/prepare.py` cuts the photos into batches; an `Engine` has each of them worked on,
in any order, here or elsewhere. `generator/build/cluster.py` is another engine.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from generator.cache import Key
from generator.catalogue import Source
from generator.errors import Problem

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shard:
    """The results of one batch, as another process sends them.

    Attributes:
        prepared: JSON texts by the cache's keys.
        vectors: of the crops that had none.
        pictures: the contents of the published sizes, by the names of their files.
        problems: of its photos.
    """

    prepared: Mapping[Key, str]
    vectors: Mapping[Key, FloatArray]
    pictures: Mapping[str, bytes]
    problems: tuple[Problem, ...]


class Work(Protocol):
    """A preparation, see `generator.build.prepare.Preparation`."""

    def work(self, batch: Sequence[Source]) -> None:
        """Prepare some photos and keep the results. Several threads may call it."""

    def known(self, batch: Sequence[Source]) -> Mapping[Key, FloatArray]:
        """The vectors that photos of a batch have already."""

    def take(self, shard: Shard) -> None:
        """Keep the results of a batch that another process has worked on."""


Engine = Callable[
    [Work, Sequence[Sequence[Source]], Callable[[int], None], Callable[[], object]], None
]
"""Works on all batches of a preparation; the rest is as for `in_threads`."""


def in_threads(
    preparation: Work,
    batches: Sequence[Sequence[Source]],
    advance: Callable[[int], None],
    meanwhile: Callable[[], object],
) -> None:
    """Work on every batch; on the first failure or Ctrl-C, drop the batches that have not begun.

    Threads are enough: decoding, resizing, encoding and the network all release the interpreter.

    Args:
        preparation: works on a batch.
        batches: of photos.
        advance: called with the number of photos just finished.
        meanwhile: something slow that runs in parallel if there are enough photos to hide it.
    """
    pool = ThreadPoolExecutor(max_workers=cores() + 1)
    try:
        if len(batches) > 2 * cores():
            pool.submit(meanwhile)
        futures = {pool.submit(preparation.work, batch): len(batch) for batch in batches}
        for future in futures:
            future.add_done_callback(lambda done: advance(futures.get(done, 0)))
        for done in wait(futures, return_when=FIRST_EXCEPTION).done:
            done.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
