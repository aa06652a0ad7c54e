"""Remembers at once what hidden photos look like, in `.bollards/hidden.json`.

A build may fail or be killed at any step, and the owner may save a hidden photo again in another
format before the next one. Only its looks identify it then. So they are recorded before anything
that can fail, and again when collect has found more of the hidden photos.
"""

import contextlib
import json
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from generator.cache import Cache
from generator.catalogue import Source
from generator.collect import photo_id
from generator.collect.files import find_files
from generator.collect.open import PhotoError, decoded
from generator.config import Settings, read_settings
from generator.errors import BollardsError
from generator.filenames import FileNames, below_photos
from generator.group.ledger import Ledger
from generator.group.ledger_file import load_ledger
from generator.keep import read_checked, write_checked
from generator.look import limits_of
from generator.own_files import read_own_text
from generator.project import Project
from generator.relate.same_picture import picture_hash

Looks = Mapping[str, Mapping[str, str]]
"""The `picture_hash` of each photo, or "", by its id, by the entry that hides the photo."""

# The hash needs 17 px; JPEG and WebP are decoded much faster at a fraction of their size.
_PIXELS = 512


def remember_hidden(project: Project) -> None:
    """Record the looks of all photos that curation.toml hides and whose looks are unknown.

    This reads nothing but curation.toml and the hidden photos as they are named now, so that a
    mistake in any other file does not prevent it. It raises nothing: what cannot be read here is
    reported by the build that follows.
    """
    # MemoryError, RecursionError and the errors of damaged files are the build's to report.
    with contextlib.suppress(Exception):
        _remember(project)


def _remember(project: Project) -> None:
    photos = tomllib.loads(read_own_text(project.curation)).get("photos", {})
    entries = [
        name
        for name, said in photos.items()
        if isinstance(said, Mapping) and said.get("hidden") is True
    ]
    if not entries:
        return
    ledger = Ledger()
    with contextlib.suppress(BollardsError, OSError, ValueError):
        ledger = load_ledger(project.ledger)
    known = joined(ledger.hidden, read_looks(project))
    entries = [name for name in entries if not any(known.get(below_photos(name), {}).values())]
    if not entries:
        return
    settings = Settings()
    with contextlib.suppress(BollardsError, OSError, ValueError):
        settings, _ = read_settings(project.settings)
    names = FileNames(one.file for one in find_files(project.photos).files)
    were: dict[str, list[str]] = {}
    for file, photo in ledger.files.items():
        were.setdefault(photo, []).append(file)
    for name in entries:
        written = [name, *were.get(name.strip().lower(), ())]
        for file in dict.fromkeys(found for one in written for found in names.find(one)):
            with contextlib.suppress(PhotoError):
                digest, look = _look(project.photos / file, settings)
                photo = photo_id(digest, settings.privacy.salt)
                keep_looks(project, {below_photos(name): {photo: look}})


def filled(
    looks: Looks,
    sources: Iterable[Source],
    project: Project,
    settings: Settings,
    salts: Collection[str],
    cache: Cache,
) -> Looks:
    """The same with the looks of all photos that exist, or that the cache knows.

    Args:
        looks: of hidden photos, with present ids.
        sources: all photos.
        project: the paths of the site project.
        settings: all of site.toml.
        salts: all that ids were made with.
        cache: results of earlier builds.
    """
    missing = {photo for own in looks.values() for photo, look in own.items() if not look}
    if not missing:
        return looks
    found: dict[str, str] = {}
    for digest, text in cache.all_prepared():
        ids = missing.intersection(photo_id(digest, salt) for salt in ("", *salts))
        if ids and (look := _look_in(text)):
            found |= dict.fromkeys(ids, look)
    for source in sources:
        if missing & {source.id, source.picture} - found.keys():
            with contextlib.suppress(PhotoError):
                _, look = _look(project.photos / source.file, settings)
                found |= {source.id: look, source.picture: look}
    return {
        entry: {photo: look or found.get(photo, "") for photo, look in own.items()}
        for entry, own in looks.items()
    }


def _look(path: Path, settings: Settings) -> tuple[str, str]:
    """The SHA-256 of a photo's file, and the photo's `picture_hash`.

    Raises:
        PhotoError: it cannot be opened.
    """
    with decoded(path, limits_of(settings), at_least=_PIXELS) as photo:
        return photo.sha256, picture_hash(photo.picture(at_least=_PIXELS))


def _look_in(text: str) -> str:
    """The hash in a cached result of preparing a photo, or ""; see `prepare`."""
    with contextlib.suppress(ValueError, TypeError, AttributeError):
        return str(json.loads(text).get("hash", ""))
    return ""


def read_looks(project: Project) -> Looks:
    """The record, also of builds that did not finish; it only ever adds to the ledger's."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        data = json.loads(read_checked(project.hidden))
        return {
            str(entry): {str(photo): str(look) for photo, look in own.items()}
            for entry, own in data.items()
        }
    return {}


def keep_looks(project: Project, looks: Looks, gone: Collection[str] = ()) -> None:
    """Add to the record. A review may have added other entries meanwhile; they stay.

    Args:
        project: the paths of the site project.
        looks: the new ones.
        gone: entries that hide nothing any more.
    """
    before = read_looks(project)
    kept = {entry: own for entry, own in before.items() if entry not in gone}
    after = joined(looks, kept)
    if after != before or not project.hidden.is_file():
        content = json.dumps(after, indent=1).encode()
        write_checked(project.hidden, content, durable=True)


def joined(first: Looks, second: Looks) -> Looks:
    """Both together; known looks win over unknown ones."""
    both = {entry: dict(own) for entry, own in first.items()}
    for entry, own in second.items():
        for photo, look in own.items():
            here = both.setdefault(entry, {})
            here[photo] = here.get(photo, "") or look
    return both
