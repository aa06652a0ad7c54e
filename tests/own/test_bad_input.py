"""One run reports all mistakes of an owner, each with its file and line."""

from pathlib import Path

import pytest

from generator.build import build
from generator.errors import BollardsError
from generator.progress import Progress
from generator.project import Project
from tests.own.test_own_build import write
from tests.sites import ProjectAt

SETTINGS = """[site]
language = "german"
languages = ["de", "xx"]

[isolate]
crop = "whole"
several = "all"

[theme]
accent = "red"
ink = "#12345g"
"""
FILES = {
    "site.toml": SETTINGS,
    "curation.toml": '[types.white]\nnmae = "White"\n',
    "slots/footer.html": "<p>\n{% if %}</p>",
    "templates/about.html": "{{ a b }}",
    "notes/about.md": "Hello\n\n[here](../countrys/)",
    "pages/visit.md": "---\ntitle: Visit\nlanguage: fr\n---\n",
    "static/static/CNAME": "a.example.org",
}


def test_all_mistakes_are_reported_at_once_each_with_file_and_line(built_project: Project) -> None:
    write(built_project, FILES)
    before = (built_project.public / "index.html").read_bytes()

    with pytest.raises(BollardsError) as failed:
        build(built_project, Progress(quiet=True))

    said = str(failed.value)
    for told in (
        'found "german". Did you mean "de"? (line 2)',
        'no message file for "xx"',
        'several: expected "clearest" beside crop = "whole"',
        'found "red". Did you mean "#ff0000"? (line 10)',
        'found "#12345g". (line 11)',
        "types.white.nmae: no such key. Valid under [types.ID]: name,",
        "lookalikes_in, countries. (line 2)",
        "slots/footer.html, line 2: ",
        "templates/about.html, line 1: ",
        "notes/about.md: line 3: ../countrys/ leads nowhere. Did you mean countries?",
        'pages/visit.md: appears nowhere, since the site has no language "fr"',
        "static/static/: is one level too deep",
    ):
        assert told in said, told
    assert (built_project.public / "index.html").read_bytes() == before


def test_a_mistake_in_a_folder_that_was_never_built_leaves_no_trace(
    tmp_path: Path, project_at: ProjectAt
) -> None:
    project = project_at(tmp_path / "site", "[theme]\nink = 3\n", photos=False)

    with pytest.raises(BollardsError):
        build(project, Progress(quiet=True))

    assert not project.work.exists()


def test_a_folder_above_or_below_the_project_is_reported(built_project: Project) -> None:
    for folder in (built_project.root.parent, built_project.photos):
        with pytest.raises(BollardsError, match=r"There is one in .*site"):
            build(Project(folder), Progress(quiet=True))


def test_a_broken_link_is_reported_with_file_and_line_and_the_rest_of_the_report(
    built_project: Project,
) -> None:
    write(
        built_project,
        {
            "site.toml": '[site]\nlanguages = ["de"]\n[menu]\n'
            'footer = [{ title = "Plan", href = "/plan.pdf" }]\n',
            "notes/about.md": "Hello\n\n[our countries](../countrys/) and [the map](../map/)",
            "pages/visit.md": "# Visit\n\n![A plan](/plan.png) [Imprint](imprnt.md)",
            "pages/imprint.md": "# Imprint",
            "slots/header.html": '<p>\n<a href="{{ home }}nowhere/">Nowhere</a></p>',
            "photos/germany/broken.jpg": "no photo",
        },
    )

    with pytest.raises(BollardsError) as failed:
        build(built_project, Progress(quiet=True))

    told = str(failed.value).splitlines()
    assert [line.partition(" (on ")[0] for line in told[1:6]] == [
        "  notes/about.md, line 3: ../countrys/ leads nowhere",
        "  pages/visit.md, line 3: /plan.png leads nowhere",
        "  pages/visit.md, line 3: imprnt.md leads nowhere",
        "  site.toml, line 4: /plan.pdf leads nowhere",
        "  slots/header.html, line 2: nowhere/ leads nowhere",
    ]
    assert "The nearest page is /countries/" in told[1]
    assert "The nearest page is /imprint/" in told[3]
    assert any("broken.jpg" in line for line in told)
