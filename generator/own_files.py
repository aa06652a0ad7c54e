"""Reads the owner's files, without waiting for pipes and devices."""

import errno
import os
import stat
from pathlib import Path

_MOST = 256_000_000


def read_own(path: Path) -> bytes:
    """The content of one of the owner's files.

    Raises:
        FileNotFoundError: there is none.
        OSError: it cannot be read, is a named pipe or a device, which have no end, or is larger
            than any text.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        state = os.fstat(file.fileno())
        if stat.S_ISDIR(state.st_mode):
            raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
        if not stat.S_ISREG(state.st_mode):
            raise OSError(errno.EINVAL, "it is a named pipe or a device, not a file", str(path))
        if state.st_size > _MOST:
            megabytes = f"{state.st_size / 1e6:,.0f} MB"
            raise OSError(errno.EFBIG, f"it is too large for a text ({megabytes})", str(path))
        return file.read()


def read_own_text(path: Path) -> str:
    """The text of one of the owner's files, in UTF-8 with or without a mark, lines ending in \\n.

    Raises:
        OSError: as `read_own` does.
        UnicodeDecodeError: it is not UTF-8.
    """
    text = read_own(path).decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")
