"""The built site of the drawn manhole covers, made once a run."""

from pathlib import Path

import pytest

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from tests.covers.drawn import draw_project
from tests.sites import made_once


def built_covers(factory: pytest.TempPathFactory) -> Path:
    """The folder of the project, with the build's report in printed.txt. Only read it."""

    def make(root: Path) -> None:
        draw_project(root)
        report = build(Project(root), Progress(quiet=True))
        (root / "printed.txt").write_text("\n".join(report.lines()), encoding="utf-8")

    return made_once(factory, "covers", make)
