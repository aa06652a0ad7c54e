"""The folder of a site that is being brought to its new state.

A build works on the site before the last one: what is the same is left untouched, with its time,
and only what differs is written. That is faster than a thousand new files and as many deletions,
and tools that send a site somewhere see by the times what has changed.
"""

import errno
import hashlib
import os
import shutil
import threading
from pathlib import Path

from generator.characters import without_forbidden


class Output:
    """A site's root. Everything that is not written or linked again is removed by `finish`.

    Safe to call from several threads for different paths.

    Attributes:
        page_digests: of each page, by its path, the SHA-256 of that path, a zero byte and what it
            holds.
    """

    def __init__(self, root: Path) -> None:
        """Begin with whatever lies in `root`, which is made when missing."""
        root.mkdir(parents=True, exist_ok=True)
        self.root = root
        self._files: set[str] = set()
        self.page_digests: dict[str, bytes] = {}
        self._folders: set[str] = set()
        self._lock = threading.Lock()

    @property
    def files(self) -> list[str]:
        """The paths of everything that was written or linked, in order."""
        return sorted(self._files)

    def write(self, path: str, content: str | bytes) -> None:
        """Put `content` (text as UTF-8) at `path`, relative to the root, with forward slashes."""
        if isinstance(content, str) and path.endswith(".xml"):
            # One such character anywhere, and no reader opens the file.
            content = without_forbidden(content)
        data = content.encode() if isinstance(content, str) else content
        if path.endswith(".html"):
            self.page_digests[path] = hashlib.sha256(path.encode() + b"\0" + data).digest()
        target = self._claim(path)
        try:
            if os.stat(target).st_size == len(data) and Path(target).read_bytes() == data:  # noqa: PTH116
                return
            # Never written in place: another name (a backup made of links) may share the bytes.
            os.unlink(target)  # noqa: PTH108
        except FileNotFoundError:
            pass
        except (IsADirectoryError, PermissionError):
            shutil.rmtree(target)
        with open(target, "xb") as file:  # noqa: PTH123 (a thousand times a build)
            file.write(data)

    def write_lasting(self, path: str, content: bytes) -> str:
        """Put `content` at `path` with its digest before the suffix: "a/site.0a1b2c3d.css".

        Returns that path. A copy of such a file is good for ever.
        """
        stem, dot, suffix = path.rpartition(".")
        named = f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}{dot}{suffix}"
        self.write(named, content)
        return named

    def link(self, path: str, source: Path) -> None:
        """Put the bytes of `source` at `path`: as a second name where the file system can."""
        target = self._claim(path)
        try:
            there, kept = os.stat(target), os.stat(source)  # noqa: PTH116
            if (there.st_ino, there.st_dev) == (kept.st_ino, kept.st_dev):
                return
            os.unlink(target)  # noqa: PTH108
        except FileNotFoundError:
            pass
        try:
            os.link(source, target)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            shutil.copyfile(source, target)

    def finish(self) -> None:
        """Remove what does not belong to the new state."""
        self._remove_rest(str(self.root), "")

    def _claim(self, path: str) -> str:
        with self._lock:
            self._files.add(path)
            self._make_folder(path.rpartition("/")[0])
        return f"{self.root}/{path}"

    def _make_folder(self, folder: str) -> None:
        if not folder or folder in self._folders:
            return
        self._make_folder(folder.rpartition("/")[0])
        place = self.root / folder
        if not place.is_dir() or place.is_symlink():
            # A file of the old site may have the name of a folder of the new one.
            place.unlink(missing_ok=True)
            place.mkdir(exist_ok=True)
        self._folders.add(folder)

    def _remove_rest(self, folder: str, prefix: str) -> None:
        with os.scandir(folder) as entries:
            for entry in entries:
                path = prefix + entry.name
                if not entry.is_dir(follow_symlinks=False):
                    if path not in self._files:
                        os.unlink(entry.path)  # noqa: PTH108
                elif path in self._folders:
                    self._remove_rest(entry.path, path + "/")
                else:
                    shutil.rmtree(entry.path)
