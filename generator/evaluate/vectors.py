"""Labelled photos become vectors; what was computed once is kept by content."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from generator.build.prepare import cores
from generator.cache import Cache, Key
from generator.catalogue import Box
from generator.collect.open import PhotoError, open_photo
from generator.embed import Embedder
from generator.errors import BollardsError, Problem
from generator.evaluate.labelled import LabelledPhoto
from generator.evaluate.measures import Sample
from generator.isolate import Isolator
from generator.progress import Progress

FloatArray = npt.NDArray[np.float32]

MEGAPIXELS = 120
# What embedders look at is never larger than this on its longer side.
PIXELS = 512
_BATCH = 8


@dataclass(frozen=True)
class Eyes:
    """What looks at the photos: the crop that `isolator` finds (None: the whole photo), embedded.

    A crop is kept under the isolator's fingerprint, an embedding under both fingerprints.
    """

    embedder: Embedder
    isolator: Isolator | None = None

    @property
    def crop_key(self) -> str:
        return f"eval {self.isolator.fingerprint}" if self.isolator else "whole"

    def crop(self, image: Image.Image) -> Image.Image:
        """The part of a photo that is compared."""
        box: Box | None = self.isolator.find(image) if self.isolator else None
        return image if box is None else image.crop((box.left, box.top, box.right, box.bottom))


def embed_labelled(
    photos: Sequence[LabelledPhoto], eyes: Eyes, cache: Cache, progress: Progress
) -> tuple[Sample, tuple[Problem, ...]]:
    """Embed the photos that the cache does not know, and describe all where the embedder can.

    Returns:
        The photos that could be opened, in the order given, and what was wrong with the others.

    Raises:
        BollardsError: not one of them could be opened.
    """
    keys = {photo.id: (photo.sha256, eyes.crop_key) for photo in photos}
    fingerprint = eyes.embedder.fingerprint
    known = cache.embeddings(list(keys.values()), fingerprint)
    waiting = [photo for photo in photos if keys[photo.id] not in known]
    problems: list[Problem] = []

    def look(batch: Sequence[LabelledPhoto]) -> dict[Key, FloatArray]:
        crops: list[tuple[Key, Image.Image]] = []
        for photo in batch:
            try:
                image = open_photo(photo.path, MEGAPIXELS, at_least=PIXELS).image
            except PhotoError as error:
                problems.append(Problem(photo.label.file, error.reason, skipped=True))
                continue
            crops.append((keys[photo.id], eyes.crop(image)))
        if not crops:
            return {}
        rows = eyes.embedder.embed([image for _, image in crops])
        return {key: row for (key, _), row in zip(crops, rows, strict=True)}

    with (
        progress.bar("Photos", len(waiting), "photos") as advance,
        ThreadPoolExecutor(cores()) as pool,
    ):
        batches = list(_batches(waiting))
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
    described = tuple(eyes.embedder.describe(embeddings)) if eyes.embedder.has_words else None
    return Sample(usable, embeddings, described), tuple(
        sorted(problems, key=lambda problem: problem.file)
    )


def _batches(photos: Sequence[LabelledPhoto]) -> Iterator[Sequence[LabelledPhoto]]:
    for start in range(0, len(photos), _BATCH):
        yield photos[start : start + _BATCH]
