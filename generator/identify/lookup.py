"""Identifies query photos (type and country), and compares photos."""

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from generator.calibration import curve_of, measured
from generator.catalogue import Neighbour
from generator.collect import photo_id
from generator.collect.files import FoundFile, find_files
from generator.collect.open import PhotoError
from generator.curve import Calibration
from generator.errors import BollardsError, Problem
from generator.identify.answer import CountryAnswer, countries_first, what_decides
from generator.identify.legibility import is_readable
from generator.identify.views import View
from generator.identify.vote import (
    MOST_CROPS,
    Score,
    combined,
    evidence,
    mixed,
    probabilities,
    scores,
)
from generator.keep import DamagedError
from generator.language.naming import short_name, traits
from generator.look import Viewer, viewer_of
from generator.own_looks import Telltale
from generator.progress import Progress
from generator.project import Project
from generator.published import read_published, voters
from generator.relate.familiar import familiarity
from generator.relate.similarity import DECIMALS, Pair, most_similar_pairs
from generator.vectors import load_vectors

FloatArray = NDArray[np.float32]

Doubt = Literal["", "bollard", "alike"]

NEIGHBOURS = 12
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Identification:
    """The most probable types and countries of a bollard; every list is best first.

    Attributes:
        views: its photos, at least one.
        types, countries, neighbours: of all photos together.
        doubt: why there is no answer: "bollard" if no bollard is clearly visible, "alike" if
            nothing in the collection looks like it; else "".
        named: the countries that the answer names; none if there is a doubt.
        telltale: the attribute that decides between them, if they surely differ.
    """

    views: tuple[View, ...]
    types: tuple[Score, ...]
    countries: tuple[Score, ...]
    neighbours: tuple[Neighbour, ...]
    doubt: Doubt = ""
    named: tuple[CountryAnswer, ...] = ()
    telltale: Telltale | None = None

    def to_json(self) -> str:
        """One line of `bollards identify --json`."""
        files = [view.file for view in self.views]
        return json.dumps(
            {
                "file": files[0],
                **({"files": files} if len(files) > 1 else {}),
                "doubt": self.doubt or None,
                "answer": [{"code": one.code, "sure": one.sureness} for one in self.named],
                "types": [{"type": one.key, "score": one.score} for one in self.types],
                "countries": [{"code": one.key, "score": one.score} for one in self.countries],
                "neighbours": [{"photo": n.photo, "score": n.score} for n in self.neighbours],
                "boxes": [
                    ({"file": view.file} if len(files) > 1 else {})
                    | {side: round(value, DECIMALS) for side, value in asdict(box).items()}
                    for view in self.views
                    for box in view.boxes or ()
                ],
            },
            ensure_ascii=False,
        )


@dataclass(frozen=True)
class Index:
    """The built collection, ready for queries.

    Attributes:
        ids: photo ids, one a row of `embeddings`.
        embeddings: float32 [n, d], rows of unit length.
        bollard_of: the bollard that votes for each row, see `voters`.
        type_of, country_of: of each row; None for unsorted bollards and unknown countries.
        type_names, country_names: for printing.
        viewer: looks at query photos as the project does.
        familiar: the novelty threshold, see `familiarity`.
        calibration: what a similarity means in the collection.
    """

    ids: tuple[str, ...]
    embeddings: FloatArray
    bollard_of: tuple[str, ...]
    type_of: tuple[str | None, ...]
    country_of: tuple[str | None, ...]
    files: tuple[str, ...]
    type_names: dict[str, str]
    country_names: dict[str, str]
    viewer: Viewer
    familiar: float
    calibration: Calibration


