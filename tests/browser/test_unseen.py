"""Photos in which no bollard is seen, on the review page: published, hidden and boxed."""

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, expect

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from tests.browser.axe import violations
from tests.review.conftest import served
from tests.sites import ProjectAt

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, project_at: ProjectAt) -> Path:
    """The drawn collection and three skies, which are held back."""
    root = tmp_path_factory.mktemp("unseen") / "site"
    project = project_at(root, '[site]\ntitle = "Posts"\n')
    (root / "photos" / "norway").mkdir()
    for number in range(3):
        blank = Image.linear_gradient("L").rotate(90 * number).resize((800, 600))
        sky = ImageOps.colorize(blank, (90, 140, 210), (200, 220, 240))
        sky.save(root / "photos" / "norway" / f"sky-{number}.jpg")
    build(project, Progress(quiet=True))
    return root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Project:
    shutil.copytree(built, tmp_path / "site")
    return Project(tmp_path / "site")


@pytest.fixture
def page(project: Project, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    with served(project) as address:
        page.goto(address)
        expect(page.locator("#bench h2")).to_contain_text("Is there a bollard in this photo?")
        yield page
        context.close()
    assert not complaints


def decisions(project: Project) -> dict[str, dict[str, Any]]:
    """The decisions about single photos, by the file named beside each entry."""
    text = project.curation.read_text(encoding="utf-8")
    files = {
        line.split('"')[1]: line.partition("# ")[2]
        for line in text.splitlines()
        if line.startswith("[photos.")
    }
    return {files[key]: one for key, one in tomllib.loads(text)["photos"].items()}


def test_they_come_first_and_need_one_key_each(project: Project, page: Page) -> None:
    rows = page.locator("#list .row")
    for number in range(3):
        expect(rows.nth(number)).to_contain_text(f"norway/sky-{number}.jpg")
    assert violations(page) == []

    page.keyboard.press("p")
    expect(page.locator("#bench")).to_contain_text("norway/sky-1.jpg")
    page.keyboard.press("h")
    expect(page.locator("#bench")).to_contain_text("norway/sky-2.jpg")
    expect(page.locator("#saved")).to_contain_text("All decisions are saved")

    assert decisions(project) == {
        "norway/sky-0.jpg": {"hidden": False},
        "norway/sky-1.jpg": {"hidden": True},
    }
    assert build(project, Progress(quiet=True)).photos == 19
    site = (project.public / "data" / "catalogue.json").read_text(encoding="utf-8")
    assert "norway/sky-0.jpg" in site
    assert "norway/sky-1.jpg" not in site
    assert "norway/sky-2.jpg" not in site


def test_a_box_is_drawn_with_the_mouse_and_corrected_with_keys(
    project: Project, page: Page
) -> None:
    page.keyboard.press("w")
    picture = page.locator("#box-picture")
    expect(picture).to_be_visible()
    page.wait_for_function("document.getElementById('box-picture').naturalWidth > 0")
    assert violations(page) == []
    area = picture.bounding_box()
    assert area
    scale = area["width"] / 800

    page.mouse.move(area["x"] + 300 * scale, area["y"] + 100 * scale)
    page.mouse.down()
    page.mouse.move(area["x"] + 400 * scale, area["y"] + 460 * scale, steps=4)
    page.mouse.up()
    # The crop is twice as high as wide, and the bollard fills 72% of its height.
    page.wait_for_function(
        """() => {
          const { width, height } = document.getElementById("box-preview");
          return Math.abs(height / width - 2) < 0.05;
        }"""
    )
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#bench")).to_contain_text("norway/sky-1.jpg")
    expect(page.locator("#saved")).to_contain_text("All decisions are saved")

    (box,) = (one["box"] for one in decisions(project).values())
    assert box == pytest.approx([308, 100, 408, 468], abs=3)
    build(project, Progress(quiet=True))
    photos = project.public / "data" / "catalogue.json"
    assert "norway/sky-0.jpg" in photos.read_text(encoding="utf-8")


def test_a_box_is_drawn_with_a_finger(project: Project, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 600, "height": 900}, has_touch=True)
    page = context.new_page()
    with served(project) as address:
        page.goto(address)
        page.get_by_role("button", name="Draw the box").tap()
        page.wait_for_function("document.getElementById('box-picture').naturalWidth > 0")
        area = page.locator("#box-picture").bounding_box()
        assert area
        finger = context.new_cdp_session(page)
        for kind, share in (("touchStart", 0.2), ("touchMove", 0.5), ("touchEnd", None)):
            points = []
            if share is not None:
                x, y = area["x"] + share * area["width"], area["y"] + share * area["height"]
                points = [{"x": x, "y": y}]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        # Not a tap: right after a quick stroke a browser takes one as the end of a scroll.
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#bench")).to_contain_text("norway/sky-1.jpg")
        expect(page.locator("#saved")).to_contain_text("All decisions are saved")
        context.close()
    (box,) = (one["box"] for one in decisions(project).values())
    assert box == pytest.approx([160, 120, 400, 300], abs=6)


def test_a_photo_in_the_folders_of_two_countries_is_a_decision(
    project: Project, browser: Browser
) -> None:
    original = next((project.photos / "germany").glob("*.jpg"))
    for folder in ("camera", "poland"):
        (project.photos / folder).mkdir()
        shutil.copy(original, project.photos / folder / original.name)
    shutil.rmtree(project.photos / "norway")
    report = build(project, Progress(quiet=True))
    assert any("germany/" in line and "poland/" in line for line in report.lines())
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    with served(project) as address:
        page.goto(address)
        expect(page.locator("#bench h2")).to_contain_text("In which country")
        expect(page.locator("#bench .filed li")).to_have_count(2)
        assert violations(page) == []
        page.keyboard.press("2")
        expect(page.locator("#name")).to_be_visible()
        expect(page.locator("#saved")).to_contain_text("All decisions are saved")
        context.close()
    said = tomllib.loads(project.curation.read_text(encoding="utf-8"))["bollards"]
    assert [one["country"] for one in said.values()] == ["PL"]
    assert build(project, Progress(quiet=True)).review.filed_twice == ()


def test_one_of_two_near_duplicates_is_kept_with_the_known_country(
    project: Project, browser: Browser
) -> None:
    original = next((project.photos / "germany").glob("*.jpg"))
    (project.photos / "unsorted").mkdir()
    with Image.open(original) as image:
        image.save(project.photos / "unsorted" / "again.jpg", quality=80)
    shutil.rmtree(project.photos / "norway")
    build(project, Progress(quiet=True))
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    with served(project) as address:
        page.goto(address)
        expect(page.locator("#bench h2")).to_contain_text("Which of these two photos")
        assert violations(page) == []
        expect(page.locator("#bench .side").first).to_contain_text("germany/")
        page.keyboard.press("2")
        expect(page.locator("#name")).to_be_visible()
        expect(page.locator("#saved")).to_contain_text("All decisions are saved")
        context.close()
    assert decisions(project) == {f"germany/{original.name}": {"hidden": True}}
    said = tomllib.loads(project.curation.read_text(encoding="utf-8"))["bollards"]
    assert [one["country"] for one in said.values()] == ["DE"]
