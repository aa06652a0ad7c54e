"""evaluate: a folder of labelled photos goes in, figures come out: how good are types and finds?

Like the pipeline itself, this room calls the steps and is called by none. `labelled` reads the
labels, `vectors` embeds, `measures` has the formulas, `clusterings` what is compared, `folds` the
models that never saw their photos; `report` prints, `mistakes` and `sheet` show what went wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.cache import Cache
from generator.config import EmbedSettings, IsolateSettings
from generator.embed import load_embedder
from generator.errors import BollardsError, Problem
from generator.evaluate.clusterings import Clustering, compared
from generator.evaluate.folds import FOLDS_FILE, load_fold_models, rows_of_folds
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
    """

    folder: Path
    labels: Path | None = None
    embed: EmbedSettings = field(default_factory=EmbedSettings)
    crop: str = "whole"
    folds: int = 3
    fold_models: Path | None = None
    cache: Path = Path(".bollards/eval.sqlite")


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
        problems=problems + seen.problems,
    )


@dataclass(frozen=True)
class _Seen:
    """The photos once they have vectors; the fields mean what those of `Evaluation` mean."""

    embedder: str
    fingerprint: str
    held_out: bool | None
    whole: Sample | None
    folds: tuple[Sample, ...]
    problems: tuple[Problem, ...]


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
    for model, bollards in load_fold_models(folder):
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
    return _Seen("fold models", "", True, None, tuple(samples), problems)


def measure(sample: Sample, clusterings: Sequence[Clustering]) -> Measured:
    """All figures of photos that are measured among themselves."""
    return Measured(
        photos=len(sample.photos),
        bollards=len({photo.label.bollard for photo in sample.photos}),
        kinds=sample.kinds,
        figures={**retrieval(sample), **attributes(sample)},
        clusterings={one.key: agreement(sample, one.run(sample)) for one in clusterings},
    )
