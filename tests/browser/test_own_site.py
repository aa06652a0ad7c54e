"""An own site in a browser: its theme is seen, readable, and asks nothing of other hosts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from generator.build import build
from generator.progress import Progress
from generator.resources import FONTS
from tests.browser.axe import violations
from tests.browser.hosts import hosted
from tests.own.test_own_build import ICON, write
from tests.own.theme import theme_in_ten_lines
from tests.sites import ProjectAt

PAGE = """---
title: Visit us
description: When we are open.
menu: 2
---
See [all types](/).

## Hours

| day | hours |
| --- | --- |
| Sunday | 10 to 12 |

![The plan of the garden](/plan.svg)
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, project_at: ProjectAt) -> Iterator[str]:
    """The address of a site with the theme of the guide, a page, a logo and a font."""
    project = project_at(tmp_path_factory.mktemp("own") / "site")
    theme = theme_in_ten_lines()
    settings = '[site]\nlogo = "logo.svg"\n' + theme["site.toml"] + 'font = "fonts/mine.ttf"\n'
    font = next(FONTS.glob("*.ttf")).read_bytes()
    write(project, {**theme, "site.toml": settings, "fonts/mine.ttf": font})
    write(project, {"pages/visit.md": PAGE, "static/plan.svg": ICON, "logo.svg": ICON})
    build(project, Progress(quiet=True))
    with hosted(project.public) as address:
        yield address


def test_a_page_of_the_owner_is_one_step_from_the_home_page_and_accessible(
    page: Page, own: str
) -> None:
    page.goto(own)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Visit us").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Visit us")
    expect(page.get_by_role("img", name="The plan of the garden")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert violations(page) == []


def test_the_search_finds_the_words_of_own_pages(page: Page, own: str) -> None:
    page.goto(own)
    page.get_by_role("searchbox").fill("sunday")
    found = page.locator("#texts li")
    expect(found).to_have_count(1)
    expect(found.locator("mark")).to_have_text("Sunday")
    expect(page.locator("#status")).to_have_text("Found only in pages and notes.")
    expect(page.locator("#nothing")).to_be_hidden()
    assert violations(page) == []

    found.get_by_role("link", name="Visit us").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Visit us")


@pytest.mark.parametrize(
    ("scheme", "paper"), [("light", "rgb(244, 239, 228)"), ("dark", "rgb(18, 32, 28)")]
)
def test_colours_are_those_of_the_theme_and_readable(
    page: Page, own: str, scheme: str, paper: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(own)

    expect(page.locator("body")).to_have_css("background-color", paper)
    expect(page.get_by_text("The garden is closed on 1 May.")).to_be_visible()
    assert violations(page, "color-contrast") == []


def test_the_font_is_loaded_from_the_site_and_nothing_from_elsewhere(page: Page, own: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(own)

    page.wait_for_function("() => document.fonts.check('16px \"Own text\"')")
    assert any("/assets/fonts/text." in url for url in asked)
    assert [url for url in asked if not url.startswith(own)] == []


def test_an_own_page_fits_a_narrow_screen(page: Page, own: str) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{own}visit/")

    page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")
