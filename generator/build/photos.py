"""The photos of a build after each has been prepared."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generator.attributes import describe
from generator.build.hiding import Guard, Sorted, sort_out
from generator.build.kept_texts import KeptTexts
from generator.build.prepare import Prepared, prepare
from generator.build.unseen import unseen_photos
from generator.cache import Cache
from generator.catalogue import Source
from generator.config import Settings
from generator.embed import Embedder, load_embedder
from generator.errors import BollardsError, Problem
from generator.group import preload
from generator.isolate import load_isolator
from generator.progress import Progress
from generator.project import Project
from generator.rows import PhotoRows
from generator.vocabulary import Probabilities


@dataclass(frozen=True)
class Photos:
    """The photos that can be used, ordered by file.

    Attributes:
        prepared: one a row of `rows`.
        rows: the same photos with their vectors and attributes.
        embedder: the embedder that made the vectors.
        problems: problems of other photos or of the cache, and questions for the owner.
        aside: the photos that are kept off the site.
        told: what was learnt from the owner's labels, in sentences for the owner.
    """

    prepared: Sequence[Prepared]
    rows: PhotoRows
    embedder: Embedder
    problems: tuple[Problem, ...]
    aside: Sorted
    told: tuple[str, ...] = ()


def prepare_photos(
    project: Project,
    sources: Sequence[Source],
    guard: Guard,
    settings: Settings,
    cache: Cache,
    progress: Progress,
    on: str = "",
) -> Photos:
    """Open, crop and embed all photos that are not in the cache, and make their pictures.

    Args:
        on: the address of a cluster that does it; "" means this machine.

    Raises:
        BollardsError: the embedder or the isolator is missing, or no photo can be used.
    """
    embedder = load_embedder(settings.embed, project.root)
    isolator = load_isolator(settings.isolate, project.root, embedder.isolator)
    engine = None
    if on:
        from generator.build.cluster import Cluster

        engine = Cluster(on, project.root, settings, embedder, isolator)
    prepared, unusable = prepare(
        sources,
        project.photos,
        project.pictures,
        settings,
        cache,
        embedder,
        isolator,
        progress,
        # This takes seconds, and runs on whatever core is free.
        meanwhile=lambda: preload(settings.group),
        engine=engine,
    )
    problems = (
        *unusable,
        *(Problem(".bollards", text, skipped=False) for text in cache.problems),
    )
    if not prepared:
        raise BollardsError(
            f"{project.photos}: none of the {len(sources)} photos can be used:\n"
            + "\n".join(f"  {problem.file}: {problem.reason}" for problem in problems[:20])
        )
    unseen = unseen_photos(prepared, guard, project, settings, embedder, cache, progress)
    hold = settings.publish.unseen == "hold"
    aside = sort_out(prepared, guard, settings.relate.duplicates, unseen, hold=hold)
    problems = (*aside.problems, *problems)
    texts = KeptTexts(embedder, project.work / "texts.json") if embedder.has_text else None
    rows, told, contradictions = _rows(aside.shown, embedder, settings, texts)
    problems = (*problems, *contradictions)
    return Photos(aside.shown, rows, embedder, problems, aside, told)


def _rows(
    prepared: Sequence[Prepared], embedder: Embedder, settings: Settings, texts: KeptTexts | None
) -> tuple[PhotoRows, tuple[str, ...], tuple[Problem, ...]]:
    """The table, what the owner's labels taught, and the problems with them."""
    embeddings = np.stack([one.embedding for one in prepared])
    things = settings.collection.shows
    described: tuple[Probabilities, ...] | None = None
    told: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    if things.attributes:
        own = describe(embeddings, [one.source for one in prepared], things, texts)
        described, told, problems = own.photos, own.told, own.problems
    elif embedder.has_words:
        described = tuple(embedder.describe(embeddings))
    rows = PhotoRows(
        ids=tuple(one.source.id for one in prepared),
        bollards=tuple(one.source.bollard for one in prepared),
        files=tuple(one.source.file for one in prepared),
        embeddings=embeddings,
        described=described,
        embedder=embedder.fingerprint,
        pictures=tuple(one.source.picture for one in prepared),
        countries=tuple(one.source.country for one in prepared),
    )
    return rows, told, problems
