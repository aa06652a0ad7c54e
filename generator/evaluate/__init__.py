"""evaluate: a folder of labelled photos goes in, figures come out: how good are types and finds?

Like the pipeline itself, this room calls the steps and is called by none. `labelled` reads the
labels, `vectors` embeds, `measures` has the formulas, `clusterings` what is compared, `folds` the
models that never saw their photos, `countries` asks where pictures are from, `greyed` what their
surroundings give away; `report` prints, `mistakes` and `sheet` show what went wrong.
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
from generator.evaluate.vectors import Eyes, embed_labelled
from generator.isolate import Isolator, load_isolator
from generator.progress import Progress


@dataclass(frozen=True)
class Wanted:
    """What is to be measured.

    Attributes:
        folder: the photos.
        labels: the table of labels; None for `folder/labels.csv`.
        embed: which embedder.
        crop: "whole" or the name of an isolator.
        folds: into how many parts the bollards are split for the spread; 0 for none.
        fold_models: a folder of models that each never saw a part of the bollards; replaces
            `embed` and `folds`.
        cache: the file that keeps vectors.
        street: a folder of street views with `boxes.csv`: is their country found?
        galleries: more folders with labels.csv, whose photos vote on countries.
        masks: of the photos' bollards, for the control with the bollards greyed out.
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
        photos, bollards, kinds: how many there are.
        figures: of neighbours and attributes.
        clusterings: for each clustering's key its figures.
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
        embedder, fingerprint: what made the vectors; `fold models` and "" for models of folds.
        crop: what isolated the bollards.
        held_out: whether no photo was measured by a model that was trained on it, as far as this
            program can know: None where it cannot.
        whole: all photos at once; None for models of folds, whose vectors cannot be mixed.
        folds: each fold's photos among themselves.
        compared: the clusterings, in the order of the table.
        samples: what the mistakes are looked for in.
        asked: by title, the figures of countries and of the greyed-out control; with fold models
            those of the first.
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
        wanted: what is to be measured.
        progress: where to show how far it is.
        compare: with False only the program's own way of grouping is measured.

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
    """The figures that need more than the labelled photos, as far as they are wanted."""
    if not (wanted.street or wanted.galleries or wanted.masks):
        return {}, ()
    eyes = Eyes(seen.first, isolator)
    problems: tuple[Problem, ...] = ()
    own, _ = embed_labelled(photos, eyes, cache, progress)
    others = []
    for folder in wanted.galleries:
        labelled, unread = read_labelled(folder, None, cache)
        sample, unusable = embed_labelled(labelled, eyes, cache, progress)
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
    """The photos once they have vectors; the fields mean what those of `Evaluation` mean.

    `first`: the embedder, or the first fold's model.
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
    whole, problems = embed_labelled(photos, Eyes(embedder, isolator), cache, progress)
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
            sample, unusable = embed_labelled(fold, Eyes(model, isolator), cache, progress)
            samples.append(sample)
            problems += unusable
    if not samples:
        raise BollardsError(
            f"{folder / FOLDS_FILE}: none of its bollards is among the labels. It has to say"
            " bollards as their column bollard does."
        )
    left = len(photos) - sum(len(sample.photos) for sample in samples) - len(problems)
    if left:
        reason = f"{left} photos are of bollards that are in none of its lists; they are left out."
        problems += (Problem(str(folder / FOLDS_FILE), reason, skipped=False),)
    return _Seen("fold models", "", True, None, tuple(samples), problems, models[0][0])


def measure(sample: Sample, clusterings: Sequence[Clustering]) -> Measured:
    """All figures of photos that are measured among themselves."""
    return Measured(
        photos=len(sample.photos),
        bollards=len({photo.label.bollard for photo in sample.photos}),
        kinds=sample.kinds,
        figures={**retrieval(sample), **attributes(sample)},
        clusterings={one.key: agreement(sample, one.run(sample)) for one in clusterings},
    )
