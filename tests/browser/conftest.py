"""A built site on a plain file server under a sub-path, and pages of a real browser to see it."""

import functools
import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, Request

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from generator.publish.headers import SECURITY_HEADERS

SUB_PATH = "some/where"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, drawn_photos: Path) -> Project:
    """The drawn collection, built once for all browser tests."""
    root = tmp_path_factory.mktemp("browser") / "project"
    shutil.copytree(drawn_photos, root / "photos")
    unknown = root / "photos" / "somewhere"
    unknown.mkdir()
    next((root / "photos" / "germany").glob("*.jpg")).rename(unknown / "lost.jpg")
    settings = f'[site]\ntitle = "Posts & poles"\nbase_url = "https://example.org/{SUB_PATH}/"\n'
    (root / "site.toml").write_text(settings, encoding="utf-8")
    project = Project(root)
    build(project, Progress(quiet=True))
    return project


@pytest.fixture(scope="session")
def catalogue(built: Project) -> dict[str, Any]:
    """What the built site says, as other programs read it."""
    text = (built.public / "data" / "catalogue.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


class _Handler(http.server.SimpleHTTPRequestHandler):
    """A plain file server that sends the security headers of `_headers`, and logs nothing."""

    def end_headers(self) -> None:
        for name, value in SECURITY_HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def address(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the built site is served: under a sub-path, as on a shared host."""
    root = tmp_path_factory.mktemp("host")
    (root / SUB_PATH).parent.mkdir(parents=True)
    shutil.copytree(built.public, root / SUB_PATH)
    handler = functools.partial(_Handler, directory=str(root))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{SUB_PATH}/"
    server.shutdown()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; the test fails on errors in the console, refused and failed requests."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)

    def thrown(error: Error) -> None:
        # The flow from page to page that a visitor who moves on at once does not see to its end.
        if "ViewTransition" not in str(error) and "Transition was" not in str(error):
            complaints.append(str(error))

    page.on("pageerror", thrown)

    def failed(request: Request) -> None:
        # What a page no longer wants because the visitor moved on has not failed.
        if request.failure != "net::ERR_ABORTED":
            complaints.append(f"{request.url}: {request.failure}")

    page.on("requestfailed", failed)
    yield page
    context.close()
    assert not complaints
