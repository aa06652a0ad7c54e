"""Comparing two types or photos: choosing, swapping, and the same differences as elsewhere."""

import re
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.browser


def names(page: Page) -> Any:
    return page.locator(".half .name a")


def test_a_visitor_goes_from_a_type_to_a_comparison_and_swaps_its_sides(
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
    expect(page).to_have_url(re.compile(f"a={other['id']}&b={one['id']}"))
    page.go_back()
    expect(names(page)).to_have_text([one["name"], other["name"]])


def test_each_side_finds_types_by_country_and_despite_typing_mistakes(
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


def test_countries_of_both_are_distinguished_from_those_of_one(
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


def test_a_comparison_lists_the_same_differences_as_the_page_of_the_type(
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


def test_two_views_of_one_bollard_are_recognised_as_such(
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


def test_a_missing_choice_is_reported_and_another_can_be_chosen(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    kind = catalogue["types"][0]
    page.goto(urljoin(address, f"compare/?a=gone&b={kind['id']}"))
    expect(page.locator("#a .missing")).to_be_visible()
    page.locator("#a .picks button").first.click()
    expect(names(page)).to_have_count(2)
    expect(page.locator("#verdict")).to_be_visible()


def test_without_javascript_the_page_offers_other_pages(browser: Browser, address: str) -> None:
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


def pair_of(catalogue: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """A type of two countries or more, and the codes of two of these in alphabetical order."""
    for kind in catalogue["types"]:
        codes = sorted(country["code"] for country in kind["countries"] if country["code"])
        if len(codes) > 1:
            return kind, codes[:2]
    raise AssertionError("no type is shared")


def slug(codes: list[str]) -> str:
    return "-".join(codes).lower()


def test_two_countries_that_a_visitor_types_are_compared(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    _, codes = pair_of(catalogue)
    names = {country["code"]: country["name"] for country in catalogue["countries"]}
    one, other = (names[code] for code in codes)
    page.goto(address)
    page.get_by_role("searchbox").fill(f"{other} vs {one}?")
    page.get_by_role("link", name=f"Compare {other} and {one}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{other} or {one}?")
    expect(page.locator(".onlys h2")).to_have_text([f"Only in {other}", f"Only in {one}"])


def test_the_other_order_of_countries_redirects_to_their_page(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    _, codes = pair_of(catalogue)
    page.goto(urljoin(address, f"compare/{slug(codes[::-1])}/"))
    expect(page).to_have_url(urljoin(address, f"compare/{slug(codes)}/"))


def test_comparisons_of_three_countries_use_the_words_of_those_of_two(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    codes = sorted(country["code"] for country in catalogue["countries"] if country["code"])[:3]
    said: dict[str, str] = {}
    for pair in ([codes[0], codes[1]], [codes[0], codes[2]], [codes[1], codes[2]]):
        place = urljoin(address, f"compare/{slug(pair)}/")
        if not page.request.get(place).ok:  # Countries without anything in common have no page.
            continue
        page.goto(place)
        for item in page.locator(".versus > li").all():
            if item.locator("figure").count() == 2:
                said[item.locator(".name").inner_text()] = slug(pair)
    page.goto(urljoin(address, f"compare/?countries={','.join(codes)}"))
    expect(page.locator(".onlys > section")).to_have_count(3)
    assert set(page.locator("#shared-types .name").all_inner_texts()) == set(said)


def test_the_script_and_the_page_agree_on_two_countries(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    _, codes = pair_of(catalogue)

    def shown() -> list[list[str]]:
        return [
            page.locator(f"main {place}").all_inner_texts()
            for place in (".versus .name", ".telltale", ".onlys .card .name", ".onlys h2")
        ]

    page.goto(urljoin(address, f"compare/{slug(codes)}/"))
    built = shown()

    page.goto(urljoin(address, f"compare/?countries={','.join(codes)}"))
    expect(page.locator("#compared")).to_be_visible()
    assert shown() == built


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("de,de", "Choose countries that differ."),
        ("is,de", "There are no photos from Iceland here."),
        ("xx,de", "“XX” is not the code of a country."),
    ],
)
def test_a_comparison_that_cannot_be_made_explains_why_and_offers_others(
    page: Page, address: str, query: str, words: str
) -> None:
    page.goto(urljoin(address, f"compare/?countries={query}"))
    expect(page.locator("#remark")).to_have_text(words)
    page.locator("#partners a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Germany")
    expect(page.locator(".onlys > section")).to_have_count(2)


def test_a_comparison_prints_on_one_page_without_buttons(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    _, codes = pair_of(catalogue)
    page.goto(urljoin(address, f"compare/{slug(codes)}/"))
    page.emulate_media(media="print")
    expect(page.get_by_role("button")).to_have_count(0)
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1
