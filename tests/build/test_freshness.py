"""Recognises a build with nothing to do, and any change of files that a build reads or writes."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.build.freshness import inputs_now, is_fresh, remember
from generator.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project as a build leaves it."""
    project = Project(tmp_path / "site")
    for path, text in (
        (project.settings, "[site]"),
        (project.photos / "germany" / "1a.jpg", "photo"),
        (project.notes / "types" / "white-post.md", "note"),
        (project.ledger, "{}"),
        (project.public / "index.html", "page"),
        (project.root / "model" / "weights.onnx", "weights"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    project.work.mkdir()
    remember(project, inputs_now(project), also=[project.root / "model"])
    return project


def test_a_site_without_changes_is_fresh(project: Project) -> None:
    assert is_fresh(project)


def test_a_project_without_a_build_is_not_fresh(tmp_path: Path) -> None:
    assert not is_fresh(Project(tmp_path))


def same_size_and_time(path: Path) -> None:
    """Other content with the same size and time."""
    before = path.stat()
    other = path.with_name("other")
    other.write_text(path.read_text()[::-1])
    other.replace(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Callable[[Project], object]] = {
    "settings": lambda p: p.settings.write_text("[site]\n"),
    "no settings any more": lambda p: p.settings.unlink(),
    "a new photo": lambda p: (p.photos / "germany" / "2a.jpg").write_text("new"),
    "a photo replaced in disguise": lambda p: same_size_and_time(p.photos / "germany" / "1a.jpg"),
    "a photo gone": lambda p: (p.photos / "germany" / "1a.jpg").unlink(),
    "a photo renamed": lambda p: (p.photos / "germany").rename(p.photos / "austria"),
    "photos.csv": lambda p: p.photo_table.write_text("file\n"),
    "curation": lambda p: p.curation.write_text(""),
    "the ledger taken back": lambda p: p.ledger.write_text('{"version": 1}'),
    "a note": lambda p: (p.notes / "about.md").write_text("about"),
    "a template of the owner's": lambda p: (
        p.templates.mkdir(),
        (p.templates / "home.html").touch(),
    ),
    "a model that the settings name": lambda p: same_size_and_time(
        p.root / "model" / "weights.onnx"
    ),
    "another file beside the model": lambda p: (p.root / "model" / "config.json").touch(),
    "a page gone": lambda p: (p.public / "index.html").unlink(),
    "a page cut short": lambda p: (p.public / "index.html").write_text(""),
    "a stray file on the site": lambda p: (p.public / "stray").touch(),
    "no site any more": lambda p: shutil.rmtree(p.public),
    "half a state": lambda p: p.state.write_text(p.state.read_text()[:-20]),
    "a state of something else": lambda p: p.state.write_text("[]"),
    "a state of an older program": lambda p: p.state.write_text('{"inputs": {}, "outputs": {}}'),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_noticed(project: Project, change: str) -> None:
    CHANGES[change](project)

    assert not is_fresh(project)


FOLDERS = [
    path.name for path in Project(Path()).own_folders if path.name not in ("photos", "notes")
]


@pytest.mark.parametrize("name", [*FOLDERS, "tempaltes"])
def test_a_folder_that_was_a_file_or_a_broken_link_is_mended_for_the_next_build(
    project: Project, name: str
) -> None:
    wrong = project.root / name
    for mistake in (wrong.touch, lambda: wrong.symlink_to("nowhere")):
        mistake()
        assert not is_fresh(project)
        remember(project, inputs_now(project), also=[project.root / "model"])
        assert is_fresh(project)

        wrong.unlink()

        assert not is_fresh(project)
        remember(project, inputs_now(project), also=[project.root / "model"])


def test_a_folder_that_may_be_opened_again_is_read_by_the_next_build(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.slots.mkdir()
    opened = os.scandir

    def closed(place: str) -> object:
        if place == str(project.slots):
            raise PermissionError(place)
        return opened(place)

    with monkeypatch.context() as patch:
        # Not chmod, which does not keep an administrator out.
        patch.setattr(os, "scandir", closed)
        remember(project, inputs_now(project))
        assert is_fresh(project)

    assert not is_fresh(project)


def test_a_change_during_the_build_is_noticed_by_the_next(project: Project) -> None:
    before = inputs_now(project)
    (project.photos / "germany" / "late.jpg").write_text("put there while the build was running")

    remember(project, before)

    assert not is_fresh(project)


def test_a_reproducible_build_of_another_day_is_not_fresh(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    assert not is_fresh(project)


def test_a_site_copied_to_the_same_place_is_still_the_site(project: Project) -> None:
    shutil.copytree(project.public, project.root / "copy")
    shutil.rmtree(project.public)
    (project.root / "copy").rename(project.public)

    assert is_fresh(project)


def test_checking_freshness_imports_no_slow_library() -> None:
    program = "import sys, generator.build; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()

    slow = {"numpy", "pydantic", "PIL", "jinja2", "onnxruntime", "scipy", "sklearn", "rich"}
    assert slow.isdisjoint(loaded)
