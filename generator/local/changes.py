"""Which files of a site a build has changed, so that open pages reload only if they show them."""

import hashlib
import os
from pathlib import Path

from generator.publish.headers import IMMUTABLE_FOLDERS

_State = tuple[int, int, int, int]


class Changes:
    """Compares a folder with what it was at the last look.

    Not all files are read each time: a file is known by device, inode, size and time, also if it
    comes back after a build, as those do that have not changed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._digests: dict[_State, bytes] = {}
        self._last = self._look()

    def since(self) -> list[str]:
        """The paths of files that are new, gone or different since the last call, sorted."""
        before, self._last = self._last, self._look()
        paths = before.keys() | self._last.keys()
        return sorted(path for path in paths if before.get(path) != self._last.get(path))

    def _look(self) -> dict[str, bytes]:
        """The digest of each file; those whose names change with their content are left out."""
        found: dict[str, bytes] = {}
        for parent, folders, names in os.walk(self._folder):
            at = os.path.relpath(parent, self._folder)
            if at == ".":
                folders[:] = [name for name in folders if name not in IMMUTABLE_FOLDERS]
            for name in names:
                digest = self._digest(Path(parent, name))
                if digest is not None:
                    found[name if at == "." else f"{at}/{name}".replace(os.sep, "/")] = digest
        return found

    def _digest(self, path: Path) -> bytes | None:
        try:
            stat = path.stat()
            state = stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns
            if state not in self._digests:
                self._digests[state] = hashlib.sha256(path.read_bytes()).digest()
        except OSError:
            return None
        return self._digests[state]
