"""Photos with several bollards, `[isolate] several = "all"`: each becomes a source of its own.

This comes before everything else that a build does with photos, so that decisions, hiding, types
and pages treat such a bollard like any other. It has its photo's file, and an id of its own.

The clearest bollard keeps the photo's id and key: turning the setting on adds bollards, and changes
none. The id of another one is made from the photo's id and its box in whole pixels. Its rank would
not do, because ranks change places when confidences change a little. Boxes change a little as well
when the detector does. So the ledger records ids with their boxes, and a new box that overlaps a
recorded one (IoU over SAME) keeps its id.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from generator.build.engine import cores
from generator.cache import Cache, Key
from generator.catalogue import Box, Source
from generator.collect.open import PhotoError
from generator.config import Settings
from generator.group.ledger import Ledger
from generator.isolate import Found, Isolator, load_isolator
from generator.look import SEARCH_PIXELS, Observer, limits_of
from generator.progress import Progress
from generator.project import Project
from generator.recogniser.framing import framed, overlap

LEAST = 0.6
"""A box counts from this confidence: it is calibrated, so that 60% of those are right."""
MOST = 8
"""Of more bollards in a photo, the most confident ones count."""
SAME = 0.5


def split_photos(
    project: Project,
    sources: Sequence[Source],
    settings: Settings,
    ledger: Ledger,
    cache: Cache,
    progress: Progress,
) -> tuple[tuple[Source, ...], Ledger]:
    """A source for each bollard of photos that show several, and the ledger with their boxes.

    Photos with a crop in photos.csv, and those that cannot be opened, stay as they are.

    Raises:
        BollardsError: the isolator cannot work.
    """
    if settings.isolate.several == "clearest":
        return tuple(sources), ledger
    name = "builtin" if settings.isolate.crop == "given" else settings.isolate.crop
    isolator = load_isolator(settings.isolate.model_copy(update={"crop": name}), project.root)
    if isolator is None:
        return tuple(sources), ledger
    searched = [source for source in sources if source.crop is None]
    found = _detect(project.photos, searched, settings, isolator, cache, progress)
    boxes = dict(ledger.boxes)
    result: list[Source] = []
    for source in sources:
        seen = found.get(source.id)
        own = named(source.id, seen.found, boxes.get(source.id, {})) if seen else {}
        if seen and own:
            boxes[source.id] = own
            result += [_part(source, key, box, seen.size) for key, box in own.items()]
        else:
            result.append(source)
    return tuple(result), replace(ledger, boxes=boxes)


def named(photo: str, found: Sequence[Found], known: Mapping[str, Box]) -> dict[str, Box]:
    """The bollards of a photo by id, that with the photo's own id first; {} if it has only one.

    Args:
        photo: the photo's id.
        found: its boxes, the most confident first.
        known: the boxes that the bollards had before, by id.
    """
    boxes = [_whole(one) for one in found if one.confidence >= LEAST][:MOST]
    if len(boxes) < 2:
        return {}
    pairs = sorted(
        (
            (overlap(astuple(box), astuple(old)), key, position)
            for position, box in enumerate(boxes)
            for key, old in known.items()
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    of: dict[int, str] = {}
    for shared, key, position in pairs:
        if shared > SAME and position not in of and key not in of.values():
            of[position] = key
    if photo not in of.values():
        # The photo's page needs a bollard: the clearest new one, else the clearest.
        of[next((position for position in range(len(boxes)) if position not in of), 0)] = photo
    ids = {of.get(position) or part_id(photo, box): box for position, box in enumerate(boxes)}
    return {photo: ids[photo]} | ids


def part_id(photo: str, box: Box) -> str:
    """The id of a bollard that shares its photo: 12 hexadecimal digits."""
    text = f"{photo} {box.left},{box.top},{box.right},{box.bottom}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class _Seen:
    """The bollards of a photo of this width and height, in its pixels."""

    size: tuple[int, int]
    found: tuple[Found, ...]

    def to_json(self) -> str:
        boxes = [[one.left, one.top, one.right, one.bottom, one.confidence] for one in self.found]
        return json.dumps({"size": self.size, "boxes": boxes})

    @classmethod
    def from_json(cls, text: str) -> "_Seen":
        data = json.loads(text)
        width, height = data["size"]
        return cls((width, height), tuple(Found(*box) for box in data["boxes"]))


def _detect(
    photos: Path,
    sources: Sequence[Source],
    settings: Settings,
    isolator: Isolator,
    cache: Cache,
    progress: Progress,
) -> dict[str, _Seen]:
    """The bollards of each photo by its id; photos that the cache knows are not opened."""
    keys: dict[str, Key] = {
        source.id: (source.sha256, f"boxes {isolator.fingerprint}") for source in sources
    }
    kept = cache.prepared(list(keys.values()))
    missing = [source for source in sources if keys[source.id] not in kept]
    observer = Observer(None, limits_of(settings), SEARCH_PIXELS, judge=isolator)

    def seen(source: Source) -> str | None:
        try:
            look = observer.look(photos / source.file)
        except PhotoError:
            # Preparing meets the same, and reports it.
            return None
        return _Seen((look.width, look.height), look.found or ()).to_json()

    with (
        progress.bar("Bollards", len(missing), "photos") as advance,
        ThreadPoolExecutor(cores()) as pool,
    ):
        for source, text in zip(missing, pool.map(seen, missing), strict=True):
            if text is not None:
                kept[keys[source.id]] = text
                cache.keep_prepared({keys[source.id]: text})
            advance(1)
    return {photo: _Seen.from_json(kept[key]) for photo, key in keys.items() if key in kept}


def _part(source: Source, key: str, box: Box, size: tuple[int, int]) -> Source:
    """One bollard of a photo, cropped around its box."""
    crop = framed((box.left, box.top, box.right, box.bottom), size)
    return replace(
        source,
        id=key,
        # A key of its own: it is not known which bollards of two photos are the same.
        bollard=source.bollard if key == source.id else f"{source.bollard}#{key}",
        crop=Box(*crop),
        parent=source.id,
        box=box,
    )


def _whole(found: Found) -> Box:
    return Box(*(round(side) for side in (found.left, found.top, found.right, found.bottom)))
