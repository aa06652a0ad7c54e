"""The page and the build agree: suggestions, doubtful bollards, other languages."""

import json
import tomllib
from typing import Any

import pytest

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from tests.review.conftest import Window

OTHER_LANGUAGES = {
    "as a table": """\
[types.{kind}]
name = "Milestone"

[types.{kind}.names]
de = "Meilenstein"  # as the road office says

[types.{kind}.descriptions]
de = "Kniehoch."
""",
    "within a line": """\
[types.{kind}]
names = {{ de = "Meilenstein" }}
descriptions = {{ de = "Kniehoch." }}
""",
    "without a name of its own": """\
[types.{kind}.names]
de = "Meilenstein"
[types.{kind}.descriptions]
de = "Kniehoch."
""",
    "with dots": """\
[types.{kind}]
names.de = "Meilenstein"
descriptions.de = "Kniehoch."
""",
}


def said_of(project: Project, kind: str) -> dict[str, Any]:
    data = tomllib.loads(project.curation.read_text(encoding="utf-8"))
    found = data["types"].get(kind, {})
    assert isinstance(found, dict)
    return found


def built(project: Project) -> None:
    build(project, Progress(quiet=True))


def test_withdrawing_a_merge_after_a_build_brings_the_type_back(
    project: Project, window: Window
) -> None:
    kept, gone = window.state()["types"][:2]
    window.decided({"do": "merge", "gone": gone["id"], "kept": kept["id"]})
    built(project)
    assert gone["id"] not in [kind["id"] for kind in window.state()["types"]]

    after = window.undo()[1]

    [back] = after["changes"]["born"]
    assert (back["type"], back["back"]) == (gone["id"], True)
    assert back["bollards"] == len(gone["bollards"])
    moved = {one["bollard"]: one["after"] for one in after["changes"]["moved"]}
    assert moved == dict.fromkeys(gone["bollards"], gone["id"])
    built(project)
    assert (project.public / "types" / gone["id"] / "index.html").exists()
    shown = window.state()
    assert not any(shown["changes"].values())
    assert sorted(
        next(kind for kind in shown["types"] if kind["id"] == gone["id"])["bollards"]
    ) == sorted(gone["bollards"])


def test_a_decision_about_a_file_still_holds_after_a_rename(
    project: Project, window: Window
) -> None:
    first, second = window.state()["types"][:2]
    bollard = first["bollards"][0]
    collection = window.ask("GET", "/api/collection")[1]
    photo = collection["bollards"][bollard][0]
    file = collection["photos"][photo]["file"]
    project.curation.write_text(f'[bollards."{file}"]\ntype = "{second["id"]}"\n', encoding="utf-8")
    built(project)
    for view in collection["bollards"][bollard]:
        path = project.photos / collection["photos"][view]["file"]
        path.rename(path.with_name(f"renamed-{path.name}"))
    built(project)

    after = window.state()

    assert after["problems"] == []
    now = window.ask("GET", "/api/collection")[1]["photos"][photo]["bollard"]
    assert after["bollards"][now]["pinned"] == second["id"]


def test_the_page_marks_the_doubtful_bollards_that_the_build_reports(
    project: Project, window: Window
) -> None:
    for kind in window.state()["types"]:
        one, *rest = kind["bollards"]
        if len(rest) > 1:
            window.decided({"do": "split", "bollards": rest[: len(rest) // 2], "name": ""})
            window.decided({"do": "keep-out", "bollards": [one], "type": kind["id"]})
    built(project)

    report = json.loads(project.report.read_text(encoding="utf-8"))
    shown = window.state()

    doubted = [one for one in shown["questions"] if one["kind"] == "doubtful"]
    assert len(doubted) > 0
    assert [(one["bollard"], [kind for kind, _ in one["candidates"]]) for one in doubted] == [
        (one["bollard"], [kind["type"] for kind in one["candidates"]])
        for one in report["review"]["one_offs"]
    ]
    for near in (*(one["candidates"] for one in doubted), *shown["near"].values()):
        chances = [chance for _, chance in near]
        assert chances == sorted(chances, reverse=True)


@pytest.mark.parametrize("layout", OTHER_LANGUAGES)
def test_names_in_other_languages_survive_renames_merges_and_splits(
    project: Project, window: Window, layout: str
) -> None:
    kinds = window.state()["types"]
    kind = next(one for one in kinds if len(one["bollards"]) > 2)
    other = next(one["id"] for one in kinds if one is not kind)
    text = OTHER_LANGUAGES[layout].format(kind=kind["id"])
    project.curation.write_text(text, encoding="utf-8")
    window.state()
    languages = {"names": {"de": "Meilenstein"}, "descriptions": {"de": "Kniehoch."}}

    window.decided({"do": "name", "type": kind["id"], "name": "Marker"})
    window.decided({"do": "describe", "type": kind["id"], "description": "Low."})
    own = {"name": "Marker", "description": "Low."}
    assert said_of(project, kind["id"]) == languages | own

    window.decided({"do": "split", "bollards": kind["bollards"][:1], "name": "Odd One"})
    assert said_of(project, "odd-one") == {"split_from": kind["id"], "name": "Odd One"}

    window.decided({"do": "merge", "gone": other, "kept": kind["id"], "name": "Both"})
    assert said_of(project, kind["id"]) == languages | own | {"name": "Both"}
    assert said_of(project, other) == {}

    window.decided({"do": "name", "type": kind["id"], "name": ""})
    assert said_of(project, kind["id"]) == languages | {"description": "Low."}
    for _ in range(5):
        assert window.undo()[0] == 200
    assert project.curation.read_text(encoding="utf-8") == text


def test_attributes_are_called_as_the_pages_of_the_site_call_them(window: Window) -> None:
    window.state()
    attributes = window.ask("GET", "/api/collection")[1]["attributes"]

    assert attributes["form"]["values"]["polepost"] == "post with a pole"
    assert attributes["pattern"]["label"] == "Marking"
    assert attributes["pattern"]["values"]["diagonal"] == "slanted band"
    assert attributes["reflector"]["values"]["multi"] == "several colours"
