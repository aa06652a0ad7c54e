"""The review page by key: naming, merging and moving without a mouse."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from generator.project import Project
from tests.browser.axe import violations
from tests.browser.reviewing import (
    curated,
    leave_a_doubt,
    leave_field,
    shown_type,
    type_name,
    until,
    until_saved,
)

pytestmark = pytest.mark.browser


def test_keys_and_clicks_before_the_page_has_loaded_do_nothing(
    review: str, browser: Browser
) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    held: list[Route] = []
    page.route("**/api/state", lambda route: held.append(route))
    with page.expect_request("**/api/state"):
        page.goto(review)

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.mouse.click(*middle_of(page, '[data-tab="types"]'))
    for route in held:
        route.continue_()
    page.unroute("**/api/state")

    expect(page.locator("#bench .bollard").first).to_be_visible()
    expect(page.locator('[data-tab="review"]')).to_have_attribute("aria-selected", "true")
    context.close()
    assert not complaints


def middle_of(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_enter_takes_the_suggested_name_and_goes_to_the_next(
    built_project: Project, desk: Page
) -> None:
    field = desk.locator("#name")
    expect(desk.locator("#bench .photo").first).to_be_focused()
    first, suggested = shown_type(desk), field.input_value()

    desk.keyboard.press("Enter")

    expect(desk.locator("#tally")).to_contain_text("1 of")
    assert curated(built_project)["types"][first]["name"] == suggested
    assert shown_type(desk) != first
    type_name(desk, "Milestone <b>bold</b>")
    second = shown_type(desk)
    desk.keyboard.press("Enter")
    expect(desk.locator("#tally")).to_contain_text("2 of")
    assert curated(built_project)["types"][second]["name"] == "Milestone <b>bold</b>"


def test_a_name_that_exists_offers_to_merge(built_project: Project, desk: Page) -> None:
    first = shown_type(desk)
    type_name(desk, "Milestone")
    desk.keyboard.press("Enter")
    expect(desk.locator("#tally")).to_contain_text("1 of")
    second = shown_type(desk)

    type_name(desk, "mile")
    expect(desk.locator("#names li")).to_have_count(1)
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("#name")).to_have_value("Milestone")
    desk.keyboard.press("Enter")
    expect(desk.locator("#merge")).to_be_visible()
    expect(desk.locator("#merge-told")).to_contain_text(
        f"types/{second}/ will redirect to types/{first}/"
    )
    desk.keyboard.press("Enter")

    until(lambda: curated(built_project).get("merges") == {second: first})


def test_types_are_merged_side_by_side_and_it_is_undone_and_redone(
    built_project: Project, desk: Page
) -> None:
    leave_field(desk)
    desk.keyboard.press("g")
    expect(desk.locator("#picker")).to_be_visible()
    desk.keyboard.press("Enter")
    expect(desk.locator("#merge-pair section")).to_have_count(2)
    desk.keyboard.press("Enter")
    until_saved(desk, lambda: "merges" in curated(built_project))
    merged = built_project.curation.read_text(encoding="utf-8")

    desk.keyboard.press("Control+z")
    expect(desk.locator("#toast")).to_contain_text("Undone")
    until_saved(desk, lambda: "merges" not in curated(built_project))

    leave_field(desk)
    desk.keyboard.press("Control+Shift+Z")
    until_saved(desk, lambda: built_project.curation.read_text(encoding="utf-8") == merged)


def test_bollards_are_moved_by_key(built_project: Project, desk: Page) -> None:
    leave_field(desk)
    bollard = desk.locator("#bench .bollard").first.get_attribute("data-bollard")
    desk.keyboard.press("Space")
    expect(desk.locator("#selection")).to_contain_text("1 bollard selected")

    desk.keyboard.press("m")
    target = desk.locator("#picker-list li").first.locator("b").inner_text()
    desk.keyboard.type(target[:12])
    desk.keyboard.press("Enter")

    until_saved(desk, lambda: len(curated(built_project).get("bollards", {})) == 1)
    row = desk.locator("#list .row", has_text=target).first
    row.click()
    expect(desk.locator(f'#bench [data-bollard="{bollard}"]')).to_contain_text("pinned")


def test_all_other_actions_have_single_keys(built_project: Project, desk: Page) -> None:
    here = shown_type(desk)
    leave_field(desk)
    desk.keyboard.press("d")
    desk.keyboard.type("Knee-high.")
    desk.keyboard.press("Enter")
    until_saved(
        desk,
        lambda: curated(built_project).get("types", {}).get(here) == {"description": "Knee-high."},
    )

    desk.keyboard.press("f")
    desk.keyboard.type("Posts")
    desk.keyboard.press("Enter")
    until_saved(desk, lambda: "posts" in curated(built_project).get("families", {}))

    desk.keyboard.press("ArrowRight")
    photo = desk.evaluate("document.activeElement.dataset.photo")
    desk.keyboard.press("i")
    until_saved(desk, lambda: curated(built_project)["types"][here].get("picture") == photo)

    desk.keyboard.press("c")
    desk.keyboard.type("norw")
    desk.keyboard.press("Enter")
    until_saved(desk, lambda: "NO" in str(curated(built_project).get("bollards")))

    # The choice of the country returns the focus to the photo.
    expect(desk.locator(f'#bench [data-photo="{photo}"]')).to_be_focused()
    desk.keyboard.press("h")
    until_saved(desk, lambda: "photos" in curated(built_project))
    expect(desk.locator(f'#bench [data-photo="{photo}"]')).to_have_count(0)

    desk.keyboard.press("?")
    expect(desk.locator("#help-box")).to_be_visible()
    expect(desk.locator("#help-list")).to_contain_text("keep it out")


def test_the_owner_says_what_a_type_looks_like_in_a_country_and_undoes_it(
    built_project: Project, desk: Page
) -> None:
    kind = shown_type(desk)

    def known() -> dict[str, Any]:
        return curated(built_project).get("types", {}).get(kind, {}).get("countries", {})

    desk.keyboard.press("y")
    expect(desk.locator("#picker")).to_be_visible()
    desk.keyboard.press("Enter")
    expect(desk.locator("#ask-text")).to_be_focused()
    desk.get_by_label("How often it is seen there").select_option("rare")
    assert not violations(desk)
    desk.locator("#ask-text").fill("Front reflector bright red.")
    desk.locator("#ask-text").press("Enter")

    until_saved(desk, lambda: bool(known()))
    [said] = known().values()
    assert said == {"frequency": "rare", "note": "Front reflector bright red."}
    expect(desk.locator("#bench .note")).to_contain_text("rare · Front reflector bright red.")

    desk.locator("#undo").click()
    until_saved(desk, lambda: not known())
    expect(desk.locator("#bench .note")).to_have_count(0)


def test_the_owner_chooses_the_address_of_a_type_and_is_told_what_that_means(
    built_project: Project, desk: Page
) -> None:
    kind = shown_type(desk)
    leave_field(desk)
    desk.keyboard.press("u")

    expect(desk.locator("#ask")).to_contain_text("redirect to the new one")
    expect(desk.locator("#ask-text")).to_have_value(kind)
    desk.locator("#ask-text").fill("tall-ones")
    desk.locator("#ask-text").press("Enter")

    until_saved(
        desk,
        lambda: curated(built_project).get("types", {}).get(kind) == {"slug": "tall-ones"},
    )
    expect(desk.locator("#bench .facts")).to_contain_text(f"types/{kind}/ will redirect to")


def test_a_refused_address_stays_in_the_dialog_with_the_reason(
    built_project: Project, desk: Page
) -> None:
    kind = shown_type(desk)
    leave_field(desk)
    desk.keyboard.press("u")
    desk.locator("#ask-text").fill("Tall Ones")
    desk.locator("#ask-text").press("Enter")

    expect(desk.locator("#ask-refused")).to_contain_text("Did you mean tall-ones?")
    expect(desk.locator("#ask-text")).to_be_focused()
    expect(desk.locator("#ask-text")).to_have_value("Tall Ones")
    desk.locator("#ask-text").fill("tall-ones")
    desk.locator("#ask-text").press("Enter")

    expect(desk.locator("#ask")).to_be_hidden()
    assert curated(built_project)["types"][kind] == {"slug": "tall-ones"}


def test_a_shortcut_is_never_a_letter_of_a_name(built_project: Project, desk: Page) -> None:
    first = shown_type(desk)
    name = desk.locator("#name").input_value()
    desk.keyboard.press("1")
    expect(desk.locator("#toast")).to_contain_text("does nothing on this screen")
    desk.keyboard.press("?")
    expect(desk.locator("#help-list")).to_contain_text("split the selected ones off")
    expect(desk.locator("#help-list")).not_to_contain_text("publish it")
    desk.keyboard.press("Escape")
    desk.keyboard.press("s")
    expect(desk.locator("#ask")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("Enter")
    expect(desk.locator("#tally")).to_contain_text("1 of")
    assert curated(built_project)["types"] == {first: {"name": name}}


def test_x_leaves_a_bollard_in_doubt_unsorted(
    built_project: Project, review: str, desk: Page
) -> None:
    before = leave_a_doubt(review)
    assert before
    doubt = desk.locator('#list [data-entry^="doubtful:"]')
    expect(doubt).to_have_count(before)
    doubt.first.click()
    expect(desk.locator("#bench")).to_contain_text("Neither: keep unsorted")
    desk.keyboard.press("x")
    expect(doubt).to_have_count(before - 1)
    assert "" in [one.get("type") for one in curated(built_project)["bollards"].values()]


def test_names_come_before_ids_and_exact_ones_before_parts(
    built_project: Project, desk: Page
) -> None:
    first = shown_type(desk)
    word = first.split("-")[0]
    desk.locator('[data-tab="types"]').click()
    desk.locator("#list .row").last.click()
    last = shown_type(desk)
    assert last != first
    type_name(desk, word)
    desk.keyboard.press("Enter")
    until_saved(desk, lambda: curated(built_project).get("types", {}).get(last) == {"name": word})

    leave_field(desk)
    desk.keyboard.press("/")
    desk.keyboard.type(word)
    options = desk.locator("#picker-list li")
    expect(options.first.locator("b")).to_have_text(word)
    expect(options.first.locator("mark")).to_have_text(word)


def test_the_end_of_a_list_is_reported_and_photos_have_their_file_names(desk: Page) -> None:
    expect(desk.locator("#bench .files").first).to_contain_text(".jpg")
    expect(desk.locator("#list .end")).to_have_text("End of the list.")
    desk.locator("#list .row").last.click()
    shown = desk.locator("#bench").get_attribute("data-entry")
    desk.keyboard.press("j")
    expect(desk.locator("#toast")).to_have_text("End of the list.")
    assert desk.locator("#bench").get_attribute("data-entry") == shown
