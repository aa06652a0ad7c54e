"""A pipe or device in place of an owner's file is reported, and never waited for."""

import os
import sys
from pathlib import Path

import pytest

from generator.collect.table import read_table
from generator.errors import BollardsError
from generator.group.ledger_file import load_ledger
from generator.own_files import read_own_text
from generator.toml_files import read_toml

READERS = (read_toml, load_ledger, read_table)

posix = pytest.mark.skipif(sys.platform == "win32", reason="has no named pipes")


@posix
@pytest.mark.parametrize("read", READERS)
def test_a_named_pipe_is_not_waited_for(tmp_path: Path, read: object) -> None:
    path = tmp_path / "x"
    os.mkfifo(path)
    assert callable(read)
    with pytest.raises(BollardsError, match=r"x: cannot be read: it is a named pipe or a device"):
        read(path)


@posix
@pytest.mark.parametrize("read", READERS)
def test_an_endless_device_is_not_read(tmp_path: Path, read: object) -> None:
    path = tmp_path / "x"
    path.symlink_to("/dev/zero")
    assert callable(read)
    with pytest.raises(BollardsError, match=r"x: cannot be read: it is a named pipe or a device"):
        read(path)


@pytest.mark.parametrize("read", READERS)
def test_a_folder_is_reported(tmp_path: Path, read: object) -> None:
    path = tmp_path / "x"
    path.mkdir()
    assert callable(read)
    with pytest.raises(BollardsError, match="x: cannot be read"):
        read(path)


def test_a_text_may_begin_with_a_byte_order_mark_and_have_any_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes("\ufeffé\r\na\rb\n".encode())
    assert read_own_text(path) == "é\na\nb\n"


@pytest.mark.parametrize("text", ["a = " + "9" * 10_000, "a = " + "[" * 5_000 + "]" * 5_000])
def test_a_value_without_limits_is_reported(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BollardsError, match=r"x\.toml: not valid TOML"):
        read_toml(path)
