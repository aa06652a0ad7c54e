"""Fetches one file, in one go or in several: what has arrived is kept and continued."""

import hashlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from generator.pull.source import DroppedError, RefusedError, RemoteFile, Source

PIECE = 1 << 18
"""Bytes that are read at once."""
THREADS = 8
"""How many files are fetched at once."""
# After a broken connection, in seconds. A try that brought at least one byte begins the row anew.
_WAITS_S = (0.0, 1.0, 4.0, 10.0)


class StoppedError(Exception):
    """Another file has failed in a way that ends everything, or the owner pressed Ctrl-C."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that has arrived whole.

    Attributes:
        at: where it is for now.
        sha256: of its content, in hexadecimal digits.
    """

    at: Path
    sha256: str


def part_name(source: Source, file: RemoteFile) -> str:
    """The name of the file in which a content grows. Another content has another name."""
    told = "\n".join((source.named, file.path, str(file.size), file.mark))
    return f"{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.part"


def fetch(source: Source, file: RemoteFile, folder: Path, stop: threading.Event) -> Arrived:
    """Fetch a file into a folder, from where an earlier try has ended.

    The content is checked: its size, and its MD5 if the list has it. Some servers list an ETag that
    only looks like an MD5; so if the MD5 differs, the file is fetched again from its beginning, and
    taken if the same bytes arrive twice.

    Args:
        folder: where `part_name` is; it exists.
        stop: once it is set, fetching ends; what has arrived is kept.

    Raises:
        RefusedError: the file cannot be had, or arrives damaged.
        DroppedError: the connection breaks off again and again.
        StoppedError: `stop` was set.
        BollardsError: the place gives no file at all.
        OSError: the disk is full, or the file cannot be written.
    """
    part = folder / part_name(source, file)
    before = ""
    for _ in range(3):
        _receive(source, file, part, stop)
        md5, sha256 = _digests(part)
        if not file.md5 or file.md5 == md5 or before == sha256:
            return Arrived(part, sha256)
        part.unlink()
        before = sha256
    raise RefusedError("arrives damaged, differently each time. Check the network, then pull again")


def _receive(source: Source, file: RemoteFile, part: Path, stop: threading.Event) -> None:
    """Complete a part, until it has the size of the file and is on the disk."""
    tries = 0
    while True:
        try:
            if part.stat().st_size > file.size:
                part.unlink()
        except FileNotFoundError:
            part.touch()
        start = part.stat().st_size
        dropped = DroppedError("the file ended too early")
        with part.open("ab") as out:
            if start < file.size:
                try:
                    for piece in source.read(file, start):
                        if stop.is_set():
                            raise StoppedError
                        out.write(piece)
                except DroppedError as error:
                    dropped = error
            out.flush()
            os.fsync(out.fileno())
            size = out.tell()
        if size == file.size:
            return
        if size > file.size:
            part.unlink()
            raise RefusedError("is larger than the list says. Pull again")
        tries = 0 if size > start else tries + 1
        if tries >= len(_WAITS_S):
            raise dropped
        if stop.wait(_WAITS_S[tries]):
            raise StoppedError


def _digests(path: Path) -> tuple[str, str]:
    """MD5 and SHA-256 of a file, in hexadecimal digits."""
    # MD5 only finds damage here; nobody relies on it for secrecy.
    md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            md5.update(piece)
            sha256.update(piece)
    return md5.hexdigest(), sha256.hexdigest()


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def md5_of(path: Path) -> str:
    """MD5 of a file, in hexadecimal digits."""
    return _digests(path)[0]
