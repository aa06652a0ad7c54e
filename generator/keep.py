"""Files that are written in one step, and files that are made once and kept.

Every file of the program's own goes through here. The contract:

- A reader sees the old file or the new one, never a part of it, whenever the process ends.
- Any number of threads and processes may write the same file at once; the last one wins.
- What fails leaves the old file as it was, and nothing beside it.
- A kept file ends with the digest of its content. A damaged one is never used: it is made again.
"""

import ctypes
import errno
import hashlib
import os
import re
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_TRAILER = re.compile(rb"\nsha256:([0-9a-f]{64})\n")
_TRAILER_BYTES = len("\nsha256:\n") + 64
# A file's name while it is written: that of the file, with a dot before and digits behind it.
_TEMPORARY = re.compile(r"\.(.+)\.[0-9a-f]{16}", re.DOTALL)
_KEPT = ".kept"


class DamagedError(ValueError):
    """A kept file is not what was written: it was cut, emptied, or a bit changed."""


def write_whole(path: Path, content: bytes, *, durable: bool = False) -> None:
    """Replace a file in one step; its folder is made when missing.

    Args:
        path: the file.
        content: all of it.
        durable: wait until the bytes and the name are on the disk, so that they survive a power
            cut.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, so that it is on the same file system; with a name that nobody else has.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; where a system has no such call, go on."""
    if os.name != "nt":
        _sync(str(folder))


def sync_all(folder: Path) -> None:
    """Wait until everything below a folder is on the disk.

    One call for the whole file system where there is one (Linux): 3,000 new pictures take 0.3 to
    0.6 s, and 11 s with a call for each. Elsewhere each file and folder is synced.

    Raises:
        OSError: the disk failed.
    """
    if not _sync_file_system(folder):
        for place, _, names in os.walk(folder):
            for name in names:
                _sync(os.path.join(place, name))  # noqa: PTH118 (thousands of files)
            sync_folder(Path(place))


def _sync_file_system(folder: Path) -> bool:
    """Linux's syncfs; False where there is none."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        syncfs = ctypes.CDLL(None, use_errno=True).syncfs
    except (OSError, AttributeError):
        return False
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            if number == errno.ENOSYS:
                return False
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)
    return True


def _sync(path: str) -> None:
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_checked(path: Path, content: bytes, *, durable: bool = False) -> None:
    """`write_whole`, with the digest by which `read_checked` sees damage."""
    digest = hashlib.sha256(content).hexdigest()
    write_whole(path, content + f"\nsha256:{digest}\n".encode(), durable=durable)


def read_checked(path: Path) -> bytes:
    """The content of a file that `write_checked` wrote.

    Raises:
        DamagedError: it is not what was written.
        OSError: it is not there, or cannot be read.
    """
    found = path.read_bytes()
    content, trailer = found[:-_TRAILER_BYTES], _TRAILER.fullmatch(found[-_TRAILER_BYTES:])
    if trailer is None or trailer[1].decode() != hashlib.sha256(content).hexdigest():
        raise DamagedError(f"{path}: is damaged")
    return content


def kept(path: Path | None, make: Callable[[], bytes]) -> bytes:
    """The content of a file that is made once, and made again when it is damaged.

    Args:
        path: its name must change with all that the content depends on. On disk ".kept" is added
            to it. With None the content is made anew.
        make: gives the content.
    """
    if path is None:
        return make()
    place = kept_at(path)
    try:
        return read_checked(place)
    except (FileNotFoundError, DamagedError):
        content = make()
        write_checked(place, content)
        return content


def kept_at(path: Path) -> Path:
    """Where `kept` keeps a file: "card.kept.jpg" for "card.jpg"."""
    return path.with_name(f"{path.stem}{_KEPT}{path.suffix}")


def sweep(folder: Path) -> list[Path]:
    """Remove the files in a folder of kept files that will not be used; return damaged ones.

    Others are those that a killed process was writing, and those of earlier versions. Nobody may
    be writing there.
    """
    damaged = []
    for path in _files(folder):
        if not path.stem.endswith(_KEPT) or is_temporary(path):
            path.unlink(missing_ok=True)
            continue
        try:
            read_checked(path)
        except DamagedError:
            damaged.append(path)
            path.unlink(missing_ok=True)
    return damaged


def sweep_temporary(folder: Path, of: Callable[[str], bool] = lambda name: True) -> None:
    """Remove what a killed process was writing in a folder. Nobody may be writing these now.

    Args:
        folder: its subfolders are left alone.
        of: whether files of this name are meant.
    """
    for path in _files(folder):
        found = _TEMPORARY.fullmatch(path.name)
        if found and of(found[1]):
            path.unlink(missing_ok=True)


def is_temporary(path: Path) -> bool:
    """Whether a file has the name of one that `write_whole` has not finished."""
    return _TEMPORARY.fullmatch(path.name) is not None


def told(damaged: Iterable[Path]) -> str:
    """One sentence about damaged files of one folder."""
    names = sorted(path.name for path in damaged)
    which = names[0] if len(names) == 1 else f"{len(names)} files, such as {names[0]},"
    verb = "was" if len(names) == 1 else "were"
    return (
        f"{which} {verb} damaged and {verb} made again. If this happens more than once, check the"
        " disk."
    )


def _files(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    yield from (Path(entry.path) for entry in entries if entry.is_file(follow_symlinks=False))
