"""The site follows the owner's decisions in curation.toml."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from generator.build import build
from generator.collect.countries import country_name
from generator.errors import BollardsError
from generator.progress import Progress
from generator.project import Project
from generator.report import Report

MakeProject = Callable[..., Project]


@pytest.fixture
def project(built_project: Project) -> Project:
    """A built site of three types with three bollards each."""
    return built_project


def catalogue_of(project: Project) -> dict[str, Any]:
    folder = project.public / "data"
    loaded: dict[str, Any] = json.loads((folder / "catalogue.json").read_text(encoding="utf-8"))
    schema = json.loads((folder / "catalogue.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(loaded, schema)
    return loaded


def type_ids(project: Project) -> list[str]:
    return [kind["id"] for kind in catalogue_of(project)["types"]]


def file_of(project: Project, kind: str, place: int = 0) -> str:
    catalogue = catalogue_of(project)
    files = sorted(photo["file"] for photo in catalogue["photos"] if photo["type"] == kind)
    return str(files[place])


def photo_of(project: Project, file: str) -> dict[str, Any]:
    return next(photo for photo in catalogue_of(project)["photos"] if photo["file"] == file)


def decided_well(project: Project) -> Project:
    project.curation.write_text("", encoding="utf-8")
    return project


def decided(project: Project, text: str, **options: Any) -> Report:
    project.curation.write_text(text, encoding="utf-8")
    return build(project, Progress(quiet=True), **options)


def reasons(report: Report) -> str:
    return "\n".join(problem.reason for problem in report.problems)


def state_of(project: Project) -> dict[str, bytes]:
    paths = [project.ledger, *sorted(project.public.rglob("*"))]
    return {str(path): path.read_bytes() for path in paths if path.is_file()}


def test_a_merged_type_redirects_to_the_other_and_comes_back_when_the_merge_is_withdrawn(
    project: Project,
) -> None:
    before = state_of(project)
    kept, gone = type_ids(project)[:2]

    report = decided(project, f'[merges]\n"{gone}" = "{kept}"\n')

    assert gone not in type_ids(project)
    page = (project.public / "types" / gone / "index.html").read_text(encoding="utf-8")
    assert f"types/{kept}/" in page
    assert f"/types/{gone}/" in (project.public / "_redirects").read_text(encoding="utf-8")
    assert {photo.why for photo in report.changes.moved} == {"curation"}
    decided(project, "")
    after = state_of(project)
    # But for the cache's traces in names, everything is as it was before.
    assert after.keys() == before.keys()
    assert json.loads(after[str(project.ledger)]) == json.loads(before[str(project.ledger)])


def test_strict_refuses_a_merge_and_names_its_cause(project: Project) -> None:
    before = state_of(project)
    kept, gone = type_ids(project)[:2]

    with pytest.raises(BollardsError) as caught:
        decided(project, f'[merges]\n"{gone}" = "{kept}"\n', strict=True)

    assert f"types/{gone}/ would redirect to types/{kept}/ (you merged it)" in str(caught.value)
    assert state_of(project) == before


def test_the_site_follows_pins_splits_and_bollards_unsorted_on_purpose(project: Project) -> None:
    a, b, _ = type_ids(project)
    pinned, split, alone = file_of(project, b), file_of(project, a), file_of(project, b, -1)

    decided(
        project,
        f'[types.mine]\nname = "Mine"\nsplit_from = "{a}"\n'
        f'[bollards."{pinned}"]\ntype = "{a}"\n'
        f'[bollards."{split}"]\ntype = "mine"\n'
        f'[bollards."{alone}"]\ntype = ""\n',
    )

    assert photo_of(project, pinned)["type"] == a
    assert photo_of(project, split)["type"] == "mine"
    assert photo_of(project, alone)["type"] is None
    assert "Mine" in (project.public / "types" / "mine" / "index.html").read_text(encoding="utf-8")


def test_a_hidden_photo_is_nowhere_on_the_site_and_stays_in_its_folder(project: Project) -> None:
    file = file_of(project, type_ids(project)[0])
    photo = photo_of(project, file)["id"]

    decided(project, f'[photos."{file}"]\nhidden = true\n')

    assert (project.photos / file).is_file()
    assert not (project.public / "photos" / photo).exists()
    for path in project.public.rglob("*"):
        assert photo not in path.name
        if path.suffix in (".html", ".json", ".xml", ".csv", ".txt"):
            assert photo not in path.read_text(encoding="utf-8"), path


def test_a_photo_that_the_owner_hid_is_not_reported_as_gone(project: Project) -> None:
    file = file_of(project, type_ids(project)[0])

    report = decided(project, f'[photos."{file}"]\nhidden = true\n')

    assert [change.file for change in report.changes.hidden] == [file]
    assert report.changes.removed == ()
    assert "  1 photo hidden" in report.lines()


def test_a_bollard_whose_country_is_corrected_is_in_the_report(project: Project) -> None:
    photo = photo_of(project, file_of(project, type_ids(project)[0]))

    report = decided(project, f'[bollards."{photo["file"]}"]\ncountry = "IS"\n')

    before = country_name(photo["country"])
    told = f"{photo['bollard']} from {before} to Iceland (you corrected it)"
    assert f"  1 bollard with a new country: {told}" in report.lines()


def test_a_problem_is_reported_again_until_it_is_solved(project: Project) -> None:
    text = f'[types.{type_ids(project)[0]}.lookalikes]\nnobody = "…"\n'
    first = decided(project, text)

    again = build(project, Progress(quiet=True))

    assert again.unchanged
    assert again.problems == first.problems != ()
    assert not build(decided_well(project), Progress(quiet=True)).problems


def test_a_photo_that_is_shown_again_has_its_earlier_type(project: Project) -> None:
    kind = type_ids(project)[0]
    file = file_of(project, kind)
    text = "".join(
        f'[photos."{photo["file"]}"]\nhidden = true\n'
        for photo in catalogue_of(project)["photos"]
        if photo["bollard"] == photo_of(project, file)["bollard"]
    )
    decided(project, text)

    decided(project, "")

    assert photo_of(project, file)["type"] == kind


def test_the_chosen_picture_represents_its_type(project: Project) -> None:
    kind = type_ids(project)[0]
    for place in (0, -1):
        file = file_of(project, kind, place)
        decided(project, f'[types.{kind}]\npicture = "{file}"\n')

        shown = next(one for one in catalogue_of(project)["types"] if one["id"] == kind)
        assert shown["photos"][0] == photo_of(project, file)["id"]


def test_a_picture_of_another_type_is_reported(project: Project) -> None:
    a, b, _ = type_ids(project)

    report = decided(project, f'[types.{a}]\npicture = "{file_of(project, b)}"\n')

    assert f"[types.{a}] picture: this photo is not in the type." in reasons(report)


def test_pages_show_a_corrected_country(project: Project) -> None:
    file = file_of(project, type_ids(project)[0])

    decided(project, f'[bollards."{file}"]\ncountry = "NO"\n')

    photo = photo_of(project, file)
    views = [p for p in catalogue_of(project)["photos"] if p["bollard"] == photo["bollard"]]
    assert [view["country"] for view in views] == ["NO", "NO"]
    assert (project.public / "countries" / "no" / "index.html").is_file()


def test_families_and_their_types_are_in_the_order_of_the_file(project: Project) -> None:
    first, second, third = type_ids(project)

    decided(
        project,
        f'[families.z]\nname = "Z & co"\ntypes = ["{third}", "{second}"]\n'
        f'[families.a]\nname = "A"\ntypes = ["{first}"]\n',
    )

    catalogue = catalogue_of(project)
    assert [kind["id"] for kind in catalogue["types"]] == [third, second, first]
    assert [kind["family"] for kind in catalogue["types"]] == ["z", "z", "a"]
    assert catalogue["families"] == [
        {"id": "z", "name": "Z & co", "types": [third, second]},
        {"id": "a", "name": "A", "types": [first]},
    ]


def test_a_note_about_look_alikes_makes_two_types_look_alikes_of_each_other(
    make_project: MakeProject, quiet: Progress
) -> None:
    project = make_project(settings="[relate]\nlookalikes = 0\n")
    build(project, quiet)
    a, b, _ = type_ids(project)

    decided(project, f'[types.{a}]\nlookalikes = {{ "{b}" = "Look at the <foot>." }}\n')

    kinds = {kind["id"]: kind for kind in catalogue_of(project)["types"]}
    assert [(one["type"], one["note"]) for one in kinds[a]["lookalikes"]] == [
        (b, "Look at the <foot>.")
    ]
    assert [(one["type"], one["note"]) for one in kinds[b]["lookalikes"]] == [
        (a, "Look at the <foot>.")
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[types.white\n", "not valid TOML"),
        ('[merges]\nwhite = "white"\n', '"white" is merged into itself'),
        ('[merges]\na = "b"\nb = "a"\n', 'merged in a circle: "a" into "b" into "a"'),
        ('[bollards.x]\ntype = "a"\nnot = ["a"]\n', 'pinned to "a" and kept out of it'),
        ("[photos.x]\nhidden = 1\n", "photos.x.hidden: expected true or false; found 1."),
    ],
)
def test_a_curation_that_makes_no_sense_leaves_the_last_good_site(
    project: Project, text: str, told: str
) -> None:
    before = state_of(project)

    with pytest.raises(BollardsError) as caught:
        decided(project, text)

    assert str(caught.value).startswith(f"{project.curation}:")
    assert told in str(caught.value)
    assert state_of(project) == before
    assert project.curation.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("damage", ["future", "half", "conflict"])
def test_a_ledger_that_cannot_be_trusted_leaves_the_last_good_site(
    project: Project, damage: str
) -> None:
    good = project.ledger.read_text(encoding="utf-8")
    bad = {
        "future": good.replace('"version": 1', '"version": 9'),
        "half": good[: len(good) // 2],
        "conflict": f"<<<<<<< HEAD\n{good}",
    }[damage]
    project.ledger.write_text(bad, encoding="utf-8")
    before = state_of(project)

    with pytest.raises(BollardsError, match=r"ledger\.json"):
        build(project, Progress(quiet=True))

    assert state_of(project) == before


def test_a_pinned_photo_that_is_gone_is_reported_and_its_pin_holds_when_it_comes_back(
    project: Project, tmp_path: Path
) -> None:
    a, b, _ = type_ids(project)
    file = file_of(project, b)
    views = sorted((project.photos / file).parent.glob(f"{Path(file).stem[:-1]}*.jpg"))
    away = tmp_path / "away"
    away.mkdir()
    moved = [view.rename(away / view.name) for view in views]
    text = f'[bollards."{file}"]\ntype = "{a}"\n'

    report = decided(project, text)

    assert f'[bollards."{file}"]: this photo is gone from photos/.' in reasons(report)
    assert project.curation.read_text(encoding="utf-8") == text
    for view in moved:
        view.rename(views[0].parent / view.name)
    assert not reasons(decided(project, text))
    assert photo_of(project, file)["type"] == a


def test_a_pin_by_file_holds_when_the_file_is_renamed(project: Project) -> None:
    a, b, _ = type_ids(project)
    file = file_of(project, b)
    decided(project, f'[bollards."{file}"]\ntype = "{a}"\n')
    for view in (project.photos / file).parent.glob(f"{Path(file).stem[:-1]}*.jpg"):
        view.rename(view.with_name(f"renamed-{view.name}"))

    for _ in range(2):
        report = build(project, Progress(quiet=True), force=True)
        new = str(Path(file).with_name(f"renamed-{Path(file).name}"))
        assert photo_of(project, new)["type"] == a
        assert not reasons(report)


def test_the_report_lists_new_decisions(project: Project) -> None:
    a, b, _ = type_ids(project)
    file = file_of(project, b)
    decided(project, f'[bollards."{file}"]\ntype = "{a}"\n')

    told = json.loads(project.report.read_text(encoding="utf-8"))

    assert {move["why"] for move in told["photos"]["moved"]} == {"curation"}
    assert file in {move["file"] for move in told["photos"]["moved"]}
    assert "you decided so" in project.report_page.read_text(encoding="utf-8")


def test_with_propose_new_photos_stay_unsorted_and_are_reported(
    make_project: MakeProject, quiet: Progress, tmp_path: Path
) -> None:
    project = make_project(settings='[group]\nnew = "propose"\n')
    away = tmp_path / "away"
    away.mkdir()
    # All of one design, and a bollard of another.
    new = [path for path in project.photos.rglob("*.jpg") if path.name.startswith(("0", "12"))]
    places = {path: path.rename(away / path.name) for path in new}
    build(project, quiet)
    before = type_ids(project)
    for path, kept in places.items():
        kept.rename(path)

    report = build(project, quiet)

    assert type_ids(project) == before
    waiting = {file for photos in report.review.proposals for file in map(report.files.get, photos)}
    alike = {path.relative_to(project.photos).as_posix() for path in new if path.name[0] == "0"}
    assert len(waiting & alike) >= 4
    told = json.loads(project.report.read_text(encoding="utf-8"))
    assert {photo["file"] for one in told["review"]["proposals"] for photo in one["photos"]} == (
        waiting
    )
    assert any("could be a new type" in line for line in report.lines())


class TestSlug:
    def test_a_type_moves_to_its_address_with_all_decisions_and_the_old_one_leads_there(
        self, project: Project
    ) -> None:
        key, other = type_ids(project)[:2]
        (project.root / "notes" / "types").mkdir(parents=True, exist_ok=True)
        note = project.root / "notes" / "types" / f"{key}.md"
        note.write_text("Seen on motorways.", encoding="utf-8")
        pinned = file_of(project, other)
        text = (
            f'[types.{key}]\nslug = "leitpfosten"\nname = "Leitpfosten"\n'
            f'[bollards."{pinned}"]\ntype = "{key}"\n'
        )

        first = decided(project, text)
        again = build(project, Progress(quiet=True), force=True)

        for report in (first, again):
            assert not [one for one in report.problems if one.file == "curation.toml"]
        kind = next(one for one in catalogue_of(project)["types"] if one["id"] == "leitpfosten")
        assert kind["name"] == "Leitpfosten"
        assert photo_of(project, pinned)["type"] == "leitpfosten"
        page = (project.public / "types" / "leitpfosten" / "index.html").read_text("utf-8")
        assert "Seen on motorways." in page
        old = (project.public / "types" / key / "index.html").read_text("utf-8")
        assert "leitpfosten/" in old

    def test_the_report_tells_of_the_new_address_and_of_nothing_else(
        self, project: Project
    ) -> None:
        key = type_ids(project)[0]
        lines = decided(project, f'[types.{key}]\nslug = "leitpfosten"\n').lines()
        told = lines[lines.index("Changes:") + 1 :]
        assert [line for line in told if line.startswith("  ")] == [
            f"  1 new address: types/{key}/ → types/leitpfosten/"
        ]

    def test_it_goes_back_when_the_slug_is_taken_back_and_the_decisions_come_along(
        self, project: Project
    ) -> None:
        key = type_ids(project)[0]
        before = type_ids(project)
        decided(project, f'[types.{key}]\nslug = "leitpfosten"\n')
        decided(project, f'[types.{key}]\nslug = "pfosten"\n')
        assert "pfosten" in type_ids(project)

        report = decided(project, '[types.pfosten]\nname = "Leitpfosten"\n')

        assert type_ids(project) == before
        assert [(one.before, one.type) for one in report.changes.readdressed] == [("pfosten", key)]
        assert not [one for one in report.problems if one.file == "curation.toml"]
        kind = next(one for one in catalogue_of(project)["types"] if one["id"] == key)
        assert kind["name"] == "Leitpfosten"
        for former in ("leitpfosten", "pfosten"):
            page = (project.public / "types" / former / "index.html").read_text("utf-8")
            assert f"{key}/" in page

    def test_it_goes_back_when_the_owner_says_so(self, project: Project) -> None:
        key = type_ids(project)[0]
        decided(project, f'[types.{key}]\nslug = "leitpfosten"\n')
        decided(project, f'[types.leitpfosten]\nslug = "{key}"\n')
        assert key in type_ids(project)
        assert "leitpfosten" not in type_ids(project)

    def test_the_address_of_another_type_is_refused(self, project: Project) -> None:
        key, other = type_ids(project)[:2]
        report = decided(project, f'[types.{key}]\nslug = "{other}"\n')
        assert f'slug: expected an address that no other type has or had; found "{other}"' in (
            reasons(report)
        )
        assert {key, other} <= set(type_ids(project))

    def test_an_address_that_is_none_is_explained(self, project: Project) -> None:
        key = type_ids(project)[0]
        with pytest.raises(BollardsError, match="the last part of an address"):
            decided(project, f'[types.{key}]\nslug = "Leit Pfosten"\n')
