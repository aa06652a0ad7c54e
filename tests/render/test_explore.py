"""The contact sheet: every photo is in a block and in the data, and unchanged blocks are kept."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from generator.catalogue import Catalogue
from generator.output import Output
from generator.render.explore import write_explore
from tests.render import sample


@pytest.fixture
def made() -> Catalogue:
    return sample.laid_out(sample.catalogue())


def written(made: Catalogue, folder: Path, cache: Path | None = None) -> dict[str, Any]:
    sample.draw(made, sample.settings(), folder)
    path = write_explore(made, Output(folder), cache)
    assert path is not None
    index: dict[str, Any] = json.loads((folder / path).read_text(encoding="utf-8"))
    return index


def test_the_data_has_the_position_and_the_content_of_each_photo(
    made: Catalogue, tmp_path: Path
) -> None:
    index = written(made, tmp_path)

    cells = (tmp_path / index["cells"]).read_bytes()
    count = index["count"]
    columns, rows = np.frombuffer(cells[: 4 * count], "<i2").reshape(2, count).tolist()
    types, countries = np.frombuffer(cells[4 * count :], "<u2").reshape(2, count).tolist()
    entries = [
        entry
        for path in index["names"]
        for entry in json.loads((tmp_path / path).read_text(encoding="utf-8"))
    ]
    assert count == len(entries) == len(made.photos)
    for place, (photo_id, picture) in enumerate(entries):
        photo = made.photo[photo_id]
        assert (columns[place], rows[place]) == photo.cell
        assert (None if types[place] == 0xFFFF else index["types"][types[place]]) == photo.type
        code = None if countries[place] == 0xFFFF else index["countries"][countries[place]]
        assert code == photo.country
        assert (tmp_path / picture).is_file()


def test_a_cell_shows_its_photo_and_empty_cells_show_nothing(
    made: Catalogue, tmp_path: Path
) -> None:
    index = written(made, tmp_path)
    (across, down), (wide, high) = index["blockSize"], index["cell"]
    cells = {photo.cell: photo for photo in made.photos}
    finest = index["levels"][0]
    for name, path in finest.items():
        x, y = (int(part) for part in name.split(","))
        with Image.open(tmp_path / path) as block:
            pixels = block.convert("RGBA")
        for column in range(across):
            for row in range(down):
                photo = cells.get((x * across + column, y * down + row))
                middle = (column * wide + wide // 2, row * high + high // 2)
                red, green, blue, alpha = pixels.getpixel(middle)  # type: ignore[misc]
                assert alpha == (255 if photo else 0)
                if photo:
                    # The posts are drawn white, and their crops in the same white.
                    assert min(red, green, blue) > 150
    assert len(finest) >= 2


def test_each_coarser_level_shows_the_same_at_half_the_size(tmp_path: Path) -> None:
    made = sample.laid_out(sample.catalogue(times=8))
    index = written(made, tmp_path)

    assert len(index["levels"]) > 1
    for finer, coarser in zip(index["levels"], index["levels"][1:], strict=False):
        for name in finer:
            x, y = (int(part) for part in name.split(","))
            assert f"{x // 2},{y // 2}" in coarser
    assert len(index["levels"][-1]) <= 4


def test_a_new_photo_costs_only_the_blocks_that_show_it(made: Catalogue, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    before = written(made, tmp_path / "site", cache)
    times = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}
    first = made.photos[0]
    moved = sample.with_photo(made, first.id, cell=(first.cell[0], 40))  # type: ignore[index]

    after = written(moved, tmp_path / "site", cache)

    assert written(moved, tmp_path / "afresh") == after
    kept = {
        path.name.replace(".kept", "")
        for path in cache.iterdir()
        if times.get(path.name) == path.stat().st_mtime_ns
    }
    same = set(before["levels"][0].values()) & set(after["levels"][0].values())
    assert same
    assert {path.rpartition("/")[2] for path in same} <= kept
    shown = {path.rpartition("/")[2] for level in after["levels"] for path in level.values()}
    assert {path.name.replace(".kept", "") for path in cache.iterdir()} == shown


def test_the_page_works_without_a_contact_sheet(made: Catalogue, tmp_path: Path) -> None:
    bare = replace(made, photos=tuple(replace(photo, cell=None) for photo in made.photos))

    assert write_explore(bare, Output(tmp_path), None) is None
