"""A continent's course in a real browser: small steps, repetition, progress, no script."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.project import Project
from tests.browser.hosts import hosted
from tests.browser.quizzing import photos_of, shown

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def course(drawn_quiz: Project) -> Iterator[str]:
    """The address of Europe's course."""
    with hosted(drawn_quiz.public) as address:
        yield f"{address}learn/europe/"


@pytest.fixture(scope="module")
def photos(drawn_quiz: Project) -> dict[str, Any]:
    return photos_of(drawn_quiz)


def answer(page: Page, photos: dict[str, Any], *, right: bool = True) -> str:
    """Answer by keys alone; gives the type that was asked about."""
    expect(page.locator(".quiz-options button:enabled").first).to_be_visible()
    asked = photos[shown(page, ".quiz-asked")[0]]
    if page.locator(".quiz-table").get_attribute("data-mode") == "country":
        texts = page.locator(".quiz-options button").all_inner_texts()
        place = next(n for n, text in enumerate(texts) if asked["country_name"] in text)
    else:
        place = [photos[one]["type"] for one in shown(page, ".quiz-options")].index(asked["type"])
    page.keyboard.press(str((place if right else (place + 1) % 4) + 1))
    expect(page.locator(".verdict.right" if right else ".verdict.wrong")).to_be_visible()
    expect(page.locator("[name=next]")).to_be_focused()
    page.keyboard.press("Enter")
    kind: str = asked["type"]
    return kind


def test_a_step_ends_when_all_of_it_was_answered_rightly_and_progress_stays(
    page: Page, course: str, photos: dict[str, Any]
) -> None:
    page.goto(course)
    page.locator("[data-ready] [name=start]").click()
    expect(page.locator("#course-new")).to_be_focused()
    seen = page.locator(".course-new .card").count()
    assert seen == page.locator("#step-1 .card").count() > 1
    page.keyboard.press("Tab")
    page.locator("[name=ask]").press("Enter")
    cards = len((page.locator("#step-1").get_attribute("data-cards") or "").split())

    missed = answer(page, photos, right=False)
    asked = []
    while not page.locator(".quiz-end").is_visible():
        asked.append(answer(page, photos))
        assert len(asked) < 3 * cards

    # The missed card came again, and is named at the end.
    assert len(asked) == cards
    assert missed in asked
    expect(page.locator("#quiz-result")).to_be_focused()
    expect(page.locator("#quiz-result")).to_contain_text("is done")
    assert page.locator(".quiz-missed .card").count() == 1

    page.reload()
    expect(page.locator("#step-1 .step-state")).to_have_text("Done")
    page.goto(course.replace("europe/", ""))
    expect(page.locator("[data-course=EU] .road-steps .right")).to_have_count(1)

    page.goto(course)
    expect(page.locator("[data-ready]")).to_be_visible()
    page.locator(".quiz-progress summary").click()
    page.locator("[name=reset]").click()
    page.locator("[name=reset]").click()
    expect(page.locator("#step-1 .step-state")).to_have_text("Next")


def test_on_a_phone_the_button_after_the_pictures_is_in_view_and_enter_presses_it(
    browser: Browser, course: str, photos: dict[str, Any]
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(course)
    page.locator("[data-ready] [name=start]").click()
    expect(page.locator("[name=ask]")).to_be_in_viewport(ratio=1)

    page.keyboard.press("Enter")

    expect(page.locator(".quiz-hint")).to_be_hidden()
    # One answer is progress, though no step is done.
    answer(page, photos, right=False)
    page.goto(course.replace("europe/", ""))
    expect(page.locator("[data-course=EU] .course-state")).to_contain_text("Step 1 of")
    context.close()


def test_without_a_script_the_steps_are_lists_of_links(browser: Browser, course: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(course)

    expect(page.locator("#step-1 .card a").first).to_be_visible()
    expect(page.locator("[name=start]")).to_be_hidden()
    page.locator("#step-1 .card > a").first.click()
    expect(page).to_have_url(re.compile(r"/types/[^/]+/$"))
    context.close()
