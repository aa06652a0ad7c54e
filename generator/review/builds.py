"""Builds in the background, when the page asks for it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from generator.errors import BollardsError
from generator.progress import Advance, Progress
from generator.project import Project


@dataclass
class Watched(Progress):
    """Progress for a page: calls `tell` at each step and after every few photos."""

    tell: Callable[[str, int, int], None] = lambda _title, _done, _total: None

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.tell(name, 0, 0)
        with super().step(name):
            yield

    def waits(self) -> None:
        self.tell("waiting", 0, 0)

    @contextmanager
    def bar(self, title: str, total: int, unit: str) -> Iterator[Advance]:
        done = 0
        lock = threading.Lock()
        stride = max(1, total // 100)

        def advance(count: int) -> None:
            nonlocal done
            with lock:
                before, done = done, done + count
                if before // stride != done // stride:
                    self.tell(title, done, total)

        yield advance


@dataclass
class Builds:
    """One build at a time.

    Attributes:
        announce: called whenever the status has changed.
        ended: called at the end of each build with its output, and whether it failed.
        status: {"state": "idle" | "running" | "done" | "failed", "step", "done", "total", "lines"},
            as sent to the page.
    """

    project: Project
    announce: Callable[[], None] = lambda: None
    ended: Callable[[list[str], bool], None] = lambda _lines, _failed: None
    status: dict[str, Any] = field(default_factory=lambda: {"state": "idle"})
    _thread: threading.Thread | None = None

    def start(self) -> bool:
        """Start a build; False if a build is already running."""
        if self._thread and self._thread.is_alive():
            return False
        self.status = {"state": "running", "step": "", "done": 0, "total": 0}
        self._thread = threading.Thread(target=self._run, name="build")
        self._thread.start()
        self.announce()
        return True

    def wait(self) -> None:
        """Wait for the running build, if any."""
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        from generator.build import build

        def tell(step: str, done: int, total: int) -> None:
            self.status = {"state": "running", "step": step, "done": done, "total": total}
            self.announce()

        try:
            report = build(self.project, Watched(quiet=True, tell=tell))
        except BollardsError as error:
            self.status = {"state": "failed", "lines": str(error).splitlines()}
        except Exception as error:
            self.status = {"state": "failed", "lines": [f"{type(error).__name__}: {error}"]}
            raise
        else:
            self.status = {"state": "done", "lines": report.lines()}
        finally:
            self.announce()
            self.ended(self.status.get("lines", []), self.status["state"] == "failed")
