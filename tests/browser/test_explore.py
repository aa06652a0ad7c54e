"""The sheet of all photos in a real browser: moved over, zoomed, narrowed, shared as a link."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.project import Project


def open_sheet(page: Page, address: str, asked: str = "") -> None:
    page.goto(f"{address}explore/{asked}")
    expect(page.locator(".explore[data-ready]")).to_be_visible()


def place(page: Page) -> list[float]:
    """Middle and width of a cell, as the address tells them."""
    expect(page).to_have_url(re.compile("at="))
    seen = ""
    while seen != page.url:
        # A movement takes a fifth of a second, and the address is told a quarter after it.
        seen = page.url
        page.wait_for_timeout(900)
    found = re.search(r"at=([-\d.]+),([-\d.]+),([-\d.]+)", page.url)
    assert found
    return [float(part) for part in found.groups()]


def colours(page: Page) -> int:
    """How many different colours there are on the canvas."""
    return page.evaluate(
        """() => {
            const canvas = document.querySelector(".explore canvas");
            const { width, height } = canvas;
            const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
            return new Set(new Uint32Array(data.buffer)).size;
        }"""
    )


def test_all_photos_are_drawn(page: Page, address: str) -> None:
    open_sheet(page, address)

    for _ in range(300):
        if colours(page) > 500:
            break
        page.wait_for_timeout(100)
    assert colours(page) > 500


def test_the_sheet_follows_the_mouse_and_the_wheel(page: Page, address: str) -> None:
    open_sheet(page, address)
    box = page.locator("canvas").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.wheel(0, -400)
    zoomed = place(page)

    page.mouse.down()
    page.mouse.move(x - 50, y + 30, steps=5)
    page.wait_for_timeout(100)
    page.mouse.up()

    moved = place(page)
    assert moved[2] == zoomed[2]
    assert moved[0] == pytest.approx(zoomed[0] + 50 / zoomed[2], abs=0.2)
    assert moved[1] == pytest.approx(zoomed[1] - 30 / zoomed[2] / 1.25, abs=0.2)
    page.mouse.wheel(0, -100)
    assert place(page)[2] > moved[2]


def test_two_fingers_zoom(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
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

    touch("touchStart", 60)
    for apart in (50, 40, 30):
        touch("touchMove", apart)
    touch("touchEnd", 30)

    after = place(page)
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


def test_a_click_opens_a_photo_which_leads_on(page: Page, address: str) -> None:
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
    expect(page.locator("h1")).to_be_visible()
    assert "/photos/" in page.url


def test_the_address_brings_back_what_was_seen(page: Page, address: str) -> None:
    open_sheet(page, address)
    page.focus("canvas")
    page.keyboard.press("Enter")
    page.keyboard.press("+")
    seen = place(page)
    photo = page.locator(".found-photo").get_attribute("href")
    shared = page.url

    page.goto("about:blank")
    page.goto(shared)

    expect(page.locator(".found")).to_be_visible()
    assert page.locator(".found-photo").get_attribute("href") == photo
    assert place(page) == seen


def test_country_and_type_narrow_what_is_seen(page: Page, address: str) -> None:
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


def test_what_the_address_asks_for_in_vain_is_left_out(page: Page, address: str) -> None:
    open_sheet(page, address, "?type=gone&country=%3Cb%3E#at=1,x&photo=nothing")

    expect(page).not_to_have_url(re.compile("gone"))
    expect(page.locator(".found")).to_be_hidden()
    expect(page.locator(".choice output")).to_have_text("")


def test_without_scripts_the_page_leads_to_the_plates(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}explore/")

    expect(page.locator("canvas")).to_be_hidden()
    page.click("noscript a")

    expect(page.locator(".plates .card").first).to_be_visible()
    context.close()


def test_lost_pictures_are_told_plainly(browser: Browser, address: str) -> None:
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.route("**/assets/sheet/*.bin", lambda route: route.abort())
    page.goto(f"{address}explore/")

    expect(page.locator("[data-lost]")).to_be_visible()
    context.close()


def test_nothing_glides_for_those_who_want_no_motion(browser: Browser, address: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    open_sheet(page, address)
    page.focus("canvas")
    for key in "+-":
        # Pictures that come later would be drawn later.
        page.keyboard.press(key)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(300)

    page.keyboard.press("+")

    # Flying takes many frames; what arrives at once is drawn by one.
    assert page.evaluate(
        """async () => {
            const shot = () => document.querySelector("canvas").toDataURL();
            const frame = () => new Promise((done) => requestAnimationFrame(() => done()));
            await frame(); await frame(); await frame();
            const first = shot();
            await new Promise((done) => setTimeout(done, 150));
            return first === shot();
        }"""
    )
    context.close()
