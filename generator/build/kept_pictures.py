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
    known = {Path(entry.path): entry.stat() for entry in os.scandir(folder) if entry.is_file()}
    paths = sorted(path for path in known if path.name in made)
    for path in known.keys() - set(paths):
        path.unlink()
    kept = cache.digests()
    digests = {path: kept(str(path), known[path]) for path in paths}
    changed = [path for path in paths if digests[path] is None]
    with ThreadPoolExecutor() as pool:
        digests.update(zip(changed, pool.map(_digest, changed), strict=True))
    cache.keep_digests((str(path), known[path], digests[path] or "") for path in changed)
    damaged = [path for path in paths if digests[path] != made[path.name]]
    for path in damaged:
        path.unlink()
    return {path.name for path in paths} - {path.name for path in damaged}, damaged


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
