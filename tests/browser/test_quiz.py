"""The quiz in a real browser: asked, answered, explained, remembered, carried to another device."""

import functools
import http.server
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from tests.browser.conftest import _Handler

COUNTRIES = ("germany", "france", "italy", "norway", "japan", "peru", "kenya", "canada")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Six designs in some of eight countries each: enough for four answers of every kind."""
    from generator.training.scenes import random_design, random_surroundings, render_scene

    root = tmp_path_factory.mktemp("quiz") / "project"
    rng = np.random.default_rng(7)
    for kind in range(6):
        design = random_design(rng)
        for number in range(4):
            place = root / "photos" / COUNTRIES[(kind + number) % len(COUNTRIES)]
            place.mkdir(parents=True, exist_ok=True)
            around = random_surroundings(rng)
            for view, letter in (("front", "a"), ("back", "b")):
                scene = render_scene(design, rng, size=(160, 200), view=view, surroundings=around)
                scene.image.save(place / f"{kind}{number}{letter}.jpg", quality=85)
    (root / "site.toml").write_text("", encoding="utf-8")
    project = Project(root)
    build(project, Progress(quiet=True))
    return project


@pytest.fixture(scope="module")
def quiz(site: Project) -> Iterator[str]:
    """The address of its quiz."""
    handler = functools.partial(_Handler, directory=str(site.public))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/quiz/"
    server.shutdown()


@pytest.fixture(scope="module")
def photos(site: Project) -> dict[str, Any]:
    """Every photo of the site by its id."""
    text = (site.public / "data" / "catalogue.json").read_text(encoding="utf-8")
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


def right_number(page: Page, photos: dict[str, Any]) -> int:
    """The number of the right answer, as someone who knows all photos would give it."""
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
    """Answer and go on by keys alone."""
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


def test_only_one_of_the_countries_can_be_right(
    page: Page, quiz: str, photos: dict[str, Any]
) -> None:
    begin(page, quiz, "country")
    for _ in range(8):
        asked = photos[shown(page, ".quiz-asked")[0]]
        there = {p["country_name"] for p in photos.values() if p["type"] == asked["type"]}
        options = page.locator(".quiz-options button").all_inner_texts()
        assert sum(any(name in text for name in there) for text in options) == 1
        answer(page, right_number(page, photos))


def test_neither_picture_nor_words_give_the_answer_away(
    page: Page, quiz: str, photos: dict[str, Any]
) -> None:
    names = {photo["country_name"] for photo in photos.values()}
    begin(page, quiz, "country")

    alt = page.locator(".quiz-asked img").get_attribute("alt") or ""

    assert alt
    assert not any(name in alt for name in names)
    source = page.locator(".quiz-asked img").get_attribute("src") or ""
    assert not any(name.lower() in source.lower() for name in names)


def test_what_was_missed_is_explained_and_comes_back_soon(
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


def test_a_link_leads_to_a_set(page: Page, quiz: str, photos: dict[str, Any]) -> None:
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


def types_of(site: Project) -> list[dict[str, Any]]:
    """The site's types, as other programs read them."""
    text = (site.public / "data" / "catalogue.json").read_text(encoding="utf-8")
    types: list[dict[str, Any]] = json.loads(text)["types"]
    return types


def test_two_that_look_alike_can_be_practised_alone(
    page: Page, quiz: str, photos: dict[str, Any], site: Project
) -> None:
    kind = next(kind for kind in types_of(site) if kind["lookalikes"])
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


def test_a_comparison_leads_to_practising_what_was_compared(
    page: Page, quiz: str, site: Project
) -> None:
    one, other = (kind["id"] for kind in types_of(site)[:2])
    page.goto(urljoin(quiz, f"../compare/?a={one}"))
    expect(page.locator("#a .name a")).to_be_visible()
    expect(page.locator("#practise")).to_be_hidden()
    page.goto(urljoin(quiz, f"../compare/?a={one}&b={other}"))
    page.locator("#practise").click()
    expect(page).to_have_url(re.compile(rf"quiz/\?mode=type&set={one}(,|%2C){other}$"))
    expect(page.locator(".quiz-options button")).to_have_count(2)


def test_the_page_of_a_type_leads_to_its_questions_and_to_its_place_among_all_photos(
    page: Page, quiz: str, photos: dict[str, Any], site: Project
) -> None:
    kind = types_of(site)[0]
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


def test_the_page_of_a_country_leads_to_its_questions_its_photos_and_its_place_on_the_map(
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
    expect(page.locator("#panel .plates .card").first).to_be_visible()


def test_where_one_country_is_asked_about_it_is_never_the_question(
    page: Page, quiz: str, photos: dict[str, Any]
) -> None:
    begin(page, quiz, "mixed", "&set=DE")
    for _ in range(8):
        assert page.locator(".quiz-table").get_attribute("data-mode") != "country"
        answer(page, right_number(page, photos))


def test_the_page_of_a_photo_leads_to_it_among_all_photos(
    page: Page, quiz: str, photos: dict[str, Any]
) -> None:
    photo = next(iter(photos))
    page.goto(urljoin(quiz, f"../photos/{photo}/"))
    page.get_by_role("link", name="On the contact sheet").click()
    expect(page.locator(".found-photo")).to_have_attribute("href", f"../photos/{photo}/")
    expect(page).to_have_url(re.compile(rf"explore/#.*photo={photo}$"))


def test_progress_goes_to_a_file_and_comes_back_from_it(
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


def test_without_storage_it_works_and_says_so(
    browser: Browser, quiz: str, photos: dict[str, Any]
) -> None:
    context = browser.new_context()
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


def test_a_finger_is_enough(browser: Browser, quiz: str, photos: dict[str, Any]) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    begin(page, quiz, "odd")

    page.locator(".quiz-options button").nth(right_number(page, photos) - 1).tap()
    expect(page.locator(".verdict.right")).to_be_visible()
    page.locator("[name=next]").tap()

    expect(page.locator(".quiz-count")).to_have_text("Question 2 of 10")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_a_lost_connection_is_told_and_can_be_tried_again(
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


def test_without_scripts_the_page_leads_to_the_plates(browser: Browser, quiz: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(quiz)

    expect(page.locator("form")).to_be_hidden()
    page.click("noscript a")

    expect(page.locator(".plates .card").first).to_be_visible()
    context.close()
