"""No byte of a hidden photo is in the built site, even after changes of its file."""

import json
import shutil
import signal
import subprocess
import sys
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PIL import Image

from generator.build import build
from generator.errors import BollardsError
from generator.keep import read_checked
from generator.progress import Progress
from generator.project import Project
from generator.published import read_published
from generator.report import Report
from generator.review.decisions import Request
from generator.review.session import Session
from tests.sites import ProjectAt

SECRET = "france/secret-7.jpg"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, project_at: ProjectAt) -> Path:
    """Nine drawn bollards and a hidden photo that no build has published."""
    project = project_at(tmp_path_factory.mktemp("hidden") / "site")
    add(project, SECRET)
    hide(project, SECRET)
    run(project)
    return project.root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Project:
    """The site as it was built."""
    shutil.copytree(built, tmp_path / "site")
    return Project(tmp_path / "site")


@pytest.fixture
def unbuilt(project: Project) -> Project:
    """The same before its first build, except for a cache that saves time."""
    shutil.rmtree(project.public)
    for path in (project.ledger, project.hidden, project.private, project.state):
        path.unlink()
    return project


def add(site: Project, file: str) -> Path:
    path = site.photos / file
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(7).integers(0, 255, (12, 9, 3), dtype=np.uint8)
    Image.fromarray(noise).resize((240, 320), Image.Resampling.BICUBIC).save(path, quality=90)
    return path


def hide(site: Project, *entries: str) -> None:
    text = "".join(f'[photos."{entry}"]\nhidden = true\n' for entry in entries)
    site.curation.write_text(text, encoding="utf-8")


def run(site: Project, **how: bool) -> Report:
    return build(site, Progress(quiet=True), **how)


def texts(site: Project) -> Iterator[tuple[str, bytes]]:
    """Every file of the site with its name and, if it is compressed, its content."""
    for path in site.public.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            yield path.relative_to(site.public).as_posix(), data
            if data[:2] == b"\x1f\x8b":
                yield f"{path.name}, unpacked", zlib.decompress(data, 31)


def told(site: Project, *words: str) -> list[str]:
    """The files of the site with a word in their names or bytes."""
    return [
        f"{word} in {name}"
        for name, data in texts(site)
        for word in words
        if word.encode() in data or word in name
    ]


def secret_id(site: Project) -> str:
    (own,) = json.loads(read_checked(site.hidden)).values()
    (photo,) = own
    return str(photo)


def test_a_hidden_photo_is_nowhere_and_stays_hidden_through_renames_and_new_versions(
    project: Project,
) -> None:
    photo = secret_id(project)
    assert told(project, photo, "secret-7") == []

    (project.photos / "belgium").mkdir()
    (project.photos / SECRET).rename(project.photos / "belgium" / "9.jpg")
    assert run(project, strict=True).photos == 18
    assert told(project, photo, "secret-7", "belgium/9.jpg") == []

    # Saved anew under a new name: asked, and held back until then.
    with Image.open(project.photos / "belgium" / "9.jpg") as image:
        image.resize((120, 160)).save(project.photos / "belgium" / "new.webp", quality=60)
    (project.photos / "belgium" / "9.jpg").unlink()
    report = run(project)
    assert report.photos == 18
    assert report.lines()[0] == "First of all:"
    (held,) = [problem for problem in report.problems if problem.skipped and problem.first]
    assert held.file == "photos/belgium/new.webp"
    assert "held back, since it is nearly identical" in held.reason
    assert told(project, "new.webp") == []
    with pytest.raises(BollardsError, match="--strict forbids"):
        run(project, force=True, strict=True)

    # The review page shows it, and publishes it when the owner says so.
    session = Session(project)
    state = session.state()
    (asked,) = state["held"]
    assert asked["file"] == "belgium/new.webp"
    assert (project.work / asked["pictures"][0]["path"]).is_file()
    action = {"do": "publish", "photos": [asked["photo"]]}
    version = state["version"]
    request = {"id": "abcdefgh", "version": version, "action": action}
    session.decide(Request.model_validate(request))
    assert session.state()["held"] == []
    assert run(project).photos == 19


def test_the_review_page_calls_a_hidden_photo_hidden_and_shows_it(project: Project) -> None:
    state = Session(project).state()

    (hidden,) = state["hidden"]
    assert (hidden["photo"], hidden["file"]) == (SECRET, SECRET)
    assert (project.work / hidden["pictures"][0]["path"]).is_file()
    assert state["problems"] == []


def test_a_photo_renamed_before_its_first_build_is_held_back(unbuilt: Project) -> None:
    (unbuilt.photos / "france").rename(unbuilt.photos / "belgium")
    report = run(unbuilt)

    assert report.photos == 18
    assert [problem.file for problem in report.problems if problem.first] == [
        "photos/belgium/secret-7.jpg",
        "curation.toml",
    ]
    assert told(unbuilt, "secret-7") == []


def break_template(site: Project) -> Path:
    (site.root / "templates").mkdir()
    broken = site.root / "templates" / "home.html"
    broken.write_text("{% broken %}", encoding="utf-8")
    return broken


