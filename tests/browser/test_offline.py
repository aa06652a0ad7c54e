"""Without network: visited pages, the pictures of all types, the recogniser; and a new build."""

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from generator.publish.headers import cache_control
from tests.browser.hosts import FileHandler, hosted

pytestmark = pytest.mark.browser

SUB_PATH = "some/where/"


class Handler(FileHandler):
    """Sends also how long browsers may keep a file."""

    def end_headers(self) -> None:
        path = self.path.partition("?")[0].removeprefix(f"/{SUB_PATH}")
        self.send_header("Cache-Control", cache_control(path))
        super().end_headers()


@pytest.fixture
def host(built: Project, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The built site below a sub-path of a host of its own: its address and its folder."""
    folder = tmp_path / "host" / SUB_PATH
    shutil.copytree(built.public, folder)
    with hosted(tmp_path / "host", Handler) as address:
        yield f"{address}{SUB_PATH}", folder


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


def catalogue_of(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "data/catalogue.json").read_text())
    return loaded


KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const store = await caches.open(name);
    found[name] = (await store.keys()).map((request) => request.url);
  }
  return found;
}"""


def kept_when(page: Page, done: Callable[[dict[str, list[str]]], bool]) -> dict[str, list[str]]:
    """Wait until addresses are kept; gives them by the name of their store."""
    late = time.monotonic() + 60
    while not done(found := page.evaluate(KEPT)):
        assert time.monotonic() < late, found
        page.wait_for_timeout(100)
    result: dict[str, list[str]] = found
    return result


def wait_until_kept(page: Page, *parts: str) -> dict[str, list[str]]:
    """Wait until addresses with these parts are kept."""
    return kept_when(
        page,
        lambda found: all(any(part in url for url in chain(*found.values())) for part in parts),
    )


NEXT = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  const { waiting, installing } = registration;
  if (!waiting && !installing) registration.update().catch(() => {});
  return { waits: Boolean(waiting), stores: await caches.keys() };
}"""


class Workers:
    """Stops a page's service workers, as a browser does by itself when they are idle.

    It does not while developer tools are connected, and the tests use them. A worker that starts
    while they attach to it may also stay paused for ever.
    """

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("ServiceWorker.enable")

    def stop(self) -> None:
        self._session.send("ServiceWorker.stopAllWorkers")


def wait_until_taken_over(page: Page, stores: set[str]) -> None:
    """Wait until the worker of a new build has dropped the last one's stores.

    Only the names of the stores are read: opening a store that is being deleted would bring it
    back.
    """
    workers = Workers(page)
    late = time.monotonic() + 120
    tries = 0
    while stores & set((found := page.evaluate(NEXT))["stores"]):
        assert time.monotonic() < late, found
        tries += 1
        if found["waits"] or tries % 20 == 0:
            workers.stop()
        page.wait_for_timeout(500)


def visit_until(page: Page, address: str, condition: str, argument: str) -> None:
    """Visit a page, again and again if need be, until a condition holds there."""
    workers = Workers(page)
    for _ in range(5):
        page.goto(address)
        with suppress(PlaywrightTimeout):
            page.wait_for_function(condition, arg=argument, timeout=12_000)
            return
        workers.stop()
    page.goto(address)
    page.wait_for_function(condition, arg=argument)


def test_visited_pages_and_all_cards_are_available_without_network(
    context: BrowserContext, host: tuple[str, Path]
) -> None:
    address, folder = host
    catalogue = catalogue_of(folder)
    first = catalogue["types"][0]
    page = context.new_page()
    page.goto(f"{address}types/{first['id']}/")
    lists = json.loads(next((folder / "assets/offline").glob("files.*.json")).read_text())
    wait_until_kept(page, f"/types/{first['id']}/", *lists["shell"], *lists["cards"])
    context.set_offline(True)

    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.evaluate("document.querySelectorAll('img').forEach((one) => (one.loading = 'eager'))")
    page.wait_for_function(
        # A picture within closed details stays incomplete, although it is loaded.
        """() => [...document.images].every((one) =>
          one.naturalWidth && (one.complete || !one.checkVisibility()))"""
    )
    page.goto(f"{address}types/{first['id']}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(first["name"])
    # A page that was never opened says so, and leads on.
    page.goto(f"{address}about/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("No network")
    assert page.get_by_role("link", name="Try again").get_attribute("href") == f"{address}about/"


def test_the_recogniser_works_without_network_after_its_first_use(
    context: BrowserContext, host: tuple[str, Path], built: Project
) -> None:
    address, _ = host
    photo = next(built.photos.glob("germany/*a.jpg"))
    page = context.new_page()
    page.goto(f"{address}identify/")
    page.locator(".choose input").set_input_files(photo)
    expect(page.locator(".likely > li").first).to_be_visible(timeout=60_000)
    wait_until_kept(page, "/identify/", "ort-wasm", "recogniser.", "types.")
    # What the worker imports is not loaded by the page itself.
    wait_until_kept(page, "identify-worker.", "detector.", "second-look.", "sight.")
    context.set_offline(True)

    page.goto(f"{address}identify/")
    page.locator(".choose input").set_input_files(photo)
    expect(page.locator(".likely > li").first).to_be_visible(timeout=60_000)


@pytest.fixture(scope="module")
def second(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The next build of the same photos with another title."""
    root = tmp_path_factory.mktemp("next") / "second"
    shutil.copytree(built.root, root, ignore=shutil.ignore_patterns("public", "staging"))
    settings = (root / "site.toml").read_text()
    (root / "site.toml").write_text(settings.replace("Posts & poles", "Second edition"))
    project = Project(root)
    build(project, Progress(quiet=True))
    return project.public


