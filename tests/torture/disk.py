"""Intercepts every operation on files of a running program: to count, fail or record it.

Python's own operations are replaced in this process, which should be one made for a single try.
SQLite is a library of its own: its statements are counted, its writes are not recorded.
"""

import builtins
import functools
import io
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator import keep
from generator.publish import swap

WRITING = frozenset({"create", "write", "mkdir", "rename", "link", "symlink", "exchange", "sql"})
"""Operations that a full disk can fail."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation on files.

    Attributes:
        name: "create", "write", "fsync", "sync", "mkdir", "rmdir", "unlink", "rename", "link",
            "exchange", "truncate" or "sql".
        path: what it is done to, absolute.
        other: the second path of a rename, link or exchange.
        data: what is written.
        offset: where to.
    """

    name: str
    path: str
    other: str = ""
    data: bytes = b""
    offset: int = 0


@dataclass
class Disk:
    """Watches the operations below a folder.

    Attributes:
        root: the folder.
        before: is called with the number of each operation, and the operation, before it is done.
            It may raise, or end the process.
        done: the operations that were done, in order.
    """

    root: Path
    before: Callable[[int, Operation], None] = lambda number, operation: None
    done: list[Operation] = field(default_factory=list)
    _count: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def watch(self) -> None:
        """Replace the operations of this process, for good."""
        opened = io.open

        @functools.wraps(opened)
        def watched(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
            writes = set(mode) & set("wxa+")
            if isinstance(file, int) or not writes or not self._mine(_absolute(file)):
                return opened(file, mode, *rest, **named)
            return self._open(_absolute(file), mode, *rest, **named)

        builtins.open = watched
        io.open = watched  # type: ignore[assignment]
        # Its quick ways pass by write().
        shutil._USE_CP_SENDFILE = False  # type: ignore[attr-defined]
        for name, kind in (
            ("mkdir", "mkdir"),
            ("rmdir", "rmdir"),
            ("unlink", "unlink"),
            ("remove", "unlink"),
            ("rename", "rename"),
            ("replace", "rename"),
            ("link", "link"),
            ("symlink", "symlink"),
            ("truncate", "truncate"),
        ):
            setattr(os, name, self._wrapped(getattr(os, name), kind))
        synced = os.fsync

        def fsync(descriptor: int) -> None:
            path = os.readlink(f"/proc/self/fd/{descriptor}")  # noqa: PTH115
            self._do(Operation("fsync", path), lambda: synced(descriptor))

        os.fsync = fsync  # type: ignore[assignment]
        exchange, sync = swap._exchange, keep._sync_file_system

        def exchanged(a: Path, b: Path) -> bool:
            return bool(self._do(Operation("exchange", str(a), str(b)), lambda: exchange(a, b)))

        def synced_all(folder: Path) -> bool:
            return bool(self._do(Operation("sync", str(folder)), lambda: sync(folder)))

        swap._exchange = exchanged
        keep._sync_file_system = synced_all
        self._watch_sqlite()

    def _watch_sqlite(self) -> None:
        connect, disk = sqlite3.connect, self

        class Connection(sqlite3.Connection):
            def execute(self, statement: str, *rest: Any) -> sqlite3.Cursor:
                return disk._do(  # type: ignore[no-any-return]
                    Operation("sql", statement.split()[0]),
                    lambda: super(Connection, self).execute(statement, *rest),
                )

            def executemany(self, statement: str, *rest: Any) -> sqlite3.Cursor:
                return disk._do(  # type: ignore[no-any-return]
                    Operation("sql", statement.split()[0]),
                    lambda: super(Connection, self).executemany(statement, *rest),
                )

        sqlite3.connect = functools.partial(connect, factory=Connection)  # type: ignore[assignment]

    def _mine(self, path: str) -> bool:
        return path.startswith(f"{self.root}/") and "cache.sqlite" not in path

    def _do(self, operation: Operation, work: Callable[[], Any]) -> Any:
        if operation.name not in ("sql", "sync") and not self._mine(operation.path):
            return work()
        with self._lock:
            self._count += 1
            self.before(self._count, operation)
            result = work()
            self.done.append(operation)
            return result

    def _wrapped(self, function: Callable[..., Any], kind: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def watched(first: Any, second: Any = None, *rest: Any, **named: Any) -> Any:
            folder = named.get("dir_fd")
            path = _absolute(first, folder)
            arguments = (first,) if second is None else (first, second)
            if kind in ("rename", "link"):
                operation = Operation(kind, path, _absolute(second))
            else:
                operation = Operation(kind, path)
            return self._do(operation, lambda: function(*arguments, *rest, **named))

        return watched

    def _open(
        self,
        path: str,
        mode: str,
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        disk = self
        kind = mode.replace("b", "").replace("t", "")
        is_new = "x" in mode or not os.path.exists(path)  # noqa: PTH110

        class File(io.FileIO):
            def write(self, data: Any) -> int:
                content = bytes(data)
                place = os.lseek(self.fileno(), 0, os.SEEK_CUR)
                operation = Operation("write", path, data=content, offset=place)
                return int(disk._do(operation, lambda: super(File, self).write(content)))

        name = "create" if is_new else "truncate" if "w" in mode else "open"
        raw = self._do(Operation(name, path), lambda: File(path, kind, closefd, opener))
        buffer = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffer if "b" in mode else io.TextIOWrapper(buffer, encoding, errors, newline)


def _absolute(path: Any, folder: int | None = None) -> str:
    name = os.fsdecode(path)
    base = os.readlink(f"/proc/self/fd/{folder}") if folder is not None else os.getcwd()  # noqa: PTH109, PTH115
    return os.path.normpath(os.path.join(base, name))  # noqa: PTH118


class Tree:
    """The files of a folder, in memory, while recorded operations are repeated on them.

    Names of files and folders change in the order of the operations, as journalling file systems
    (ext4, XFS, btrfs, APFS, NTFS) do it. Written data may get lost until it is synced.
    """

    def __init__(self, root: Path) -> None:
        """Read the present files; all of them are on the disk."""
        self._root = str(root)
        self.files: dict[str, list[bytes]] = {}
        self.folders: set[str] = set()
        seen: dict[int, list[bytes]] = {}
        for place, folders, names in os.walk(root):
            self.folders.update(os.path.join(place, one) for one in folders)  # noqa: PTH118
            for name in names:
                path = os.path.join(place, name)  # noqa: PTH118
                content = Path(path).read_bytes()
                # Now, and on the disk; second names of one file share both.
                self.files[path] = seen.setdefault(os.stat(path).st_ino, [content, content])  # noqa: PTH116

    def do(self, operation: Operation) -> None:
        """Do one operation."""
        name, path, other = operation.name, operation.path, operation.other
        if name == "create":
            self.files[path] = [b"", b""]
        elif name == "truncate":
            self.files[path][0] = b""
        elif name == "write":
            now = self.files[path][0]
            begin = now[: operation.offset].ljust(operation.offset, b"\0")
            self.files[path][0] = begin + operation.data + now[len(begin) + len(operation.data) :]
        elif name == "fsync":
            if path in self.files:
                self.files[path][1] = self.files[path][0]
        elif name == "sync":
            for content in self.files.values():
                content[1] = content[0]
        elif name == "mkdir":
            self.folders.add(path)
        elif name == "rmdir":
            self.folders.discard(path)
        elif name == "unlink":
            self.files.pop(path, None)
        elif name == "link":
            self.files[other] = self.files[path]
        elif name == "rename":
            self._move({path: other})
        elif name == "exchange":
            self._move({path: other, other: path})

    def _move(self, moves: dict[str, str]) -> None:
        def moved(path: str) -> str:
            for old, new in moves.items():
                if path == old or path.startswith(f"{old}/"):
                    return new + path[len(old) :]
            return path

        # The target of a plain rename makes way first.
        for new in moves.values():
            if new not in moves:
                self.files.pop(new, None)
        self.files = {moved(path): content for path, content in self.files.items()}
        self.folders = {moved(path) for path in self.folders}

    def write(self, target: Path, kept: Callable[[bytes, bytes], bytes]) -> None:
        """Write the files to another folder.

        Args:
            target: gets them.
            kept: what is left of a file; is given its content now and that on the disk.
        """
        for folder in sorted(self.folders):
            (target / folder[len(self._root) + 1 :]).mkdir(parents=True, exist_ok=True)
        written: dict[int, Path] = {}
        for path, content in self.files.items():
            place = target / path[len(self._root) + 1 :]
            if id(content) in written:
                os.link(written[id(content)], place)
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            now, synced = content
            place.write_bytes(now if now == synced else kept(now, synced))
            written[id(content)] = place


def replayed(tree: Tree, operations: Sequence[Operation]) -> None:
    """Do several operations to a tree."""
    for operation in operations:
        tree.do(operation)