def break_link(site: Project) -> Path:
    (site.root / "pages").mkdir(exist_ok=True)
    broken = site.root / "pages" / "broken.md"
    broken.write_text("---\ntitle: Broken\n---\n[nowhere](/nowhere/)\n", encoding="utf-8")
    return broken


def break_table(site: Project) -> Path:
    broken = site.photo_table
    broken.write_text("no,such,column\n1,2,3\n", encoding="utf-8")
    return broken


def save_again(site: Project, name: str, size: tuple[int, int] = (180, 240)) -> None:
    """The hidden photo in another format, size, folder and name; the original is gone."""
    path = site.photos / name
    path.parent.mkdir(exist_ok=True)
    with Image.open(site.photos / SECRET) as image:
        image.resize(size).save(path, quality=60)
    (site.photos / SECRET).unlink()


def assert_held_back(site: Project, name: str) -> None:
    report = run(site)
    assert report.photos == 18
    assert [one.file for one in report.problems if one.skipped] == [f"photos/{name}"]
    assert told(site, name) == []


@pytest.mark.parametrize("spoil", [break_template, break_link, break_table])
def test_a_build_that_fails_remembers_what_is_hidden(
    unbuilt: Project, spoil: Callable[[Project], Path]
) -> None:
    broken = spoil(unbuilt)
    with pytest.raises(BollardsError):
        run(unbuilt)
    broken.unlink()
    (unbuilt.photos / SECRET).rename(unbuilt.photos / "france" / "other.jpg")

    report = run(unbuilt, strict=True)

    assert report.photos == 18
    assert told(unbuilt, "other.jpg", secret_id(unbuilt)) == []


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (break_template, "france/resaved.webp"),
        (break_link, "belgium/secret-7.png"),
        (break_table, "e\u0301.jpg"),
    ],
)
def test_a_hidden_photo_saved_again_after_a_build_that_failed_is_held_back(
    unbuilt: Project, spoil: Callable[[Project], Path], name: str
) -> None:
    unbuilt.cache.unlink()
    broken = spoil(unbuilt)
    with pytest.raises(BollardsError):
        run(unbuilt)
    broken.unlink()

    save_again(unbuilt, name)

    assert_held_back(unbuilt, name)


@pytest.mark.parametrize("step", ["read_inputs", "prepare", "write_site"])
def test_a_hidden_photo_saved_again_after_a_build_that_was_killed_is_held_back(
    unbuilt: Project, step: str
) -> None:
    unbuilt.cache.unlink()
    assert killed_at(unbuilt, step) == -signal.SIGKILL

    save_again(unbuilt, "france/resaved.webp")

    assert_held_back(unbuilt, "france/resaved.webp")


def killed_at(site: Project, step: str) -> int:
    """The exit status of a build that is killed as it begins a step."""
    program = """
import os, signal, sys
from pathlib import Path
from generator.build import build, photos, pipeline
from generator.progress import Progress
from generator.project import Project
from generator.published import read_published

def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

module = next(one for one in (pipeline, photos) if hasattr(one, sys.argv[2]))
setattr(module, sys.argv[2], kill)
build(Project(Path(sys.argv[1])), Progress(quiet=True))
"""
    command = [sys.executable, "-c", program, str(site.root), step]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode


def test_a_hidden_photo_saved_again_after_a_dry_run_is_held_back(unbuilt: Project) -> None:
    unbuilt.cache.unlink()
    run(unbuilt, dry_run=True)

    save_again(unbuilt, "france/resaved.webp")

    assert_held_back(unbuilt, "france/resaved.webp")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_hidden_photo_with_an_accent_is_remembered_in_both_forms(
    unbuilt: Project, form: Literal["NFC", "NFD"]
) -> None:
    accented = "france/caf\u00e9.jpg"
    on_disk = unicodedata.normalize("NFD" if form == "NFC" else "NFC", accented)
    (unbuilt.photos / SECRET).rename(unbuilt.photos / on_disk)
    hide(unbuilt, unicodedata.normalize(form, accented))
    broken = break_template(unbuilt)
    with pytest.raises(BollardsError):
        run(unbuilt)
    broken.unlink()
    (unbuilt.photos / on_disk).rename(unbuilt.photos / SECRET)

    save_again(unbuilt, "france/resaved.webp")

    assert_held_back(unbuilt, "france/resaved.webp")


@pytest.mark.parametrize("how", ["by hand", "in a review"])
def test_a_published_photo_saved_again_right_after_it_was_hidden_is_held_back(
    project: Project, how: str
) -> None:
    project.curation.unlink()
    assert run(project).photos == 19
    if how == "by hand":
        hide(project, SECRET)
    else:
        session = Session(project)
        (photo,) = (
            one for one in read_published(project.public).photos.values() if one.file == SECRET
        )
        action = {"do": "hide", "photos": [photo.id]}
        version = session.state()["version"]
        request = {"id": "abcdefgh", "version": version, "action": action}
        session.decide(Request.model_validate(request))
        project.cache.unlink()

    save_again(project, "france/resaved.webp")

    assert_held_back(project, "france/resaved.webp")
