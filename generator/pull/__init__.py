"""pull: fetches the photos of a project from a bucket or another place, and only what changed.

It takes the address in site.toml or from the command, and leaves plain files in photos/, and a
photos.csv beside it: a build knows nothing of where they came from, and needs no network. Whatever
the owner has put there or changed stays as it is.
"""

import errno
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from generator.config import load_settings
from generator.errors import BollardsError, Problem
from generator.progress import Progress
from generator.project import Project, refuse_endless_folders
from generator.pull.plan import Plan, as_here, decide, in_project, local, yours
from generator.pull.record import FOLDER, Record
from generator.pull.source import (
    FORMS,
    DroppedError,
    RefusedError,
    RemoteFile,
    Source,
    open_source,
)
from generator.pull.transfer import THREADS, Arrived, StoppedError, fetch, part_name

__all__ = ["Pulled", "pull"]

# So many refusals without one success mean that the next ones will be the same.
_REFUSALS = 20
_FEW = 20


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did: lines to print, files that stay as they are, files that could not be had."""

    lines: tuple[str, ...]
    notes: tuple[Problem, ...]
    failed: tuple[Problem, ...]


def pull(
    project: Project,
    progress: Progress,
    *,
    address: str = "",
    endpoint: str = "",
    dry_run: bool = False,
    every_file: bool = False,
) -> Pulled:
    """Fetch new and changed photos, and remove fetched ones that are gone from their place.

    Args:
        project: its photos/ and photos.csv are brought up to date.
        progress: shows the progress.
        address: the place; "" means `from` under [photos] in site.toml.
        endpoint: the server of an `s3://` bucket; "" means the one in site.toml.
        dry_run: only report what would be done.
        every_file: name every file in that report.

    Raises:
        BollardsError: the place is wrong, or cannot be reached or read, or the disk is full. What
            has arrived is kept; the next pull continues there.
    """
    settings = load_settings(project.settings).photos
    place = address or settings.from_
    if not place:
        raise BollardsError(
            f"From where? Name a place with --from, or set `from` under [photos] in"
            f" {project.settings}. The forms are:\n{FORMS}"
        )
    refuse_endless_folders(project)
    source = open_source(place, endpoint or settings.endpoint)
    files = source.files()
    if not files:
        raise BollardsError(
            f"{source.named}: there is nothing there. Check the address; nothing was changed here."
        )
    # A build must not read the folder while it is filled.
    with project.locked(waiting=progress.waits):
        record = Record(project.photos, source.named)
        plan = decide(project, files, record)
        notes = tuple(problem for problem in plan.problems if not problem.skipped)
        failed = tuple(problem for problem in plan.problems if problem.skipped)
        if dry_run:
            return Pulled((*_planned(source, plan, every_file),), notes, failed)
        work = _Pull(project, source, record, progress)
        try:
            work.run(plan, {part_name(source, file) for file in files})
        except OSError as error:
            raise _explained(error, work.fetched) from error
        lines = _said(source, plan, work, record)
        return Pulled(
            lines, (*notes, *work.notes), tuple(sorted((*failed, *work.failed), key=_by_file))
        )


class _Pull:
    """One pull at work; its threads share the record."""

    def __init__(
        self, project: Project, source: Source, record: Record, progress: Progress
    ) -> None:
        self._project = project
        self._source = source
        self._record = record
        self._progress = progress
        self._parts = project.photos / FOLDER
        self._placing = threading.Lock()
        self._stop = threading.Event()
        self.fetched = 0
        self.bytes = 0
        self.same = 0
        self.removed = 0
        self.notes: list[Problem] = []
        self.failed: list[Problem] = []

    def run(self, plan: Plan, parts: set[str]) -> None:
        """Do what the plan says. Parts of other files than `parts` are removed at the end."""
        self._parts.mkdir(parents=True, exist_ok=True)
        with self._record.writing():
            for path, fetched in plan.adopt.items():
                self._record.put(path, fetched)
            self._fetch_all(plan.fetch)
            for path in plan.remove:
                self._remove(path)
            for path in plan.forget:
                self._record.drop(path)
        for part in self._parts.glob("*.part"):
            if part.name not in parts:
                part.unlink(missing_ok=True)

    def _fetch_all(self, files: Sequence[RemoteFile]) -> None:
        pool = ThreadPoolExecutor(THREADS)
        try:
            with self._progress.bar("Fetching", len(files), "files") as advance:
                for done in as_completed([pool.submit(self._fetch, file) for file in files]):
                    done.result()
                    advance(1)
                    self._refuse_hopeless()
        finally:
            self._stop.set()
            pool.shutdown(wait=True, cancel_futures=True)

    def _fetch(self, file: RemoteFile) -> None:
        path = file.path
        try:
            arrived = fetch(self._source, file, self._parts, self._stop)
        except RefusedError as error:
            self._fail(path, f"{error}.")
        except StoppedError:
            pass
        except DroppedError as error:
            raise BollardsError(
                f"{self._source.named}: the connection broke off ({error}). {self.fetched} files"
                f" were fetched. `bollards pull` continues there, also within {path}."
            ) from None
        else:
            with self._placing:
                self._place(file, arrived)

    def _place(self, file: RemoteFile, arrived: Arrived) -> None:
        """Put a whole file in its place, unless something of the owner's is there."""
        at = local(self._project, file.path)
        name = in_project(self._project, file.path)
        if not self._is_inside(at):
            reason = "its folder here is a link that leads out of photos/. Replace it by a folder."
            self.failed.append(Problem(name, reason, skipped=True))
            return
        try:
            at.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            self.failed.append(Problem(name, "a file is where its folder should be.", skipped=True))
            return
        known = self._record.files.get(file.path)
        if os.path.lexists(at) and not (known and known.is_at(at)):
            mine = as_here(arrived.at, file, arrived.sha256)
            if not mine.is_at(at):
                self.notes.append(yours(self._project, file.path))
                # With it on record, the same content is not fetched again.
                self._record.put(file.path, mine)
                arrived.at.unlink()
                return
            self.same += 1
        else:
            self.fetched += 1
            self.bytes += file.size
        arrived.at.replace(at)
        self._record.put(file.path, as_here(at, file, arrived.sha256))

    def _remove(self, path: str) -> None:
        at = local(self._project, path)
        self._record.drop(path)
        if not self._is_inside(at):
            return
        at.unlink(missing_ok=True)
        self.removed += 1
        for folder in at.parents:
            if folder in (self._project.photos, self._project.root) or any(folder.iterdir()):
                break
            folder.rmdir()

    def _is_inside(self, at: Path) -> bool:
        """Whether no link leads from photos/ to a file elsewhere."""
        top = self._project.root if at == self._project.photo_table else self._project.photos
        return at.parent.resolve().is_relative_to(top.resolve())

    def _fail(self, path: str, reason: str) -> None:
        with self._placing:
            self.failed.append(Problem(in_project(self._project, path), reason, skipped=True))

    def _refuse_hopeless(self) -> None:
        if not self.fetched and not self.same and len(self.failed) >= _REFUSALS:
            first = self.failed[0]
            raise BollardsError(
                f"{self._source.named}: none of the first {len(self.failed)} files could be"
                f" fetched, such as {first.file}: {first.reason}"
            )


