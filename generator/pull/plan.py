"""Decides what to fetch, to keep and to remove, without writing anything but times."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.collect.file_types import EXTENSIONS, is_system_folder
from generator.errors import Problem
from generator.project import Project
from generator.pull.record import Fetched, Record
from generator.pull.source import RemoteFile
from generator.pull.transfer import digest, md5_of

# What common file systems allow in one part of a path, in bytes.
_LONGEST = 255
# Windows refuses them, or takes them for parts of a path.
_NOT_IN_NAMES = frozenset('\\:*?"<>|' if os.name == "nt" else "")


@dataclass(slots=True)
class Plan:
    """What a pull has to do.

    Attributes:
        fetch: files that are new, have changed or are missing here.
        adopt: files that are here already, though no pull is on record.
        remove: paths of fetched files that are gone from the place and unchanged here.
        forget: paths of files that are gone on both sides, or belong to the owner now.
        current: how many files are up to date.
        others: how many files are neither photos nor photos.csv.
        problems: files that stay as they are, or cannot be had.
    """

    fetch: list[RemoteFile] = field(default_factory=list)
    adopt: dict[str, Fetched] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    forget: list[str] = field(default_factory=list)
    current: int = 0
    others: int = 0
    problems: list[Problem] = field(default_factory=list)


def local(project: Project, path: str) -> Path:
    """Where a file belongs: photos.csv beside photos/, everything else in it."""
    return project.photo_table if path == project.photo_table.name else project.photos / path


def in_project(project: Project, path: str) -> str:
    """The same, as the owner would type it."""
    return path if path == project.photo_table.name else f"photos/{path}"


def decide(project: Project, files: Sequence[RemoteFile], record: Record) -> Plan:
    """What a pull of these files has to do.

    Raises:
        OSError: the disk cannot be read.
    """
    plan = Plan()
    wanted: dict[str, RemoteFile] = {}
    for file in files:
        if not _counts(file.path, project.photo_table.name):
            plan.others += not _is_hidden(file.path)
        elif reason := _unusable(file.path):
            plan.problems.append(Problem(in_project(project, file.path), reason, skipped=True))
        else:
            wanted[file.path] = file
    for path in sorted(wanted):
        _decide_one(project, wanted[path], record.files.get(path), plan)
    for path in sorted(record.files.keys() - wanted.keys()):
        at = local(project, path)
        if record.files[path].is_at(at):
            plan.remove.append(path)
        else:
            plan.forget.append(path)
            if at.exists():
                reason = "is gone from there, but you have changed it here, so it stays."
                plan.problems.append(Problem(in_project(project, path), reason, skipped=False))
    return plan


def _decide_one(project: Project, file: RemoteFile, known: Fetched | None, plan: Plan) -> None:
    at = local(project, file.path)
    if not os.path.lexists(at):
        plan.fetch.append(file)
    elif known is not None and known.is_at(at):
        if known.mark == file.mark:
            plan.current += 1
        else:
            plan.fetch.append(file)
    elif not at.is_file() or at.is_symlink() or at.stat().st_size != file.size:
        plan.problems.append(yours(project, file.path))
    elif known is not None and known.mark == file.mark:
        # Of the same size, but not what was fetched.
        plan.problems.append(yours(project, file.path))
    elif file.md5 and md5_of(at) == file.md5:
        plan.adopt[file.path] = as_here(at, file, digest(at))
    else:
        # Only its content shows whether it is the same.
        plan.fetch.append(file)


def yours(project: Project, path: str) -> Problem:
    """Reports a file that is left as it is, because no pull has put it there."""
    reason = (
        "is another one than that from there: your own, or changed by you. It stays as it is;"
        " delete or rename it, and pull again, to have the other one."
    )
    return Problem(in_project(project, path), reason, skipped=False)


def as_here(at: Path, file: RemoteFile, sha256: str) -> Fetched:
    """The record of a file that is in its place."""
    state = at.stat()
    return Fetched(file.mark, sha256, state.st_size, state.st_mtime_ns)


def _counts(path: str, table: str) -> bool:
    if path == table:
        return True
    return not _is_hidden(path) and Path(path).suffix.casefold() in EXTENSIONS


def _is_hidden(path: str) -> bool:
    """Whether a build would pass over a file because of its folder or name."""
    *folders, name = path.split("/")
    hidden = any(
        part.startswith((".", "~$")) and part not in (".", "..") for part in (*folders, name)
    )
    return hidden or any(map(is_system_folder, folders))


def _unusable(path: str) -> str:
    """Why a path cannot be a file in a folder of this machine, or ""."""
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return "is not the path of a file in a folder. Rename it there."
    try:
        if any(len(part.encode()) > _LONGEST for part in parts):
            return f"has a name of more than {_LONGEST} bytes. Rename it there."
    except UnicodeEncodeError:
        return "has a name that is not valid UTF-8. Rename it there."
    bad = [char for char in sorted(set(path)) if ord(char) < 32 or char in _NOT_IN_NAMES]
    if bad:
        which = ", ".join(f"U+{ord(char):04X}" if ord(char) < 32 else f'"{char}"' for char in bad)
        return f"has a name with {which}. Rename it there."
    return ""
