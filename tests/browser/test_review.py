"""The review page in a real browser: a collection is named by key, by mouse and in two windows."""

import shutil
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from tests.browser.axe import violations
from tests.review.conftest import Window, reviewing, served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def grouped(tmp_path_factory: pytest.TempPathFactory, drawn_photos: Path) -> Path:
    """The drawn collection, built, so that it has types of several bollards."""
    root = tmp_path_factory.mktemp("review") / "site"
    shutil.copytree(drawn_photos, root / "photos")
    (root / "site.toml").write_text('[site]\ntitle = "Posts"\n', encoding="utf-8")
    build(Project(root), Progress(quiet=True))
    return root


@pytest.fixture
def project(grouped: Path, tmp_path: Path) -> Project:
    shutil.copytree(grouped, tmp_path / "site")
    return Project(tmp_path / "site")


@pytest.fixture
def review(project: Project) -> Iterator[str]:
    with served(project) as address:
        yield address


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


@pytest.fixture
def desk(browser: Browser, review: str) -> Iterator[Page]:
    """The page as it opens: the first unnamed type, its name field in focus."""
    with opened(browser, review) as page:
        yield page


def curated(project: Project) -> dict[str, Any]:
    try:
        return tomllib.loads(project.curation.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def until(said: Callable[[], bool]) -> None:
    """Wait for the file; the page itself is waited for by `expect`."""
    deadline = time.monotonic() + 10
    while not said():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def leave_field(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("#bench .photo").first).to_be_focused()


def shown_type(page: Page) -> str:
    address = page.locator("#bench .facts code").inner_text()
    return address.removeprefix("types/").removesuffix("/")


def leave_a_doubt(review: str) -> None:
    """Part a type in two and keep one of its bollards out of it, which the other is near then."""
    window = Window(review)
    kind = next(one for one in window.state()["types"] if len(one["bollards"]) > 2)
    one, *rest = kind["bollards"]
    window.decided({"do": "split", "bollards": rest[:1], "name": ""})
    window.decided({"do": "keep-out", "bollards": [one], "type": kind["id"]})


def test_enter_takes_the_suggested_name_and_goes_to_the_next(project: Project, desk: Page) -> None:
    field = desk.locator("#name")
    expect(field).to_be_focused()
    first, suggested = shown_type(desk), field.input_value()

    desk.keyboard.press("Enter")

    expect(desk.locator("#tally")).to_contain_text("1 of")
    assert curated(project)["types"][first]["name"] == suggested
    assert shown_type(desk) != first
    expect(field).to_be_focused()
    desk.keyboard.type("Milestone <b>bold</b>")
    second = shown_type(desk)
    desk.keyboard.press("Enter")
    expect(desk.locator("#tally")).to_contain_text("2 of")
    assert curated(project)["types"][second]["name"] == "Milestone <b>bold</b>"


def test_a_name_that_exists_offers_to_merge(project: Project, desk: Page) -> None:
    first = shown_type(desk)
    desk.keyboard.type("Milestone")
    desk.keyboard.press("Enter")
    expect(desk.locator("#tally")).to_contain_text("1 of")
    second = shown_type(desk)

    desk.keyboard.type("mile")
    expect(desk.locator("#names li")).to_have_count(1)
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("#name")).to_have_value("Milestone")
    desk.keyboard.press("Enter")
    expect(desk.locator("#merge")).to_be_visible()
    expect(desk.locator("#merge-told")).to_contain_text(
        f"types/{second}/ will redirect to types/{first}/"
    )
    desk.keyboard.press("Enter")

    until(lambda: curated(project).get("merges") == {second: first})


def test_types_are_merged_side_by_side_and_it_is_undone_and_redone(
    project: Project, desk: Page
) -> None:
    leave_field(desk)
    desk.keyboard.press("g")
    expect(desk.locator("#picker")).to_be_visible()
    desk.keyboard.press("Enter")
    expect(desk.locator("#merge-pair section")).to_have_count(2)
    desk.keyboard.press("Enter")
    until(lambda: "merges" in curated(project))
    merged = project.curation.read_text(encoding="utf-8")

    desk.keyboard.press("Control+z")
    expect(desk.locator("#toast")).to_contain_text("Undone")
    until(lambda: "merges" not in curated(project))

    leave_field(desk)
    desk.keyboard.press("Control+Shift+Z")
    until(lambda: project.curation.read_text(encoding="utf-8") == merged)


