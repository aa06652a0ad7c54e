"""The bytes of a photo: read once, hashed as they are read, and passed on within limits.

The decoded bytes are the hashed ones, even if the file changes meanwhile, and no decoder can read
the same bytes again and again.
"""

import hashlib
import io
import os
import stat
import tempfile
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from generator.collect.file_types import special_file
from generator.errors import BollardsError
from generator.memory import MEGABYTE

_CHUNK = 1 << 20
# Larger files wait in a temporary file: uncompressed ones are as large as their pixels.
_IN_MEMORY = 32 * MEGABYTE
# How often a decoder may read the whole file, and how much it may read of a small one.
_TIMES = 8
_FREELY = 16 * MEGABYTE


class PhotoError(BollardsError):
    """A photo that cannot be used.

    Attributes:
        path: the file.
        reason: why, in plain words, as one or more sentences; the text is "PATH: REASON".
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Content:
    """A file's content at the time of reading.

    Attributes:
        stream: a private copy of its bytes.
        size: the number of bytes.
        sha256: their digest, in hexadecimal digits.
    """

    stream: IO[bytes]
    size: int
    sha256: str

    def at(self, offset: int, length: int) -> bytes:
        """`length` bytes from `offset`, fewer at the end."""
        self.stream.seek(offset)
        return self.stream.read(length)

    def all(self) -> bytes:
        return self.at(0, self.size)


def _without_waiting(path: str, flags: int) -> int:
    # A regular file may have been replaced by a pipe; do not wait for its writer.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


@contextmanager
def read_once(path: Path, max_megabytes: int) -> Iterator[Content]:
    """Make a private copy of a regular file, which nobody changes.

    Raises:
        PhotoError: it is not a regular file, or larger than allowed.
        OSError: it cannot be read.
    """
    special = special_file(path.stat().st_mode)
    if special:
        raise PhotoError(path, f"is {special}, not a picture file.")
    with open(path, "rb", buffering=0, opener=_without_waiting) as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise PhotoError(path, "is not a regular file any more.")
        limit = max_megabytes * MEGABYTE
        with io.BytesIO() if state.st_size <= _IN_MEMORY else tempfile.TemporaryFile() as copy:
            digest = hashlib.sha256()
            size = 0
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise PhotoError(
                        path,
                        f"is too large: {max(size, state.st_size) / MEGABYTE:,.0f} MB, and"
                        f" site.toml allows {max_megabytes}. Make it smaller, or raise"
                        " photos.max_megabytes.",
                    )
                digest.update(chunk)
                copy.write(chunk)
            copy.seek(0)
            yield Content(copy, size, digest.hexdigest())


class Pieces(io.RawIOBase):
    """Parts of a file, and bytes between them, as one stream with a limit on reading.

    Reading raises OSError if far more was read than exists, or if the thread has worked for too
    long since the stream was made.
    """

    def __init__(
        self, content: Content, pieces: Sequence[bytes | tuple[int, int]], max_seconds: float
    ) -> None:
        super().__init__()
        self._content = content
        self._pieces = [piece for piece in pieces if len(piece)]
        lengths = [len(one) if isinstance(one, bytes) else one[1] for one in self._pieces]
        self._starts: list[int] = []
        end = 0
        for length in lengths:
            self._starts.append(end)
            end += length
        self._end = end
        self._position = 0
        self._left = _TIMES * end + _FREELY
        self._seconds = max_seconds
        self._stop = time.thread_time() + max_seconds
        self._is_whole = self._pieces == [(0, content.size)]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = (0, self._position, self._end)[whence]
        self._position = max(0, base + offset)
        return self._position

    def fileno(self) -> int:
        if not self._is_whole:
            raise io.UnsupportedOperation("fileno")
        return self._content.stream.fileno()

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0 or size > self._end - self._position:
            size = max(0, self._end - self._position)
        self._left -= size
        if self._left < 0:
            raise OSError("its parts overlap, so reading it would take very long")
        if time.thread_time() > self._stop:
            raise OSError(f"reading it took more than {self._seconds:g} seconds")
        parts = []
        index = bisect_right(self._starts, self._position) - 1
        while size > 0:
            piece = self._pieces[index]
            skip = self._position - self._starts[index]
            if isinstance(piece, bytes):
                part = piece[skip : skip + size]
            else:
                part = self._content.at(piece[0] + skip, min(size, piece[1] - skip))
            if not part:
                break
            parts.append(part)
            self._position += len(part)
            size -= len(part)
            index += 1
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def readall(self) -> bytes:
        return self.read()
