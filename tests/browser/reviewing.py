"""What tests of the review page do: open it, type, and wait for its decisions."""

import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect

from generator.project import Project
from tests.review.conftest import Window


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.wait_for_selector("#bench .bollard")
    yield page
    context.close()
    assert not complaints


def curated(project: Project) -> dict[str, Any]:
    try:
        return tomllib.loads(project.curation.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def until(said: Callable[[], bool]) -> None:
    """Wait for the file; `expect` waits for the page itself."""
    deadline = time.monotonic() + 60
    while not said():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def until_saved(page: Page, said: Callable[[], bool]) -> None:
    """Wait for the file, and for the page to show the state that the server answered with."""
    until(said)
    expect(page.locator("#saved")).to_have_text("All decisions are saved")


def type_name(page: Page, text: str) -> None:
    """Focus the name field, and type."""
    page.keyboard.press("n")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type(text)


def leave_field(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("#bench .photo").first).to_be_focused()


def shown_type(page: Page) -> str:
    address = page.locator("#bench .facts code").inner_text()
    return address.removeprefix("types/").removesuffix("/")


def leave_a_doubt(review: str) -> int:
    """Split a type and keep one of its bollards out, so that it is near the other part.

    Returns the number of doubtful bollards afterwards.
    """
    window = Window(review)
    kind = next(one for one in window.state()["types"] if len(one["bollards"]) > 2)
    one, *rest = kind["bollards"]
    window.decided({"do": "split", "bollards": rest[:1], "name": ""})
    window.decided({"do": "keep-out", "bollards": [one], "type": kind["id"]})
    return sum(entry["kind"] == "doubtful" for entry in window.state()["questions"])
