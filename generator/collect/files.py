"""Finds the photo files of a project and reads their digests."""

# os is several times faster than pathlib, and every build walks all files.
# ruff: noqa: PTH115, PTH116, PTH118, PTH122, PTH123

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from generator.collect.file_types import (
    EXTENSIONS,
    SIDECAR_NAMES,
    SIDECARS,
    is_system_folder,
    special_file,
)
from generator.errors import Problem

PHOTOS = "photos"
"""The folder of the photos, in the project."""


class DigestCache(Protocol):
    """Digests of files that have not changed since. Called from one thread only."""

    def get(self, path: str, stat: os.stat_result) -> str | None:
        """The SHA-256 of the file `path` (relative to photos/) if it still has this `stat`."""

    def put(self, path: str, stat: os.stat_result, digest: str) -> None:
        """Keep a digest. `stat` was taken before the file was read."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that counts as a photo by its name.

    `file` is its POSIX path relative to photos/; `stat` is that of a link's target.
    """

    file: str
    stat: os.stat_result


@dataclass(frozen=True, slots=True)
class Found:
    """The contents of photos/: files to use, problems of others, names of unusable files."""

    files: tuple[FoundFile, ...]
    problems: tuple[Problem, ...]
    unknown: tuple[str, ...]


def find_files(root: Path) -> Found:
    """Walk a photos folder, itself a link or not; the result depends on names only, not on order.

    Hidden files, system files and texts are passed over. Links within the folder are followed,
    each real file once. Links that leave it, and special files, become problems.

    Raises:
        OSError: the folder itself cannot be read.
    """
    walk = _Walk(os.path.realpath(root))
    with os.scandir(root):
        pass
    walk.folder(str(root), "")
    # Linked folders come last, so that files in their own place keep it.
    while walk.linked:
        walk.linked.sort(reverse=True)
        file, path = walk.linked.pop()
        walk.folder(path, file)
    files = {entry.file: entry for entry in walk.files}
    for entry in sorted(walk.links, key=lambda entry: entry[0].file):
        found, target = entry
        if target not in walk.reached:
            walk.reached.add(target)
            files[found.file] = found
    return Found(
        tuple(files[file] for file in sorted(files)),
        tuple(sorted(walk.problems, key=lambda problem: problem.file)),
        tuple(sorted(walk.unknown)),
    )


class _Walk:
    """The state of one walk."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.files: list[FoundFile] = []
        self.links: list[tuple[FoundFile, str]] = []
        self.linked: list[tuple[str, str]] = []
        self.problems: list[Problem] = []
        self.unknown: list[str] = []
        self.seen: set[str] = set()
        self.reached: set[str] = set()

    def folder(self, path: str, file: str) -> None:
        real = os.path.realpath(path)
        if real in self.seen:
            return
        self.seen.add(real)
        try:
            with os.scandir(path) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            self._skip(file, f"this folder cannot be read: {error.strerror}.")
            return
        for entry in entries:
            name = entry.name
            below = f"{file}/{name}" if file else name
            if name.startswith((".", "~$")):
                continue
            if is_system_folder(name) and not entry.is_file():
                continue
            if entry.is_symlink():
                self._link(entry, below)
            elif entry.is_dir(follow_symlinks=False):
                self.folder(entry.path, below)
            elif self._wanted(below):
                self._file(entry, below, os.path.join(real, name))

    def _wanted(self, file: str) -> bool:
        name = file.rpartition("/")[2]
        stem, extension = os.path.splitext(name.casefold())
        if extension not in EXTENSIONS:
            if extension not in SIDECARS and stem.strip() not in SIDECAR_NAMES:
                self.unknown.append(file)
            return False
        try:
            file.encode("utf-8")
        except UnicodeEncodeError:
            self._skip(file, "the file name is not valid UTF-8; rename the file.")
            return False
        return True

    def _file(self, entry: "os.DirEntry[str]", file: str, real: str) -> None:
        try:
            state = entry.stat(follow_symlinks=False)
        except OSError as error:
            self._skip(file, f"cannot be read: {error.strerror}.")
            return
        if self._is_regular(file, state):
            self.files.append(FoundFile(file, state))
            self.reached.add(real)

    def _link(self, entry: "os.DirEntry[str]", file: str) -> None:
        is_photo = os.path.splitext(file.casefold())[1] in EXTENSIONS
        try:
            target = os.path.realpath(entry.path, strict=True)
            state = os.stat(target)
        except OSError:
            if is_photo:
                self._skip(file, f"this link leads nowhere ({os.readlink(entry.path)}).")
            return
        is_folder = stat.S_ISDIR(state.st_mode)
        if target != self.root and not target.startswith(self.root + os.sep):
            if is_photo or is_folder:
                self._skip(
                    file,
                    f"this link leads out of the {PHOTOS} folder, to {target}; "
                    "put the photos themselves here.",
                )
        elif is_folder:
            self.linked.append((file, entry.path))
        elif self._wanted(file) and self._is_regular(file, state):
            self.links.append((FoundFile(file, state), target))

    def _is_regular(self, file: str, state: os.stat_result) -> bool:
        kind = special_file(state.st_mode)
        if kind:
            self._skip(file, f"is {kind}, not a picture file.")
        elif state.st_size == 0:
            self._skip(file, "is empty (0 bytes).")
        return kind is None and state.st_size > 0

    def _skip(self, file: str, reason: str) -> None:
        self.problems.append(Problem(in_project(file), reason, skipped=True))


def in_project(file: str) -> str:
    """A path below photos/ as the owner would type it; bytes that are not UTF-8 are escaped."""
    path = f"{PHOTOS}/{file}" if file else PHOTOS
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def read_digests(
    root: Path,
    files: Sequence[FoundFile],
    cache: DigestCache,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[dict[str, str], list[Problem]]:
    """The SHA-256 of each file by its path, read with all cores unless the cache knows it.

    Args:
        progress: called with (done, total), in files that must be read.

    Returns:
        Digests by `FoundFile.file`, and a problem for each file that cannot be read.
    """
    digests: dict[str, str] = {}
    problems: list[Problem] = []
    unread: list[FoundFile] = []
    for found in files:
        known = cache.get(found.file, found.stat)
        if known is None:
            unread.append(found)
        else:
            digests[found.file] = known
    for done, (found, result) in enumerate(_hash_all(root, unread), start=1):
        if isinstance(result, str):
            digests[found.file] = result
            cache.put(found.file, found.stat, result)
        else:
            reason = f"cannot be read: {result.strerror or result}."
            problems.append(Problem(in_project(found.file), reason, skipped=True))
        if progress:
            progress(done, len(unread))
    return digests, problems


def _hash_all(root: Path, files: Sequence[FoundFile]) -> Iterable[tuple[FoundFile, str | OSError]]:
    if not files:
        return
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(max_workers=min(len(files), os.cpu_count() or 1))
    try:
        results = pool.map(_hash, [root / found.file for found in files])
        yield from zip(files, results, strict=True)
    finally:
        pool.shutdown(cancel_futures=True)


def _hash(path: Path) -> str | OSError:
    try:
        # A regular file may have been replaced by a pipe; do not wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        return error
