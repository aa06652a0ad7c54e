"""One try: the program in a process of its own, with nothing to load, and what came of it."""

import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.cli import main

KILLED = -signal.SIGKILL
_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended: its exit code, negative for a signal, and what it printed."""

    code: int
    text: str

    @property
    def is_clean(self) -> bool:
        """Whether it did its work, or said in one message why not."""
        return "Traceback" not in self.text and (
            self.code == 0 or (self.code == 1 and "Error: " in self.text)
        )


def attempt(arguments: Sequence[str | Path], prepare: Callable[[], None] | None = None) -> Outcome:
    """Run `bollards ARGUMENTS` in a fork of this process.

    Args:
        arguments: of the command.
        prepare: is called there first.
    """
    return forked(lambda: main([str(one) for one in arguments]), prepare)


def forked(work: Callable[[], object], prepare: Callable[[], None] | None = None) -> Outcome:
    """Run a function in a fork of this process; 0 stands for its coming to its end."""
    with tempfile.TemporaryFile() as said:
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            code = 70
            try:
                # A group of its own, so that a kill takes what it has started with it.
                os.setpgrp()
                os.dup2(said.fileno(), 1)
                os.dup2(said.fileno(), 2)
                if prepare:
                    prepare()
                work()
                code = 0
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 1
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        end = time.monotonic() + _SECONDS
        while True:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                break
            if time.monotonic() > end:
                os.killpg(child, signal.SIGKILL)
            time.sleep(0.005)
        said.seek(0)
        text = said.read().decode(errors="replace")
    return Outcome(os.waitstatus_to_exitcode(status), text)


def killed_at(number: int) -> Callable[[int, object], None]:
    """For `Disk.before`: end the process before its operation of this number."""

    def before(count: int, operation: object) -> None:
        if count == number:
            os.killpg(0, signal.SIGKILL)

    return before


def copied(source: Path, target: Path) -> Path:
    """A copy of a folder, second names of one file included; what was at `target` is removed."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    written: dict[int, Path] = {}
    for place, folders, names in os.walk(source):
        here = target / Path(place).relative_to(source)
        for name in folders:
            (here / name).mkdir()
        for name in names:
            path = Path(place, name)
            inode = path.stat().st_ino
            if inode in written:
                os.link(written[inode], here / name)
            else:
                shutil.copy2(path, here / name)
                written[inode] = here / name
    return target
