"""The search in a real browser: by looks, places and names, with slips and without results."""

import json
import re
from collections import Counter
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from generator.project import Project
from tests.browser.axe import violations
from tests.browser.finding import names, searched, shown

pytestmark = pytest.mark.browser


def test_search_understands_looks_places_and_small_typing_mistakes(
    page: Page, address: str, types: list[dict[str, Any]]
) -> None:
    page.goto(address)
    german = {kind["name"] for kind in types if any(code == "DE" for code, _ in kind["countries"])}
    for words in ("Germany", "deutschland", "germnay", "Allemagne", "in germ"):
        searched(page, words)
        expect(page.locator("#places a")).to_have_text(" Germany")
        assert set(names(page)) == german, words

    kind = next(kind for kind in types if "form" in kind["attributes"])
    searched(page, kind["name"])
    expect(page.locator("#matches .name", has_text=kind["name"]).first).to_be_visible()

    colour = next(
        k["attributes"]["body"] for k in types if len(k["attributes"].get("body", "")) > 3
    )
    for words in (colour, colour[0] + colour[2:], colour[1] + colour[0] + colour[2:]):
        searched(page, f"{words} post ")
        expect(shown(page).first).to_be_visible()
        first = next(kind for kind in types if kind["name"] == names(page)[0])
        assert colour in first["attributes"].values(), words


def marked(types: list[dict[str, Any]]) -> dict[str, str]:
    """The colour and the marking of a type, the word for which is its value."""
    return next(
        {group: one["attributes"][group] for group in ("body", "pattern")}
        for one in types
        if "body" in one["attributes"] and one["attributes"].get("pattern") in ("band", "stripes")
    )


def test_a_search_by_looks_leads_with_countries_and_photos_from_there(
    page: Page, address: str, types: list[dict[str, Any]]
) -> None:
    looks = marked(types)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{address}?body={looks['body']}&q={looks['pattern']}")

    candidates = page.locator("#answer .candidate")
    expect(candidates.first).to_be_visible()
    assert candidates.count() <= 3
    fitting = [
        one for one in types if all(one["attributes"].get(key) == looks[key] for key in looks)
    ]
    most = Counter[str]()
    for one in fitting:
        most.update({code: count for code, count in one["countries"] if code})
    total = sum(one["bollards"] for one in fitting)
    expect(candidates.first.locator(".sure")).to_contain_text(
        f"{most.most_common(1)[0][1]} of {total} photographed"
    )
    expect(page.locator("#answer .decides")).not_to_be_empty()
    page.wait_for_function(
        """() => [...document.querySelectorAll("#answer .views img")]
          .every((one) => one.complete && one.naturalWidth)"""
    )
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 320

    links = candidates.first.locator(".views a")
    page.goto(urljoin(page.url, links.first.get_attribute("href")))
    expect(page.locator(":target")).to_be_visible()


def test_a_search_by_looks_finds_unsorted_bollards_too(
    page: Page, address: str, built: Project
) -> None:
    text = (built.public / "data" / "unsorted.json").read_text(encoding="utf-8")
    bollards = json.loads(text)["bollards"]
    _, _, look, *_ = next(one for one in bollards if one[2].get("body"))
    body = look["body"][0]

    page.goto(address)
    page.get_by_role("searchbox").fill(f"{body} post")

    having = [photo for photo, _, own, *_ in bollards if own.get("body") == [body]]
    found = page.locator("#unsorted .card a")
    expect(found).to_have_count(len(having))
    assert [urlsplit(one.get_attribute("href") or "").path for one in found.all()] == [
        f"photos/{photo}/" for photo in having
    ]
    assert not violations(page)


def test_a_search_for_a_country_shows_what_is_there_and_asks_for_none(
    page: Page, address: str, types: list[dict[str, Any]]
) -> None:
    looks = marked(types)
    for words in ("Germany", f"{looks['pattern']} Germany"):
        page.goto(f"{address}?body={looks['body']}&q={looks['pattern']}")
        expect(page.locator("#answer")).to_be_visible()

        page.get_by_role("searchbox").fill(words)
        expect(page.locator("#answer")).to_be_hidden()


def test_regions_are_recognised_by_their_own_name(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("searchbox").fill("alberta")
    expect(page.locator("#places a")).to_have_text(" Canada")
    expect(shown(page).first).to_be_visible()


def test_a_search_for_a_country_without_photos_explains_this_and_offers_the_nearest_ones(
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


def test_a_country_with_unsorted_bollards_only_is_named_as_such_and_its_page_is_linked(
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


def test_the_search_in_the_list_of_countries_recognises_countries_without_photos(
    page: Page, address: str
) -> None:
    page.goto(urljoin(address, "countries/"))
    page.get_by_role("searchbox").fill("mongo")
    output = page.locator(".search-form output")
    expect(output).to_have_text("There are no photos from Mongolia here.")
    page.get_by_role("searchbox").fill("deutschland")
    expect(page.locator("#strips > li:visible")).to_have_count(1)
    expect(output).to_have_text("1 found")


def test_a_search_without_results_says_so_and_suggests_what_to_try(
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
    expect(page).to_have_url(re.compile(r"q=red\+and\+white\+stripes"))


def test_the_slash_key_goes_to_the_search_and_enter_to_the_result(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("germany/")
    expect(page.get_by_role("searchbox")).to_have_value("germany/")
    expect(page.locator("#places a")).to_have_text(" Germany")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.closest('#found') !== null")
