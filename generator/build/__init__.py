"""The pipeline, top to bottom: photos on disk become a live site.

    collect -> isolate -> embed -> group -> relate -> catalogue -> render -> publish

The first three meet photo by photo in `prepare`, so that every picture is decoded once.
"""

import contextlib
import difflib
import errno
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from generator.build.freshness import inputs_now, is_fresh, remember
from generator.errors import BollardsError, Problem
from generator.progress import Progress
from generator.project import Project, write_atomically
from generator.report import Report, last_problems, refuse_lost_addresses
from generator.report.changes import compare, last_build

if TYPE_CHECKING:
    from generator.cache import Cache
    from generator.catalogue import Photo
    from generator.config import GroupSettings
    from generator.output import Output


# Visitors may write a country's name in these, whatever the language of the page.
_SEARCHED_LANGUAGES = ("en", "de", "fr", "es")
# A setting that calls everything a duplicate must not fill the memory with pairs.
_MOST_DUPLICATES = 1000


def build(
    project: Project,
    progress: Progress,
    *,
    force: bool = False,
    dry_run: bool = False,
    strict: bool = False,
) -> Report:
    """Build the site of a project into its `public/`.

    Args:
        project: where everything is.
        progress: where to show how far it is.
        force: build even when nothing has changed.
        dry_run: publish nothing and leave the ledger as it is; what was learnt of new photos is
            kept all the same.
        strict: refuse to change or drop an address that is published.

    Raises:
        BollardsError: the site could not be built, or not without breaking what `strict` asks
            for; what was live before still is.
    """
    # Before everything else: what was good at the last build and is unchanged needs no validation,
    # and what validates takes longer to import than all of this takes.
    if not force and is_fresh(project):
        return Report(project.public, unchanged=True, problems=last_problems(project.report))
    from generator.config import load_settings
    from generator.publish.swap import recover, refuse_foreign

    # Outside the lock, which makes a folder: a wrong path must leave no trace.
    load_settings(project.settings)
    try:
        with project.locked(waiting=progress.waits):
            # Whoever was building may have built just this.
            if not force and not dry_run and is_fresh(project):
                return Report(
                    project.public, unchanged=True, problems=last_problems(project.report)
                )
            recover(project.public, project.retired)
            refuse_foreign(project.public)
            return _build(project, progress, dry_run=dry_run, strict=strict)
    except OSError as error:
        raise _explained(project, error) from error


