"""The recogniser on its way into the browser: interrupted downloads, no WebAssembly, no uploads."""

import json
import re
import threading
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, expect

from generator.project import Project
from generator.publish.headers import SECURITY_HEADERS
from tests.browser.hosts import FileHandler, hosted
from tests.browser.identifying import ask, show

pytestmark = pytest.mark.browser


def test_without_webassembly_the_visitor_gets_an_explanation_and_a_link_to_the_types(
    browser: Browser, address: str, strangers: list[Path]
) -> None:
    # What a service worker fetches is not routed.
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    # Workers have a global object of their own, which no page can reach into.
    page.route(
        re.compile("identify-worker"),
        lambda route: route.fulfill(
            body="delete self.WebAssembly;\n" + route.fetch().text(),
            content_type="text/javascript",
            headers=SECURITY_HEADERS,
        ),
    )
    page.goto(urljoin(address, "identify/"))
    show(page, strangers[0])

    expect(page.get_by_role("alert")).to_contain_text("WebAssembly")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page).to_have_url(address)
    context.close()


class _Faulty(FileHandler):
    """Hangs up in the middle of each model's first transfer, and can continue it."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, str]]
    arrived: threading.Event

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.suffix != ".onnx":
            super().do_GET()
            return
        wanted = self.headers.get("Range", "")
        self.asked.append((path.name, wanted))
        content = path.read_bytes()
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start : None if start else len(content) // 2])
        if not start:
            # What has arrived is to be read before the line is cut, or it is lost with the line.
            self.wfile.flush()
            self.arrived.wait(60)
        self.close_connection = True


def half(public: Path) -> float:
    """The progress at which the first half of each model is there, and everything else."""
    facts = json.loads(next(public.rglob("recogniser.*.json")).read_text(encoding="utf-8"))
    models = [facts["detector"]["bytes"], facts["recogniser"]["bytes"]]
    others = facts["runtime"]["wasm"]["bytes"] + facts["collection"]["bytes"]
    there: int = others + sum(size // 2 for size in models)
    return there / (others + sum(models))


def test_an_interrupted_download_continues_where_it_stopped_and_is_kept(
    browser: Browser, built: Project, strangers: list[Path]
) -> None:
    asked: list[tuple[str, str]] = []
    arrived = threading.Event()
    handler = type("Handler", (_Faulty,), {"asked": asked, "arrived": arrived})
    context = browser.new_context()
    page = context.new_page()

    def interrupted() -> None:
        show(page, strangers[0])
        page.wait_for_function(
            "half => document.querySelector('.fetching progress').value > half - 1e-6",
            arg=half(built.public),
        )
        arrived.set()

    with hosted(built.public, handler) as address:
        page.goto(f"{address}identify/")
        ask(page, interrupted)
        assert len(asked) == 4
        assert sum(bool(wanted) for _, wanted in asked) == 2

        page.reload()
        ask(page, lambda: show(page, strangers[0]))
        assert len(asked) == 4, "what was fetched is kept"
        context.close()


def test_nothing_is_sent_anywhere_while_a_picture_is_identified(
    stage: Page, strangers: list[Path]
) -> None:
    sent: list[str] = []
    stage.on("request", lambda request: sent.append(request.method + (request.post_data or "")))
    ask(stage, lambda: show(stage, strangers[0]))

    assert set(sent) <= {"GET"}
