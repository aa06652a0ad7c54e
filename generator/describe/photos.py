"""Describes photo files: those that are named, or those that are published."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from generator.cache import Cache
from generator.collect import photo_id
from generator.collect.files import find_files
from generator.collect.open import PhotoError
from generator.config import DescribeSettings, Settings, load_settings
from generator.describe import PIXELS, Describer, Description, PictureError, load_describer
from generator.describe.kept import Answers, kept_answers
from generator.errors import BollardsError
from generator.look import limits_of, open_picture
from generator.project import Project
from generator.published import read_published

# After so many refusals in a row, the service is at fault, and not the pictures.
_REFUSALS = 3


@dataclass(frozen=True, slots=True)
class Source:
    """A photo to describe: how messages name it, its path, its SHA-256 ("" if unreadable)."""

    file: str
    path: Path
    digest: str


@dataclass(frozen=True, slots=True)
class Described:
    """A photo file and its description."""

    file: str
    description: Description

    def to_json(self) -> str:
        """The line that `bollards describe --json` prints."""
        labels = [{"name": one.name, "score": one.score} for one in self.description.labels]
        row = {"file": self.file, "caption": self.description.caption, "labels": labels}
        return json.dumps(row, ensure_ascii=False)

    def lines(self) -> list[str]:
        """The lines that `bollards describe` prints."""
        caption = [f"  {self.description.caption}"] if self.description.caption else []
        labels = [f"    {one.score:4.0%}  {one.name}" for one in self.description.labels]
        return [self.file, *caption, *labels]


@dataclass(frozen=True)
class Run:
    """What a run of `bollards describe` is to do.

    Attributes:
        describer: who is asked.
        sources: all photos, in order.
        known: answers from before, by SHA-256.
        budget: what it may cost at most, in US dollars.
        settings, project: of the site.
    """

    describer: Describer
    sources: tuple[Source, ...]
    known: dict[str, Description]
    budget: float
    settings: Settings
    project: Project

    @property
    def new(self) -> int:
        """How many pictures are to be sent; copies of one count once."""
        return len({one.digest or one.file for one in self.sources} - self.known.keys())

    @property
    def affordable(self) -> int:
        """How many of them the budget allows."""
        price = self.describer.price
        return min(self.new, int(self.budget / price + 1e-9)) if price else self.new

    def lines(self) -> list[str]:
        """The lines that `bollards describe --dry-run` prints."""
        price = self.describer.price
        cost = f"at most ${self.new * price:.4g} (${price:g} a photo)" if price else "at no cost"
        lines = [
            f"{len(self.sources)} photos, {self.new} of them not yet described by"
            f' "{self.describer.name}": {cost}.'
        ]
        if self.affordable < self.new:
            lines.append(f"The budget of ${self.budget:g} is enough for {self.affordable}.")
        return lines

    def answers(self) -> Iterator[Described | BollardsError]:
        """Describe the photos; each answer is kept before it is given.

        Yields:
            For each photo, its description or the error that prevented it. If the budget is too
            small for all, a message about that comes last.

        Raises:
            BollardsError: the describer cannot work, or no longer; or the budget allows nothing.
        """
        if self.new and not self.affordable:
            raise BollardsError(
                f"{self.lines()[0]}\n  Say what a run may cost: `budget` under [describe] in"
                f" site.toml, or --budget; it is ${self.budget:g} now."
            )
        if self.new:
            self.describer.prepare()
        has_place = self.describer.is_kept and self.project.settings.exists()
        with Answers(self.project.answers) if has_place else nullcontext() as kept:
            yield from self._answers(kept)

    def _answers(self, kept: Answers | None) -> Iterator[Described | BollardsError]:
        known = dict(self.known)
        limits = limits_of(self.settings)
        allowed = self.affordable
        sent = refused = left = 0
        for one in self.sources:
            if one.digest not in known:
                if sent >= allowed:
                    left += 1
                    continue
                try:
                    picture = open_picture(one.path, limits, at_least=PIXELS)
                except PhotoError as error:
                    yield error
                    continue
                sent += 1
                try:
                    answer = self.describer.describe(picture)
                except PictureError as error:
                    refused += 1
                    if refused == _REFUSALS:
                        raise BollardsError(f"{one.file}: {error}") from None
                    yield PictureError(f"{one.file}: {error}")
                    continue
                refused = 0
                known[one.digest] = answer
                if kept:
                    kept.keep(self.describer.fingerprint, {one.digest: answer})
            yield Described(one.file, known[one.digest])
        if left:
            yield BollardsError(
                f"The budget of ${self.budget:g} is spent;"
                f" {'one photo is' if left == 1 else f'{left} photos are'} left. Run the same"
                " command again to go on, or raise the budget."
            )


def planned(
    files: Sequence[Path],
    project: Project,
    describer: str | None = None,
    budget: float | None = None,
) -> Run:
    """What is to do to describe photos. Sends nothing.

    Args:
        files: the photos; none means all that are published.
        project: the site project.
        describer: in place of the one that site.toml names.
        budget: in place of that of site.toml, in US dollars.

    Raises:
        BollardsError: site.toml is wrong, there is no such describer, or, without files, the site
            has not been built.
    """
    settings = load_settings(project.settings) if project.settings.exists() else Settings()
    chosen = settings.describe
    if describer not in (None, chosen.with_):
        # The endpoint is that of the other describer.
        chosen = DescribeSettings.model_validate({"with": describer, "budget": chosen.budget})
    asked = load_describer(chosen, project.root)
    sources = [Source(str(file), file, digest_of(file)) for file in files]
    if not sources:
        sources = list(published_photos(project, settings).values())
    known = {}
    if asked.is_kept and project.answers.exists():
        with Answers(project.answers) as kept:
            known = kept.of([one.digest for one in sources], asked.fingerprint)
    spend = chosen.budget if budget is None else budget
    return Run(asked, tuple(sources), known, spend, settings, project)


def published_photos(project: Project, settings: Settings) -> dict[str, Source]:
    """The files of all published photos, by id, in the order of their names.

    Photos that are hidden, refused or new since the last build are not among them.

    Raises:
        BollardsError: the site has not been built.
    """
    try:
        site = read_published(project.public)
    except (OSError, ValueError):
        raise BollardsError(
            f"{project.root}: there is no built site here. Name photos, or go to your site project"
            " (or name it with --site DIR) and run `bollards build`."
        ) from None
    there = {photo.picture for photo in site.photos.values()}
    found: dict[str, Source] = {}
    with Cache.open(project.cache) as cache:
        for one in find_files(project.photos).files:
            path = project.photos / one.file
            digest = cache.digest(one.file, one.stat) or digest_of(path)
            key = photo_id(digest, settings.privacy.salt)
            if key in there:
                found.setdefault(key, Source(one.file, path, digest))
    return dict(sorted(found.items(), key=lambda item: item[1].file))


def kept_by_photo(project: Project, settings: Settings) -> dict[str, list[Description]]:
    """What describers have answered about published photos, by the photo's id.

    Raises:
        BollardsError: the site has not been built, or the answers cannot be read.
    """
    if not project.answers.exists():
        return {}
    sources = published_photos(project, settings)
    known = kept_answers(project.answers, [one.digest for one in sources.values()])
    return {key: known[one.digest] for key, one in sources.items() if one.digest in known}


def digest_of(path: Path) -> str:
    """The SHA-256 of a file; "" if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
