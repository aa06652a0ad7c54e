"""The accessibility checker axe-core, run in the page as it stands."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

_AXE = Path(__file__).parents[2] / "static/node_modules/axe-core/axe.min.js"


@cache
def _source() -> str:
    return _AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the open page: the rule and the elements, one line each."""
    # Evaluated, not inserted: the page's own Content-Security-Policy stays in force.
    page.evaluate(_source())
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]}"
        for rule in found
        for node in rule["nodes"]
    ]
