"""A local or remote folder is changed in an order without gaps; nginx serves the result."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.deploy import deploy
from generator.deploy.plan import MANIFEST
from generator.errors import BollardsError
from generator.progress import Progress
from generator.project import Project
from tests.deploy.conftest import ROOT, fetch, wait_for
from tests.deploy.find import find_program, needed
from tests.deploy.sites import build_version, holes


@pytest.fixture(autouse=True)
def _rsync() -> None:
    needed("rsync")


def send(project: Project, to: str | Path, **options: bool) -> list[str]:
    return deploy(project, str(to), Progress(quiet=True), **options)[0]


def content(folder: Path) -> dict[str, bytes]:
    """The files of a folder that may just be changing, the manifest left out."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place) / name
            if name != MANIFEST:
                with contextlib.suppress(FileNotFoundError):
                    found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def program(folder: Path, name: str, script: str) -> Path:
    """Put a program of the tests' own into a folder."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def wrapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every run of rsync is recorded first; `wait-at` makes that run wait for ever."""
    work = tmp_path / "wrapped"
    rsync = find_program("rsync")
    program(
        work,
        "rsync",
        f'printf "%s\\n" "$*" >> {work}/log\n'
        f'if [ "$(wc -l < {work}/log)" -eq "$(cat {work}/wait-at 2>/dev/null || echo 0)" ]; then\n'
        f"  touch {work}/waiting; exec sleep 1000\nfi\n"
        f'exec {rsync} "$@"',
    )
    monkeypatch.setenv("PATH", f"{work}:{os.environ['PATH']}")
    return work


def test_a_folder_becomes_the_site(project: Project, tmp_path: Path) -> None:
    for version in (1, 2):
        files = build_version(project, version)
        send(project, tmp_path / "srv" / "www")
        assert content(tmp_path / "srv" / "www") == files
    # Empty folders of what is gone are gone too.
    assert not (tmp_path / "srv" / "www" / "types" / "a").exists()


def test_files_of_the_same_content_are_not_touched(project: Project, tmp_path: Path) -> None:
    www = tmp_path / "www"
    send(project, www)
    before = {path: path.stat().st_mtime_ns for path in www.rglob("*") if path.is_file()}
    time.sleep(0.02)
    for path in project.public.rglob("*"):
        os.utime(path)

    assert send(project, www) == [f"Nothing to send: {www} is up to date."]
    build_version(project, 2)
    assert send(project, www)[0].startswith("Sent 10 files (")

    kept = [path for path in before if path.exists() and path.name != MANIFEST]
    touched = {
        path.relative_to(www).as_posix() for path in kept if path.stat().st_mtime_ns != before[path]
    }
    assert touched == {
        "404.html",
        "about/index.html",
        "data/catalogue.json",
        "feed.xml",
        "index.html",
        "types/c/index.html",
    }


def test_nginx_serves_what_was_deployed(
    project: Project, tmp_path: Path, nginx: Callable[[Path], str]
) -> None:
    www = tmp_path / "www"
    old = os.umask(0o077)
    try:
        send(project, www)
    finally:
        os.umask(old)
    address = nginx(www)

    assert holes(lambda path: fetch(address + path)[2] or None) == []
    assert fetch(address + "types/a/")[1]["content-type"] == "text/html"
    assert fetch(address + "pictures/p1.webp")[0] == 200


def test_pages_are_sent_after_their_pictures_and_old_files_are_removed_last(
    project: Project, tmp_path: Path
) -> None:
    www = tmp_path / "www"
    send(project, www)
    build_version(project, 2)
    seen: list[dict[str, bytes]] = []

    class Watching(Progress):
        """Looks at the folder whenever a file has arrived."""

        def bar(self, *_: object) -> object:  # type: ignore[override]
            return contextlib.nullcontext(lambda _: seen.append(content(www)))

    deploy(project, str(www), Watching(quiet=True))

    assert len(seen) == 10
    for state in seen:
        assert holes(state.get) == []
    assert seen[-1]["pictures/p1.webp"]
    assert "pictures/p1.webp" not in content(www)


def test_a_deploy_killed_at_any_stage_leaves_no_gaps_and_the_next_one_continues_it(
    project: Project, tmp_path: Path, wrapped: Path, nginx: Callable[[Path], str]
) -> None:
    www = tmp_path / "www"
    send(project, www)
    address = nginx(www)
    files = build_version(project, 2)
    command = [sys.executable, "-m", "generator", "deploy", str(project.root), "--to", str(www)]
    # The runs of rsync: version, comparison, the five stages that have something to send, two
    # removals. What one sent is there for the next, so that each gets further than the one before.
    for run in (3, 5, 4, 5, 4):
        (wrapped / "log").unlink()
        (wrapped / "waiting").unlink(missing_ok=True)
        (wrapped / "wait-at").write_text(str(run), encoding="utf-8")
        process = subprocess.Popen(
            command, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL
        )
        wait_for(lambda: (wrapped / "waiting").exists(), f"run {run} of rsync")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert holes(lambda path: fetch(address + path)[2] or None) == []

    (wrapped / "wait-at").unlink()
    send(project, www)

    assert content(www) == files
    assert holes(lambda path: fetch(address + path)[2] or None) == []


