"""The page's server answers this machine's browser, from its own page, and nobody else."""

import socket

import pytest

from generator.project import Project
from tests.review.conftest import Window

ACTION = {"id": "0" * 16, "version": "", "action": {"do": "settle", "key": "x"}}


def test_it_listens_on_this_machine_only(window: Window) -> None:
    socket.create_connection(("127.0.0.1", window.port), timeout=5).close()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", window.port), timeout=5)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8001", "127.0.0.1.evil.example"])
def test_another_host_name_that_leads_here_is_refused(window: Window, host: str) -> None:
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
def test_changes_from_elsewhere_are_refused(
    project: Project, window: Window, headers: dict[str, str]
) -> None:
    for path in ("/api/decide", "/api/undo", "/api/redo", "/api/build"):
        assert window.ask("POST", path, ACTION, headers)[0] == 403
    assert not (project.work / "review.json").exists()


def test_other_websites_cannot_read_what_is_here(window: Window) -> None:
    for path in ("/api/state", "/api/collection", "/api/events", "/pictures/x.webp"):
        assert window.ask("GET", path, headers={"Sec-Fetch-Site": "cross-site"})[0] == 403


def test_a_change_needs_a_post(window: Window) -> None:
    assert window.ask("GET", "/api/undo")[0] == 405


def test_pages_run_no_script_but_their_own(window: Window) -> None:
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
