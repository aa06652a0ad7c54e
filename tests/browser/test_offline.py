"""Without network: what was visited, all types' pictures and the recogniser; and a new build."""

import http.server
import json
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from generator.publish.headers import SECURITY_HEADERS, cache_control

pytestmark = pytest.mark.browser

SUB_PATH = "some/where/"


class Handler(http.server.SimpleHTTPRequestHandler):
    """A file server with the headers that the site asks for."""

    def end_headers(self) -> None:
        for name, value in SECURITY_HEADERS.items():
            self.send_header(name, value)
        path = self.path.partition("?")[0].removeprefix(f"/{SUB_PATH}")
        self.send_header("Cache-Control", cache_control(path))
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def host(built: Project, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The built site below a sub-path of a host of its own: its address and its folder."""
    folder = tmp_path / "host" / SUB_PATH
    shutil.copytree(built.public, folder)
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Handler, directory=str(tmp_path / "host"))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{SUB_PATH}", folder
    server.shutdown()


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
    """Wait for what is kept; gives the addresses by the name of their store."""
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
  const { waiting } = await navigator.serviceWorker.getRegistration();
  return { waits: Boolean(waiting), stores: await caches.keys() };
}"""


def wait_until_taken_over(page: Page, stores: set[str]) -> None:
    """Wait until the worker of a new build has dropped the last one's stores.

    It waits until the last worker has nothing to do and is stopped, which a browser does by
    itself, but not while developer tools look on, and they are what drives it here. Only the
    stores' names are asked for: opening a store that goes away brings it back.
    """
    session = page.context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    late = time.monotonic() + 60
    while stores & set((found := page.evaluate(NEXT))["stores"]):
        assert time.monotonic() < late, found
        if found["waits"]:
            session.send("ServiceWorker.stopAllWorkers")
        page.wait_for_timeout(500)


def test_what_was_visited_and_all_plates_are_there_without_network(
    context: BrowserContext, host: tuple[str, Path]
) -> None:
    address, folder = host
    catalogue = catalogue_of(folder)
    first = catalogue["types"][0]
    page = context.new_page()
    page.goto(f"{address}types/{first['id']}/")
    lists = json.loads(next((folder / "assets/offline").glob("files.*.json")).read_text())
    wait_until_kept(page, f"/types/{first['id']}/", *lists["plates"])
    context.set_offline(True)

    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.evaluate("document.querySelectorAll('img').forEach((one) => (one.loading = 'eager'))")
    page.wait_for_function(
        "() => [...document.images].every((one) => one.complete && one.naturalWidth)"
    )
    page.goto(f"{address}types/{first['id']}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(first["name"])
    # A page that was never opened says so, and leads on.
    page.goto(f"{address}about/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("No network")
    assert page.get_by_role("link", name="Try again").get_attribute("href") == f"{address}about/"


def test_the_recogniser_works_without_network_once_it_was_used(
    context: BrowserContext, host: tuple[str, Path], built: Project
) -> None:
    address, _ = host
    photo = next(built.photos.glob("germany/*a.jpg"))
    page = context.new_page()
    page.goto(f"{address}identify/")
    page.locator(".choose input").set_input_files(photo)
    expect(page.locator(".likely > li").first).to_be_visible(timeout=60_000)
    wait_until_kept(page, "/identify/", "ort-wasm", "identify-worker", "recogniser.", "types.")
    context.set_offline(True)

    page.goto(f"{address}identify/")
    page.locator(".choose input").set_input_files(photo)
    expect(page.locator(".likely > li").first).to_be_visible(timeout=60_000)


def rebuilt(built: Project, root: Path) -> Path:
    """The next build of the same photos with another title."""
    shutil.copytree(built.root, root, ignore=shutil.ignore_patterns("public", "staging"))
    settings = (root / "site.toml").read_text()
    (root / "site.toml").write_text(settings.replace("Posts & poles", "Second edition"))
    project = Project(root)
    build(project, Progress(quiet=True))
    return project.public


def test_a_new_build_takes_the_place_of_the_old_one_and_is_never_mixed_with_it(
    context: BrowserContext, host: tuple[str, Path], built: Project, tmp_path: Path
) -> None:
    address, folder = host
    kind = catalogue_of(folder)["types"][0]["id"]
    page = context.new_page()
    page.goto(f"{address}types/{kind}/")
    wait_until_kept(page, f"/types/{kind}/")
    page.goto(address)
    old = set(wait_until_kept(page, "assets/offline/"))
    public = rebuilt(built, tmp_path / "second")

    # A deploy in the middle: new pages, the worker of the old build. They are shown, not kept.
    shutil.copytree(public, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("sw.js"))
    page.goto(f"{address}about/")
    expect(page).to_have_title(re.compile("Second edition"))
    page.wait_for_timeout(500)
    kept = page.evaluate(KEPT)
    assert set(kept) == old
    assert not [url for url in chain(*kept.values()) if "/about/" in url]

    # The deploy is done: the worker follows at the next visit, and keeps the new pages only.
    shutil.copyfile(public / "sw.js", folder / "sw.js")
    page.goto(f"{address}about/")
    wait_until_taken_over(page, {name for name in old if "pages" in name})
    wait_until_kept(page, "/about/")
    context.set_offline(True)
    for path in ("", f"types/{kind}/", "about/"):
        page.goto(address + path)
        expect(page).to_have_title(re.compile("Second edition"))


def test_a_page_works_where_the_worker_cannot(browser: Browser, host: tuple[str, Path]) -> None:
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
    assert page.url == f"{address}identify/"
