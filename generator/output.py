"""The folder of a site that is being updated.

A build updates the site before the last one: unchanged files stay untouched and keep their times,
and only changed files are written. That is faster than a thousand new files and as many deletions,
and tools that upload a site see by the times which files have changed.
"""

import errno
import hashlib
import os
import shutil
import stat
import threading
from pathlib import Path

from generator.characters import without_forbidden


class Output:
    """A site's root. `finish` removes every file that was not written or linked again.

    Safe to call from several threads for different paths.

    Attributes:
        page_digests: for each page, by path: the SHA-256 of its path, a zero byte and its content.
    """

    def __init__(self, root: Path) -> None:
        """Begin with the present content of `root`; a missing folder is created."""
        root.mkdir(parents=True, exist_ok=True)
        self.root = root
        self._files: set[str] = set()
        self.page_digests: dict[str, bytes] = {}
        self._folders: set[str] = set()
        self._lock = threading.Lock()

    @property
    def files(self) -> list[str]:
        """The paths of all files that were written or linked, sorted."""
        return sorted(self._files)

    def write(self, path: str, content: str | bytes) -> None:
        """Put `content` (text as UTF-8) at `path`, relative to the root, with forward slashes."""
        if isinstance(content, str) and path.endswith(".xml"):
            # A single such character makes feeds unreadable.
            content = without_forbidden(content)
        data = content.encode() if isinstance(content, str) else content
        if path.endswith(".html"):
            self.page_digests[path] = hashlib.sha256(path.encode() + b"\0" + data).digest()
        target = self._claim(path)
        try:
            if os.stat(target).st_size == len(data) and Path(target).read_bytes() == data:  # noqa: PTH116
                return
            # Not written in place: another name, such as a backup by hard links, may share the
            # bytes.
            os.unlink(target)  # noqa: PTH108
        except FileNotFoundError:
            pass
        except (IsADirectoryError, PermissionError):
            shutil.rmtree(target)
        with open(target, "xb") as file:  # noqa: PTH123 (a thousand times a build)
            file.write(data)

    def take_over(self, path: str, digest: str, before: Path | None) -> bool:
        """Put a page of an earlier build at `path` again, if its file is undamaged.

        Args:
            path: of the page; it may be there already.
            digest: as in `page_digests`, hexadecimal.
            before: the folder of the last build, which may have it, or None.

        Returns:
            Whether the page is there now; otherwise nothing has changed.
        """
        target = f"{self.root}/{path}"
        wanted = bytes.fromhex(digest)
        if _page_digest(target, path) != wanted:
            if before is None or _page_digest(f"{before}/{path}", path) != wanted:
                return False
            self.link(path, before / path)
        self._claim(path)
        self.page_digests[path] = wanted
        return True

    def write_lasting(self, path: str, content: bytes) -> str:
        """Put `content` at `path` with its digest before the suffix: "a/site.0a1b2c3d.css".

        Returns that path. Browsers may cache such a file for ever.
        """
        stem, dot, suffix = path.rpartition(".")
        named = f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}{dot}{suffix}"
        self.write(named, content)
        return named

    def link(self, path: str, source: Path) -> None:
        """Put the bytes of `source` at `path`: as a hard link if the file system allows."""
        target = self._claim(path)
        try:
            there, kept = os.stat(target), os.stat(source)  # noqa: PTH116
            if (there.st_ino, there.st_dev) == (kept.st_ino, kept.st_dev):
                return
            os.unlink(target)  # noqa: PTH108
        except FileNotFoundError:
            pass
        except (IsADirectoryError, PermissionError):
            shutil.rmtree(target)
        try:
            os.link(source, target)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            shutil.copyfile(source, target)

    def finish(self) -> None:
        """Remove all files that do not belong to the new site."""
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
        target = self.root / folder
        if not target.is_dir() or target.is_symlink():
            # A file of the old site may have the name of a folder of the new one.
            target.unlink(missing_ok=True)
            target.mkdir(exist_ok=True)
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


def _page_digest(file: str, path: str) -> bytes | None:
    """The digest of a page for `page_digests`; None if there is no such file."""
    try:
        if not stat.S_ISREG(os.lstat(file).st_mode):
            return None
        content = Path(file).read_bytes()
    except OSError:
        return None
    return hashlib.sha256(path.encode() + b"\0" + content).digest()
