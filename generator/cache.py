"""The cache of computed results, in one SQLite file.

Four tables: digests of files (by path and stat), results of preparing photos (by content and
picture settings), embeddings (by content, crop and embedder), and digests of published pictures.
Everything here is computed from the photos, so you may delete the file at any time; that costs time
only. `generator/database.py` replaces a damaged file and drops damaged rows.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from generator.database import DatabaseUser

FloatArray = NDArray[np.float32]
Key = tuple[str, str]

SCHEMA = 2
_TABLES = (
    "CREATE TABLE IF NOT EXISTS digests (path BLOB PRIMARY KEY, size INTEGER NOT NULL,"
    " mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, inode TEXT NOT NULL,"
    " sha256 TEXT NOT NULL, proof BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS prepared (photo TEXT NOT NULL, settings TEXT NOT NULL,"
    " json TEXT NOT NULL, proof BLOB NOT NULL, PRIMARY KEY (photo, settings))",
    "CREATE TABLE IF NOT EXISTS embeddings (embedder TEXT NOT NULL, photo TEXT NOT NULL,"
    " crop TEXT NOT NULL, vector BLOB NOT NULL, proof BLOB NOT NULL,"
    " PRIMARY KEY (embedder, photo, crop))",
    "CREATE TABLE IF NOT EXISTS made (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL,"
    " proof BLOB NOT NULL)",
)
# A file that changes twice within one tick of its file system's clock has one time for two
# contents. FAT counts in steps of two seconds, so a file younger than that is hashed again next
# time.
_SETTLED_NS = 2_000_000_000


class Cache(DatabaseUser):
    """An open cache. Several threads may share it; each process needs its own.

    Every `keep_...` is one transaction: once it returns, its values survive even a killed process.
    Do not use an open cache after a fork.

    All methods raise BollardsError when the file cannot be read or written: because of a full disk,
    missing permissions, or another process that holds it for half a minute.

    Attributes:
        path: the SQLite file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(path, _TABLES, SCHEMA)
        self._digests: dict[tuple[object, ...], str] | None = None

    @property
    def problems(self) -> list[str]:
        """One sentence for each file that was set aside, and one about damaged entries."""
        return self._database.problems

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the cache at `path`; a missing file or folder is created."""
        return cls(path)

    def digest(self, path: str, stat: os.stat_result) -> str | None:
        """The SHA-256 of the file at `path`, if it was kept for exactly this state of the file."""
        rows = self._database.rows(
            "SELECT * FROM digests WHERE path = ? AND size = ? AND mtime_ns = ?"
            " AND ctime_ns = ? AND inode = ?",
            _file_state(path, stat),
        )
        return str(rows[0][-1]) if rows else None

    def digests(self) -> Callable[[str, os.stat_result], str | None]:
        """The same as `digest`, as a function for many files: all entries are read at once."""
        if self._digests is None:
            rows = self._database.rows("SELECT * FROM digests")
            self._digests = {tuple(state): str(sha256) for *state, sha256 in rows}
        known = self._digests
        return lambda path, stat: known.get(_file_state(path, stat))

    def keep_digests(self, digests: Iterable[tuple[str, os.stat_result, str]]) -> None:
        """Keep (path, stat taken before the file was read, SHA-256 hex digest) of each file.

        Files that changed within the last two seconds are left out, because their time does not yet
        distinguish one content from the next.
        """
        now = time.time_ns()
        rows = [
            (*_file_state(path, stat), sha256)
            for path, stat, sha256 in digests
            if not 0 <= now - max(stat.st_mtime_ns, stat.st_ctime_ns) < _SETTLED_NS
        ]
        if rows:
            self._database.write("digests", rows)
            self._digests = None

    def prepared(self, keys: Sequence[Key]) -> dict[Key, str]:
        """The JSON text of each (photo's SHA-256, picture settings) that is in the cache."""
        rows = self._database.rows_of(
            "SELECT photo, settings, json, proof FROM wanted JOIN prepared"
            " ON photo = wanted.first AND settings = wanted.second",
            keys,
        )
        return {(photo, settings): text for photo, settings, text in rows}

    def all_prepared(self) -> list[tuple[str, str]]:
        """The SHA-256 of each photo in the cache, with the JSON text of each of its results."""
        rows = self._database.rows("SELECT photo, settings, json, proof FROM prepared")
        return [(photo, text) for photo, _, text in rows]

    def keep_prepared(self, items: Mapping[Key, str]) -> None:
        """Keep a JSON text for each (photo's SHA-256, picture settings)."""
        self._database.write(
            "prepared",
            [(photo, settings, text) for (photo, settings), text in items.items()],
        )

    def embeddings(self, keys: Sequence[Key], fingerprint: str) -> dict[Key, FloatArray]:
        """The embedding of each (photo's SHA-256, crop as text) that is in the cache.

        Args:
            keys: any number in any order, without NUL characters.
            fingerprint: the embedder's.

        Returns:
            A read-only float32 [d] for each key found.
        """
        rows = self._database.rows_of(
            "SELECT embedder, photo, crop, vector, proof FROM wanted JOIN embeddings"
            " ON embedder = ? AND photo = wanted.first AND crop = wanted.second",
            keys,
            fingerprint,
        )
        return {(photo, crop): np.frombuffer(vector, "<f4") for _, photo, crop, vector in rows}

    def keep_embeddings(self, fingerprint: str, items: Mapping[Key, NDArray[np.floating]]) -> None:
        """Keep one vector [d] for each (photo's SHA-256, crop as text), as float32."""
        self._database.write(
            "embeddings",
            [
                (fingerprint, photo, crop, np.asarray(vector, "<f4").tobytes())
                for (photo, crop), vector in items.items()
            ],
        )

    def made(self) -> dict[str, str]:
        """The SHA-256 of every published picture, by the name of its file."""
        return dict(self._database.rows("SELECT * FROM made"))

    def keep_made(self, digests: Mapping[str, str]) -> None:
        """Keep the SHA-256 of each published picture, by the name of its file."""
        self._database.write("made", list(digests.items()))


def _file_state(path: str, stat: os.stat_result) -> tuple[bytes, int, int, int, str]:
    # Paths as bytes, because names need not be valid Unicode; inodes as text, because they can
    # exceed 63 bits.
    return os.fsencode(path), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, str(stat.st_ino)
