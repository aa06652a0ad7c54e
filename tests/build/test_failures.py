"""Builds that fail, are interrupted or run at once: the published site stays whole."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from generator.build import build
from generator.errors import BollardsError
from generator.progress import Progress
from generator.project import Project
from tests.build.built import catalogue_of, digest_of
from tests.command import bollards

MakeProject = Callable[..., Project]


@pytest.fixture
def project(built_project: Project) -> Project:
    """The drawn photos, built without settings."""
    return built_project


def test_a_failing_build_leaves_the_live_site_alone(project: Project, quiet: Progress) -> None:
    before = digest_of(project.public)
    (project.notes).mkdir()
    (project.notes / "about.md").write_text("[gone](../no-such-page/)", encoding="utf-8")

    with pytest.raises(
        BollardsError, match=r"notes/about\.md, line 1: \.\./no-such-page/ leads nowhere"
    ):
        build(project, quiet)

    assert digest_of(project.public) == before


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("site.toml", "[site\n", "not valid TOML"),
        ("site.toml", '[group]\nmethod = "hdbscam"\n', 'Did you mean "hdbscan"'),
        ("photos.csv", "file,contry\ngermany/00a.jpg,DE\n", "country"),
        ("ledger.json", '{"version": 99}', "newer"),
        ("ledger.json", '{"version": 1, "types"', "ledger"),
        ("curation.toml", "name = 'x'\n", "curation.toml"),
    ],
)
def test_a_broken_file_of_the_owner_is_one_clear_message(
    make_project: MakeProject, name: str, text: str, message: str
) -> None:
    project = make_project()
    (project.root / name).write_text(text, encoding="utf-8")

    result = bollards("build", project.root)

    assert result.returncode == 1
    assert name in result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert (project.root / name).read_text(encoding="utf-8") == text


def wait_for_new_pictures(project: Project, process: subprocess.Popen[Any]) -> None:
    """Wait until a running build has reached the photos."""
    before = set(project.work.glob("pictures/*.webp"))
    deadline = time.monotonic() + 60
    while process.poll() is None and not set(project.work.glob("pictures/*.webp")) - before:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_ctrl_c_keeps_finished_work_and_leaves_the_published_site(project: Project) -> None:
    before = digest_of(project.public)
    for path in list(project.photos.rglob("*.jpg")):
        with Image.open(path) as image:
            # Large enough that the build is still at work when it is interrupted.
            image.resize((1200, 1500)).save(path, quality=95)

    command = [sys.executable, "-m", "generator", "build", str(project.root)]
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
        # A shell's background jobs, these tests maybe among them, are deaf to Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stderr is not None
    first = process.stderr.readline()
    wait_for_new_pictures(project, process)
    os.killpg(process.pid, signal.SIGINT)
    _, rest = process.communicate(timeout=60)

    assert "18 photos" in first
    assert process.returncode == 130
    assert "Interrupted" in rest
    assert "Traceback" not in rest
    assert digest_of(project.public) == before


def test_a_killed_build_keeps_what_it_has_embedded(make_project: MakeProject) -> None:
    project = make_project(cold=True)
    command = [sys.executable, "-m", "generator", "build", str(project.root)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    wait_for_new_pictures(project, process)
    process.kill()
    process.wait()

    result = bollards("build", project.root)

    assert result.returncode == 0, result.stderr
    assert catalogue_of(project)["photos"]


def test_a_full_disk_is_reported_and_leaves_the_published_site(
    make_project: MakeProject, tmp_path: Path
) -> None:
    project = make_project()
    # A disk of our own that is too small for the second build; needs a mount namespace.
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f"""
set -e
mount -t tmpfs -o size=96m tmpfs {disk}
cp -r {project.root} {disk}/site
{sys.executable} -m generator build {disk}/site >/dev/null 2>&1
cp {disk}/site/public/index.html {tmp_path}/before.html
printf '[site]\ntitle = "Second"\n' >> {disk}/site/site.toml
cat /dev/zero > {disk}/fill 2>/dev/null || true
set +e
{sys.executable} -m generator build {disk}/site 2> {tmp_path}/message
echo $? > {tmp_path}/code
cp {disk}/site/public/index.html {tmp_path}/after.html
"""
    namespace = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    if subprocess.run([*namespace, f"mount -t tmpfs t {disk}"], capture_output=True).returncode:
        pytest.skip("this system allows no mount namespaces")
    result = subprocess.run([*namespace, script], capture_output=True, text=True, timeout=120)

    assert result.returncode == 0, result.stderr
    message = (tmp_path / "message").read_text()
    assert (tmp_path / "code").read_text().strip() == "1"
    assert re.search("disk (is )?full", message)
    assert "Traceback" not in message
    assert (tmp_path / "before.html").read_bytes() == (tmp_path / "after.html").read_bytes()


def test_two_builds_at_once_do_not_disturb_each_other(make_project: MakeProject) -> None:
    project = make_project()
    command = [sys.executable, "-m", "generator", "build", str(project.root)]
    with project.locked():
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        assert "Another bollards process is building this site" in process.stderr.readline()
        assert process.poll() is None
        assert not project.public.exists()
    _, rest = process.communicate(timeout=120)

    assert process.returncode == 0, rest
    assert catalogue_of(project)["photos"]


@pytest.mark.parametrize("name", ["", "pictures", "locale", "packed", "sheet", "templates"])
def test_a_file_in_the_place_of_a_folder_of_the_programs_is_one_clear_message(
    project: Project, quiet: Progress, name: str
) -> None:
    before = digest_of(project.public)
    path = project.work / name
    shutil.rmtree(path, ignore_errors=True)
    path.write_bytes(b"garbage")

    with pytest.raises(BollardsError, match="move it away and build again") as raised:
        build(project, quiet, force=True)

    assert str(path) in str(raised.value)
    assert digest_of(project.public) == before
