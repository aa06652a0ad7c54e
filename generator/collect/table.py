"""photos.csv: the owner's details of single photos."""

import csv
import datetime
import difflib
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.catalogue import Box
from generator.characters import forbidden_in, without_forbidden
from generator.collect.files import PHOTOS, in_project
from generator.collect.origins import unfit_source
from generator.config.collection import COLUMNS
from generator.errors import BollardsError, Problem
from generator.filenames import FileNames, plain, suggestion
from generator.own_files import read_own
from generator.things import OwnAttribute
from generator.today import is_future

TABLE = "photos.csv"


# Other names of columns, in languages that owners may well write them in.
_COUNTRY = (
    *("location", "nation", "place", "land", "länder", "staat", "pays", "país", "pais", "paese"),
    *(
        "países",
        "paises",
        "kraj",
        "země",
        "krajina",
        "ország",
        "ülke",
        "maa",
        "страна",
        "国",
        "国家",
    ),
)
_REGION = (
    *("state", "province", "county", "bundesland", "bundesstaat", "kanton", "provinz"),
    *("région", "département", "departement", "región", "provincia", "estado", "comunidad"),
    *("regione", "stato"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row as typed, values stripped; a missing column or an empty cell is ""."""

    line: int
    values: Mapping[str, str]
    unfit: tuple[str, ...] = ()

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


@dataclass(frozen=True, slots=True)
class Details:
    """The values of a row that need a certain form; None if empty or wrong."""

    latitude: float | None = None
    longitude: float | None = None
    taken: str | None = None
    crop: Box | None = None
    source: str | None = None


def read_table(path: Path, attributes: Sequence[str] = ()) -> tuple[Row, ...]:
    """Read photos.csv: UTF-8, with commas, semicolons or tabs; a missing file has no rows.

    Args:
        path: the file.
        attributes: columns of the owner's own.

    Raises:
        BollardsError: it is not UTF-8 or not CSV, or has unknown or double columns, rows without
            a file or with too many cells, or two rows for one file; all are listed by line.
    """
    try:
        text = read_own(path).decode("utf-8-sig")
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BollardsError(
            f"{path}: line {line} is not UTF-8. Save the file as UTF-8 "
            '(in a spreadsheet: "CSV UTF-8").'
        ) from None
    except OSError as error:
        raise BollardsError(f"{path}: cannot be read: {error.strerror}.") from None
    text, separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    problems: list[str] = []
    rows: list[Row] = []
    columns: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            # A cell may contain line breaks; a row is identified by the line on which it begins.
            begin, line = line, reader.line_num + 1
            values = [cell.strip() for cell in cells]
            if not any(values):
                continue
            if columns is None:
                columns = _header(values, begin, problems, (*COLUMNS, *attributes))
                continue
            if any(values[len(columns) :]):
                problems.append(
                    f"line {begin}: {len(values)} cells under {len(columns)} columns. "
                    "Put cells that contain the separator in double quotes."
                )
                continue
            row = _row(begin, dict(zip(columns, values, strict=False)))
            if "file" in columns and not row["file"]:
                problems.append(f"line {row.line}: the column file is empty.")
                continue
            rows.append(row)
    except csv.Error as error:
        problems.append(f"line {line}: not valid CSV from here on: {error}.")
    if columns is None:
        problems.append('line 1: expected the column names, at least "file"; found nothing.')
    problems += _doubles(rows)
    if problems:
        # Report all at once: mistakes in single cells would otherwise come to light only next time.
        wrong_cells = [found.reason for row in rows for found in read_details(row)[1]]
        problems += [reason.removesuffix(" It is left out.") for reason in wrong_cells]
        problems.sort(key=line_of)
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise BollardsError("\n  ".join([f"{path}: {count}.", *problems]))
    return tuple(rows)


def _row(line: int, values: dict[str, str]) -> Row:
    """A row with displayable texts; the file's name stays as it is, so that it can be found."""
    unfit = [key for key, text in values.items() if key != "file" and forbidden_in(text)]
    return Row(
        line, values | {key: without_forbidden(values[key]).strip() for key in unfit}, tuple(unfit)
    )


def _separator(text: str) -> tuple[str, str]:
    """The text without Excel's line `sep=;`, which stays as a blank one, and the separator."""
    told = re.match(r'(\s*)"?sep=([^\s"\w]|\\t|\t)"?[,;\t]*[ ]*(?=\r|\n|$)', text, re.IGNORECASE)
    if told:
        return told[1] + text[told.end() :], "\t" if told[2] == "\\t" else told[2]
    # Column names never contain a separator, so the header tells which one is used;
    # csv.Sniffer guesses from the cells, and guesses wrong where they are prose.
    header = re.split(r"[\r\n]", text.lstrip(), maxsplit=1)[0]
    return text, max(",;\t", key=header.count)


def _header(
    names: Sequence[str], line: int, problems: list[str], known: Sequence[str]
) -> list[str]:
    """Column names in lower case; mistakes in them are added to `problems`."""
    columns = [name.casefold() for name in names]
    # A spreadsheet may leave separators after the last column.
    while columns and not columns[-1]:
        columns.pop()
    for column in dict.fromkeys(columns):
        if column not in known:
            problems.append(
                f'line {line}: no such column: "{column}".{_nearest_column(column, known)}'
            )
        elif columns.count(column) > 1:
            problems.append(f'line {line}: the column "{column}" is there twice.')
    if "file" not in columns:
        problems.append(f'line {line}: the column "file" is missing; it says which photo is meant.')
    return columns


def _nearest_column(name: str, known: Sequence[str]) -> str:
    synonyms = {
        "filename": "file",
        "path": "file",
        "photo": "file",
        "image": "file",
        "lat": "latitude",
        "lon": "longitude",
        "lng": "longitude",
        "long": "longitude",
        "license": "licence",
        "author": "credit",
        "photographer": "credit",
        "date": "taken",
        "url": "source",
        "box": "crop",
        **dict.fromkeys(_COUNTRY, "country"),
        **dict.fromkeys(_REGION, "region"),
    }
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    guess = synonyms.get(name) or (close[0] if close else None)
    return f' Did you mean "{guess}"?' if guess else f" Valid: {', '.join(known)}."


def _doubles(rows: Iterable[Row]) -> list[str]:
    first: dict[str, int] = {}
    problems = []
    for row in rows:
        name = plain(row["file"])
        if name in first:
            problems.append(
                f"line {row.line}: a second row for {row['file']}, "
                f"which line {first[name]} describes already. Keep one."
            )
        first.setdefault(name, row.line)
    return problems


def match_rows(rows: Sequence[Row], files: Sequence[str]) -> tuple[dict[str, Row], list[Problem]]:
    """Rows by their file, and a problem for each row without a file.

    Args:
        files: paths relative to photos/, of all files there that look like photos.
    """
    names = FileNames(files)
    matched: dict[str, Row] = {}
    problems = []
    for row in rows:
        found = names.find(row["file"])
        if not found:
            hint = suggestion(row["file"], files)
            problems.append(_problem(row, f"there is no photo photos/{row['file']}.{hint}"))
        elif len(found) > 1:
            told = " or ".join(found)
            problems.append(
                _problem(row, f"{row['file']} may be {told}. Write one of them exactly.")
            )
        elif found[0] in matched:
            file = found[0]
            problems.append(
                _problem(row, f"a second row for {file}; line {matched[file].line} is used.")
            )
        else:
            matched[found[0]] = row
    return matched, problems


def merge_rows(
    used: str, copies: Sequence[str], rows: Mapping[str, Row]
) -> tuple[Row, list[Problem]]:
    """One row for a photo with copies, and a problem for each copy.

    Each cell is the first non-empty one: of the file that is used, then of the others in
    alphabetical order.

    Args:
        used: the file that is on the site.
        copies: the other files with the same content.
        rows: the rows of photos.csv by file.
    """
    row = rows.get(used, Row(0, {}))
    values = dict(row.values)
    by = dict.fromkeys(values, row.line)
    problems = []
    for copy in copies:
        reason = f"is an exact copy of {PHOTOS}/{used}; used once."
        problems.append(Problem(in_project(copy), reason, skipped=True, minor=True))
        other = rows.get(copy, Row(0, {}))
        row = row if row.line else other
        for column, value in other.values.items():
            if column == "file" or not value:
                continue
            if not values.get(column):
                values[column], by[column] = value, other.line
            elif values[column] != value:
                problems.append(
                    _problem(
                        other,
                        f'{column}: "{value}" is left out: {copy} is a copy of {used}, for which'
                        f' line {by[column]} says "{values[column]}".',
                    )
                )
    return Row(row.line, values), problems


def read_details(row: Row, base_url: str = "") -> tuple[Details, list[Problem]]:
    """Read position, date, crop and source; each wrong value is left out and becomes a problem.

    Args:
        row: the owner's row.
        base_url: the site's own address, which cannot be the source of a photo.
    """
    problems: list[Problem] = []

    problems += [
        _problem(row, f"{column}: holds a control character, which was taken out.")
        for column in row.unfit
    ]

    def wrong(column: str, expected: str) -> None:
        problems.append(
            _problem(row, f'{column}: expected {expected}; found "{row[column]}". It is left out.')
        )

    latitude = _degrees(row["latitude"], 90)
    longitude = _degrees(row["longitude"], 180)
    if row["latitude"] and latitude is None:
        wrong("latitude", "degrees from -90 to 90, such as 48.2082")
    if row["longitude"] and longitude is None:
        wrong("longitude", "degrees from -180 to 180, such as 16.3738")
    if bool(row["latitude"]) != bool(row["longitude"]):
        given, missing = ("latitude", "longitude") if row["latitude"] else ("longitude", "latitude")
        problems.append(_problem(row, f"{given} without {missing}; the position is left out."))
    if latitude is None or longitude is None:
        latitude = longitude = None
    taken = _date(row["taken"])
    if row["taken"] and taken is None:
        wrong("taken", "a date such as 2024-05-01, 2024-05 or 2024")
    elif taken and is_future(taken):
        wrong("taken", "a date that is not in the future")
        taken = None
    crop = _box(row["crop"])
    if row["crop"] and crop is None:
        wrong(
            "crop",
            "left,top,right,bottom in whole pixels of the upright photo, such as 120,80,420,760",
        )
    if unfit := unfit_source(row["source"], base_url):
        wrong("source", unfit)
    source = None if unfit else row["source"] or None
    return Details(latitude, longitude, taken, crop, source), problems


def read_labels(
    row: Row, attributes: Sequence[OwnAttribute]
) -> tuple[dict[str, str], list[Problem]]:
    """The values that a row gives for the owner's attributes, by attribute.

    A value may be written as its name or as its label in any language. Each other text is left out
    and becomes a problem.
    """
    found: dict[str, str] = {}
    problems = []
    for attribute in attributes:
        text = row[attribute.name]
        known = {
            word.casefold(): value.name
            for value in reversed(attribute.values)
            for word in (*value.translated.values(), value.label, value.name)
        }
        if text.casefold() in known:
            found[attribute.name] = known[text.casefold()]
        elif text:
            near = difflib.get_close_matches(text.casefold(), known, n=1, cutoff=0.6)
            hint = f' Did you mean "{known[near[0]]}"?' if near else ""
            names = ", ".join(f'"{value.name}"' for value in attribute.values)
            said = f'expected one of {names}; found "{text}". It is left out.{hint}'
            problems.append(_problem(row, f"{attribute.name}: {said}"))
    return found, problems


def _problem(row: Row, reason: str) -> Problem:
    return Problem(TABLE, f"line {row.line}: {reason}", skipped=False)


def line_of(reason: str) -> int:
    """The line number in a problem of photos.csv, or 0."""
    match = re.match(r"line (\d+)", reason)
    return int(match[1]) if match else 0


def _degrees(text: str, limit: int) -> float | None:
    # Spreadsheets set to many European languages write a decimal comma.
    if not re.fullmatch(r"[+\-−]?\d{1,3}([.,]\d*)?°?", text):
        return None
    value = float(text.replace(",", ".").replace("−", "-").rstrip("°"))
    return value if math.isfinite(value) and abs(value) <= limit else None


def _date(text: str) -> str | None:
    """An ISO 8601 date, month or year, checked; the time of day is cut off."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ]\d\d:\d\d.*)?)?)?", text)
    if not match:
        return None
    year, month, day = match.groups()
    try:
        datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, day) if part)


def _box(text: str) -> Box | None:
    parts = re.split(r"\s*[,;x×]\s*|\s+", text.strip().removesuffix("px").strip())
    if len(parts) != 4 or not all(re.fullmatch(r"-?\d{1,6}", part) for part in parts):
        return None
    box = Box(*map(int, parts))
    return box if box.width > 0 and box.height > 0 else None
