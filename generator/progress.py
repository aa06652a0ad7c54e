"""Shows the progress of long steps: a bar in a terminal, plain lines elsewhere."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

Advance = Callable[[int], None]
_PLAIN_EVERY_S = 10.0


@dataclass
class Progress:
    """Shows steps and keeps their times.

    Attributes:
        stream: where to write; bars appear only if it is a terminal.
        quiet: write nothing at all.
        seconds: time spent in each step so far, in order.
    """

    stream: TextIO = field(default_factory=lambda: sys.stderr)
    quiet: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - begun
            self.seconds[name] = self.seconds.get(name, 0.0) + spent

    def waits(self) -> None:
        """Report that another process is building this site, and that this one waits for it."""
        if not self.quiet:
            self._line("Another bollards process is building this site. Waiting for it to finish.")

    @contextlib.contextmanager
    def bar(self, title: str, total: int, unit: str) -> Iterator[Advance]:
        """Show work on `total` units. Call the yielded function with the number just finished.

        `unit` is a plural that ends with "s".
        """
        if self.quiet or total == 0:
            yield lambda _: None
        elif self.stream.isatty():
            with self._terminal_bar(title, total, unit) as advance:
                yield advance
        else:
            with self._plain_lines(title, total, unit) as advance:
                yield advance

    @contextlib.contextmanager
    def _terminal_bar(self, title: str, total: int, unit: str) -> Iterator[Advance]:
        # Imported here, because builds with nothing to do should not wait for it.
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Task,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as Bars
        from rich.text import Text

        class Rate(TextColumn):
            def render(self, task: Task) -> Text:
                return Text(_rate(task.speed or 0, unit), style="progress.data.speed")

        with Bars(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            Rate(""),
            TimeRemainingColumn(),
            console=Console(file=self.stream),
            transient=True,
        ) as bars:
            task = bars.add_task(title, total=total)
            yield lambda count: bars.advance(task, count)

    @contextlib.contextmanager
    def _plain_lines(self, title: str, total: int, unit: str) -> Iterator[Advance]:
        begun = last = time.monotonic()
        done = 0
        # Threads may finish at the same moment; none of their counts may be lost.
        lock = threading.Lock()

        def advance(count: int) -> None:
            nonlocal done, last
            with lock:
                done += count
                now = time.monotonic()
                if now - last < _PLAIN_EVERY_S or not done:
                    return
                last = now
                rate = done / (now - begun)
                left = (total - done) / rate
                self._line(f"{title}: {done} of {total}, {_rate(rate, unit)}, {left:.0f} s left")

        self._line(f"{title}: {total} {unit if total != 1 else unit.removesuffix('s')}")
        yield advance
        rate = done / max(time.monotonic() - begun, 1e-3)
        self._line(f"{title}: done, {_rate(rate, unit)}")

    def _line(self, text: str) -> None:
        print(text, file=self.stream, flush=True)


def _rate(per_second: float, unit: str) -> str:
    """ "35 photos/s", or "0.4 photos/s" if whole numbers would hide the progress."""
    return f"{per_second:.{0 if per_second >= 10 else 1}f} {unit}/s"
