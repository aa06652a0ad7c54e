"""Finds the photos of a built collection that fit a query best."""

import difflib
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from generator.collect.countries import nearest, resolve
from generator.collect.open import PhotoError
from generator.collect.table import match_rows, read_details, read_table
from generator.config import load_settings
from generator.errors import BollardsError
from generator.find.fetch import FetchLimits, fetch, is_address
from generator.find.query import Filters, Picture, Query
from generator.find.said import Said, said_about
from generator.find.words import read
from generator.identify.lookup import Index, load_index
from generator.project import Project
from generator.published import Published, PublishedPhoto, read_published
from generator.relate.similarity import DECIMALS
from generator.things import Things

Column = NDArray[np.float64]

UNSORTED = "unsorted"
"""The name of `--type` for bollards without a type."""
# How many of the owner's words a message gives as examples.
_SOME = 4


@dataclass(frozen=True, slots=True)
class Part:
    """How well a photo fits one part of the query.

    Attributes:
        kind: "words", "not", "like" or "unlike".
        of: the words, file or address.
        weight: above 0; that of "not" and "unlike" counts against the photo.
        value: of words the fit, 0 to 1, or the cosine similarity of a text tower; of pictures the
            cosine similarity.
    """

    kind: str
    of: str
    weight: float
    value: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A photo that fits, its score, and the parts of it."""

    photo: PublishedPhoto
    score: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a query.

    Attributes:
        query: what was asked.
        site: the published site.
        hits: the photos that fit best, best first.
        compared: how many photos passed the filters.
        unknown: words of the query that mean nothing to the embedder.
    """

    query: Query
    site: Published
    hits: tuple[Hit, ...]
    compared: int
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Term:
    """A part of the query, and its value for each photo of the index: float64 [n]."""

    kind: str
    of: str
    weight: float
    values: Column

    @property
    def sign(self) -> float:
        return -self.weight if self.kind in ("not", "unlike") else self.weight


def find(query: Query, project: Project, top: int, limits: FetchLimits) -> Results:
    """The photos of a built site that fit a query best.

    A photo's score is its value for the only part of the query, or else the weighted mean of its
    standard scores: by how many standard deviations it exceeds the mean of the photos that were
    compared, so that words and pictures count alike. Without words and pictures the photos are in
    the order of their files.

    Args:
        query: what is asked. Names in its filters are those of `named_filters`.
        project: the site project.
        top: how many photos at most.
        limits: for pictures from addresses.

    Raises:
        BollardsError: the site has not been built, a picture cannot be had or opened, or the
            embedder cannot tell what the words mean.
    """
    index = load_index(project)
    site = read_published(project.public)
    positions = _positions(project, site) if query.filters.near else {}
    rows = [
        row for row, key in enumerate(index.ids) if query.filters.takes(site.photos[key], positions)
    ]
    pictures = _pictures(query, index, project, limits)
    said = said_about(index.ids, site, project, index.viewer.settings)
    worded, unknown = _worded(query, index, site, said)
    terms = [*worded, *_said(query, said), *pictures]
    scores = _scores(terms, rows)
    files = index.files
    order = sorted(
        range(len(rows)), key=lambda position: (-scores[position], files[rows[position]])
    )
    hits = tuple(
        Hit(
            site.photos[index.ids[rows[position]]],
            round(float(scores[position]), DECIMALS),
            tuple(
                Part(
                    one.kind, one.of, one.weight, round(float(one.values[rows[position]]), DECIMALS)
                )
                for one in terms
            ),
        )
        for position in order[:top]
    )
    return Results(query, site, hits, len(rows), unknown)


def built(project: Project) -> Published:
    """The published site of a project.

    Raises:
        BollardsError: there is none.
    """
    try:
        return read_published(project.public)
    except (OSError, ValueError):
        raise BollardsError(
            f"{project.root}: there is no built site here. Go to your site project, or name it with"
            " --site DIR, and run `bollards build`."
        ) from None


