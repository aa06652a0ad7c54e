"""The page's server answers this machine's browser, from its own page, and nobody else."""

import socket
import stat
from urllib.parse import urlsplit

import pytest

from generator.local.guard import make_keys
from generator.project import Project
from tests.review.conftest import Window

ACTION = {"id": "0" * 16, "version": "", "action": {"do": "settle", "key": "x"}}


def test_it_listens_on_this_machine_only(window: Window) -> None:
    socket.create_connection(("127.0.0.1", window.port), timeout=5).close()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", window.port), timeout=5)


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil:80", "[", "localhost:", "a@localhost"]
)
def test_another_host_name_for_this_machine_is_refused(window: Window, host: str) -> None:
    status, _, _ = window.ask("GET", "/api/state", headers={"Host": host})

    assert status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
def test_changes_from_other_websites_are_refused(
    project: Project, window: Window, headers: dict[str, str]
) -> None:
    for path in ("/api/decide", "/api/undo", "/api/redo", "/api/build"):
        assert window.ask("POST", path, ACTION, headers)[0] == 403
    assert not (project.work / "review.json").exists()


def test_other_websites_cannot_read_what_is_here(window: Window) -> None:
    for path in ("/api/state", "/api/collection", "/api/events", "/pictures/x.webp"):
        assert window.ask("GET", path, headers={"Sec-Fetch-Site": "cross-site"})[0] == 403


@pytest.mark.parametrize("cookie", ["", "bollards-{port}=guessed", "bollards-{port}="])
def test_another_account_on_the_machine_can_neither_read_nor_change_anything(
    project: Project, window: Window, cookie: str
) -> None:
    forged = {
        "Origin": f"http://127.0.0.1:{window.port}",
        "Cookie": cookie.format(port=window.port),
    }
    for path in ("/", "/api/state", "/api/collection", "/api/events", "/pictures/x.webp"):
        assert window.ask("GET", path, headers=forged)[0] == 403
    for path in ("/api/decide", "/api/undo", "/api/redo", "/api/build"):
        assert window.ask("POST", path, ACTION, forged)[0] == 403
    assert not (project.work / "review.json").exists()


def test_scripts_and_other_sites_cannot_read_the_cookie(window: Window) -> None:
    status, _, told = window.ask(
        "GET", f"/?{urlsplit(window.address).query}", headers={"Cookie": ""}
    )

    assert status == 303
    assert told["location"] == "/"
    assert "httponly" in told["set-cookie"].lower()
    assert "samesite=strict" in told["set-cookie"].lower()


def test_every_start_has_a_new_token_and_open_pages_stay_open(project: Project) -> None:
    first, second = make_keys(project.session_key), make_keys(project.session_key)

    assert first.token != second.token
    assert first.session == second.session
    assert stat.S_IMODE(project.session_key.stat().st_mode) == 0o600


def test_a_session_key_that_others_could_read_is_replaced(project: Project) -> None:
    known = make_keys(project.session_key).session
    project.session_key.chmod(0o644)

    assert make_keys(project.session_key).session != known
    assert stat.S_IMODE(project.session_key.stat().st_mode) == 0o600


def test_a_change_needs_a_post_request(window: Window) -> None:
    assert window.ask("GET", "/api/undo")[0] == 405


def test_pages_run_only_their_own_scripts(window: Window) -> None:
    status, page, headers = window.ask("GET", "/")
    policy = headers["content-security-policy"]

    assert status == 200
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "<style" not in page
    assert "style=" not in page


def test_nothing_outside_of_its_folders_is_served(window: Window) -> None:
    for path in ("/page/../server.py", "/page/%2e%2e/server.py", "/pictures/..%2fcache.sqlite"):
        assert window.ask("GET", path)[0] == 404


def test_a_huge_request_is_refused(window: Window) -> None:
    huge = ACTION | {"action": {"do": "settle", "key": "x" * 2_000_000}}

    assert window.ask("POST", "/api/decide", huge)[0] == 422
