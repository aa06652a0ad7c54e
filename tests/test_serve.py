"""`bollards serve`: the site on localhost, rebuilt and reloaded when something changes."""

import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from generator.project import Project

MakeProject = Callable[..., Project]


@contextmanager
def serving(project: Project) -> Iterator[tuple[str, subprocess.Popen[str]]]:
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
            match = re.search(r"http://localhost:\d+/", line)
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


def test_it_serves_pages_with_the_headers_of_a_real_host(make_project: MakeProject) -> None:
    with serving(make_project()) as (address, _):
        with urllib.request.urlopen(address, timeout=10) as answer:
            page = answer.read().decode()
            headers = answer.headers
        with pytest.raises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(address + "no/such/page/", timeout=10)

    assert "<h1" in page
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert missing.value.code == 404
    assert b"<h1" in missing.value.read()


def test_it_listens_on_this_machine_only(make_project: MakeProject) -> None:
    with serving(make_project()) as (address, _):
        port = int(address.rstrip("/").rpartition(":")[2])
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
        expect(page).to_have_title(re.compile("Second"), timeout=20_000)

        project.settings.write_text("[site\n", encoding="utf-8")
        assert process.stderr is not None
        while "not valid TOML" not in process.stderr.readline():
            pass
        page.reload()
        expect(page).to_have_title(re.compile("Second"))

        project.settings.write_text('[site]\ntitle = "Third"\n', encoding="utf-8")
        expect(page).to_have_title(re.compile("Third"), timeout=20_000)
        page.close()


@pytest.mark.browser
def test_a_new_photo_appears(make_project: MakeProject, browser: Browser) -> None:
    project = make_project()
    with serving(project) as (address, _):
        page = browser.new_page()
        page.goto(f"{address}about/")
        expect(page.get_by_text("18 photos").first).to_be_visible()

        Image.new("RGB", (240, 300), "purple").save(project.photos / "france" / "new.jpg")

        expect(page.get_by_text("19 photos").first).to_be_visible(timeout=20_000)
        page.close()


def test_a_port_in_use_is_one_clear_message(make_project: MakeProject) -> None:
    project = make_project()
    with serving(project) as (address, _):
        port = address.rstrip("/").rpartition(":")[2]
        command = [sys.executable, "-m", "generator", "serve", str(project.root), "--port", port]
        second = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert second.returncode == 1
    assert f"Port {port} is in use" in second.stderr
    assert "Traceback" not in second.stderr


def test_ctrl_c_is_how_it_is_stopped(make_project: MakeProject) -> None:
    with serving(make_project()) as (_, process):
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)

    assert process.returncode == 0
    assert "Stopped." in output
    assert "Traceback" not in errors
