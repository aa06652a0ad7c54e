"""What describers say is shown on the review page, and published only if the owner writes it."""

from playwright.sync_api import Browser, expect

from generator.config import load_settings
from generator.describe import Description, Label
from generator.describe.kept import Answers
from generator.describe.photos import published_photos
from generator.project import Project
from tests.browser.reviewing import opened
from tests.review.conftest import Window, served

SAID = Description("<b>A post</b> beside a road.", (Label("Snow", 0.9), Label("Guard rail", 0.8)))


def test_labels_and_captions_of_a_type_are_shown_and_not_decided(
    project: Project, browser: Browser
) -> None:
    sources = published_photos(project, load_settings(project.settings))
    with Answers(project.answers) as answers:
        answers.keep("someone", {one.digest: SAID for one in sources.values()})

    with served(project) as address:
        types = Window(address).state()["types"]
        with opened(browser, address) as page:
            note = page.locator("#bench .head .note").first
            expect(note).to_contain_text("Guard rail (3), Snow (3) · <b>A post</b> beside a road.")
            page.keyboard.press("d")
            expect(page.locator("#ask-about")).to_contain_text("not published")
            expect(page.locator("#ask-text")).to_have_value("")

    for type_ in types:
        number = len(type_["bollards"])
        assert type_["words"] == {
            "labels": [["Guard rail", number], ["Snow", number]],
            "captions": [SAID.caption],
        }
    assert not project.curation.exists()
