"""The results of the last build, as the review page needs them: photos, vectors, types, news."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.calibration import SameType, curve_of
from generator.catalogue import Trait
from generator.config import load_settings
from generator.curation import Curation
from generator.curation.references import Decisions, look_up
from generator.describe import Description
from generator.describe.photos import kept_by_photo
from generator.errors import BollardsError
from generator.group.ledger import undecided_types
from generator.group.ledger_file import load_ledger
from generator.keep import DamagedError, read_checked
from generator.project import Project
from generator.published import CATALOGUE, PublishedPhoto, PublishedType, read_published
from generator.things import BOLLARDS, Things
from generator.vectors import load_vectors

FloatArray = NDArray[np.float32]


@dataclass(frozen=True)
class Aside:
    """A photo that the last build kept off the site.

    `state` is "hidden", or "held" when it waits for a decision: because it may be the photo that
    the entry hides (`why` is "like" for nearly the same picture, "name" for the same file name), or
    because no bollard is seen in it ("unseen"). `size` and `crop` are in px of the upright photo.
    """

    id: str
    file: str
    bollard: str
    pictures: tuple[Mapping[str, Any], ...]
    state: str
    entry: str = ""
    why: str = ""
    country: str | None = None
    size: tuple[int, ...] = ()
    crop: tuple[int, ...] = ()
    parent: str | None = None


@dataclass(frozen=True)
class Built:
    """The results of the last build.

    Attributes:
        stamp: changes with every build.
        photos: those of the live site by id.
        bollards: their views by bollard key.
        types: the live site's types by id.
        machine: photo ids by type id as they would be without decisions.
        moved: for types that are gone, the living one that took their place.
        slugs: for each address that the owner chose for a type, the one before.
        former: the photo's id for each file that any build saw.
        proposals: keys of bollards that could be a type, where the owner wants to be asked.
        addresses: ids that are taken, including those of types that are gone.
        fresh: ids of the types that the last build made; empty after the first build.
        arrived: ids of the photos that the last build saw first; empty after the first build.
        vectors: the vector of each bollard in comparisons: float32 [d] of unit length.
        near: unsorted bollards above this cosine similarity were listed for review.
        accent: the site's colours, light and dark.
        aside: the photos that are not on the site although their files exist, by id.
        remembered: the ids of the photos that each entry of curation.toml has hidden.
        published: ids of all photos that were on the site at any time.
        unseen: ids of the photos on the site in which no bollard is seen.
        same: pairs of photo ids that are near-duplicates.
        same_type: the same-type probability of groups of photos.
        things: what the collection shows.
        filed_twice: for photos with copies in the folders of other countries, all their files and
            countries, the one that is used first.
        answers: what describers have answered about photos, by `PublishedPhoto.picture`.
    """

    stamp: str
    title: str
    photos: Mapping[str, PublishedPhoto]
    bollards: Mapping[str, tuple[str, ...]]
    types: Mapping[str, PublishedType]
    machine: Mapping[str, frozenset[str]]
    moved: Mapping[str, str]
    former: Mapping[str, str]
    proposals: tuple[tuple[str, ...], ...]
    countries: Mapping[str, str]
    addresses: frozenset[str]
    fresh: frozenset[str]
    arrived: frozenset[str]
    vectors: Mapping[str, FloatArray]
    near: float
    accent: tuple[str, str]
    same_type: SameType
    aside: Mapping[str, Aside] = field(default_factory=dict)
    remembered: Mapping[str, frozenset[str]] = field(default_factory=dict)
    published: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    same: tuple[tuple[str, str], ...] = ()
    filed_twice: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    things: Things = BOLLARDS
    answers: Mapping[str, Sequence[Description]] = field(default_factory=dict)
    slugs: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def bollard_of(self) -> Mapping[str, str]:
        """The bollard of each photo."""
        return {photo: key for key, views in self.bollards.items() for photo in views}

    @cached_property
    def file(self) -> Mapping[str, str]:
        return {key: photo.file for key, photo in self.photos.items()}

    def decided(self, curation: Curation) -> Decisions:
        """The decisions of a curation, also about photos that are not on the site."""
        bollards = {key: list(views) for key, views in self.bollards.items()}
        for one in self.aside.values():
            bollards.setdefault(one.bollard, []).append(one.id)
        files = {**self.file, **{key: one.file for key, one in self.aside.items()}}
        parents = {key: one.parent for key, one in self.photos.items()}
        parents |= {key: one.parent for key, one in self.aside.items()}
        parts = {key: photo for key, photo in parents.items() if photo and photo != key}
        return look_up(
            curation,
            bollards,
            files,
            self.former,
            names={file: key for key, file in files.items() if key not in parts},
            remembered=self.remembered,
            published=self.published,
            parts=parts,
        )

    def look(self, photos: Iterable[str]) -> dict[str, Trait]:
        """The most common attributes of some photos; each votes with its confidence."""
        votes: dict[str, dict[str, float]] = {}
        count = 0
        for photo in photos:
            count += 1
            for attribute, trait in self.photos[photo].attributes.items():
                values = votes.setdefault(attribute, {})
                values[trait.value] = values.get(trait.value, 0.0) + trait.confidence
        found = {}
        for attribute, values in votes.items():
            value = min(values, key=lambda name, of=values: (-round(of[name], 4), name))  # type: ignore[misc]
            found[attribute] = Trait(value, round(values[value] / count, 4))
        return found


def stamp_of(project: Project) -> str:
    """A value that differs from build to build, without reading the build's results."""
    marks = []
    for path in (project.public / CATALOGUE, project.index, project.ledger):
        try:
            stat = path.stat()
        except OSError:
            marks.append("none")
        else:
            marks.append(f"{stat.st_mtime_ns:x}.{stat.st_size:x}")
    return "-".join(marks)


