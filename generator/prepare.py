"""Each photo is decoded at most once a build: opened, cropped, made into pictures, embedded.

Here the steps collect, isolate, embed and render meet for one photo at a time, since a decoded
image is too large to keep and too slow to make twice. What was found out is kept in the cache, by
content, so that only new photos cost anything.
"""

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.cache import Cache
from generator.catalogue import Box, PictureSet, Source
from generator.collect.open import Opened, PhotoError, open_photo
from generator.config import Settings
from generator.embed import Embedder
from generator.errors import Problem
from generator.isolate import crop_box
from generator.progress import Progress
from generator.render.pictures import plan_pictures, write_pictures

FloatArray = NDArray[np.float32]

# Small enough that an interrupted build loses little and that few decoded images are alive at
# once, large enough that a commit to the cache costs nothing beside the work.
_BATCH = 8
# What embedders look at is never larger than this on its longer side.
_EMBEDDER_PIXELS = 512


@dataclass(frozen=True, slots=True)
class Prepared:
    """A usable photo: its size in px of the upright image, its crop, its pictures, its vector.

    `taken` is the date found inside the file; the one in photos.csv comes before it.
    """

    source: Source
    width: int
    height: int
    crop: Box
    pictures: PictureSet
    taken: str | None
    embedding: FloatArray


