"""Files that site.toml names: logo, icon, fonts."""

import difflib
import os
from collections.abc import Sequence
from pathlib import Path

from generator.errors import Problem
from generator.own_files import read_own_text
from generator.project import Project
from generator.toml_files import line_of

_PASSED = frozenset({"public", "photos", "node_modules"})
_MOST = 2000


def own_file(
    project: Project, key: Sequence[str], name: str, endings: tuple[str, ...]
) -> Path | Problem:
    """The file that a key of site.toml names, or the problem with it.

    Args:
        project: paths in site.toml are relative to its root.
        key: the key, such as ("theme", "font").
        name: its value.
        endings: the endings that the file may have, in lower case.
    """

    def wrong(reason: str) -> Problem:
        line = line_of(read_own_text(project.settings), key)
        where = f"line {line}: {'.'.join(key)}: {name}"
        return Problem(project.settings.name, f"{where}: {reason}", skipped=False)

    path = project.root / name
    if not Path(os.path.realpath(path)).is_relative_to(project.root.resolve()):
        return wrong("is outside of the site project. Copy the file to a folder beside site.toml.")
    if not path.is_file():
        close = difflib.get_close_matches(name, _candidates(project.root, endings), n=1, cutoff=0.5)
        return wrong(f"there is no such file.{f' Did you mean {close[0]}?' if close else ''}")
    if path.suffix.lower() not in endings:
        return wrong(f"expected a file that ends in {', '.join(endings)}.")
    return path


def _candidates(root: Path, endings: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    folders = [root]
    while folders and len(found) < _MOST:
        for path in sorted(folders.pop().iterdir()):
            if path.name.startswith(".") or path.name in _PASSED:
                continue
            if path.is_dir() and not path.is_symlink():
                folders.append(path)
            elif path.suffix.lower() in endings:
                found.append(path.relative_to(root).as_posix())
    return found
