"""The folders of a site project: one build at a time, and no half-written files."""

import subprocess
import sys
from pathlib import Path

import pytest

from generator.errors import BollardsError
from generator.project import Project, write_atomically


def test_only_one_process_holds_a_project(tmp_path: Path) -> None:
    project = Project(tmp_path)
    program = (
        "import sys; from pathlib import Path; from generator.project import Project\n"
        "with Project(Path(sys.argv[1])).locked(): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"

    with (
        pytest.raises(BollardsError, match="another bollards process is building"),
        project.locked(),
    ):
        pass

    # Killed, not ended: the lock goes with the process, so that nobody has to delete a file.
    holder.kill()
    holder.communicate()
    with project.locked():
        pass


def test_a_failed_write_leaves_the_old_text_and_no_temporary_files(tmp_path: Path) -> None:
    path = tmp_path / "ledger.json"
    write_atomically(path, "old")

    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "half a character: \udc80")

    assert path.read_text(encoding="utf-8") == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["ledger.json"]


def test_line_ends_are_the_same_on_every_system(tmp_path: Path) -> None:
    write_atomically(tmp_path / "deep" / "text", "a\nb\n")

    assert (tmp_path / "deep" / "text").read_bytes() == b"a\nb\n"
