"""Reads a folder of labelled photos: the bollard that each shows, and its visible attributes."""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.cache import Cache
from generator.errors import BollardsError, Problem
from generator.evaluate.labels import Label, label_of
from generator.vocabulary import KIND, VOCABULARY

LABELS = "labels.csv"
_REQUIRED = ("file", "bollard", *KIND)
_OPTIONAL = {"country": "", **dict.fromkeys(VOCABULARY, "")}


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    """One photo of the folder.

    Attributes:
        id: the first 12 hexadecimal digits of its content's SHA-256, as on a built site.
        path: the file itself.
        sha256: the whole digest.
        label: its bollard and its attributes.
    """

    id: str
    path: Path
    sha256: str
    label: Label

    @property
    def kind(self) -> str:
        """Form, body, pattern and accent as one text: equal for photos of one kind."""
        return " · ".join(self.label.kind)


def read_labelled(
    folder: Path, labels: Path | None, cache: Cache
) -> tuple[tuple[LabelledPhoto, ...], tuple[Problem, ...]]:
    """The photos that a table of labels names, sorted by file.

    Args:
        folder: the column `file` is relative to it.
        labels: the table; None means `folder/labels.csv`. Its columns are file, bollard, form,
            body, pattern and accent; country and reflector may be missing.
        cache: keeps digests of files that have not changed.

    Returns:
        The photos, and the problems of others: missing files, and copies of earlier files, which a
        site also uses only once.

    Raises:
        BollardsError: there is no such table, a column is missing, a row has no bollard, or no
            photo is left.
    """
    table = labels or folder / LABELS
    photos: dict[str, LabelledPhoto] = {}
    problems = []
    digests = []
    for label in sorted(_rows(table), key=lambda label: label.file):
        path = folder / label.file
        try:
            stat = path.stat()
            name = str(path.resolve())
            digest = cache.digest(name, stat)
            if digest is None:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                digests.append((name, stat, digest))
        except OSError as error:
            reason = f"cannot be read: {error.strerror or error}."
            problems.append(Problem(label.file, reason, skipped=True))
            continue
        if digest in photos:
            reason = f"is an exact copy of {photos[digest].label.file}; used once."
            problems.append(Problem(label.file, reason, skipped=True))
            continue
        photos[digest] = LabelledPhoto(digest[:12], path, digest, label)
    cache.keep_digests(digests)
    if not photos:
        lines = [f"  {problem.file}: {problem.reason}" for problem in problems[:5]]
        raise BollardsError(
            "\n".join([f"{table}: none of the photos that it names can be used.", *lines])
        )
    return tuple(photos.values()), tuple(problems)


def _rows(table: Path) -> list[Label]:
    try:
        text = table.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BollardsError(
            f"{table}: there is no such file. Expected one row for each photo, with the columns"
            f" {', '.join(_REQUIRED)}, and reflector and country where known."
        ) from None
    except UnicodeDecodeError as error:
        raise BollardsError(
            f"{table}: byte {error.start} is not UTF-8. Save the file as UTF-8."
        ) from None
    except OSError as error:
        raise BollardsError(f"{table}: cannot be read: {error.strerror or error}.") from None
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in _REQUIRED if name not in (reader.fieldnames or ())]
    if missing:
        raise BollardsError(
            f"{table}: line 1: expected the columns {', '.join(_REQUIRED)};"
            f" missing: {', '.join(missing)}."
        )
    labels = [_label(table, reader.line_num, row) for row in reader]
    _refuse_doubles(table, labels)
    return labels


def _label(table: Path, line: int, row: Mapping[str, str | None]) -> Label:
    filled = {**_OPTIONAL, **{name: (cell or "").strip() for name, cell in row.items() if name}}
    for column in ("file", "bollard"):
        if not filled[column]:
            raise BollardsError(f"{table}: line {line}: the column {column} is empty.")
    return label_of(filled)


def _refuse_doubles(table: Path, labels: Sequence[Label]) -> None:
    seen: set[str] = set()
    for label in labels:
        if label.file in seen:
            raise BollardsError(f"{table}: {label.file} appears twice. Keep one of its rows.")
        seen.add(label.file)
