"""evaluate: takes a folder of labelled photos, returns figures on how good the results are.

Like the pipeline, this room calls the steps, and no step calls it. `labelled` reads the labels,
`vectors` embeds, `measures` has the formulas, `names` measures whether names are true,
`clusterings` the ways of grouping, and `folds` the models of a cross-validation. `countries`
measures how often a picture's country is found, `greyed` how much the surroundings give away.
`report` prints the figures; `mistakes` finds the worst mistakes, and `mistakes_page` shows them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.cache import Cache
from generator.config import EmbedSettings, IsolateSettings
from generator.embed import Embedder, load_embedder
from generator.errors import BollardsError, Problem
from generator.evaluate.clusterings import Clustering, compared
from generator.evaluate.countries import (
    code_of,
    country_figures,
    gallery_of,
    look_at_posts,
    read_posts,
)
from generator.evaluate.folds import FOLDS_FILE, load_fold_models, rows_of_folds
from generator.evaluate.greyed import greyed_out
from generator.evaluate.labelled import LabelledPhoto, read_labelled
from generator.evaluate.measures import Figures, Sample, agreement, attributes, retrieval
from generator.evaluate.names import names
from generator.evaluate.vectors import embed_labelled
from generator.isolate import Isolator, load_isolator
from generator.progress import Progress


@dataclass(frozen=True)
class Wanted:
    """The choices of a measurement.

    Attributes:
        folder: the photos.
        labels: the table of labels; None means `folder/labels.csv`.
        embed: the embedder to measure.
        crop: "whole" or the name of an isolator.
        folds: the number of parts into which bollards are split to measure the spread; 0 for none.
        fold_models: a folder of models, each trained without one part of the bollards; replaces
            `embed` and `folds`.
        cache: the file that keeps vectors.
        street: a folder of street views with `boxes.csv`, to measure whether their country is
            found.
        galleries: more folders with labels.csv, whose photos vote on countries.
        masks: a folder of the bollards' masks, to measure with the bollards greyed out.
    """

    folder: Path
    labels: Path | None = None
    embed: EmbedSettings = field(default_factory=EmbedSettings)
    crop: str = "whole"
    folds: int = 3
    fold_models: Path | None = None
    cache: Path = Path(".bollards/eval.sqlite")
    street: Path | None = None
    galleries: tuple[Path, ...] = ()
    masks: Path | None = None


@dataclass(frozen=True)
class Measured:
    """The figures of one sample.

    Attributes:
        photos, bollards, kinds: their numbers.
        figures: those of neighbours and attributes.
        clusterings: the figures of each clustering, by its key.
    """

    photos: int
    bollards: int
    kinds: int
    figures: Figures
    clusterings: dict[str, Figures]


@dataclass(frozen=True)
class Evaluation:
    """All that was measured in one run.

    Attributes:
        embedder, fingerprint: those that made the vectors; `fold models` and "" for models of
            folds.
        crop: "whole" or the name of the isolator.
        held_out: whether all photos were measured by models that were not trained on them; None if
            unknown.
        whole: the figures of all photos together; None for models of folds, whose vectors cannot be
            mixed.
        folds: the figures of each fold's photos among themselves.
        compared: the clusterings, in the order of the table.
        samples: the photos in which to look for mistakes.
        asked: by title, the figures of countries and of greyed-out bollards; with fold models,
            those of the first model.
        problems: photos that could not be used.
    """

    embedder: str
    fingerprint: str
    crop: str
    held_out: bool | None
    whole: Measured | None
    folds: tuple[Measured, ...]
    compared: tuple[Clustering, ...]
    samples: tuple[Sample, ...]
    asked: Mapping[str, Figures]
    problems: tuple[Problem, ...]


def evaluate(wanted: Wanted, progress: Progress, *, compare: bool = True) -> Evaluation:
    """Measure an embedder, an isolator and the ways of grouping on labelled photos.

    Args:
        wanted: the choices.
        progress: shows the progress.
        compare: False measures only the program's own way of grouping.

    Raises:
        BollardsError: the labels, the models or the photos cannot be used.
    """
    isolator = load_isolator(IsolateSettings(crop=wanted.crop), Path())
    clusterings = tuple(compared()) if compare else tuple(compared())[:1]
    with Cache.open(wanted.cache) as cache:
        photos, problems = read_labelled(wanted.folder, wanted.labels, cache)
        look = _by_fold_models if wanted.fold_models else _by_one_model
        seen = look(wanted, photos, isolator, cache, progress)
        asked, more = _asked(wanted, photos, seen, isolator, cache, progress)
    measured = []
    samples = [*([seen.whole] if seen.whole else []), *seen.folds]
    with progress.bar("Measuring", len(samples), "samples") as advance:
        for sample in samples:
            measured.append(measure(sample, clusterings))
            advance(1)
    return Evaluation(
        embedder=seen.embedder,
        fingerprint=seen.fingerprint,
        crop=wanted.crop,
        held_out=seen.held_out,
        whole=measured[0] if seen.whole else None,
        folds=tuple(measured[1:] if seen.whole else measured),
        compared=clusterings,
        samples=(seen.whole,) if seen.whole else seen.folds,
        asked=asked,
        problems=problems + seen.problems + more,
    )


def _asked(
    wanted: Wanted,
    photos: Sequence[LabelledPhoto],
    seen: "_Seen",
    isolator: Isolator | None,
    cache: Cache,
    progress: Progress,
) -> tuple[dict[str, Figures], tuple[Problem, ...]]:
    """The requested figures that need more than the labelled photos."""
    if not (wanted.street or wanted.galleries or wanted.masks):
        return {}, ()
    problems: tuple[Problem, ...] = ()
    own, _ = embed_labelled(photos, seen.first, isolator, cache, progress)
    others = []
    for folder in wanted.galleries:
        labelled, unread = read_labelled(folder, None, cache)
        sample, unusable = embed_labelled(labelled, seen.first, isolator, cache, progress)
        others.append(sample)
        problems += unread + unusable
    figures: dict[str, Figures] = {}
    if others:
        queries = seen.folds[0] if seen.whole is None else own
        codes = [code_of(photo) for photo in queries.photos]
        figures["countries, among other collections"] = country_figures(
            queries.embeddings, codes, gallery_of(others)
        )
    if wanted.street:
        posts, rows, unusable = look_at_posts(
            wanted.street, read_posts(wanted.street), seen.first, progress
        )
        figures["countries of street views, true box"] = country_figures(
            rows,
            [post.country for post in posts],
            gallery_of([own, *others]),
            [post.box[3] - post.box[1] for post in posts],
        )
        problems += unusable
    if wanted.masks:
        figures["bollards greyed out"] = greyed_out(photos, wanted.masks, seen.first, progress)
    return figures, problems


@dataclass(frozen=True)
class _Seen:
    """The photos with their vectors. `Evaluation` explains the fields.

    `first` is the embedder, or the first fold's model.
    """

    embedder: str
    fingerprint: str
    held_out: bool | None
    whole: Sample | None
    folds: tuple[Sample, ...]
    problems: tuple[Problem, ...]
    first: Embedder


def _by_one_model(
    wanted: Wanted,
    photos: Sequence[LabelledPhoto],
    isolator: Isolator | None,
    cache: Cache,
    progress: Progress,
) -> _Seen:
    embedder = load_embedder(wanted.embed, Path())
    whole, problems = embed_labelled(photos, embedder, isolator, cache, progress)
    return _Seen(
        embedder=embedder.name,
        fingerprint=embedder.fingerprint,
        held_out=False if embedder.knows_bollards else None,
        whole=whole,
        folds=tuple(whole.part(rows) for rows in rows_of_folds(whole.photos, wanted.folds)),
        problems=problems,
        first=embedder,
    )


def _by_fold_models(
    wanted: Wanted,
    photos: Sequence[LabelledPhoto],
    isolator: Isolator | None,
    cache: Cache,
    progress: Progress,
) -> _Seen:
    folder = wanted.fold_models or Path()
    samples: list[Sample] = []
    problems: tuple[Problem, ...] = ()
    models = load_fold_models(folder)
    for model, bollards in models:
        fold = [photo for photo in photos if photo.label.bollard in bollards]
        if fold:
            sample, unusable = embed_labelled(fold, model, isolator, cache, progress)
            samples.append(sample)
            problems += unusable
    if not samples:
        raise BollardsError(
            f"{folder / FOLDS_FILE}: it lists none of the labelled bollards. Expected names as in"
            " the column bollard of the labels."
        )
    left = len(photos) - sum(len(sample.photos) for sample in samples) - len(problems)
    if left:
        reason = f"{left} photos are left out, because none of its lists has their bollards."
        problems += (Problem(str(folder / FOLDS_FILE), reason, skipped=False),)
    return _Seen("fold models", "", True, None, tuple(samples), problems, models[0][0])


def measure(sample: Sample, clusterings: Sequence[Clustering]) -> Measured:
    """All figures of a sample of photos."""
    clusters = [one.run(sample) for one in clusterings]
    return Measured(
        photos=len(sample.photos),
        bollards=len({photo.label.bollard for photo in sample.photos}),
        kinds=sample.kinds,
        figures={**retrieval(sample), **attributes(sample), **names(sample, clusters[0])},
        clusterings={
            one.key: agreement(sample, found)
            for one, found in zip(clusterings, clusters, strict=True)
        },
    )
