"""Icons are drawn once, and again only for another drawing or colour."""

from pathlib import Path

from generator.output import Output
from generator.render.manifest import write_icons

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>'


def test_icons_from_the_cache_are_those_that_are_drawn(tmp_path: Path) -> None:
    cache = tmp_path / "icons"
    drawn = write_icons(SQUARE, "#ffffff", Output(tmp_path / "drawn"))
    write_icons(SQUARE, "#ffffff", Output(tmp_path / "first"), cache)
    times = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}

    again = write_icons(SQUARE, "#ffffff", Output(tmp_path / "again"), cache)

    assert again == drawn
    assert {path.name: path.stat().st_mtime_ns for path in cache.iterdir()} == times
    for path in drawn.values():
        content = (tmp_path / "again" / path).read_bytes()
        assert content == (tmp_path / "drawn" / path).read_bytes()


def test_icons_of_another_colour_take_the_place_of_the_former_ones(tmp_path: Path) -> None:
    cache = tmp_path / "icons"
    first = write_icons(SQUARE, "#ffffff", Output(tmp_path / "one"), cache)
    count = len([*cache.iterdir()])

    second = write_icons(SQUARE, "#eeeeee", Output(tmp_path / "two"), cache)

    assert first["apple"] != second["apple"]
    assert len([*cache.iterdir()]) == count