def _build(project: Project, progress: Progress, *, dry_run: bool, strict: bool) -> Report:
    # Imported here, not above: all of this takes longer to import than a build with nothing to do.
    import numpy as np

    from generator.build.prepare import prepare
    from generator.cache import Cache
    from generator.collect import collect
    from generator.config import load_settings
    from generator.curation import load_curation
    from generator.curation.apply import curated
    from generator.curation.references import bollards_of, look_up
    from generator.embed import Describer, load_embedder
    from generator.group.ledger_file import dump_ledger, load_ledger
    from generator.isolate import load_isolator
    from generator.language.messages import refuse_unknown_languages, untranslated
    from generator.resources import LOCALE

    inputs = inputs_now(project)
    settings = load_settings(project.settings)
    words = (project.locale, LOCALE)
    refuse_unknown_languages(settings.site.languages, settings.site.translations, words)
    untold = untranslated(
        (settings.site.language, *settings.site.languages), project.locale, LOCALE
    )
    curation = load_curation(project.curation)
    ledger = known = load_ledger(project.ledger)

    with Cache.open(project.cache) as cache:
        with progress.step("collect"):
            digests = _KeptDigests(cache)
            places = _known_places(project.places)
            try:
                collection = collect(
                    project.root, settings, digests, places=places, known=ledger.files
                )
            finally:
                digests.keep()
            write_atomically(project.places, json.dumps(places))
            decisions = look_up(
                curation,
                bollards_of(collection.sources),
                {source.id: source.file for source in collection.sources},
                ledger.files,
            )
            sources = curated(collection.sources, decisions)

        with progress.step("photos"):
            embedder = load_embedder(settings.embed, project.root)
            prepared, unusable = prepare(
                sources,
                project.photos,
                project.pictures,
                settings,
                cache,
                embedder,
                load_isolator(settings.isolate),
                progress,
                # It takes seconds, and does so on whatever core is free.
                meanwhile=lambda: _preload(settings.group),
            )
        cache_problems = [Problem(".bollards", text, skipped=False) for text in cache.problems]
    problems = [*collection.problems, *unusable, *cache_problems, *untold]
    if not prepared:
        raise BollardsError(
            f"{project.photos}: none of the {len(sources)} photos can be used:\n"
            + "\n".join(f"  {problem.file}: {problem.reason}" for problem in problems[:20])
        )

    from generator import publish
    from generator.build.assemble import assemble
    from generator.build.localise import OwnWords, in_all_languages
    from generator.build.types import Seen, find_types
    from generator.collect.countries import country_codes, country_name, country_names, region_name
    from generator.curation.apply import lookalike_notes
    from generator.group.retired import moved_types
    from generator.identify.bundle import publish_lookup
    from generator.language.naming import pooled
    from generator.output import Output
    from generator.relate import lookalikes, most_similar_pairs, neighbours
    from generator.relate.layout import lay_out
    from generator.relate.order import plate_order
    from generator.render import render
    from generator.render.endpoints import write_endpoints
    from generator.render.exports import write_exports
    from generator.report.files import write_report
    from generator.report.waiting import what_waits
    from generator.vectors import Vectors, keep_vectors

    with progress.step("group"):
        ids = [one.source.id for one in prepared]
        row_of = {photo: row for row, photo in enumerate(ids)}
        embeddings = np.stack([one.embedding for one in prepared])
        described = embedder.describe(embeddings) if isinstance(embedder, Describer) else None
        seen = Seen(
            ids=ids,
            bollards=[one.source.bollard for one in prepared],
            files=[one.source.file for one in prepared],
            embeddings=embeddings,
            described=described,
            embedder=embedder.fingerprint,
        )
        typed = find_types(seen, decisions, ledger, settings.group, _today(), project.clusters)
        types, ledger = typed.decided.types, typed.ledger

    with progress.step("relate"):
        near = neighbours(ids, embeddings, settings.relate.neighbours)
        rows_of = {key: [row_of[photo] for photo in sorted(types[key])] for key in sorted(types)}
        told_apart = lookalike_notes(decisions.curation, types)
        alike = lookalikes(embeddings, rows_of, settings.relate.lookalikes, told_apart)
        order = plate_order(
            embeddings,
            rows_of,
            {
                key: pooled([described[row] for row in rows]) if described else {}
                for key, rows in rows_of.items()
            },
            {
                key: len({prepared[row].source.bollard for row in rows})
                for key, rows in rows_of.items()
            },
        )
        twins = most_similar_pairs(
            ids, embeddings, top=_MOST_DUPLICATES, at_least=settings.relate.duplicates
        )
        bollards = [one.source.bollard for one in prepared]
        layout = lay_out(ids, embeddings, bollards, types, ledger.places)
        ledger = replace(ledger, places=layout.places)

    with progress.step("catalogue"):
        catalogue = assemble(
            prepared=prepared,
            embeddings=embeddings,
            described=described,
            types=types,
            neighbours=near,
            lookalikes=alike,
            order=order,
            added=ledger.added,
            spots=layout.spots,
            decisions=decisions,
            notes=collection.notes,
            about=collection.about,
            settings=settings,
            country_name=country_name,
            country_names=lambda code: country_names(
                code,
                (settings.site.language, *settings.site.languages, *_SEARCHED_LANGUAGES),
            ),
            every_country=country_codes(),
            moved=moved_types(ledger.retired, ledger.moved, frozenset(ids)),
        )
        catalogue, *translated = in_all_languages(
            catalogue,
            (settings.site.language, *settings.site.languages),
            OwnWords(settings.site.translations, curation, collection.translated),
            words,
            country_name,
            region_name,
            project.work / "locale",
        )
        problems += [*typed.decided.problems, *_unknown_notes(collection.notes, types)]
        for language, notes in collection.translated.items():
            problems += _unknown_notes(notes, types, f".{language}")
        changes = compare(
            last_build(project.public, known),
            catalogue,
            decided=typed.by_person,
            seen=frozenset(known.added),
            hidden=decisions.hidden,
            corrected=decisions.countries,
        )
        if strict:
            refuse_lost_addresses(project.public, changes, typed.decided.merged, decisions.hidden)
        files = {photo.id: photo.file for photo in catalogue.photos}
        report = Report(
            public=project.public,
            dry_run=dry_run,
            photos=len(catalogue.photos),
            bollards=len(catalogue.bollards),
            types=len(catalogue.types),
            one_offs=len(catalogue.one_offs),
            countries=sum(country.code is not None for country in catalogue.countries),
            problems=tuple(problems),
            duplicates=tuple(replace(pair, a=files[pair.a], b=files[pair.b]) for pair in twins),
            changes=changes,
            review=what_waits(catalogue, decisions, typed, changes),
            files=files,
        )

    with progress.step("render"):
        out = Output(project.staging)
        kept = _place_pictures(catalogue.photos, project.pictures, out)
        # Without the built-in recogniser there is nothing that a browser could run.
        lookup = (
            publish_lookup(catalogue, ids, embeddings, out, project.work / "packed")
            if settings.embed.embedder == "builtin"
            else None
        )
        render(
            catalogue,
            settings,
            out,
            project.work,
            project.templates,
            translated=translated,
            locale=project.locale,
            lookup=lookup,
            fonts=project.fonts,
        )
        write_exports(catalogue, out)
        write_endpoints(catalogue, out, translated)
    with progress.step("publish"):
        publish.write_host_files(out)
        publish.write_redirects(catalogue, out)
        publish.write_service_worker(catalogue, out)
        out.finish()
        publish.check(out.root, settings.site.base_url)
        if dry_run:
            return replace(report, seconds=dict(progress.seconds))
        write_atomically(project.ledger, dump_ledger(ledger))
        keep_vectors(
            project.index,
            Vectors(
                ids, embeddings, embedder.fingerprint, typed.bollards, typed.vectors, typed.near
            ),
        )
        publish.make_live(out.root, project.public, project.retired)
    # The site is live: what fails from here on costs the next build time, and is no failure.
    with contextlib.suppress(OSError):
        _forget_pictures(project.pictures, kept)
    with contextlib.suppress(OSError):
        public = f"../{project.public.name}/"
        write_report(report, catalogue, project.report, project.report_page, public)
        report = replace(report, page=project.report_page)
    with contextlib.suppress(OSError):
        model = settings.embed.model
        remember(project, inputs, also=[project.root / model] if model else [])
    return replace(report, seconds=dict(progress.seconds))


