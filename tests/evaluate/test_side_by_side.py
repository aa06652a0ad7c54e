"""Several embedders on the same photos: one line each, with what they cost."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import cli
from generator.config import EmbedSettings
from generator.errors import BollardsError
from generator.evaluate.cost import cost_of

COLUMNS = ("file", "bollard", "country", "form", "body", "pattern", "accent", "reflector")


@pytest.fixture
def labelled(drawn_photos: Path, tmp_path: Path) -> Path:
    """A table of labels for the drawn photos; designs are their kinds."""
    table = tmp_path / "labels.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for path in sorted(drawn_photos.rglob("*.jpg")):
            row = dict.fromkeys(COLUMNS, "")
            row |= {"file": path.relative_to(drawn_photos).as_posix(), "bollard": path.stem[:2]}
            row |= {"form": "flat", "body": "white", "pattern": "plain", "accent": "none"}
            writer.writerow(row)
    return table


def test_each_embedder_has_a_line_and_one_that_fails_says_why(
    drawn_photos: Path, labelled: Path, tmp_path: Path
) -> None:
    asked = [
        "eval", str(drawn_photos), "--labels", str(labelled), "--cache", str(tmp_path / "c"),
        "--embedder", "builtin", "--embedder", "onnx:no-such-folder",
    ]  # fmt: skip
    text = CliRunner().invoke(cli, asked)
    assert text.exit_code == 0, text.output
    (line,) = (one for one in text.output.splitlines() if one.startswith("builtin"))
    assert " 128 " in line and "released" in line and line.endswith("MIT")
    assert "onnx:no-such-folder: left out: " in text.output and "NOT held out" in text.output

    rows = json.loads(CliRunner().invoke(cli, [*asked, "--json"]).stdout)["compared"]
    assert [row["embedder"] for row in rows] == ["builtin", "onnx:no-such-folder"]
    assert rows[0]["seconds"] > 0 and rows[0]["bytes"] > 1_000_000 and not rows[0]["failed"]
    assert 0 <= rows[0]["figures"]["same-bollard@1"] <= 1 and rows[1]["failed"]


def test_a_cost_that_cannot_be_measured_is_explained(tmp_path: Path) -> None:
    with pytest.raises(BollardsError, match=r"missing\.jpg"):
        cost_of(EmbedSettings(), [tmp_path / "missing.jpg"])
