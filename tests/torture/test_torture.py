"""A few tries of each part; `make torture` tries each a thousand times."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.find import needed
from tests.torture import PARTS

ROOT = Path(__file__).parents[2]


def fastest(elsewhere: Path) -> Path:
    """A folder in memory if there is room; on a disk half of the time is spent waiting for it."""
    memory = Path("/dev/shm")
    if memory.is_dir() and shutil.disk_usage(memory).free > 2 * 2**30:
        return memory
    return elsewhere


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="watches files through /proc")
def test_every_part_passes_its_tries(tmp_path: Path) -> None:
    needed("rsync")
    # In a process of its own, which forks: other tests have started threads in this one.
    result = subprocess.run(
        [sys.executable, "-m", "tests.torture", "--short", "--scratch", str(fastest(tmp_path))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    for name, tries in PARTS.items():
        assert f"{name}: {tries.short} tries, 0 failures" in result.stdout
