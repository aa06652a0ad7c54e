"""The report of a build as files for the site's owner: data, and a page with pictures.

Both are beside the cache, not in the site, because open decisions are nobody else's business.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from generator.catalogue import Catalogue
from generator.project import write_atomically
from generator.render.environment import make_environment, smallest
from generator.report import Report, by_weight
from generator.report.changes import PhotoChange
from generator.resources import TEMPLATES

VERSION = 1
_THUMB_WIDTH = 160
WHY = {
    "curation": "you decided so",
    "bollard": "it is now counted as a view of another bollard",
    "merged": "its type was merged",
    "split": "its type was split",
    "cluster": "its bollard was grouped anew",
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
            "born": [asdict(kind) for kind in changes.born],
            "grown": [asdict(kind) for kind in changes.grown],
            "shrunk": [asdict(kind) for kind in changes.shrunk],
            "merged": [
                {"type": kind.type, "name": kind.name, "into": kind.merged_into}
                for kind in changes.merged
            ],
            "split": [asdict(kind) for kind in changes.split],
            "retired": [
                {"type": kind.type, "name": kind.name, "leads_to": kind.leads_to}
                for kind in changes.retired
            ],
            "renamed": [asdict(kind) for kind in changes.renamed],
        },
        "addresses": [
            {"address": one.address, "leads_to": one.leads_to} for one in changes.addresses
        ],
        "review": {
            "unnamed": [asdict(kind) for kind in report.review.unnamed],
            "one_offs": [
                {
                    "bollard": one.bollard,
                    "photos": [{"photo": key, "file": files.get(key, "")} for key in one.photos],
                    "candidates": [asdict(kind) for kind in one.candidates],
                }
                for one in report.review.one_offs
            ],
            "proposals": [
                {"photos": [{"photo": key, "file": files.get(key, "")} for key in photos]}
                for photos in report.review.proposals
            ],
        },
        "problems": [asdict(problem) for problem in report.problems],
        "duplicates": [asdict(pair) for pair in report.duplicates],
    }


def write_report(report: Report, catalogue: Catalogue, data: Path, page: Path, public: str) -> None:
    """Write report.json and report.html.

    Args:
        report: the outcome of the build.
        catalogue: what is live now, for names and pictures.
        data: where report.json goes.
        page: where report.html goes.
        public: the site's folder as the page links to it ("../public/").
    """
    write_atomically(data, json.dumps(report_data(report), indent=1) + "\n")
    first, skipped, warnings = by_weight(report.problems)
    environment = make_environment((TEMPLATES,), catalogue.site.language, None)
    html = environment.get_template("report.html").render(
        report=report,
        changes=report.changes,
        review=report.review,
        first=first,
        skipped=skipped,
        warnings=warnings,
        catalogue=catalogue,
        public=public,
        why=WHY,
        thumbs=_thumbs(catalogue),
    )
    # A file name may contain unpaired surrogates, which no text file can.
    write_atomically(page, html.encode(errors="backslashreplace").decode())


def _photo(change: PhotoChange) -> dict[str, str]:
    return {"photo": change.photo, "file": change.file}


def _thumbs(catalogue: Catalogue) -> Mapping[str, Any]:
    return {photo.id: smallest(photo.pictures.card, _THUMB_WIDTH) for photo in catalogue.photos}
