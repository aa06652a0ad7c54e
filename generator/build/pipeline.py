"""The steps of a build, one after the other."""

import contextlib
from dataclasses import replace

from generator import publish
from generator.build.assemble import SEARCHED_LANGUAGES, assemble
from generator.build.freshness import inputs_now, remember
from generator.build.hiding import keep_private, refuse_lost_entries, remembered
from generator.build.inputs import files_named, find_photos, own_words, read_inputs
from generator.build.kept_names import kept_names
from generator.build.kept_relations import kept_relations
from generator.build.localise import in_all_languages
from generator.build.outcome import outcome
from generator.build.photos import prepare_photos
from generator.build.privacy import published
from generator.build.site import finish_site, forget_pictures, write_site
from generator.build.tidy import tidy
from generator.build.types import find_types
from generator.build.unseen import unseen_bollards
from generator.cache import Cache
from generator.calibration import measured
from generator.curation.apply import lookalike_notes
from generator.curve import Calibration, steady
from generator.errors import BollardsError
from generator.group.ledger import Ledger
from generator.group.ledger_file import dump_ledger
from generator.language.rewording import words_of
from generator.language.wording import Wording
from generator.page_store import PageStore
from generator.policy import widening
from generator.progress import Progress
from generator.project import Project, write_atomically
from generator.relate import Relations
from generator.report import Report
from generator.report.files import write_report
from generator.vectors import Vectors, keep_vectors


def run(project: Project, progress: Progress, on: str, *, dry_run: bool, strict: bool) -> Report:
    """Take a project through all steps; see `generator.build.build`."""
    state = inputs_now(project)
    inputs = read_inputs(project)
    settings = inputs.settings
    wider = widening(settings.security, project.settings.name)
    inputs = replace(inputs, problems=(*inputs.problems, *tidy(project), *wider))

    with Cache.open(project.cache) as cache:
        with progress.step("collect"):
            found = find_photos(project, inputs, cache, progress)
            if strict:
                refuse_lost_entries(found.decisions)
            inputs = replace(inputs, ledger=found.guard.ledger)
        with progress.step("photos"):
            every, guard = found.sources, found.guard
            photos = prepare_photos(project, every, guard, settings, cache, progress, on)
            rows = photos.rows

    things = settings.collection.shows
    with progress.step("group"):
        assignment = find_types(
            rows,
            found.decisions,
            inputs.ledger,
            settings.group,
            inputs.today,
            project.clusters,
            unseen_bollards(rows.bollard_of, photos.aside.unseen),
            found.collection.notes,
            Wording(words_of(things, "en"), things.attributes),
        )
        types, ledger = assignment.decided.types, assignment.ledger

    with progress.step("relate"):
        notes = lookalike_notes(inputs.curation, types)
        relations = kept_relations(rows, types, notes, settings.relate, ledger, project.relations)

    with progress.step("catalogue"):
        names = kept_names((*inputs.languages, *SEARCHED_LANGUAGES), project.country_names)
        unnamed = assemble(
            photos, assignment, relations, found.decisions, found.collection, settings, names
        )
        drawn = replace(unnamed.site, things=things.drawn(inputs.own.emblems))
        # Not measured anew with each photo, so that percentages stay.
        curve = steady(inputs.ledger.calibration, measured(unnamed.photo, drawn.embedder))
        unnamed = replace(unnamed, site=drawn, calibration=curve)
        words = own_words(inputs, found.collection)
        compiled = project.work / "locale"
        editions = in_all_languages(unnamed, inputs.languages, words, inputs.locales, compiled)
        catalogue = editions[0]
        report = outcome(
            project, inputs, found, photos, assignment, relations, catalogue, strict=strict
        )

    public_editions = [published(edition, settings.privacy) for edition in editions]
    bases = f"{settings.site.base_url} {settings.pictures.base_url}".strip()
    store = PageStore(project.rendered, project.public, bases)
    try:
        with progress.step("render"):
            out = write_site(project, settings, public_editions, photos, inputs.own, store)
        with progress.step("publish"):
            more = finish_site(project, public_editions[0], settings, out, inputs.own, store)
    except BollardsError as error:
        # One mistake must not cost the owner everything else that the build found out.
        raise BollardsError("\n".join([str(error), "", *report.unpublished()])) from error
    report = replace(report, problems=(*report.problems, *more))

    with progress.step("publish"):
        if dry_run:
            return replace(report, dry_run=True, seconds=dict(progress.seconds))
        ledger = remembered(_kept(ledger, relations, curve), found.guard, photos.aside)
        write_atomically(project.ledger, dump_ledger(ledger))
        keep_vectors(
            project.index,
            Vectors(
                rows.ids,
                rows.embeddings,
                rows.embedder,
                assignment.bollards,
                assignment.vectors,
                assignment.near,
            ),
        )
        publish.make_live(out.root, project.public, project.retired)
        keep_private(project, photos.aside)

    # The site is live: a failure from here on only costs the next build time, which is no
    # failure.
    with contextlib.suppress(OSError):
        forget_pictures(catalogue.photos, project.pictures, photos.aside.pictures)
    with contextlib.suppress(OSError):
        public = f"../{project.public.name}/"
        compiled = project.work / "templates"
        write_report(report, catalogue, project.report, project.report_page, public, compiled)
        report = replace(report, page=project.report_page)
    with contextlib.suppress(OSError):
        remember(project, state, also=files_named(project, settings))
    return replace(report, seconds=dict(progress.seconds))


def _kept(ledger: Ledger, relations: Relations, curve: Calibration) -> Ledger:
    """The ledger with what the next build keeps, so that little else changes with new photos."""
    layout = relations.layout
    return replace(ledger, places=layout.places, cells=layout.cells, calibration=curve)
