"""collect: takes a project's folder, returns its photos and their details.

In: PROJECT/photos/ (the pictures, usually one folder a country), PROJECT/photos.csv (the owner's
details of single photos, optional), PROJECT/notes/ (Markdown). Out: a `Collection`, in which no
picture has been opened yet. `open` decodes a photo; `countries` finds the country that a folder's
name means.
"""

import hmac
import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.catalogue import Source
from generator.characters import forbidden_in, on_one_line, without_forbidden
from generator.collect.bollards import bollard_keys
from generator.collect.copies import FiledTwice, filed_twice, used_once
from generator.collect.file_types import EXTENSIONS
from generator.collect.files import (
    PHOTOS,
    DigestCache,
    Found,
    find_files,
    in_project,
    read_digests,
)
from generator.collect.places import Places
from generator.collect.table import (
    TABLE,
    Row,
    line_of,
    match_rows,
    merge_rows,
    read_details,
    read_labels,
    read_table,
)
from generator.config import Settings
from generator.errors import BollardsError, Problem
from generator.filenames import loose

__all__ = ["Collection", "DigestCache", "collect"]


@dataclass(frozen=True, slots=True)
class Collection:
    """The contents of a project.

    Attributes:
        sources: the photos to use, sorted by file.
        problems: skipped and doubtful files, sorted by file.
        notes: type id -> Markdown from notes/types/ID.md.
        about: Markdown from notes/about.md, or "".
        translated: by language tag, the same notes in other languages, from notes/types/ID.TAG.md
            and notes/about.TAG.md; the latter has the key "".
        names: for each file whose content could be read, the id of its photo. Copies of a photo
            have the same id, and only one of them is among the sources.
        filed_twice: the photos that have copies in the folders of other countries.
    """

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    notes: Mapping[str, str]
    about: str
    translated: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    filed_twice: tuple[FiledTwice, ...] = ()


