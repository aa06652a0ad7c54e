"""The report of a build as files for the site's owner: data, and a page with pictures.

Both are beside the cache, not in the site, because open decisions are nobody else's business.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from generator.catalogue import Catalogue
from generator.errors import on_line
from generator.project import write_atomically
from generator.render.environment import make_environment, smallest
from generator.report import Report, by_weight
from generator.report.changes import PhotoChange
from generator.resources import TEMPLATES

VERSION = 1
_THUMB_WIDTH = 160
WHY = {
    "curation": "you decided so",
    "bollard": "it is now counted as a view of another {thing}",
    "merged": "its type was merged",
    "split": "its type was split",
    "cluster": "its {thing} was grouped again",
}


def report_data(report: Report) -> dict[str, Any]:
    """The whole report except the time it took, as in report.json."""
    changes, files = report.changes, report.files or {}
    return {
        "version": VERSION,
        "first_build": changes.first_build,
        "counts": {
            "photos": report.photos,
            "bollards": report.bollards,
            "types": report.types,
            "one_offs": report.one_offs,
            "countries": report.countries,
        },
        "photos": {
            "added": [{**_photo(one), "type": one.after} for one in changes.added],
            "removed": [{**_photo(one), "type": one.before} for one in changes.removed],
            "hidden": [{**_photo(one), "type": one.before} for one in changes.hidden],
            "moved": [
                {**_photo(one), "before": one.before, "after": one.after, "why": one.why}
                for one in changes.moved
            ],
        },
        "bollards": {"relocated": [asdict(one) for one in changes.relocated]},
        "types": {
            "born": [asdict(change) for change in changes.born],
            "grown": [asdict(change) for change in changes.grown],
            "shrunk": [asdict(change) for change in changes.shrunk],
            "merged": [
                {"type": change.type, "name": change.name, "into": change.merged_into}
                for change in changes.merged
            ],
            "split": [asdict(change) for change in changes.split],
            "retired": [
                {"type": change.type, "name": change.name, "leads_to": change.leads_to}
                for change in changes.retired
            ],
            "renamed": [asdict(change) for change in changes.renamed],
            "readdressed": [asdict(change) for change in changes.readdressed],
        },
        "addresses": [
            {"address": one.address, "leads_to": one.leads_to} for one in changes.addresses
        ],
        "review": {
            "unseen": [
                {"photo": one.photo, "file": one.file, "held": one.held}
                for one in report.review.unseen
            ],
            "unnamed": [asdict(type_) for type_ in report.review.unnamed],
            "one_offs": [
                {
                    "bollard": one.bollard,
                    "photos": [{"photo": key, "file": files.get(key, "")} for key in one.photos],
                    "candidates": [asdict(candidate) for candidate in one.candidates],
                }
                for one in report.review.one_offs
            ],
            "proposals": [
                {"photos": [{"photo": key, "file": files.get(key, "")} for key in photos]}
                for photos in report.review.proposals
            ],
            "filed_twice": [
                {
                    "photo": one.photo,
                    "file": one.file,
                    "country": one.country,
                    "others": [{"file": file, "country": country} for file, country in one.others],
                }
                for one in report.review.filed_twice
            ],
        },
        "problems": [asdict(problem) for problem in report.problems],
        "duplicates": [asdict(pair) for pair in report.duplicates],
    }


def write_report(
    report: Report, catalogue: Catalogue, data: Path, page: Path, public: str, compiled: Path
) -> None:
    """Write report.json and report.html.

    Args:
        report: the outcome of the build.
        catalogue: the published one, for names and pictures.
        data: where report.json goes.
        page: where report.html goes.
        public: the site's folder as the page links to it ("../public/").
        compiled: a folder for compiled templates.
    """
    write_atomically(data, json.dumps(report_data(report), indent=1) + "\n")
    first, skipped, warnings = by_weight(report.problems)
    environment = make_environment((TEMPLATES,), catalogue.site.language, compiled)
    environment.filters["line"] = on_line
    thing, things = report.things.called("en")
    html = environment.get_template("report.html").render(
        report=report,
        changes=report.changes,
        review=report.review,
        first=first,
        skipped=skipped,
        warnings=warnings,
        catalogue=catalogue,
        public=public,
        why={key: text.format(thing=thing) for key, text in WHY.items()},
        thing=thing,
        things=things,
        thumbs=_thumbs(catalogue),
    )
    # A file name may contain unpaired surrogates, which no text file can.
    write_atomically(page, html.encode(errors="backslashreplace").decode())


def _photo(change: PhotoChange) -> dict[str, str]:
    return {"photo": change.photo, "file": change.file}


def _thumbs(catalogue: Catalogue) -> Mapping[str, Any]:
    return {photo.id: smallest(photo.pictures.card, _THUMB_WIDTH) for photo in catalogue.photos}
