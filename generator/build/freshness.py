"""Decides whether a build has anything to do, from sizes and times alone, so that "no" is quick.

A build records the state of everything that it read and wrote. While both are untouched, the site
is up to date. A wrong "yes, something changed" costs a second; a wrong "no" would leave a stale
site, so every doubt counts as a change.
"""

import json
import os
import platform
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from generator import __version__, resources
from generator.keep import write_whole
from generator.project import Project

_Mark = list[object]


def is_fresh(project: Project) -> bool:
    """True if nothing that the last build read or wrote has changed since."""
    try:
        known = json.loads(project.state.read_text(encoding="utf-8"))
        also = known["also"]
        inputs = _inputs(project) | dict(_marks(_all_files(also)))
        # First, because it costs less: most builds that are asked for have something to do.
        if known["inputs"] != inputs:
            return False
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(known == {"inputs": inputs, "outputs": _outputs(project), "also": also})


def remember(project: Project, inputs: dict[str, _Mark], also: Iterable[Path] = ()) -> None:
    """Save the state after a build that began with `inputs`.

    A build reads and writes the ledger, so its new state is saved.

    Args:
        inputs: the result of `inputs_now` before the build read anything.
        also: files and folders outside the usual places that the settings name, such as a model.
    """
    places = [str(path) for path in also]
    state = {
        "inputs": inputs | dict(_marks([project.ledger])) | dict(_marks(_all_files(places))),
        "outputs": _outputs(project),
        "also": places,
    }
    write_whole(project.state, json.dumps(state).encode())


def inputs_now(project: Project) -> dict[str, _Mark]:
    """The state of everything that a build reads; taken before it reads it."""
    return _inputs(project)


def _inputs(project: Project) -> dict[str, _Mark]:
    single = (
        project.settings,
        project.photo_table,
        project.curation,
        project.ledger,
        project.style,
    )
    marks = dict(_marks(single))
    for folder in project.own_folders:
        marks.update(_marks(_files(folder)))
    # A misspelt name beside site.toml is warned about, so that mending it is a change, too.
    marks["beside"] = [*sorted(_names_beside(project, {path.name for path in single}))]
    marks["program"] = [__version__, platform.python_version(), os.environ.get("SOURCE_DATE_EPOCH")]
    code = Path(__file__).parent.parent
    static = (resources.STATIC / "css", resources.STATIC / "js")
    for folder in (code, resources.TEMPLATES, resources.LOCALE, *static):
        marks.update(_marks(path for path in _files(folder) if not path.endswith(".pyc")))
    return marks


def _names_beside(project: Project, known: Collection[str]) -> Iterator[str]:
    """Names in the project's folder, except hidden ones and those in `known`."""
    for entry in os.scandir(project.root):
        if entry.name[0] != "." and entry.name not in known and entry.name != project.public.name:
            yield f"{entry.name}/" if entry.is_dir() else entry.name


def _outputs(project: Project) -> dict[str, _Mark]:
    # Times inside public/ are left out: a copy of the site is still the site.
    marks = {name: mark[:1] for name, mark in _marks(_files(project.public))}
    # The index is not compared with anything when the site is built, so that its time counts.
    return marks | {name: mark[:2] for name, mark in _marks([project.index])}


def _marks(paths: Iterable[Path | str]) -> Iterator[tuple[str, _Mark]]:
    for path in paths:
        try:
            stat = os.stat(path)  # noqa: PTH116 (thousands of files: no Path objects)
        except OSError:
            yield str(path), [None]
        else:
            # The time of the last change of anything (ctime) also reveals files that were replaced
            # by others of the same size and time.
            yield str(path), [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def _all_files(paths: Iterable[str]) -> Iterator[str]:
    """The paths themselves, and for folders all files in them except compiled Python."""
    for path in paths:
        yield path
        yield from (file for file in _files(Path(path)) if not file.endswith(".pyc"))


def _files(folder: Path) -> Iterator[str]:
    """All files in a folder; symbolic links to folders are not followed.

    What exists and cannot be read as a folder counts as a file: builds warn about it, and mending
    it is a change.
    """
    stack = [str(folder)]
    while stack:
        place = stack.pop()
        try:
            entries = list(os.scandir(place))
        except OSError:
            if os.path.lexists(place):
                yield place
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                stack.append(entry.path)
            else:
                yield entry.path
