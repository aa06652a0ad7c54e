"""Detected boxes against marked ones: by height, by confidence, and in empty pictures."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from generator.cli import cli
from generator.errors import BollardsError
from generator.evaluate.boxes import Answer, Box, BoxFigures, figures_of, read_boxes
from generator.recogniser.detector import Detection
from generator.recogniser.framing import overlap
from generator.training.scenes import random_design, random_surroundings, render_scene

MASK = np.ones((1, 1), np.float32)
SMALL: Box = (10, 10, 14, 40)
LARGE: Box = (50, 10, 70, 130)
ELSEWHERE: Box = (200, 10, 220, 130)


def answer(marked: Box | None, *found: tuple[Box, float]) -> Answer:
    detections = tuple(Detection(box, confidence, MASK) for box, confidence in found)
    return Answer("a.jpg", (marked,) if marked else (), detections)


def share(figures: BoxFigures, name: str) -> tuple[int, float | None, float | None]:
    (one,) = (one for one in figures.shares if one.name == name)
    return one.boxes, one.first, one.any


def test_the_overlap_of_a_box_with_its_half_is_one_half() -> None:
    assert overlap((0, 0, 10, 10), (0, 0, 10, 5)) == pytest.approx(0.5)
    assert overlap((0, 0, 10, 10), (10, 0, 20, 10)) == 0


def test_the_most_confident_box_is_judged_and_the_others_count_as_found() -> None:
    figures = figures_of(
        [
            answer(LARGE, (LARGE, 0.9), (ELSEWHERE, 0.2)),
            answer(LARGE, (ELSEWHERE, 0.7), (LARGE, 0.4)),
        ]
    )
    assert share(figures, "all") == (2, 0.5, 1.0)


def test_boxes_are_grouped_by_their_height() -> None:
    figures = figures_of([answer(LARGE, (LARGE, 0.9)), answer(SMALL, (ELSEWHERE, 0.9))])
    assert share(figures, "0 to 39 px") == (1, 0.0, 0.0)
    assert share(figures, "100 px and more") == (1, 1.0, 1.0)
    assert share(figures, "40 px and more") == (1, 1.0, 1.0)
    assert share(figures, "64 to 99 px") == (0, None, None)


def test_a_picture_in_which_nothing_is_detected_is_a_miss() -> None:
    assert share(figures_of([answer(LARGE)]), "all") == (1, 0.0, 0.0)


def test_confidences_that_match_reality_have_no_calibration_error() -> None:
    figures = figures_of(
        [answer(LARGE, (LARGE, 0.5)), answer(LARGE, (ELSEWHERE, 0.5)), answer(LARGE, (LARGE, 1.0))]
    )
    assert figures.error == pytest.approx(0)
    (middle,) = (one for one in figures.bins if one.low == 0.4)
    assert (middle.pictures, middle.confidence, middle.right) == (2, 0.5, 0.5)


def test_confident_mistakes_increase_the_calibration_error() -> None:
    assert figures_of([answer(LARGE, (ELSEWHERE, 0.9))]).error == pytest.approx(0.9)


def test_sure_boxes_in_pictures_without_bollards_are_alarms() -> None:
    figures = figures_of([answer(None, (LARGE, 0.9)), answer(None, (LARGE, 0.3)), answer(None)])
    assert (figures.pictures, figures.empty) == (0, 3)
    assert figures.alarms == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,left,top,right\na.jpg,1,2,3\n", "no column bottom"),
        ("file,left,top,right,bottom\na.jpg,1,2,x,4\n", "line 2: 1, 2, x, 4 is not a box"),
        ("file,left,top,right,bottom\na.jpg,5,2,3,4\n", "left less than right"),
        ("file,left,top,right,bottom\na.jpg,1,2,nan,4\n", "is not a box"),
        ("file,left,top,right,bottom\n", "lists no pictures"),
    ],
)
def test_an_unusable_table_is_explained(tmp_path: Path, text: str, message: str) -> None:
    table = tmp_path / "boxes.csv"
    table.write_text(text)
    with pytest.raises(BollardsError, match=message):
        read_boxes(table)


def test_several_boxes_of_one_picture_belong_together(tmp_path: Path) -> None:
    table = tmp_path / "boxes.csv"
    table.write_text("file,left,top,right,bottom\na.jpg,1,2,3,4\na.jpg,5,6,7,8\n")
    assert read_boxes(table) == {"a.jpg": ((1, 2, 3, 4), (5, 6, 7, 8))}


@pytest.fixture(scope="module")
def streets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn views of streets with boxes.csv, one file of it missing, and a folder of empty ones."""
    folder = tmp_path_factory.mktemp("streets")
    rng = np.random.default_rng(3)
    lines = ["file,country,left,top,right,bottom"]
    for number in range(4):
        scene = render_scene(
            random_design(rng, form="flat"),
            rng,
            size=(480, 320),
            framing="wide",
            surroundings=random_surroundings(rng),
        )
        scene.image.save(folder / f"{number}.jpg")
        lines.append(f"{number}.jpg,XX,{','.join(map(str, scene.box))}")
    lines.append("gone.jpg,XX,1,2,3,4")
    (folder / "boxes.csv").write_text("\n".join(lines) + "\n")
    (folder / "empty").mkdir()
    Image.new("RGB", (300, 200), "olive").save(folder / "empty" / "field.jpg")
    return folder


def test_the_command_measures_the_detector_where_there_are_boxes(streets: Path) -> None:
    arguments = ["eval", str(streets), "--empty", str(streets / "empty"), "--json"]
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)

    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["pictures"] == 4
    assert told["boxes"][0]["boxes"] == 4
    assert told["boxes"][0]["any"] >= 0.5
    assert told["empty"] == {"pictures": 1, "alarms": 0.0}
    assert [one["file"] for one in told["problems"]] == ["gone.jpg"]


def test_the_tables_are_printed_as_text(streets: Path) -> None:
    result = CliRunner().invoke(cli, ["eval", str(streets)], catch_exceptions=False)

    assert "4 pictures with marked boxes" in result.stdout
    assert "first box correct" in result.stdout
    assert "Expected calibration error" in result.stdout
    assert "gone.jpg" in result.stdout
