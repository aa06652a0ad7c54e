"""Countries and the greyed-out control: queries, scores, and messages about bad tables."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from generator.cli import cli
from generator.errors import BollardsError
from generator.evaluate.countries import Gallery, country_code, country_figures, read_posts
from generator.evaluate.greyed import GREY, without
from tests.evaluate.made import draw_folder, read_rows


def write_posts(folder: Path, rows: list[tuple[str, str, float, float, float, float]]) -> None:
    with (folder / "boxes.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "country", "left", "top", "right", "bottom"))
        writer.writerows(rows)


def test_a_country_is_found_among_the_first_k_of_the_vote() -> None:
    axes = np.eye(3, dtype=np.float32)
    gallery = Gallery(axes, ("a", "b", "c"), ("FR", "DE", "IT"))
    queries = np.array([[0.8, 0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.6, 0.8]], np.float32)

    found = country_figures(queries, ["FR", "FR", "XX"], gallery, [30.0, 50.0, 200.0])

    assert found["country@1"] == pytest.approx(1 / 3)
    assert found["country@3"] == found["known"] == pytest.approx(2 / 3)
    assert found["country@5, mean of countries"] == 1.0
    assert found["country@5, posts of 0 to 40 px"] == 1.0
    assert found["country@5, posts of 100 to inf px"] == 0.0
    assert found["country@5, posts of 64 to 100 px"] is None


def test_countries_are_recognised_by_name_code_or_folder() -> None:
    assert country_code("Galápagos (Ecuador)", "x/1.jpg") == "EC"
    assert country_code("KE", "KE/1.jpg") == "KE"
    assert country_code("Nowhere Land", "germany/1.jpg") == "DE"
    assert country_code("Nowhere Land", "1.jpg") == "Nowhere Land"


@pytest.mark.parametrize("row", [("a.jpg", "FR", 10, 5, 4, 9), ("a.jpg", "FR", "left", 5, 14, 9)])
def test_a_row_without_a_box_is_named_with_its_line(tmp_path: Path, row: tuple[str, ...]) -> None:
    write_posts(tmp_path, [row])  # type: ignore[list-item]
    with pytest.raises(BollardsError, match=r"boxes\.csv: line 2: .*found"):
        read_posts(tmp_path)


def test_a_missing_column_of_a_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "boxes.csv").write_text("file,left,top,right,bottom\n", encoding="utf-8")
    with pytest.raises(BollardsError, match="missing: country"):
        read_posts(tmp_path)


def test_a_bollard_is_greyed_out_and_its_surroundings_stay() -> None:
    photo = Image.new("RGB", (100, 200), "red")
    mask = Image.new("L", photo.size, 0)
    mask.paste(255, (40, 50, 60, 150))

    shown = without(photo, mask)

    assert shown is not None
    assert shown.getpixel((50, 100)) == (GREY, GREY, GREY)
    assert shown.getpixel((10, 100)) == shown.getpixel((50, 10)) == (255, 0, 0)
    assert without(photo, Image.new("L", photo.size, 0)) is None

    bare = without(photo, mask, columns=True)
    assert bare is not None
    assert bare.getpixel((50, 10)) == bare.getpixel((50, 190)) == (GREY, GREY, GREY)
    assert bare.getpixel((10, 100)) == (255, 0, 0)


def test_one_command_prints_countries_and_the_control(tmp_path: Path) -> None:
    photos, street, masks = (tmp_path / name for name in ("photos", "street", "masks"))
    draw_folder(photos)
    street.mkdir()
    posts = []
    for row in read_rows(photos / "labels.csv")[:2]:
        image = Image.open(photos / row["file"])
        wide = Image.new("RGB", (3 * image.width, image.height), "grey")
        wide.paste(image, (image.width, 0))
        wide.save(street / f"{row['bollard']}.png")
        box = (image.width * 1.4, image.height * 0.1, image.width * 1.6, image.height * 0.9)
        posts.append((f"{row['bollard']}.png", row["country"], *box))
    write_posts(street, posts)
    for row in read_rows(photos / "labels.csv"):
        path = (masks / row["file"]).with_suffix(".png")
        path.parent.mkdir(parents=True, exist_ok=True)
        size = Image.open(photos / row["file"]).size
        mask = Image.new("L", size, 0)
        mask.paste(255, (size[0] // 3, size[1] // 8, 2 * size[0] // 3, 7 * size[1] // 8))
        mask.save(path)

    result = CliRunner().invoke(
        cli,
        [
            *("eval", str(photos), "--folds", "0", "--json", "--cache", str(tmp_path / "c.sqlite")),
            *("--street", str(street), "--gallery", str(photos), "--masks", str(masks)),
        ],
    )

    asked = json.loads(result.stdout)["asked"]
    assert asked["countries of street views, true box"]["country@5"] > 0
    assert asked["countries, among other collections"]["country@1"] == 1.0
    assert 0 <= asked["bollards greyed out"]["same-bollard@1"] <= 1
    assert asked["bollards greyed out"]["photos with masks"] == len(
        read_rows(photos / "labels.csv")
    )


def test_answers_called_likely_are_counted_with_how_many_of_them_are_right() -> None:
    axes = np.eye(3, dtype=np.float32)
    gallery = Gallery(axes, ("a", "b", "c"), ("FR", "DE", "IT"))
    queries = np.array([[1, 0, 0], [1, 0, 0], [0.6, 0.6, 0.53]], np.float32)

    found = country_figures(queries, ["FR", "DE", "DE"], gallery)

    assert found["likely"] == pytest.approx(2 / 3)
    assert found["likely and right"] == pytest.approx(1 / 2)
    assert found["likely and wrong"] == pytest.approx(1 / 3)
    assert found["likely and right, mean of countries"] == pytest.approx(1 / 2)
    assert found["possible"] == pytest.approx(1 / 3)
    assert found["possible: among the named"] == 1.0
    assert found["hard to say: right"] is None
