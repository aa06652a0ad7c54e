"""Measures how often the country of a picture is found, by the vote of `bollards identify`.

The pictures are street views with marked posts (`boxes.csv`), or one collection's photos compared
with another's.
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
from generator.collect.open import PhotoError
from generator.config import Settings
from generator.embed import Embedder
from generator.errors import BollardsError, Problem
from generator.evaluate.labelled import LabelledPhoto
from generator.evaluate.measures import Figures, Sample
from generator.identify.vote import Score, combined, evidence, probabilities, scores
from generator.look import limits_of, open_picture
from generator.progress import Progress
from generator.recogniser.framing import SHARE, framed
from generator.sureness import COUNTRIES, LIKELY, POSSIBLE

FloatArray = npt.NDArray[np.float32]

BOXES = "boxes.csv"
KS = (1, 3, 5)
NEVER = 10**6
HEIGHTS = (0, 40, 64, 100, math.inf)
"""Figures are also given by the height of posts, in pixels."""
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
    """The code of a label's country, else of its file's folder; the label's word if unknown."""
    found = resolve(country) or resolve(file.split("/")[0])
    return found.code if found and found.code else country


@dataclass(frozen=True)
class Gallery:
    """The photos that vote.

    Attributes:
        embeddings: float32 [n, d], unit rows.
        bollards, countries: those of each photo.
    """

    embeddings: FloatArray
    bollards: tuple[str, ...]
    countries: tuple[str, ...]


def gallery_of(samples: Sequence[Sample]) -> Gallery:
    """All photos of several collections, which share no bollards."""
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
    """The code of a labelled photo's country."""
    return country_code(photo.label.country, photo.label.file)


def look_at_posts(
    folder: Path, posts: Sequence[Post], embedder: Embedder, progress: Progress
) -> tuple[tuple[Post, ...], FloatArray, tuple[Problem, ...]]:
    """The usable posts, their embeddings [n, d], and the problems of the others.

    Each post is cropped by its marked box, as by a detected one.
    """
    seen: list[Post] = []
    rows: list[FloatArray] = []
    problems: list[Problem] = []
    limits = limits_of(Settings())
    with progress.bar("Street views", len(posts), "photos") as advance:
        for post in posts:
            try:
                image = open_picture(folder / post.file, limits)
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
    """country@k, its mean over countries, and the reliability of confident answers.

    Args:
        embeddings: float32 [n, d], unit rows.
        truth: each picture's country.
        gallery: the photos that vote.
        heights: those of the posts in pixels; with them, country@5 is given by height as well.

    Returns:
        `country@k`; `country@5, mean of countries`; `known`, the pictures whose country is in the
        gallery at all; and the reliability of the words for an answer: see `_reliability`.
    """
    # Without heights they are close-ups.
    crops = [height / SHARE for height in heights] or [math.inf] * len(truth)
    similarity = embeddings @ gallery.embeddings.T
    answers = [_answer(row, gallery, crop) for row, crop in zip(similarity, crops, strict=True)]
    ranks = np.array(
        [
            next((place for place, one in enumerate(answer) if one.key == code), NEVER)
            for answer, code in zip(answers, truth, strict=True)
        ]
    )
    first = np.array([answer[0].score for answer in answers])
    codes = np.array(truth)
    known = np.isin(codes, gallery.countries)
    figures: dict[str, float | None] = {f"country@{k}": float((ranks < k).mean()) for k in KS}
    each = [float((ranks[codes == code] < KS[-1]).mean()) for code in sorted(set(codes[known]))]
    figures["country@5, mean of countries"] = float(np.mean(each)) if each else None
    figures["known"] = float(known.mean())
    figures |= _reliability(first, ranks, codes)
    tall = np.array(heights)
    for low, high in pairwise(HEIGHTS) if len(tall) else ():
        inside = (tall >= low) & (tall < high)
        figures[f"country@5, posts of {low:g} to {high:g} px"] = (
            float((ranks[inside] < KS[-1]).mean()) if inside.any() else None
        )
    return figures


def _reliability(
    first: npt.NDArray[np.float64], ranks: npt.NDArray[np.int64], truth: npt.NDArray[np.str_]
) -> Figures:
    """How often the words for an answer are used, and how often it is right then.

    Args:
        first: the probability of each picture's first country.
        ranks: the place of its true country in the answer, from 0.
        truth: that country.

    Returns:
        `likely`, `possible` and `hard to say` are shares of all pictures; `likely and wrong`, too.
        `likely and right` is a share of the likely ones, `likely and right, mean of countries` the
        mean of these shares over the true countries. `possible: right` and `possible: among the
        named` are shares of the possible ones, and the same for those that are hard to say.
    """
    likely = first >= LIKELY
    hard = first < POSSIBLE
    right = ranks == 0
    named = ranks < COUNTRIES
    each = [right[likely & (truth == code)].mean() for code in sorted(set(truth[likely]))]
    figures: dict[str, float | None] = {
        "likely": float(likely.mean()),
        "likely and right": _share(right[likely]),
        "likely and right, mean of countries": float(np.mean(each)) if each else None,
        "likely and wrong": float((likely & ~right).mean()),
    }
    for word, used in (("possible", ~likely & ~hard), ("hard to say", hard)):
        figures[word] = float(used.mean())
        figures[f"{word}: right"] = _share(right[used])
        figures[f"{word}: among the named"] = _share(named[used])
    return figures


def _share(of: npt.NDArray[np.bool_]) -> float | None:
    return float(of.mean()) if len(of) else None


def _answer(similarity: FloatArray, gallery: Gallery, height: float) -> tuple[Score, ...]:
    found = evidence(similarity, gallery.bollards, gallery.countries)
    return scores(combined([probabilities(found, height)]))
