"""What a visitor does, in a real browser, on a site under a sub-path with its strict headers."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.project import Project

pytestmark = pytest.mark.browser


def addresses(catalogue: dict[str, Any]) -> Iterator[str]:
    """One page of every kind."""
    yield from ("", "countries/", "one-offs/", "about/", "404.html", "countries/unknown/")
    yield f"types/{catalogue['types'][0]['id']}/"
    yield f"photos/{catalogue['photos'][0]['id']}/"
    yield f"countries/{catalogue['countries'][0]['code'].lower()}/"


def test_on_a_phone_the_entry_of_the_page_is_in_view_in_the_menu(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    for path in ("countries/", "about/"):
        page.goto(urljoin(address, path))
        expect(page.locator(".masthead nav [aria-current]")).to_be_in_viewport(ratio=1)
        assert page.evaluate("scrollX + scrollY") == 0
    context.close()


def test_a_visitor_finds_countries_by_looks(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    kind = catalogue["types"][0]
    page.goto(address)
    expect(page).to_have_title(re.compile("Posts & poles"))

    page.get_by_role("link", name=kind["name"]).first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(kind["name"])
    expect(page).to_have_url(re.compile(f"/types/{kind['id']}/$"))
    for country in kind["countries"]:
        expect(page.get_by_role("main")).to_contain_text(country["name"])


def test_a_visitor_goes_from_a_photo_to_its_neighbours(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    photo = catalogue["photos"][0]
    page.goto(urljoin(address, f"photos/{photo['id']}/"))
    near = photo["neighbours"][0]

    link = page.locator(f'.nearest a.thumb[href*="{near["photo"]}"]')
    expect(page.locator(".nearest b").last).to_contain_text("%")
    link.click()

    expect(page).to_have_url(re.compile(near["photo"]))


def test_every_picture_on_every_kind_of_page_loads_into_reserved_space(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    for path in addresses(catalogue):
        page.goto(urljoin(address, path))
        page.evaluate(
            "document.querySelectorAll('details').forEach(one => one.open = true);"
            "document.querySelectorAll('img').forEach(one => one.loading = 'eager')"
        )
        page.wait_for_load_state("networkidle")
        broken = page.evaluate(
            "[...document.images].filter(one => one.complete && !one.naturalWidth"
            " || !one.getAttribute('width') || !one.getAttribute('height')"
            " || one.getAttribute('alt') === null).map(one => one.outerHTML)"
        )
        assert broken == [], path


def test_nothing_is_loaded_from_another_host(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    for path in addresses(catalogue):
        page.goto(urljoin(address, path))

    assert asked == {urlsplit(address).netloc}


def test_everything_essential_works_without_javascript(
    browser: Browser, address: str, catalogue: dict[str, Any]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    for kind in catalogue["types"]:
        expect(page.locator(f'a[href*="types/{kind["id"]}/"]').first).to_be_visible()
    page.locator(f'a[href*="types/{catalogue["types"][0]["id"]}/"]').first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    context.close()


def test_the_content_can_be_reached_with_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_be_visible()
    expect(skip).to_contain_text("Skip")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    inside = page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert inside
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_dark_pages_are_dark_and_light_pages_are_light(browser: Browser, address: str) -> None:
    brightness = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, service_workers="block")
        page = context.new_page()
        page.goto(address)
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        brightness[scheme] = sum(map(int, re.findall(r"\d+", colour)[:3]))
        context.close()
    assert brightness["light"] > 600
    assert brightness["dark"] < 200


def test_the_filter_narrows_the_types_and_can_be_undone(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    page.goto(address)
    cards = page.locator(".cards a:visible")
    everything = cards.count()
    box = page.get_by_role("searchbox")

    box.fill("zzzz no such bollard")
    expect(cards).to_have_count(0)
    box.fill("")
    expect(cards).to_have_count(everything)


def test_a_missing_page_links_back(page: Page, address: str) -> None:
    page.goto(urljoin(address, "404.html"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()


def test_photos_of_unknown_country_are_shown_as_such(
    page: Page, address: str, catalogue: dict[str, Any]
) -> None:
    lost = next(photo for photo in catalogue["photos"] if photo["country"] is None)
    page.goto(urljoin(address, f"photos/{lost['id']}/"))
    expect(page.get_by_role("main")).to_contain_text("Unknown country")


def test_flags_are_pictures_so_that_windows_shows_them(
    page: Page, address: str, built: Project
) -> None:
    page.goto(address)
    sources = page.locator('img[src*="assets/flags/"]').evaluate_all(
        "all => all.map(one => one.getAttribute('src'))"
    )
    assert sources
    assert all((built.public / Path(source)).suffix == ".svg" for source in sources)