def test_a_new_build_replaces_the_old_one_and_is_never_mixed_with_it(
    context: BrowserContext, host: tuple[str, Path], second: Path
) -> None:
    address, folder = host
    kind = catalogue_of(folder)["types"][0]["id"]
    page = context.new_page()
    page.goto(f"{address}types/{kind}/")
    wait_until_kept(page, f"/types/{kind}/")
    page.goto(address)
    old = set(wait_until_kept(page, "assets/offline/"))

    # A deploy in the middle: new pages, the worker of the old build. They are shown, not kept.
    shutil.copytree(second, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("sw.js"))
    page.goto(f"{address}about/")
    expect(page).to_have_title(re.compile("Second edition"))
    page.wait_for_timeout(500)
    kept = page.evaluate(KEPT)
    assert set(kept) == old
    assert not [url for url in chain(*kept.values()) if "/about/" in url]

    # The deploy is done: the worker follows at the next visit, and keeps the new pages only.
    shutil.copyfile(second / "sw.js", folder / "sw.js")
    page.goto(f"{address}about/")
    wait_until_taken_over(page, {name for name in old if "pages" in name})
    wait_until_kept(page, "/about/")
    context.set_offline(True)
    for path in ("", f"types/{kind}/", "about/"):
        page.goto(address + path)
        expect(page).to_have_title(re.compile("Second edition"))


def keep(page: Page, address: str, name: str) -> None:
    """Keep a part of the site for use without network, with all that the page itself keeps."""
    page.goto(f"{address}about/#keep")
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    page.get_by_label("What to keep").select_option(label=name)
    page.get_by_role("button", name="Keep,").click()
    expect(page.get_by_text("works without a network now")).to_be_visible(timeout=60_000)


