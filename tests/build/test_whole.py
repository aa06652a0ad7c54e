"""Crops come to be the default: new photos are cropped, and types that exist keep ids and names."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from generator.published import read_published
from generator.training.scenes import random_design, random_surroundings, render_scene

QUIET = Progress(quiet=True)
BEFORE = '[isolate]\ncrop = "given"\n'


def draw_street_views(folder: Path, count: int) -> None:
    """Wide street views, in which the bollard is small."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(5)
    for number in range(count):
        scene = render_scene(
            random_design(rng, form="flat"), rng, size=(640, 480), framing="wide",
            surroundings=random_surroundings(rng),
        )  # fmt: skip
        scene.image.save(folder / f"{number:02}.jpg", quality=92)


@pytest.fixture(scope="module")
def of_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of street views that was built when photos stayed whole, with its ledger of then."""
    root = tmp_path_factory.mktemp("before") / "site"
    draw_street_views(root / "photos" / "norway", 12)
    (root / "site.toml").write_text(BEFORE, encoding="utf-8")
    build(Project(root), QUIET)
    # A ledger of then has no such key.
    assert "whole" not in json.loads(Project(root).ledger.read_text(encoding="utf-8"))
    return root


@pytest.fixture
def project(of_before: Path, tmp_path: Path) -> Project:
    return Project(shutil.copytree(of_before, tmp_path / "site"))


def cropped(project: Project) -> set[str]:
    """The files of which only a part is compared."""
    photos = read_published(project.public).photos.values()
    return {one.file for one in photos if one.crop != (0, 0, one.width, one.height)}


def names(project: Project) -> dict[str, tuple[str, tuple[str, ...]]]:
    types = read_published(project.public).types
    return {key: (kind.name, kind.photos) for key, kind in types.items()}


def test_types_that_exist_keep_ids_names_and_photos_and_new_photos_are_cropped(
    project: Project,
) -> None:
    before = names(project)
    assert before
    project.settings.write_text("", encoding="utf-8")

    report = build(project, QUIET)

    assert names(project) == before
    assert cropped(project) == set()
    (told,) = [one for one in report.problems if one.file == "site.toml"]
    assert "12 photos" in told.reason

    # Other street views than the first: drawn anew, and mirrored.
    views = sorted((project.photos / "norway").iterdir())
    (project.photos / "poland").mkdir()
    for path in views:
        with Image.open(path) as image:
            ImageOps.mirror(image).save(project.photos / "poland" / path.name, quality=92)
    report = build(project, QUIET)
    after = names(project)
    assert {key: after[key][0] for key in before} == {key: before[key][0] for key in before}
    assert len(cropped(project)) >= 4
    assert all(file.startswith("poland/") for file in cropped(project))
    assert not [one for one in report.problems if one.file == "site.toml"]


def test_a_photo_that_is_saved_again_stays_whole(project: Project) -> None:
    project.settings.write_text("", encoding="utf-8")
    build(project, QUIET)
    for path in sorted((project.photos / "norway").iterdir()):
        path.write_bytes(path.read_bytes() + b"\0")

    build(project, QUIET)
    build(project, QUIET)

    assert cropped(project) == set()


def test_the_owner_crops_the_photos_from_before_by_a_setting(project: Project) -> None:
    project.settings.write_text('[isolate]\ncrop = "auto"\n', encoding="utf-8")
    report = build(project, QUIET)
    assert len(cropped(project)) >= 4
    assert not [one for one in report.problems if one.file == "site.toml"]


def test_a_first_build_crops_small_bollards(tmp_path: Path) -> None:
    project = Project(tmp_path / "site")
    draw_street_views(project.photos / "norway", 12)
    (project.root / "site.toml").touch()

    report = build(project, QUIET)

    assert len(cropped(project)) >= 4
    assert not [one for one in report.problems if one.file == "site.toml"]
    assert json.loads(project.ledger.read_text(encoding="utf-8"))["whole"] == []


def test_bars_of_new_photos_are_cut_off_and_reported_and_those_of_known_photos_stay(
    tmp_path: Path,
) -> None:
    project = Project(tmp_path / "site")
    folder = project.photos / "norway"
    draw_street_views(folder, 2)
    letterboxed = ImageOps.expand(Image.open(folder / "00.jpg"), (0, 60, 0, 60), "black")
    letterboxed.save(folder / "00.jpg", quality=92)
    project.settings.write_text(BEFORE, encoding="utf-8")
    build(project, QUIET)
    project.settings.write_text("", encoding="utf-8")
    ImageOps.mirror(letterboxed).save(folder / "new.jpg", quality=92)

    report = build(project, QUIET)

    assert not [one for one in report.problems if one.file == "photos/norway/00.jpg"]
    assert [one.reason for one in report.problems if one.file == "photos/norway/new.jpg"]
    assert "norway/00.jpg" not in cropped(project)
    assert "norway/new.jpg" in cropped(project)
    again = build(project, QUIET, force=True)
    assert again.problems == report.problems[-len(again.problems) :]
    assert "norway/00.jpg" not in cropped(project)