def _preload(settings: "GroupSettings") -> None:
    """Import what comes after the photos."""
    import generator.build.assemble
    import generator.publish
    import generator.render  # noqa: F401
    from generator.group import preload

    preload(settings)


class _KeptDigests:
    """The cache as collect wants it; what is new is written in one go."""

    def __init__(self, cache: "Cache") -> None:
        self._cache = cache
        self._new: list[tuple[str, os.stat_result, str]] = []

    def get(self, path: str, stat: os.stat_result) -> str | None:
        return self._cache.digest(path, stat)

    def put(self, path: str, stat: os.stat_result, digest: str) -> None:
        self._new.append((path, stat, digest))

    def keep(self) -> None:
        self._cache.keep_digests(self._new)


def _known_places(path: Path) -> dict[str, str]:
    """What earlier builds looked up of names of places; only ever a shortcut."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _today() -> date:
    """The day of the build in UTC, or the one that SOURCE_DATE_EPOCH asks for.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise BollardsError(
            "SOURCE_DATE_EPOCH: expected a number of seconds since 1970-01-01;"
            f" found {epoch!r}. Correct this environment variable, or unset it."
        ) from None


def _place_pictures(photos: "Iterable[Photo]", cache: Path, out: "Output") -> set[str]:
    """Put every published picture into the new site; returns their file names."""
    paths = {
        picture.path
        for photo in photos
        for picture in (*photo.pictures.photo, *photo.pictures.crop)
    }
    for path in paths:
        out.link(path, cache.parent / path)
    return {path.rpartition("/")[2] for path in paths}


def _forget_pictures(cache: Path, kept: set[str]) -> None:
    """Drop pictures of photos that are gone and of settings that were changed."""
    for entry in os.scandir(cache):
        if entry.name not in kept:
            Path(entry.path).unlink(missing_ok=True)


def _unknown_notes(
    notes: Mapping[str, str], types: Iterable[str], ending: str = ""
) -> list[Problem]:
    """A warning for each note on a type that does not exist, with the nearest one that does."""
    known = sorted(types)
    problems = []
    for key in sorted(set(notes) - {*known, ""}):
        nearest = difflib.get_close_matches(key, known, n=1, cutoff=0.4)
        hint = f" Did you mean {nearest[0]}{ending}.md?" if nearest else ""
        reason = f"there is no type {key}, so that this note appears nowhere.{hint}"
        problems.append(Problem(f"notes/types/{key}{ending}.md", reason, skipped=False))
    return problems


def _explained(project: Project, error: OSError) -> BollardsError:
    """An input or output failure in the owner's words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return BollardsError(
            f"{project.root}: the disk is full. Nothing was published; the site that was live"
            " still is. Make room and build again: what was done so far is kept."
        )
    where = f"{error.filename}: " if error.filename else ""
    return BollardsError(
        f"{where}{error.strerror or error}. Nothing was published; the site that was live still is."
    )
