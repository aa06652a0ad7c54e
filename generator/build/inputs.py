"""The inputs of a build: the owner's files, the results of earlier builds, and the photos."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from generator import plugins
from generator.build.examples import without_examples
from generator.build.hiding import Guard, find_hidden
from generator.build.localise import OwnWords
from generator.build.several import split_photos
from generator.build.whole import keep_whole
from generator.cache import Cache
from generator.catalogue import Source
from generator.collect import Collection, collect
from generator.config import Settings, load_settings
from generator.curation import Curation, load_curation
from generator.curation.apply import curated
from generator.curation.references import Decisions
from generator.curation.slugs import addressed, with_slugs
from generator.errors import Problem
from generator.group.ledger import Ledger
from generator.group.ledger_file import load_ledger
from generator.keep import read_checked, write_checked
from generator.language.messages import untranslated, without_words
from generator.language.rewording import unused
from generator.own import read_own_site
from generator.own_files import read_own_text
from generator.own_site import OwnSite
from generator.progress import Progress
from generator.project import Project
from generator.resources import LOCALE
from generator.today import today


@dataclass(frozen=True)
class Inputs:
    """The inputs that are known before any photo is opened.

    Attributes:
        settings: all of site.toml.
        curation: the owner's decisions.
        ledger: the record of earlier builds.
        today: the day of the build.
        locales: folders of message files, the owner's first.
        own: the owner's own pages and menus.
        problems: the problems in these files.
    """

    settings: Settings
    curation: Curation
    ledger: Ledger
    today: date
    locales: tuple[Path, ...]
    own: OwnSite
    problems: tuple[Problem, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """Tags of the site's languages, that of the root first."""
        return (self.settings.site.language, *self.settings.site.languages)


@dataclass(frozen=True)
class Found:
    """The photos of a project.

    Attributes:
        collection: everything in the project's folder.
        guard: the owner's decisions about these photos, and the known details of hidden ones.
        sources: the photos, ordered by file; including hidden ones.
    """

    collection: Collection
    guard: Guard
    sources: Sequence[Source]

    @property
    def decisions(self) -> Decisions:
        return self.guard.decisions


def read_inputs(project: Project) -> Inputs:
    """Read the owner's files and the results of the last build.

    Raises:
        BollardsError: one of the files is wrong, or a language has no words.
    """
    settings = load_settings(project.settings)
    locales = (project.locale, LOCALE)
    text = read_own_text(project.settings)
    languages = (settings.site.language, *settings.site.languages)
    own, problems = read_own_site(project, settings)
    written = load_curation(project.curation)
    ledger, taken = with_slugs(load_ledger(project.ledger), written)
    return Inputs(
        settings=settings,
        curation=addressed(written, {*ledger.types, *ledger.undecided}, ledger.slugs),
        ledger=ledger,
        today=today(),
        locales=locales,
        own=own,
        problems=(
            *without_words(settings.site.language, locales, text),
            *untranslated(languages, *locales, unused=partial(unused, settings.collection.shows)),
            *problems,
            *taken,
        ),
    )


def find_photos(project: Project, inputs: Inputs, cache: Cache, progress: Progress) -> Found:
    """Find the photos, and the owner's decisions about them.

    Raises:
        BollardsError: there is no photo at all, or photos.csv is wrong as a whole.
    """
    digests = _KeptDigests(cache)
    places = _known_places(project.places)
    former = inputs.ledger.files
    try:
        collection = collect(project.root, inputs.settings, digests, places=places, known=former)
    finally:
        digests.keep()
    write_checked(project.places, json.dumps(places).encode())
    salt = inputs.settings.privacy.salt
    known = without_examples(inputs.ledger, collection.sources, project, salt)
    sources, ledger = split_photos(
        project, collection.sources, inputs.settings, known, cache, progress
    )
    collection = replace(collection, sources=sources)
    collection = _notes_follow(collection, inputs.ledger)
    guard = find_hidden(project, inputs.curation, collection, ledger, inputs.settings, cache)
    sources, ledger, told = keep_whole(
        curated(collection.sources, guard.decisions), inputs.settings.isolate, guard.ledger
    )
    collection = replace(collection, problems=(*collection.problems, *told))
    return Found(collection, replace(guard, ledger=ledger), sources)


def _notes_follow(collection: Collection, ledger: Ledger) -> Collection:
    """The notes on types that have moved to another address, under their present ids."""

    def followed(notes: Mapping[str, str]) -> dict[str, str]:
        moved = {ledger.moved.get(key, key): text for key, text in notes.items()}
        return moved | {key: text for key, text in notes.items() if key not in ledger.moved}

    return replace(
        collection,
        notes=followed(collection.notes),
        translated={tag: followed(notes) for tag, notes in collection.translated.items()},
    )


def files_named(project: Project, settings: Settings) -> list[Path]:
    """Files elsewhere that site.toml names: models, looks, and the code of other packages."""
    theme = settings.theme
    looks = (settings.site.logo, settings.site.favicon, *theme.font, *theme.font_headings)
    own = settings.collection.shows.attributes
    looks = (*looks, *(value.emblem for one in own for value in one.values))
    files = [project.root / name for name in looks if name]
    for name, model in settings.embed.members:
        files += [project.root / model] if model else []
        files += plugins.files_of(plugins.EMBEDDERS, name)
    crop, _, detector = settings.isolate.crop.partition(":")
    files += [project.root / detector] if detector else []
    if crop not in plugins.ISOLATORS.always:
        files += plugins.files_of(plugins.ISOLATORS, crop)
    mask, _, segmenter = settings.embed.mask.partition(":")
    files += [project.root / segmenter] if segmenter else []
    if mask not in plugins.SEGMENTERS.always:
        files += plugins.files_of(plugins.SEGMENTERS, mask)
    return files


def own_words(inputs: Inputs, collection: Collection) -> OwnWords:
    """The owner's texts in several languages."""
    return OwnWords(inputs.settings.site.translations, inputs.curation, collection.translated)


class _KeptDigests:
    """The cache in the form that collect needs; new entries are written at once."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._known = cache.digests()
        self._new: list[tuple[str, os.stat_result, str]] = []

    def get(self, path: str, stat: os.stat_result) -> str | None:
        return self._known(path, stat)

    def put(self, path: str, stat: os.stat_result, digest: str) -> None:
        self._new.append((path, stat, digest))

    def keep(self) -> None:
        self._cache.keep_digests(self._new)


def _known_places(path: Path) -> dict[str, str]:
    """Names of places that earlier builds looked up; only a shortcut."""
    try:
        known: dict[str, str] = json.loads(read_checked(path))
    except (FileNotFoundError, ValueError):
        return {}
    return known
