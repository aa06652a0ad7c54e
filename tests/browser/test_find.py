"""Finding by looks in a real browser: filters and the key, by mouse, keyboard and touch."""

import re
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.finding import names, shown

pytestmark = pytest.mark.browser

GROUPS = ("form", "body", "pattern", "accent", "reflector")


def box(page: Page, group: str, value: str) -> Locator:
    return page.locator(f'#filters input[data-group="{group}"][value="{value}"]')


def parting(types: list[dict[str, Any]]) -> tuple[str, str]:
    """A group and a value that some types have for certain and others have not."""
    for group in GROUPS:
        counts = Counter(kind["attributes"].get(group) for kind in types)
        for value, count in counts.items():
            if value is not None and count < len(types) and len(counts) > 1:
                return group, value
    pytest.fail("The drawn types all look the same.")


def test_a_filter_narrows_the_cards_is_kept_in_the_address_and_can_be_removed(
    page: Page, address: str, types: list[dict[str, Any]]
) -> None:
    group, value = parting(types)
    having = [kind for kind in types if kind["attributes"].get(group) == value]
    page.goto(address)
    expect(shown(page)).to_have_count(len(types))

    box(page, group, value).check(force=True)
    expect(shown(page)).to_have_count(len(having))
    expect(page.locator("#matches .name")).to_have_text([kind["name"] for kind in having])
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == {group: [value]})
    expect(page.get_by_role("status")).to_contain_text(f"{len(having)} of {len(types)}")

    page.go_back()
    expect(shown(page)).to_have_count(len(types))
    expect(box(page, group, value)).not_to_be_checked()
    page.go_forward()
    expect(shown(page)).to_have_count(len(having))
    expect(box(page, group, value)).to_be_checked()


def test_an_address_with_filters_and_words_restores_the_view(
    page: Page, address: str, types: list[dict[str, Any]]
) -> None:
    group, value = parting(types)
    page.goto(f"{address}?q=germany&{group}={value}")
    expect(box(page, group, value)).to_be_checked()
    expect(page.get_by_role("searchbox")).to_have_value("germany")
    expected = [
        kind["name"]
        for kind in types
        if kind["attributes"].get(group) == value and any(c == "DE" for c, _ in kind["countries"])
    ]
    expect(shown(page)).to_have_count(len(expected))
    assert sorted(names(page)) == sorted(expected)


def test_each_active_filter_is_shown_and_removed_by_itself(
    page: Page, address: str, types: list[dict[str, Any]]
) -> None:
    group, value = parting(types)
    page.goto(f"{address}?{group}={value}&continent=EU")
    chips = page.locator("#active button")
    expect(chips).to_have_count(2)

    chips.first.click()
    expect(chips).to_have_count(1)
    expect(box(page, group, value)).not_to_be_checked()
    expect(box(page, "continent", "EU")).to_be_checked()

    page.get_by_role("button", name="Clear all").click()
    expect(chips).to_have_count(0)
    expect(shown(page)).to_have_count(len(types))
    page.wait_for_url(lambda url: urlsplit(url).query == "")


def test_counts_show_the_results_of_each_further_choice(
    page: Page, address: str, types: list[dict[str, Any]]
) -> None:
    group, value = parting(types)
    page.goto(f"{address}?{group}={value}")
    expect(page.locator("#found")).to_be_visible()
    having = [kind for kind in types if kind["attributes"].get(group) == value]
    for other in GROUPS:
        # A choice in the same group would add to what is found, so that the group ignores itself.
        among = types if other == group else having
        counts = Counter(kind["attributes"].get(other) for kind in among)
        for option in page.locator(f'#filters label:has(input[data-group="{other}"])').all():
            wanted = option.locator("input").get_attribute("value")
            expect(option.locator(".count")).to_have_text(str(counts[wanted]))
            if not counts[wanted] and wanted != value:
                expect(option.locator("input")).to_be_disabled()


def test_types_with_unknown_attributes_are_offered_apart(
    page: Page, address: str, types: list[dict[str, Any]]
) -> None:
    group, value = parting(types)
    one = next(kind for kind in types if kind["attributes"].get(group) == value)

    def without_the_word(route: Route) -> None:
        answer = route.fetch()
        index = answer.json()
        for kind in index["types"]:
            if kind["id"] == one["id"]:
                del kind["attributes"][group]
        route.fulfill(response=answer, json=index)

    page.route("**/types.*.json", without_the_word)
    page.goto(f"{address}?{group}={value}")
    expect(page.locator("#perhaps .name").first).to_be_visible()
    assert one["name"] in page.locator("#perhaps .name").all_inner_texts()
    assert one["name"] not in names(page)


