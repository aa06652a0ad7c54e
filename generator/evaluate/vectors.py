"""Turns labelled photos into vectors, which are cached by content."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from generator.build.engine import cores
from generator.cache import Cache, Key
from generator.collect.open import PhotoError
from generator.config import Settings
from generator.embed import Embedder
from generator.errors import BollardsError, Problem
from generator.evaluate.labelled import LabelledPhoto
from generator.evaluate.measures import Sample
from generator.isolate import Isolator
from generator.look import Look, observer
from generator.progress import Progress

FloatArray = npt.NDArray[np.float32]

_BATCH = 8


def embed_labelled(
    photos: Sequence[LabelledPhoto],
    embedder: Embedder,
    isolator: Isolator | None,
    cache: Cache,
    progress: Progress,
) -> tuple[Sample, tuple[Problem, ...]]:
    """Embed the photos that are not in the cache, and describe all if the embedder can.

    Args:
        photos: the photos.
        embedder: the embedder to measure.
        isolator: crops the photos first; None takes them whole.
        cache: keeps a vector under the fingerprints of both.
        progress: shows the progress.

    Returns:
        The photos that could be opened, in the order given, and the problems of the others.

    Raises:
        BollardsError: not one of them could be opened.
    """
    crops = f"look {isolator.fingerprint}" if isolator else "whole"
    keys = {photo.id: (photo.sha256, crops) for photo in photos}
    fingerprint = embedder.fingerprint
    observing = observer(Settings(), isolator)
    known = cache.embeddings(list(keys.values()), fingerprint)
    missing = [photo for photo in photos if keys[photo.id] not in known]
    problems: list[Problem] = []

    def look(batch: Sequence[LabelledPhoto]) -> dict[Key, FloatArray]:
        looks: dict[Key, Look] = {}
        for photo in batch:
            try:
                looks[keys[photo.id]] = observing.look(photo.path)
            except PhotoError as error:
                problems.append(Problem(photo.label.file, error.reason, skipped=True))
        if not looks:
            return {}
        rows = embedder.embed([one.compared for one in looks.values()])
        return dict(zip(looks, rows, strict=True))

    with (
        progress.bar("Photos", len(missing), "photos") as advance,
        ThreadPoolExecutor(cores()) as pool,
    ):
        batches = list(_batches(missing))
        for batch, found in zip(batches, pool.map(look, batches), strict=True):
            cache.keep_embeddings(fingerprint, found)
            known.update(found)
            advance(len(batch))
    usable = tuple(photo for photo in photos if keys[photo.id] in known)
    if not usable:
        raise BollardsError(
            "None of the photos can be opened:\n"
            + "\n".join(f"  {problem.file}: {problem.reason}" for problem in problems[:5])
        )
    embeddings = np.stack([known[keys[photo.id]] for photo in usable]).astype(np.float32)
    described = tuple(embedder.describe(embeddings)) if embedder.has_words else None
    return Sample(usable, embeddings, described), tuple(
        sorted(problems, key=lambda problem: problem.file)
    )


def _batches(photos: Sequence[LabelledPhoto]) -> Iterator[Sequence[LabelledPhoto]]:
    for start in range(0, len(photos), _BATCH):
        yield photos[start : start + _BATCH]