def test_a_transfer_killed_within_a_file_leaves_the_old_one(
    project: Project, tmp_path: Path
) -> None:
    www = tmp_path / "www"
    send(project, www)
    files = build_version(project, 2)
    large = project.public / "pictures" / "large.webp"
    large.write_bytes(os.urandom(2_000_000))
    slow = tmp_path / "slow"
    program(slow, "rsync", f'exec {find_program("rsync")} --bwlimit=100 "$@"')
    process = subprocess.Popen(
        [sys.executable, "-m", "generator", "deploy", str(project.root), "--to", str(www)],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{slow}:{os.environ['PATH']}"},
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    wait_for(
        lambda: any(www.glob("pictures/.~tmp~/*large*")) or any(www.glob("pictures/.*large*")),
        "the large picture to be on its way",
    )
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()

    assert holes(content(www).get) == []
    assert not (www / "pictures" / "large.webp").exists()

    send(project, www)
    assert content(www) == {**files, "pictures/large.webp": large.read_bytes()}


def test_other_files_in_the_folder_stay(project: Project, tmp_path: Path) -> None:
    www = tmp_path / "www"
    (www / "types" / "a").mkdir(parents=True)
    (www / "types" / "a" / "note [1].txt").write_text("mine")
    (www / ".htaccess").write_text("mine")
    send(project, www)
    build_version(project, 2)
    send(project, www)

    assert (www / "types" / "a" / "note [1].txt").read_text() == "mine"
    assert (www / ".htaccess").read_text() == "mine"
    assert not (www / "types" / "a" / "index.html").exists()


@pytest.mark.parametrize(
    "name",
    [
        "x\nR /foreign.txt",
        "x\rR /foreign.txt",
        "x\r\nR /foreign.txt\n",
        "x\n- !\nR **",
        "x\n. /etc/passwd",
        "*",
        "**",
        "f*",
        "foreign.???",
        "[f]oreign.txt",
        "f\\*",
        "their*/***",
        "[!x]*/**",
        " /foreign.txt",
        "# x",
        "!",
        "theirs",
    ],
)
def test_a_name_in_the_list_of_the_target_removes_only_the_file_of_that_name(
    project: Project, tmp_path: Path, name: str
) -> None:
    www = tmp_path / "www"
    send(project, www)
    others = {"foreign.txt": b"mine", "theirs/note.txt": b"mine", "f\\x": b"mine"}
    for other, text in others.items():
        (www / other).parent.mkdir(exist_ok=True)
        (www / other).write_bytes(text)
    kept = json.loads((www / MANIFEST).read_text())
    kept["files"][name] = ""
    (www / MANIFEST).write_text(json.dumps(kept))
    send(project, www)

    assert content(www) == {**build_version(project, 1), **others}


@pytest.mark.parametrize(
    "name", ["../x", "/x", "x/", "a//b", "./x", "a/../b", "", "x\0y", "\ud800"]
)
def test_a_list_with_impossible_file_names_is_refused(
    project: Project, tmp_path: Path, name: str
) -> None:
    www = tmp_path / "www"
    send(project, www)
    kept = json.loads((www / MANIFEST).read_text())
    kept["files"][name] = ""
    (www / MANIFEST).write_text(json.dumps(kept))
    with pytest.raises(BollardsError, match="not a list of deployed files"):
        send(project, www)


def test_a_file_with_a_line_break_in_its_name_is_added_and_removed(
    project: Project, tmp_path: Path
) -> None:
    www = tmp_path / "www"
    odd = "two\nlines [1] *.txt"
    (project.public / odd).write_text("odd")
    send(project, www)
    assert (www / odd).read_text() == "odd"
    (www / "lines [1] x.txt").write_text("mine")
    (project.public / odd).unlink()
    send(project, www)
    assert not (www / odd).exists()
    assert (www / "lines [1] x.txt").read_text() == "mine"


def test_a_folder_with_another_website_is_refused(project: Project, tmp_path: Path) -> None:
    www = tmp_path / "www"
    www.mkdir()
    (www / "index.html").write_text("another website")
    with pytest.raises(BollardsError, match=r"holds index\.html that bollards did not put there"):
        send(project, www)
    assert content(www) == {"index.html": b"another website"}


def test_a_copy_made_by_hand_is_adopted_and_nothing_is_removed(
    project: Project, tmp_path: Path
) -> None:
    www = tmp_path / "www"
    for path, bytes_ in build_version(project, 1).items():
        (www / path).parent.mkdir(parents=True, exist_ok=True)
        (www / path).write_bytes(bytes_)
    build_version(project, 2)

    _, warnings = deploy(project, str(www), Progress(quiet=True))

    assert any("nothing of what is there is removed" in warning for warning in warnings)
    assert (www / "types" / "a" / "index.html").exists()
    assert holes(content(www).get) == []


def test_dry_run_lists_everything_and_writes_nothing(project: Project, tmp_path: Path) -> None:
    www = tmp_path / "www"
    text = "\n".join(send(project, www, dry_run=True))
    assert "16 files of 16 to send" in text
    assert not www.exists()

    send(project, www)
    before = {path: path.stat().st_mtime_ns for path in www.rglob("*")}
    build_version(project, 2)
    text = "\n".join(send(project, www, dry_run=True))
    assert "10 files of 16 to send" in text
    assert "4 files to remove" in text
    assert {path: path.stat().st_mtime_ns for path in www.rglob("*")} == before


def test_a_host_is_reached_through_a_remote_shell(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In the place of ssh: runs on this machine what it is asked to run on the other.
    script = '[ "$1" = -l ] && shift 2; shift; cd "$OTHER" && exec sh -c "$*"'
    shell = program(tmp_path / "bin", "shell", script)
    monkeypatch.setenv("RSYNC_RSH", str(shell))
    monkeypatch.setenv("OTHER", str(tmp_path / "other"))
    www = tmp_path / "other" / "public html" / "bollards"
    www.parent.parent.mkdir()
    to = "me@example.org:public html/bollards/"

    assert "16 files of 16 to send" in "\n".join(send(project, to, dry_run=True))
    assert not www.exists()
    for version in (1, 2):
        files = build_version(project, version)
        send(project, to)
        assert content(www) == files
    assert send(project, to) == [f"Nothing to send: {to} is up to date."]


def test_each_failure_is_one_clear_message(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing = program(tmp_path / "bin", "shell", "echo ssh: no such host >&2; exit 255")
    monkeypatch.setenv("RSYNC_RSH", str(refusing))
    with pytest.raises(BollardsError, match=r"no connection (?s:.*)no such host"):
        send(project, "example.org:www")
    with pytest.raises(BollardsError, match="names a host, but no folder"):
        send(project, "example.org:")
    (tmp_path / "file").write_text("")
    with pytest.raises(BollardsError, match="this is a file; expected a folder"):
        send(project, tmp_path / "file")
    (tmp_path / "www").mkdir()
    outside = '{"version": 1, "finished": true, "files": {"../../etc/passwd": ""}}'
    (tmp_path / "www" / MANIFEST).write_text(outside)
    with pytest.raises(BollardsError, match="not a list of deployed files"):
        send(project, tmp_path / "www")
    (tmp_path / "www" / MANIFEST).write_text('{"version": 2, "finished": true, "files": {}}')
    with pytest.raises(BollardsError, match="a later version of bollards"):
        send(project, tmp_path / "www")


@pytest.mark.parametrize(
    "folder", [".", "public", "public/copy", "photos", "photos/www", "new", "..", "../kept"]
)
def test_the_site_is_never_written_into_its_sources(project: Project, folder: str) -> None:
    kept = project.root.parent / "kept" / "photos"
    kept.mkdir(parents=True)
    (kept / "001.jpg").write_bytes(b"a photo")
    project.photos.symlink_to(kept)

    with pytest.raises(
        BollardsError, match=r"the site is made from this folder\. Name a folder outside"
    ):
        send(project, project.root / folder)

    assert [path.name for path in kept.parent.rglob("*")] == ["photos", "001.jpg"]
    assert not (project.root / "new").exists()


def test_a_folder_beside_the_project_is_not_one_of_its_sources(project: Project) -> None:
    beside = project.root.with_name(f"{project.root.name}-www")
    send(project, beside)
    assert (beside / "index.html").is_file()


def test_a_missing_or_unsuitable_rsync_is_reported(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "bin", "rsync", "echo openrsync: protocol version 29")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(BollardsError, match=r"expected rsync 3\.2\.3 or newer.*openrsync"):
        send(project, tmp_path / "www")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BollardsError, match=r"the program rsync is needed\. Install it"):
        send(project, tmp_path / "www")