def collect(
    project: Path,
    settings: Settings,
    digests: DigestCache,
    *,
    places: MutableMapping[str, str] | None = None,
    known: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Collection:
    """Find a project's photos, and their details as far as known without opening them.

    Args:
        digests: the digests of unchanged files.
        places: the same for names of places, keys and values opaque. New entries are added; keep
            them, because looking up the first name takes a while.
        progress: called with (done, total), in files that must be read.

    Raises:
        BollardsError: there is no photo at all, or photos.csv is wrong as a whole.
    """
    root = project / PHOTOS
    found = _find(root, settings.photos.from_)
    labels = [one.name for one in settings.collection.attributes]
    table = read_table(project / TABLE, labels)
    rows, problems = match_rows(table, [entry.file for entry in found.files])
    problems += found.problems
    problems += _not_pictures(found.unknown)
    hashes, unreadable = read_digests(root, found.files, digests, progress)
    problems += unreadable
    salt = settings.privacy.salt
    ids = {file: photo_id(digest, salt) for file, digest in hashes.items()}
    gazetteer = Places({} if places is None else places)
    own = dict(rows)

    def country_of(file: str) -> str | None:
        return gazetteer.country(file, own.get(file, Row(0, {})))

    files, copies = used_once([one.file for one in found.files], ids, known or {}, country_of)
    for file, others in copies.items():
        rows[file], remarks = merge_rows(file, others, rows)
        problems += remarks
    if not files:
        raise BollardsError(_no_photos(root, problems, settings.photos.from_))
    bollards = bollard_keys(files, rows, settings.photos.bollard_pattern)
    sources = []
    for file in files:
        source, remarks = _source(
            file, hashes[file], bollards[file], rows.get(file), settings, gazetteer
        )
        sources.append(source)
        problems += remarks
    problems += gazetteer.problems()
    problems += _straddling(sources)
    notes, translated, remarks = _notes(project / "notes", settings.site.languages)
    about = notes.pop("", "")
    problems += remarks
    return Collection(
        tuple(sources),
        tuple(sorted(problems, key=lambda problem: (problem.file, line_of(problem.reason)))),
        notes,
        about,
        translated,
        ids,
        filed_twice(copies, ids, country_of),
    )


def _find(root: Path, remote: str) -> Found:
    try:
        return find_files(root)
    except FileNotFoundError:
        raise BollardsError(_no_photos(root, (), remote)) from None
    except OSError as error:
        raise BollardsError(f"{root}: this folder cannot be read: {error.strerror}.") from None


def _no_photos(root: Path, problems: Sequence[Problem], remote: str) -> str:
    endings = ", ".join(sorted(ending[1:] for ending in EXTENSIONS))
    skipped = [problem for problem in problems if problem.skipped]
    example = f"{PHOTOS}/germany/0001a.jpg ({endings})"
    todo = f"Put them there, one folder a country, such as {example}."
    if remote:
        todo = f"`bollards pull` fetches them from {remote}."
    lines = [
        f"{root}: no usable photo here." if skipped else f"{root}: no photos here yet.",
        f"  {todo}",
        *(f"  {problem.file}: {problem.reason}" for problem in skipped[:5]),
    ]
    if len(skipped) > 5:
        lines.append(f"  ... and {len(skipped) - 5} more.")
    return "\n".join(lines)


def _not_pictures(unknown: Sequence[str]) -> list[Problem]:
    if not unknown:
        return []
    shown = ", ".join(in_project(file).removeprefix(f"{PHOTOS}/") for file in unknown[:5])
    more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
    count = (
        "1 file that isn't a readable image"
        if len(unknown) == 1
        else f"{len(unknown)} files that aren't readable images"
    )
    return [Problem(PHOTOS, f"skipped {count}: {shown}{more}.", skipped=False)]


def photo_id(digest: str, salt: str = "") -> str:
    """A photo's id, which is the same as long as its content and the salt are.

    Args:
        digest: the SHA-256 of its file, in hexadecimal digits.
        salt: `privacy.salt`; with a salt, somebody who has the file cannot recognise it by the id
            (HMAC-SHA-256, RFC 2104).
    """
    if not salt:
        return digest[:12]
    return hmac.new(salt.encode(), bytes.fromhex(digest), "sha256").hexdigest()[:12]


def _source(
    file: str, digest: str, bollard: str, row: Row | None, settings: Settings, places: Places
) -> tuple[Source, list[Problem]]:
    """The details of one photo, and the problems in its row."""
    row = row or Row(0, {})
    details, problems = read_details(row, settings.site.base_url)
    labels, unknown = read_labels(row, settings.collection.shows.attributes)
    problems += unknown
    place, remarks = places.of_photo(file, row)
    problems += remarks
    region = on_one_line(place.region or "") if place else row["region"]
    return (
        Source(
            id=photo_id(digest, settings.privacy.salt),
            file=file,
            sha256=digest,
            bollard=bollard,
            country=place.code if place else None,
            region=region or None,
            region_code=place.region_code if place else None,
            latitude=details.latitude,
            longitude=details.longitude,
            credit=row["credit"] or None,
            licence=row["licence"] or None,
            source=details.source,
            taken=details.taken,
            crop=details.crop,
            labels=labels,
        ),
        problems,
    )


def _straddling(sources: Sequence[Source]) -> list[Problem]:
    """A bollard has one country; a key used in two countries is probably used for two bollards."""
    first: dict[str, Source] = {}
    problems = []
    for source in sources:
        other = first.setdefault(source.bollard, source)
        if source.country and other.country and source.country != other.country:
            reason = (
                f'its bollard "{source.bollard}" is also that of {in_project(other.file)}, '
                f"which is in another country ({other.country}, here {source.country}). "
                f"Give them different names in the column bollard of {TABLE}."
            )
            problems.append(Problem(in_project(source.file), reason, skipped=False))
    return problems


_NOTE = re.compile(
    r"(?:about|types/(?P<type>[^/.][^/]*?))(?:\.(?P<language>[A-Za-z-]+))?\.md", re.IGNORECASE
)


def _notes(
    folder: Path, languages: Iterable[str]
) -> tuple[dict[str, str], dict[str, dict[str, str]], list[Problem]]:
    """Notes by type id ("" is the about page), those in other languages, and their problems."""
    notes: dict[str, str] = {}
    translated: dict[str, dict[str, str]] = {tag: {} for tag in languages}
    tags = {tag.lower(): tag for tag in languages}
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in name.split("/")):
            continue
        found = _NOTE.fullmatch(name)
        if found is None:
            if path.is_file():
                reason = (
                    "appears nowhere. A note is notes/about.md, or notes/types/ID.md on the type"
                    " ID; the same in another language is notes/about.de.md, notes/types/ID.de.md."
                )
                problems.append(Problem(f"notes/{name}", reason, skipped=False))
            continue
        language = found["language"]
        if language and language.lower() not in tags:
            reason = f'appears nowhere, since site.languages in site.toml has no "{language}".'
            problems.append(Problem(f"notes/{name}", reason, skipped=False))
            continue
        text = _read_note(path, f"notes/{name}", problems)
        if text is not None:
            own = translated[tags[language.lower()]] if language else notes
            if own.setdefault(key := loose(found["type"] or ""), text) is not text:
                reason = f'is left out: another file is the note on "{key or "about"}" already.'
                problems.append(Problem(f"notes/{name}", reason, skipped=True))
    return notes, translated, problems


def _read_note(path: Path, name: str, problems: list[Problem]) -> str | None:
    try:
        if path.is_file():
            text = path.read_text(encoding="utf-8-sig")
            if found := forbidden_in(text):
                reason = f"holds control characters ({found}), which were taken out."
                problems.append(Problem(name, reason, skipped=False))
            return without_forbidden(text)
        reason = "is not a file."
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} is not UTF-8. Save the file as UTF-8."
    except OSError as error:
        reason = f"cannot be read: {error.strerror}."
    problems.append(Problem(name, reason, skipped=True))
    return None