@dataclass(frozen=True, slots=True)
class _Facts:
    """What opening a photo found out; kept in the cache."""

    width: int
    height: int
    crop: Box
    taken: str | None
    warning: str | None

    def to_json(self) -> str:
        box = self.crop
        return json.dumps(
            {
                "size": [self.width, self.height],
                "crop": [box.left, box.top, box.right, box.bottom],
                "taken": self.taken,
                "warning": self.warning,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "_Facts":
        data: dict[str, Any] = json.loads(text)
        width, height = data["size"]
        return cls(width, height, Box(*data["crop"]), data["taken"], data["warning"])


def prepare(
    sources: Sequence[Source],
    photos: Path,
    pictures: Path,
    settings: Settings,
    cache: Cache,
    embedder: Embedder,
    progress: Progress,
) -> tuple[list[Prepared], list[Problem]]:
    """Make every photo ready for the steps that look at all of them together.

    Args:
        sources: what collect found.
        photos: the folder that `Source.file` is relative to.
        pictures: the folder `pictures/` that keeps published sizes between builds.
        settings: all of site.toml.
        cache: what earlier builds found out.
        embedder: what makes the vectors of photos that have none yet.
        progress: where to show how far it is.

    Returns:
        Usable photos in the order of `sources`, and what was wrong with the others.
    """
    pictures.mkdir(parents=True, exist_ok=True)
    fingerprint = embedder.fingerprint
    request = {source.id: _crop_request(source, settings) for source in sources}
    facts = {
        key: _Facts.from_json(text)
        for key, text in cache.prepared([(s.sha256, request[s.id]) for s in sources]).items()
    }
    vectors = cache.embeddings([(s.sha256, request[s.id]) for s in sources], fingerprint)
    existing = {entry.name for entry in os.scandir(pictures)}

    def plan(source: Source, known: _Facts) -> PictureSet:
        size = (known.width, known.height)
        return plan_pictures(source.id, size, known.crop, settings.pictures)

    def is_ready(source: Source) -> bool:
        key = (source.sha256, request[source.id])
        if key not in facts or key not in vectors:
            return False
        wanted = plan(source, facts[key])
        return all(Path(p.path).name in existing for p in (*wanted.photo, *wanted.crop))

    waiting = [source for source in sources if not is_ready(source)]
    problems: list[Problem] = []

    def work(batch: Sequence[Source]) -> None:
        opened: list[tuple[Source, Opened, _Facts]] = []
        for source in batch:
            try:
                image = open_photo(
                    photos / source.file,
                    settings.photos.max_megapixels,
                    at_least=_enough(source, settings),
                )
            except PhotoError as error:
                problems.append(Problem(f"photos/{source.file}", error.reason, skipped=True))
                continue
            box, warning = crop_box(source, (image.width, image.height), settings.isolate)
            found = _Facts(image.width, image.height, box, image.taken, warning)
            opened.append((source, image, found))
            wanted, part = plan(source, found), _scaled(box, image)
            write_pictures(image.image, wanted, part, settings.pictures, pictures.parent)
        missing = [
            entry for entry in opened if (entry[0].sha256, request[entry[0].id]) not in vectors
        ]
        if missing:
            rows = embedder.embed([_cropped(image, f.crop) for _, image, f in missing])
            new = {
                (source.sha256, request[source.id]): row
                for (source, _, _), row in zip(missing, rows, strict=True)
            }
            cache.keep_embeddings(fingerprint, new)
            vectors.update(new)
        learnt = {(source.sha256, request[source.id]): f for source, _, f in opened}
        cache.keep_prepared({key: f.to_json() for key, f in learnt.items()})
        facts.update(learnt)

    batches = [waiting[start : start + _BATCH] for start in range(0, len(waiting), _BATCH)]
    with progress.bar("Photos", len(waiting), "photos") as advance:
        _in_threads(work, batches, advance)

    ready = []
    for source in sources:
        key = (source.sha256, request[source.id])
        if key not in facts or key not in vectors:
            continue
        known = facts[key]
        if known.warning:
            problems.append(Problem(f"photos/{source.file}", known.warning, skipped=False))
        ready.append(
            Prepared(
                source,
                known.width,
                known.height,
                known.crop,
                plan(source, known),
                known.taken,
                vectors[key],
            )
        )
    return ready, sorted(problems, key=lambda problem: problem.file)


def cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _in_threads(
    work: Callable[[Sequence[Source]], None],
    batches: Sequence[Sequence[Source]],
    advance: Callable[[int], None],
) -> None:
    """Run `work` on every batch; on the first failure or Ctrl-C drop what has not begun.

    Threads are enough: decoding, resizing, encoding and the network all release the interpreter.
    """
    pool = ThreadPoolExecutor(max_workers=cores())
    try:
        futures = {pool.submit(work, batch): len(batch) for batch in batches}
        for future in futures:
            future.add_done_callback(lambda done: advance(futures.get(done, 0)))
        for done in wait(futures, return_when=FIRST_EXCEPTION).done:
            done.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _enough(source: Source, settings: Settings) -> int | None:
    """How many pixels the longer side must have at least; None for all there are.

    Decoding a large JPEG at a fraction of its size saves most of the time, but a given crop may be
    a small part of the photo and needs them all.
    """
    if source.crop is not None and settings.isolate.crop == "given":
        return None
    # Published sizes count widths; a photo is hardly ever more than twice as high as wide.
    return max(2 * max(settings.pictures.widths), _EMBEDDER_PIXELS)


def _crop_request(source: Source, settings: Settings) -> str:
    """What the crop depends on, besides the photo itself."""
    box = source.crop if settings.isolate.crop == "given" else None
    return f"{box.left},{box.top},{box.right},{box.bottom}" if box else "whole"


def _scaled(box: Box, opened: Opened) -> Box:
    """The box in pixels of the decoded image, which may be smaller than the original."""
    x, y = opened.image.width / opened.width, opened.image.height / opened.height
    if x == y == 1:
        return box
    left, top = int(box.left * x), int(box.top * y)
    return Box(left, top, max(left + 1, round(box.right * x)), max(top + 1, round(box.bottom * y)))


def _cropped(opened: Opened, box: Box) -> Image.Image:
    if (box.width, box.height) == (opened.width, opened.height):
        return opened.image
    scaled = _scaled(box, opened)
    return opened.image.crop((scaled.left, scaled.top, scaled.right, scaled.bottom))