def named_filters(
    site: Published, countries: Sequence[str], regions: Sequence[str], types: Sequence[str]
) -> Filters:
    """Filters from names as an owner writes them.

    Args:
        site: the published site.
        countries: codes or names in any of the forms that folders may have.
        regions: names or ISO 3166-2 codes of regions in the collection.
        types: ids or names, or "unsorted".

    Raises:
        BollardsError: the collection has nothing of that name; the message says the nearest.
    """
    return Filters(
        frozenset(_country(one, site) for one in countries),
        frozenset(_region(one, site.photos.values()) for one in regions),
        frozenset(_type(one, site) for one in types),
    )


def _country(name: str, site: Published) -> str:
    place = resolve(name)
    by_name = {said.casefold(): code for code, said in site.countries.items() if code}
    code = place.code if place else by_name.get(name.casefold())
    if code is not None and code in site.countries:
        return code
    if place:
        raise BollardsError(
            f"--country: there are no photos from {place.country_name} in this collection."
        )
    near = nearest(name)
    hint = f" Did you mean {near}?" if near else ""
    raise BollardsError(f'--country: no country is called "{name}".{hint}')


def _region(name: str, photos: Iterable[PublishedPhoto]) -> str:
    known = {
        said.casefold(): said for one in photos for said in (one.region, one.region_code) if said
    }
    return _one_of("--region", name, known, "region")


def _type(name: str, site: Published) -> str | None:
    if name.casefold() == UNSORTED:
        return None
    known = {one.name.casefold(): one.id for one in site.types.values()}
    known |= {one.id.casefold(): one.id for one in site.types.values()}
    return _one_of("--type", name, known, "type")


def _one_of(option: str, name: str, known: Mapping[str, str], noun: str) -> str:
    if name.casefold() in known:
        return known[name.casefold()]
    near = difflib.get_close_matches(name.casefold(), known, n=1, cutoff=0.6)
    hint = f' Did you mean "{known[near[0]]}"?' if near else ""
    raise BollardsError(f'{option}: this collection has no {noun} "{name}".{hint}')


def _positions(project: Project, site: Published) -> dict[str, tuple[float, float]]:
    """Where photos were taken, by file: as published, and as photos.csv says."""
    found = {}
    labels = [one.name for one in load_settings(project.settings).collection.attributes]
    table = read_table(project.root / "photos.csv", labels)
    rows, _ = match_rows(table, [one.file for one in site.photos.values()])
    for file, row in rows.items():
        details, _ = read_details(row)
        if details.latitude is not None and details.longitude is not None:
            found[file] = (details.latitude, details.longitude)
    for photo in site.photos.values():
        if photo.latitude is not None and photo.longitude is not None:
            found.setdefault(photo.file, (photo.latitude, photo.longitude))
    if not found:
        raise BollardsError(
            "--near: no photo has a position. Add the columns latitude and longitude to photos.csv."
        )
    return found


def _pictures(query: Query, index: Index, project: Project, limits: FetchLimits) -> list[_Term]:
    terms = []
    for kind, asked in (("like", query.like), ("unlike", query.unlike)):
        for one in asked:
            vector = _vector(one, index, project, limits)
            values = (index.embeddings @ vector).astype(np.float64)
            terms.append(_Term(kind, one.place, one.weight, values))
    return terms


def _vector(
    one: Picture, index: Index, project: Project, limits: FetchLimits
) -> NDArray[np.float32]:
    """The vector of a picture: that of the build if it is a photo of the collection."""
    if is_address(one.place):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "picture"
            path.write_bytes(fetch(one.place, limits))
            try:
                return index.viewer.vector(path, index.viewer.look(path))
            except PhotoError as error:
                raise BollardsError(f"{one.place}: {error.reason}") from None
    path = Path(one.place)
    photos = project.photos.resolve()
    if path.resolve().is_relative_to(photos):
        file = path.resolve().relative_to(photos).as_posix()
        if file in index.files:
            found: NDArray[np.float32] = index.embeddings[index.files.index(file)]
            return found
    return index.viewer.vector(path, index.viewer.look(path))