def test_bollards_are_moved_by_key(project: Project, desk: Page) -> None:
    leave_field(desk)
    bollard = desk.locator("#bench .bollard").first.get_attribute("data-bollard")
    desk.keyboard.press("Space")
    expect(desk.locator("#selection")).to_contain_text("1 bollard selected")

    desk.keyboard.press("m")
    target = desk.locator("#picker-list li").first.locator("b").inner_text()
    desk.keyboard.type(target[:12])
    desk.keyboard.press("Enter")

    until(lambda: len(curated(project).get("bollards", {})) == 1)
    row = desk.locator("#list .row", has_text=target).first
    row.click()
    expect(desk.locator(f'#bench [data-bollard="{bollard}"]')).to_contain_text("pinned")


def test_a_bollard_is_dragged_onto_a_type(project: Project, desk: Page) -> None:
    card = desk.locator("#bench .bollard").first
    bollard = card.get_attribute("data-bollard")
    here = shown_type(desk)
    box = card.locator(".photo").first.bounding_box()
    assert box

    desk.mouse.move(box["x"] + 40, box["y"] + 40)
    desk.mouse.down()
    desk.mouse.move(box["x"] + 60, box["y"] + 60, steps=4)
    expect(desk.locator('[data-tab="types"]')).to_have_attribute("aria-selected", "true")
    target = desk.locator(f'#list [data-drop]:not([data-drop="{here}"])').first
    goal = target.get_attribute("data-drop")
    place = target.bounding_box()
    assert place
    desk.mouse.move(place["x"] + 30, place["y"] + 20, steps=6)
    desk.mouse.up()

    until(lambda: [one["type"] for one in curated(project).get("bollards", {}).values()] == [goal])
    expect(desk.locator('[data-tab="review"]')).to_have_attribute("aria-selected", "true")
    expect(desk.locator(f'#bench [data-bollard="{bollard}"]')).to_have_count(0)


def test_a_bollard_is_dragged_by_touch_after_a_moment(
    project: Project, review: str, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 768, "height": 1024}, has_touch=True)
    page = context.new_page()
    page.goto(review)
    page.wait_for_selector("#bench .bollard")
    page.tap('[data-tab="types"]')
    finger = context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    here = shown_type(page)
    target = page.locator(f'#list [data-drop]:not([data-drop="{here}"])').first
    photo, place = page.locator("#bench .photo").first.bounding_box(), target.bounding_box()
    assert photo
    assert place
    touch("touchStart", (photo["x"] + 30, photo["y"] + 30))
    expect(page.locator(".ghost")).to_have_count(1)
    touch("touchMove", (place["x"] + 60, place["y"] + 40))
    touch("touchMove", (place["x"] + 60, place["y"] + 20))
    touch("touchEnd")

    goal = target.get_attribute("data-drop")
    until(lambda: [one["type"] for one in curated(project).get("bollards", {}).values()] == [goal])
    context.close()


def test_photos_are_picked_with_the_mouse_and_split_off(project: Project, desk: Page) -> None:
    origin = shown_type(desk)
    desk.locator("#bench .bollard").first.locator(".photo").first.click()

    desk.locator("#tools").get_by_role("button", name="Split off").click()
    desk.keyboard.type("The odd one")
    desk.keyboard.press("Enter")

    until(lambda: "the-odd-one" in curated(project).get("types", {}))
    assert curated(project)["types"]["the-odd-one"]["split_from"] == origin
    desk.locator('[data-tab="types"]').click()
    expect(desk.locator("#list")).to_contain_text("The odd one")


def test_the_rest_is_done_by_single_keys(project: Project, desk: Page) -> None:
    here = shown_type(desk)
    leave_field(desk)
    desk.keyboard.press("d")
    desk.keyboard.type("Knee-high.")
    desk.keyboard.press("Enter")
    until(lambda: curated(project).get("types", {}).get(here) == {"description": "Knee-high."})

    desk.keyboard.press("f")
    desk.keyboard.type("Posts")
    desk.keyboard.press("Enter")
    until(lambda: "posts" in curated(project).get("families", {}))

    desk.keyboard.press("ArrowRight")
    photo = desk.evaluate("document.activeElement.dataset.photo")
    desk.keyboard.press("i")
    until(lambda: curated(project)["types"][here].get("picture") == photo)

    desk.keyboard.press("c")
    desk.keyboard.type("norw")
    desk.keyboard.press("Enter")
    until(lambda: "NO" in str(curated(project).get("bollards")))

    desk.keyboard.press("h")
    until(lambda: "photos" in curated(project))
    expect(desk.locator(f'#bench [data-photo="{photo}"]')).to_have_count(0)

    desk.keyboard.press("?")
    expect(desk.locator("#help-box")).to_be_visible()
    expect(desk.locator("#help-list")).to_contain_text("keep it out")


