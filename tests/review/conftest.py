"""A built project of drawn photos, and its review page's server: the real one, over real HTTP."""

import json
import re
import shutil
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from generator.review.server import application
from generator.serve import listen

Json = dict[str, Any]


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory, drawn_photos: Path) -> Path:
    root = tmp_path_factory.mktemp("review") / "site"
    shutil.copytree(drawn_photos, root / "photos")
    (root / "site.toml").write_text('[site]\ntitle = "Posts"\n', encoding="utf-8")
    build(Project(root), Progress(quiet=True))
    return root


@pytest.fixture
def project(built_once: Path, tmp_path: Path) -> Project:
    """The drawn collection, built, with nothing decided; each test has its own."""
    shutil.copytree(built_once, tmp_path / "site")
    return Project(tmp_path / "site")


class Window:
    """One open page, as far as the server can tell."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.version = ""

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any, dict[str, str]]:
        """Status, JSON or text, and headers of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Sec-Fetch-Site": "same-origin"}
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
            match = re.search(r"http://localhost:(\d+)/", line)
            if match:
                yield Window(int(match[1])), process
                break
        else:
            _, errors = process.communicate(timeout=10)
            pytest.fail(f"review ended: {errors}")
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


@contextmanager
def served(project: Project) -> Iterator[int]:
    """The same server within this process, which takes a moment instead of seconds; its port."""
    listener = listen(0)
    config = uvicorn.Config(application(project), log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        listener.close()


@pytest.fixture
def window(project: Project) -> Iterator[Window]:
    with served(project) as port:
        yield Window(port)


@pytest.fixture
def another(window: Window) -> Callable[[], Window]:
    """Opens another window of the same page."""
    return lambda: Window(window.port)