def _texts(query: Query) -> list[tuple[str, str]]:
    asked = [("words", query.words)] if query.words else []
    return asked + [("not", one) for one in query.without]


def _said(query: Query, said: Said) -> list[_Term]:
    """How well the answers of describers fit the words, where they say any of them."""
    fits = [(kind, text, said.fit(text)) for kind, text in _texts(query)]
    return [_Term(kind, text, 1.0, values) for kind, text, values in fits if values is not None]


def _worded(
    query: Query, index: Index, site: Published, said: Said
) -> tuple[list[_Term], tuple[str, ...]]:
    asked = _texts(query)
    if not asked:
        return [], ()
    embedder = index.viewer.embedder
    if embedder.has_text:
        vectors = embedder.embed_texts([text for _, text in asked])
        return [
            _Term(kind, text, 1.0, (index.embeddings @ vector).astype(np.float64))
            for (kind, text), vector in zip(asked, vectors, strict=True)
        ], ()
    things = index.viewer.settings.collection.shows
    if not (things.attributes or (embedder.has_words and things.vocabulary)):
        if all(said.knows(text) for _, text in asked):
            return [], ()
        raise BollardsError(
            f'The embedder "{embedder.name}" understands no words. Search by pictures (--like), or'
            ' choose one that does under [embed] in site.toml: "builtin", "clip" or "siglip".'
            if things.vocabulary
            else f"There are no words for {things.many} to search by. Search by pictures (--like),"
            " describe the collection by [[collection.attributes]] in site.toml, or choose an"
            ' embedder that understands any words under [embed]: "clip" or "siglip".'
        )
    described = (
        embedder.describe(index.embeddings)
        if things.vocabulary
        else [_traits(site.photos[key]) for key in index.ids]
    )
    names = {one.id: one.name for one in site.types.values()}
    language = index.viewer.settings.site.language
    terms: list[_Term] = []
    unknown: list[str] = []
    for kind, text in asked:
        reading = read(text, names, language, things)
        if not reading.concepts:
            if said.knows(text):
                continue
            raise BollardsError(
                f'"{text}": {_known(things, embedder.name)} and of your types\' names.\n  For any'
                ' words, set embedder to one with a text tower, such as "clip" or "siglip2"; for'
                " places use --country and --region."
            )
        unknown += [word for word in reading.unknown if not said.knows(word)]
        values = [
            reading.fit(one, kind_of) for one, kind_of in zip(described, index.type_of, strict=True)
        ]
        terms.append(_Term(kind, text, 1.0, np.asarray(values, np.float64)))
    return terms, tuple(unknown)


def _traits(photo: PublishedPhoto) -> Mapping[str, Mapping[str, float]]:
    """The owner's attributes of a photo, as an embedder would describe it."""
    return {name: {one.value: one.confidence} for name, one in photo.attributes.items()}


def _known(things: Things, embedder: str) -> str:
    """Which words are known, to be continued."""
    if things.vocabulary:
        return (
            f'the embedder "{embedder}" knows none of these words, only words for form, colour,'
            " pattern and reflector in English, German, French and Spanish"
        )
    values = [value.label for one in things.attributes for value in one.values]
    some = ", ".join(f'"{value}"' for value in values[:_SOME])
    return f"none of these words is known, only those of your attributes ({some}, ...)"


def _scores(terms: Sequence[_Term], rows: Sequence[int]) -> Column:
    """The score of each of the rows: float64 [len(rows)]."""
    if not terms or not rows:
        return np.zeros(len(rows))
    chosen = list(rows)
    if len(terms) == 1:
        alone: Column = terms[0].values[chosen] * np.sign(terms[0].sign)
        return alone
    total = np.zeros(len(rows))
    for term in terms:
        values = term.values[chosen]
        spread = values.std()
        if spread > 1e-9:
            total += term.sign * (values - values.mean()) / spread
    found: Column = total / sum(one.weight for one in terms)
    return found
