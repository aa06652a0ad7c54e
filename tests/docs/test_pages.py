"""The README is short, no link is dead, and nothing is loaded from other hosts."""

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.docs.markdown import DOCS, ROOT, inline_code, links, slug, tokens

_FOLDERS = ("generator/", "templates/", "static/", "locale/", "tests/", "docs/")
# Made by commands, or named after what a reader has.
_NOT_HERE = re.compile(r"_build|\*|TAG|ROOM|^(static|templates|locale)/$")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation as `make docs` builds it."""
    out = tmp_path_factory.mktemp("documentation")
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going"]
    done = subprocess.run(
        [*command, "-d", str(out / ".doctrees"), str(DOCS), str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return out


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_the_readme_begins_with_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert re.search(r"^make site\b.*\nmake test\b", text, re.MULTILINE)


def test_every_local_link_works() -> None:
    broken = []
    for page, address in links():
        path, _, anchor = address.partition("#")
        # Sphinx checks docs/ when it builds; CONTRIBUTING there is a page that includes this one.
        if re.match(r"[a-z]+:", address) or page.parent != ROOT:
            continue
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(f"{page.name}: {address}")
    assert broken == []


def anchors(page: Path) -> set[str]:
    stream = tokens(page)
    return {
        slug("".join(part.content for part in text.children or []))
        for opening, text in pairwise(stream)
        if opening.type == "heading_open"
    }


def test_every_file_that_is_named_exists() -> None:
    named = {
        (page.name, code)
        for page, code in inline_code()
        if code.startswith(_FOLDERS) and " " not in code and not _NOT_HERE.search(code)
    }

    assert len(named) > 30
    assert sorted(name for name in named if not (ROOT / name[1]).exists()) == []


def test_the_architecture_names_every_room_and_every_file_of_the_ground_floor() -> None:
    named = {code for page, code in inline_code() if page.name == "architecture.md"}
    rooms = {f"generator/{path.parent.name}/" for path in ROOT.glob("generator/*/__init__.py")}
    files = {f"generator/{path.name}" for path in ROOT.glob("generator/[a-z]*.py")}

    assert sorted((rooms | files) - named) == []


def test_the_built_pages_load_nothing_from_other_hosts(built: Path) -> None:
    asked = {
        f"{page.name}: {found}"
        for page in built.rglob("*.html")
        for found in re.findall(
            r"<(?:script|img|iframe|source|video|audio)\b[^>]*\bsrc=\"(?:https?:)?//[^\"]+"
            r"|<link\b(?![^>]*rel=\"(?:canonical|author|help|license)\")[^>]*href=\"(?:https?:)?//[^\"]+",
            page.read_text(encoding="utf-8"),
        )
    }
    styles = {
        f"{style.name}: {found}"
        for style in built.rglob("*.css")
        for found in re.findall(
            r"@import[^;]+//[^;]+|url\([\"']?(?:https?:)?//[^)]+", style.read_text(encoding="utf-8")
        )
    }

    assert (built / "reference" / "commands.html").exists()
    assert asked | styles == set()
