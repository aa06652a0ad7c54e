"""Nothing of a hidden photo is in the built site, in any byte, whatever happens to its file."""

import json
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.build import build
from generator.errors import BollardsError
from generator.progress import Progress
from generator.project import Project
from generator.report import Report
from generator.review.decisions import Request
from generator.review.session import Session

SECRET = "france/secret-7.jpg"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, drawn_photos: Path) -> Path:
    """Nine drawn bollards and a hidden photo that no build has published."""
    root = tmp_path_factory.mktemp("hidden") / "site"
    shutil.copytree(drawn_photos, root / "photos")
    (root / "site.toml").write_text("", encoding="utf-8")
    add(Project(root), SECRET)
    hide(Project(root), SECRET)
    run(Project(root))
    return root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Project:
    """The site as it was built."""
    shutil.copytree(built, tmp_path / "site")
    return Project(tmp_path / "site")


@pytest.fixture
def unbuilt(project: Project) -> Project:
    """The same before its first build, but for a cache that saves time."""
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
    """Every file of the site with its name and, where it is packed, what is in it."""
    for path in site.public.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            yield path.relative_to(site.public).as_posix(), data
            if data[:2] == b"\x1f\x8b":
                yield f"{path.name}, unpacked", zlib.decompress(data, 31)


def told(site: Project, *words: str) -> list[str]:
    """Where a word is in the name or the bytes of a file of the site."""
    return [
        f"{word} in {name}"
        for name, data in texts(site)
        for word in words
        if word.encode() in data or word in name
    ]


def secret_id(site: Project) -> str:
    (own,) = json.loads(site.hidden.read_text(encoding="utf-8")).values()
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
    assert "held back, since it is nearly the same picture" in held.reason
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


def test_a_build_that_fails_remembers_what_is_hidden(unbuilt: Project) -> None:
    (unbuilt.root / "templates").mkdir()
    broken = unbuilt.root / "templates" / "home.html"
    broken.write_text("{% broken %}", encoding="utf-8")
    with pytest.raises(BollardsError):
        run(unbuilt)
    broken.unlink()
    (unbuilt.photos / SECRET).rename(unbuilt.photos / "france" / "other.jpg")

    report = run(unbuilt, strict=True)

    assert report.photos == 18
    assert told(unbuilt, "other.jpg", secret_id(unbuilt)) == []
