"""The review page by mouse and touch, and what assistive technology finds on it."""

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.project import Project
from tests.browser.axe import violations
from tests.browser.reviewing import curated, leave_a_doubt, shown_type, until_saved

pytestmark = pytest.mark.browser


def test_a_bollard_is_dragged_onto_a_type(built_project: Project, desk: Page) -> None:
    card = desk.locator("#bench .bollard").first
    bollard = card.get_attribute("data-bollard")
    here = shown_type(desk)
    box = card.locator(".photo").first.bounding_box()
    assert box

    desk.mouse.move(box["x"] + 40, box["y"] + 40)
    desk.mouse.down()
    desk.mouse.move(box["x"] + 60, box["y"] + 60, steps=4)
    expect(desk.locator('[data-tab="types"]')).to_have_attribute("aria-selected", "true")
    target = desk.locator(f'#list [data-drop]:not([data-drop="{here}"])').first
    goal = target.get_attribute("data-drop")
    place = target.bounding_box()
    assert place
    desk.mouse.move(place["x"] + 30, place["y"] + 20, steps=6)
    desk.mouse.up()

    until_saved(
        desk,
        lambda: (
            [one["type"] for one in curated(built_project).get("bollards", {}).values()] == [goal]
        ),
    )
    expect(desk.locator('[data-tab="review"]')).to_have_attribute("aria-selected", "true")
    expect(desk.locator(f'#bench [data-bollard="{bollard}"]')).to_have_count(0)


def test_a_bollard_is_dragged_by_touch_after_a_moment(
    built_project: Project, review: str, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 768, "height": 1024}, has_touch=True)
    page = context.new_page()
    page.goto(review)
    page.wait_for_selector("#bench .bollard")
    page.tap('[data-tab="types"]')
    finger = context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    here = shown_type(page)
    target = page.locator(f'#list [data-drop]:not([data-drop="{here}"])').first
    photo, place = page.locator("#bench .photo").first.bounding_box(), target.bounding_box()
    assert photo
    assert place
    touch("touchStart", (photo["x"] + 30, photo["y"] + 30))
    expect(page.locator(".ghost")).to_have_count(1)
    touch("touchMove", (place["x"] + 60, place["y"] + 40))
    touch("touchMove", (place["x"] + 60, place["y"] + 20))
    touch("touchEnd")

    goal = target.get_attribute("data-drop")
    until_saved(
        page,
        lambda: (
            [one["type"] for one in curated(built_project).get("bollards", {}).values()] == [goal]
        ),
    )
    context.close()


def test_photos_are_selected_with_the_mouse_and_split_off(
    built_project: Project, desk: Page
) -> None:
    origin = shown_type(desk)
    desk.locator("#bench .bollard").first.locator(".photo").first.click()

    desk.locator("#tools").get_by_role("button", name="Split off").click()
    desk.keyboard.type("The odd one")
    desk.keyboard.press("Enter")

    until_saved(desk, lambda: "the-odd-one" in curated(built_project).get("types", {}))
    assert curated(built_project)["types"]["the-odd-one"]["split_from"] == origin
    desk.locator('[data-tab="types"]').click()
    expect(desk.locator("#list")).to_contain_text("The odd one")


def test_on_a_phone_one_names_a_type_by_touch_and_sees_the_next_one(
    built_project: Project, review: str, browser: Browser
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(review)
    page.wait_for_selector("#bench .bollard")
    here = shown_type(page)
    field, save = page.locator("#name").bounding_box(), page.locator("#save-name").bounding_box()
    assert field
    assert save
    assert field["width"] > 300
    assert save["x"] + save["width"] <= 360
    page.evaluate("scrollTo(0, document.body.scrollHeight)")

    page.tap("#save-name")

    until_saved(page, lambda: here in curated(built_project).get("types", {}))
    expect(page.locator("#name")).to_be_in_viewport()
    assert shown_type(page) != here
    context.close()


@pytest.mark.parametrize("width", [1440, 768, 360])
def test_the_page_is_accessible(review: str, browser: Browser, width: int) -> None:
    leave_a_doubt(review)
    context = browser.new_context(
        viewport={"width": width, "height": 1000}, color_scheme="light", bypass_csp=True
    )
    page = context.new_page()
    page.goto(review)
    page.wait_for_selector("#bench .bollard")

    def wrong() -> list[str]:
        page.emulate_media(color_scheme="dark")
        dark = violations(page, "color-contrast")
        page.emulate_media(color_scheme="light")
        return dark + violations(page)

    assert wrong() == []
    page.locator('#list [data-entry^="doubtful:"], #list [data-entry^="split:"]').first.click()
    page.locator("#bench .photo").first.click()
    assert wrong() == []
    page.keyboard.press("m")
    expect(page.locator("#picker")).to_be_visible()
    assert wrong() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
