"""Is there anything to do? Told from sizes and times alone, so that "no" takes no time.

A build leaves behind the state of everything it read and of everything it wrote. As long as both
are untouched the site is as it should be. A wrong "yes, something changed" costs a second; a wrong
"no" would leave a stale site, so every doubt counts as a change.
"""

import json
import os
import platform
from collections.abc import Iterable, Iterator
from pathlib import Path

from generator import __version__, resources
from generator.project import Project

_Mark = list[object]


def is_fresh(project: Project) -> bool:
    """True when nothing that the last build read or wrote has changed since."""
    try:
        known = json.loads(project.state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(known == {"inputs": _inputs(project), "outputs": _outputs(project)})


def remember(project: Project, inputs: dict[str, _Mark]) -> None:
    """Write down the state after a build that began with `inputs`.

    The ledger is read and written by a build, so that its new state is the known one.
    """
    state = {"inputs": inputs | dict(_marks([project.ledger])), "outputs": _outputs(project)}
    project.state.write_text(json.dumps(state), encoding="utf-8")


def inputs_now(project: Project) -> dict[str, _Mark]:
    """The state of everything a build reads; taken before it reads it."""
    return _inputs(project)


def _inputs(project: Project) -> dict[str, _Mark]:
    marks = dict(_marks([project.settings, project.sheet, project.curation, project.ledger]))
    for folder in (project.photos, project.notes, project.templates):
        marks.update(_marks(_files(folder)))
    marks["program"] = [__version__, platform.python_version(), os.environ.get("SOURCE_DATE_EPOCH")]
    code = Path(__file__).parent
    for folder in (code, resources.TEMPLATES, resources.STATIC / "css", resources.STATIC / "js"):
        marks.update(_marks(path for path in _files(folder) if not path.endswith(".pyc")))
    return marks


def _outputs(project: Project) -> dict[str, _Mark]:
    # Times inside public/ are left out: a copy of the site is still the site.
    return {name: mark[:1] for name, mark in _marks(_files(project.public))}


def _marks(paths: Iterable[Path | str]) -> Iterator[tuple[str, _Mark]]:
    for path in paths:
        try:
            stat = os.stat(path)  # noqa: PTH116 (thousands of files: no Path objects)
        except OSError:
            yield str(path), [None]
        else:
            yield str(path), [stat.st_size, stat.st_mtime_ns, stat.st_ino]


def _files(folder: Path) -> Iterator[str]:
    """All files below a folder, symbolic links to folders not followed."""
    stack = [str(folder)]
    while stack:
        try:
            entries = list(os.scandir(stack.pop()))
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                stack.append(entry.path)
            else:
                yield entry.path
