"""The pictures of earlier builds: only those that are unchanged are used."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from generator.cache import Cache


def intact_pictures(folder: Path, cache: Cache) -> tuple[set[str], list[Path]]:
    """Check the folder of cached pictures, and remove those that must not be published.

    The digest of each picture is in the cache. A file is read again only when its size, its times
    or its inode have changed since it was last read, as photos are.

    Args:
        folder: created if missing.
        cache: has the digests of the pictures.

    Returns:
        The names of the intact pictures, and the paths of the damaged ones. Damaged pictures are
        removed. So are files that the cache does not know: those of a killed build, and all
        pictures if the cache was lost.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = cache.made()
    known = {entry.name: entry.stat() for entry in os.scandir(folder) if entry.is_file()}
    for name in known.keys() - made.keys():
        (folder / name).unlink()
    # Thousands of files: texts, no Path objects.
    path_of = {name: f"{folder}/{name}" for name in sorted(known.keys() & made.keys())}
    kept = cache.digests()
    digests = {name: kept(path, known[name]) for name, path in path_of.items()}
    changed = [name for name in path_of if digests[name] is None]
    with ThreadPoolExecutor() as pool:
        paths = [folder / name for name in changed]
        digests.update(zip(changed, pool.map(_digest, paths), strict=True))
    cache.keep_digests((path_of[name], known[name], digests[name] or "") for name in changed)
    damaged = [name for name in path_of if digests[name] != made[name]]
    for name in damaged:
        (folder / name).unlink()
    return path_of.keys() - set(damaged), [folder / name for name in damaged]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
