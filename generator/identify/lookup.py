"""Identifies query photos (type and country), and compares photos."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.build.prepare import cores
from generator.catalogue import Neighbour
from generator.collect.files import find_files
from generator.collect.open import PhotoError
from generator.errors import BollardsError, Problem
from generator.identify.eyes import Eyes, eyes_of
from generator.identify.legibility import LEGIBLE, legibility
from generator.identify.vote import Score, evidence, scores
from generator.isolate import Found
from generator.keep import DamagedError
from generator.language.naming import short_name, traits
from generator.progress import Progress
from generator.project import Project
from generator.published import read_published
from generator.relate.familiar import familiarity
from generator.relate.similarity import DECIMALS, Pair, most_similar_pairs
from generator.vectors import load_vectors

FloatArray = NDArray[np.float32]

NEIGHBOURS = 12
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Identification:
    """The most probable types and countries of a photo; every list is best first.

    `legibility`: see there; None where the embedder does not describe.
    `boxes` are those of the bollards themselves, in pixels of the upright photo.
    """

    file: str
    types: tuple[Score, ...]
    countries: tuple[Score, ...]
    neighbours: tuple[Neighbour, ...]
    legibility: float | None = None
    boxes: tuple[Found, ...] = ()

    def to_json(self) -> str:
        """One line of `bollards identify --json`."""
        return json.dumps(
            {
                "file": self.file,
                "types": [{"type": one.key, "score": one.score} for one in self.types],
                "countries": [{"code": one.key, "score": one.score} for one in self.countries],
                "neighbours": [{"photo": n.photo, "score": n.score} for n in self.neighbours],
                "boxes": [
                    {side: round(value, DECIMALS) for side, value in asdict(box).items()}
                    for box in self.boxes
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
        bollard_of: the bollard of each row.
        type_of, country_of: of each row; None for unsorted bollards and unknown countries.
        type_names, country_names: for printing.
        eyes: how the project looks at photos.
        familiar: the novelty threshold, see `familiarity`.
    """

    ids: tuple[str, ...]
    embeddings: FloatArray
    bollard_of: tuple[str, ...]
    type_of: tuple[str | None, ...]
    country_of: tuple[str | None, ...]
    files: tuple[str, ...]
    type_names: dict[str, str]
    country_names: dict[str, str]
    eyes: Eyes
    familiar: float


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
    eyes = eyes_of(project, for_strangers=True)
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
    if eyes.embedder.fingerprint != kept.fingerprint or set(kept.ids) != set(photos):
        raise BollardsError(
            f"{project.root}: the site was built with other settings than site.toml has now."
            f" Run `bollards build {project.root}` again."
        )
    return Index(
        ids=tuple(kept.ids),
        embeddings=kept.embeddings,
        bollard_of=tuple(photos[key].bollard for key in kept.ids),
        type_of=tuple(photos[key].type for key in kept.ids),
        country_of=tuple(photos[key].country for key in kept.ids),
        files=tuple(photos[key].file for key in kept.ids),
        type_names={kind.id: kind.name for kind in site.types.values()},
        country_names={code: name for code, name in site.countries.items() if code},
        eyes=eyes,
        familiar=familiarity(
            [photo.bollard for photo in photos.values()],
            [photo.neighbours for photo in photos.values()],
            list(photos),
        ),
    )


def identify(
    name: str, embedding: FloatArray, index: Index, boxes: tuple[Found, ...] = ()
) -> Identification:
    """Let the collection's bollards vote on type and country: see `vote`.

    Args:
        name: the photo's file, for the answer.
        embedding: float32 [d], of unit length.
        index: the collection.
        boxes: the bollards in the photo, for the answer.
    """
    similarity = np.round(index.embeddings @ embedding, DECIMALS)
    order = sorted(range(len(index.ids)), key=lambda row: (-similarity[row], index.ids[row]))
    embedder = index.eyes.embedder
    described = embedder.describe(embedding[None])[0] if embedder.has_words else {}
    return Identification(
        file=name,
        types=scores(evidence(similarity, index.bollard_of, index.type_of)),
        countries=scores(evidence(similarity, index.bollard_of, index.country_of)),
        neighbours=tuple(
            Neighbour(index.ids[row], round(float(similarity[row]), DECIMALS))
            for row in order[:NEIGHBOURS]
        ),
        legibility=legibility(described),
        boxes=boxes,
    )


def doubt_about(image: Image.Image, answer: Identification, index: Index) -> str | None:
    """Why an answer may be unreliable, in one sentence; None if there is no reason.

    Args:
        image: the crop that was compared, from `Eyes.open`.
        answer: the result of `identify`.
        index: the collection.
    """
    is_legible = answer.legibility is None or answer.legibility >= LEGIBLE
    if not (is_legible and index.eyes.sees_bollard(image)):
        return "It is hard to read: the bollard is small or blurred, or there is none."
    if answer.neighbours and answer.neighbours[0].score < index.familiar:
        return "Nothing in this collection looks like it. These are the closest."
    return None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The similarity of two photos, and their attributes if the embedder has words.

    `score` is the cosine similarity of their embeddings, -1 to 1.
    """

    a: str
    b: str
    score: float
    names: tuple[str, str] | None

    def to_json(self) -> str:
        """The line that `bollards compare --json` prints."""
        names = self.names or (None, None)
        row = {"a": self.a, "b": self.b, "score": self.score, "names": names}
        return json.dumps(row, ensure_ascii=False)

    def lines(self) -> list[str]:
        """The comparison as printed."""
        shown = [self.a, self.b]
        if self.names:
            shown = [f"{file}: {name}" for file, name in zip(shown, self.names, strict=True)]
        return [*shown, f"Similarity: {self.score:.1%}"]


def compare(a: Path, b: Path, project: Project) -> Comparison:
    """Compare two photo files with the embedder of a project, or the built-in one without it."""
    eyes = eyes_of(project)
    vectors = eyes.look([a, b])
    names = None
    if eyes.embedder.has_words:
        first, second = (short_name(traits(one)) for one in eyes.embedder.describe(vectors))
        names = (first, second)
    return Comparison(str(a), str(b), round(float(vectors[0] @ vectors[1]), DECIMALS), names)


def pairs(project: Project, top: int, progress: Progress) -> tuple[list[Pair], list[Problem]]:
    """The most similar pairs of a site project's photos, or of any folder of photos.

    Returns:
        Pairs of paths relative to the folder, most similar first, and what could not be opened.

    Raises:
        BollardsError: there are fewer than two photos.
    """
    eyes = eyes_of(project)
    folder = project.photos if project.settings.exists() else project.root
    found = find_files(folder)
    sources = [one.file for one in found.files]
    problems = list(found.problems)

    def look(file: str) -> FloatArray | None:
        try:
            return eyes.vector(folder / file, eyes.open(folder / file))
        except PhotoError as error:
            problems.append(Problem(file, error.reason, skipped=True))
            return None

    names: list[str] = []
    rows: list[FloatArray] = []
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
    return most_similar_pairs(names, np.stack(rows), top=top), problems