def load_index(project: Project) -> Index:
    """Load the results of the last build of a project.

    Raises:
        BollardsError: the project has not been built, or not with its present embedder.
    """
    if not project.settings.exists():
        raise BollardsError(
            f"{project.root}: there is no site.toml here. Go to your site project, or name it:"
            " --site DIR"
        )
    viewer = viewer_of(project, for_strangers=True)
    try:
        site = read_published(project.public)
        kept = load_vectors(project.index)
    except DamagedError as error:
        raise BollardsError(f"{error}. Run `bollards build --force {project.root}`.") from None
    except (OSError, ValueError, KeyError):
        raise BollardsError(
            f"{project.root}: this site has not been built here yet."
            f" Run `bollards build {project.root}` first."
        ) from None
    photos = site.photos
    voter_of = voters(photos)
    if viewer.embedder.fingerprint != kept.fingerprint or set(kept.ids) != set(photos):
        raise BollardsError(
            f"{project.root}: the site was built with other settings than site.toml has now."
            f" Run `bollards build {project.root}` again."
        )
    return Index(
        ids=tuple(kept.ids),
        embeddings=kept.embeddings,
        bollard_of=tuple(voter_of[key] for key in kept.ids),
        type_of=tuple(photos[key].type for key in kept.ids),
        country_of=tuple(photos[key].country for key in kept.ids),
        files=tuple(photos[key].file for key in kept.ids),
        type_names={type_.id: type_.name for type_ in site.types.values()},
        country_names={code: name for code, name in site.countries.items() if code},
        viewer=viewer,
        familiar=familiarity(
            [photo.bollard for photo in photos.values()],
            [photo.neighbours for photo in photos.values()],
            list(photos),
        ),
        calibration=curve_of(site),
    )


def identify(views: Sequence[View], index: Index) -> Identification:
    """Let the collection's bollards vote on type and country: see `vote`.

    Args:
        views: photos of one bollard, at least one.
        index: the collection.
    """
    similarities = [
        [np.round(index.embeddings @ crop.embedding, DECIMALS) for crop in view.crops]
        for view in views
    ]
    # Of several views the one that is most like a photo is compared with it: a front with fronts.
    nearest = np.max([first for first, *_ in similarities], axis=0)
    order = sorted(range(len(index.ids)), key=lambda row: (-nearest[row], index.ids[row]))

    def vote(keys: Sequence[str | None], most: int) -> tuple[Score, ...]:
        def of_view(view: View, rows: Sequence[FloatArray]) -> dict[str, float]:
            crops = view.crops[:most]
            votes = [
                probabilities(evidence(row, index.bollard_of, keys), crop.height)
                for row, crop in zip(rows, crops, strict=False)
            ]
            return mixed(votes, [crop.confidence for crop in crops])

        return scores(combined([*map(of_view, views, similarities)]))

    countries = vote(index.country_of, MOST_CROPS)
    neighbours = tuple(
        Neighbour(index.ids[row], round(float(nearest[row]), DECIMALS))
        for row in order[:NEIGHBOURS]
    )
    doubt = _doubt(views, neighbours, index)
    named: tuple[CountryAnswer, ...] = ()
    if not doubt:
        named = countries_first(countries, nearest, index.bollard_of, index.country_of)
    return Identification(
        views=tuple(views),
        types=vote(index.type_of, 1),
        countries=countries,
        neighbours=neighbours,
        doubt=doubt,
        named=named,
        telltale=_telltale(named, index),
    )


def _telltale(named: Sequence[CountryAnswer], index: Index) -> Telltale | None:
    rows = [row for one in named for views in one.bollards for row in views]
    embedder = index.viewer.embedder
    if not rows or not embedder.has_words:
        return None
    described = embedder.describe(index.embeddings[rows])
    return what_decides(named, dict(zip(rows, map(traits, described), strict=True)))


def _doubt(views: Sequence[View], neighbours: Sequence[Neighbour], index: Index) -> Doubt:
    if not all(_is_readable(view, index) for view in views):
        return "bollard"
    return "alike" if neighbours and neighbours[0].score < index.familiar else ""


def unreadable(answer: Identification, index: Index) -> list[str]:
    """The files of an answer's views in which no bollard is clearly visible."""
    return [view.file for view in answer.views if not _is_readable(view, index)]


