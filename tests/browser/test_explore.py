"""The contact sheet in a real browser: moving, zooming, filtering, sharing as a link."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.project import Project


def open_sheet(page: Page, address: str, asked: str = "") -> None:
    page.goto(f"{address}explore/{asked}")
    expect(page.locator(".explore[data-ready]")).to_be_visible()


def here(page: Page) -> str:
    """The address at this moment; `page.url` may be a moment old."""
    address: str = page.evaluate("location.href")
    return address


def place(page: Page, before: str = "") -> list[float]:
    """Centre and width of a cell, from the address after all movement has ended.

    The canvas is busy as soon as a key or a button moves it. A wheel or a finger takes effect
    a little later: `before` is the address that has to change first.
    """
    if before:
        expect(page).not_to_have_url(before)
    expect(page).to_have_url(re.compile("at="))
    expect(page.locator("canvas")).to_have_attribute("aria-busy", "false")
    found = re.search(r"at=([-\d.]+),([-\d.]+),([-\d.]+)", here(page))
    assert found
    return [float(part) for part in found.groups()]


def test_the_contact_sheet_shows_the_photos_of_one_region(
    page: Page, address: str, built: Project
) -> None:
    photos = json.loads((built.public / "data/catalogue.json").read_text("utf-8"))["photos"]
    there = sum(photo.get("regionCode") == "CA-AB" for photo in photos)
    open_sheet(page, address)
    page.get_by_label("Region").select_option("Alberta")
    expect(page.locator(".choice output")).to_have_text(f"{there} of {len(photos)} photos")
    expect(page).to_have_url(re.compile(r"region=CA-AB"))

    open_sheet(page, address, "?region=CA-AB")
    expect(page.get_by_label("Region")).to_have_value("CA-AB")


def test_all_photos_are_drawn(page: Page, address: str) -> None:
    open_sheet(page, address)

    # Photos have many colours, what else is on the canvas has few.
    page.wait_for_function(
        """() => {
            const canvas = document.querySelector(".explore canvas");
            const { width, height } = canvas;
            const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
            return new Set(new Uint32Array(data.buffer)).size > 500;
        }""",
        polling=200,
    )


def test_the_contact_sheet_follows_the_mouse_and_the_wheel(page: Page, address: str) -> None:
    # Without motion, the sheet does not glide on when the mouse lets go.
    page.emulate_media(reduced_motion="reduce")
    open_sheet(page, address)
    box = page.locator("canvas").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.wheel(0, -400)
    zoomed = place(page)

    seen = here(page)
    page.mouse.down()
    page.mouse.move(x - 50, y + 30, steps=5)
    page.mouse.up()

    moved = place(page, seen)
    assert moved[2] == zoomed[2]
    assert moved[0] == pytest.approx(zoomed[0] + 50 / zoomed[2], abs=0.2)
    assert moved[1] == pytest.approx(zoomed[1] - 30 / zoomed[2] / 1.25, abs=0.2)
    seen = here(page)
    page.mouse.wheel(0, -100)
    assert place(page, seen)[2] > moved[2]


def test_two_fingers_zoom(browser: Browser, address: str) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, service_workers="block"
    )
    page = context.new_page()
    open_sheet(page, address)
    page.click("button[name=in]")
    before = place(page)
    box = page.locator("canvas").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = context.new_cdp_session(page)

    def touch(kind: str, apart: float) -> None:
        points = [{"x": x - apart, "y": y, "id": 1}, {"x": x + apart, "y": y, "id": 2}]
        session.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": points if kind != "touchEnd" else []},
        )

    seen = here(page)
    touch("touchStart", 60)
    for apart in (50, 40, 30):
        touch("touchMove", apart)
    touch("touchEnd", 30)

    after = place(page, seen)
    assert after[2] == pytest.approx(before[2] / 2, rel=0.15)
    context.close()


def test_keys_move_zoom_and_open(page: Page, address: str, built: Project) -> None:
    open_sheet(page, address)
    page.focus("canvas")
    page.keyboard.press("+")
    page.keyboard.press("+")
    start = place(page)
    page.keyboard.press("ArrowRight")
    right = place(page)
    assert right[0] > start[0]
    assert right[1] == start[1]
    page.keyboard.press("-")
    assert place(page)[2] < right[2]

    page.keyboard.press("Enter")
    card = page.locator(".found")
    expect(card).to_be_visible()
    link = card.locator(".found-photo")
    first = link.get_attribute("href") or ""
    shown = first.rstrip("/").rpartition("/")[2]
    assert (built.public / "photos" / shown / "index.html").is_file()

    for key in ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile("photo="))

    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.keyboard.press("0")
    expect(page).not_to_have_url(re.compile("at=|photo="))


def test_a_click_opens_a_photo_that_links_to_its_page(page: Page, address: str) -> None:
    open_sheet(page, address)
    page.focus("canvas")
    page.keyboard.press("Enter")
    photo = page.locator(".found-photo")
    expect(photo).to_have_attribute("href", re.compile("/photos/"))
    opened = photo.get_attribute("href") or ""
    place(page)
    page.keyboard.press("Escape")
    box = page.locator("canvas").bounding_box()
    assert box

    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    expect(page.locator(".found")).to_be_visible()
    expect(photo).to_have_attribute("href", opened)
    page.click(".found-photo")
    expect(page).to_have_url(re.compile("/photos/"))
    expect(page.locator("h1")).to_be_visible()


def test_the_address_restores_the_view(page: Page, address: str) -> None:
    open_sheet(page, address)
    page.focus("canvas")
    page.keyboard.press("Enter")
    page.keyboard.press("+")
    expect(page.locator(".found")).to_be_visible()
    expect(page).to_have_url(re.compile("photo="))
    seen = place(page)
    photo = page.locator(".found-photo").get_attribute("href")
    shared = here(page)

    page.goto("about:blank")
    page.goto(shared)

    expect(page.locator(".found")).to_be_visible()
    expect(page.locator(".found-photo")).to_have_attribute("href", photo or "")
    assert place(page) == seen


def test_country_and_type_narrow_the_view(page: Page, address: str) -> None:
    open_sheet(page, address, "?country=DE")
    output = page.locator(".choice output")
    germans = int((output.text_content() or "").split()[0])
    assert germans > 0
    assert page.locator("[name=country]").input_value() == "DE"

    page.focus("canvas")
    page.keyboard.press("Enter")
    expect(page.locator(".found-country a")).to_have_text("Germany")
    page.keyboard.press("Escape")

    page.select_option("[name=country]", "")
    expect(output).to_have_text("")
    page.select_option("[name=type]", index=1)
    expect(page).to_have_url(re.compile(r"[?]type="))
    page.focus("canvas")
    page.keyboard.press("Enter")
    kind = page.locator("[name=type] option:checked").text_content()
    expect(page.locator(".found-type")).to_have_text(kind or "")


def test_impossible_filters_in_the_address_are_left_out(page: Page, address: str) -> None:
    open_sheet(page, address, "?type=gone&country=%3Cb%3E#at=1,x&photo=nothing")

    expect(page).not_to_have_url(re.compile("gone"))
    expect(page.locator(".found")).to_be_hidden()
    expect(page.locator(".choice output")).to_have_text("")


def test_the_page_links_to_the_cards_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}explore/")

    expect(page.locator("canvas")).to_be_hidden()
    page.click("noscript a")

    expect(page.locator(".cards .card").first).to_be_visible()
    context.close()


def test_lost_pictures_are_reported(browser: Browser, address: str) -> None:
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.route("**/assets/sheet/*.bin", lambda route: route.abort())
    page.goto(f"{address}explore/")

    expect(page.locator("[data-lost]")).to_be_visible()
    context.close()


def test_nothing_moves_for_visitors_who_want_no_motion(page: Page, address: str) -> None:
    # The frame around the open photo is as wide as a cell, in every picture that is drawn.
    page.add_init_script(
        """window.widths = new Set();
        const { prototype } = CanvasRenderingContext2D, { strokeRect } = prototype;
        prototype.strokeRect = function (x, y, width, height) {
            window.widths.add(width);
            strokeRect.call(this, x, y, width, height);
        };"""
    )
    page.emulate_media(reduced_motion="reduce")
    open_sheet(page, address)
    page.focus("canvas")
    page.keyboard.press("Enter")
    expect(page.locator(".found")).to_be_visible()
    place(page)
    page.evaluate("window.widths.clear()")

    page.keyboard.press("+")
    place(page)

    # The width before may be drawn once more; a flight goes through many.
    assert page.evaluate("window.widths.size") in (1, 2)
