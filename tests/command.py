"""The command as a person runs it, but within this process: in a moment instead of a second."""

import contextlib
import io
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.cli import main


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def bollards(*arguments: str | Path) -> Ended:
    """Run `bollards ARGUMENTS`. What it does not catch itself fails the test."""
    printed, errors = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(errors),
        pytest.raises(SystemExit) as end,
    ):
        main([str(one) for one in arguments])
    code = end.value.code
    assert isinstance(code, int)
    return Ended(code, printed.getvalue(), errors.getvalue())
