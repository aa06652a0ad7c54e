"""Two side by side: types and photos, chosen, swapped, and told apart in the same words."""

import re
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.browser


def names(page: Page) -> Any:
    return page.locator(".half .name a")


def test_from_a_type_a_visitor_comes_to_a_comparison_and_swaps_its_sides(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    one, other = catalogue["types"][:2]
    page.goto(urljoin(address, f"types/{one['id']}/"))
    page.get_by_role("link", name="Compare with …").click()
    expect(names(page)).to_have_text([one["name"]])

    page.locator("#b").get_by_role("searchbox").fill(other["name"])
    page.locator("#b .picks button").first.click()
    expect(names(page)).to_have_text([one["name"], other["name"]])
    expect(page.locator("#marks thead th")).to_have_text([one["name"], other["name"]])

    page.get_by_role("button", name="Swap sides").click()
    expect(names(page)).to_have_text([other["name"], one["name"]])
    assert f"a={other['id']}" in page.url and f"b={one['id']}" in page.url
    page.go_back()
    expect(names(page)).to_have_text([one["name"], other["name"]])


def test_each_side_is_found_by_countries_and_in_spite_of_slips(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    german = {
        kind["name"]
        for kind in catalogue["types"]
        if any(country["code"] == "DE" for country in kind["countries"])
    }
    page.goto(urljoin(address, "compare/"))
    for side, words in (("a", "deutschland"), ("b", "germnay")):
        picks = page.locator(f"#{side} .picks .name")
        page.locator(f"#{side}").get_by_role("searchbox").fill(words)
        expect(picks).to_have_count(len(german))
        assert set(picks.all_inner_texts()) == german


def test_the_countries_of_both_are_told_from_those_of_one(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    one, other = catalogue["types"][:2]
    page.goto(urljoin(address, f"compare/?a={one['id']}&b={other['id']}"))
    expect(page.locator("#where")).to_be_visible()
    mine, theirs = ({c["name"] for c in kind["countries"]} for kind in (one, other))

    def listed(name: str) -> set[str]:
        return set(page.locator(f".set.{name} li").all_inner_texts())

    assert listed("mine") == mine - theirs
    assert listed("both") == mine & theirs
    assert listed("theirs") == theirs - mine


def test_a_comparison_says_the_same_differences_as_the_page_of_the_type(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    for kind in catalogue["types"]:
        page.goto(urljoin(address, f"types/{kind['id']}/"))
        said = {
            like["type"]: page.locator(f"#like-{like['type']} .differs li").all_inner_texts()
            for like in kind["lookalikes"]
        }
        for other, clauses in said.items():
            page.goto(urljoin(address, f"compare/?a={other}&b={kind['id']}"))
            expect(page.locator("#verdict")).to_be_visible()
            assert page.locator("#differs li").all_inner_texts()[:3] == clauses


def test_two_photos_are_compared_from_the_page_of_one(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    photo = catalogue["photos"][0]
    page.goto(urljoin(address, f"photos/{photo['id']}/"))
    number = page.locator(".nearest b a").first
    chance = number.inner_text()
    number.click()
    expect(page.locator(".half .pictures img").first).to_be_visible()
    expect(page.locator("#alike")).to_contain_text(chance)


def test_two_views_of_one_bollard_are_known_as_such(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    first = catalogue["photos"][0]
    other = next(
        photo
        for photo in catalogue["photos"]
        if photo["bollard"] == first["bollard"] and photo["id"] != first["id"]
    )
    page.goto(urljoin(address, f"compare/?a={first['id']}&b={other['id']}"))
    expect(page.locator("#alike")).to_have_text("Two views of the same bollard.")


def test_what_is_not_there_is_told_and_something_else_can_be_chosen(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    kind = catalogue["types"][0]
    page.goto(urljoin(address, f"compare/?a=gone&b={kind['id']}"))
    expect(page.locator("#a .missing")).to_be_visible()
    page.locator("#a .picks button").first.click()
    expect(names(page)).to_have_count(2)
    expect(page.locator("#verdict")).to_be_visible()


def test_without_javascript_the_page_says_where_to_go_instead(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(urljoin(address, "compare/"))
    expect(page.locator("main")).to_contain_text("needs JavaScript")
    page.get_by_role("main").get_by_role("link", name="All types").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    context.close()


def test_one_country_is_counted_in_the_singular(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    def with_one_country(route: Route) -> None:
        answer = route.fetch()
        index = answer.json()
        for kind in index["types"]:
            kind["countries"] = kind["countries"][:1]
        route.fulfill(response=answer, json=index)

    page.route("**/types.*.json", with_one_country)
    page.goto(urljoin(address, f"compare/?a={catalogue['types'][0]['id']}"))

    expect(page.locator(".figures").first).to_have_text(re.compile(r"^\d+ bollards?, 1 country$"))
