"""Finding by looks in a real browser: filters, search and the key, by mouse, keyboard and touch."""

import json
import re
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from generator.project import Project

pytestmark = pytest.mark.browser

GROUPS = ("form", "body", "pattern", "accent", "reflector")


@pytest.fixture(scope="module")
def types(built: Project) -> list[dict[str, Any]]:
    (path,) = (built.public / "assets").glob("types.*.json")
    loaded: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["types"]
    return loaded


def shown(page: Page) -> Locator:
    """The plates that are found for certain, or all when nothing is asked for."""
    return page.locator("#all:visible .plate, #matches:visible .plate")


def names(page: Page) -> list[str]:
    return page.locator("#matches .name").all_inner_texts()


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


def test_a_filter_narrows_the_plates_stands_in_the_address_and_is_taken_back(
    page: Page, address: str, types: list[dict[str, Any]]
) -> None:
    group, value = parting(types)
    having = [kind for kind in types if kind["attributes"].get(group) == value]
    page.goto(address)
    expect(shown(page)).to_have_count(len(types))

    box(page, group, value).check(force=True)
    expect(shown(page)).to_have_count(len(having))
    assert names(page) == [kind["name"] for kind in having]
    assert parse_qs(urlsplit(page.url).query) == {group: [value]}
    expect(page.get_by_role("status")).to_contain_text(f"{len(having)} of {len(types)}")

    page.go_back()
    expect(shown(page)).to_have_count(len(types))
    expect(box(page, group, value)).not_to_be_checked()
    page.go_forward()
    expect(shown(page)).to_have_count(len(having))
    expect(box(page, group, value)).to_be_checked()


