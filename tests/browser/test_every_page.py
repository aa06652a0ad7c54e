"""What holds on every kind of page: valid HTML, accessible, usable when narrow or enlarged."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page

from generator.project import Project
from tests.browser.axe import violations
from tests.browser.pages import one_of_each_kind

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[2] / "static"
# Style that is laid out for eyes, not for a rule book: long lines and void elements as they come.
_RULES = {
    "extends": ["html-validate:recommended"],
    "rules": {
        "long-title": "off",
        "no-trailing-whitespace": "off",
        "tel-non-breaking": "off",
        "no-inline-style": "error",
    },
}


def open_page(browser: Browser, url: str, scheme: Literal["light", "dark"], width: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(url)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong(
    browser: Browser, address: str, built: Project, scheme: Literal["light", "dark"]
) -> None:
    wrong = {}
    for place in one_of_each_kind(built.public):
        page = open_page(browser, urljoin(address, place), scheme, 1280)
        wrong[place] = violations(page)
        page.context.close()

    assert {place: found for place, found in wrong.items() if found} == {}


def test_no_page_is_wider_than_a_narrow_screen(
    browser: Browser, address: str, built: Project
) -> None:
    wide = {}
    for place in one_of_each_kind(built.public):
        page = open_page(browser, urljoin(address, place), "light", 320)
        wide[place] = page.evaluate("document.documentElement.scrollWidth")
        page.context.close()

    assert {place: width for place, width in wide.items() if width > 320} == {}


def test_text_of_twice_the_size_needs_no_sideways_scrolling(
    browser: Browser, address: str, built: Project
) -> None:
    wide = {}
    for place in one_of_each_kind(built.public):
        page = open_page(browser, urljoin(address, place), "light", 640)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide[place] = page.evaluate("document.documentElement.scrollWidth")
        page.context.close()

    assert {place: width for place, width in wide.items() if width > 640} == {}


def test_every_kind_of_page_is_valid_html(built: Project, tmp_path: Path) -> None:
    config = tmp_path / "rules.json"
    config.write_text(json.dumps({"root": True, **_RULES}), encoding="utf-8")
    pages = [
        built.public / (place if place.endswith(".html") else f"{place}index.html")
        for place in one_of_each_kind(built.public)
    ]
    node = Path(sys.executable).with_name("node")
    program = STATIC / "node_modules/html-validate/bin/html-validate.mjs"
    result = subprocess.run(
        [str(node), str(program), "--config", str(config), "--formatter", "text", *map(str, pages)],
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert (result.returncode, result.stdout.strip()) == (0, "")
