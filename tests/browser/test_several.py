"""The pages of bollards that share a photo: all are marked in it, and link to each other."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from tests.browser.axe import violations
from tests.browser.hosts import hosted
from tests.sites import three_bollards

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A site of one photo with three drawn bollards side by side."""
    root = tmp_path_factory.mktemp("street")
    (root / "photos" / "france").mkdir(parents=True)
    three_bollards().save(root / "photos" / "france" / "street.png")
    (root / "site.toml").write_text('[isolate]\nseveral = "all"\n')
    project = Project(root)
    build(project, Progress(quiet=True))
    return project


@pytest.fixture(scope="module")
def site(street: Project) -> Iterator[str]:
    with hosted(street.public) as address:
        yield address


def ids_from_left_to_right(project: Project) -> list[str]:
    path: Path = project.public / "data" / "catalogue.json"
    photos = json.loads(path.read_text(encoding="utf-8"))["photos"]
    return [one["id"] for one in sorted(photos, key=lambda one: one["box"][0])]


def test_a_photo_shows_all_its_bollards_and_links_each_to_the_next(
    page: Page, site: str, street: Project
) -> None:
    first, second, third = ids_from_left_to_right(street)
    page.goto(f"{site}photos/{first}/")
    frames = page.get_by_role("group", name="Bollards in this photo").get_by_role("link")
    expect(frames).to_have_count(3)
    expect(frames.nth(0)).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("heading", name="Other bollards in this photo")).to_be_visible()
    expect(page.locator(".beside a.thumb")).to_have_count(2)
    assert violations(page) == []

    boxes = [frame.bounding_box() for frame in frames.all()]
    picture = page.locator(".mounted > img").bounding_box()
    assert picture
    for place, box in enumerate(boxes):
        assert box
        middle = (box["x"] + box["width"] / 2 - picture["x"]) / picture["width"]
        assert place / 3 < middle < (place + 1) / 3

    frames.nth(1).click()
    page.wait_for_url(f"**/photos/{second}/")
    expect(frames.nth(1)).to_have_attribute("aria-current", "page")
    page.locator(f'.beside a[href*="{third}"]').click()
    page.wait_for_url(f"**/photos/{third}/")


def test_the_frames_are_reached_with_the_keyboard(page: Page, site: str, street: Project) -> None:
    first, second, _ = ids_from_left_to_right(street)
    page.goto(f"{site}photos/{first}/")
    page.get_by_role("link", name="Bollard 2").focus()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/photos/{second}/")
