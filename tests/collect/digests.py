"""Digests of files for tests of collecting, without a cache on disk."""

import os
from dataclasses import dataclass, field


@dataclass(slots=True)
class MemoryDigests:
    """Digests that last as long as the process."""

    kept: dict[str, tuple[tuple[int, int, int], str]] = field(default_factory=dict)

    def get(self, path: str, stat: os.stat_result) -> str | None:
        state, digest = self.kept.get(path, (None, None))
        return digest if state == (stat.st_size, stat.st_mtime_ns, stat.st_ino) else None

    def put(self, path: str, stat: os.stat_result, digest: str) -> None:
        self.kept[path] = ((stat.st_size, stat.st_mtime_ns, stat.st_ino), digest)
