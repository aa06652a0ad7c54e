"""The report: what a build changed, and what needs the owner's attention."""

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import BollardsError, Problem, on_line
from generator.report.changes import Changes, Relocated, Resized
from generator.report.last import question
from generator.things import BOLLARDS, Things

if TYPE_CHECKING:
    # For type annotations only: importing these modules takes longer than a build with nothing to
    # do.
    from generator.collect.copies import FiledTwice
    from generator.relate.candidates import Doubtful
    from generator.relate.similarity import Pair

# A report of more lines does not fit a terminal: each list is cut shorter then.
_SCREEN = 24
_SHOWN = (20, 10, 5, 3, 2)
_MOST = _SHOWN[0]
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A type that the owner has not named; `new` if this build made it."""

    type: str
    name: str
    photos: int
    new: bool


@dataclass(frozen=True, slots=True)
class Unseen:
    """A photo in which no bollard is seen: `held` back, or else on the site all the same.

    `picture` is the path of a small picture of it below `.bollards/`.
    """

    photo: str
    file: str
    held: bool
    picture: str


@dataclass(frozen=True, slots=True)
class Review:
    """What needs the owner's decision.

    `proposals` are groups of unsorted bollards, as photo ids, that could be new types. They exist
    only where `[group] new` asks before it makes one. `filed_twice` are photos with copies in the
    folders of other countries, about which the owner has not decided.
    """

    unseen: tuple[Unseen, ...] = ()
    unnamed: tuple[Unnamed, ...] = ()
    one_offs: "tuple[Doubtful, ...]" = ()
    proposals: tuple[tuple[str, ...], ...] = ()
    filed_twice: "tuple[FiledTwice, ...]" = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one build.

    Attributes:
        unchanged: there was nothing to do. The counts are 0, and the problems are those of the
            last build.
        dry_run: nothing was published.
        duplicates: near-duplicates, with their files as `a` and `b`.
        files: the file of each photo, by id.
        names: the name of each type, by id; types that are gone have their last one.
        places: the name of each country, by code.
        chances: the same-type probability of an unsorted bollard and a type that it resembles, by
            the bollard's key and the type's id.
        earlier: the questions and problems of the last report, see
            `generator.report.last`.
        page: the report as a page with pictures, once it is written.
        seconds: time by step.
        things: what the collection shows.
        named: at most so many types or photos are named in one line.
        learnt: what the owner's labels taught, in sentences.
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
    names: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    chances: Mapping[tuple[str, str], float] = field(default_factory=dict)
    earlier: frozenset[str] = frozenset()
    page: Path | None = None
    seconds: Mapping[str, float] | None = None
    things: Things = BOLLARDS
    named: int = _NAMED
    learnt: tuple[str, ...] = ()

    def lines(self, *, every: bool = False) -> list[str]:
        """The report as printed at the end of a build.

        Args:
            every: name everything; else it fits a terminal.
        """
        if every:
            return replace(self, named=sys.maxsize)._lines(sys.maxsize)
        for shown in _SHOWN:
            lines = self._lines(shown)
            if len(lines) <= _SCREEN:
                break
        return lines

    def _lines(self, shown: int) -> list[str]:
        """The same with at most so many items of each list."""
        first, skipped, warnings = by_weight(self.problems)
        lines = []
        urgent = [*self._unseen(), *(f"{p.file}: {p.reason}" for p in first)]
        if urgent:
            lines += ["First of all:", *_listed(urgent, shown)]
        for title, problems in (("Skipped:", skipped), ("Warnings:", warnings)):
            told = [p for p in problems if shown == sys.maxsize or not self._is_known(p)]
            if told:
                lines += [title, *_listed((f"{p.file}: {p.reason}" for p in told), shown)]
        if shown < sys.maxsize:
            lines += self._known(skipped, warnings)
        if self.unchanged:
            return [*lines, f"Nothing changed. {self.public} is up to date."]
        back = sum(one.skipped for one in first)
        held = f"{back} held back, " if back else ""
        waiting = self._waiting()
        if waiting:
            lines += ["To review:", *_listed(waiting, shown)]
        lines += [
            f"{_count(self.photos, 'photo')} used, {held}{len(skipped)} skipped;"
            f" {_count(self.bollards, self._nouns('{}'))} ({self.one_offs} unsorted),"
            f" {_count(self.types, 'type')}, {_countries(self.countries)}.",
            *self.learnt,
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

    def unpublished(self) -> list[str]:
        """The same for a site that was not published; its mistake is already reported."""
        return ["Nothing was published. The rest of the report:", *self.lines()[:-1]]

    def _is_known(self, problem: Problem) -> bool:
        """Whether the last build has already told of a problem."""
        key = question("problem", problem.file, problem.reason)
        return self.unchanged or key in self.earlier

    def _known(self, skipped: Sequence[Problem], warnings: Sequence[Problem]) -> list[str]:
        """One line that counts the problems of which the last build told."""
        counts = [
            (sum(map(self._is_known, skipped)), "file skipped", "files skipped"),
            (sum(map(self._is_known, warnings)), "warning", "warnings"),
        ]
        told = [_count(number, (one, many)) for number, one, many in counts if number]
        if not told:
            return []
        return [f"As in the last build: {' and '.join(told)}. --list shows them."]

    def _unseen(self) -> list[str]:
        """One line about photos that are on the site although no bollard is seen in them."""
        shown = [one.file for one in self.review.unseen if not one.held]
        if not shown:
            return []
        one = self.things.called("en")[0]
        if len(shown) == 1:
            return [f"No {one} is seen in 1 photo on the site: {shown[0]}"]
        return [f"No {one} is seen in {len(shown)} photos on the site: {self._some(shown)}"]

    def _waiting(self) -> list[str]:
        unnamed, one_offs = self.review.unnamed, self.review.one_offs
        lines = []
        if unnamed:
            named = [(f"“{self._name(one.type)}”", one.new) for one in unnamed]
            count = f"{_count(len(unnamed), 'type')} you haven't named yet"
            lines.append(self._counted(count, named))
        for twice in self.review.filed_twice:
            others = " and ".join(
                f"{file} ({self.places.get(code, code)})" for file, code in twice.others
            )
            here = self.places.get(twice.country, twice.country)
            lines.append(f"{twice.file} ({here}) is the same file as {others}: which country?")
        files = self.files or {}
        for photos in self.review.proposals:
            some = self._some([files.get(photo, photo) for photo in photos])
            lines.append(f"{_count(len(photos), 'photo')} could be a new type: {some}")
        if one_offs:
            near = [
                (self._near(one), question("unsorted", one.bollard) not in self.earlier)
                for one in one_offs
            ]
            count = f"{_count(len(one_offs), self._nouns('unsorted {}'))} similar to a type"
            lines.append(self._counted(count, near))
        if self.duplicates:
            pairs = [
                (f"{one.a} and {one.b}", question("same", one.a, one.b) not in self.earlier)
                for one in self.duplicates
            ]
            lines.append(self._counted(_count(len(pairs), "near-duplicate"), pairs))
        return lines

    def _near(self, one: "Doubtful") -> str:
        """An unsorted bollard with the types that it resembles."""
        candidates = " or ".join(
            f"“{self._name(candidate.type)}” {self.chances[one.bollard, candidate.type]:.0%}"
            for candidate in one.candidates
        )
        return f"{(self.files or {}).get(one.photos[0], one.bollard)} ({candidates})"

    def _counted(self, count: str, items: "Sequence[tuple[str, bool]]") -> str:
        """How many there are, and the first that are new since the last build."""
        if self.changes.first_build:
            return f"{count}: {self._some([item for item, _ in items])}"
        new = [item for item, is_new in items if is_new]
        return f"{count} ({len(new)} new): {self._some(new)}" if new else f"{count}, none new"

    def _changes(self) -> list[str]:
        changes, name = self.changes, self._name
        if changes.first_build:
            return ["First build. Everything is new."]
        gone = [
            f"{name(change.type)} (redirects to {change.leads_to or 'the home page'})"
            if change.leads_to is not None
            else f"{name(change.type)} (its address no longer works)"
            for change in changes.retired
            if change.merged_into is None
        ]
        rows: list[tuple[Sequence[object], str | tuple[str, str], Sequence[str]]] = [
            (changes.added, "new photo", ()),
            (changes.removed, "photo removed", ()),
            (changes.hidden, "photo hidden", ()),
            (
                changes.relocated,
                self._nouns("{} with a new country"),
                [self._relocated(one) for one in changes.relocated],
            ),
            (changes.moved, "photo with a new type", ()),
            (
                changes.born,
                "new type",
                [
                    f"{name(change.type)}{' (returned)' * change.returned}"
                    for change in changes.born
                ],
            ),
            (changes.grown, "grown type", [self._resized(change) for change in changes.grown]),
            (changes.shrunk, "shrunk type", [self._resized(change) for change in changes.shrunk]),
            (
                changes.merged,
                "merged type",
                [
                    f"{name(change.type)} into {name(change.merged_into or '')}"
                    for change in changes.merged
                ],
            ),
            (
                changes.split,
                "split type",
                [
                    f"{name(change.type)} into {' and '.join(map(name, change.into))}"
                    for change in changes.split
                ],
            ),
            (gone, "type removed", gone),
            (
                changes.renamed,
                "renamed type",
                [f"{change.before}, now {change.after}" for change in changes.renamed],
            ),
            (
                changes.readdressed,
                "new address",
                [f"types/{one.before}/ → types/{one.type}/" for one in changes.readdressed],
            ),
        ]
        told = [self._names(items, noun, named) for items, noun, named in rows if items]
        return ["Changes:", *told] if told else ["Photos and types have not changed."]

    def _names(
        self, items: Sequence[object], noun: str | tuple[str, str], named: Sequence[str]
    ) -> str:
        text = _count(len(items), noun)
        return on_line(f"  {text}: {self._some(named)}" if named else f"  {text}")

    def _some(self, items: Sequence[str]) -> str:
        return ", ".join(items[: self.named]) + (", …" if len(items) > self.named else "")

    def _nouns(self, pattern: str) -> tuple[str, str]:
        """What the collection shows, one and several, in a phrase."""
        one, many = self.things.called("en")
        return pattern.format(one), pattern.format(many)

    def _name(self, key: str) -> str:
        return self.names.get(key, key)

    def _relocated(self, one: Relocated) -> str:
        before, after = (
            self.places.get(code, code) if code else "unknown" for code in (one.before, one.after)
        )
        return f"{one.bollard} from {before} to {after}" + " (you corrected it)" * (one.why != "")

    def _resized(self, change: Resized) -> str:
        return f"{self._name(change.type)} {change.after - change.before:+d}"


def by_weight(
    problems: Iterable[Problem],
) -> tuple[list[Problem], list[Problem], list[Problem]]:
    """Problems in three groups: the urgent, those that cost a file, and all others.

    In each group, those by which nothing is lost come last.
    """
    found: tuple[list[Problem], list[Problem], list[Problem]] = ([], [], [])
    for problem in sorted(problems, key=lambda one: one.minor):
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
        changes: the changes of the build.
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
        + "\n".join(f"  {line}" for line in lines[:_MOST])
        + (f"\n  … and {len(lines) - _MOST} more" if len(lines) > _MOST else "")
        + "\n  `bollards build --dry-run` shows why. Put back photos that should not be missing, or"
        " build without --strict to accept these changes."
    )


def _count(number: int, noun: str | tuple[str, str]) -> str:
    """A number of things, by their noun or by its singular and plural."""
    if not isinstance(noun, str):
        one, many = noun
        return f"{number} {one if number == 1 else many}"
    # In "photo removed", the first word takes the plural.
    first, space, rest = noun.partition(" ")
    if first in ("photo", "type"):
        plural = f"{first}s{space}{rest}"
    else:
        plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{number} {noun}" if number == 1 else f"{number} {plural}"


def _countries(number: int) -> str:
    return "1 country" if number == 1 else f"{number} countries"


def _listed(items: Iterable[str], most: int) -> list[str]:
    lines = [f"  {on_line(item)}" for item in items]
    if len(lines) > most + 1:
        lines[most:] = [f"  … and {len(lines) - most} more"]
    return lines