def test_an_address_with_filters_and_words_opens_as_it_was_left(
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
    assert urlsplit(page.url).query == ""


def test_counts_tell_what_each_further_choice_would_find(
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


def test_types_whose_photos_do_not_tell_are_offered_apart(
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


def test_search_understands_looks_places_and_small_mistakes(
    page: Page, address: str, types: list[dict[str, Any]]
) -> None:
    page.goto(address)
    search = page.get_by_role("searchbox")
    german = {kind["name"] for kind in types if any(code == "DE" for code, _ in kind["countries"])}
    for words in ("Germany", "deutschland", "germnay", "Allemagne", "in germ"):
        search.fill(words)
        expect(page.locator("#places a")).to_have_text(" Germany")
        assert set(names(page)) == german, words

    kind = next(kind for kind in types if "form" in kind["attributes"])
    search.fill(kind["name"])
    expect(page.locator("#matches .name", has_text=kind["name"]).first).to_be_visible()

    colour = next(
        k["attributes"]["body"] for k in types if len(k["attributes"].get("body", "")) > 3
    )
    for words in (colour, colour[0] + colour[2:], colour[1] + colour[0] + colour[2:]):
        search.fill(f"{words} post ")
        expect(shown(page).first).to_be_visible()
        first = next(kind for kind in types if kind["name"] == names(page)[0])
        assert colour in first["attributes"].values(), words


def test_regions_are_found_by_their_own_name(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("searchbox").fill("alberta")
    expect(page.locator("#places a")).to_have_text(" Canada")
    expect(shown(page).first).to_be_visible()


def test_a_country_without_photos_is_answered_in_words_and_with_the_nearest(
    page: Page, address: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    search = page.get_by_role("searchbox")
    search.fill("white post")
    expect(shown(page).first).to_be_visible()
    assert not any("elsewhere" in url for url in asked)

    search.fill("Elfenbeinküste")
    told = page.locator("#told")
    expect(told).to_have_text("There are no photos from Côte d’Ivoire here.")
    expect(page.get_by_role("status")).to_have_text("")
    expect(page.locator("#nothing")).to_be_hidden()
    expect(page.locator("#near")).to_be_visible()
    expect(page.locator("#places a")).to_have_count(3)
    assert any("elsewhere" in url for url in asked)

    search.fill("white post in Mongolia")
    expect(told).to_have_text("There are no photos from Mongolia here.")
    expect(page.get_by_role("status")).to_have_text(
        re.compile(r"^No type matches all filters.* \d+ of \d+")
    )
    expect(page.locator("#nothing")).to_be_hidden()

    search.fill("tasmania")
    expect(page.locator("#nothing")).to_be_visible()
    expect(told).to_have_text("")


def test_a_country_of_one_offs_is_told_as_such_and_its_page_is_a_link_away(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    country = next(one for one in catalogue["countries"] if one["code"] == "DE")

    def with_one_offs_only(route: Route) -> None:
        answer = route.fetch()
        index = answer.json()
        for kind in index["types"]:
            kind["countries"] = [share for share in kind["countries"] if share[0] != "DE"]
        route.fulfill(response=answer, json=index)

    page.route("**/types.*.json", with_one_offs_only)
    page.goto(f"{address}?q=germany")
    expect(page.locator("#told")).to_have_text("All bollards from Germany here are unsorted.")
    page.locator("#places a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(country["name"])


def test_the_list_of_countries_knows_those_that_are_not_on_it(page: Page, address: str) -> None:
    page.goto(urljoin(address, "countries/"))
    page.get_by_role("searchbox").fill("mongo")
    output = page.locator(".finder output")
    expect(output).to_have_text("There are no photos from Mongolia here.")
    page.get_by_role("searchbox").fill("deutschland")
    expect(page.locator("#strips > li:visible")).to_have_count(1)
    expect(output).to_have_text("1 found")


def test_a_search_for_nothing_says_so_and_what_to_try(
    page: Page, address: str, types: list[dict[str, Any]]
) -> None:
    page.goto(address)
    page.get_by_role("searchbox").fill("qqqqzzzz")
    status = page.get_by_role("status")
    expect(status).to_contain_text("qqqqzzzz")
    expect(page.locator("#nothing")).to_be_visible()
    expect(shown(page)).to_have_count(0)

    page.locator("[data-try]").first.click()
    expect(page.get_by_role("searchbox")).to_have_value("red and white stripes")
    assert "q=red+and+white+stripes" in page.url


def test_the_slash_leads_to_the_search_and_enter_to_what_is_found(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("germany/")
    expect(page.get_by_role("searchbox")).to_have_value("germany/")
    expect(page.locator("#places a")).to_have_text(" Germany")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('#found') !== null")


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


def test_the_list_of_types_that_cannot_be_fetched_is_told(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.context.route("**/types.*.json", lambda route: route.fulfill(status=503))
    page.get_by_role("searchbox").fill("white")
    expect(page.get_by_role("status")).to_contain_text("could not be loaded")
    page.context.unroute("**/types.*.json")
    page.get_by_role("searchbox").fill("white ")
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"\d+ of \d+"))
    page.close()


@pytest.mark.parametrize("width", [360, 768])
def test_on_a_narrow_screen_filters_are_a_sheet_and_plates_stay_on_the_first_screen(
    browser: Browser, address: str, types: list[dict[str, Any]], width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto(address)
    plate = page.locator(".plate").first.bounding_box()
    assert plate is not None and plate["y"] < 600
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
def test_three_questions_lead_to_the_plates_with_and_without_javascript(
    browser: Browser, address: str, types: list[dict[str, Any]], javascript: bool
) -> None:
    context = browser.new_context(java_script_enabled=javascript)
    page = context.new_page()
    page.goto(address)
    reached: set[str] = set()
    waiting = [urljoin(address, "looks/")]
    seen = set(waiting)
    while waiting:
        page.goto(waiting.pop())
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        for link in page.locator(".answers a, main .plate a").all():
            target = urljoin(page.url, link.get_attribute("href") or "")
            path = urlsplit(target).path
            if "/types/" in path:
                reached.add(path.rstrip("/").rpartition("/")[2])
            elif target not in seen:
                seen.add(target)
                waiting.append(target)
    assert reached == {kind["id"] for kind in types}
    context.close()


def test_nothing_moves_while_the_front_page_loads(page: Page, address: str) -> None:
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const one of list.getEntries())"
        " window.shift += one.value; }).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.mouse.wheel(0, 600)
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") < 0.01
