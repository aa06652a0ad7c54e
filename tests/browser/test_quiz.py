"""The quiz in a real browser: questions, answers, explanations, progress, another device."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.project import Project
from tests.browser.hosts import hosted
from tests.browser.quizzing import photos_of, shown


@pytest.fixture(scope="module")
def quiz(drawn_quiz: Project) -> Iterator[str]:
    """The address of its quiz."""
    with hosted(drawn_quiz.public) as address:
        yield f"{address}quiz/"


@pytest.fixture(scope="module")
def photos(drawn_quiz: Project) -> dict[str, Any]:
    return photos_of(drawn_quiz)


def right_number(page: Page, photos: dict[str, Any]) -> int:
    """The number of the right answer."""
    mode = page.locator(".quiz-table").get_attribute("data-mode")
    if mode == "country":
        asked = photos[shown(page, ".quiz-asked")[0]]
        options = page.locator(".quiz-options button").all_inner_texts()
        return next(n for n, text in enumerate(options) if asked["country_name"] in text) + 1
    types = [photos[photo]["type"] for photo in shown(page, ".quiz-options")]
    if mode == "type":
        return types.index(photos[shown(page, ".quiz-asked")[0]]["type"]) + 1
    return next(n for n, kind in enumerate(types) if types.count(kind) == 1) + 1


def begin(page: Page, quiz: str, mode: str, more: str = "") -> None:
    page.goto(f"{quiz}?mode={mode}{more}")
    expect(page.locator(".quiz[data-ready]")).to_be_visible()
    expect(page.locator(".quiz-options button").first).to_be_visible()


def answer(page: Page, number: int) -> None:
    """Answer and continue by keys alone."""
    page.keyboard.press(str(number))
    expect(page.locator(".verdict")).to_be_visible()
    page.keyboard.press("Enter")
    # The next question, or the end.
    expect(page.locator(".quiz-options button:disabled:visible")).to_have_count(0)


def progress(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        "JSON.parse(Object.entries(localStorage).find(([name]) => name.includes('quiz'))[1])"
    )
    return found


@pytest.mark.parametrize("mode", ["country", "type", "odd", "mixed"])
def test_a_round_is_played_by_keys_alone(
    page: Page, quiz: str, photos: dict[str, Any], mode: str
) -> None:
    begin(page, quiz, mode)

    for number in range(10):
        expect(page.locator(".quiz-count")).to_have_text(f"Question {number + 1} of 10")
        expect(page.locator(".quiz-options button:enabled").first).to_be_visible()
        assert page.locator(".quiz-options button").count() == 4
        right = right_number(page, photos)
        page.keyboard.press(str(right))
        expect(page.locator(".verdict.right")).to_be_visible()
        expect(page.locator("[name=next]")).to_be_focused()
        page.keyboard.press("Space" if number % 2 else "Enter")

    expect(page.locator("#quiz-result")).to_have_text("10 of 10 right")
    expect(page.locator(".quiz-faultless")).to_be_visible()
    assert progress(page)["answered"] == progress(page)["right"] == 10


def test_only_one_of_the_countries_can_be_correct(
    page: Page, quiz: str, photos: dict[str, Any]
) -> None:
    begin(page, quiz, "country")
    for _ in range(8):
        asked = photos[shown(page, ".quiz-asked")[0]]
        of_type = asked["type"] or ""
        there = {p["country_name"] for p in photos.values() if p["type"] == of_type}
        there |= {asked["country_name"]}  # An unsorted bollard has no type.
        options = page.locator(".quiz-options button").all_inner_texts()
        assert sum(any(name in text for name in there) for text in options) == 1
        answer(page, right_number(page, photos))


def test_neither_picture_nor_words_reveal_the_answer(
    page: Page, quiz: str, photos: dict[str, Any]
) -> None:
    names = {photo["country_name"] for photo in photos.values()}
    begin(page, quiz, "country")

    alt = page.locator(".quiz-asked img").get_attribute("alt") or ""

    assert alt
    assert not any(name in alt for name in names)
    source = page.locator(".quiz-asked img").get_attribute("src") or ""
    assert not any(name.lower() in source.lower() for name in names)


def test_a_wrong_answer_is_explained_and_asked_again_soon(
    page: Page, quiz: str, photos: dict[str, Any]
) -> None:
    begin(page, quiz, "type")
    missed = photos[shown(page, ".quiz-asked")[0]]["type"]
    right = right_number(page, photos)
    page.keyboard.press(str(right % 4 + 1))
    expect(page.locator(".verdict.wrong")).to_be_visible()
    expect(page.locator(".apart")).to_be_visible()
    assert page.locator(f".apart a[href*='types/{missed}/']").count() == 1
    expect(page.locator(".quiz-options .right")).to_have_count(1)
    expect(page.locator(".quiz-options .wrong")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".quiz-count")).to_have_text("Question 2 of 10")

    asked = []
    for number in range(2, 7):
        expect(page.locator(".quiz-count")).to_have_text(f"Question {number} of 10")
        asked.append(photos[shown(page, ".quiz-asked")[0]]["type"])
        answer(page, right_number(page, photos))

    assert missed in asked
    assert progress(page)["cards"][f"type/{missed}"][0] == 1


def test_a_link_opens_a_quiz_about_a_set_of_types(
    page: Page, quiz: str, photos: dict[str, Any]
) -> None:
    begin(page, quiz, "country", "&set=EU")
    for _ in range(5):
        asked = photos[shown(page, ".quiz-asked")[0]]["country_name"]
        assert asked in {"Germany", "France", "Italy", "Norway"}
        answer(page, right_number(page, photos))
    page.click("[name=leave]:visible")

    assert page.locator("[name=set]").input_value() == "EU"
    expect(page).to_have_url(re.compile(r"set=EU$"))
    begin(page, quiz, "country", "&set=JP,PE")
    assert photos[shown(page, ".quiz-asked")[0]]["country"] in {"JP", "PE"}
    page.goto(f"{quiz}?set=nowhere")
    expect(page.locator(".quiz[data-ready]")).to_be_visible()
    assert page.locator("[name=set]").input_value() == ""


def types_of(drawn_quiz: Project) -> list[dict[str, Any]]:
    """The site's types, as other programs read them."""
    text = (drawn_quiz.public / "data" / "catalogue.json").read_text(encoding="utf-8")
    types: list[dict[str, Any]] = json.loads(text)["types"]
    return types


