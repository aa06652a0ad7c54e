"""Files that are written in one step, and files that are made once and kept.

Every file of the program's own goes through here. The contract:

- A reader sees the old file or the new one, never a part of it, whenever the process ends.
- Any number of threads and processes may write the same file at once; the last one wins.
- What fails leaves the old file as it was, and nothing beside it.
"""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, content: bytes, *, durable: bool = False) -> None:
    """Replace a file in one step; its folder is made when missing.

    Args:
        path: the file.
        content: all of it.
        durable: wait until the bytes are on the disk, so that they survive a power cut.

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


def make_once(path: Path, make: Callable[[], bytes]) -> None:
    """Make a file unless it is there. Its name must change with all that its content depends on."""
    if not path.exists():
        write_whole(path, make())


def kept(path: Path | None, make: Callable[[], bytes]) -> bytes:
    """The content of a file that is made once, see `make_once`; with no path it is made anew."""
    if path is None:
        return make()
    try:
        return path.read_bytes()
    except FileNotFoundError:
        content = make()
        write_whole(path, content)
        return content
