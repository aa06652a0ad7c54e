"""The world's outlines: every country has its position, and the file stays small."""

import gzip
import math
import re
from pathlib import Path

import pycountry
import pytest

from generator.render.world import WIDTH, World, equal_earth, load_world, simplified
from generator.resources import WORLD


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(WORLD)


def test_every_country_and_territory_of_iso_3166_and_kosovo_has_a_position(world: World) -> None:
    codes = {country.alpha_2 for country in pycountry.countries} | {"XK"}
    assert set(world.places) == codes


def test_each_drawn_country_has_its_code_as_id(world: World) -> None:
    ids = re.findall(r'id="([A-Z]{2})"', world.svg)
    assert len(ids) == len(set(ids))
    assert set(ids) == world.drawn
    assert {"DE", "FR", "GF", "RE", "SJ", "XK", "AQ", "MT", "FO"} <= world.drawn


def test_the_drawing_is_small_enough_to_be_in_every_page(world: World) -> None:
    assert len(gzip.compress(world.svg.encode(), 9)) <= 25_000


@pytest.mark.parametrize(
    ("code", "west", "south", "east", "north"),
    [
        ("DE", 5, 47, 16, 56),
        ("FR", -5, 41, 10, 52),
        ("GF", -55, 2, -51, 6),
        ("NO", 4, 57, 32, 72),
        ("SJ", -9, 70, 34, 81),
        ("CX", 105, -11, 106, -10),
        ("GI", -6, 35, -5, 37),
        ("NZ", 166, -48, 179, -34),
    ],
)
def test_countries_are_at_their_positions(
    world: World, code: str, west: float, south: float, east: float, north: float
) -> None:
    place = world.places[code]
    corners = [equal_earth(latitude, x) for latitude in (south, north) for x in (west, east)]
    assert min(x for x, _ in corners) <= place.x <= max(x for x, _ in corners)
    assert min(y for _, y in corners) <= place.y <= max(y for _, y in corners)


def test_no_outline_runs_across_the_whole_map(world: World) -> None:
    for code, path in re.findall(r'<path (?:id="(..)" )?[^>]* d="([^"]+)"', world.svg):
        # Antarctica's outline is led along the pole, which the map draws as a line.
        limit = WIDTH if code == "AQ" else WIDTH // 4
        for ring in path.removesuffix("z").split("z"):
            steps = [int(number) for number in re.findall(r"-?\d+", ring)][2:]
            assert all(abs(step) < limit for step in steps[::2]), code


def test_the_projection_keeps_areas_in_proportion() -> None:
    def area(south: float, north: float) -> float:
        """Of a strip one degree wide, by its trapezia."""
        total, step = 0.0, 0.01
        count = round((north - south) / step)
        for number in range(count):
            low = south + number * step
            (x0, y0), (x1, _) = equal_earth(low, 11), equal_earth(low, 12)
            _, y1 = equal_earth(low + step, 11)
            total += (x1 - x0) * (y0 - y1)
        return total

    for south, north in ((0, 10), (40, 50), (70, 80)):
        sphere = math.sin(math.radians(north)) - math.sin(math.radians(south))
        assert area(south, north) / sphere == pytest.approx(area(0, 30) / 0.5, rel=2e-3)


def test_the_least_important_corner_goes_first_and_both_ends_stay() -> None:
    line = [(0, 0), (5, 1), (10, 0), (10, 10), (20, 10)]
    assert simplified(line, 6) == [(0, 0), (10, 0), (10, 10), (20, 10)]
    assert simplified(line, 1e9) == [(0, 0), (20, 10)]
    assert simplified(line, 0) == line


def test_a_small_island_stays_visible() -> None:
    ring = [(0, 0), (1, 0), (2, 1), (1, 2), (0, 2), (0, 0)]
    assert len(simplified(ring, 1e9)) >= 4


def test_a_drawing_is_kept_and_a_broken_copy_is_drawn_again(tmp_path: Path, world: World) -> None:
    assert load_world(WORLD, tmp_path) == world
    kept = next(tmp_path.glob("*.json"))
    assert load_world(WORLD, tmp_path) == world
    drawn = kept.read_bytes()
    kept.write_bytes(drawn.replace(b"1", b"2", 1))
    assert load_world(WORLD, tmp_path) == world
    assert kept.read_bytes() == drawn


def test_borders_are_those_on_land_and_hold_in_both_directions(world: World) -> None:
    assert world.borders["PT"] == ("ES",)
    assert world.borders["SI"] == ("AT", "HR", "HU", "IT")
    assert world.borders["GF"] == ("BR", "SR")
    assert "IS" not in world.borders and "AU" not in world.borders
    pairs = {(one, other) for one, others in world.borders.items() for other in others}
    assert pairs == {(other, one) for one, other in pairs}
    # The world has about 320 land borders, those of territories included.
    assert 300 <= len(pairs) / 2 <= 330
