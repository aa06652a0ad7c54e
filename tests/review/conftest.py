"""A built project of drawn photos, and its review page's server: the real one, over real HTTP."""

import json
import re
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from generator.local.guard import make_keys
from generator.local.listening import listen, server
from generator.project import Project
from generator.review.server import application

Json = dict[str, Any]


@pytest.fixture
def project(built_project: Project) -> Project:
    """The drawn collection, built, without decisions; each test has its own."""
    return built_project


class Window:
    """One open page, as far as the server can tell."""

    def __init__(self, address: str) -> None:
        """Open the page at the address that `review` printed, token included."""
        self.address = address
        self.port = urlsplit(address).port or 80
        self.version = ""
        self.cookie = ""
        _, _, told = self.ask("GET", f"/?{urlsplit(address).query}")
        self.cookie = told["set-cookie"].partition(";")[0]

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any, dict[str, str]]:
        """Status, JSON or text, and headers of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Sec-Fetch-Site": "same-origin", "Cookie": self.cookie}
        if body is not None:
            sent |= {
                "Content-Type": "application/json",
                "Origin": f"http://127.0.0.1:{self.port}",
            }
        sent |= headers or {}
        connection.request(
            method,
            path,
            json.dumps(body) if body is not None else None,
            {name: value for name, value in sent.items() if value},
        )
        answer = connection.getresponse()
        text = answer.read().decode()
        told = {name.lower(): value for name, value in answer.getheaders()}
        connection.close()
        is_json = told.get("content-type", "").startswith("application/json")
        return answer.status, json.loads(text) if is_json else text, told

    def state(self) -> Json:
        status, found, _ = self.ask("GET", "/api/state")
        assert status == 200
        self.version = found.get("version", "")
        return found

    def decide(self, action: Json, **more: Any) -> tuple[int, Any]:
        """Send a decision on the version that this window saw last."""
        body = {"id": uuid.uuid4().hex, "version": self.version, "action": action} | more
        status, found, _ = self.ask("POST", "/api/decide", body)
        if status == 200:
            self.version = found["version"]
        return status, found

    def decided(self, action: Json, **more: Any) -> Json:
        status, found = self.decide(action, **more)
        assert status == 200, found
        return found

    def undo(self) -> tuple[int, Any]:
        return self.ask("POST", "/api/undo", {})[:2]

    def redo(self) -> tuple[int, Any]:
        return self.ask("POST", "/api/redo", {})[:2]


@contextmanager
def reviewing(project: Project, port: int = 0) -> Iterator[tuple[Window, subprocess.Popen[str]]]:
    command = [sys.executable, "-u", "-m", "generator", "review", str(project.root)]
    process = subprocess.Popen(
        [*command, "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            match = re.search(r"http://localhost:(\d+/\?token=\S+)", line)
            if match:
                yield Window(f"http://127.0.0.1:{match[1]}"), process
                break
        else:
            _, errors = process.communicate(timeout=10)
            pytest.fail(f"review ended: {errors}")
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


@contextmanager
def served(project: Project) -> Iterator[str]:
    """The same server within this process, which takes a moment instead of seconds; its address."""
    listener = listen(0)
    keys = make_keys(project.session_key)
    running = server(application(project, keys))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield keys.address(listener.getsockname()[1]).replace("localhost", "127.0.0.1")
    finally:
        running.should_exit = True
        thread.join(timeout=30)
        listener.close()


@pytest.fixture
def window(project: Project) -> Iterator[Window]:
    with served(project) as address:
        yield Window(address)


@pytest.fixture
def another(window: Window) -> Callable[[], Window]:
    """Opens another window of the same page."""
    return lambda: Window(window.address)
