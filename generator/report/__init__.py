"""The report: what a build changed, and what needs the owner's attention."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import BollardsError, Problem, printable
from generator.report.changes import Changes, Relocated, Resized

if TYPE_CHECKING:
    # For type annotations only: importing these modules takes longer than a build with nothing to
    # do.
    from generator.relate.candidates import Doubtful
    from generator.relate.similarity import Pair

_SHOWN = 20
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A type that the owner has not named; `new` where this build made it."""

    type: str
    name: str
    photos: int
    new: bool


@dataclass(frozen=True, slots=True)
class Review:
    """What needs the owner's decision.

    `proposals` are groups of unsorted bollards, as photo ids, that could be new types. They exist
    only where `[group] new` asks before it makes one.
    """

    unnamed: tuple[Unnamed, ...] = ()
    one_offs: "tuple[Doubtful, ...]" = ()
    proposals: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one build.

    Attributes:
        unchanged: there was nothing to do. The counts are 0, and the problems are those of the
            last build.
        dry_run: nothing was published.
        duplicates: near-duplicates, with their files as `a` and `b`.
        files: the file of each photo, by id.
        page: the report as a page with pictures, once it is written.
        seconds: time by step.
    """

    public: Path
    unchanged: bool = False
    dry_run: bool = False
    photos: int = 0
    bollards: int = 0
    types: int = 0
    one_offs: int = 0
    countries: int = 0
    problems: tuple[Problem, ...] = ()
    duplicates: "tuple[Pair, ...]" = ()
    changes: Changes = field(default_factory=Changes)
    review: Review = field(default_factory=Review)
    files: Mapping[str, str] | None = None
    page: Path | None = None
    seconds: Mapping[str, float] | None = None

    def lines(self) -> list[str]:
        """The report as printed at the end of a build."""
        first, skipped, warnings = by_weight(self.problems)
        lines = []
        if first:
            lines += ["First of all:", *_listed(f"{p.file}: {p.reason}" for p in first)]
        if skipped:
            lines += ["Skipped:", *_listed(f"{p.file}: {p.reason}" for p in skipped)]
        if warnings:
            lines += ["Warnings:", *_listed(f"{p.file}: {p.reason}" for p in warnings)]
        if self.unchanged:
            return [*lines, f"Nothing changed. {self.public} is up to date."]
        if self.duplicates:
            lines += ["Near-duplicates:"]
            lines += _listed(f"{p.a} and {p.b} ({p.score:.1%})" for p in self.duplicates)
        waiting = self._waiting()
        if waiting:
            lines += ["To review:", *_listed(waiting)]
        lines += [
            f"{_count(self.photos, 'photo')} used, {len(skipped)} skipped;"
            f" {_count(self.bollards, 'bollard')} in {_count(self.types, 'type')}"
            f" and {_count(self.one_offs, 'unsorted bollard')}, {_countries(self.countries)}.",
            *self._changes(),
        ]
        if self.seconds:
            steps = ", ".join(f"{name} {spent:.1f}" for name, spent in self.seconds.items())
            lines.append(f"{sum(self.seconds.values()):.1f} s ({steps}).")
        if self.page:
            lines.append(f"Report with pictures: {self.page}")
        if self.dry_run:
            lines.append(f"Dry run: {self.public} and the ledger did not change.")
        else:
            lines.append(f"The site is in {self.public}")
        return lines

    def _waiting(self) -> list[str]:
        unnamed, one_offs = self.review.unnamed, self.review.one_offs
        lines = []
        if unnamed:
            new = sum(kind.new for kind in unnamed)
            told = f" ({new} new)" if new else ""
            named = _some([kind.type for kind in sorted(unnamed, key=lambda kind: not kind.new)])
            lines.append(f"{_count(len(unnamed), 'type')} you haven't named yet{told}: {named}")
        files = self.files or {}
        for photos in self.review.proposals:
            some = _some([files.get(photo, photo) for photo in photos])
            lines.append(f"{_count(len(photos), 'photo')} could be a new type: {some}")
        for one in one_offs:
            candidates = " or ".join(f"{kind.type} ({kind.score:.0%})" for kind in one.candidates)
            file = files.get(one.photos[0], one.bollard)
            lines.append(f"{file} is unsorted, but similar to {candidates}")
        return lines

    def _changes(self) -> list[str]:
        changes = self.changes
        if changes.first_build:
            return ["First build. Everything is new."]
        gone = [
            f"{kind.type} (redirects to {kind.leads_to or 'the front page'})"
            if kind.leads_to is not None
            else f"{kind.type} (its address is not found any more)"
            for kind in changes.retired
            if kind.merged_into is None
        ]
        rows = [
            (changes.added, "new photo", ()),
            (changes.removed, "photo removed", ()),
            (changes.hidden, "photo hidden", ()),
            (
                changes.relocated,
                "bollard with a new country",
                [_relocated(one) for one in changes.relocated],
            ),
            (changes.moved, "photo with a new type", ()),
            (
                changes.born,
                "new type",
                [f"{kind.type}{' (returned)' * kind.returned}" for kind in changes.born],
            ),
            (changes.grown, "grown type", [_resized(kind) for kind in changes.grown]),
            (changes.shrunk, "shrunk type", [_resized(kind) for kind in changes.shrunk]),
            (
                changes.merged,
                "merged type",
                [f"{kind.type} into {kind.merged_into}" for kind in changes.merged],
            ),
            (
                changes.split,
                "split type",
                [f"{kind.type} into {' and '.join(kind.into)}" for kind in changes.split],
            ),
            (gone, "type removed", gone),
            (
                changes.renamed,
                "renamed type",
                [f"{kind.type}, now {kind.after}" for kind in changes.renamed],
            ),
        ]
        told = [_names(items, noun, named) for items, noun, named in rows if items]
        return ["Changes:", *told] if told else ["Photos and types have not changed."]


def by_weight(
    problems: Iterable[Problem],
) -> tuple[list[Problem], list[Problem], list[Problem]]:
    """Problems in two groups: those that cost a file, and all others."""
    found: tuple[list[Problem], list[Problem], list[Problem]] = ([], [], [])
    for problem in problems:
        found[0 if problem.first else 1 if problem.skipped else 2].append(problem)
    return found


def refuse_lost_addresses(
    public: Path,
    changes: Changes,
    merged: Mapping[str, str] | None = None,
    hidden: Collection[str] = (),
) -> None:
    """Enforce `--strict`: no published address may disappear or redirect elsewhere.

    Addresses that the owner's own decisions change count as well, because `--strict` runs
    unattended. The message names them, and one build without `--strict` accepts them.

    Args:
        public: the site's folder.
        changes: what the build would change.
        merged: the types that the owner merged into others.
        hidden: ids of the photos that the owner hid.

    Raises:
        BollardsError: at least one would; the message lists them all.
    """
    lost = changes.addresses
    if not lost:
        return
    yours = {f"types/{key}/": "you merged it" for key in merged or {}}
    yours |= {f"photos/{photo}/": "you hid it" for photo in hidden}
    lines = [
        f"{one.address}{f' ({one.of})' if one.of else ''} "
        + (
            "would disappear"
            if one.leads_to is None
            else f"would redirect to {one.leads_to or './'}"
        )
        + (f" ({yours[one.address]})" if one.address in yours else "")
        for one in lost
    ]
    raise BollardsError(
        f"{public}: {_count(len(lost), 'published address')} would change, which"
        " --strict forbids. Nothing was published; the site and the ledger did not change.\n"
        + "\n".join(f"  {line}" for line in lines[:_SHOWN])
        + (f"\n  … and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else "")
        + "\n  `bollards build --dry-run` shows why. Put back photos that should not be missing, or"
        " build without --strict to accept these changes."
    )


def last_problems(path: Path) -> tuple[Problem, ...]:
    """The problems in the last build's report.json; none where it cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["problems"]
        return tuple(
            Problem(one["file"], one["reason"], bool(one["skipped"]), bool(one.get("first", False)))
            for one in found
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _relocated(one: Relocated) -> str:
    before, after = one.before or "unknown", one.after or "unknown"
    return f"{one.bollard} from {before} to {after}" + " (you corrected it)" * (one.why != "")


def _resized(kind: Resized) -> str:
    return f"{kind.type} {kind.after - kind.before:+d}"


def _names(items: Sequence[object], noun: str, named: Sequence[str]) -> str:
    text = _count(len(items), noun)
    return printable(f"  {text}: {_some(named)}" if named else f"  {text}")


def _some(items: Sequence[str]) -> str:
    return ", ".join(items[:_NAMED]) + (", …" if len(items) > _NAMED else "")


def _count(number: int, noun: str) -> str:
    # In "photo removed" and "bollard with a new country", the first word takes the plural.
    first, space, rest = noun.partition(" ")
    if first in ("photo", "type", "bollard"):
        plural = f"{first}s{space}{rest}"
    else:
        plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{number} {noun}" if number == 1 else f"{number} {plural}"


def _countries(number: int) -> str:
    return "1 country" if number == 1 else f"{number} countries"


def _listed(items: Iterable[str]) -> list[str]:
    lines = [f"  {printable(item)}" for item in items]
    if len(lines) > _SHOWN:
        lines[_SHOWN:] = [f"  … and {len(lines) - _SHOWN} more"]
    return lines