@pytest.mark.parametrize("width", [1440, 768])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_and_operate_it(
    review: str, browser: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    leave_a_doubt(review)
    context = browser.new_context(
        viewport={"width": width, "height": 1000}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(review)
    page.wait_for_selector("#bench .bollard")

    assert violations(page) == []
    page.locator('#list [data-entry^="doubtful:"], #list [data-entry^="split:"]').first.click()
    page.locator("#bench .photo").first.click()
    assert violations(page) == []
    page.keyboard.press("m")
    expect(page.locator("#picker")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_two_windows_and_a_hand_edit_see_each_other(
    project: Project, review: str, desk: Page, browser: Browser
) -> None:
    kind = shown_type(desk)
    with opened(browser, review) as other:
        desk.keyboard.type("From the first")
        desk.keyboard.press("Enter")

        expect(other.locator("#tally")).to_contain_text("1 of")
        waiting = other.locator("#list section", has_text="named yet")
        expect(waiting).not_to_contain_text("From the first")

        text = project.curation.read_text(encoding="utf-8")
        project.curation.write_text(text.replace("From the first", "By hand"), encoding="utf-8")
        for page in (desk, other):
            page.locator('[data-tab="types"]').click()
            expect(page.locator("#list")).to_contain_text("By hand")
    assert curated(project)["types"][kind]["name"] == "By hand"


def test_a_broken_file_is_shown_and_what_was_decided_meanwhile_is_saved_after_repair(
    project: Project, desk: Page
) -> None:
    project.curation.write_text("[types.a\n", encoding="utf-8")
    expect(desk.locator("#alerts")).to_contain_text("error in line 1")

    desk.locator("#name").fill("Patience")
    desk.keyboard.press("Enter")
    expect(desk.locator("#saved")).to_contain_text("Saving 1 decision")
    assert project.curation.read_text(encoding="utf-8") == "[types.a\n"

    project.curation.write_text("", encoding="utf-8")
    until(lambda: "Patience" in project.curation.read_text(encoding="utf-8"))
    expect(desk.locator("#alerts")).to_be_empty()


def test_a_killed_server_is_told_and_what_it_did_not_confirm_is_kept(
    project: Project, browser: Browser
) -> None:
    with (
        reviewing(project) as (window, process),
        opened(browser, window.address) as page,
    ):
        process.kill()
        process.wait(timeout=10)
        expect(page.locator("#alerts")).to_contain_text("server is gone")
        page.locator("#name").fill("Kept")
        page.keyboard.press("Enter")
        expect(page.locator("#alerts")).to_contain_text("1 decision is not saved yet")
        assert not project.curation.exists()

        with reviewing(project, window.port):
            until(lambda: "Kept" in str(curated(project)))
            expect(page.locator("#alerts")).to_be_empty()


def test_a_reload_shows_what_was_decided(project: Project, desk: Page) -> None:
    desk.keyboard.type("Milestone")
    desk.keyboard.press("Enter")
    expect(desk.locator("#tally")).to_contain_text("1 of")

    desk.reload()

    expect(desk.locator("#tally")).to_contain_text("1 of")
    desk.locator('[data-tab="types"]').click()
    expect(desk.locator("#list")).to_contain_text("Milestone")


def test_decisions_are_built_and_names_and_addresses_outlast_new_photos(
    project: Project, desk: Page, drawn_photos: Path
) -> None:
    first = shown_type(desk)
    desk.keyboard.type("Milestone")
    desk.keyboard.press("Enter")
    expect(desk.locator("#tally")).to_contain_text("1 of")
    second = shown_type(desk)
    desk.keyboard.type("Milestone")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Enter")
    until(lambda: "merges" in curated(project))

    leave_field(desk)
    desk.keyboard.press("e")
    expect(desk.locator("#changes-list")).to_contain_text(f"types/{second}/ will redirect to")
    desk.keyboard.press("b")
    expect(desk.locator("#toast")).to_contain_text("Built", timeout=60_000)

    page = project.public / "types" / first / "index.html"
    assert "Milestone" in page.read_text(encoding="utf-8")
    added = next((drawn_photos / "germany").glob("*.jpg"))
    (project.photos / "chile").mkdir()
    (project.photos / "chile" / "new.jpg").write_bytes(added.read_bytes() + b"\0")
    build(project, Progress(quiet=True))
    assert "Milestone" in page.read_text(encoding="utf-8")
    gone = project.public / "types" / second / "index.html"
    assert first in gone.read_text(encoding="utf-8")
