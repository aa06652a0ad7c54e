"""Runs the accessibility checker axe-core in the open page."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

_AXE = Path(__file__).parents[2] / "static/node_modules/axe-core/axe.min.js"


@cache
def _source() -> str:
    return _AXE.read_text(encoding="utf-8")


def violations(page: Page, *rules: str) -> list[str]:
    """The problems that axe finds on the open page: the rule and the elements, one line each.

    All rules are checked if none are named.
    """
    # Evaluated, not inserted: the page's own Content-Security-Policy stays in force.
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    options = {"runOnly": rules} if rules else {}
    found = page.evaluate(
        "async (options) => (await axe.run(document, options)).violations", options
    )
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]}"
        for rule in found
        for node in rule["nodes"]
    ]
