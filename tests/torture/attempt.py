"""One try: the program in a process of its own, with everything imported, and its outcome."""

import os
import resource
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
# Of processor time: on a busy machine a try may take far longer.
_SECONDS = 600
_LONGEST = 3600


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended: its exit code, negative for a signal, and what it printed."""

    code: int
    text: str

    @property
    def is_clean(self) -> bool:
        """Whether it did its work, or explained in one message why not."""
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
    """Run a function in a fork of this process; 0 means that it finished."""
    with tempfile.TemporaryFile() as said:
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            code = 70
            try:
                # A group of its own, so that a kill takes what it has started with it.
                os.setpgrp()
                resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
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
        end = time.monotonic() + _LONGEST
        try:
            while not (ended := os.waitpid(child, os.WNOHANG))[0]:
                if time.monotonic() > end:
                    os.killpg(child, signal.SIGKILL)
                time.sleep(0.005)
        except KeyboardInterrupt:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise
        said.seek(0)
        text = said.read().decode(errors="replace")
    return Outcome(os.waitstatus_to_exitcode(ended[1]), text)


def killed_at(number: int) -> Callable[[int, object], None]:
    """For `Disk.before`: end the process before its operation of this number."""

    def before(count: int, operation: object) -> None:
        if count == number:
            os.killpg(0, signal.SIGKILL)

    return before


def copied(source: Path, target: Path) -> Path:
    """A copy of a folder, hard links included; an existing `target` is removed."""
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


def spread(count: int, tries: int, seed: int) -> list[int]:
    """Numbers from 1 to `count`, evenly spread; all of them before any comes twice."""
    rounds, rest = divmod(tries, count)
    offset = seed % max(1, count)
    some = [1 + (offset + place * count // max(1, rest)) % count for place in range(rest)]
    return [*(list(range(1, count + 1)) * rounds), *some]
