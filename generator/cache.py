"""The cache of computed results, in one SQLite file.

Four tables: digests of files (by path and stat), what preparing a photo found out (by content and
picture settings), embeddings (by content, crop and embedder), and digests of the pictures that were
made. Everything here follows from the photos, so the file may be deleted at any time; that costs
time only. For the same reason a file that cannot be used is set aside and started afresh instead of
stopping the build.

Damage is noticed: SQLite checks the structure of the file when it is opened, and each row ends with
a checksum of all its values. A row that does not match is dropped, and made again.
"""

import hashlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from generator.errors import BollardsError

FloatArray = NDArray[np.float32]
Key = tuple[str, str]
_Result = TypeVar("_Result")

SCHEMA = 2
_APPLICATION = 0x626F6C6C  # "boll", in SQLite's header field that says whose file this is
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
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {SCHEMA}",
)
# A file changed twice within one tick of its file system's clock has one time for two contents
# (FAT counts in steps of two seconds), so a file as young as that is hashed again next time.
_SETTLED_NS = 2_000_000_000
_BUSY_S = 30.0
_PROOF_BYTES = 8
# Errors that the disk or another process causes, not the file's content.
_NOT_DAMAGE = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_INTERRUPT,
    }
)


class Cache:
    """The open cache. Safe for several threads, and for several processes each with its own.

    Every `keep_...` is one transaction: when it returns, what it was given survives the end of the
    process, however it ends. Do not carry an open cache over a fork.

    All methods raise BollardsError when the file cannot be read or written (a full disk, missing
    permissions, another process that holds it for half a minute).

    Attributes:
        path: the SQLite file.
        problems: one sentence for each file that was set aside, and one for damaged entries.
    """

    _DAMAGED = "Entries of the cache were damaged. What they held was made again."

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[str] = []
        self._lock = threading.RLock()
        self._connection = self._reporting(
            self._open, lambda: self._set_aside("is no database, or is damaged")
        )

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the cache at `path`; the file and its folder are made when missing."""
        return cls(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the cache cannot be used afterwards."""
        with self._lock:
            self._connection.close()

    def digest(self, path: str, stat: os.stat_result) -> str | None:
        """SHA-256 of the file at `path` if it was kept for exactly this state of the file."""
        rows = self._run(
            lambda connection: connection.execute(
                "SELECT * FROM digests WHERE path = ? AND size = ? AND mtime_ns = ?"
                " AND ctime_ns = ? AND inode = ?",
                _file_state(path, stat),
            ).fetchall()
        )
        intact = self._intact(rows)
        return str(intact[0][-1]) if intact else None

    def keep_digests(self, digests: Iterable[tuple[str, os.stat_result, str]]) -> None:
        """Keep (path, stat taken before the file was read, SHA-256 hex digest) of each file.

        Files that changed within the last two seconds are left out: their time does not yet tell
        one content from the next.
        """
        now = time.time_ns()
        self._write(
            "INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (*_file_state(path, stat), sha256)
                for path, stat, sha256 in digests
                if not 0 <= now - max(stat.st_mtime_ns, stat.st_ctime_ns) < _SETTLED_NS
            ],
        )

    def prepared(self, keys: Sequence[Key]) -> dict[Key, str]:
        """The JSON text kept for each (photo's SHA-256, picture settings) that has one."""
        rows = self._read(
            "SELECT photo, settings, json, proof FROM wanted JOIN prepared"
            " ON photo = wanted.first AND settings = wanted.second",
            keys,
        )
        return {(photo, settings): text for photo, settings, text in rows}

    def keep_prepared(self, items: Mapping[Key, str]) -> None:
        """Keep a JSON text for each (photo's SHA-256, picture settings)."""
        self._write(
            "INSERT OR REPLACE INTO prepared VALUES (?, ?, ?, ?)",
            [(photo, settings, text) for (photo, settings), text in items.items()],
        )

    def embeddings(self, keys: Sequence[Key], fingerprint: str) -> dict[Key, FloatArray]:
        """The embedding kept for each (photo's SHA-256, crop as text); missing ones left out.

        Args:
            keys: any number, in any order; texts without NUL.
            fingerprint: of the embedder whose embeddings are wanted.

        Returns:
            For each key found a read-only float32 [d].
        """
        rows = self._read(
            "SELECT embedder, photo, crop, vector, proof FROM wanted JOIN embeddings"
            " ON embedder = ? AND photo = wanted.first AND crop = wanted.second",
            keys,
            fingerprint,
        )
        return {(photo, crop): np.frombuffer(vector, "<f4") for _, photo, crop, vector in rows}

    def keep_embeddings(self, fingerprint: str, items: Mapping[Key, NDArray[np.floating]]) -> None:
        """Keep one vector [d] for each (photo's SHA-256, crop as text), as float32."""
        self._write(
            "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?, ?, ?)",
            [
                (fingerprint, photo, crop, np.asarray(vector, "<f4").tobytes())
                for (photo, crop), vector in items.items()
            ],
        )

    def made(self) -> dict[str, str]:
        """The SHA-256 of every picture that was made, by the name of its file."""
        rows = self._run(lambda connection: connection.execute("SELECT * FROM made").fetchall())
        return dict(self._intact(rows))

    def keep_made(self, digests: Mapping[str, str]) -> None:
        """Keep the SHA-256 of each file made, by its name."""
        self._write("INSERT OR REPLACE INTO made VALUES (?, ?, ?)", list(digests.items()))

    def _intact(self, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The rows that are as they were written, without their checksums."""
        sound, damaged = [], 0
        for row in rows:
            if _proof(row[:-1]) == row[-1]:
                sound.append(row[:-1])
            else:
                damaged += 1
        if damaged and self._DAMAGED not in self.problems:
            self.problems.append(self._DAMAGED)
        return sound

    def _read(self, query: str, keys: Sequence[Key], *parameters: str) -> list[tuple[Any, ...]]:
        """Rows of a query over `wanted(first, second)`, one row for each distinct key.

        The last column is the checksum of the others, which are returned where it matches.
        """
        # One statement for any number of keys: tens of thousands of single look-ups would each
        # pay for a call, and a list of placeholders has a limit.
        wanted = (
            "WITH wanted(first, second) AS MATERIALIZED (SELECT DISTINCT"
            " json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)) "
        )
        listed = json.dumps(keys)
        rows = self._run(
            lambda connection: connection.execute(wanted + query, (listed, *parameters)).fetchall()
        )
        return self._intact(rows)

    def _write(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        def insert(connection: sqlite3.Connection) -> None:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(statement, [(*row, _proof(row)) for row in rows])

        if rows:
            self._run(insert)

    def _run(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Do `work`; damage met on the way empties the cache, and `work` is done once more."""

        def start_afresh() -> None:
            self._connection.close()
            self._set_aside("is damaged")
            self._connection = self._open()

        with self._lock:
            return self._reporting(lambda: work(self._connection), start_afresh)

    def _open(self) -> sqlite3.Connection:
        # SQLite itself waits for another process everywhere but where the journal's mode changes,
        # which happens when several open a new file at once.
        patience = time.monotonic() + _BUSY_S
        while True:
            try:
                return self._connect()
            except sqlite3.OperationalError as error:
                if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                    raise
            time.sleep(0.02)

    def _connect(self) -> sqlite3.Connection:
        """Open the file, make the tables; a database that is not ours is set aside."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Transactions are begun by hand (isolation_level) and threads take turns by our own lock.
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        # What is not valid Unicode cannot have been written here; the checksum tells.
        connection.text_factory = lambda text: text.decode(errors="surrogateescape")
        try:
            wrong = _not_ours(connection)
            if not wrong:
                _refuse_damaged(connection)
                # In this mode readers do not wait for the writer, and a commit is one append.
                connection.execute("PRAGMA journal_mode = WAL")
                # Enough for what was committed to survive a killed process; a power cut may cost
                # the last commits, which are then computed again.
                connection.execute("PRAGMA synchronous = NORMAL")
                with connection:
                    connection.execute("BEGIN IMMEDIATE")
                    for statement in _TABLES:
                        connection.execute(statement)
                return connection
        except BaseException:
            connection.close()
            raise
        connection.close()
        self._set_aside(wrong)
        return self._connect()

    def _set_aside(self, reason: str) -> None:
        aside = self.path.with_name(self.path.name + ".unusable")
        # The write-ahead log goes with its database: SQLite would replay it into the new one.
        for suffix in ("-wal", "-shm", ""):
            source = self.path.with_name(self.path.name + suffix)
            target = aside.with_name(aside.name + suffix)
            target.unlink(missing_ok=True)
            if source.exists():
                source.replace(target)
        self.problems.append(
            f"{self.path} {reason}. A new cache was started; the old file is now {aside.name} and"
            " may be deleted."
        )

    def _reporting(self, work: Callable[[], _Result], recover: Callable[[], None]) -> _Result:
        """Do `work`, once more after `recover` if the file is damaged; explain other failures."""
        try:
            try:
                return work()
            except sqlite3.DatabaseError as error:
                if not self._is_damage(error):
                    raise
            recover()
            return work()
        except sqlite3.ProgrammingError:
            raise
        except (sqlite3.Error, OSError) as error:
            raise BollardsError(self._explain(error)) from error

    def _is_damage(self, error: sqlite3.DatabaseError) -> bool:
        """Whether the file's content is damaged: a flipped bit may break any rule of SQLite's."""
        if isinstance(error, sqlite3.ProgrammingError):
            return False
        code = _code(error)
        if code == sqlite3.SQLITE_READONLY:
            # A changed version number in the header says so, too.
            return os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)
        return (
            code not in _NOT_DAMAGE
            or getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_IOERR_SHORT_READ
        )

    def _explain(self, error: sqlite3.Error | OSError) -> str:
        code = _code(error) if isinstance(error, sqlite3.Error) else None
        where = f"{self.path}: the cache cannot be used: "
        if code == sqlite3.SQLITE_FULL:
            return f"{where}the disk is full. Make room and start again; what is done is kept."
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return (
                f"{where}another process has held it for {_BUSY_S:.0f} s. Wait for the other"
                " build to end, or stop it, and start again."
            )
        if code == sqlite3.SQLITE_IOERR:
            return (
                f"{where}reading or writing failed ({error}). Is the disk full or gone? Then start"
                " again; what is done is kept."
            )
        return (
            f"{where}{error}. The folder and the file must be readable and writable, or may be"
            " deleted: the cache only saves time."
        )


def _file_state(path: str, stat: os.stat_result) -> tuple[bytes, int, int, int, str]:
    # Bytes, for names that are not valid Unicode; text for inodes, which can exceed 63 bits.
    return os.fsencode(path), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, str(stat.st_ino)


def _not_ours(connection: sqlite3.Connection) -> str:
    """What makes an existing database unfit to be this cache, or ""."""
    # In one transaction: another process may be making its tables between two questions.
    with connection:
        connection.execute("BEGIN")
        filled = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    if not filled:
        return ""
    if application != _APPLICATION:
        return "is another program's database"
    return "" if version == SCHEMA else f"is a cache of version {version}, not {SCHEMA}"


def _refuse_damaged(connection: sqlite3.Connection) -> None:
    """Raise DatabaseError if the file is damaged, or its tables are not those of this version.

    Values are checked row by row as they are read.
    """
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
    if found != ["ok"]:
        raise _damaged(found[0])
    rows = connection.execute("SELECT sql FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
    known = [str(row[0]) for row in rows]
    wanted = [text.replace("IF NOT EXISTS ", "") for text in _TABLES if text.startswith("CREATE")]
    if known and known != wanted:
        raise _damaged("its tables are not those of this version")


def _damaged(text: str) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(text)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _proof(values: Iterable[object]) -> bytes:
    """A checksum of a row's values, including their types and lengths."""
    digest = hashlib.blake2b(digest_size=_PROOF_BYTES)
    for value in values:
        if isinstance(value, str):
            content = value.encode(errors="surrogateescape")
        else:
            content = value if isinstance(value, bytes) else repr(value).encode()
        digest.update(f"{type(value).__name__} {len(content)} ".encode())
        digest.update(content)
    return digest.digest()


def _code(error: sqlite3.Error) -> int | None:
    """SQLite's primary result code, or None when Python raised the error itself."""
    extended = getattr(error, "sqlite_errorcode", None)
    return None if extended is None else extended & 0xFF
