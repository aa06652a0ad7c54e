"""A few tries of each part; `make torture` tries each a thousand times."""

import subprocess
import sys
from pathlib import Path

from tests.torture import PARTS

ROOT = Path(__file__).parents[2]
TRIES = 3


def test_no_try_of_any_part_fails(tmp_path: Path) -> None:
    # In a process of its own, which forks: other tests have started threads in this one.
    result = subprocess.run(
        [sys.executable, "-m", "tests.torture", "--tries", str(TRIES), "--scratch", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    for part in PARTS:
        assert f"{part}: {TRIES} tries, 0 failures" in result.stdout
