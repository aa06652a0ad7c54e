"""A few tries of each part; `make torture` tries each a thousand times."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


# In a process of its own, which forks: other tests have started threads in this one.
@pytest.mark.parametrize(("part", "tries"), [("kills", 4), ("full-disk", 3), ("power-cuts", 4)])
def test_no_try_fails(part: str, tries: int, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.torture", part, "--tries", str(tries)]
    result = subprocess.run(
        [*command, "--scratch", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{part}: {tries} tries, 0 failures" in result.stdout
