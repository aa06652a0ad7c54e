"""Does a picture's country come out? By the vote of `bollards identify`.

Asked of street views whose posts are marked (`boxes.csv`), and of one collection's photos among
another's.
"""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from generator.collect.countries import resolve
from generator.collect.open import PhotoError, open_photo
from generator.embed import Embedder
from generator.errors import BollardsError, Problem
from generator.evaluate.labelled import LabelledPhoto
from generator.evaluate.measures import Figures, Sample
from generator.evaluate.vectors import MEGAPIXELS
from generator.identify.vote import Score, evidence, scores
from generator.progress import Progress
from generator.recogniser.framing import framed

FloatArray = npt.NDArray[np.float32]

BOXES = "boxes.csv"
KS = (1, 3, 5)
SURE = 0.5
NEVER = 10**6
HEIGHTS = (0, 40, 64, 100, math.inf)
"""Posts are told apart by their height, in pixels."""
_COLUMNS = ("file", "country", "left", "top", "right", "bottom")


@dataclass(frozen=True)
class Post:
    """A post in a street view.

    Attributes:
        file: relative to the folder.
        country: its code.
        box: left, top, right, bottom, in pixels of the upright picture.
    """

    file: str
    country: str
    box: tuple[float, float, float, float]


def read_posts(folder: Path) -> tuple[Post, ...]:
    """The posts that `folder/boxes.csv` marks.

    Raises:
        BollardsError: there is no such table, a column is missing, or a row has no box.
    """
    table = folder / BOXES
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise BollardsError(
                    f"{table}: line 1: expected the columns {', '.join(_COLUMNS)};"
                    f" missing: {', '.join(missing)}."
                )
            return tuple(_post(table, rows.line_num, row) for row in rows)
    except (OSError, UnicodeDecodeError) as error:
        raise BollardsError(f"{table}: cannot be read: {error}.") from None


def _post(table: Path, line: int, row: dict[str, str]) -> Post:
    try:
        left, top, right, bottom = (float(row[side]) for side in _COLUMNS[2:])
    except (TypeError, ValueError):
        left = top = right = bottom = math.nan
    if not (left < right and top < bottom):
        raise BollardsError(
            f"{table}: line {line}: expected numbers, left less than right and top less than"
            f" bottom; found {', '.join(str(row[side]) for side in _COLUMNS[2:])}."
        )
    return Post(row["file"], country_code(row["country"], row["file"]), (left, top, right, bottom))


def country_code(country: str, file: str) -> str:
    """The code of a label's country, else of the file's folder; the label's word if unknown."""
    found = resolve(country) or resolve(file.split("/")[0])
    return found.code if found and found.code else country


@dataclass(frozen=True)
class Gallery:
    """The photos that vote.

    Attributes:
        embeddings: float32 [n, d], unit rows.
        bollards, countries: of each.
    """

    embeddings: FloatArray
    bollards: tuple[str, ...]
    countries: tuple[str, ...]


def gallery_of(samples: Sequence[Sample]) -> Gallery:
    """All photos of several collections; their bollards are different ones."""
    return Gallery(
        np.concatenate([sample.embeddings for sample in samples]),
        tuple(
            f"{number} {photo.label.bollard}"
            for number, sample in enumerate(samples)
            for photo in sample.photos
        ),
        tuple(code_of(photo) for sample in samples for photo in sample.photos),
    )


def code_of(photo: LabelledPhoto) -> str:
    """The code of the country that a labelled photo is from."""
    return country_code(photo.label.country, photo.label.file)


def look_at_posts(
    folder: Path, posts: Sequence[Post], embedder: Embedder, progress: Progress
) -> tuple[tuple[Post, ...], FloatArray, tuple[Problem, ...]]:
    """The posts that could be opened, their embeddings [n, d], and what was wrong with others.

    Each is cut out by its marked box, as the detector's would be.
    """
    seen: list[Post] = []
    rows: list[FloatArray] = []
    problems: list[Problem] = []
    with progress.bar("Street views", len(posts), "photos") as advance:
        for post in posts:
            try:
                image = open_photo(folder / post.file, MEGAPIXELS).image
            except PhotoError as error:
                problems.append(Problem(post.file, error.reason, skipped=True))
            else:
                left, top, right, bottom = (round(side) for side in post.box)
                crop = image.crop(framed((left, top, right, bottom), image.size))
                rows.append(embedder.embed([crop])[0])
                seen.append(post)
            advance(1)
    if not seen:
        raise BollardsError(f"{folder}: none of its street views can be opened.")
    return tuple(seen), np.stack(rows), tuple(problems)


def country_figures(
    embeddings: FloatArray, truth: Sequence[str], gallery: Gallery, heights: Sequence[float] = ()
) -> Figures:
    """country@k, its mean over countries, and how far a sure answer can be trusted.

    Args:
        embeddings: float32 [n, d], unit rows.
        truth: each picture's country.
        gallery: the photos that vote.
        heights: of the posts in pixels; with them country@5 is told by height as well.

    Returns:
        `country@k`; `country@5, mean of countries`; `known`: pictures whose country is in the
        gallery at all; `sure`: those whose first country has a probability of SURE or more, and
        `sure and right`, the share of these whose first country is right.
    """
    answers = [_answer(row, gallery) for row in embeddings @ gallery.embeddings.T]
    ranks = np.array(
        [
            next((place for place, one in enumerate(answer) if one.key == code), NEVER)
            for answer, code in zip(answers, truth, strict=True)
        ]
    )
    first = np.array([answer[0].score for answer in answers])
    codes = np.array(truth)
    known = np.isin(codes, gallery.countries)
    sure = first >= SURE
    figures: dict[str, float | None] = {f"country@{k}": float((ranks < k).mean()) for k in KS}
    each = [float((ranks[codes == code] < KS[-1]).mean()) for code in sorted(set(codes[known]))]
    figures["country@5, mean of countries"] = float(np.mean(each)) if each else None
    figures["known"] = float(known.mean())
    figures["sure"] = float(sure.mean())
    figures["sure and right"] = float((ranks[sure] == 0).mean()) if sure.any() else None
    tall = np.array(heights)
    for low, high in pairwise(HEIGHTS) if len(tall) else ():
        inside = (tall >= low) & (tall < high)
        figures[f"country@5, posts of {low:g} to {high:g} px"] = (
            float((ranks[inside] < KS[-1]).mean()) if inside.any() else None
        )
    return figures


def _answer(similarity: FloatArray, gallery: Gallery) -> tuple[Score, ...]:
    return scores(evidence(similarity, gallery.bollards, gallery.countries))
