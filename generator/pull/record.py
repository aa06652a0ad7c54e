"""The record of fetched files, in photos/.pulled/: which are the program's, and from where.

It lies with the photos, so that `bollards clean` and a move to another machine leave it true. Each
file adds a line once it is in place, so that a pull that is killed forgets nothing that is whole.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.keep import write_whole
from generator.pull.transfer import digest

FOLDER = ".pulled"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it was fetched.

    Attributes:
        mark: that of its `RemoteFile`.
        sha256: of its content.
        size: in bytes.
        time: of its last change on this machine, in ns; shows without reading that it is unchanged.
    """

    mark: str
    sha256: str
    size: int
    time: int

    def is_at(self, path: Path) -> bool:
        """Whether a file has the content that was fetched. Reads it only if its time differs.

        Raises:
            OSError: it cannot be read.
        """
        if path.is_symlink() or not path.is_file():
            return False
        state = path.stat()
        if state.st_size != self.size:
            return False
        return state.st_mtime_ns == self.time or digest(path) == self.sha256


class Record:
    """The fetched files of one address, by their paths there."""

    def __init__(self, folder: Path, address: str) -> None:
        """Read the record; one of another address is empty, and `earlier` counts its files.

        Args:
            folder: that of the photos.
            address: where they are fetched from.
        """
        self._at = folder / FOLDER / "list.jsonl"
        self._address = address
        self.files: dict[str, Fetched] = {}
        self.earlier = ""
        self._changed = False
        lines = self._lines()
        head = next(lines, None)
        if head is None or head.get("version") != _VERSION:
            return
        if head.get("from") != address:
            self.earlier = str(head.get("from"))
            return
        for line in lines:
            try:
                if line.get("gone"):
                    self.files.pop(line["file"], None)
                else:
                    self.files[line["file"]] = Fetched(
                        line["mark"], line["sha256"], line["size"], line["time"]
                    )
            except KeyError:
                continue

    def _lines(self) -> Iterator[dict[str, Any]]:
        try:
            text = self._at.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return
        for line in text.splitlines():
            try:
                value = json.loads(line)
            except ValueError:
                # A power cut may have torn the last line; its file is compared again.
                continue
            if isinstance(value, dict):
                yield value

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write the record: before the first change, and in order after the last one."""
        self._write()
        try:
            yield
        finally:
            if self._changed:
                self._write()

    def put(self, path: str, fetched: Fetched) -> None:
        """Add a file that is in its place. One thread at a time."""
        self.files[path] = fetched
        self._add(_line(path, fetched))

    def drop(self, path: str) -> None:
        """Forget a file."""
        self.files.pop(path, None)
        self._add({"file": path, "gone": True})

    def _add(self, line: dict[str, Any]) -> None:
        self._changed = True
        with self._at.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def _write(self) -> None:
        lines: list[dict[str, Any]] = [{"version": _VERSION, "from": self._address}]
        lines += [_line(path, self.files[path]) for path in sorted(self.files)]
        content = "".join(json.dumps(line) + "\n" for line in lines).encode()
        # An unchanged record keeps its time, so that a build has nothing to do.
        if not self._at.is_file() or self._at.read_bytes() != content:
            write_whole(self._at, content, durable=True)


def _line(path: str, fetched: Fetched) -> dict[str, Any]:
    return {
        "file": path,
        "mark": fetched.mark,
        "sha256": fetched.sha256,
        "size": fetched.size,
        "time": fetched.time,
    }