def test_two_look_alikes_can_be_practised_alone(
    page: Page, quiz: str, photos: dict[str, Any], drawn_quiz: Project
) -> None:
    kind = next(kind for kind in types_of(drawn_quiz) if kind["lookalikes"])
    other = kind["lookalikes"][0]["type"]
    page.goto(urljoin(quiz, f"../types/{kind['id']}/"))
    page.locator(f"#like-{other}").get_by_role("link", name="Practise").click()
    expect(page.locator(".quiz-options button")).to_have_count(2)

    asked = set()
    for number in range(10):
        expect(page.locator(".quiz-count")).to_have_text(f"Question {number + 1} of 10")
        assert {photos[photo]["type"] for photo in shown(page, ".quiz-options")} == {
            kind["id"],
            other,
        }
        asked.add(photos[shown(page, ".quiz-asked")[0]]["type"])
        answer(page, right_number(page, photos))

    assert asked == {kind["id"], other}
    expect(page.locator("#quiz-result")).to_have_text("10 of 10 right")
    # A guess between two is no knowledge.
    assert progress(page)["cards"] == {}


def test_a_comparison_links_to_a_quiz_about_what_was_compared(
    page: Page, quiz: str, drawn_quiz: Project
) -> None:
    one, other = (kind["id"] for kind in types_of(drawn_quiz)[:2])
    page.goto(urljoin(quiz, f"../compare/?a={one}"))
    expect(page.locator("#a .name a")).to_be_visible()
    expect(page.locator("#practise")).to_be_hidden()
    page.goto(urljoin(quiz, f"../compare/?a={one}&b={other}"))
    page.locator("#practise").click()
    expect(page).to_have_url(re.compile(rf"quiz/\?mode=type&set={one}(,|%2C){other}$"))
    expect(page.locator(".quiz-options button")).to_have_count(2)


def test_the_page_of_a_type_links_to_its_quiz_and_to_its_position_among_all_photos(
    page: Page, quiz: str, photos: dict[str, Any], drawn_quiz: Project
) -> None:
    kind = types_of(drawn_quiz)[0]
    page.goto(urljoin(quiz, f"../types/{kind['id']}/"))
    page.get_by_role("link", name="Quiz me on this").click()
    expect(page.locator(".quiz-options button")).to_have_count(4)
    page.click("[name=leave]:visible")
    assert page.locator("[name=set]").input_value() == kind["id"]

    page.goto(urljoin(quiz, f"../types/{kind['id']}/"))
    page.get_by_role("link", name="On the contact sheet").click()
    expect(page.locator(".choice output")).to_have_text(
        f"{len(kind['photos'])} of {len(photos)} photos"
    )
    assert page.locator("[name=type]").input_value() == kind["id"]


