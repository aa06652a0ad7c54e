"""Every kind of page is valid HTML, accessible, and usable when narrow or enlarged."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page

from generator.project import Project
from tests.browser.axe import violations
from tests.browser.pages import leads_on, one_of_each_kind

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

# Links, buttons and fields that a finger may miss. As in WCAG 2.2, 2.5.8, links within running text
# are left out, and countries on a map, because a list beside it has the same links.
SMALL_TARGETS = """() => {
  const text = (parent) => [...parent.childNodes].some(
    (node) => node.nodeType === Node.TEXT_NODE && /\\p{L}{2}/u.test(node.data));
  return [...document.querySelectorAll("a[href], button, select, summary, input:not(label input)")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }))
    .filter((one) => !one.closest("svg, .skip, .sr"))
    .filter((one) => getComputedStyle(one).display !== "inline" || !text(one.parentElement))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
    .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width}x${box.height}`);
}"""


def widest(page: Page, width: int) -> int:
    """How far a page reaches on a screen of some width; more than that scrolls sideways."""
    page.set_viewport_size({"width": width, "height": 800})
    reach: int = page.evaluate("document.documentElement.scrollWidth")
    return reach


def test_every_kind_of_page_is_accessible_and_fits_every_screen(
    browser: Browser, address: str, built: Project
) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 800},
        color_scheme="light",
        reduced_motion="reduce",
        service_workers="block",
    )
    page = context.new_page()
    wrong = {}
    for place in one_of_each_kind(built.public):
        if leads_on(built.public / place):
            continue  # It goes on to another page before it can be measured.
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 320, "height": 800})
        page.goto(urljoin(address, place))
        small = page.evaluate(SMALL_TARGETS)
        wide = {width: widest(page, width) for width in (320, 360, 768, 1440)}
        light = violations(page)
        # Other colours change nothing that the other rules look at.
        page.emulate_media(color_scheme="dark")
        dark = violations(page, "color-contrast")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        enlarged = widest(page, 360)
        wrong[place] = [
            *light,
            *(f"a target of less than 24 px: {found}" for found in small),
            *(f"dark: {found}" for found in dark),
            *(f"{reach} px wide at {width} px" for width, reach in wide.items() if reach > width),
            *([f"{enlarged} px wide at 360 px with text of twice the size"] * (enlarged > 360)),
        ]
    context.close()

    assert {place: found for place, found in wrong.items() if found} == {}


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
