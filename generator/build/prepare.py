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

from generator.cache import Cache, Key
from generator.catalogue import Box, PictureSet, Source
from generator.collect.open import Opened, PhotoError, open_photo
from generator.config import Settings
from generator.embed import EMBEDDER_PIXELS, Embedder
from generator.errors import Problem
from generator.isolate import Isolator, crop_box
from generator.progress import Progress
from generator.render.pictures import plan_pictures, write_pictures

FloatArray = NDArray[np.float32]

# Small enough that an interrupted build loses little and that few decoded images are alive at
# once, large enough that a commit to the cache costs nothing beside the work.
_BATCH = 8


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
    isolator: Isolator | None,
    progress: Progress,
    meanwhile: Callable[[], object] = lambda: None,
) -> tuple[list[Prepared], list[Problem]]:
    """Make every photo ready for the steps that look at all of them together.

    Args:
        sources: what collect found.
        photos: the folder that `Source.file` is relative to.
        pictures: the folder `pictures/` that keeps published sizes between builds.
        settings: all of site.toml.
        cache: what earlier builds found out.
        embedder: what makes the vectors of photos that have none yet.
        isolator: what finds the bollard in photos without a given crop, if anything does.
        progress: where to show how far it is.
        meanwhile: something slow that later steps wait for otherwise, such as an import; run
            beside the photos where there are enough of them to hide it.

    Returns:
        Usable photos in the order of `sources`, and what was wrong with the others.
    """
    preparation = _Preparation(sources, photos, pictures, settings, cache, embedder, isolator)
    waiting = [source for source in sources if not preparation.is_done(source)]
    batches = [waiting[start : start + _BATCH] for start in range(0, len(waiting), _BATCH)]
    with progress.bar("Photos", len(waiting), "photos") as advance:
        _in_threads(preparation.work, batches, advance, meanwhile)
    ready = [one for source in sources if (one := preparation.result(source))]
    return ready, sorted(preparation.problems, key=lambda problem: problem.file)


class _Preparation:
    """The photos of one build on their way; what its threads share.

    Each photo belongs to one batch and so to one thread, and the tables are only ever added to.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        photos: Path,
        pictures: Path,
        settings: Settings,
        cache: Cache,
        embedder: Embedder,
        isolator: Isolator | None,
    ) -> None:
        pictures.mkdir(parents=True, exist_ok=True)
        self._photos = photos
        self._pictures = pictures
        self._existing = {entry.name for entry in os.scandir(pictures)}
        self._settings = settings
        self._cache = cache
        self._embedder = embedder
        self._isolator = isolator
        self._fingerprint = embedder.fingerprint
        keys = [self._key(source) for source in sources]
        self._facts = {key: _Facts.from_json(text) for key, text in cache.prepared(keys).items()}
        self._vectors = cache.embeddings(keys, self._fingerprint)
        self.problems: list[Problem] = []

    def is_done(self, source: Source) -> bool:
        """Whether earlier builds have left everything that this photo needs."""
        key = self._key(source)
        if key not in self._facts or key not in self._vectors:
            return False
        wanted = self._plan(source, self._facts[key])
        names = (Path(picture.path).name for picture in (*wanted.photo, *wanted.crop))
        return self._existing.issuperset(names)

    def work(self, batch: Sequence[Source]) -> None:
        """Open, crop, publish and embed some photos, and keep what was found out."""
        opened = [one for source in batch if (one := self._open(source))]
        missing = [one for one in opened if self._key(one[0]) not in self._vectors]
        if missing:
            crops = [_cropped(image, facts.crop) for _, image, facts in missing]
            rows = self._embedder.embed(crops)
            new = {
                self._key(source): row for (source, _, _), row in zip(missing, rows, strict=True)
            }
            self._cache.keep_embeddings(self._fingerprint, new)
            self._vectors.update(new)
        learnt = {self._key(source): facts for source, _, facts in opened}
        self._cache.keep_prepared({key: facts.to_json() for key, facts in learnt.items()})
        self._facts.update(learnt)

    def result(self, source: Source) -> Prepared | None:
        """What is known of a photo now; None when it cannot be used."""
        key = self._key(source)
        if key not in self._facts or key not in self._vectors:
            return None
        facts = self._facts[key]
        if facts.warning:
            self._report(source, facts.warning, skipped=False)
        return Prepared(
            source=source,
            width=facts.width,
            height=facts.height,
            crop=facts.crop,
            pictures=self._plan(source, facts),
            taken=facts.taken,
            embedding=self._vectors[key],
        )

    def _open(self, source: Source) -> tuple[Source, Opened, _Facts] | None:
        """Decode a photo and write its pictures while its pixels are at hand."""
        limit = self._settings.photos.max_megapixels
        given = source.crop is not None and self._settings.isolate.crop != "whole"
        # A crop may be a small part of a large photo, and needs all its pixels.
        enough = None if given or self._isolator else _enough(self._settings)
        try:
            image = open_photo(self._photos / source.file, limit, at_least=enough)
        except PhotoError as error:
            self._report(source, error.reason, skipped=True)
            return None
        found = None if given or not self._isolator else self._isolator.find(image.image)
        size = (image.width, image.height)
        box, warning = crop_box(source, size, self._settings.isolate, found)
        facts = _Facts(image.width, image.height, box, image.taken, warning)
        write_pictures(
            image.image,
            self._plan(source, facts),
            _scaled(box, image),
            self._settings.pictures,
            self._pictures.parent,
        )
        return source, image, facts

    def _plan(self, source: Source, facts: _Facts) -> PictureSet:
        size = (facts.width, facts.height)
        return plan_pictures(source.id, size, facts.crop, self._settings.pictures)

    def _key(self, source: Source) -> Key:
        """What everything kept of a photo depends on, besides the embedder."""
        given = source.crop if self._settings.isolate.crop != "whole" else None
        if given is None:
            return source.sha256, self._isolator.fingerprint if self._isolator else "whole"
        return source.sha256, f"{given.left},{given.top},{given.right},{given.bottom}"

    def _report(self, source: Source, reason: str, *, skipped: bool) -> None:
        self.problems.append(Problem(f"photos/{source.file}", reason, skipped))


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
    meanwhile: Callable[[], object],
) -> None:
    """Run `work` on every batch; on the first failure or Ctrl-C drop what has not begun.

    Threads are enough: decoding, resizing, encoding and the network all release the interpreter.
    """
    pool = ThreadPoolExecutor(max_workers=cores() + 1)
    try:
        if len(batches) > 2 * cores():
            pool.submit(meanwhile)
        futures = {pool.submit(work, batch): len(batch) for batch in batches}
        for future in futures:
            future.add_done_callback(lambda done: advance(futures.get(done, 0)))
        for done in wait(futures, return_when=FIRST_EXCEPTION).done:
            done.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _enough(settings: Settings) -> int:
    """How many pixels the longer side of a whole photo must have at least.

    Decoding a large JPEG at a fraction of its size saves most of the time.
    """
    # Published sizes count widths; a photo is hardly ever more than twice as high as wide.
    return max(2 * max(settings.pictures.widths), EMBEDDER_PIXELS)


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
