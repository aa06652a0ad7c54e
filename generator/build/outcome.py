"""What a build changed, and what needs the owner's decision."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from generator.build.inputs import Found, Inputs
from generator.build.photos import Photos
from generator.build.types import TypeAssignment
from generator.calibration import SameType, curve_of
from generator.catalogue import Catalogue
from generator.collect.countries import country_name
from generator.curation.apply import absent_countries
from generator.errors import Problem
from generator.project import Project
from generator.relate import Relations
from generator.render.environment import smallest
from generator.report import Report, Review, Unseen, refuse_lost_addresses
from generator.report.attention import likelier_first, needing_attention
from generator.report.changes import compare, last_build
from generator.report.last import last_questions

_THUMB_WIDTH = 160


def outcome(
    project: Project,
    inputs: Inputs,
    found: Found,
    photos: Photos,
    assignment: TypeAssignment,
    relations: Relations,
    catalogue: Catalogue,
    *,
    strict: bool,
) -> Report:
    """The report of a build whose site is not published yet.

    Raises:
        BollardsError: the build would change a published address, and `strict` forbids that.
    """
    collection, decided = found.collection, assignment.decided
    problems = [
        *collection.problems,
        *photos.problems,
        *inputs.problems,
        *decided.problems,
        *absent_countries(
            inputs.curation,
            {type_.id: {share.code for share in type_.countries} for type_ in catalogue.types},
        ),
        *_unknown_notes(collection.notes, decided.types),
    ]
    for language, notes in collection.translated.items():
        problems += _unknown_notes(notes, decided.types, f".{language}")
    changes = compare(
        last_build(project.public, inputs.ledger),
        catalogue,
        decided=assignment.by_person,
        seen=frozenset(inputs.ledger.added),
        hidden=found.decisions.hidden,
        corrected=found.decisions.countries,
    )
    if strict:
        refuse_lost_addresses(project.public, changes, decided.merged, found.decisions.hidden)
    files = photos.rows.file_of
    bollard_of = photos.rows.bollard_of
    twice = tuple(
        one
        for one in collection.filed_twice
        if one.photo in files and bollard_of[one.photo] not in found.decisions.countries
    )
    review = needing_attention(catalogue, found.decisions, assignment, changes)
    chances = _chances(review, photos, catalogue)
    told_places = {code for one in twice for code in (one.country, *(c for _, c in one.others))}
    return Report(
        public=project.public,
        things=catalogue.site.things,
        learnt=photos.told,
        photos=catalogue.photo_count(catalogue.photo),
        bollards=len(catalogue.bollards),
        types=len(catalogue.types),
        one_offs=len(catalogue.one_offs),
        countries=sum(country.code is not None for country in catalogue.countries),
        problems=tuple(problems),
        duplicates=tuple(
            replace(pair, a=files[pair.a], b=files[pair.b]) for pair in relations.duplicates
        ),
        changes=changes,
        review=replace(
            review,
            one_offs=likelier_first(review.one_offs, chances),
            unseen=_unseen(photos),
            filed_twice=twice,
        ),
        earlier=last_questions(project.report),
        chances=chances,
        files=files,
        names={
            **{change.type: change.name for change in changes.retired},
            **{type_.id: type_.name for type_ in catalogue.types},
        },
        places={
            # Countries that the site no longer has, too.
            **{one.before: country_name(one.before) for one in changes.relocated if one.before},
            **{code: country_name(code) for code in sorted(told_places)},
            **{one.code: one.name for one in catalogue.countries if one.code},
        },
    )


def _chances(review: Review, photos: Photos, catalogue: Catalogue) -> dict[tuple[str, str], float]:
    """How likely unsorted bollards are of the types that they resemble."""
    rows = photos.rows
    curve = curve_of(catalogue)
    same_type = SameType(catalogue.photo, rows.ids, rows.embeddings, curve)
    return {
        (one.bollard, candidate.type): same_type(one.photos, catalogue.type[candidate.type].photos)
        for one in review.one_offs
        for candidate in one.candidates
    }


def _unseen(photos: Photos) -> tuple[Unseen, ...]:
    """The photos in which no bollard is seen, ordered by file."""
    aside = photos.aside
    held = [one.photo for one in aside.held if one.why == "unseen"]
    shown = [one for one in aside.shown if one.source.id in aside.unseen]
    found = [
        Unseen(
            one.source.id,
            one.source.file,
            number < len(held),
            smallest(one.pictures.photo, _THUMB_WIDTH).path,
        )
        for number, one in enumerate((*held, *shown))
    ]
    return tuple(sorted(found, key=lambda one: one.file))


def _unknown_notes(
    notes: Mapping[str, str], types: Iterable[str], ending: str = ""
) -> list[Problem]:
    """A warning for each note on a type that does not exist, with the most similar existing id."""
    known = sorted(types)
    problems = []
    for key in sorted(set(notes) - {*known, ""}):
        nearest = difflib.get_close_matches(key, known, n=1, cutoff=0.4)
        hint = f" Did you mean {nearest[0]}{ending}.md?" if nearest else ""
        reason = f"there is no type {key}, so this note appears nowhere.{hint}"
        problems.append(Problem(f"notes/types/{key}{ending}.md", reason, skipped=False))
    return problems
