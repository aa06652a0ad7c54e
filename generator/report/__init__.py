"""What a build did, told in a few lines."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import BollardsError, Problem, printable
from generator.report.changes import Changes, Relocated, Resized

if TYPE_CHECKING:
    # Only their names are needed here, and their modules take longer to import than a build with
    # nothing to do.
    from generator.relate.candidates import Doubtful
    from generator.relate.similarity import Pair

_SHOWN = 20
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A type that has no name of a person's giving; `new` when this build made it."""

    type: str
    name: str
    photos: int
    new: bool


@dataclass(frozen=True, slots=True)
class Review:
    """What waits for the person who curates.

    `proposals` are the photo ids of one-offs that together could be a type, where new types are to
    be asked for.
    """

    unnamed: tuple[Unnamed, ...] = ()
    one_offs: "tuple[Doubtful, ...]" = ()
    proposals: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one build.

    Attributes:
        unchanged: nothing had to be done; of the last build's report only the problems are repeated
            then, and the counts are 0.
        dry_run: nothing was published.
        duplicates: photos of different files that look the same, with their files as `a` and `b`.
        files: the file of each photo, by id.
        page: the same as a page for the owner, when it was written.
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
        skipped = [problem for problem in self.problems if problem.skipped]
        warnings = [problem for problem in self.problems if not problem.skipped]
        lines = []
        if skipped:
            lines += ["Skipped:", *_listed(f"{p.file}: {p.reason}" for p in skipped)]
        if warnings:
            lines += ["Please look at:", *_listed(f"{p.file}: {p.reason}" for p in warnings)]
        if self.unchanged:
            return [*lines, f"Nothing changed: {self.public} is up to date."]
        if self.duplicates:
            lines += ["Nearly the same picture twice:"]
            lines += _listed(f"{p.a} and {p.b} ({p.score:.1%})" for p in self.duplicates)
        waiting = self._waiting()
        if waiting:
            lines += ["Waiting for you:", *_listed(waiting)]
        lines += [
            f"{_count(self.photos, 'photo')} used, {len(skipped)} skipped;"
            f" {_count(self.bollards, 'bollard')} in {_count(self.types, 'type')}"
            f" and {_count(self.one_offs, 'one-off')}, {_countries(self.countries)}.",
            *self._changes(),
        ]
        if self.seconds:
            steps = ", ".join(f"{name} {spent:.1f}" for name, spent in self.seconds.items())
            lines.append(f"{sum(self.seconds.values()):.1f} s ({steps}).")
        if self.page:
            lines.append(f"All of this, with pictures, is in {self.page}")
        if self.dry_run:
            lines.append(f"Dry run: {self.public} and the ledger are as they were.")
        else:
            lines.append(f"The site is in {self.public}")
        return lines

    def _waiting(self) -> list[str]:
        unnamed, one_offs = self.review.unnamed, self.review.one_offs
        lines = []
        if unnamed:
            new = sum(kind.new for kind in unnamed)
            told = f" ({new} of them new)" if new else ""
            named = _some([kind.type for kind in sorted(unnamed, key=lambda kind: not kind.new)])
            lines.append(f"{_count(len(unnamed), 'type')} without a name of yours{told}: {named}")
        files = self.files or {}
        for photos in self.review.proposals:
            some = _some([files.get(photo, photo) for photo in photos])
            lines.append(f"{_count(len(photos), 'photo')} could be a new type: {some}")
        for one in one_offs:
            candidates = " or ".join(f"{kind.type} ({kind.score:.0%})" for kind in one.candidates)
            file = files.get(one.photos[0], one.bollard)
            lines.append(f"{file} is a one-off, but near {candidates}")
        return lines

    def _changes(self) -> list[str]:
        changes = self.changes
        if changes.first_build:
            return ["First build: everything is new."]
        gone = [
            f"{kind.type} (leads to {kind.leads_to or 'the front page'})"
            if kind.leads_to is not None
            else f"{kind.type} (its address is gone)"
            for kind in changes.retired
            if kind.merged_into is None
        ]
        rows = [
            (changes.added, "new photo", ()),
            (changes.removed, "gone photo", ()),
            (changes.hidden, "photo hidden by you", ()),
            (
                changes.relocated,
                "bollard in another country",
                [_relocated(one) for one in changes.relocated],
            ),
            (changes.moved, "regrouped photo", ()),
            (
                changes.born,
                "new type",
                [f"{kind.type}{' (back again)' * kind.returned}" for kind in changes.born],
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
            (gone, "gone type", gone),
            (
                changes.renamed,
                "renamed type",
                [f"{kind.type}, now {kind.after}" for kind in changes.renamed],
            ),
        ]
        told = [_names(items, noun, named) for items, noun, named in rows if items]
        return ["Changes:", *told] if told else ["Photos and types are as before."]


def refuse_lost_addresses(
    public: Path,
    changes: Changes,
    merged: Mapping[str, str] | None = None,
    hidden: Collection[str] = (),
) -> None:
    """What `--strict` is for: a published address may neither lead elsewhere nor be gone.

    That holds for what a person decided as well, since `--strict` runs where nobody looks: the
    message says so, and one build without it makes the decision the new state.

    Args:
        public: where the site is.
        changes: what the build would change.
        merged: the types that a person merged away.
        hidden: ids of the photos that a person hid.

    Raises:
        BollardsError: one does; all are listed.
    """
    lost = changes.addresses
    if not lost:
        return
    yours = {f"types/{key}/": "you merged it" for key in merged or {}}
    yours |= {f"photos/{photo}/": "you hid it" for photo in hidden}
    lines = [
        f"{one.address}{f' ({one.of})' if one.of else ''} "
        + ("would be gone" if one.leads_to is None else f"would lead to {one.leads_to or './'}")
        + (f" ({yours[one.address]})" if one.address in yours else "")
        for one in lost
    ]
    raise BollardsError(
        f"{public}: {_count(len(lost), 'published address')} would change, and --strict forbids"
        " it. Nothing was published; the site and the ledger are as they were.\n"
        + "\n".join(f"  {line}" for line in lines[:_SHOWN])
        + (f"\n  … and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else "")
        + "\n  `bollards build --dry-run` tells why. Put back photos that should not be missing;"
        " build without --strict if all of this is meant."
    )


def last_problems(path: Path) -> tuple[Problem, ...]:
    """What the last build's report.json says is wrong; nothing where it cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["problems"]
        return tuple(Problem(one["file"], one["reason"], bool(one["skipped"])) for one in found)
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
    # "photo hidden by you", "bollard in another country": the first word is the thing.
    thing, space, rest = noun.partition(" ") if " by " in noun or " in " in noun else (noun, "", "")
    plural = f"{thing}es" if thing.endswith("s") else f"{thing}s"
    plural += space + rest
    return f"{number} {noun}" if number == 1 else f"{number} {plural}"


def _countries(number: int) -> str:
    return "1 country" if number == 1 else f"{number} countries"


def _listed(items: Iterable[str]) -> list[str]:
    lines = [f"  {printable(item)}" for item in items]
    if len(lines) > _SHOWN:
        lines[_SHOWN:] = [f"  … and {len(lines) - _SHOWN} more"]
    return lines
