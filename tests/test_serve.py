"""`bollards serve`: the site on localhost, rebuilt and reloaded when something changes."""

import asyncio
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect
from starlette.staticfiles import StaticFiles
from starlette.types import Message

from generator.project import Project
from generator.serve import WithReload
from tests.command import bollards
from tests.sites import ProjectAt

MakeProject = Callable[..., Project]
# The address of a site, and the server.
Served = tuple[str, subprocess.Popen[str]]


@contextmanager
def serving(project: Project) -> Iterator[Served]:
    command = [sys.executable, "-u", "-m", "generator", "serve", str(project.root), "--port", "0"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
        # A shell's background jobs, these tests maybe among them, are deaf to Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            match = re.search(r"http://localhost:\d+/\?token=\S+", line)
            if match:
                yield match[0], process
                break
        else:
            _, errors = process.communicate(timeout=10)
            pytest.fail(f"serve ended: {errors}")
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=20)


@pytest.fixture(scope="module")
def served_site(
    tmp_path_factory: pytest.TempPathFactory, project_at: ProjectAt
) -> Iterator[Served]:
    with serving(project_at(tmp_path_factory.mktemp("served") / "site")) as found:
        yield found


@pytest.fixture
def stranger(
    served_site: Served,
) -> Callable[[str], tuple[int, bytes]]:
    """Another account on this machine: it knows the port, and requests a path."""

    def ask(path: str) -> tuple[int, bytes]:
        connection = HTTPConnection("localhost", urlsplit(served_site[0]).port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()

    return ask


def test_pictures_of_another_host_come_from_the_built_site(tmp_path: Path) -> None:
    away = "https://pictures.example.org/"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "index.json").write_text(f'{{"pictures": "{away}"}}')
    (tmp_path / "data" / "one.json").write_text(f'["{away}pictures/1.webp"]')
    (tmp_path / "index.html").write_text(f'<img src="{away}pictures/1.webp"></body>')
    app = WithReload(StaticFiles(directory=tmp_path, html=True), tmp_path)

    def body(path: str) -> bytes:
        sent: list[bytes] = []

        async def receive() -> Message:
            # The visitor stays.
            return await asyncio.get_running_loop().create_future()

        async def send(message: Message) -> None:
            sent.append(message.get("body", b""))

        scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
        # The browser tests have a loop of their own in this thread.
        with ThreadPoolExecutor(1) as other:
            other.submit(asyncio.run, app(scope, receive, send)).result()
        return b"".join(sent)

    assert b'<img src="/pictures/1.webp">' in body("/")
    assert body("/data/one.json") == b'["/pictures/1.webp"]'


def test_it_serves_pages_with_the_headers_of_a_real_host(served_site: Served) -> None:
    address, _ = served_site
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with visitor.open(address, timeout=10) as answer:
        page = answer.read().decode()
        headers = answer.headers
        arrived = answer.url
    with pytest.raises(urllib.error.HTTPError) as missing:
        visitor.open(urljoin(address, "no/such/page/"), timeout=10)

    assert "token" not in arrived
    assert "<h1" in page
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert missing.value.code == 404
    assert b"<h1" in missing.value.read()


@pytest.mark.parametrize("path", ["/", "/about/", "/data/catalogue.json", "/_bollards/events"])
@pytest.mark.parametrize("token", ["", "?token=", "?token=guessed"])
def test_requests_without_the_printed_token_read_nothing(
    stranger: Callable[[str], tuple[int, bytes]], path: str, token: str
) -> None:
    status, body = stranger(path + token)

    assert status == 403
    assert b"Open the address" in body


@pytest.mark.parametrize("host", ["evil.example", "[", "localhost@evil.example", "", "[::1]:x"])
def test_another_host_name_for_this_machine_is_refused(served_site: Served, host: str) -> None:
    address, _ = served_site
    split = urlsplit(address)
    connection = HTTPConnection("127.0.0.1", split.port, timeout=10)
    connection.putrequest("GET", f"/?{split.query}", skip_host=True)
    connection.putheader("Host", host)
    connection.endheaders()

    assert connection.getresponse().status in (400, 403)


def test_endless_headers_are_cut_off(served_site: Served) -> None:
    port = urlsplit(served_site[0]).port
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 200_000)

        assert connection.recv(200).startswith(b"HTTP/1.1 400")


def test_it_listens_on_this_machine_only(served_site: Served) -> None:
    port = urlsplit(served_site[0]).port
    socket.create_connection(("127.0.0.1", port), timeout=5).close()
    # A server that listens everywhere also answers under this second name of the machine.
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", port), timeout=5)


@pytest.mark.browser
def test_an_open_page_reloads_when_settings_change_and_survives_a_mistake(
    make_project: MakeProject, browser: Browser
) -> None:
    project = make_project(settings='[site]\ntitle = "First"\n')
    with serving(project) as (address, process):
        page = browser.new_page()
        page.goto(address)
        expect(page).to_have_title(re.compile("First"))

        project.settings.write_text('[site]\ntitle = "Second"\n', encoding="utf-8")
        expect(page).to_have_title(re.compile("Second"), timeout=90_000)

        project.settings.write_text("[site\n", encoding="utf-8")
        assert process.stderr is not None
        while "not valid TOML" not in process.stderr.readline():
            pass
        page.reload()
        expect(page).to_have_title(re.compile("Second"))
        expect(page.locator("#bollards-failure")).to_contain_text("not valid TOML")

        project.settings.write_text('[site]\ntitle = "Third"\n', encoding="utf-8")
        expect(page).to_have_title(re.compile("Third"), timeout=90_000)
        page.close()


@pytest.mark.browser
def test_a_new_photo_appears_and_a_page_that_does_not_show_it_stays_as_it_is(
    make_project: MakeProject, browser: Browser
) -> None:
    project = make_project(settings='[publish]\nunseen = "flag"\n')
    with serving(project) as (address, _):
        context = browser.new_context()
        page = context.new_page()
        page.goto(address.replace("/?", "/about/?"))
        expect(page.get_by_text("18 photos").first).to_be_visible()
        other = context.new_page()
        other.goto(address.replace("/?", "/offline.html?"))
        other.evaluate(
            "() => { window.told = new Promise((tell) => new EventSource('/_bollards/events')"
            ".addEventListener('rebuilt', () => tell('not reloaded'))); }"
        )

        Image.new("RGB", (240, 300), "purple").save(project.photos / "france" / "new.jpg")

        expect(page.get_by_text("19 photos").first).to_be_visible(timeout=90_000)
        assert other.evaluate("window.told") == "not reloaded"
        context.close()


@pytest.mark.browser
def test_a_preview_says_that_it_keeps_nothing_for_use_offline(
    served_site: Served, browser: Browser
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(served_site[0].replace("/?", "/about/?"))
    page.locator(".keep > summary").click()
    expect(page.locator(".keep [role=status]")).to_contain_text("not in this preview")
    expect(page.locator(".keep button:visible")).to_have_count(0)
    context.close()


def test_a_port_in_use_gives_one_clear_message(built_project: Project, served_site: Served) -> None:
    port = str(urlsplit(served_site[0]).port)

    second = bollards("serve", built_project.root, "--port", port)

    assert second.returncode == 1
    assert f"Port {port} is in use" in second.stderr


def test_ctrl_c_stops_the_server(make_project: MakeProject) -> None:
    with serving(make_project()) as (_, process):
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)

    assert process.returncode == 0
    assert "Stopped." in output
    assert "Traceback" not in errors
