"""A site in several languages, as its visitors meet it."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from tests.browser.axe import violations
from tests.browser.conftest import SUB_PATH
from tests.browser.hosts import hosted

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def project(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The drawn collection in English and German."""
    root = tmp_path_factory.mktemp("languages") / "project"
    shutil.copytree(built.root, root)
    settings = (root / "site.toml").read_text(encoding="utf-8")
    (root / "site.toml").write_text(settings + 'languages = ["de"]\n', encoding="utf-8")
    build(Project(root), Progress(quiet=True))
    return Project(root)


@pytest.fixture(scope="module")
def german(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the German home page, below a folder of the host."""
    host = tmp_path_factory.mktemp("host")
    (host / SUB_PATH).parent.mkdir(parents=True)
    shutil.copytree(project.public, host / SUB_PATH)
    with hosted(host) as address:
        yield f"{address}{SUB_PATH}/de/"


@pytest.fixture(scope="module")
def addresses(project: Project) -> list[str]:
    """One page of each kind, below its language's home page."""
    catalogue = json.loads((project.public / "data" / "catalogue.json").read_text("utf-8"))
    return [
        "",
        f"types/{catalogue['types'][0]['id']}/",
        f"photos/{catalogue['photos'][0]['id']}/",
        "countries/",
        "countries/de/",
        "about/",
        "about/data/",
    ]


def test_a_visitor_changes_the_language_and_stays_on_the_page(
    page: Page, german: str, addresses: list[str]
) -> None:
    page.goto(german + addresses[1])
    expect(page.locator("html")).to_have_attribute("lang", "de")
    name = page.locator("h1").inner_text()

    page.get_by_role("navigation", name="Sprachen").get_by_role("link", name="English").click()

    expect(page).to_have_url(german.removesuffix("de/") + addresses[1])
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.locator("h1").inner_text() != name


def test_a_visitor_browses_the_site_in_one_language(page: Page, german: str) -> None:
    page.goto(german)
    page.locator(".card a").first.click()
    expect(page).to_have_url(re.compile("/de/types/"))
    page.get_by_role("navigation", name="Hauptmenü").get_by_role("link", name="Länder").click()
    expect(page).to_have_url(f"{german}countries/")
    expect(page.locator("h1")).to_have_text("Länder")


def test_german_pages_are_accessible_and_no_word_is_too_long_for_the_screen(
    page: Page, german: str, addresses: list[str]
) -> None:
    for address in addresses:
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 800})
            if width == 1280:
                page.goto(german + address)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (address, width)
        assert not violations(page), address


def test_descriptions_for_search_engines_pass_the_security_policy(
    page: Page, german: str, addresses: list[str]
) -> None:
    # The fixture `page` fails on a refused script.
    for address in addresses[:3]:
        page.goto(german + address)
        data = json.loads(page.locator('script[type="application/ld+json"]').text_content() or "")
        assert data["@context"] == "https://schema.org"


def test_each_link_to_another_language_declares_that_language(page: Page, german: str) -> None:
    page.goto(german)
    link = page.locator("nav.languages a")
    expect(link).to_have_attribute("lang", "en")
    expect(link).to_have_attribute("hreflang", "en")


def test_modules_contain_no_words_of_the_site(project: Project) -> None:
    """A German page's scripts are those of the English one."""
    pages = [
        (project.public / folder / "index.html").read_text(encoding="utf-8")
        for folder in ("", "de")
    ]
    scripts = [
        {Path(src).name for src in re.findall(r'<script type="module" src="([^"]+)"', html)}
        for html in pages
    ]
    assert scripts[0] == scripts[1] != set()
