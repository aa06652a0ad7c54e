"""A workshop in which the examples of the documentation run."""

import contextlib
import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import cli

_LOOKS = {
    "form": "flat",
    "body": "white",
    "pattern": "band",
    "accent": "black",
    "reflector": "white",
}


@dataclass(frozen=True)
class Workshop:
    """A folder with what the examples name: my-site (built), photo.jpg, a.jpg, b.jpg,
    labelled/, others/, street/, roads/ and masks/."""

    root: Path

    def bollards(self, *arguments: str, at: Path | None = None) -> Result:
        """Run the command in the workshop, or in another folder."""
        with contextlib.chdir(at or self.root):
            return CliRunner().invoke(cli, arguments, catch_exceptions=False)


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    made = Workshop(tmp_path_factory.mktemp("workshop"))
    made.bollards("init", "my-site")
    built = made.bollards("build", "my-site")
    assert "The site is in" in built.output
    photos = sorted((made.root / "my-site" / "photos").glob("*/*.jpg"))
    for name, photo in zip(("photo.jpg", "a.jpg", "b.jpg"), photos, strict=False):
        shutil.copy(photo, made.root / name)
    for name in ("labelled", "others"):
        _label(made.root / name, photos)
    (made.root / "masks").mkdir()
    (made.root / "street").mkdir()
    shutil.copy(photos[0], made.root / "street" / "view.jpg")
    boxes = "file,country,left,top,right,bottom\nview.jpg,DE,40,20,60,140\n"
    (made.root / "street" / "boxes.csv").write_text(boxes, encoding="utf-8")
    (made.root / "roads").mkdir()
    shutil.copy(photos[1], made.root / "roads")
    yield made


def _label(folder: Path, photos: list[Path]) -> None:
    folder.mkdir()
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, ["file", "bollard", "country", *_LOOKS])
        table.writeheader()
        for photo in photos:
            shutil.copy(photo, folder / photo.name)
            row = {"file": photo.name, "bollard": photo.stem[:-1], "country": "DE"}
            table.writerow(row | _LOOKS)
