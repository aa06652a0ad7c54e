"""The world map: by keyboard, by touch, by address, and without JavaScript."""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


def heading(page: Page) -> Any:
    return page.locator("#chosen")


def test_choosing_a_country_shows_its_types_and_changes_the_address(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    page.goto(urljoin(address, "map/"))
    expect(heading(page)).to_have_text("Choose a type")

    middle = page.locator('#world a[data-code="FR"] circle').bounding_box()
    assert middle is not None
    page.mouse.click(middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2)
    expect(heading(page)).to_contain_text("France")
    expect(page).to_have_url(re.compile(r"\?country=FR$"))
    types = next(c for c in catalogue["countries"] if c["code"] == "FR")["types"]
    expect(page.locator("#panel .cards .card")).to_have_count(len(types))

    page.go_back()
    expect(heading(page)).to_have_text("Choose a type")


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
    expect(heading(page)).to_have_text("Choose a type")


def test_a_tap_beside_a_tiny_territory_selects_it(browser: Browser, address: str) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, service_workers="block"
    )
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
    expect(page).to_have_url(re.compile(r"\?region=EU$"))
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
    expect(page.locator("#types output")).to_have_text("No matches")


def test_a_type_is_found_by_its_looks_as_on_the_home_page(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("searchbox").fill("red and wihte stripes")
    expect(page.locator("#matches .name").first).to_have_text(re.compile(r"\w"))
    best = page.locator("#matches .name").first.text_content() or ""
    page.goto(urljoin(address, "map/"))
    page.get_by_role("searchbox").fill("red and wihte stripes")
    expect(page.locator("#types .picks .name").first).to_have_text(best)
    page.get_by_role("searchbox").fill("Côte d'Ivoire")
    expect(page.locator("#types output")).to_have_text(
        "There are no photos from Côte d’Ivoire here."
    )
    expect(page.locator("#types .picks li")).to_have_count(0)


def test_an_old_link_to_a_type_that_is_gone_is_explained(page: Page, address: str) -> None:
    page.goto(urljoin(address, "map/?type=gone"))
    expect(page.locator("#lost")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_visible()


def test_every_country_on_the_map_and_below_it_is_a_link_without_javascript(
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


def shown(page: Page) -> tuple[float, float, float, float]:
    """The part of the map in sight, in its own units: left, top, width, height."""
    box = page.locator("#world").get_attribute("viewBox") or ""
    left, top, width, height = map(float, box.split())
    return left, top, width, height


def wait_until(page: Page, happened: Callable[[], bool]) -> None:
    """Wait for a state that no element shows."""
    late = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < late, "it has not happened"
        page.wait_for_timeout(50)


def opened(page: Page, address: str, asked: str = "") -> dict[str, float]:
    """Open the map without animations; returns its position on the screen."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(urljoin(address, f"map/{asked}"))
    expect(page.locator("#panel")).to_be_visible()
    box = page.locator("#world").bounding_box()
    assert box is not None
    return dict(box)


def test_the_wheel_with_ctrl_zooms_around_the_pointer_and_without_it_scrolls_the_page(
    page: Page, address: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    box = opened(page, address)
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 100)
    before = shown(page)

    page.mouse.wheel(0, 120)
    wait_until(page, lambda: page.evaluate("scrollY") > 0)
    assert shown(page) == before
    page.evaluate("scrollTo(0, 0)")

    page.keyboard.down("Control")
    page.mouse.wheel(0, -120)
    page.keyboard.up("Control")
    wait_until(page, lambda: shown(page)[2] < 0.9 * before[2])
    after = shown(page)
    # What was under the pointer still is.
    point = before[0] + 0.25 * before[2]
    assert abs(after[0] + 0.25 * after[2] - point) < 2


def test_a_drag_moves_the_map_chooses_no_country_and_can_be_shared(
    page: Page, address: str, browser: Browser
) -> None:
    box = opened(page, address, "?region=EU")
    before = shown(page)
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 120, middle[1] + 30, steps=6)
    page.mouse.up()
    after = shown(page)
    assert abs((before[0] - after[0]) - 120 * before[2] / box["width"]) < 3
    expect(heading(page)).to_have_text("Choose a type")
    expect(page.get_by_role("button", name="Europe")).to_have_attribute("aria-pressed", "false")
    expect(page).to_have_url(re.compile(r"map/#at=-?\d+,-?\d+,\d+$"))

    other = browser.new_page(viewport={"width": 1280, "height": 900}, service_workers="block")
    other.goto(page.url)
    expect(other.locator("#panel")).to_be_visible()
    assert all(abs(one - two) < 3 for one, two in zip(shown(other), after, strict=True))
    other.close()


def test_choosing_a_country_on_a_zoomed_map_keeps_the_zoomed_part_in_sight(
    page: Page, address: str
) -> None:
    opened(page, address, "?region=EU")
    page.get_by_role("button", name="Zoom in").click()
    before = shown(page)
    dot = page.locator('#world a[data-code="FR"] circle').bounding_box()
    assert dot is not None
    page.mouse.click(dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)
    expect(heading(page)).to_contain_text("France")
    assert all(abs(one - two) < 1 for one, two in zip(shown(page), before, strict=True))
    page.locator("#panel .cards a").first.click()
    expect(page).to_have_url(re.compile(r"\?type=[^#]+$"))


def test_keys_and_buttons_zoom_within_the_limits_of_the_picture(page: Page, address: str) -> None:
    opened(page, address)
    whole = shown(page)
    out = page.get_by_role("button", name="Zoom out")
    expect(out).to_be_disabled()
    page.locator('#world a[tabindex="0"]').focus()
    page.keyboard.press("+")
    assert shown(page)[2] < whole[2]
    expect(out).to_be_enabled()
    page.keyboard.press("-")
    assert shown(page) == whole
    nearer = page.get_by_role("button", name="Zoom in")
    for _ in range(9):
        if nearer.is_enabled():
            nearer.click()
    expect(nearer).to_be_disabled()
    assert 100 < shown(page)[2] < 500
    page.locator('#world a[tabindex="0"]').focus()
    page.keyboard.press("0")
    assert shown(page) == whole
    expect(page).to_have_url(urljoin(address, "map/"))


def test_the_keyboard_scrolls_a_country_into_sight(page: Page, address: str) -> None:
    opened(page, address, "?region=EU")
    page.locator("#by").focus()
    page.keyboard.press("Tab")
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(":focus")).to_have_attribute("data-code", "CA")
    left, top, width, height = shown(page)
    place = page.locator('#world a[data-code="CA"] circle')
    x, y = (float(place.get_attribute(name) or "nan") for name in ("cx", "cy"))
    assert left < x < left + width and top < y < top + height


# Whether the page stays where a script puts it, for a dozen frames.
RESTING = """async () => {
  scrollTo(0, 0);
  for (let i = 0; i < 12; i++) {
    await new Promise(requestAnimationFrame);
    if (scrollY) return false;
  }
  return true;
}"""


def test_two_fingers_zoom_and_one_scrolls_the_page_until_the_map_is_larger_than_its_window(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, service_workers="block"
    )
    page = context.new_page()
    box = opened(page, address)
    hand = context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(*fingers: tuple[float, float, float, float]) -> None:
        """Fingers that touch at `x, y` and move by `dx, dy`."""
        for step in range(11):
            points = [
                {"x": left + dx * step / 10, "y": top + dy * step / 10, "id": number}
                for number, (left, top, dx, dy) in enumerate(fingers)
            ]
            kind = "touchMove" if step else "touchStart"
            hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
            page.evaluate("() => new Promise(requestAnimationFrame)")
        hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    whole = shown(page)
    drag((x, y, 0, -90))
    wait_until(page, lambda: page.evaluate("scrollY") > 0)
    assert shown(page) == whole
    # What a finger threw scrolls on for a while.
    wait_until(page, lambda: page.evaluate(RESTING))

    drag((x - 20, y, -60, 0), (x + 20, y, 60, 0))
    wait_until(page, lambda: whole[2] / shown(page)[2] > 3)
    near = shown(page)
    assert 3 < whole[2] / near[2] < 5
    assert page.evaluate("[scrollY, visualViewport.scale]") == [0, 1]

    drag((x, y, 0, -60))
    wait_until(page, lambda: shown(page)[1] > near[1])
    assert page.evaluate("scrollY") == 0
    context.close()
