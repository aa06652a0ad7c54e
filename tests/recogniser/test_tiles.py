"""Large pictures are searched in tiles, so that small posts in them are seen."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from generator.identify.bundle import _seeing
from generator.recogniser.detector import AREA, Detector
from generator.recogniser.tiles import DOWN, LARGE, MOST, tiles
from tests.recogniser.test_detector import a_street, overlap, with_margin

sides = st.integers(200, 6000)


@pytest.mark.parametrize(
    ("size", "post"),
    [
        # A screenshot of a game, a telephone's photo, and a panorama.
        ((1920, 1080), (1400, 560, 1405, 586)),
        ((4000, 3000), (900, 1600, 911, 1680)),
        ((6000, 1500), (5100, 800, 5107, 842)),
    ],
)
def test_a_post_that_is_small_in_a_large_picture_is_found(
    size: tuple[int, int], post: tuple[int, int, int, int]
) -> None:
    first = Detector().detect(a_street(size, post))[0]

    assert overlap(first.box, with_margin(post)) > 0.5
    assert first.confidence > 0.6


def test_a_close_photo_as_large_as_a_site_has_them_needs_no_tiles() -> None:
    assert tiles(636, 800, AREA) == []
    assert tiles(800, 512, AREA) == []


@given(width=sides, height=sides, across=st.floats(0, 1), down=st.floats(0, 1))
def test_some_tile_shows_a_small_post_whole_wherever_it_is(
    width: int, height: int, across: float, down: float
) -> None:
    parts = tiles(width, height, AREA)
    assume(parts)
    first = parts[0]
    high = (first.bottom - first.top) * DOWN * 0.9
    wide = high / 5
    left, top = across * (width - wide), down * (height - high)
    box = (left, top, left + wide, top + high)

    assert len(parts) <= MOST
    assert any(
        tile.left <= left and tile.top <= top and left + wide <= tile.right
        and top + high <= tile.bottom and tile.shows_whole(box, (width, height), 0)
        for tile in parts
    )  # fmt: skip


def test_the_browser_has_the_same_tiles(tmp_path: Path) -> None:
    sizes = [
        (width, height)
        for width in (500, 720, 1080, 1601, 3000, 8191, 20_000)
        for height in (30, 480, 721, 1080, 2999, 8192)
    ]
    scripts = Path(__file__).parents[2] / "static" / "js"
    for name in ("tiles.js", "sight.js", "resample.js"):
        shutil.copyfile(scripts / name, tmp_path / name)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "asked.json").write_text(json.dumps([sizes, _seeing(Detector())]))
    (tmp_path / "run.js").write_text(
        """import { readFileSync } from "node:fs";
import { tilesOf } from "./tiles.js";
const [sizes, detector] = JSON.parse(readFileSync("asked.json"));
console.log(JSON.stringify(sizes.map(([width, height]) => tilesOf({ width, height }, detector))));
"""
    )
    node = Path(sys.executable).with_name("node")
    result = subprocess.run(
        [str(node), "run.js"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert json.loads(result.stdout) == [
        [
            {"left": one.left, "top": one.top, "right": one.right, "bottom": one.bottom}
            for one in tiles(*size, AREA)
        ]
        for size in sizes
    ]
    assert sum(width * height > LARGE for width, height in sizes) > 20
