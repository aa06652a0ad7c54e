"""The world map: by keyboard, by finger, by address, and without JavaScript."""

import re
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


def heading(page: Page) -> Any:
    return page.locator("#chosen")


def test_picking_a_country_shows_its_types_and_the_address_says_so(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    page.goto(urljoin(address, "map/"))
    expect(heading(page)).to_have_text("Pick a type")

    middle = page.locator('#world a[data-code="FR"] circle').bounding_box()
    assert middle is not None
    page.mouse.click(middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2)
    expect(heading(page)).to_contain_text("France")
    assert page.url.endswith("?country=FR")
    types = next(c for c in catalogue["countries"] if c["code"] == "FR")["types"]
    expect(page.locator("#panel .plates .card")).to_have_count(len(types))

    page.go_back()
    expect(heading(page)).to_have_text("Pick a type")


def test_a_type_in_the_address_shows_its_countries(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    kind = catalogue["types"][0]
    page.goto(urljoin(address, f"map/?type={kind['id']}"))
    expect(heading(page)).to_have_text(kind["name"])
    rows = page.locator("#panel .shares li")
    expect(rows).to_have_count(len(kind["countries"]))
    here = {country["code"] for country in kind["countries"]}
    for mark in page.locator("#world a[data-code]").all():
        lit = mark.locator("circle").get_attribute("class") or ""
        assert ("lit-0" not in lit) == (mark.get_attribute("data-code") in here)


def test_the_keyboard_goes_from_country_to_country(page: Page, address: str) -> None:
    page.goto(urljoin(address, "map/"))
    expect(heading(page)).to_be_visible()
    page.locator("#by").focus()
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("data-code", re.compile("..$"))

    # Canada lies west of everything else of this collection.
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(":focus")).to_have_attribute("data-code", "CA")
    expect(page.locator("#caption")).to_contain_text("Canada")
    page.keyboard.press("ArrowRight")
    expect(page.locator(":focus")).not_to_have_attribute("data-code", "CA")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(heading(page)).to_contain_text("Canada")
    page.keyboard.press("Escape")
    expect(heading(page)).to_have_text("Pick a type")


def test_a_finger_beside_a_tiny_territory_finds_it(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto(urljoin(address, "map/?region=EU"))
    expect(heading(page)).to_be_visible()
    dot = page.locator('#world a[data-code="IM"] circle')
    box = dot.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2 + 5, box["y"] + box["height"] / 2 + 4)
    expect(heading(page)).to_contain_text("Isle of Man")
    context.close()


def test_a_continent_can_be_enlarged_and_dots_keep_their_size(page: Page, address: str) -> None:
    page.goto(urljoin(address, "map/"))
    expect(heading(page)).to_be_visible()
    dot = page.locator('#world a[data-code="IM"] circle')
    before = dot.bounding_box()
    page.get_by_role("button", name="Europe").click()
    assert page.url.endswith("?region=EU")
    after = dot.bounding_box()
    assert before is not None and after is not None
    assert 0.5 < after["width"] / before["width"] < 2
    europe = page.get_by_role("button", name="Europe")
    expect(europe).to_have_attribute("aria-pressed", "true")


def test_a_type_is_found_by_a_few_letters_and_the_enter_key(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    kind = catalogue["types"][-1]
    page.goto(urljoin(address, "map/"))
    page.get_by_role("searchbox").fill(kind["name"])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?type="))
    page.locator(".back a").click()
    page.get_by_role("searchbox").fill("no such bollard")
    expect(page.locator("#types output")).to_have_text("Nothing found")


def test_an_old_link_to_a_type_that_is_gone_is_told_plainly(page: Page, address: str) -> None:
    page.goto(urljoin(address, "map/?type=gone"))
    expect(page.locator("#lost")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_visible()


def test_without_javascript_every_country_on_the_map_and_below_it_is_a_link(
    browser: Browser, address: str, catalogue: dict[str, Any]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(urljoin(address, "map/"))
    codes = {country["code"] for country in catalogue["countries"] if country["code"]}
    for code in codes:
        mark = page.locator(f'#world a[data-code="{code}"]')
        expect(mark).to_have_attribute("href", f"../countries/{code.lower()}/")
        expect(page.locator(f'#list li[data-code="{code}"] a')).to_be_visible()
    expect(page.locator(".tools")).to_be_hidden()
    context.close()
