"""Filters, search and drawings by the owner's own attributes, of manhole covers."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.finding import shown
from tests.browser.hosts import hosted
from tests.covers.built import built_covers

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def covers_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with hosted(built_covers(tmp_path_factory) / "public") as host:
        yield host


def test_the_owners_attributes_filter_types_and_are_kept_in_the_address(
    page: Page, covers_address: str
) -> None:
    page.goto(covers_address)
    expect(shown(page)).to_have_count(4)

    page.locator('#filters input[data-group="shape"][value="square"]').check(force=True)
    expect(page.locator("#matches .name")).to_have_text(
        ["Square, iron, grid", "Square, brass, waffle"], use_inner_text=True
    )
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == {"shape": ["square"]})

    page.locator('#filters input[data-group="metal"][value="brass"]').check(force=True)
    expect(page.locator("#matches .name")).to_have_text(["Square, brass, waffle"])
    page.reload()
    expect(page.locator("#matches .name")).to_have_text(["Square, brass, waffle"])


@pytest.mark.parametrize(
    ("folder", "query", "names"),
    [
        ("", "golden", ["Square, brass, waffle"]),
        ("", "disc", ["Round, iron, rays", "Round, iron, dots"]),
        ("", "iron square", ["Square, iron, grid"]),
        ("de/", "messing", ["Quadratisch, Messing, waffle"]),
        ("de/", "kreisrund rays", ["Rund, Eisen, rays"]),
        ("fr/", "carrée golden", ["Carrée, brass, waffle"]),
    ],
)
def test_the_owners_words_are_searched_in_each_language(
    page: Page, covers_address: str, folder: str, query: str, names: list[str]
) -> None:
    page.goto(covers_address + folder)
    page.locator("#find").fill(query)

    expect(page.locator("#matches .name")).to_have_count(len(names))
    assert set(page.locator("#matches .name").all_inner_texts()) == set(names)


def test_a_types_page_shows_its_attributes_and_the_owners_colour(
    page: Page, covers_address: str
) -> None:
    page.goto(f"{covers_address}types/square-brass-waffle/")

    marks = page.locator("dl.marks")
    expect(marks).to_contain_text("Metal")
    expect(marks.locator("svg.swatch path")).to_have_attribute("fill", "#b08a3c")


def test_a_card_has_the_owners_drawing_in_the_owners_colour(
    page: Page, covers_address: str
) -> None:
    page.goto(covers_address)

    card = page.locator(".type-card", has_text="Square, brass, waffle")
    source = card.locator("img.pictogram").get_attribute("src")
    assert source
    drawing = page.request.get(covers_address + source).text()
    assert 'd="M6 6h88v88H6z" fill="currentColor"' in drawing
    assert 'color="#b08a3c"' in drawing
