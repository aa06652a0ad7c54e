"""The owner's own attributes of manhole covers: settings, labels, names."""

import json
from pathlib import Path
from typing import Any

import pytest

from generator.build import build
from generator.collect.table import read_labels, read_table
from generator.config import load_settings
from generator.errors import BollardsError
from generator.progress import Progress
from tests.covers.drawn import SETTINGS
from tests.sites import copied


def mistakes(tmp_path: Path, old: str, new: str) -> str:
    """What is said about the example's settings after a change."""
    assert old in SETTINGS
    (tmp_path / "site.toml").write_text(SETTINGS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BollardsError) as caught:
        load_settings(tmp_path / "site.toml")
    return str(caught.value)


def line_of(text: str) -> int:
    """The line of the example's settings that has a text."""
    return SETTINGS[: SETTINGS.index(text)].count("\n") + 1


def types_of(root: Path, language: str = "") -> dict[str, Any]:
    text = (root / "public" / language / "data" / "catalogue.json").read_text(encoding="utf-8")
    return {one["id"]: one for one in json.loads(text)["types"]}


def test_types_are_named_by_the_owners_attributes_in_each_language(covers: Path) -> None:
    (waffle,) = [one for key, one in types_of(covers).items() if key == "square-brass-waffle"]
    german = (covers / "public/de/types/square-brass-waffle/index.html").read_text("utf-8")
    spanish = (covers / "public/es/types/square-brass-waffle/index.html").read_text("utf-8")

    assert waffle["name"] == "Square, brass, waffle"
    assert "<h1>Quadratisch, Messing, waffle</h1>" in german
    assert "<h1>Cuadrada, brass, waffle</h1>" in spanish


def test_photos_without_a_label_get_what_was_learnt(covers: Path) -> None:
    text = (covers / "public/data/catalogue.json").read_text(encoding="utf-8")
    photos = {Path(one["file"]).stem: one["attributes"] for one in json.loads(text)["photos"]}

    assert photos["grid-3"]["shape"]["value"] == "square"
    assert photos["rings-3"]["shape"]["value"] == "round"
    assert photos["rings-3"]["metal"]["value"] == "brass"
    assert 0.5 < photos["rings-3"]["metal"]["confidence"] < 1
    # Two labels of each design are too few to learn from.
    assert "design" not in photos["rings-3"]
    assert photos["rings-1"]["design"] == {"value": "rings", "confidence": 1.0}


def test_the_report_says_how_well_attributes_were_learnt(covers: Path) -> None:
    printed = (covers / "printed.txt").read_text(encoding="utf-8")

    assert "shape: learnt from 10 labelled manhole covers; 10 of 10 right" in printed
    assert "design: 10 labelled manhole covers, too few or too alike to learn from" in printed
    page = (covers / ".bollards" / "report.html").read_text(encoding="utf-8")
    assert "shape: learnt from 10 labelled manhole covers; 10 of 10 right" in page


def test_without_labels_types_are_named_by_their_countries(covers: Path, tmp_path: Path) -> None:
    project = copied(covers, tmp_path / "site")
    (project.root / "photos.csv").unlink()
    project.ledger.unlink()

    build(project, Progress(quiet=True))

    names = [one["name"] for one in types_of(project.root).values()]
    assert len(set(names)) == len(names)
    assert all(name.startswith("Type") for name in names)


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        (
            'name = "metal"',
            'nane = "metal"',
            "collection.attributes[1].nane",
            "no such key. Did you mean name?",
        ),
        (
            'name = "metal"',
            'name = "country"',
            "collection.attributes[1].name",
            'expected another name; found "country". photos.csv has a column of this name.',
        ),
        (
            'name = "metal"',
            'name = "accent"',
            "collection.attributes[1].name",
            '"accent" is an attribute of bollards.',
        ),
        (
            'name = "metal"',
            'name = "Metal"',
            "collection.attributes[1].name",
            "expected lower-case letters",
        ),
        (
            'emblem = "emblems/square.svg"',
            'emblen = "emblems/square.svg"',
            "collection.attributes[0].values[1].emblen",
            "no such key. Did you mean emblem?",
        ),
        (
            'emblem = "emblems/square.svg"',
            'emblem = "emblems/square.png"',
            "collection.attributes[0].values[1].emblem",
            "expected an SVG file",
        ),
        (
            'emblem = "emblems/square.svg"',
            'colour = "dark grey"',
            "collection.attributes[0].values[1].colour",
            'expected a colour such as "#b3261e"; found "dark grey".',
        ),
        (
            'values = ["rings", "rays", "grid", "waffle", "dots"]',
            'values = ["rings"]',
            "collection.attributes[2].values",
            "expected a list of at least two values",
        ),
        (
            'values = ["rings", "rays", "grid", "waffle", "dots"]',
            'values = ["rings", "Rings"]',
            "collection.attributes[2].values",
            'expected each value once; "rings" is there 2 times',
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_nearest_key(
    tmp_path: Path, old: str, new: str, key: str, said: str
) -> None:
    told = mistakes(tmp_path, old, new)

    (line,) = [one for one in told.splitlines() if one.strip().startswith(f"{key}: ")]
    assert said in line
    assert line.endswith(f"(line {line_of(old)})")


def test_bollards_have_no_attributes_of_the_owners(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(
        '[[collection.attributes]]\nname = "shape"\nvalues = ["round", "square"]\n'
    )

    with pytest.raises(BollardsError, match=r"built-in\s+recogniser \(form, body"):
        load_settings(tmp_path / "site.toml")


def test_the_crop_that_init_writes_is_told_with_its_own_line(tmp_path: Path) -> None:
    told = mistakes(tmp_path, "[embed]", '[isolate]\ncrop = "auto"\n\n[embed]')

    assert 'isolate.crop: expected "given" or "whole"' in told
    assert f'found "auto". "auto" looks for bollards. (line {line_of("[embed]") + 1})' in told


def test_the_embedder_that_init_writes_is_told_with_its_own_line(tmp_path: Path) -> None:
    told = mistakes(tmp_path, 'embedder = "onnx"\nmodel = "encoder"', 'embedder = "builtin"')

    assert "embed.embedder: expected an embedder that knows other things than bollards" in told
    assert f"(line {line_of('embedder =')})" in told


def test_labels_are_read_by_name_or_label_in_any_language(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(SETTINGS, encoding="utf-8")
    attributes = load_settings(tmp_path / "site.toml").collection.shows.attributes
    (tmp_path / "photos.csv").write_text(
        "file,Shape,metal\na.jpg,RUND,iron\nb.jpg,carrée,bras\nc.jpg,,\n", encoding="utf-8"
    )

    rows = read_table(tmp_path / "photos.csv", ["shape", "metal"])
    found = [read_labels(row, attributes) for row in rows]

    assert [labels for labels, _ in found] == [
        {"shape": "round", "metal": "iron"},
        {"shape": "square"},
        {},
    ]
    (problem,) = found[1][1]
    assert problem.reason == (
        'line 3: metal: expected one of "iron", "brass"; found "bras". It is left out.'
        ' Did you mean "brass"?'
    )


def test_a_misspelt_column_is_told_with_the_nearest_attribute(tmp_path: Path) -> None:
    (tmp_path / "photos.csv").write_text("file,shap\na.jpg,round\n", encoding="utf-8")

    with pytest.raises(BollardsError, match=r'no such column: "shap"\. Did you mean "shape"'):
        read_table(tmp_path / "photos.csv", ["shape"])
