"""The inputs of a build: the owner's files, the results of earlier builds, and the photos."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator import plugins
from generator.build.hiding import Guard, find_hidden
from generator.build.localise import OwnWords
from generator.cache import Cache
from generator.catalogue import Source
from generator.collect import Collection, collect
from generator.config import Settings, load_settings
from generator.curation import Curation, load_curation
from generator.curation.apply import curated
from generator.curation.references import Decisions
from generator.errors import Problem
from generator.group.ledger import Ledger
from generator.group.ledger_file import load_ledger
from generator.keep import read_checked, write_checked
from generator.language.messages import refuse_unknown_languages, untranslated
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
        problems: the problems in these files.
    """

    settings: Settings
    curation: Curation
    ledger: Ledger
    today: date
    locales: tuple[Path, ...]
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
    refuse_unknown_languages(settings.site.languages, settings.site.translations, locales)
    languages = (settings.site.language, *settings.site.languages)
    return Inputs(
        settings=settings,
        curation=load_curation(project.curation),
        ledger=load_ledger(project.ledger),
        today=today(),
        locales=locales,
        problems=tuple(untranslated(languages, *locales)),
    )


def find_photos(project: Project, inputs: Inputs, cache: Cache) -> Found:
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
    guard = find_hidden(project, inputs.curation, collection, inputs.ledger, salt)
    return Found(collection, guard, curated(collection.sources, guard.decisions))


def files_named(project: Project, settings: Settings) -> list[Path]:
    """Files elsewhere that site.toml names: models, and the code of other packages."""
    files: list[Path] = []
    for name, model in settings.embed.members:
        files += [project.root / model] if model else []
        files += plugins.files_of(plugins.EMBEDDERS, name)
    if settings.isolate.crop not in plugins.ISOLATORS.always:
        files += plugins.files_of(plugins.ISOLATORS, settings.isolate.crop)
    return files


def own_words(inputs: Inputs, collection: Collection) -> OwnWords:
    """The owner's texts in several languages."""
    return OwnWords(inputs.settings.site.translations, inputs.curation, collection.translated)


class _KeptDigests:
    """The cache in the form that collect needs; new entries are written at once."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._new: list[tuple[str, os.stat_result, str]] = []

    def get(self, path: str, stat: os.stat_result) -> str | None:
        return self._cache.digest(path, stat)

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
