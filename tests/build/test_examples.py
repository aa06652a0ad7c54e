"""The drawn examples of `bollards init` leave no trace once their photos are gone."""

import json
import shutil
from pathlib import Path

import pytest

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from generator.starter import start_project
from tests.build.test_whole import draw_street_views

QUIET = Progress(quiet=True)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("example") / "site"
    start_project(root, with_examples=True)
    build(Project(root), QUIET)
    return root


@pytest.fixture
def project(example: Path, tmp_path: Path) -> Project:
    return Project(shutil.copytree(example, tmp_path / "site"))


def with_own_photos(project: Project) -> dict[str, dict[str, object]]:
    """The ledger after the owner put own photos in the place of the examples."""
    shutil.rmtree(project.photos)
    draw_street_views(project.photos / "norway", 4)
    build(project, QUIET)
    found: dict[str, dict[str, object]] = json.loads(project.ledger.read_text(encoding="utf-8"))
    return found


def test_their_types_and_addresses_are_gone(project: Project) -> None:
    before = json.loads(project.ledger.read_text(encoding="utf-8"))
    assert before["types"]

    after = with_own_photos(project)

    assert after["retired"] == {}
    assert after["moved"] == {}
    assert all(file.startswith("norway/") for file in after["files"])
    old = [key for key in before["types"] if key not in after["types"]]
    assert not [key for key in old if (project.public / "types" / key).exists()]


def test_after_a_deploy_their_addresses_lead_on(project: Project) -> None:
    before = json.loads(project.ledger.read_text(encoding="utf-8"))
    project.deployed.touch()

    after = with_own_photos(project)

    assert after["retired"].keys() >= before["types"].keys() - after["types"].keys()
    assert after["retired"]