def test_a_kept_continent_works_without_network_and_can_be_removed(
    context: BrowserContext, host: tuple[str, Path]
) -> None:
    address, folder = host
    codes = {c["name"]: c["code"] for c in catalogue_of(folder)["countries"]}
    kind = next(
        kind
        for kind in catalogue_of(folder)["types"]
        if codes["Germany"] in [share["code"] for share in kind["countries"]]
    )
    page = context.new_page()
    keep(page, address, "Europe")
    wait_until_kept(page, "/about/", "offline.html")
    context.set_offline(True)

    page.goto(f"{address}types/{kind['id']}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(kind["name"])
    page.evaluate("document.querySelectorAll('main img').forEach((one) => (one.loading = 'eager'))")
    page.wait_for_function(
        "[...document.querySelectorAll('.thumb img')].every((one) => one.naturalWidth)"
    )
    # What is not kept says so, and what is.
    page.goto(f"{address}map/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("No network")
    expect(page.locator(".kept li:visible")).to_contain_text(["Europe"])

    # The page that was asked for comes by itself when the network is back.
    context.set_offline(False)
    page.wait_for_url(f"{address}map/")
    page.goto(f"{address}about/#keep")
    page.get_by_label("What to keep").select_option(label="Europe")
    page.get_by_role("button", name="Remove,").click()
    expect(page.get_by_text("Removed.")).to_be_visible()
    assert "bollards-kept" not in page.evaluate(KEPT)


def test_one_of_two_kept_parts_is_removed_without_network(
    context: BrowserContext, host: tuple[str, Path]
) -> None:
    address, _ = host
    page = context.new_page()
    keep(page, address, "Europe")
    page.goto(address)
    keep(page, address, "Everything")
    wait_until_kept(page, "/about/")
    context.set_offline(True)

    page.goto(address)
    page.goto(f"{address}about/#keep")
    page.get_by_label("What to keep").select_option(label="Europe")
    page.get_by_role("button", name="Remove,").click()
    expect(page.get_by_text("Removed.")).to_be_visible()

    page.get_by_label("What to keep").select_option(label="Everything")
    expect(page.get_by_text("works without a network now")).to_be_visible()
    page.get_by_label("What to keep").select_option(label="Europe")
    expect(page.get_by_role("button", name="Remove,")).to_be_hidden()


def test_an_interrupted_set_goes_on_where_it_stopped(
    context: BrowserContext, host: tuple[str, Path]
) -> None:
    address, folder = host
    # Nothing but the offer itself fetches anything here.
    (folder / "sw.js").unlink()
    page = context.new_page()
    page.goto(f"{address}about/#keep")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    context.route("**/types/*/", lambda route: route.abort())
    page.get_by_role("button", name="Keep,").click()
    expect(page.get_by_text("Not everything could be fetched")).to_be_visible()
    before = page.evaluate(KEPT)["bollards-kept"]
    assert before

    context.unroute("**/types/*/")
    asked.clear()
    page.get_by_role("button", name="Continue,").click()
    expect(page.get_by_text("works without a network now")).to_be_visible(timeout=60_000)
    assert set(before) < set(page.evaluate(KEPT)["bollards-kept"])
    assert not set(before) & set(asked)


def test_after_a_new_build_only_what_changed_of_a_kept_set_is_fetched(
    context: BrowserContext, host: tuple[str, Path], second: Path
) -> None:
    address, folder = host
    kind = catalogue_of(folder)["types"][0]["id"]
    page = context.new_page()
    keep(page, address, "Everything")
    old = set(wait_until_kept(page, "assets/offline/"))
    shutil.copytree(second, folder, dirs_exist_ok=True)
    asked: list[str] = []
    # What the worker fetches for the page itself has no such header.
    context.on(
        "request",
        lambda request: asked.append(request.url) if "x-keep" in request.headers else None,
    )

    page.goto(f"{address}about/")
    wait_until_taken_over(page, {name for name in old if "pages" in name})
    plan = json.loads((folder / "offline.json").read_text())
    visit_until(
        page,
        f"{address}about/",
        """(build) => Object.entries(localStorage).some(([name, text]) =>
          name.startsWith("bollards-kept") && JSON.parse(text).build === build)""",
        plan["build"],
    )
    assert [url for url in asked if f"/types/{kind}/" in url]
    assert not [url for url in asked if "/pictures/" in url]
    context.set_offline(True)

    page.goto(f"{address}types/{kind}/")
    expect(page).to_have_title(re.compile("Second edition"))


def test_a_page_works_without_a_web_worker(browser: Browser, host: tuple[str, Path]) -> None:
    address, folder = host
    (folder / "sw.js").unlink()
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.wait_for_load_state("networkidle")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert errors == []
    context.close()


def test_the_site_can_be_installed(context: BrowserContext, host: tuple[str, Path]) -> None:
    address, folder = host
    page = context.new_page()
    page.goto(f"{address}about/")
    session = context.new_cdp_session(page)
    found = session.send("Page.getAppManifest")

    assert found["url"] == f"{address}manifest.webmanifest"
    assert found["errors"] == []
    manifest = json.loads((folder / "manifest.webmanifest").read_text())
    assert manifest["name"] == "Posts & poles"
    for icon in manifest["icons"]:
        with Image.open(folder / icon["src"]) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]
            assert picture.getpixel((picture.width // 2, picture.height // 2))[3] == 255  # type: ignore[index]


def test_a_picture_shared_from_another_app_is_identified(
    context: BrowserContext, host: tuple[str, Path], built: Project
) -> None:
    address, _ = host
    photo = next(built.photos.glob("germany/*a.jpg"))
    page = context.new_page()
    page.goto(address)
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    page.reload()
    page.evaluate(
        """([action, bytes]) => {
          const form = document.createElement("form");
          Object.assign(form, { action, method: "post", enctype: "multipart/form-data" });
          const input = document.createElement("input");
          Object.assign(input, { type: "file", name: "picture" });
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(bytes)], "x.jpg", { type: "image/jpeg" }));
          input.files = transfer.files;
          form.append(input);
          document.body.append(form);
          form.submit();
        }""",
        [f"{address}identify/?share", list(photo.read_bytes())],
    )

    expect(page.locator(".likely > li").first).to_be_visible(timeout=60_000)
    # Without "?share", so that a reload does not ask for the picture again; the answer follows "#".
    expect(page).to_have_url(re.compile(re.escape(f"{address}identify/") + "(#.*)?$"))
