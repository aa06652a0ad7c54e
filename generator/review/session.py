"""All decisions are written to curation.toml here: saved at once, undone, shown in all windows.

The file decides. It is read again for every decision, so that hand edits, other windows and
builds are included, and it is written in one step.
"""

import contextlib
import os
import re
import threading
import tomllib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError

from generator.build.hidden_looks import remember_hidden
from generator.curation import Curation, parse_curation
from generator.curation.slugs import addressed
from generator.errors import BollardsError
from generator.own_files import read_own
from generator.project import Project, write_atomically
from generator.review.built import Built, load_built, stamp_of
from generator.review.decisions import Ground, Request, Settle, carry_out
from generator.review.desk import Desk, set_out
from generator.review.history import Entry, History
from generator.review.patch import (
    ConflictError,
    Step,
    apply,
    difference,
    digest,
    slice_of,
    value_at,
)
from generator.review.view import collection, show

Json = dict[str, Any]
_REMEMBERED = 200
_ATTEMPTS = 5


class RefusedError(BollardsError):
    """A decision that was refused, because its value has been changed meanwhile."""


class BrokenFileError(BollardsError):
    """curation.toml cannot be read, so nothing is written over it."""


@dataclass(slots=True)
class _Reading:
    """curation.toml as it is now."""

    text: str
    version: str
    document: TOMLDocument
    data: Mapping[str, Any]
    curation: Curation


