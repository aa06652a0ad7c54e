"""Going from page to page by keys and by swiping, and links to folded content."""

import re
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.browser

SWIPE = """([fromX, fromY, toX, toY]) => {
  const target = document.querySelector("h1");
  const finger = (x, y) => new Touch({identifier: 1, target, clientX: x, clientY: y});
  const fire = (type, x, y) => target.dispatchEvent(new TouchEvent(type, {
    bubbles: true, touches: type === "touchend" ? [] : [finger(x, y)],
    changedTouches: [finger(x, y)]}));
  fire("touchstart", fromX, fromY);
  fire("touchend", toX, toY);
}"""


def test_a_swipe_leads_to_the_next_type_and_back(
    browser: Browser, address: str, catalogue: dict[str, Any]
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, service_workers="block"
    )
    page = context.new_page()
    first, second = catalogue["types"][:2]
    page.goto(urljoin(address, f"types/{first['id']}/"))
    page.evaluate(SWIPE, [300, 300, 120, 310])
    expect(page.get_by_role("heading", level=1)).to_have_text(second["name"])
    # The heading is there before the script is.
    page.wait_for_load_state()
    page.evaluate(SWIPE, [100, 300, 280, 310])
    expect(page.get_by_role("heading", level=1)).to_have_text(first["name"])
    context.close()


@pytest.mark.parametrize("way", [[300, 300, 290, 700], [300, 300, 260, 300]])
def test_scrolling_and_tapping_do_not_change_the_page(
    page: Page, address: str, catalogue: dict[str, Any], way: list[int]
) -> None:
    first = catalogue["types"][0]
    page.goto(urljoin(address, f"types/{first['id']}/"))
    page.evaluate(
        """() => document.addEventListener("click", (event) => {
          window.followed = true;
          event.preventDefault();
        }, true)"""
    )

    # A swipe follows a link at once, or not at all.
    page.evaluate(SWIPE, way)
    assert not page.evaluate("window.followed")


def test_arrow_keys_step_through_the_photos_of_a_type(page: Page, address: str) -> None:
    page.goto(address)
    page.goto(urljoin(address, page.locator('a[href*="types/"]').first.get_attribute("href") or ""))
    order = [link.get_attribute("href") for link in page.locator(".places a.thumb").all()]
    page.locator(".places a.thumb").first.click()
    page.wait_for_url("**/photos/**")
    page.wait_for_load_state()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".previous-next")).to_contain_text("2 of")
    expect(page).to_have_url(re.compile(re.escape((order[1] or "").replace("../", ""))))
    page.wait_for_load_state()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".previous-next")).to_contain_text("1 of")


def test_a_link_to_folded_content_unfolds_it(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    page.goto(urljoin(address, f"types/{catalogue['types'][0]['id']}/"))
    # What is folded on a page of this small collection is put there.
    page.evaluate(
        """() => {
          const section = document.querySelector(".place");
          const details = document.createElement("details");
          details.append(document.createElement("p"));
          section.append(details);
        }"""
    )
    anchor = page.locator(".place").first.get_attribute("id")
    page.locator(f'.jump[href="#{anchor}"]').click()
    expect(page.locator(".place details").first).to_have_attribute("open", "")


@pytest.mark.parametrize("scripts", [True, False])
def test_one_map_is_drawn_with_and_without_scripts(
    browser: Browser, address: str, catalogue: dict[str, Any], scripts: bool
) -> None:
    context = browser.new_context(java_script_enabled=scripts, service_workers="block")
    page = context.new_page()
    page.goto(urljoin(address, f"types/{catalogue['types'][0]['id']}/"))
    drawn = page.get_by_role("img", name="Map of the countries where it is found")
    drawn.scroll_into_view_if_needed()
    expect(drawn).to_be_visible()
    assert drawn.locator("use.lit, circle.lit").count()
    expect(page.locator(".map.scripted:visible")).to_have_count(0)
    context.close()


def test_the_outlines_of_the_world_load_after_the_photos(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_request("**/assets/world.*.svg"):
        page.goto(urljoin(address, f"types/{catalogue['types'][0]['id']}/"))
    first = page.locator("main img[fetchpriority=high]").evaluate("image => image.currentSrc")
    world = next(url for url in asked if "/assets/world." in url)
    assert asked.index(first) < asked.index(world)
    assert page.evaluate("document.querySelector('main img[fetchpriority=high]').complete")


@pytest.mark.parametrize("size", [(360, 740), (768, 1024), (1440, 600)])
def test_the_space_of_a_photo_is_reserved_before_it_loads(
    browser: Browser, address: str, catalogue: dict[str, Any], size: tuple[int, int]
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, service_workers="block"
    )
    page = context.new_page()
    held: list[Route] = []
    page.route("**/pictures/**", lambda route: held.append(route))
    place = urljoin(address, f"photos/{catalogue['photos'][0]['id']}/")
    page.goto(place, wait_until="domcontentloaded")
    photo = page.locator(".mounted img")
    before = photo.bounding_box()
    assert photo.evaluate("image => image.naturalWidth") == 0

    for route in held:
        route.continue_()
    expect(photo).to_have_js_property("complete", True)
    after = photo.bounding_box()

    assert photo.evaluate("image => image.naturalWidth") > 0
    assert before is not None and after is not None
    assert before == pytest.approx(after, abs=1.5)
    context.close()


@pytest.mark.parametrize("kind", ["types", "countries"])
def test_a_type_and_a_country_print_on_one_page_without_buttons(
    page: Page, address: str, catalogue: dict[str, Any], kind: str
) -> None:
    # The one with the most pictures is the longest.
    by = {"types": "bollards", "countries": "photos"}[kind]
    longest = max(catalogue[kind], key=lambda one: str(one[by]).zfill(4))
    page.goto(urljoin(address, f"{kind}/{(longest.get('id') or longest['code']).lower()}/"))
    page.emulate_media(media="print")
    expect(page.locator("main .button:visible")).to_have_count(0)
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1