def test_the_page_of_a_country_links_to_its_quiz_its_photos_and_its_position_on_the_map(
    page: Page, quiz: str, photos: dict[str, Any]
) -> None:
    german = [photo for photo in photos.values() if photo["country"] == "DE"]
    country = urljoin(quiz, "../countries/de/")
    page.goto(country)
    page.get_by_role("link", name="Quiz me on its types").click()
    expect(page.locator(".quiz-options button")).to_have_count(4)
    assert photos[shown(page, ".quiz-asked")[0]]["country"] == "DE"

    page.goto(country)
    page.get_by_role("link", name="On the contact sheet").click()
    expect(page.locator(".choice output")).to_have_text(f"{len(german)} of {len(photos)} photos")

    page.goto(country)
    page.get_by_role("link", name="On the world map").click()
    expect(page.locator("#chosen")).to_contain_text("Germany")
    expect(page.locator("#panel .cards .card").first).to_be_visible()


def test_a_quiz_about_one_country_never_asks_for_the_country(
    page: Page, quiz: str, photos: dict[str, Any]
) -> None:
    begin(page, quiz, "mixed", "&set=DE")
    for _ in range(8):
        assert page.locator(".quiz-table").get_attribute("data-mode") != "country"
        answer(page, right_number(page, photos))


def test_the_page_of_a_photo_links_to_its_position_among_all_photos(
    page: Page, quiz: str, photos: dict[str, Any]
) -> None:
    photo = next(iter(photos))
    page.goto(urljoin(quiz, f"../photos/{photo}/"))
    page.get_by_role("link", name="On the contact sheet").click()
    expect(page.locator(".found-photo")).to_have_attribute("href", f"../photos/{photo}/")
    expect(page).to_have_url(re.compile(rf"explore/#.*photo={photo}$"))


def test_progress_is_saved_to_a_file_and_restored_from_it(
    page: Page, quiz: str, photos: dict[str, Any], tmp_path: Path
) -> None:
    begin(page, quiz, "country")
    answer(page, right_number(page, photos))
    page.click("[name=leave]:visible")
    expect(page.locator(".standing")).to_contain_text("1 of 1 answers right")
    page.click("summary")
    with page.expect_download() as started:
        page.click("[name=export]")
    saved = tmp_path / "progress.json"
    started.value.save_as(saved)
    before = progress(page)
    assert json.loads(saved.read_text(encoding="utf-8")) == before

    page.click("[name=reset]")
    assert progress(page) == before
    page.click("[name=reset]")
    assert progress(page)["answered"] == 0

    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"version": 1, "cards": {"x": [99, "<b>", 0]}}', encoding="utf-8")
    page.set_input_files("[name=import]", wrong)
    expect(page.locator(".quiz-said")).to_contain_text("Nothing was changed")
    assert progress(page)["answered"] == 0
    page.set_input_files("[name=import]", saved)
    expect(page.locator(".quiz-said")).to_contain_text("was loaded")
    assert progress(page) == before


def test_it_works_without_storage_and_says_so(
    browser: Browser, quiz: str, photos: dict[str, Any]
) -> None:
    context = browser.new_context(service_workers="block")
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no'); } })"
    )
    page = context.new_page()
    begin(page, quiz, "country")
    answer(page, right_number(page, photos))
    page.click("[name=leave]:visible")
    page.click("summary")

    expect(page.locator(".quiz-unkept")).to_be_visible()
    expect(page.locator(".standing")).to_contain_text("1 of 1")
    context.close()


def test_everything_works_by_touch(browser: Browser, quiz: str, photos: dict[str, Any]) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, service_workers="block"
    )
    page = context.new_page()
    begin(page, quiz, "odd")

    page.locator(".quiz-options button").nth(right_number(page, photos) - 1).tap()
    expect(page.locator(".verdict.right")).to_be_visible()
    page.locator("[name=next]").tap()

    expect(page.locator(".quiz-count")).to_have_text("Question 2 of 10")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_a_lost_connection_is_reported_and_can_be_retried(
    browser: Browser, quiz: str, photos: dict[str, Any]
) -> None:
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.goto(quiz)
    expect(page.locator(".quiz[data-ready]")).to_be_visible()
    page.route("**/assets/quiz/*.json", lambda route: route.abort())
    page.click("form button")
    expect(page.locator(".quiz-lost")).to_be_visible()
    page.unroute("**/assets/quiz/*.json")

    page.click("[name=retry]")

    expect(page.locator(".quiz-options button").first).to_be_visible()
    expect(page.locator(".quiz-lost")).to_be_hidden()
    context.close()


def test_the_page_links_to_the_cards_without_scripts(browser: Browser, quiz: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(quiz)

    expect(page.locator("form")).to_be_hidden()
    page.click("noscript a")

    expect(page.locator(".cards .card").first).to_be_visible()
    context.close()
