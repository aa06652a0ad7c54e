"""What the tests of quizzes and courses see of a page."""

import json
import re
from typing import Any

from playwright.sync_api import Page

from generator.project import Project


def photos_of(project: Project) -> dict[str, Any]:
    """Every photo of a built site by its id, with the name of its country."""
    text = (project.public / "data" / "catalogue.json").read_text(encoding="utf-8")
    data = json.loads(text)
    names = {country["code"]: country["name"] for country in data["countries"]}
    return {
        photo["id"]: {**photo, "country_name": names[photo["country"]]} for photo in data["photos"]
    }


def shown(page: Page, place: str) -> list[str]:
    """Ids of the photos that are shown at a place, from the addresses of their pictures."""
    sources = page.locator(f"{place} img:not(.flag)").evaluate_all(
        "images => images.map((image) => image.src)"
    )
    return [match[1] for source in sources if (match := re.search(r"/([0-9a-f]{12})-", source))]
