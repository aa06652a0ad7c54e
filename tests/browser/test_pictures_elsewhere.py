"""A site whose pictures are on another host, in a browser: on line, off line, and kept."""

import http.server
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from generator.build import build
from generator.progress import Progress
from generator.publish.headers import headers_of_all
from tests.browser.hosts import FileHandler, hosted
from tests.browser.test_offline import catalogue_of, keep, wait_until_kept
from tests.sites import ProjectAt

pytestmark = pytest.mark.browser


class Pages(FileHandler):
    """Sends the headers that `_headers` of the site asks for."""

    def end_headers(self) -> None:
        for name, value in headers_of_all(Path(self.directory)).items():
            self.send_header(name, value)
        http.server.SimpleHTTPRequestHandler.end_headers(self)


class Pictures(FileHandler):
    """A bucket that lets pages of other hosts read its pictures."""

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        http.server.SimpleHTTPRequestHandler.end_headers(self)


class Unreadable(FileHandler):
    """A bucket that does not, so that pages can only show them."""

    def end_headers(self) -> None:
        http.server.SimpleHTTPRequestHandler.end_headers(self)


@pytest.fixture(scope="module", params=[Pictures], ids=["readable"])
def hosts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, project_at: ProjectAt
) -> Iterator[tuple[str, str, Path]]:
    """The address of the site, that of its pictures, and the folder of the site."""
    root = tmp_path_factory.mktemp("apart")
    (root / "bucket").mkdir()
    with hosted(root / "bucket", request.param) as pictures:
        project = project_at(root / "project", f'[pictures]\nbase_url = "{pictures}"\n')
        build(project, Progress(quiet=True))
        shutil.move(project.public / "pictures", root / "bucket" / "pictures")
        with hosted(project.public, Pages) as site:
            yield site, pictures, project.public


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


LOADED = """() => {
  const shown = [...document.images].filter((one) => one.checkVisibility());
  for (const one of shown) one.loading = "eager";
  return shown.length && shown.every((one) => one.complete && one.naturalWidth);
}"""


def test_every_page_shows_them(page: Page, hosts: tuple[str, str, Path]) -> None:
    site, pictures, folder = hosts
    catalogue = catalogue_of(folder)
    first, second = (one["id"] for one in catalogue["types"][:2])
    country = next(path.name for path in (folder / "countries").iterdir() if path.is_dir())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    def shows(address: str) -> None:
        """Wait until all pictures are there; all of them must be the other host's."""
        page.wait_for_function(LOADED)
        shown = [url for url in asked if "/pictures/" in url]
        assert shown, address
        assert all(url.startswith(pictures) for url in shown)
        asked.clear()

    for address in (
        "",
        f"types/{first}/",
        f"photos/{catalogue['photos'][0]['id']}/",
        f"countries/{country}/",
        f"compare/#a={first}&b={second}",
    ):
        page.goto(site + address)
        shows(address)
    page.goto(f"{site}quiz/")
    expect(page.locator(".quiz[data-ready]")).to_be_visible()
    page.click("form button")
    expect(page.locator(":is(.quiz-asked, .quiz-options) img:visible").first).to_be_visible()
    shows("quiz/")
    page.goto(f"{site}explore/#photo={catalogue['photos'][0]['id']}")
    expect(page.locator(".found-picture img")).to_be_visible()
    shows("explore/")


def test_what_was_seen_and_what_was_kept_is_there_without_network(
    context: BrowserContext, hosts: tuple[str, str, Path]
) -> None:
    site, pictures, folder = hosts
    first = catalogue_of(folder)["types"][0]["id"]
    cards = json.loads(next((folder / "assets/offline").glob("files.*.json")).read_text())["cards"]
    page = context.new_page()
    page.goto(site)
    wait_until_kept(page, *(pictures + card for card in cards))
    keep(page, site, "Everything")
    context.set_offline(True)

    page.goto(site)
    page.wait_for_function(LOADED)
    page.goto(f"{site}types/{first}/")
    page.wait_for_function(LOADED)