def load_built(project: Project) -> Built:
    """Read the results of the last build.

    Raises:
        BollardsError: there has been no build, or its results cannot be read.
    """
    stamp = stamp_of(project)
    ledger = load_ledger(project.ledger)
    try:
        site = read_published(project.public)
        kept = load_vectors(project.index)
        vectors = dict(zip(kept.bollards, kept.grouped, strict=True))
        private = _private(project)
        # With `privacy.file_names` off, the site does not have the names of files.
        site = replace(
            site,
            photos={
                key: replace(photo, **private["photos"].get(key, {}))
                for key, photo in site.photos.items()
            },
        )
        views: dict[str, list[str]] = {}
        for photo in site.photos.values():
            views.setdefault(photo.bollard, []).append(photo.id)
        bollards = {key: tuple(own) for key, own in views.items()}
        vectors = {key: vectors[key] for key in bollards}
        aside = {one.id: one for one in _aside(private)}
    except DamagedError as error:
        raise BollardsError(f"{error}. Run `bollards build --force {project.root}`.") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BollardsError(
            f"{project.root}: the results of the last build cannot be read ({error})."
            f" Build the site first: bollards build {project.root}"
        ) from None
    there = frozenset(site.photos)
    machine = {key: own & there for key, own in undecided_types(ledger).items()}
    report = _report(project.report)
    fresh, arrived = _news(report)
    settings = load_settings(project.settings)
    theme = settings.theme
    return Built(
        stamp=stamp,
        title=site.title,
        photos=site.photos,
        bollards=bollards,
        types=site.types,
        machine={key: own for key, own in machine.items() if own},
        moved=ledger.moved,
        slugs=ledger.slugs,
        former=ledger.files,
        proposals=_proposals(report, {key: photo.bollard for key, photo in site.photos.items()}),
        countries={code: name for code, name in site.countries.items() if code},
        addresses=frozenset(site.types) | frozenset(ledger.types) | frozenset(ledger.retired),
        fresh=fresh,
        arrived=arrived,
        vectors=vectors,
        near=kept.near,
        accent=(theme.accent, theme.accent_dark),
        same_type=SameType(site.photos, kept.ids, kept.embeddings, curve_of(site)),
        aside=aside,
        remembered={entry: frozenset(own) for entry, own in ledger.hidden.items()},
        published=frozenset(ledger.added),
        unseen=there.intersection(private["unseen"]),
        same=_same(report, {photo.file: key for key, photo in site.photos.items()}),
        filed_twice=_filed_twice(report, there),
        things=settings.collection.shows,
        answers=kept_by_photo(project, settings),
    )


def _private(project: Project) -> dict[str, Any]:
    """The unpublished results of the last build; nothing if they were not written."""
    try:
        data: dict[str, Any] = json.loads(read_checked(project.private))
    except FileNotFoundError:
        data = {}
    return {"photos": {}, "hidden": [], "held": [], "unseen": []} | data


def _aside(private: Mapping[str, Any]) -> Iterator[Aside]:
    for state in ("hidden", "held"):
        for one in private[state]:
            yield Aside(
                one["photo"],
                one["file"],
                one["bollard"],
                tuple(one["pictures"]),
                state,
                one.get("entry", ""),
                one.get("why", ""),
                one.get("country"),
                tuple(one.get("size", ())),
                tuple(one.get("crop", ())),
                one.get("parent"),
            )


def _report(path: Path) -> Mapping[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _news(report: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """The types and photos that are new in the last build; none in a first build."""
    try:
        if report["first_build"]:
            return frozenset(), frozenset()
        return (
            frozenset(str(type_["type"]) for type_ in report["types"]["born"]),
            frozenset(str(photo["photo"]) for photo in report["photos"]["added"]),
        )
    except (KeyError, TypeError):
        return frozenset(), frozenset()


def _same(report: Mapping[str, Any], photo_of: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Near-duplicates by the ids of their photos; those that are gone are left out."""
    try:
        pairs = [(one["a"], one["b"]) for one in report["duplicates"]]
    except (KeyError, TypeError):
        return ()
    return tuple((photo_of[a], photo_of[b]) for a, b in pairs if a in photo_of and b in photo_of)


def _filed_twice(
    report: Mapping[str, Any], there: frozenset[str]
) -> dict[str, tuple[tuple[str, str], ...]]:
    """The files and countries of photos that are filed under several countries."""
    try:
        return {
            one["photo"]: tuple((file["file"], file["country"]) for file in (one, *one["others"]))
            for one in report["review"]["filed_twice"]
            if one["photo"] in there
        }
    except (KeyError, TypeError):
        return {}


def _proposals(
    report: Mapping[str, Any], bollard_of: Mapping[str, str]
) -> tuple[tuple[str, ...], ...]:
    """Proposed groups of bollards; those with a photo that is gone are left out."""
    try:
        groups = [
            [one["photo"] for one in group["photos"]] for group in report["review"]["proposals"]
        ]
    except (KeyError, TypeError):
        return ()
    return tuple(
        tuple(dict.fromkeys(bollard_of[photo] for photo in photos))
        for photos in groups
        if photos and all(photo in bollard_of for photo in photos)
    )
