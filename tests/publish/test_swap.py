"""The new site replaces the old one as a whole or not at all."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator.errors import BollardsError
from generator.publish import swap
from generator.publish.swap import make_live, recover, refuse_foreign

PAGES = 200


def write_site(folder: Path, text: str, pages: int = PAGES) -> Path:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "catalogue.json").write_text(text)
    for number in range(pages):
        (folder / f"{number}.html").write_text(text)
    return folder


def whole(folder: Path) -> str | None:
    """The text that all pages of a site have; None when pages differ or are missing."""
    pages = sorted(folder.glob("*.html"))
    texts = {page.read_text() for page in pages}
    return texts.pop() if len(texts) == 1 and len(pages) == PAGES else None


@pytest.fixture(params=["one step", "two renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to swap folders; the second is for systems without renameat2."""
    if request.param == "two renames":
        monkeypatch.setattr(swap, "_exchange", lambda a, b: False)
    return str(request.param)


def test_the_first_site_goes_live(tmp_path: Path) -> None:
    new = write_site(tmp_path / "work" / "staging", "new")

    make_live(new, tmp_path / "public", tmp_path / "work" / "retired")

    assert whole(tmp_path / "public") == "new"
    assert not new.exists()


def test_the_new_site_replaces_the_old_one_and_the_next_build_starts_from_it(
    tmp_path: Path, way: str
) -> None:
    write_site(tmp_path / "public", "old")
    (tmp_path / "public" / "only-in-the-old-one.html").touch()

    make_live(
        write_site(tmp_path / "work" / "staging", "new"),
        tmp_path / "public",
        tmp_path / "work" / "retired",
    )

    assert whole(tmp_path / "public") == "new"
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["staging"]
    assert (tmp_path / "work" / "staging" / "only-in-the-old-one.html").exists()


@pytest.mark.parametrize("error", [OSError("no"), KeyboardInterrupt()])
def test_a_failure_between_the_two_renames_puts_the_old_site_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr(swap, "_exchange", lambda a, b: False)
    public = write_site(tmp_path / "public", "old")
    staging = write_site(tmp_path / "staging", "new")
    rename = Path.rename

    def fails_for_the_new_site(self: Path, target: Path) -> Path:
        if self == staging:
            raise error
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails_for_the_new_site)
    with pytest.raises(type(error)):
        make_live(staging, public, tmp_path / "retired")

    assert whole(public) == "old"


def test_an_interrupted_swap_is_undone_by_the_next_build(tmp_path: Path) -> None:
    write_site(tmp_path / "retired", "old")

    recover(tmp_path / "public", tmp_path / "retired")

    assert whole(tmp_path / "public") == "old"
    assert not (tmp_path / "retired").exists()


def test_an_old_site_that_was_left_over_is_removed_by_the_next_build(tmp_path: Path) -> None:
    write_site(tmp_path / "public", "new")
    write_site(tmp_path / "retired", "old")

    recover(tmp_path / "public", tmp_path / "retired")

    assert whole(tmp_path / "public") == "new"
    assert not (tmp_path / "retired").exists()


_SWAPS = """
import shutil, sys
from pathlib import Path
from generator.publish import swap
root = Path(sys.argv[1])
if sys.argv[2] == "two renames":
    swap._exchange = lambda a, b: False
print("ready", flush=True)
staging = root / "work" / "staging"
while True:
    shutil.rmtree(staging, ignore_errors=True)
    shutil.copytree(root / "new", staging)
    swap.make_live(staging, root / "public", root / "work" / "retired")
"""


def test_a_process_killed_in_the_middle_leaves_one_whole_site(tmp_path: Path, way: str) -> None:
    write_site(tmp_path / "new", "new")
    write_site(tmp_path / "public", "old")
    work = tmp_path / "work"
    work.mkdir()
    for attempt in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", _SWAPS, str(tmp_path), way], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.004 * (1 + attempt * 3))
        process.send_signal(signal.SIGKILL)
        process.communicate()

        recover(tmp_path / "public", work / "retired")

        assert whole(tmp_path / "public") in ("old", "new")
        for left in work.iterdir():
            shutil.rmtree(left)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="renameat2 is Linux's")
def test_visitors_never_see_a_gap_during_publishing(tmp_path: Path) -> None:
    """While sites are swapped a thousand times, each request for the page succeeds."""
    a = write_site(tmp_path / "a", "a", 1)
    b = write_site(tmp_path / "b", "b", 1)
    if not swap._exchange(a, b):
        pytest.skip("this file system cannot exchange folders")
    visitor = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\nprint('ready', flush=True)\nwhile True:\n    open(sys.argv[1]).read()",
            str(a / "0.html"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert visitor.stdout is not None
    visitor.stdout.readline()
    for _ in range(1000):
        assert swap._exchange(a, b)

    assert visitor.poll() is None
    visitor.kill()
    visitor.communicate()


def test_files_of_others_are_never_replaced(tmp_path: Path) -> None:
    public = tmp_path / "public"
    refuse_foreign(public)
    public.mkdir()
    refuse_foreign(public)

    (public / "thesis.txt").write_text("years of work")
    with pytest.raises(BollardsError, match="files that bollards did not make"):
        refuse_foreign(public)

    write_site(tmp_path / "ours", "page", 1)
    refuse_foreign(tmp_path / "ours")


def test_a_link_or_a_file_in_place_of_the_site_folder_is_reported(tmp_path: Path) -> None:
    write_site(tmp_path / "elsewhere", "page", 1)
    (tmp_path / "public").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "file").touch()

    with pytest.raises(BollardsError, match=r"is a symbolic link to .*elsewhere"):
        refuse_foreign(tmp_path / "public")
    with pytest.raises(BollardsError, match="is a file"):
        refuse_foreign(tmp_path / "file")
