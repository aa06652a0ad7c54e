"""Labels are read as written, and every mistake is reported with its line."""

import shutil
from pathlib import Path

import pytest
from PIL import Image

from generator.cache import Cache
from generator.errors import BollardsError
from generator.evaluate.folds import load_fold_models, rows_of_folds
from generator.evaluate.labelled import LabelledPhoto, read_labelled
from tests.evaluate.made import COLUMNS, two_views_each, write_labels

ROW = ("1", "France", "flat", "yellow", "cap", "yellow", "", "1")


def read(folder: Path) -> tuple[tuple[LabelledPhoto, ...], list[str]]:
    with Cache.open(folder / "cache.sqlite") as cache:
        photos, problems = read_labelled(folder, None, cache)
    return photos, [f"{problem.file}: {problem.reason}" for problem in problems]


def picture(path: Path, colour: str) -> None:
    Image.new("RGB", (20, 30), colour).save(path)


def test_photos_are_in_the_order_of_their_files_whatever_the_table_has(tmp_path: Path) -> None:
    for name, colour in (("b.png", "red"), ("a.png", "blue")):
        picture(tmp_path / name, colour)
    write_labels(tmp_path / "labels.csv", [("b.png", *ROW), ("a.png", *ROW)])

    photos, problems = read(tmp_path)

    assert [photo.label.file for photo in photos] == ["a.png", "b.png"]
    assert problems == []


def test_yellow_is_read_as_orange(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", "red")
    write_labels(tmp_path / "labels.csv", [("a.png", *ROW)])
    assert read(tmp_path)[0][0].kind == "flat · orange · cap · orange"


def test_a_missing_file_and_a_second_copy_cost_only_themselves(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", "red")
    shutil.copy(tmp_path / "a.png", tmp_path / "b.png")
    rows = [(name, *ROW) for name in ("a.png", "b.png", "gone.png")]
    write_labels(tmp_path / "labels.csv", rows)

    photos, problems = read(tmp_path)

    assert [photo.label.file for photo in photos] == ["a.png"]
    assert problems == [
        "b.png: is an exact copy of a.png; used once.",
        "gone.png: cannot be read: No such file or directory.",
    ]


def test_a_folder_without_labels_gets_an_explanation_of_the_labels(tmp_path: Path) -> None:
    with pytest.raises(BollardsError, match=r"labels.csv: there is no such file.*form, body"):
        read(tmp_path)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    write_labels(tmp_path / "labels.csv", [], [name for name in COLUMNS if name != "accent"])
    with pytest.raises(BollardsError, match=r"labels.csv: line 1: .*missing: accent\."):
        read(tmp_path)


def test_a_row_without_a_bollard_and_a_file_named_twice_are_refused(tmp_path: Path) -> None:
    write_labels(tmp_path / "labels.csv", [("a.png", "", *ROW[1:])])
    with pytest.raises(BollardsError, match=r"line 2: the column bollard is empty"):
        read(tmp_path)
    write_labels(tmp_path / "labels.csv", [("a.png", *ROW)] * 2)
    with pytest.raises(BollardsError, match=r"a.png appears twice"):
        read(tmp_path)


def test_folds_divide_the_bollards_and_never_split_one() -> None:
    photos = two_views_each(bollards=10, kinds=3)
    folds = rows_of_folds(photos, 3)

    assert sorted(row for fold in folds for row in fold) == list(range(20))
    bollards = [{photos[row].label.bollard for row in fold} for fold in folds]
    assert sum(map(len, bollards)) == 10


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "there is no such file"),
        ("{", "not valid JSON"),
        ('{"a": 1}', "a list of lists"),
        ('[["1", "2"], ["2"]]', "a bollard is in two folds"),
        ('[["1"]]', r"fold0.onnx: cannot be read"),
    ],
)
def test_problems_with_fold_models_are_reported(
    tmp_path: Path, text: str | None, message: str
) -> None:
    if text is not None:
        (tmp_path / "folds.json").write_text(text, encoding="utf-8")
    with pytest.raises(BollardsError, match=message):
        load_fold_models(tmp_path)


def test_a_file_that_is_not_a_model_is_refused_before_any_photo_is_opened(tmp_path: Path) -> None:
    (tmp_path / "folds.json").write_text('[["1"]]', encoding="utf-8")
    (tmp_path / "fold0.onnx").write_bytes(b"no model")
    with pytest.raises(BollardsError, match=r"fold0.onnx: not a model"):
        load_fold_models(tmp_path)
