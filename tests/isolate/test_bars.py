"""Plain bars at the edges of screenshots are cut off, and nothing else is."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from generator.catalogue import Box
from generator.isolate.bars import without_bars
from generator.training.scenes import random_design, random_surroundings, render_scene

Bars = tuple[int, int, int, int]


def street(seed: int = 1, size: tuple[int, int] = (640, 480)) -> Image.Image:
    rng = np.random.default_rng(seed)
    around = random_surroundings(rng)
    return render_scene(random_design(rng), rng, size=size, surroundings=around).image


def as_jpeg(picture: Image.Image, quality: int = 85) -> Image.Image:
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=quality)
    return Image.open(content).convert("RGB")


@pytest.mark.parametrize("colour", ["black", "white", "#2b2f36"])
@pytest.mark.parametrize(
    "bars", [(0, 60, 0, 60), (90, 0, 90, 0), (0, 40, 0, 0), (0, 0, 0, 30), (70, 0, 0, 40)]
)
def test_bars_are_cut_off_and_the_picture_stays(bars: Bars, colour: str) -> None:
    picture = street()
    screenshot = as_jpeg(ImageOps.expand(picture, bars, colour))

    found = without_bars(screenshot)

    left, top, _, _ = bars
    expected = Box(left, top, left + picture.width, top + picture.height)
    assert found is not None
    for side in ("left", "top", "right", "bottom"):
        assert abs(getattr(found, side) - getattr(expected, side)) <= 4


def test_bars_of_a_large_screenshot_are_found_to_a_few_pixels() -> None:
    screenshot = as_jpeg(ImageOps.expand(street(size=(1600, 900)), (0, 150, 0, 0), "black"))

    assert without_bars(screenshot) == Box(0, pytest.approx(150, abs=6), 1600, 1050)


@pytest.mark.parametrize("seed", range(8))
def test_a_picture_without_bars_stays_whole(seed: int) -> None:
    assert without_bars(as_jpeg(street(seed))) is None


def test_a_flat_picture_and_a_thick_flat_edge_stay_whole() -> None:
    assert without_bars(Image.new("RGB", (300, 300), "black")) is None
    assert without_bars(ImageOps.expand(street(), (0, 300, 0, 0), "white")) is None


def test_a_sky_that_fades_is_no_bar() -> None:
    fading = np.linspace(200, 235, 80)[:, None, None].repeat(640, 1).repeat(3, 2)
    sky = Image.fromarray(fading.astype(np.uint8))
    picture = Image.new("RGB", (640, 560))
    picture.paste(sky, (0, 0))
    picture.paste(street(), (0, 80))

    assert without_bars(picture) is None
