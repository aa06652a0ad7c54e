"""The examples of the documentation work: commands run, settings are valid, code works."""

import importlib.util
import re
import shlex
import shutil
import tomllib
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from PIL import Image

from generator import plugins
from generator.cli import cli
from generator.collect.table import read_table
from generator.config import EmbedSettings, load_settings
from generator.curation import load_curation
from generator.embed import Embedder
from tests.docs.conftest import Workshop
from tests.docs.markdown import ROOT, Fence, fences, inline_code

FENCES = fences()


def read_entry_points(path: Path) -> None:
    """Refuse entry points that the program does not look for."""
    groups = tomllib.loads(path.read_text(encoding="utf-8"))["project"]["entry-points"]
    seams = (plugins.EMBEDDERS, plugins.ISOLATORS, plugins.DESCRIBERS)
    assert set(groups) <= {seam.group for seam in seams}


# They run until somebody stops them.
_LASTING = {"serve", "review", "studio"}
_READERS = {
    "site.toml": load_settings,
    "curation.toml": load_curation,
    "pyproject.toml": read_entry_points,
}


def blocks(language: str) -> list[Fence]:
    return [fence for fence in FENCES if fence.language == language]


def commands() -> dict[str, list[str]]:
    """The words of every command line in a shell block, without comments, each line once."""
    lines = (line for fence in blocks("sh") for line in fence.text.splitlines())
    words = {line: shlex.split(line, comments=True) for line in lines}
    return {line: found for line, found in words.items() if found}


def of_program() -> list[str]:
    return [line for line, words in commands().items() if words[0] == "bollards"]


def parsed(words: list[str]) -> None:
    """Refuse arguments that the command would refuse at once."""
    # Commands keep the help option of the first context that asks: it must be the program's own.
    with click.Context(cli, info_name="bollards", **cli.context_settings) as group:
        name, command, rest = cli.resolve_command(group, words[1:])
        assert name and command
        command.make_context(name, rest, parent=group)


@pytest.mark.parametrize("line", of_program())
def test_a_command_line_runs(
    line: str, workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = commands()[line]
    at = workshop.root
    if words[1] == "init" and "--ci" not in words:
        at = tmp_path
    elif words[1] in ("init", "clean"):
        at = Path(shutil.copytree(workshop.root / "my-site", tmp_path / "my-site")).parent
    monkeypatch.chdir(at)

    parsed(words)
    if words[1] not in _LASTING:
        result = workshop.bollards(*words[1:], at=at)
        assert result.exit_code == 0, result.output


@pytest.mark.parametrize("line", [line for line in commands() if line not in of_program()])
def test_other_command_lines_name_existing_targets_and_folders(line: str) -> None:
    words = commands()[line]
    if words[0] == "make":
        targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert words[1] in targets
    else:
        assert words[:3] == [".venv/bin/python", "-m", "pytest"]
        places = [word.removeprefix("--ignore=") for word in words[3:] if "tests" in word]
        assert places
        assert [place for place in places if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("fence", blocks("toml"), ids=str)
def test_settings_and_decisions_are_valid(fence: Fence, tmp_path: Path) -> None:
    name = fence.text.partition("\n")[0].removeprefix("# ")
    assert name in _READERS, "a block of TOML begins with a comment that names its file"
    (tmp_path / name).write_text(fence.text, encoding="utf-8")

    _READERS[name](tmp_path / name)


@pytest.mark.parametrize(
    "fence", [one for one in blocks("text") if "file,bollard,country" in one.text], ids=str
)
def test_tables_are_valid(fence: Fence, tmp_path: Path) -> None:
    (tmp_path / "photos.csv").write_text(fence.text, encoding="utf-8")

    assert read_table(tmp_path / "photos.csv")


def test_the_embedder_of_the_example_embeds() -> None:
    (fence,) = (one for one in blocks("python") if "def embed" in one.text)
    names: dict[str, Any] = {"__name__": "example"}
    exec(fence.text, names)
    embedder = names["load"]("colour", EmbedSettings(), Path())
    assert isinstance(embedder, Embedder)
    rng = np.random.default_rng(1)
    images = [Image.fromarray(rng.integers(0, 255, (30, 20, 3), np.uint8)) for _ in range(3)]

    rows = embedder.embed(images)

    assert rows.shape == (3, 48)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1)


def test_commands_within_a_sentence_exist() -> None:
    wrong = []
    for page, code in inline_code():
        words = code.split()
        if words[:1] == ["bollards"] and len(words) > 1 and words[1].islower():
            command = cli.commands.get(words[1])
            known = {word for one in command.params for word in one.opts} if command else set()
            wrong += [
                f"{page.name}: {code}"
                for word in words[1:]
                if not command or (word.startswith("--") and word not in {*known, "--help"})
            ]
    assert wrong == []


def test_modules_and_targets_within_a_sentence_exist() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    wrong = []
    for page, code in inline_code():
        if match := re.search(r"python -m ([\w.]+)", code):
            if importlib.util.find_spec(match[1]) is None:
                wrong.append(f"{page.name}: {code}")
        elif (match := re.match(r"make ([a-z]+)", code)) and match[1] not in targets:
            wrong.append(f"{page.name}: {code}")
    assert wrong == []
