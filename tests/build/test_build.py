"""From photos on disk to a published site."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from PIL import Image

from generator.build import build
from generator.errors import BollardsError
from generator.progress import Progress
from generator.project import Project
from tests.build.built import catalogue_of, digest_of

MakeProject = Callable[..., Project]


@pytest.fixture
def project(built_project: Project) -> Project:
    """The drawn photos, built without settings."""
    return built_project


def test_a_folder_of_photos_becomes_a_site_with_a_page_for_everything(
    make_project: MakeProject, quiet: Progress
) -> None:
    project = make_project()

    report = build(project, quiet)

    catalogue = catalogue_of(project)
    assert report.photos == 18
    assert report.bollards == 9
    assert {p["country"] for p in catalogue["photos"]} == {"DE", "FR", "IM", "CA"}
    for photo in catalogue["photos"]:
        assert (project.public / "photos" / photo["id"] / "index.html").is_file()
        assert len(photo["neighbours"]) >= 12
        assert photo["id"] not in [near["photo"] for near in photo["neighbours"]]
        scores = [near["score"] for near in photo["neighbours"]]
        assert scores == sorted(scores, reverse=True)
    for kind in catalogue["types"]:
        assert (project.public / "types" / kind["id"] / "index.html").is_file()
    for country in catalogue["countries"]:
        assert (project.public / "countries" / country["code"].lower() / "index.html").is_file()
    for page in ("index.html", "404.html", "about/index.html", "one-offs/index.html", "feed.xml"):
        assert (project.public / page).is_file()
    assert (project.public / ".nojekyll").exists()
    assert "Content-Security-Policy" in (project.public / "_headers").read_text()


def test_the_catalogue_follows_the_schema_beside_it(project: Project) -> None:
    schema = json.loads((project.public / "data" / "catalogue.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(catalogue_of(project), schema)


def test_every_photo_is_in_one_type_or_unsorted_and_the_tables_agree(project: Project) -> None:
    catalogue = catalogue_of(project)
    of_type = {photo: kind["id"] for kind in catalogue["types"] for photo in kind["photos"]}
    assert {p["id"]: p["type"] for p in catalogue["photos"] if p["type"]} == of_type
    with (project.public / "data" / "types.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["photos"]) for row in rows) == len(of_type)


def test_a_single_photo_becomes_a_site_although_it_has_no_type_yet(
    make_project: MakeProject, quiet: Progress
) -> None:
    project = make_project()
    first, *others = sorted(path for path in project.photos.rglob("*.jpg"))
    for photo in others:
        photo.unlink()
    report = build(project, quiet)
    assert (report.photos, report.types, report.one_offs, report.countries) == (1, 0, 1, 1)
    assert (project.public / "map" / "index.html").exists()
    (photo,) = catalogue_of(project)["photos"]
    assert photo["file"].endswith(first.relative_to(project.photos).as_posix())


def test_line_breaks_and_escape_sequences_in_a_file_s_name_are_shown_escaped(
    make_project: MakeProject, quiet: Progress
) -> None:
    project = make_project()
    (project.photos / "france" / "line\nbreak\x1b[31m.jpg").write_bytes(b"no photo")

    lines = build(project, quiet).lines()

    page = (project.report_page).read_text(encoding="utf-8")
    escaped = r"photos/france/line\nbreak\x1b[31m.jpg"
    assert any(escaped in line for line in lines)
    assert not any("\n" in line for line in lines)
    assert escaped in page
    assert "line\nbreak" not in page


@pytest.mark.parametrize("name", ["photos", "notes", "pages", "static", "templates", "public"])
@pytest.mark.parametrize("target", ["/", ".."])
def test_a_folder_that_is_a_link_to_one_around_the_project_is_refused_at_once(
    tmp_path: Path, quiet: Progress, name: str, target: str
) -> None:
    project = Project(tmp_path / "site")
    project.root.mkdir()
    project.settings.write_text("[site]\n", encoding="utf-8")
    (project.root / name).symlink_to(target)

    with pytest.raises(BollardsError, match=f"{name} is a link to .*, which contains this project"):
        build(project, quiet)


def test_views_of_one_bollard_share_its_type(project: Project) -> None:
    types: dict[str, set[str | None]] = {}
    for photo in catalogue_of(project)["photos"]:
        types.setdefault(photo["bollard"], set()).add(photo["type"])
    assert len(types) == 9
    assert all(len(own) == 1 for own in types.values())


@pytest.mark.parametrize("said", ["AT", "none at all"])
def test_views_labelled_with_different_countries_all_keep_their_place(
    make_project: MakeProject, quiet: Progress, said: str
) -> None:
    project = make_project()
    view = "germany/00a.jpg"
    if said == "AT":
        project.photo_table.write_text(f"file,country\n{view},AT\n", encoding="utf-8")
    else:
        (project.photos / "00a.jpg").write_bytes((project.photos / view).read_bytes())
        (project.photos / view).unlink()
        view = "00a.jpg"
        project.photo_table.write_text(f"file,bollard\n{view},germany/00\n", encoding="utf-8")

    report = build(project, quiet)

    catalogue = catalogue_of(project)
    photo = next(photo for photo in catalogue["photos"] if photo["file"] == view)
    other = next(photo for photo in catalogue["photos"] if photo["file"] == "germany/00b.jpg")
    assert photo["country"] == ("AT" if said == "AT" else None)
    assert photo["bollard"] == other["bollard"]
    assert ("in another country" in str(report.problems)) == (said == "AT")
    for one in catalogue["photos"]:
        assert (project.public / "photos" / one["id"] / "index.html").is_file()
    page = project.public / "types" / photo["type"] / "index.html"
    for one in (photo, other):
        assert f"photos/{one['id']}/" in page.read_text(encoding="utf-8")


def test_two_builds_of_the_same_input_are_byte_identical(
    make_project: MakeProject, quiet: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    one, other = make_project("one", cold=True), make_project("other")
    # Another order of files on disk: the second project gets its photos back one by one.
    photos = sorted(path for path in other.photos.rglob("*.jpg"))
    for path in reversed(photos):
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)

    build(one, quiet)
    build(other, quiet)

    assert digest_of(one.public) == digest_of(other.public)
    assert one.ledger.read_bytes() == other.ledger.read_bytes()


def test_deleting_the_cache_changes_nothing_on_the_site(project: Project, quiet: Progress) -> None:
    before = digest_of(project.public)
    shutil.rmtree(project.work)
    shutil.rmtree(project.public)

    build(project, quiet)

    assert digest_of(project.public) == before


def test_a_build_with_nothing_changed_does_nothing(project: Project, quiet: Progress) -> None:
    build(project, quiet)
    inode = project.public.stat().st_ino

    report = build(project, quiet)

    assert report.unchanged
    assert project.public.stat().st_ino == inode


@pytest.mark.parametrize(
    "change",
    [
        lambda project: (project.root / "site.toml").write_text('[site]\ntitle = "Posts"\n'),
        lambda project: next(project.photos.rglob("*.jpg")).unlink(),
        lambda project: (project.public / "index.html").unlink(),
        lambda project: project.photo_table.write_text("file,credit\ngermany/00a.jpg,Ada\n"),
        lambda project: (project.root / "curation.toml").write_text("[types]\n"),
    ],
    ids=["settings", "a photo gone", "a page deleted", "photos.csv", "curation.toml"],
)
def test_any_change_is_noticed(
    project: Project, quiet: Progress, change: Callable[[Project], object]
) -> None:
    build(project, quiet)

    change(project)

    assert not build(project, quiet).unchanged
    assert (project.public / "index.html").is_file()


def test_types_keep_their_addresses_when_photos_come_and_go(
    project: Project, quiet: Progress
) -> None:
    before = {kind["id"]: set(kind["photos"]) for kind in catalogue_of(project)["types"]}
    newcomer = project.photos / "france" / "99a.jpg"
    Image.new("RGB", (240, 300), "purple").save(newcomer)
    project.settings.write_text('[publish]\nunseen = "flag"\n', encoding="utf-8")
    moved = next(project.photos.glob("germany/*.jpg"))
    moved.rename(project.photos / "france" / "renamed.jpg")

    report = build(project, quiet)

    after = {kind["id"]: set(kind["photos"]) for kind in catalogue_of(project)["types"]}
    for key, photos in before.items():
        assert after[key] & photos
    added = [change.file for change in report.changes.added]
    assert added == ["france/99a.jpg"]


def test_a_name_given_by_the_owner_wins(project: Project, quiet: Progress) -> None:
    key = catalogue_of(project)["types"][0]["id"]
    project.curation.write_text(
        f'[types.{key}]\nname = "Leitpfosten"\n[types.{key}x]\nname = "Typo"\n', encoding="utf-8"
    )

    report = build(project, quiet)

    assert catalogue_of(project)["types"][0]["name"] == "Leitpfosten"
    assert "Leitpfosten" in (project.public / "types" / key / "index.html").read_text()
    warning = next(p.reason for p in report.problems if p.file == "curation.toml")
    assert f"Did you mean {key}?" in warning


def test_a_note_on_a_type_appears_on_its_page_without_its_scripts(
    project: Project, quiet: Progress
) -> None:
    key = catalogue_of(project)["types"][0]["id"]
    note = project.notes / "types" / f"{key}.md"
    note.parent.mkdir(parents=True)
    note.write_text("Seen **often**.\n\n<script>alert(1)</script>\n", encoding="utf-8")

    build(project, quiet)

    page = (project.public / "types" / key / "index.html").read_text(encoding="utf-8")
    assert "<strong>often</strong>" in page
    assert "alert(1)" not in page


def test_identical_files_are_used_once_and_reported(
    make_project: MakeProject, quiet: Progress
) -> None:
    project = make_project()
    original = next(project.photos.glob("france/*.jpg"))
    shutil.copy(original, project.photos / "germany" / "copy.jpg")

    report = build(project, quiet)

    assert report.photos == 18
    assert [p.file for p in report.problems if p.skipped] == ["photos/germany/copy.jpg"]


def test_a_given_crop_is_shown_and_recognised(project: Project, quiet: Progress) -> None:
    file = catalogue_of(project)["photos"][0]["file"]
    whole = catalogue_of(project)["photos"][0]["neighbours"]
    project.photo_table.write_text(f'file,crop\n{file},"80,20,160,280"\n', encoding="utf-8")

    build(project, quiet)

    photo = catalogue_of(project)["photos"][0]
    assert photo["crop"] == [80, 20, 160, 280]
    assert photo["neighbours"] != whole


def test_unusable_files_cost_only_themselves(make_project: MakeProject, quiet: Progress) -> None:
    project = make_project()
    good = next(project.photos.rglob("*.jpg")).read_bytes()
    bad = project.photos / "germany"
    (bad / "truncated.jpg").write_bytes(good[: len(good) // 2])
    (bad / "text.jpg").write_text("I am not a picture")
    (bad / "empty.png").touch()
    (bad / "outside.jpg").symlink_to("/etc/hostname")

    report = build(project, quiet)

    assert report.photos == 18
    reasons = {p.file: p.reason for p in report.problems if p.skipped}
    assert set(reasons) == {
        f"photos/germany/{name}"
        for name in ("truncated.jpg", "text.jpg", "empty.png", "outside.jpg")
    }
    assert all(reasons.values())


def test_markup_in_names_stays_text(make_project: MakeProject, quiet: Progress) -> None:
    # The plain green photo has no bollard on it.
    settings = '[site]\ntitle = "<b>Posts</b> & more"\n[publish]\nunseen = "flag"\n'
    project = make_project(settings=settings)
    folder = project.photos / "<img src=x onerror=alert(1)>"
    folder.mkdir()
    photo = folder / "写真 'ü\" <script>.jpg"
    Image.new("RGB", (200, 260), "green").save(photo, "JPEG")

    report = build(project, quiet)

    assert report.photos == 19
    for page in project.public.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script>.jpg" not in text
        assert "<img src=x" not in text
        assert "<b>Posts" not in text


def test_an_empty_folder_is_explained(make_project: MakeProject, quiet: Progress) -> None:
    project = make_project(photos=False)

    with pytest.raises(BollardsError, match="photos"):
        build(project, quiet)
    assert not project.public.exists()


def test_locations_are_published_only_when_the_owner_asks(
    make_project: MakeProject, quiet: Progress
) -> None:
    project = make_project()
    sheet = "file,latitude,longitude\ngermany/00a.jpg,51.5,7.25\n"
    project.photo_table.write_text(sheet, encoding="utf-8")
    build(project, quiet)
    assert "51.5" not in (project.public / "data" / "catalogue.json").read_text()

    project.settings.write_text("[privacy]\nlocation = true\n", encoding="utf-8")
    build(project, quiet)
    places = [(p["latitude"], p["longitude"]) for p in catalogue_of(project)["photos"]]
    assert (51.5, 7.25) in places
