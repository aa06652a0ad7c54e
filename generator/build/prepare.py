"""Prepares photos one by one: each is decoded at most once a build.

Here collect, isolate, embed and render work on one photo at a time, because a decoded image is too
large to keep and too slow to decode twice. The results are cached by content, so that only new
photos cost time.
"""

import errno
import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.build.engine import Engine, Shard, in_threads
from generator.build.kept_pictures import intact_pictures
from generator.cache import Cache, Key
from generator.catalogue import Box, PictureSet, Source
from generator.collect.open import PhotoError
from generator.config import Settings
from generator.embed import EMBEDDER_PIXELS, Embedder
from generator.errors import BollardsError, Problem
from generator.isolate import Isolator
from generator.isolate.bars import VERSION as BARS
from generator.keep import damage_warning, write_whole
from generator.look import Look, Observer, limits_of, said
from generator.progress import Progress
from generator.relate.same_picture import picture_hash
from generator.render.pictures import plan_pictures, write_pictures

FloatArray = NDArray[np.float32]

# Small enough that an interrupted build loses little and that few decoded images are in memory at
# once, large enough that a commit to the cache costs nothing beside the work.
_BATCH = 8
# Crops wait for the embedder until they have this many pixels together.
_WAITING = 8_000_000
# Write errors that no single photo causes, and that would also hit later ones.
_OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A usable photo: its size in px of the upright image, its crop, its pictures, its vector.

    `taken`, `credit` and `licence` come from the file itself; photos.csv takes precedence. `hash`
    identifies the picture, see `picture_hash`.
    """

    source: Source
    width: int
    height: int
    crop: Box
    pictures: PictureSet
    taken: str | None
    embedding: FloatArray
    credit: str | None = None
    licence: str | None = None
    hash: str = ""


@dataclass(frozen=True, slots=True)
class _Facts:
    """The results of opening a photo, kept in the cache."""

    width: int
    height: int
    crop: Box
    taken: str | None
    warnings: tuple[str, ...]
    credit: str | None
    licence: str | None
    hash: str

    def to_json(self) -> str:
        box = self.crop
        return json.dumps(
            {
                "size": [self.width, self.height],
                "crop": [box.left, box.top, box.right, box.bottom],
                "taken": self.taken,
                "warnings": self.warnings,
                "credit": self.credit,
                "licence": self.licence,
                "hash": self.hash,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "_Facts | None":
        """Read the result of `to_json`; None for that of an earlier version."""
        data: dict[str, Any] = json.loads(text)
        if "hash" not in data:
            return None
        width, height = data["size"]
        return cls(
            width,
            height,
            Box(*data["crop"]),
            data["taken"],
            tuple(data["warnings"]),
            data["credit"],
            data["licence"],
            data["hash"],
        )


@dataclass(frozen=True, slots=True)
class _Crop:
    """A photo that waits for its vector, and the part of it that is compared."""

    source: Source
    image: Image.Image
    facts: _Facts


def _facts_of(look: Look) -> _Facts:
    return _Facts(
        look.width,
        look.height,
        look.crop,
        look.metadata.taken,
        tuple(text for text in (look.remark, look.warning) if text),
        look.metadata.credit,
        look.metadata.licence,
        picture_hash(look.picture),
    )


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
    engine: Engine | None = None,
) -> tuple[list[Prepared], list[Problem]]:
    """Prepare every photo for the steps that work on all photos together.

    Args:
        sources: the photos that collect found.
        photos: the folder that `Source.file` is relative to.
        pictures: the folder `pictures/` that keeps published sizes between builds.
        settings: all of site.toml.
        cache: results of earlier builds.
        embedder: makes the vectors of photos that have none yet.
        isolator: finds the bollard in photos without a given crop, if there is one.
        progress: shows the progress.
        meanwhile: something slow that later steps would wait for, such as an import; it runs in
            parallel if there are enough photos to hide it.
        engine: works on the photos; by default the threads of this process.

    Returns:
        Usable photos in the order of `sources`, and the problems of the others.
    """
    existing, damaged = intact_pictures(pictures, cache)
    preparation = Preparation(
        sources, photos, pictures, settings, cache, embedder, isolator, existing
    )
    if damaged:
        warning = damage_warning(damaged)
        preparation.problems.append(Problem(".bollards/pictures", warning, skipped=False))
    unprepared = [source for source in sources if not preparation.is_done(source)]
    batches = [unprepared[start : start + _BATCH] for start in range(0, len(unprepared), _BATCH)]
    with progress.bar("Photos", len(unprepared), "photos") as advance:
        (engine or in_threads)(preparation, batches, advance, meanwhile)
    ready = [one for source in sources if (one := preparation.result(source))]
    usable = {one.source.id for one in ready}
    # Bollards of one photo need its picture, and meet the same problems.
    ready = [one for one in ready if one.source.picture in usable]
    problems = dict.fromkeys(preparation.problems)
    return ready, sorted(problems, key=lambda problem: problem.file)


class Kept(Protocol):
    """Where results are kept: the cache, or what a worker sends back. See `Cache`."""

    def prepared(self, keys: Sequence[Key]) -> dict[Key, str]: ...

    def keep_prepared(self, items: Mapping[Key, str]) -> None: ...

    def embeddings(self, keys: Sequence[Key], fingerprint: str) -> dict[Key, FloatArray]: ...

    def keep_embeddings(self, fingerprint: str, items: Mapping[Key, FloatArray]) -> None: ...

    def keep_made(self, digests: Mapping[str, str]) -> None: ...


class Preparation:
    """The photos of one build in preparation; the state that its threads share.

    Each photo belongs to one batch and so to one thread, and entries are only ever added to the
    tables.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        photos: Path,
        pictures: Path,
        settings: Settings,
        cache: Kept,
        embedder: Embedder,
        isolator: Isolator | None,
        existing: Collection[str] = (),
    ) -> None:
        self._photos = photos
        self._pictures = pictures
        self._existing = frozenset(existing)
        self._settings = settings
        self._cache = cache
        self._embedder = embedder
        self._isolator = isolator
        self._observer = Observer(isolator, limits_of(settings), _enough(settings))
        self._observer_of_whole = replace(self._observer, isolator=None)
        self._fingerprint = embedder.fingerprint
        keys = [self._key(source) for source in sources]
        kept = cache.prepared(keys)
        self._facts = {key: facts for key in kept if (facts := _Facts.from_json(kept[key]))}
        # Facts of an earlier version; the pictures made with them may have the wrong orientation.
        self._outdated = frozenset(kept) - frozenset(self._facts)
        self._vectors = cache.embeddings(keys, self._fingerprint)
        self.problems: list[Problem] = []
        self._plans: dict[str, tuple[_Facts, PictureSet]] = {}

    def is_done(self, source: Source) -> bool:
        """Whether the cache has everything that this photo needs."""
        key = self._key(source)
        if key not in self._facts or key not in self._vectors or not self._facts[key].hash:
            return False
        wanted = self._plan(source, self._facts[key])
        names = (picture.path.rpartition("/")[2] for picture in (*wanted.photo, *wanted.crop))
        return self._existing.issuperset(names)

    def work(self, batch: Sequence[Source]) -> None:
        """Open, crop and embed some photos, make their pictures, and cache the results."""
        crops: list[_Crop] = []
        for source in batch:
            opened = self._open(source)
            if opened:
                crops.append(opened)
            if sum(one.image.width * one.image.height for one in crops) > _WAITING:
                self._keep(crops)
                crops = []
        self._keep(crops)

    def known(self, batch: Sequence[Source]) -> dict[Key, FloatArray]:
        """The vectors that photos of a batch have already."""
        keys = [self._key(source) for source in batch]
        return {key: self._vectors[key] for key in keys if key in self._vectors}

    def take(self, shard: Shard) -> None:
        """Keep the results of a batch that another process has worked on."""
        for name, content in shard.pictures.items():
            write_whole(self._pictures / name, content)
        digests = {name: hashlib.sha256(one).hexdigest() for name, one in shard.pictures.items()}
        self._cache.keep_made(digests)
        self._cache.keep_embeddings(self._fingerprint, shard.vectors)
        self._vectors.update(shard.vectors)
        self._cache.keep_prepared(shard.prepared)
        found = {key: _Facts.from_json(text) for key, text in shard.prepared.items()}
        self._facts.update({key: facts for key, facts in found.items() if facts})
        self.problems += shard.problems

    def _keep(self, opened: "Sequence[_Crop]") -> None:
        """Embed the photos without a vector, and cache the results."""
        missing = [one for one in opened if self._key(one.source) not in self._vectors]
        new = self._embedded(missing)
        self._cache.keep_embeddings(self._fingerprint, new)
        self._vectors.update(new)
        learnt = {self._key(one.source): one.facts for one in opened}
        self._cache.keep_prepared({key: facts.to_json() for key, facts in learnt.items()})
        self._facts.update(learnt)

    def _embedded(self, crops: "Sequence[_Crop]") -> dict[Key, FloatArray]:
        """Vectors by key; a crop on which the embedder fails costs only its own photo."""
        if not crops:
            return {}
        try:
            rows = self._embedder.embed([one.image for one in crops])
            return {self._key(one.source): row for one, row in zip(crops, rows, strict=True)}
        except BollardsError:
            # The embedder's own message says what is wrong with it.
            raise
        except Exception as error:
            if len(crops) > 1:
                found: dict[Key, FloatArray] = {}
                for one in crops:
                    found |= self._embedded([one])
                return found
            self._report(crops[0].source, f"cannot be compared: {said(error)}.", skipped=True)
            return {}

    def result(self, source: Source) -> Prepared | None:
        """The prepared photo; None if it cannot be used."""
        key = self._key(source)
        if key not in self._facts or key not in self._vectors:
            return None
        facts = self._facts[key]
        for warning in facts.warnings:
            self._report(source, warning, skipped=False)
        return Prepared(
            source=source,
            width=facts.width,
            height=facts.height,
            crop=facts.crop,
            pictures=self._plan(source, facts),
            taken=facts.taken,
            embedding=self._vectors[key],
            credit=facts.credit,
            licence=facts.licence,
            hash=facts.hash,
        )

    def _open(self, source: Source) -> "_Crop | None":
        """Decode a photo and write its pictures while its pixels are in memory.

        Any failure costs this photo, and nothing else.
        """
        try:
            return self._opened(source)
        except PhotoError as error:
            reason = error.reason
        except BollardsError:
            raise
        except MemoryError:
            reason = "there is not enough memory to make its pictures."
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
                raise
            reason = f"cannot be made into pictures: {said(error)}."
        self._report(source, reason, skipped=True)
        return None

    def _opened(self, source: Source) -> "_Crop":
        path = self._photos / source.file
        observer = self._observer_of_whole if source.whole else self._observer
        look = observer.look(path, self._given(source), trimmed=source.trimmed)
        if look.found is not None and self._isolator:
            answer = json.dumps({"confidence": round(look.confidence or 0.0, 4)})
            self._cache.keep_prepared({seen_key(source, self._isolator): answer})
        if look.sha256 != source.sha256:
            raise PhotoError(path, "was replaced while the site was built. Build again.")
        facts = _facts_of(look)
        plan = self._plan(source, facts)
        if self._key(source) in self._outdated:
            for picture in (*plan.photo, *plan.crop):
                (self._pictures.parent / picture.path).unlink(missing_ok=True)
        folder = self._pictures.parent
        crop = None if look.is_whole else look.compared
        # The picture of the whole photo is written once, with the bollard that has the photo's id.
        plan = plan if source.picture == source.id else PictureSet((), plan.crop)
        made = write_pictures(look.picture, crop, plan, self._settings.pictures, folder)
        self._cache.keep_made(made)
        return _Crop(source, look.compared, facts)

    def _given(self, source: Source) -> Box | None:
        """The crop that the owner gave, where the settings ask for it."""
        return source.crop if self._settings.isolate.crop != "whole" else None

    def _plan(self, source: Source, facts: _Facts) -> PictureSet:
        known = self._plans.get(source.id)
        if known is not None and known[0] is facts:
            return known[1]
        size = (facts.width, facts.height)
        plan = plan_pictures(source.id, size, facts.crop, self._settings.pictures, source.parent)
        self._plans[source.id] = facts, plan
        return plan

    def _key(self, source: Source) -> Key:
        """A key of everything that a photo's cached results depend on, besides the embedder."""
        given = self._given(source)
        if given is None:
            isolator = None if source.whole else self._isolator
            bars = f" bars {BARS}" if source.trimmed else ""
            return source.sha256, (isolator.fingerprint if isolator else "whole") + bars
        return source.sha256, f"{given.left},{given.top},{given.right},{given.bottom}"

    def _report(self, source: Source, reason: str, *, skipped: bool) -> None:
        self.problems.append(Problem(f"photos/{source.file}", reason, skipped))


def seen_key(source: Source, isolator: Isolator) -> Key:
    """The cache's key for the confidence of an isolator's most confident bollard in a photo."""
    return source.sha256, f"seen {isolator.fingerprint}"


def _enough(settings: Settings) -> int:
    """The least number of pixels that the longer side of a whole photo needs.

    Decoding a large JPEG at a fraction of its size saves most of the time.
    """
    # Published sizes count widths; a photo is hardly ever more than twice as high as wide.
    return max(2 * max(settings.pictures.widths), EMBEDDER_PIXELS)
