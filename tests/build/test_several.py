"""Photos with several bollards: each becomes a bollard of its own, and keeps its id."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from generator.build import build
from generator.build.several import LEAST, named
from generator.catalogue import Box
from generator.config import Settings
from generator.errors import BollardsError
from generator.group.ledger import Ledger
from generator.group.ledger_file import dump_ledger, load_ledger
from generator.identify.lookup import load_index
from generator.isolate import Found
from generator.progress import Progress
from generator.project import Project
from tests.sites import three_bollards

PHOTO = "0123456789ab"
SURE = 0.9


def at(left: float, confidence: float = SURE, width: float = 20) -> Found:
    return Found(left, 10.2, left + width, 90.7, confidence)


def moved(box: Box, by: int) -> Found:
    return Found(box.left + by, box.top + by, box.right + by, box.bottom + by, SURE)


def test_a_photo_with_one_sure_bollard_stays_one() -> None:
    assert named(PHOTO, [at(0), at(50, LEAST - 0.01)], {}) == {}


def test_the_clearest_bollard_keeps_the_id_of_the_photo_and_others_get_their_own() -> None:
    ids = named(PHOTO, [at(0), at(50), at(100)], {})

    assert next(iter(ids)) == PHOTO
    assert ids[PHOTO] == Box(0, 10, 20, 91)
    assert len(ids) == 3
    assert all(len(key) == 12 and int(key, 16) >= 0 for key in ids)


def test_ids_stay_when_the_order_of_confidences_changes() -> None:
    before = named(PHOTO, [at(0), at(50), at(100)], {})

    assert named(PHOTO, [at(100, 0.99), at(0), at(50)], before) == before


def test_a_bollard_whose_box_moved_a_little_keeps_its_id() -> None:
    before = named(PHOTO, [at(0), at(50)], {})

    after = named(PHOTO, [moved(box, 2) for box in before.values()], before)

    assert after.keys() == before.keys()


def test_a_bollard_that_is_detected_later_is_added() -> None:
    before = named(PHOTO, [at(0), at(50)], {})

    after = named(PHOTO, [at(100), at(0), at(50)], before)

    assert before.items() <= after.items()
    assert len(after) == 3


def test_a_photo_whose_first_bollard_is_not_detected_again_keeps_its_id() -> None:
    before = named(PHOTO, [at(0), at(50)], {})

    assert PHOTO in named(PHOTO, [at(50), at(100)], before)
    assert PHOTO in named(PHOTO, [at(50), at(100)], {**before, "other": Box(100, 10, 120, 91)})


BOXES = st.lists(
    st.tuples(st.integers(0, 30), st.floats(0.0, 1.0)), max_size=12, unique_by=lambda one: one[0]
)


@given(BOXES, BOXES)
def test_every_confident_detection_gets_one_id_whatever_the_ledger_had(
    earlier: list[tuple[int, float]], now: list[tuple[int, float]]
) -> None:
    def found(boxes: Sequence[tuple[int, float]]) -> list[Found]:
        ranked = sorted(boxes, key=lambda one: -one[1])
        return [at(30 * place, confidence) for place, confidence in ranked]

    known = named(PHOTO, found(earlier), {})
    ids = named(PHOTO, found(now), known)

    sure = sum(confidence >= LEAST for _, confidence in now)
    assert len(ids) == (min(sure, 8) if sure >= 2 else 0)
    assert not ids or PHOTO in ids


def test_the_ledger_keeps_boxes(tmp_path: Path) -> None:
    boxes = {PHOTO: named(PHOTO, [at(0), at(50)], {})}
    path = tmp_path / "ledger.json"
    path.write_text(dump_ledger(replace(Ledger(), boxes=boxes)))

    assert load_ledger(path).boxes == boxes


def test_a_damaged_box_in_the_ledger_is_refused(tmp_path: Path) -> None:
    boxes = {PHOTO: named(PHOTO, [at(0), at(50)], {})}
    path = tmp_path / "ledger.json"
    text = dump_ledger(replace(Ledger(), boxes=boxes))
    path.write_text(text.replace("[0, 10, 20, 91]", '[0, 10, "20", 91]'))

    with pytest.raises(BollardsError, match="four whole numbers"):
        load_ledger(path)


def test_whole_photos_cannot_be_divided() -> None:
    with pytest.raises(ValueError, match="clearest"):
        Settings.model_validate({"isolate": {"crop": "whole", "several": "all"}})


@pytest.fixture(scope="module")
def street() -> Image.Image:
    return three_bollards()


def make(root: Path, drawn: Path, street: Image.Image, several: str = "all") -> Project:
    root.mkdir()
    (root / "site.toml").write_text(f'[isolate]\nseveral = "{several}"\n')
    for name in ("germany", "france"):
        shutil.copytree(drawn / name, root / "photos" / name)
    street.save(root / "photos" / "france" / "street.png")
    return Project(root)


def catalogue_of(project: Project) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((project.public / "data" / "catalogue.json").read_text())
    return loaded


def in_street(project: Project) -> list[dict[str, Any]]:
    return [one for one in catalogue_of(project)["photos"] if one["file"] == "france/street.png"]


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, drawn_photos: Path, street: Image.Image
) -> Project:
    project = make(tmp_path_factory.mktemp("several") / "site", drawn_photos, street)
    build(project, Progress(quiet=True))
    return project


def test_each_bollard_of_a_photo_is_in_the_catalogue_with_its_photo_and_its_box(
    built: Project,
) -> None:
    own = in_street(built)
    first = own[0]

    assert len(own) == 3
    assert {one["parent"] for one in own} == {first["id"]}
    assert len({one["bollard"] for one in own}) == 3
    lefts = sorted(one["box"][0] for one in own)
    assert [left // 500 for left in lefts] == [0, 1, 2]
    assert {one["country"] for one in own} == {"FR"}
    assert all(one["pictures"] == first["pictures"] for one in own)


def test_photos_and_bollards_are_counted_separately(built: Project) -> None:
    catalogue = catalogue_of(built)
    france = next(one for one in catalogue["countries"] if one["code"] == "FR")
    files = {one["file"] for one in catalogue["photos"] if one["country"] == "FR"}
    index = json.loads((built.public / "data" / "index.json").read_text())

    assert france["photos"] == len(files)
    assert index["photos"] == len({one["file"] for one in catalogue["photos"]})
    assert index["bollards"] == len({one["bollard"] for one in catalogue["photos"]})
    for kind in catalogue["types"]:
        own = [one for one in catalogue["photos"] if one["id"] in kind["photos"]]
        assert sum(one["photos"] for one in kind["countries"]) == len({one["file"] for one in own})


def test_bollards_of_one_photo_are_never_each_others_neighbours_or_duplicates(
    built: Project,
) -> None:
    own = {one["id"] for one in in_street(built)}
    report = json.loads(built.report.read_text())

    assert not any(near["photo"] in own for one in in_street(built) for near in one["neighbours"])
    assert not any(pair["a"] == pair["b"] for pair in report["duplicates"])


def test_bollards_of_one_photo_have_one_vote_in_identification(built: Project) -> None:
    index = load_index(built)
    own = {one["id"] for one in in_street(built)}

    voters = {voter for key, voter in zip(index.ids, index.bollard_of, strict=True) if key in own}

    assert len(voters) == 1


def test_the_order_of_files_and_a_second_build_change_nothing(
    built: Project, tmp_path: Path, drawn_photos: Path, street: Image.Image
) -> None:
    again = make(tmp_path / "again", drawn_photos, street)
    (again.photos / "france" / "street.png").rename(again.photos / "france" / "a-street.png")

    build(again, Progress(quiet=True))

    def found(project: Project) -> dict[str, Any]:
        return {
            one["id"]: (one.get("parent"), one.get("box"), one["type"], one["neighbours"])
            for one in catalogue_of(project)["photos"]
        }

    assert found(again) == found(built)
    before = catalogue_of(again)
    build(again, Progress(quiet=True), force=True)
    assert catalogue_of(again) == before


def test_hiding_the_photo_hides_all_its_bollards(
    tmp_path: Path, drawn_photos: Path, street: Image.Image
) -> None:
    project = make(tmp_path / "site", drawn_photos, street)
    project.curation.write_text('[photos."france/street.png"]\nhidden = true\n')

    build(project, Progress(quiet=True))

    assert in_street(project) == []


def test_turning_it_on_adds_bollards_and_changes_no_address(
    tmp_path: Path, drawn_photos: Path, street: Image.Image
) -> None:
    project = make(tmp_path / "site", drawn_photos, street, "clearest")
    build(project, Progress(quiet=True))
    before = {one["id"]: one["bollard"] for one in catalogue_of(project)["photos"]}
    assert len(in_street(project)) == 1

    project.settings.write_text('[isolate]\nseveral = "all"\n')
    build(project, Progress(quiet=True), strict=True)

    after = {one["id"]: one["bollard"] for one in catalogue_of(project)["photos"]}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 2
