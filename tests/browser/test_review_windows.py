"""The review page in several windows, after edits by hand, and without its server."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from tests.browser.reviewing import (
    curated,
    leave_field,
    opened,
    shown_type,
    type_name,
    until,
    until_saved,
)
from tests.review.conftest import reviewing

pytestmark = pytest.mark.browser


def test_two_windows_and_a_hand_edit_see_each_other(
    built_project: Project, review: str, desk: Page, browser: Browser
) -> None:
    kind = shown_type(desk)
    with opened(browser, review) as other:
        type_name(desk, "From the first")
        desk.keyboard.press("Enter")

        expect(other.locator("#tally")).to_contain_text("1 of")
        waiting = other.locator("#list section", has_text="named yet")
        expect(waiting).not_to_contain_text("From the first")

        text = built_project.curation.read_text(encoding="utf-8")
        built_project.curation.write_text(
            text.replace("From the first", "By hand"), encoding="utf-8"
        )
        for page in (desk, other):
            page.locator('[data-tab="types"]').click()
            expect(page.locator("#list")).to_contain_text("By hand")
    assert curated(built_project)["types"][kind]["name"] == "By hand"


def test_a_broken_file_is_shown_and_decisions_made_meanwhile_are_saved_after_repair(
    built_project: Project, desk: Page
) -> None:
    built_project.curation.write_text("[types.a\n", encoding="utf-8")
    expect(desk.locator("#alerts")).to_contain_text("error in line 1")

    desk.locator("#name").fill("Patience")
    desk.keyboard.press("Enter")
    expect(desk.locator("#saved")).to_contain_text("Saving 1 decision")
    assert built_project.curation.read_text(encoding="utf-8") == "[types.a\n"

    built_project.curation.write_text("", encoding="utf-8")
    until(lambda: "Patience" in built_project.curation.read_text(encoding="utf-8"))
    expect(desk.locator("#alerts")).to_be_empty()


def test_a_killed_server_is_reported_and_unconfirmed_decisions_are_kept(
    built_project: Project, browser: Browser
) -> None:
    with (
        reviewing(built_project) as (window, process),
        opened(browser, window.address) as page,
    ):
        process.kill()
        process.wait(timeout=10)
        expect(page.locator("#alerts")).to_contain_text("server is gone")
        page.locator("#name").fill("Kept")
        page.keyboard.press("Enter")
        expect(page.locator("#alerts")).to_contain_text("1 decision is not saved yet")
        assert not built_project.curation.exists()

        with reviewing(built_project, window.port):
            until(lambda: "Kept" in str(curated(built_project)))
            expect(page.locator("#alerts")).to_be_empty()


def test_a_reload_shows_the_decisions(built_project: Project, desk: Page) -> None:
    type_name(desk, "Milestone")
    desk.keyboard.press("Enter")
    expect(desk.locator("#tally")).to_contain_text("1 of")

    desk.reload()

    expect(desk.locator("#tally")).to_contain_text("1 of")
    desk.locator('[data-tab="types"]').click()
    expect(desk.locator("#list")).to_contain_text("Milestone")


def test_decisions_are_built_and_names_and_addresses_outlast_new_photos(
    built_project: Project, desk: Page, drawn_photos: Path
) -> None:
    first = shown_type(desk)
    type_name(desk, "Milestone")
    desk.keyboard.press("Enter")
    expect(desk.locator("#tally")).to_contain_text("1 of")
    second = shown_type(desk)
    type_name(desk, "Milestone")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Enter")
    until_saved(desk, lambda: "merges" in curated(built_project))

    leave_field(desk)
    desk.keyboard.press("e")
    expect(desk.locator("#changes-list")).to_contain_text(f"types/{second}/ will redirect to")
    desk.keyboard.press("b")
    expect(desk.locator("#toast")).to_contain_text("Built", timeout=60_000)

    page = built_project.public / "types" / first / "index.html"
    assert "Milestone" in page.read_text(encoding="utf-8")
    added = next((drawn_photos / "germany").glob("*.jpg"))
    (built_project.photos / "chile").mkdir()
    (built_project.photos / "chile" / "new.jpg").write_bytes(added.read_bytes() + b"\0")
    build(built_project, Progress(quiet=True))
    assert "Milestone" in page.read_text(encoding="utf-8")
    gone = built_project.public / "types" / second / "index.html"
    assert first in gone.read_text(encoding="utf-8")
