"""The command: help that reads well, one message for each mistake, exit codes as documented."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from generator import __version__
from generator.cli import cli
from tests.command import Ended, bollards

COMMANDS = (
    "init",
    "build",
    "serve",
    "deploy",
    "identify",
    "compare",
    "pairs",
    "eval",
    "clean",
)


def process(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "generator", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


def one_message(result: Ended) -> str:
    """The message of a failure that its owner can act on."""
    assert result.returncode == 1
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("Error: ") == 1
    return result.stderr


def test_help_lists_every_command_and_the_exit_codes() -> None:
    result = CliRunner().invoke(cli, ["--help"])

    assert result.exit_code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in result.output
    assert "Exit codes: 0 success; 1" in result.output
    assert "..." not in result.output.replace("[ARGS]...", "")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_each_command_says_what_it_does_and_what_its_options_mean(
    command: str, option: str
) -> None:
    result = CliRunner().invoke(cli, [command, option], terminal_width=100)

    assert result.exit_code == 0
    usage, _, rest = result.output.partition("\n")
    assert usage.startswith(f"Usage: cli {command} [OPTIONS] ")
    assert rest.strip().split("\n\n")[0].endswith(".")
    options = rest.split("Options:\n")[1].rstrip().splitlines()
    for line in options:
        assert len(line.split("  ", 2)) >= 2


def test_the_version_is_printed() -> None:
    result = process("--version")

    assert (result.returncode, result.stdout) == (0, f"bollards, version {__version__}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["biuld"],
        ["build", "--fast"],
        ["init"],
        ["identify"],
        ["compare", "only-one.jpg"],
        ["pairs", "--top", "0"],
        ["serve", "--port", "99999"],
        ["build", __file__],
    ],
)
def test_a_wrong_command_line_gives_exit_code_2(arguments: list[str]) -> None:
    result = bollards(*arguments)

    assert result.returncode == 2
    assert result.stderr.startswith("Usage: bollards ")
    assert "Error: " in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_without_a_project_is_reported_and_left_unchanged(tmp_path: Path) -> None:
    told = one_message(bollards("build", tmp_path / "nowhere"))

    assert "there is no site.toml here" in told
    assert "bollards init" in told
    assert list(tmp_path.iterdir()) == []


def test_all_problems_of_a_broken_site_toml_are_reported(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('titel = "x"\n[group]\nmin_bollards = 0\n')

    told = one_message(bollards("build", tmp_path))

    assert "site.toml: 2 problems." in told
    assert "Did you mean title under [site]?" in told
    assert "group.min_bollards: expected at least 2; found 0." in told


def test_a_new_project_without_photos_says_where_to_put_them(tmp_path: Path) -> None:
    assert bollards("init", "--empty", tmp_path / "site").returncode == 0

    told = one_message(bollards("build", tmp_path / "site"))

    assert "no photos here yet" in told


def test_a_public_folder_that_the_program_did_not_make_is_not_replaced(tmp_path: Path) -> None:
    bollards("init", "--empty", tmp_path)
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "thesis.txt").write_text("years of work")

    told = one_message(bollards("build", tmp_path))

    assert "public: holds files that bollards did not make" in told
    assert (tmp_path / "public" / "thesis.txt").exists()


def test_a_second_init_gives_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = bollards("init", "--empty", "site")
    assert first.returncode == 0
    assert "Next: bollards studio site" in first.stdout

    assert "already" in one_message(bollards("init", "--empty", "site"))


def test_clean_has_nothing_to_do_in_a_new_project(tmp_path: Path) -> None:
    bollards("init", "--empty", tmp_path)

    result = bollards("clean", tmp_path)

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(("Nothing to delete.", "Deleted "))
    assert "no site.toml" in one_message(bollards("clean", tmp_path / "elsewhere"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do anything")
def test_a_folder_without_write_permission_gives_one_message(tmp_path: Path) -> None:
    bollards("init", "--empty", tmp_path)
    tmp_path.chmod(0o555)
    try:
        assert "Permission denied" in one_message(bollards("build", tmp_path))
    finally:
        tmp_path.chmod(0o755)


def test_a_work_folder_that_is_a_file_gives_one_message(tmp_path: Path) -> None:
    bollards("init", "--empty", tmp_path)
    (tmp_path / ".bollards").touch()

    assert str(tmp_path / ".bollards") in one_message(bollards("build", tmp_path))
    assert str(tmp_path / ".bollards") in one_message(bollards("clean", tmp_path))


def test_a_name_in_any_script_can_be_printed_on_any_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "Leitpfähle 標柱"

    western = os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    result = process("init", "--empty", folder, env=western, encoding="cp1252")

    assert result.returncode == 0
    assert (folder / "site.toml").exists()
    assert "Leitpfähle \\u6a19\\u67f1" in result.stdout


def test_a_name_cannot_command_the_terminal(tmp_path: Path) -> None:
    result = bollards("build", tmp_path / "\x1b[2J")

    assert "\x1b" not in one_message(result)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of other systems")
def test_a_closed_pipe_gives_no_traceback(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        result = subprocess.run(
            [sys.executable, "-m", "generator", "init", "--empty", str(tmp_path / "site")],
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )

    assert result.returncode == 1
    assert result.stderr == ""