@dataclass
class Session:
    """The state of one `bollards review`. Safe for several threads.

    Attributes:
        project: the paths of the site project.
        announce: called whenever windows must update.
    """

    project: Project
    announce: Callable[[], None] = lambda: None
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _built: Built | None = None
    _desk: tuple[str, str, Desk] | None = None
    _shown: tuple[Desk, frozenset[str], Json] | None = None
    _seen: OrderedDict[str, Mapping[str, Any]] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self._path = self.project.curation
        if self._path.is_symlink():
            # Replacing a symbolic link with a file would separate it from its target.
            self._path = Path(os.path.realpath(self._path))
        self._history = History.load(self.project.history)
        self._history.drop_unwritten(digest(self._text()))

    def marks(self) -> tuple[str, str]:
        """Changes when the file or the build does; cheap enough to check every second."""
        try:
            stat = self._path.stat()
        except OSError:
            return "none", stamp_of(self.project)
        return f"{stat.st_mtime_ns}.{stat.st_size}.{stat.st_ino}", stamp_of(self.project)

    def collection(self) -> Json:
        """The data that only a build changes.

        Raises:
            BollardsError: there has been no build.
        """
        with self._lock:
            return collection(self._last_build())

    def state(self) -> Json:
        """Everything that decisions change, as the page shows it."""
        with self._lock:
            built = self._last_build()
            history = self._history
            told: Json = {
                "stamp": built.stamp,
                "undo": _told(history.done),
                "redo": _told(history.undone),
                "broken": None,
            }
            try:
                reading = self._read()
            except BrokenFileError as error:
                broken = {"broken": _where_broken(str(error), self._text())}
                # Keep showing the last valid state, so that nothing jumps.
                desk = self._desk[2] if self._desk else set_out(built, Curation())
                return told | self._show(desk) | broken
            return told | {"version": reading.version} | self._show(self._set_out(reading))

    def decide(self, request: Request) -> None:
        """Make a decision and save it.

        Raises:
            BrokenFileError: curation.toml was broken by hand.
            RefusedError: its subject has changed since the window last looked.
            BollardsError: the decision is impossible.
        """
        with self._lock:
            if self._history.has(request.id):
                return
            action = request.action
            if isinstance(action, Settle):
                self._settle(request.id, action.key)
                return

            def change(reading: _Reading) -> tuple[TOMLDocument, str]:
                desk = self._set_out(reading)
                ground = Ground(desk.built, desk.curation, desk.names, desk.type_of, desk.nearest)
                return carry_out(action, reading.document, ground)

            def note(entry: Entry) -> None:
                self._history.done.append(entry)
                self._history.undone.clear()

            subject = action.model_dump(include={"type", "gone", "kept", "bollards"})
            seen = None if request.anyway else self._seen.get(request.version)
            self._write(request.id, change, note, seen, subject)
        self.announce()

    def undo(self) -> str:
        """Undo the last decision; returns its label, "" if there is none.

        Raises:
            BrokenFileError: curation.toml was broken by hand.
            RefusedError: the same values were changed again since, by hand.
        """
        return self._step(back=True)

    def redo(self) -> str:
        """Redo the decision that was undone last; raises as `undo` does."""
        return self._step(back=False)

    def _step(self, *, back: bool) -> str:
        with self._lock:
            history = self._history
            source, target = (
                (history.done, history.undone) if back else (history.undone, history.done)
            )
            if not source:
                return ""
            entry = source[-1]
            if entry.settled:
                with history.all_or_nothing():
                    (history.settled.discard if back else history.settled.add)(entry.settled)
                    target.append(source.pop())
                    history.keep()
            else:
                self._travel(entry, source, target, back=back)
        self.announce()
        return entry.label

    def _travel(
        self, entry: Entry, source: list[Entry], target: list[Entry], *, back: bool
    ) -> None:
        """Write the state before, or after, a decision."""
        for _ in range(_ATTEMPTS):
            reading = self._read()
            text = entry.text.reversed() if back else entry.text
            if reading.version == (entry.after if back else entry.before):
                changed = text.apply(reading.text)
            else:
                steps = [step.reversed() for step in entry.steps] if back else entry.steps
                try:
                    changed = tomlkit.dumps(apply(reading.document, steps))
                except ConflictError as conflict:
                    raise RefusedError(
                        f"“{entry.label}” cannot be {'undone' if back else 'redone'}:"
                        f" {'.'.join(conflict.path)} in curation.toml has been changed since."
                    ) from None
            parse_curation(changed, self._path)
            if self._text() != reading.text:
                continue
            write_atomically(self._path, changed)
            remember_hidden(self.project)
            target.append(source.pop())
            # The file is already written. If the history cannot be saved, only a later undo is
            # lost.
            with contextlib.suppress(OSError):
                self._history.keep()
            return
        raise RefusedError("curation.toml keeps changing. Try again.")

    def _write(
        self,
        name: str,
        change: Callable[[_Reading], tuple[TOMLDocument, str]],
        note: Callable[[Entry], None],
        seen: Mapping[str, Any] | None,
        subject: Json,
    ) -> None:
        for _ in range(_ATTEMPTS):
            reading = self._read()
            edited, label = change(reading)
            text = tomlkit.dumps(edited)
            steps = difference(reading.data, tomllib.loads(text))
            if not steps:
                return
            if seen is not None:
                _refuse_overwriting(steps, seen)
            parse_curation(text, self._path)
            if self._text() != reading.text:
                # Somebody saved the file at this very moment: decide again on its new content.
                continue
            entry = Entry(
                id=name,
                label=label,
                steps=tuple(steps),
                text=slice_of(reading.text, text),
                before=reading.version,
                after=digest(text),
                subject=subject,
            )
            with self._history.all_or_nothing():
                note(entry)
                # Note it first: if the power fails in between, `drop_unwritten` removes it.
                self._history.keep()
                write_atomically(self._path, text)
            # Before the next build, the owner may save a photo again that this hides.
            remember_hidden(self.project)
            return
        raise RefusedError("curation.toml keeps changing. Try again.")

    def _settle(self, name: str, key: str) -> None:
        entry = Entry(
            id=name,
            label="Suggestion turned down",
            steps=(),
            text=slice_of("", ""),
            before="",
            after="",
            settled=key,
        )
        with self._history.all_or_nothing():
            self._history.done.append(entry)
            self._history.undone.clear()
            self._history.settled.add(key)
            self._history.keep()
        self.announce()

    def _last_build(self) -> Built:
        stamp = stamp_of(self.project)
        if self._built is None or self._built.stamp != stamp:
            try:
                self._built = load_built(self.project)
            except BollardsError:
                # During a build the files may be of two states.
                if self._built is None:
                    raise
        return self._built

    def _set_out(self, reading: _Reading) -> Desk:
        built = self._last_build()
        if self._desk is None or self._desk[:2] != (built.stamp, reading.version):
            self._desk = (
                built.stamp,
                reading.version,
                set_out(built, addressed(reading.curation, built.types, built.slugs)),
            )
        return self._desk[2]

    def _show(self, desk: Desk) -> Json:
        """The page's view of a desk; every window asks for it after every decision."""
        settled = frozenset(self._history.settled)
        if self._shown is None or self._shown[0] is not desk or self._shown[1] != settled:
            self._shown = (desk, settled, show(desk, settled))
        return self._shown[2]

    def _text(self) -> str:
        try:
            return read_own(self._path).decode("utf-8-sig", "surrogateescape")
        except FileNotFoundError:
            return ""

    def _read(self) -> _Reading:
        try:
            text = self._text()
            text.encode("utf-8")
            curation = parse_curation(text, self.project.curation)
            document = tomlkit.parse(text)
        except UnicodeEncodeError as error:
            line = text.count("\n", 0, error.start) + 1
            raise BrokenFileError(f"it is not UTF-8 (at line {line}, column 1)") from None
        except (BollardsError, TOMLKitError, OSError) as error:
            raise BrokenFileError(str(error)) from None
        reading = _Reading(text, digest(text), document, tomllib.loads(text), curation)
        self._seen[reading.version] = reading.data
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return reading


def _refuse_overwriting(steps: list[Step], seen: Mapping[str, Any]) -> None:
    """Refuse a decision that would overwrite a change that its window does not know."""
    for step in steps:
        if value_at(seen, step.path) != step.before and step.before is not None:
            said = step.before if isinstance(step.before, str) else "something else"
            raise RefusedError(
                f"In the meantime {'.'.join(step.path)} in curation.toml became “{said}”."
            )


def _told(entries: list[Entry]) -> Json | None:
    return {"label": entries[-1].label, "subject": entries[-1].subject} if entries else None


def _where_broken(message: str, text: str) -> Json:
    """The message for a broken curation.toml, and the line that it names."""
    found = re.search(r"\(at line (\d+), column \d+\)", message) or re.search(
        r"\bat line (\d+)", message
    )
    line = int(found[1]) if found else None
    if line is None and "end of document" in message:
        line = text.count("\n") + 1
    lines = text.splitlines()
    shown = lines[line - 1][:200] if line and line <= len(lines) else ""
    return {
        "message": message,
        "line": line,
        "text": shown.encode("utf-8", "replace").decode(),
    }
