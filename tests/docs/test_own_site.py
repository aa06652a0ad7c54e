"""The worked example of a theme: ten lines that change what they say they change."""

import json

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from tests.own.test_own_build import write
from tests.own.theme import theme_in_ten_lines


def test_the_theme_has_ten_lines_besides_the_names_of_the_files() -> None:
    lines = [line for text in theme_in_ten_lines().values() for line in text.splitlines()[1:]]

    assert set(theme_in_ten_lines()) == {"site.toml", "site.css", "slots/header.html"}
    assert len([line for line in lines if line.strip()]) == 10


def test_the_theme_is_built_without_a_word_of_warning(built_project: Project) -> None:
    write(built_project, dict(theme_in_ten_lines()))

    build(built_project, Progress(quiet=True))

    report = json.loads(built_project.report.read_text(encoding="utf-8"))
    assert report["problems"] == []
    home = (built_project.public / "index.html").read_text(encoding="utf-8")
    sheet = next((built_project.public / "assets").glob("site.*.css")).read_text(encoding="utf-8")
    assert "The garden is closed on 1 May." in home
    assert "--paper-dark:#12201c" in sheet
