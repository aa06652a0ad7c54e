"""What a build changed, and what needs the owner's decision."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from generator.build.inputs import Found, Inputs
from generator.build.photos import Photos
from generator.build.types import TypeAssignment
from generator.catalogue import Catalogue
from generator.errors import Problem
from generator.project import Project
from generator.relate import Relations
from generator.report import Report, refuse_lost_addresses
from generator.report.changes import compare, last_build
from generator.report.waiting import what_waits


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
    return Report(
        public=project.public,
        photos=len(catalogue.photos),
        bollards=len(catalogue.bollards),
        types=len(catalogue.types),
        one_offs=len(catalogue.one_offs),
        countries=sum(country.code is not None for country in catalogue.countries),
        problems=tuple(problems),
        duplicates=tuple(
            replace(pair, a=files[pair.a], b=files[pair.b]) for pair in relations.duplicates
        ),
        changes=changes,
        review=what_waits(catalogue, found.decisions, assignment, changes),
        files=files,
    )


def _unknown_notes(
    notes: Mapping[str, str], types: Iterable[str], ending: str = ""
) -> list[Problem]:
    """A warning for each note on a type that does not exist, with the most similar existing id."""
    known = sorted(types)
    problems = []
    for key in sorted(set(notes) - {*known, ""}):
        nearest = difflib.get_close_matches(key, known, n=1, cutoff=0.4)
        hint = f" Did you mean {nearest[0]}{ending}.md?" if nearest else ""
        reason = f"there is no type {key}, so that this note appears nowhere.{hint}"
        problems.append(Problem(f"notes/types/{key}{ending}.md", reason, skipped=False))
    return problems
