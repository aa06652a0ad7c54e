"""The import rule between rooms holds for every module of the program."""

import ast
from collections.abc import Collection, Iterator
from fnmatch import fnmatch
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "generator"
GROUND_FLOOR = frozenset(
    {
        "buckets",
        "cache",
        "calibration",
        "catalogue",
        "characters",
        "colours",
        "config",
        "curve",
        "database",
        "errors",
        "filenames",
        "inference",
        "keep",
        "memory",
        "output",
        "own_files",
        "own_looks",
        "own_site",
        "page_store",
        "plugins",
        "policy",
        "progress",
        "project",
        "prose",
        "published",
        "resources",
        "rows",
        "things",
        "sureness",
        "today",
        "toml_files",
        "vectors",
        "vocabulary",
    }
)
# What the ground floor has too much of for one file.
FOLDERS = frozenset({"config"})
COMMANDS = frozenset({"__init__", "__main__", "cli", "serve", "studio"})
STEPS = frozenset({"collect", "isolate", "embed", "group", "relate", "render", "publish"})
# Rooms that steps may use: the built-in models, and words.
SHARED = frozenset({"recogniser", "language"})


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    """The room of a module: its folder below `generator/`, or its own name on the ground floor."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def rooms_imported(path: Path) -> Iterator[str]:
    """The rooms that a module imports, lazily or for types only included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "generator":
            names = [f"generator.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "generator" and len(parts) > 1 and parts[1] != "__version__":
                yield parts[1]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_rooms_that_it_may(path: Path) -> None:
    room, imported = room_of(path), set(rooms_imported(path)) - {room_of(path)}

    if room in GROUND_FLOOR:
        assert imported <= GROUND_FLOOR, "the ground floor imports no room"
    if room in STEPS:
        assert imported <= GROUND_FLOOR | SHARED, "a step imports no other step"
    if room in SHARED:
        assert imported <= GROUND_FLOOR | SHARED
    if room not in COMMANDS | {"commands"}:
        assert not imported & {"commands", "cli"}, "only commands import commands"
    assert "training" not in imported, "nothing imports training"


def test_only_the_ground_floor_and_the_commands_are_loose_files() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} == GROUND_FLOOR - FOLDERS | COMMANDS


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules_imported(path: Path, known: Collection[str]) -> set[str]:
    """The modules that a module imports when it is loaded, or for types only."""
    found: set[str] = set()
    waiting: list[ast.stmt] = ast.parse(path.read_text(encoding="utf-8")).body
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If | ast.Try):
            waiting += node.body
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            parts = {f"{node.module}.{alias.name}" for alias in node.names} & set(known)
            found |= parts or {node.module}
    return found & set(known)


def test_no_modules_import_each_other_in_a_circle() -> None:
    paths = {module_name(path): path for path in modules()}
    graph = {name: modules_imported(path, paths) for name, path in paths.items()}

    # Raises CycleError, which names the modules of the circle.
    tuple(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize(
    "path",
    # Drawings are long lists of strokes.
    [path for path in modules() if not path.is_relative_to(PACKAGE / "training" / "scenes")],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_no_function_is_longer_than_a_hundred_lines(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1
            assert lines <= 100, f"{node.name} has {lines} lines; split it"


def test_every_folder_of_tests_is_collected(request: pytest.FixtureRequest) -> None:
    skipped = request.config.getini("norecursedirs")
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [
        str(folder)
        for folder in sorted(folders)
        for step in folder.relative_to(ROOT).parts
        if any(fnmatch(step, pattern) for pattern in skipped)
    ] == []
