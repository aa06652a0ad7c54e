"""Finds the photos in which no bollard is seen.

The detector is asked about every photo, once: its answer is cached. It looks at the largest kept
picture, which has all the pixels that it uses, so that no photo is decoded for this.
"""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from generator.build.engine import cores
from generator.build.hiding import Guard
from generator.build.prepare import Prepared, seen_key
from generator.cache import Cache, Key
from generator.collect.open import PhotoError, decoded
from generator.config import Settings
from generator.embed import Embedder
from generator.isolate import Isolator, load_isolator
from generator.look import limits_of
from generator.progress import Progress
from generator.project import Project

SEEN = 0.1
"""The least confidence of the detector at which a photo counts as showing a bollard.

Measured on photos that the detector had not seen (docs/guides/measuring.md): below it are 2 of 566
photos with a bollard and 58% of 267 roads without one.
"""
# Smaller pictures than this, in px of the larger side, do not show the detector all that it could
# use of a photo that is larger.
_ENOUGH = 800
_BATCH = 64


def unseen_photos(
    prepared: Sequence[Prepared],
    guard: Guard,
    project: Project,
    settings: Settings,
    embedder: Embedder,
    cache: Cache,
    progress: Progress,
) -> frozenset[str]:
    """The ids of the photos in which no bollard is seen, and about which the owner decided nothing.

    A bollard that is seen in one of its views need not be seen in the others. A photo with a box or
    a crop of the owner's shows a bollard, and so does one that the owner published, pinned to a
    type or chose as a picture. Where the embedder knows of no detector, nothing is asked.

    Raises:
        BollardsError: the detector is missing from the installation.
    """
    if not embedder.isolator:
        return frozenset()
    detector = load_isolator(
        settings.isolate.model_copy(update={"crop": embedder.isolator}), project.root
    )
    if detector is None:
        return frozenset()
    decisions = guard.decisions
    decided = decisions.shown | decisions.hidden | frozenset(decisions.pictures.values())
    pinned = frozenset(key for key, type_ in decisions.pins.items() if type_)
    asked = [
        one
        for one in prepared
        if one.source.crop is None
        and one.source.id not in decided
        and one.source.bollard not in pinned
    ]
    found = _confidences(asked, project, settings, detector, cache, progress)
    seen = {one.source.bollard for one in prepared if found.get(one.source.id, 1.0) >= SEEN}
    return frozenset(one.source.id for one in asked if one.source.bollard not in seen)


def unseen_bollards(bollard_of: Mapping[str, str], unseen: frozenset[str]) -> frozenset[str]:
    """The keys of bollards that are detected in none of their photos.

    Args:
        bollard_of: the bollard of each photo on the site, by the photo's id.
        unseen: ids of the photos in which no bollard is seen.
    """
    seen = {bollard for photo, bollard in bollard_of.items() if photo not in unseen}
    return frozenset(bollard_of[photo] for photo in unseen if photo in bollard_of) - seen


def _confidences(
    photos: Sequence[Prepared],
    project: Project,
    settings: Settings,
    detector: Isolator,
    cache: Cache,
    progress: Progress,
) -> dict[str, float]:
    """The confidence of each photo's most confident bollard, 0 to 1, by the photo's id."""

    def key(one: Prepared) -> Key:
        return seen_key(one.source, detector)

    kept = cache.prepared([key(one) for one in photos])
    known = {photo: float(json.loads(text)["confidence"]) for photo, text in kept.items()}
    missing = [one for one in photos if key(one) not in known]

    def ask(one: Prepared) -> float | None:
        try:
            found = detector.boxes(_picture(one, project, settings))
        except (OSError, PhotoError):
            # The next build makes lost pictures again, and asks the detector then.
            return None
        return round(found[0].confidence, 4) if found else 0.0

    with (
        progress.bar("Detecting", len(missing), "photos") as advance,
        ThreadPoolExecutor(cores()) as pool,
    ):
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            answers = {
                key(one): answer
                for one, answer in zip(batch, pool.map(ask, batch), strict=True)
                if answer is not None
            }
            cache.keep_prepared(
                {photo: json.dumps({"confidence": answer}) for photo, answer in answers.items()}
            )
            known |= answers
            advance(len(batch))
    return {one.source.id: known[key(one)] for one in photos if key(one) in known}


def _picture(one: Prepared, project: Project, settings: Settings) -> Image.Image:
    """The photo, upright: its largest kept picture, or the photo itself if that is too small."""
    largest = one.pictures.photo[-1]
    if max(largest.width, largest.height) >= min(_ENOUGH, max(one.width, one.height)):
        with Image.open(project.pictures.parent / largest.path) as image:
            return image.convert("RGB")
    path: Path = project.photos / one.source.file
    with decoded(path, limits_of(settings), at_least=_ENOUGH) as photo:
        return photo.picture(at_least=_ENOUGH)
