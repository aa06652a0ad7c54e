"""What a build did, told in a few lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import Problem, printable

if TYPE_CHECKING:
    # Only its name is needed here, and its module takes longer to import than a build with
    # nothing to do.
    from generator.relate import Pair

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the site that was live before; photos by file, types by id."""

    photos_added: tuple[str, ...] = ()
    photos_removed: tuple[str, ...] = ()
    types_added: tuple[str, ...] = ()
    types_removed: tuple[str, ...] = ()
    first_build: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one build.

    Attributes:
        unchanged: nothing had to be done; the counts are 0 then.
        duplicates: photos of different files that look the same, with their files as `a` and `b`.
        seconds: time by step.
    """

    public: Path
    unchanged: bool = False
    photos: int = 0
    bollards: int = 0
    types: int = 0
    one_offs: int = 0
    countries: int = 0
    problems: tuple[Problem, ...] = ()
    duplicates: "tuple[Pair, ...]" = ()
    changes: Changes = Changes()
    seconds: Mapping[str, float] | None = None

    def lines(self) -> list[str]:
        """The report as printed at the end of a build."""
        if self.unchanged:
            return [f"Nothing changed: {self.public} is up to date."]
        skipped = [problem for problem in self.problems if problem.skipped]
        warnings = [problem for problem in self.problems if not problem.skipped]
        lines = []
        if skipped:
            lines += ["Skipped:", *_listed(f"{p.file}: {p.reason}" for p in skipped)]
        if warnings:
            lines += ["Please look at:", *_listed(f"{p.file}: {p.reason}" for p in warnings)]
        if self.duplicates:
            lines += ["Nearly the same picture twice:"]
            lines += _listed(f"{p.a} and {p.b} ({p.score:.1%})" for p in self.duplicates)
        lines += [
            f"{_count(self.photos, 'photo')} used, {len(skipped)} skipped;"
            f" {_count(self.bollards, 'bollard')} in {_count(self.types, 'type')}"
            f" and {_count(self.one_offs, 'one-off')}, {_countries(self.countries)}.",
            self._changes(),
        ]
        if self.seconds:
            steps = ", ".join(f"{name} {spent:.1f}" for name, spent in self.seconds.items())
            lines.append(f"{sum(self.seconds.values()):.1f} s ({steps}).")
        lines.append(f"The site is in {self.public}")
        return lines

    def _changes(self) -> str:
        changes = self.changes
        if changes.first_build:
            return "First build: everything is new."
        parts = [
            _names("new", "photo", changes.photos_added, limit=0),
            _names("gone", "photo", changes.photos_removed, limit=0),
            _names("new", "type", changes.types_added),
            _names("gone", "type", changes.types_removed),
        ]
        told = "; ".join(part for part in parts if part)
        return f"Changes: {told}." if told else "Photos and types are as before."


def _names(word: str, noun: str, items: Sequence[str], limit: int = 5) -> str:
    if not items:
        return ""
    text = f"{len(items)} {word} {noun}{'' if len(items) == 1 else 's'}"
    if limit:
        shown = ", ".join(items[:limit]) + (", …" if len(items) > limit else "")
        text += f" ({shown})"
    return text


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _countries(number: int) -> str:
    return "1 country" if number == 1 else f"{number} countries"


def _listed(items: Iterable[str]) -> list[str]:
    lines = [f"  {printable(item)}" for item in items]
    if len(lines) > _SHOWN:
        lines[_SHOWN:] = [f"  … and {len(lines) - _SHOWN} more"]
    return lines
