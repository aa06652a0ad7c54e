"""Shows pictures to the page that identifies bollards, and waits for its answers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

LISTEN = """() => { window.told = new Promise((resolve) => document.querySelector("[data-identify]")
  .addEventListener("answer", (event) => resolve({
    embedding: [...event.detail.embedding], types: event.detail.types,
    countries: event.detail.countries, neighbours: event.detail.neighbours,
    doubt: event.detail.doubt, named: event.detail.named,
  }), { once: true })); }"""


def show(page: Page, file: Path | dict[str, Any]) -> None:
    page.locator(".choose input").set_input_files(file)  # type: ignore[arg-type]


def ask(page: Page, act: Callable[[], None]) -> dict[str, Any]:
    """Do something and give the answer that follows."""
    page.evaluate(LISTEN)
    act()
    answer: dict[str, Any] = page.evaluate("() => window.told")
    return answer
