"""What a build changes: reported, undone, published or only tried."""

import json
import shutil
import string
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from generator.build import build
from generator.catalogue import Bollard, Box, Catalogue, Country, Moved, Photo, PictureSet, Type
from generator.catalogue import Site as SiteText
from generator.errors import BollardsError
from generator.group.ledger import Ledger
from generator.group.ledger_file import load_ledger
from generator.progress import Progress
from generator.project import Project
from generator.report.changes import (
    Address,
    Before,
    Born,
    Changes,
    PhotoBefore,
    PhotoChange,
    Readdressed,
    Renamed,
    Resized,
    Retired,
    Split,
    compare,
    last_build,
)
from tests.command import bollards

MakeProject = Callable[..., Project]
Grouping = Mapping[str, str | None]
SITE = SiteText("Posts", "", "", "en", "", "", "#000000", "#ffffff")


def grouping(**types: str) -> dict[str, str | None]:
    """grouping(a="xy", none="z"): x and y have type a, z is unsorted."""
    return {
        photo: None if key == "none" else key for key, photos in types.items() for photo in photos
    }


def catalogue(
    types: Grouping,
    moved: tuple[Moved, ...] = (),
    bollards: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> Catalogue:
    """A catalogue with these types; without `bollards` each photo is one of its own."""
    of = {photo: (bollards or {}).get(photo, photo) for photo in types}
    photos = tuple(
        Photo(photo, f"{photo}.jpg", of[photo], 1, 1, Box(0, 0, 1, 1), PictureSet(()), type=kind)
        for photo, kind in sorted(types.items())
    )
    views: dict[str, list[Photo]] = {}
    for photo in photos:
        views.setdefault(photo.bollard, []).append(photo)
    members: dict[str, list[str]] = {}
    for photo in photos:
        if photo.type is not None:
            members.setdefault(photo.type, []).append(photo.id)
    return Catalogue(
        site=SITE,
        photos=photos,
        bollards=tuple(
            Bollard(key, tuple(view.id for view in own), None, own[0].type)
            for key, own in views.items()
        ),
        types=tuple(
            Type(key, (names or {}).get(key, key), "", tuple(own), tuple(own), ())
            for key, own in sorted(members.items())
        ),
        countries=(Country(None, "Unknown", tuple(members), (), tuple(types), ()),),
        moved=moved,
    )


def before(made: Catalogue, **more: Any) -> Before:
    return Before(
        photos={p.id: PhotoBefore(p.type, p.file, p.bollard) for p in made.photos},
        types={kind.id: kind.name for kind in made.types},
        type_pages=frozenset(kind.id for kind in made.types),
        **more,
    )


def changes(old: Grouping, new: Grouping, **more: Any) -> Changes:
    return compare(before(catalogue(old)), catalogue(new, **more))


def why(found: Changes) -> dict[str, str]:
    return {change.photo: change.why for change in found.moved}


def test_an_unchanged_site_has_no_changes() -> None:
    same = grouping(a="xy", none="z")

    assert changes(same, same) == Changes()


def test_types_grow_and_shrink_by_their_photos() -> None:
    found = changes(grouping(a="pq", b="rst"), grouping(a="pqx", b="rs"))

    assert found.grown == (Resized("a", "a", 2, 3),)
    assert found.shrunk == (Resized("b", "b", 3, 2),)
    assert [change.file for change in found.added] == ["x.jpg"]
    assert [change.file for change in found.removed] == ["t.jpg"]
    assert found.addresses == (Address("photos/t/", of="t.jpg"),)


def test_a_type_whose_photos_went_into_another_was_merged() -> None:
    moved = (Moved("b", type="a"),)

    found = changes(grouping(a="pq", b="rs"), grouping(a="pqrs"), moved=moved)

    assert found.merged == (Retired("b", "b", "types/a/", merged_into="a"),)
    assert why(found) == {"r": "merged", "s": "merged"}
    assert found.addresses == (Address("types/b/", "types/a/"),)


def test_a_type_whose_photos_went_to_many_types_is_gone_but_not_merged() -> None:
    found = changes(grouping(a="p", b="q", c="rs"), grouping(a="pr", b="qs"))

    assert found.retired == (Retired("c", "c", leads_to=None),)
    assert found.merged == ()
    assert why(found) == {"r": "cluster", "s": "cluster"}


def test_a_new_type_out_of_an_old_one_is_a_split() -> None:
    found = changes(grouping(a="pqrst"), grouping(a="pqr", b="stx"))

    assert found.split == (Split("a", ("a", "b")),)
    assert found.born == (Born("b", "b", 3, origin="a"),)
    assert why(found) == {"s": "split", "t": "split"}


def test_a_type_that_comes_back_is_distinguished_from_a_new_one() -> None:
    old = before(catalogue(grouping(a="pq", none="rs")), returning=frozenset({"b"}))

    found = compare(old, catalogue(grouping(a="pq", b="rs")))

    assert found.born == (Born("b", "b", 2, returned=True),)


def test_another_name_keeps_the_address() -> None:
    found = changes(grouping(a="pq"), grouping(a="pq"), names={"a": "White post"})

    assert found.renamed == (Renamed("a", "a", "White post"),)
    assert found.addresses == ()


def test_a_type_with_another_address_is_the_same_type() -> None:
    before = Before(
        photos={photo: PhotoBefore("white", bollard=photo) for photo in "abc"},
        types={"white": "Post"},
        type_pages=frozenset({"white"}),
    )
    moved = (Moved("white", "zebra"),)
    now = catalogue(grouping(zebra="abcd"), moved, names={"zebra": "Post"})

    assert compare(before, now) == Changes(
        added=(PhotoChange("d", "d.jpg", after="zebra"),),
        grown=(Resized("zebra", "Post", 3, 4),),
        readdressed=(Readdressed("zebra", "Post", "white"),),
        addresses=(Address("types/white/", "types/zebra/"),),
    )


def test_a_photo_that_is_now_a_view_of_another_bollard_moved_for_that_reason() -> None:
    old = catalogue(grouping(a="pq", b="rs"), bollards={"p": "1", "q": "1", "r": "2", "s": "2"})
    new = catalogue(grouping(a="pqr", b="s"), bollards={"p": "1", "q": "1", "r": "1", "s": "2"})

    assert why(compare(before(old), new)) == {"r": "bollard"}


def test_a_bollard_under_another_name_has_the_same_views() -> None:
    old = catalogue(grouping(a="pq", b="rs"), bollards={"p": "1", "q": "1"})
    new = catalogue(grouping(b="rspq"), bollards={"p": "other", "q": "other"})

    assert why(compare(before(old), new)) == {"p": "merged", "q": "merged"}


def test_a_decision_of_the_owner_wins_over_all_other_reasons() -> None:
    old, new = catalogue(grouping(a="pq", b="rs")), catalogue(grouping(a="pqr", b="s"))

    assert why(compare(before(old), new, decided=frozenset("r"))) == {"r": "curation"}


def test_a_forgotten_redirect_is_a_lost_address() -> None:
    old = before(catalogue(grouping(a="pq")))
    with_page = Before(old.photos, old.types, type_pages=frozenset({"a", "ancient"}))

    assert compare(with_page, catalogue(grouping(a="pq"))).addresses == (Address("types/ancient/"),)


_groupings = st.dictionaries(
    st.sampled_from(string.ascii_lowercase[:10]),
    st.sampled_from([None, "red", "green", "blue"]),
    max_size=10,
)


@given(_groupings, _groupings)
def test_added_removed_and_moved_bollards_are_the_whole_difference_without_repetition(
    old: dict[str, str | None], new: dict[str, str | None]
) -> None:
    found = changes(old, new)

    now = {one.before: one.type for one in found.readdressed}
    old = {photo: now.get(key or "", key) for photo, key in old.items()}
    told = [change.photo for change in (*found.added, *found.removed, *found.moved)]
    assert len(told) == len(set(told))
    assert set(told) == {
        photo
        for photo in old.keys() | new.keys()
        if (photo in old, old.get(photo)) != (photo in new, new.get(photo))
    }
    assert all(change.why for change in found.moved)


@given(_groupings, _groupings)
def test_new_and_gone_types_are_the_difference_and_each_gone_address_is_reported(
    old: dict[str, str | None], new: dict[str, str | None]
) -> None:
    found = changes(old, new)
    earlier, later = set(old.values()) - {None}, set(new.values()) - {None}

    same = {one.before for one in found.readdressed} | {one.type for one in found.readdressed}
    assert {type_.type for type_ in found.born} == later - earlier - same
    assert {type_.type for type_ in found.retired} == earlier - later - same
    assert {one.address for one in found.addresses} == {
        *(f"types/{key}/" for key in earlier - later),
        *(f"photos/{photo}/" for photo in old.keys() - new.keys()),
    }


def test_the_ledger_replaces_a_missing_published_site(tmp_path: Path) -> None:
    ledger = Ledger(types={"a": frozenset("pq")}, added=dict.fromkeys("pqrs", "2025-05-01"))

    old = last_build(tmp_path / "public", ledger)
    found = compare(old, catalogue(grouping(b="rx", none="p")), seen=frozenset(ledger.added))

    assert [change.photo for change in found.added] == ["x"]
    assert [change.photo for change in found.removed] == ["q"]
    assert [(change.photo, change.before) for change in found.moved] == [("p", "a"), ("r", None)]
    assert [kind.type for kind in found.retired] == ["a"]
    assert last_build(tmp_path / "public", Ledger()) is None


def test_a_published_site_without_any_type_still_counts(tmp_path: Path) -> None:
    data = {
        "photos": [{"id": "p", "file": "p.jpg", "bollard": "p", "type": None, "country": "DE"}],
        "types": [],
        "countries": [{"code": "DE"}, {"code": None}],
    }
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "catalogue.json").write_text(json.dumps(data), encoding="utf-8")

    old = last_build(tmp_path, Ledger(added={"p": "2025-05-01", "gone": "2025-05-01"}))
    found = compare(old, catalogue(grouping(none="q")), seen=frozenset({"p", "gone"}))

    assert [change.file for change in found.removed] == ["p.jpg"]
    assert found.addresses == (Address("countries/de/"), Address("photos/p/", of="p.jpg"))


