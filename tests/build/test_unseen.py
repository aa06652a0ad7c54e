"""Photos without a detected bollard: held back or flagged, and never the origin of a type."""

import json
from collections.abc import Callable

import pytest
from PIL import Image

from generator.build import build
from generator.build.unseen import unseen_bollards
from generator.cache import Cache
from generator.errors import BollardsError
from generator.progress import Progress
from generator.project import Project
from generator.report import Report

SKIES = ("norway/sky-1.jpg", "norway/sky-2.jpg", "norway/sky-3.jpg")


def run(project: Project) -> Report:
    return build(project, Progress(quiet=True))


def add_skies(project: Project) -> None:
    """Three pictures of one plain sky each, alike enough to be a type if they were bollards."""
    for number, file in enumerate(SKIES):
        path = project.photos / file
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (400, 300), (120, 150 + 15 * number, 210)).save(path)


def types_of(project: Project) -> dict[str, str | None]:
    """The type of each published photo, by its file."""
    data = json.loads((project.public / "data" / "catalogue.json").read_text(encoding="utf-8"))
    return {photo["file"]: photo["type"] for photo in data["photos"]}


def test_new_photos_without_a_bollard_are_held_back_until_the_owner_decides(
    make_project: Callable[..., Project],
) -> None:
    project = make_project()
    add_skies(project)

    report = run(project)

    assert [(one.file, one.held) for one in report.review.unseen] == [
        (file, True) for file in SKIES
    ]
    assert report.lines()[0] == "First of all:"
    assert types_of(project).keys().isdisjoint(SKIES)
    page = project.report_page.read_text(encoding="utf-8")
    assert page.index("Photos in which no bollard is seen") < page.index("First of all")

    project.curation.write_text(
        f'[photos."{SKIES[0]}"]\nhidden = false\n[photos."{SKIES[1]}"]\nbox = [9, 9, 90, 200]\n',
        encoding="utf-8",
    )
    run(project)
    published = types_of(project)
    assert SKIES[0] in published
    assert SKIES[1] in published
    assert SKIES[2] not in published


def test_photos_that_were_published_before_stay_and_are_flagged(
    make_project: Callable[..., Project],
) -> None:
    project = make_project(settings='[publish]\nunseen = "flag"\n')
    add_skies(project)
    first = run(project)
    assert [(one.file, one.held) for one in first.review.unseen] == [
        (file, False) for file in SKIES
    ]
    assert first.lines()[1].startswith("  No bollard is seen in 3 photos on the site: norway/")

    project.settings.write_text("", encoding="utf-8")
    second = run(project)

    assert types_of(project).keys() >= set(SKIES)
    assert [one.held for one in second.review.unseen] == [False, False, False]


def test_photos_without_a_bollard_neither_form_nor_join_a_type(
    make_project: Callable[..., Project],
) -> None:
    project = make_project(settings='[publish]\nunseen = "flag"\n')
    add_skies(project)
    run(project)
    types = types_of(project)
    assert {types[file] for file in SKIES} == {None}
    assert any(types.values())

    # Added later, they do not become a type either.
    Image.new("RGB", (400, 300), (125, 170, 215)).save(project.photos / "norway" / "late-1.jpg")
    Image.new("RGB", (400, 300), (125, 175, 215)).save(project.photos / "norway" / "late-2.jpg")
    run(project)
    types = types_of(project)
    assert types["norway/late-1.jpg"] is None
    assert types["norway/late-2.jpg"] is None


def test_the_detector_runs_once_on_each_photo(
    make_project: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project()
    run(project)
    kept: list[int] = []
    keep = Cache.keep_prepared
    monkeypatch.setattr(
        Cache, "keep_prepared", lambda self, items: (kept.append(len(items)), keep(self, items))
    )
    project.settings.write_text('[site]\ntitle = "Again"\n', encoding="utf-8")
    run(project)
    assert sum(kept) == 0


def test_a_collection_without_any_bollard_explains_what_to_set(
    make_project: Callable[..., Project],
) -> None:
    project = make_project(photos=False)
    add_skies(project)
    with pytest.raises(BollardsError, match=r'unseen = "flag" under \[publish\]'):
        run(project)


def test_a_bollard_that_only_one_view_shows_is_detected() -> None:
    bollard_of = {"a": "1", "b": "1", "c": "2"}
    assert unseen_bollards(bollard_of, frozenset({"a", "c"})) == {"2"}