def _planned(source: Source, plan: Plan, every_file: bool) -> list[str]:
    size = _megabytes(sum(file.size for file in plan.fetch))
    lines = [
        f"{source.named}: {len(plan.fetch)} to fetch ({size}), {len(plan.remove)} to remove,"
        f" {plan.current + len(plan.adopt)} up to date."
    ]
    names = [f"  fetch   {file.path}" for file in plan.fetch]
    names += [f"  remove  {path}" for path in plan.remove]
    lines += names if every_file else names[:_FEW]
    if not every_file and len(names) > _FEW:
        lines.append(f"  … and {len(names) - _FEW} more: --list names them.")
    return [*lines, "Nothing was fetched (--dry-run)."]


def _said(source: Source, plan: Plan, work: _Pull, record: Record) -> tuple[str, ...]:
    current = plan.current + len(plan.adopt) + work.same
    lines = [
        f"Fetched {work.fetched} files ({_megabytes(work.bytes)}) from {source.named},"
        f" removed {work.removed}; {current} were up to date."
    ]
    if plan.others:
        lines.append(
            f"Files that are neither photos nor photos.csv were left there: {plan.others}."
        )
    if record.earlier:
        lines.append(
            f"photos/ was fetched from {record.earlier} before. What is only there was not removed"
            " here: delete it if you no longer want it."
        )
    return tuple(lines)


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"


def _by_file(problem: Problem) -> str:
    return problem.file


def _explained(error: OSError, fetched: int) -> BollardsError:
    told = f"{error.filename}: {error.strerror or error}."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        told = "The disk is full. Free some space."
    return BollardsError(
        f"{told} {fetched} files were fetched before, and are whole. `bollards pull` continues"
        " there."
    )
