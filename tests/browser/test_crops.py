"""Crops on the review page: cards show them, and a box of the owner's shows in them at once."""

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from generator.published import read_published
from tests.browser.axe import violations
from tests.build.test_whole import draw_street_views
from tests.review.conftest import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Street views, some of which the detector crops."""
    root = tmp_path_factory.mktemp("crops") / "site"
    draw_street_views(root / "photos" / "norway", 12)
    (root / "site.toml").touch()
    build(Project(root), Progress(quiet=True))
    return root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Project:
    return Project(shutil.copytree(built, tmp_path / "site"))


@pytest.fixture
def page(project: Project, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    with served(project) as address:
        page.goto(address)
        page.locator('[data-tab="types"]').click()
        expect(page.locator("#name")).to_be_visible()
        yield page
        context.close()
    assert not complaints


def test_cards_show_crops_and_whole_photos_stay_whole(project: Project, page: Page) -> None:
    photos = read_published(project.public).photos.values()
    cropped = {one.id for one in photos if one.crop != (0, 0, one.width, one.height)}
    for photo in page.locator("#bench .photo").all():
        shown = photo.locator(".cropped").count() == 1
        assert shown == (photo.get_attribute("data-photo") in cropped)
    assert violations(page) == []


def test_a_box_that_is_drawn_for_any_bollard_shows_on_its_card_at_once(
    project: Project, page: Page
) -> None:
    photo = page.locator("#bench .photo").first
    key = photo.get_attribute("data-photo")
    photo.click()
    page.keyboard.press("w")
    page.wait_for_function("() => document.getElementById('box-picture').naturalWidth > 0")
    area = page.locator("#box-picture").bounding_box()
    assert area
    scale = area["width"] / 640
    page.mouse.move(area["x"] + 200 * scale, area["y"] + 100 * scale)
    page.mouse.down()
    page.mouse.move(area["x"] + 220 * scale, area["y"] + 200 * scale, steps=3)
    page.mouse.up()
    page.keyboard.press("Enter")

    # The crop is 139 px high, and the card shows 111 of 640 px of the photo's width.
    card = page.locator(f'#bench [data-photo="{key}"] .cropped img')
    expect(card).to_have_attribute("style", re.compile(r"width: 5[67]\d(\.\d+)?%"))
    expect(page.locator("#saved")).to_contain_text("All decisions are saved")
    (said,) = tomllib.loads(project.curation.read_text(encoding="utf-8"))["photos"].values()
    assert said["box"] == pytest.approx([200, 100, 220, 200], abs=3)

    build(project, Progress(quiet=True))
    left, top, right, bottom = read_published(project.public).photos[str(key)].crop
    assert (left, top) == pytest.approx((175, 80), abs=4)
    assert (right, bottom) == pytest.approx((245, 220), abs=4)