# From here on with real photos.


def catalogue_of(project: Project) -> dict[str, Any]:
    text = (project.public / "data" / "catalogue.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def report_of(project: Project) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(project.report.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def project(built_project: Project) -> Project:
    """The drawn photos, built without settings."""
    return built_project


def snapshot(*places: Path) -> dict[str, tuple[int, bytes]]:
    files = [path for place in places for path in (place, *place.rglob("*")) if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def without_a_type(project: Project) -> str:
    """Remove all photos of the smallest type; returns its id."""
    made = catalogue_of(project)
    gone = made["types"][-1]
    for photo in made["photos"]:
        if photo["id"] in gone["photos"]:
            (project.photos / photo["file"]).unlink()
    return str(gone["id"])


def test_the_report_is_beside_the_cache_and_not_in_the_site(
    make_project: MakeProject, quiet: Progress
) -> None:
    project = make_project()

    report = build(project, quiet)

    data = report_of(project)
    assert data["version"] == 1
    assert data["first_build"] is True
    assert len(data["photos"]["added"]) == report.photos
    assert {kind["type"] for kind in data["review"]["unnamed"]} == {
        kind["id"] for kind in catalogue_of(project)["types"]
    }
    assert not list(project.public.rglob("report*"))
    assert str(project.report_page) in "\n".join(report.lines())


def test_the_page_of_the_report_shows_pictures_and_links_to_the_site(
    project: Project, quiet: Progress
) -> None:
    new = project.photos / "germany" / "<b>new.jpg"
    shutil.copy(next(project.photos.rglob("*.jpg")), new)
    new.write_bytes(new.read_bytes() + b"\0")

    build(project, quiet)

    page = LexborHTMLParser(project.report_page.read_text(encoding="utf-8"))
    assert "New photos" in page.body.text()
    assert "<b>new.jpg" in page.body.text()
    links = {node.attributes[key] for key in ("href", "src") for node in page.css(f"body [{key}]")}
    assert links
    for link in links:
        assert (project.report_page.parent / str(link)).is_file(), link


def test_the_address_of_a_type_that_is_gone_still_redirects(
    make_project: MakeProject, quiet: Progress
) -> None:
    project = make_project(settings='[site]\nbase_url = "https://example.org/"\n')
    build(project, quiet)
    gone = without_a_type(project)

    report = build(project, quiet)

    assert gone in load_ledger(project.ledger).retired
    page = (project.public / "types" / gone / "index.html").read_text(encoding="utf-8")
    assert 'http-equiv="refresh"' in page
    assert f"/types/{gone}/ / 301" in (project.public / "_redirects").read_text()
    assert f"types/{gone}/" not in (project.public / "sitemap.xml").read_text()
    assert gone not in json.dumps(catalogue_of(project))
    assert [kind.type for kind in report.changes.retired] == [gone]
    assert report_of(project)["types"]["retired"][0]["leads_to"] == ""


def test_a_dry_run_reports_everything_and_leaves_site_ledger_and_report_unchanged(
    project: Project,
) -> None:
    names = {kind["id"]: kind["name"] for kind in catalogue_of(project)["types"]}
    gone = without_a_type(project)
    kept = (project.public, project.ledger, project.report, project.report_page, project.index)
    was = snapshot(*kept)

    result = bollards("build", project.root, "--dry-run")

    assert result.returncode == 0, result.stderr
    assert f"1 type removed: {names[gone]}" in result.stdout
    assert "Dry run" in result.stdout
    assert snapshot(*kept) == was
    real = bollards("build", project.root)
    assert f"1 type removed: {names[gone]}" in real.stdout
    assert (project.public / "types" / gone / "index.html").is_file()


def test_a_dry_run_of_a_new_project_publishes_nothing(
    make_project: MakeProject, quiet: Progress
) -> None:
    project = make_project()

    report = build(project, quiet, dry_run=True)

    assert report.photos == 18
    assert {path.name for path in project.root.iterdir()} == {"site.toml", "photos", ".bollards"}


def test_a_strict_build_refuses_to_lose_an_address_and_touches_nothing(
    project: Project,
) -> None:
    gone = without_a_type(project)
    kept = (project.public, project.ledger, project.report)
    was = snapshot(*kept)

    result = bollards("build", project.root, "--strict")

    assert result.returncode == 1
    assert f"types/{gone}/ would redirect to ./" in result.stderr
    assert "would disappear" in result.stderr
    assert "Traceback" not in result.stderr
    assert snapshot(*kept) == was


def test_a_strict_build_accepts_new_photos_changed_names_and_moved_files(
    project: Project, quiet: Progress
) -> None:
    kind = catalogue_of(project)["types"][0]["id"]
    project.curation.write_text(f'[types.{kind}]\nname = "The first"\n', encoding="utf-8")
    photo = next(project.photos.glob("germany/*a.jpg"))
    shutil.copy(photo, photo.with_name("99.jpg"))
    (photo.with_name("99.jpg")).write_bytes(photo.read_bytes() + b"\0")
    (project.photos / "germany").rename(project.photos / "DE")

    report = build(project, quiet, strict=True)

    assert [renamed.after for renamed in report.changes.renamed] == ["The first"]
    assert len(report.changes.added) == 1
    assert report.changes.removed == ()
    assert kind not in {one.type for one in report.review.unnamed}


def test_a_strict_build_knows_the_addresses_on_a_machine_without_the_built_site(
    project: Project, quiet: Progress
) -> None:
    gone = without_a_type(project)
    shutil.rmtree(project.public)
    shutil.rmtree(project.work)

    with pytest.raises(BollardsError, match=f"types/{gone}/ would redirect to"):
        build(project, quiet, strict=True)
    assert not project.public.exists()
