"""A few tries of each part; `make torture` tries each a thousand times."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.find import needed
from tests.torture import PARTS

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="watches files through /proc")
def test_no_try_of_any_part_fails(tmp_path: Path) -> None:
    needed("rsync")
    # In a process of its own, which forks: other tests have started threads in this one.
    result = subprocess.run(
        [sys.executable, "-m", "tests.torture", "--short", "--scratch", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    for name, tries in PARTS.items():
        assert f"{name}: {tries.short} tries, 0 failures" in result.stdout
