"""One SQLite file whose rows end with checksums, for results that can be computed again.

A file that cannot be used is set aside and replaced by a new one; it does not stop the build.
SQLite checks the structure of the file on opening, and each row ends with a checksum of all its
values. A row that does not match is dropped.
"""

import hashlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

from generator.errors import BollardsError

_Result = TypeVar("_Result")

_APPLICATION = 0x626F6C6C  # "boll", in the header field for the application that owns a file
_BUSY_S = 30.0
_PROOF_BYTES = 8
# Errors caused by the disk or by another process, not by the file's content.
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


class Database:
    """An open file of tables. Several threads may share it; each process needs its own.

    Every `write` is one transaction: once it returns, its rows survive even a killed process. Do
    not use an open database after a fork.

    All methods raise BollardsError when the file cannot be read or written: because of a full disk,
    missing permissions, or another process that holds it for half a minute.

    Attributes:
        path: the SQLite file; a missing file or folder is created.
        tables: the statements that create its tables, each with the column `proof` at the end.
        version: of the tables; a file with another version is set aside.
        problems: one sentence for each file that was set aside, and one about damaged rows.
    """

    _DAMAGED = "Some entries of the cache were damaged. They were computed again."

    def __init__(self, path: Path, tables: Sequence[str], version: int) -> None:
        self.path = path
        self.tables = tables
        self.version = version
        self.problems: list[str] = []
        self._lock = threading.RLock()
        self._connection = self._reporting(
            self._open, lambda: self._set_aside("is not a database, or is damaged")
        )

    def close(self) -> None:
        """Close the file. The database cannot be used after that."""
        with self._lock:
            self._connection.close()

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query whose last column is `proof`, without it.

        Rows that do not match their checksum are left out.
        """
        found = self._run(lambda connection: connection.execute(query, parameters).fetchall())
        return self._intact(found)

    def rows_of(
        self, query: str, keys: Sequence[tuple[str, str]], *parameters: str
    ) -> list[tuple[Any, ...]]:
        """The rows of a query over `wanted(first, second)`, at most one for each distinct key.

        The last column is the checksum of the others. Rows that do not match it are left out.
        """
        # One statement for any number of keys: tens of thousands of single queries would be slow,
        # and the number of placeholders in a statement is limited.
        wanted = (
            "WITH wanted(first, second) AS MATERIALIZED (SELECT DISTINCT"
            " json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)) "
        )
        return self.rows(wanted + query, (json.dumps(keys), *parameters))

    def write(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert or replace rows of a table, given without `proof`, in one transaction."""

        def insert(connection: sqlite3.Connection) -> None:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(statement, [(*row, _proof(row)) for row in rows])

        if rows:
            blanks = ", ".join("?" * (len(rows[0]) + 1))
            statement = f"INSERT OR REPLACE INTO {table} VALUES ({blanks})"  # noqa: S608  own tables
            self._run(insert)

    def _intact(self, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The rows whose checksums match, without the checksums."""
        sound, damaged = [], 0
        for row in rows:
            if _proof(row[:-1]) == row[-1]:
                sound.append(row[:-1])
            else:
                damaged += 1
        if damaged and self._DAMAGED not in self.problems:
            self.problems.append(self._DAMAGED)
        return sound

    def _run(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Do `work`. If the file turns out to be damaged, start a new cache and do `work` again."""

        def start_afresh() -> None:
            self._connection.close()
            self._set_aside("is damaged")
            self._connection = self._open()

        with self._lock:
            return self._reporting(lambda: work(self._connection), start_afresh)

    def _open(self) -> sqlite3.Connection:
        # SQLite itself waits for another process in all cases but one: the change of the journal's
        # mode, when several processes open a new file at once.
        patience = time.monotonic() + _BUSY_S
        while True:
            try:
                return self._connect()
            except sqlite3.OperationalError as error:
                if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                    raise
            time.sleep(0.02)

    def _connect(self) -> sqlite3.Connection:
        """Open the file and create the tables. A database that is not ours is set aside."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Transactions begin explicitly (isolation_level), and our own lock serialises the threads.
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        # Invalid Unicode comes from damage, which the checksum reveals.
        connection.text_factory = lambda text: text.decode(errors="surrogateescape")
        try:
            wrong = self._not_ours(connection)
            if not wrong:
                _refuse_damaged(connection, self.tables)
                # In this mode readers do not wait for a writer, and a commit is a single append.
                connection.execute("PRAGMA journal_mode = WAL")
                # Commits survive a killed process. A power cut may cost the last commits, which are
                # then computed again.
                connection.execute("PRAGMA synchronous = NORMAL")
                with connection:
                    connection.execute("BEGIN IMMEDIATE")
                    for statement in self.tables:
                        connection.execute(statement)
                    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
                    connection.execute(f"PRAGMA user_version = {self.version}")
                return connection
        except BaseException:
            connection.close()
            raise
        connection.close()
        self._set_aside(wrong)
        return self._connect()

    def _set_aside(self, reason: str) -> None:
        aside = self.path.with_name(self.path.name + ".unusable")
        # Move the write-ahead log too, or SQLite would replay it into the new database.
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
        """Do `work`; if the file is damaged, call `recover` and retry. Explain other failures."""
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
        """Whether the content is damaged. A flipped bit may show as any of SQLite's errors."""
        if isinstance(error, sqlite3.ProgrammingError):
            return False
        code = _code(error)
        if code == sqlite3.SQLITE_READONLY:
            # A changed version number in the header is damage, too.
            return os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)
        return (
            code not in _NOT_DAMAGE
            or getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_IOERR_SHORT_READ
        )

    def _explain(self, error: sqlite3.Error | OSError) -> str:
        code = _code(error) if isinstance(error, sqlite3.Error) else None
        where = f"{self.path}: the cache cannot be used: "
        if code == sqlite3.SQLITE_FULL:
            return (
                f"{where}the disk is full. Free some space and start again; finished work is kept."
            )
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return (
                f"{where}another process has locked it for {_BUSY_S:.0f} s. Wait for the other"
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

    def _not_ours(self, connection: sqlite3.Connection) -> str:
        """Why an existing database cannot be used as this cache, or ""."""
        # In one transaction: another process may create the tables between two queries.
        with connection:
            connection.execute("BEGIN")
            filled = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        if not filled:
            return ""
        if application != _APPLICATION:
            return "is another program's database"
        return (
            ""
            if version == self.version
            else f"is a cache of version {version}, not {self.version}"
        )


class DatabaseUser:
    """A context manager whose values are in a database of its own, which it closes at the end."""

    def __init__(self, path: Path, tables: Sequence[str], version: int) -> None:
        """Open the database at ``path``; see `Database`."""
        self._database = Database(path, tables, version)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. Nothing can be read or kept after that."""
        self._database.close()


def _refuse_damaged(connection: sqlite3.Connection, tables: Sequence[str]) -> None:
    """Raise DatabaseError if the file is damaged or has other tables than this version's.

    The values of each row are checked when it is read.
    """
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
    if found != ["ok"]:
        raise _damaged(found[0])
    rows = connection.execute("SELECT sql FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
    known = [str(row[0]) for row in rows]
    wanted = [text.replace("IF NOT EXISTS ", "") for text in tables]
    if known and known != wanted:
        raise _damaged("its tables are not those of this version")


def _damaged(text: str) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(text)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _proof(values: Iterable[object]) -> bytes:
    """A checksum of a row's values, including their types and lengths."""
    parts = []
    for value in values:
        if isinstance(value, str):
            content = value.encode(errors="surrogateescape")
        else:
            content = value if isinstance(value, bytes) else repr(value).encode()
        parts += [f"{type(value).__name__} {len(content)} ".encode(), content]
    return hashlib.blake2b(b"".join(parts), digest_size=_PROOF_BYTES).digest()


def _code(error: sqlite3.Error) -> int | None:
    """SQLite's primary result code, or None when Python raised the error itself."""
    extended = getattr(error, "sqlite_errorcode", None)
    return None if extended is None else extended & 0xFF
