"""Limits the memory that decoded pictures take together.

A decoded picture briefly takes up to 17 bytes a pixel: for a phone's photo of 48 megapixels,
several hundred MB. A `MemoryBudget` admits as many pictures at once as fit.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEGABYTE = 1_000_000
# One photo of 119 megapixels fits, in any format that can be decoded in strips.
_CUSTOMARY = 512 * MEGABYTE
_SHARE = 4
# Assumed if the system does not report its free memory.
_UNKNOWN = 2_000 * MEGABYTE
_CGROUP = Path("/sys/fs/cgroup")


class MemoryBudget:
    """A number of bytes that threads share.

    Attributes:
        limit: the number of bytes.
        largest: the most that one thread may reserve; granted when no other thread holds any.
    """

    def __init__(self, limit: int, largest: int | None = None) -> None:
        self.limit = limit
        self.largest = limit if largest is None else max(limit, largest)
        self._used = 0
        self._freed = threading.Condition()

    @contextmanager
    def reserved(self, need: int) -> Iterator[None]:
        """Reserve `need` bytes, waiting until that many are free.

        A thread that holds some must not reserve more: two such threads could wait for each other
        for ever.

        Raises:
            MemoryError: `need` exceeds `largest`.
        """
        if need > self.largest:
            raise MemoryError
        with self._freed:
            self._freed.wait_for(lambda: self._used == 0 or self._used + need <= self.limit)
            self._used += need
        try:
            yield
        finally:
            with self._freed:
                self._used -= need
                self._freed.notify_all()


def memory_budget(megabytes: int = 0) -> MemoryBudget:
    """The budget that site.toml sets; 0 takes a quarter of the free memory, 512 MB at most."""
    if megabytes:
        return MemoryBudget(megabytes * MEGABYTE)
    free = free_memory()
    return MemoryBudget(min(free // _SHARE, _CUSTOMARY), largest=free // 2)


def free_memory() -> int:
    """Bytes of memory that this process may still take, as reported by the system."""
    found = [amount for amount in (_of_machine(), _of_container()) if amount is not None]
    return max(0, min(found)) if found else _UNKNOWN


def _of_machine() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):
        return None


def _of_container() -> int | None:
    """The rest of a control group's limit; https://docs.kernel.org/admin-guide/cgroup-v2.html."""
    try:
        limit = (_CGROUP / "memory.max").read_text(encoding="ascii").strip()
        used = (_CGROUP / "memory.current").read_text(encoding="ascii").strip()
        return int(limit) - int(used)
    except (OSError, ValueError):
        return None