def _is_readable(view: View, index: Index) -> bool:
    confidence = None
    if view.boxes is not None:
        confidence = view.boxes[0].confidence if view.boxes else 0.0
    return view.filled or is_readable(view.crops[0].embedding, confidence, index.viewer.embedder)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The similarity of two photos, and their attributes if the embedder has words.

    `score` is the cosine similarity of their embeddings, -1 to 1; `chance` the same-type
    probability, None where nothing says what a similarity means.
    """

    a: str
    b: str
    score: float
    names: tuple[str, str] | None
    chance: float | None

    def to_json(self) -> str:
        """The line that `bollards compare --json` prints."""
        names = self.names or (None, None)
        row = {
            "a": self.a,
            "b": self.b,
            "score": self.score,
            "chance": self.chance,
            "names": names,
        }
        return json.dumps(row, ensure_ascii=False)

    def lines(self) -> list[str]:
        """The comparison as printed."""
        shown = [self.a, self.b]
        if self.names:
            shown = [f"{file}: {name}" for file, name in zip(shown, self.names, strict=True)]
        return [*shown, likelihood(self.chance, self.score)]


def compare(a: Path, b: Path, project: Project) -> Comparison:
    """Compare two photo files with the embedder of a project, or the built-in one without it."""
    viewer = viewer_of(project)
    vectors = np.stack([viewer.vector(path, viewer.look(path)) for path in (a, b)])
    names = None
    if viewer.embedder.has_words:
        first, second = (short_name(traits(one)) for one in viewer.embedder.describe(vectors))
        names = (first, second)
    score = round(float(vectors[0] @ vectors[1]), DECIMALS)
    curve = calibration_of(project, viewer)
    chance = round(curve(score), DECIMALS) if curve.slope else None
    return Comparison(str(a), str(b), score, names, chance)


def calibration_of(project: Project, viewer: Viewer) -> Calibration:
    """What similarities mean in the site of a project, or without one for its embedder."""
    try:
        site = read_published(project.public)
        kept = load_vectors(project.index)
    except (OSError, ValueError, KeyError, DamagedError):
        return measured({}, viewer.embedder.name)
    same = kept.fingerprint == viewer.embedder.fingerprint
    return curve_of(site) if same else measured({}, viewer.embedder.name)


def likelihood(chance: float | None, score: float) -> str:
    """The same-type probability in words; without one, the similarity."""
    if chance is None:
        return f"Cosine similarity: {score:.2f} (a built site says how likely that is one type)"
    return f"Likely the same type: {chance:.0%}"


def pairs(
    project: Project, top: int, progress: Progress
) -> tuple[list[Pair], list[Problem], Calibration]:
    """The most similar pairs of a site project's photos, or of any folder of photos.

    Photos whose vectors the last build kept are not opened.

    Returns:
        Pairs of paths relative to the folder, most similar first; what could not be opened; and
        what a similarity means.

    Raises:
        BollardsError: there are fewer than two photos.
    """
    # Imported here, because to identify a photo needs nothing of a build.
    from generator.build.engine import cores

    viewer = viewer_of(project)
    folder = project.photos if project.settings.exists() else project.root
    found = find_files(folder)
    kept = _kept_vectors(project, viewer, found.files) if project.settings.exists() else {}
    sources = [one.file for one in found.files if one.file not in kept]
    problems = list(found.problems)

    def look(file: str) -> FloatArray | None:
        try:
            return viewer.vector(folder / file, viewer.look(folder / file))
        except PhotoError as error:
            problems.append(Problem(file, error.reason, skipped=True))
            return None

    names = list(kept)
    rows = list(kept.values())
    with (
        progress.bar("Photos", len(sources), "photos") as advance,
        ThreadPoolExecutor(cores()) as pool,
    ):
        for start in range(0, len(sources), _BATCH):
            batch = sources[start : start + _BATCH]
            for file, row in zip(batch, pool.map(look, batch), strict=True):
                if row is not None:
                    names.append(file)
                    rows.append(row)
            advance(len(batch))
    if len(names) < 2:
        raise BollardsError(f"{folder}: a pair needs two photos; found {len(names)}.")
    pairs = most_similar_pairs(names, np.stack(rows), top=top)
    return pairs, problems, calibration_of(project, viewer)


def _kept_vectors(
    project: Project, viewer: Viewer, files: Sequence[FoundFile]
) -> dict[str, FloatArray]:
    """The vectors of unchanged files from the last build, by file."""
    from generator.cache import Cache

    try:
        kept = load_vectors(project.index)
    except (OSError, ValueError, KeyError, DamagedError):
        return {}
    if kept.fingerprint != viewer.embedder.fingerprint:
        return {}
    row_of = {photo: row for row, photo in enumerate(kept.ids)}
    salt = viewer.settings.privacy.salt
    found: dict[str, FloatArray] = {}
    with Cache.open(project.cache) as cache:
        for one in files:
            digest = cache.digest(one.file, one.stat) or _digest(project.photos / one.file)
            if (row := row_of.get(photo_id(digest, salt))) is not None:
                found[one.file] = kept.embeddings[row]
    return found


def _digest(path: Path) -> str:
    """The SHA-256 of a file, "" if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
