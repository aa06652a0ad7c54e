"""The built site of the drawn manhole covers, which the tests here share."""

from pathlib import Path

import pytest

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from tests.covers.drawn import draw_project
from tests.sites import made_once


@pytest.fixture(scope="module")
def covers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(root: Path) -> None:
        draw_project(root)
        report = build(Project(root), Progress(quiet=True))
        (root / "printed.txt").write_text("\n".join(report.lines()), encoding="utf-8")

    return made_once(tmp_path_factory, "covers", make)
