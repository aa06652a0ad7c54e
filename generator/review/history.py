"""The history of decisions for undo and redo, which survives a restart of the server.

It is in `.bollards/`, beside other files that may be deleted: without it nothing can be undone, and
nothing else is lost.
"""

import contextlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from generator.keep import read_checked, write_checked
from generator.review.patch import Slice, Step

VERSION = 1
_KEPT = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision.

    Attributes:
        id: chosen by the window that made it, so that one sent twice is made once.
        label: the decision in words.
        steps: the values it changed.
        text: the same change as text, which turned the version `before` of the file into `after`.
        subject: the types and bollards concerned, so that a window can show them again.
        settled: the suggestion that it dismissed, or "".
    """

    id: str
    label: str
    steps: tuple[Step, ...]
    text: Slice
    before: str
    after: str
    subject: dict[str, Any] = field(default_factory=dict)
    settled: str = ""


@dataclass(slots=True)
class History:
    """The decisions made, those undone, and dismissed suggestions."""

    path: Path
    done: list[Entry] = field(default_factory=list)
    undone: list[Entry] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)

    @classmethod
    def load(cls, path: Path) -> "History":
        """Read the saved history; empty if it cannot be read."""
        try:
            data = json.loads(read_checked(path))
            if data["version"] != VERSION:
                return cls(path)
            return cls(
                path,
                [_entry(one) for one in data["done"]],
                [_entry(one) for one in data["undone"]],
                {str(one) for one in data["settled"]},
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return cls(path)

    def keep(self) -> None:
        """Save the history."""
        del self.done[:-_KEPT]
        data = {
            "version": VERSION,
            "done": [asdict(one) for one in self.done],
            "undone": [asdict(one) for one in self.undone],
            "settled": sorted(self.settled),
        }
        write_checked(self.path, json.dumps(data, default=str).encode(), durable=True)

    @contextlib.contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Forget the entries of this block if something in it fails, such as a full disk."""
        before = (list(self.done), list(self.undone), set(self.settled))
        try:
            yield
        except BaseException:
            self.done[:], self.undone[:] = before[:2]
            self.settled = before[2]
            # If this fails too, `drop_unwritten` finds the entry at the next start.
            with contextlib.suppress(OSError):
                self.keep()
            raise

    def has(self, decision: str) -> bool:
        return any(one.id == decision for one in self.done)

    def drop_unwritten(self, version: str) -> None:
        """Forget a decision that was noted but never reached the file because the server was
        killed.
        """
        last = self.done[-1] if self.done else None
        if last and last.before == version != last.after:
            self.done.pop()


def _entry(data: dict[str, Any]) -> Entry:
    return Entry(
        id=data["id"],
        label=data["label"],
        steps=tuple(_steps(data["steps"])),
        text=Slice(**data["text"]),
        before=data["before"],
        after=data["after"],
        subject=data["subject"],
        settled=data["settled"],
    )


def _steps(data: Iterable[dict[str, Any]]) -> Iterable[Step]:
    for one in data:
        yield Step(tuple(one["path"]), one["before"], one["after"])