def test_the_region_filter_leads_to_the_types_of_that_region(
    page: Page, address: str, types: list[dict[str, Any]]
) -> None:
    having = [kind for kind in types if "CA-AB" in dict(kind.get("regions", []))]
    assert 0 < len(having) < len(types)
    page.goto(address)
    page.locator("#filters summary", has_text="Region").click()
    box(page, "region", "CA-AB").check(force=True)
    expect(shown(page)).to_have_count(len(having))
    expect(page).to_have_url(re.compile(r"region=CA-AB"))
    expect(page.locator("#active")).to_contain_text("Alberta")
    assert sorted(names(page)) == sorted(kind["name"] for kind in having)


def test_the_filters_work_by_keyboard_alone(
    page: Page, address: str, types: list[dict[str, Any]]
) -> None:
    page.goto(address)
    page.get_by_role("searchbox").focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#filters input')"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement.labels[0]).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Space")
    expect(page.locator("#active button")).to_have_count(1)
    assert page.evaluate("document.activeElement.matches('#filters input')")


def test_a_list_of_types_that_cannot_be_loaded_is_reported(browser: Browser, address: str) -> None:
    page = browser.new_page(service_workers="block")
    page.goto(address)
    page.context.route("**/types.*.json", lambda route: route.fulfill(status=503))
    page.get_by_role("searchbox").fill("white")
    expect(page.get_by_role("status")).to_contain_text("could not be loaded")
    page.context.unroute("**/types.*.json")
    page.get_by_role("searchbox").fill("white ")
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"\d+ of \d+"))
    page.close()


@pytest.mark.parametrize("width", [360, 768])
def test_on_a_narrow_screen_filters_open_in_a_panel_and_cards_are_on_the_first_screen(
    browser: Browser, address: str, types: list[dict[str, Any]], width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 740}, has_touch=True, service_workers="block"
    )
    page = context.new_page()
    page.goto(address)
    card = page.locator(".type-card").first.bounding_box()
    assert card is not None and card["y"] < 600
    expect(page.locator("#filters")).to_be_hidden()

    group, value = parting(types)
    page.get_by_role("button", name="Filters").tap()
    expect(page.locator("#filters")).to_be_visible()
    box(page, group, value).check(force=True)
    page.locator(".filters-foot button").tap()
    expect(page.locator("#filters")).to_be_hidden()
    having = [kind for kind in types if kind["attributes"].get(group) == value]
    expect(shown(page)).to_have_count(len(having))
    context.close()


@pytest.mark.parametrize("javascript", [True, False])
def test_three_questions_lead_to_the_cards_with_and_without_javascript(
    browser: Browser, address: str, types: list[dict[str, Any]], javascript: bool
) -> None:
    context = browser.new_context(java_script_enabled=javascript, service_workers="block")
    page = context.new_page()
    page.goto(address)
    reached: set[str] = set()
    waiting = [urljoin(address, "looks/")]
    seen = set(waiting)
    while waiting:
        page.goto(waiting.pop())
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        for link in page.locator(".answers a, main .type-card a").all():
            target = urljoin(page.url, link.get_attribute("href") or "")
            path = urlsplit(target).path
            if "/types/" in path:
                reached.add(path.rstrip("/").rpartition("/")[2])
            elif target not in seen:
                seen.add(target)
                waiting.append(target)
    assert reached == {kind["id"] for kind in types}
    context.close()


def test_nothing_moves_while_the_home_page_loads(page: Page, address: str) -> None:
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const one of list.getEntries())"
        " window.shift += one.value; }).observe({type: 'layout-shift', buffered: true})"
    )
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.mouse.move(640, 250)
    page.mouse.wheel(0, 600)
    page.wait_for_function(
        """() => scrollY > 0 && [...document.images].every((image) => {
          const { top, bottom } = image.getBoundingClientRect();
          return !image.checkVisibility() || bottom < 0 || top > innerHeight || image.complete;
        })"""
    )
    # A shift is told after the frame in which it was seen.
    frames = "async () => { for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame); }"
    page.evaluate(frames)
    assert page.evaluate("window.shift") < 0.01
