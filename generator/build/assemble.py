"""catalogue: what the steps found out becomes one immutable value. No input or output here."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from generator.build.prepare import Prepared
from generator.catalogue import (
    Bollard,
    Catalogue,
    Country,
    CountryShare,
    Lookalike,
    Moved,
    Neighbour,
    Photo,
    Site,
    Trait,
    Type,
)
from generator.config import Settings
from generator.curation import Curation
from generator.curation.apply import families
from generator.curation.references import Decisions
from generator.language.naming import (
    Probabilities,
    alt_text,
    describe,
    distinct_names,
    pooled,
    traits,
)
from generator.relate import by_typicality

FloatArray = NDArray[np.float32]
CountryName = Callable[[str], str]
CountryNames = Callable[[str], tuple[str, ...]]

UNKNOWN = "Unknown country"


def assemble(
    *,
    prepared: Sequence[Prepared],
    embeddings: FloatArray,
    described: Sequence[Probabilities] | None,
    types: Mapping[str, frozenset[str]],
    neighbours: Sequence[tuple[Neighbour, ...]],
    lookalikes: Mapping[str, tuple[Lookalike, ...]],
    order: Sequence[str],
    added: Mapping[str, str],
    decisions: Decisions,
    notes: Mapping[str, str],
    about: str,
    settings: Settings,
    country_name: CountryName,
    country_names: CountryNames,
    every_country: Iterable[str] = (),
    moved: tuple[Moved, ...] = (),
    spots: Mapping[str, tuple[int, int]] | None = None,
) -> Catalogue:
    """Build the catalogue.

    Args:
        prepared: the photos, ordered by file.
        embeddings: float32 [photos, d], their unit vectors.
        described: what the embedder says each photo shows, or None when it has no words.
        types: photo ids by type id.
        neighbours: of each photo, nearest first.
        lookalikes: of each type.
        order: the ids of all types as the plates show them.
        added: the day on which each photo was first seen.
        decisions: names, descriptions, families and pictures chosen by a person.
        notes: Markdown by type id.
        about: Markdown of the about page.
        settings: all of site.toml.
        country_name: the name of an ISO 3166-1 alpha-2 code in the site's language.
        country_names: whatever else visitors may call it.
        every_country: the codes of all countries that there are.
        moved: the types of earlier builds that are gone.
        spots: the cell of each photo on the sheet of all photos.
    """
    type_of = {photo: key for key, members in types.items() for photo in members}
    rows = {one.source.id: row for row, one in enumerate(prepared)}

    def place(one: Prepared) -> str | None:
        name = country_name(one.source.country) if one.source.country else None
        region = one.source.region
        return f"{region}, {name}" if region and name and region != name else region or name

    photos = []
    for row, one in enumerate(prepared):
        look = traits(described[row]) if described else {}
        source = one.source
        photos.append(
            Photo(
                id=source.id,
                file=source.file,
                bollard=source.bollard,
                width=one.width,
                height=one.height,
                crop=one.crop,
                pictures=one.pictures,
                country=source.country,
                region=source.region,
                latitude=source.latitude if settings.privacy.location else None,
                longitude=source.longitude if settings.privacy.location else None,
                credit=source.credit,
                licence=source.licence,
                source=source.source,
                taken=source.taken or one.taken,
                added=added.get(source.id),
                type=type_of.get(source.id),
                alt=alt_text(look, place(one)),
                attributes=look,
                neighbours=neighbours[row],
                spot=(spots or {}).get(source.id),
            )
        )
    bollards = _bollards(photos)
    standing: dict[str | None, list[Bollard]] = {}
    for bollard in bollards:
        standing.setdefault(bollard.type, []).append(bollard)
    together = families(decisions.curation, types)
    family_of = {key: family.id for family in together for key in family.types}
    kinds = []
    looks: dict[str, Mapping[str, Trait]] = {}
    for key, members in types.items():
        own = sorted(rows[photo] for photo in members)
        ids = [prepared[row].source.id for row in own]
        typical = [ids[position] for position in by_typicality(ids, embeddings[own])]
        chosen = decisions.pictures.get(key)
        if chosen in typical:
            typical = [chosen, *(photo for photo in typical if photo != chosen)]
        mine = standing[key]
        looks[key] = traits(pooled([described[row] for row in own])) if described else {}
        kinds.append(
            Type(
                id=key,
                name="",
                description="",
                photos=tuple(typical),
                bollards=tuple(bollard.id for bollard in mine),
                countries=_shares(mine, country_name),
                lookalikes=lookalikes.get(key, ()),
                attributes=looks[key],
                note=notes.get(key, ""),
                family=family_of.get(key),
            )
        )
    in_families = [key for family in together for key in family.types]
    places = {key: place for place, key in enumerate(dict.fromkeys([*in_families, *order]))}
    kinds.sort(key=lambda kind: places[kind.id])
    return Catalogue(
        site=_site(settings, about),
        photos=tuple(photos),
        bollards=bollards,
        types=tuple(_named(kinds, looks, decisions.curation)),
        countries=_countries(photos, kinds, country_name, country_names),
        elsewhere=_elsewhere(photos, every_country, country_name, country_names),
        moved=moved,
        families=together,
    )


def _bollards(photos: Sequence[Photo]) -> tuple[Bollard, ...]:
    views: dict[str, list[Photo]] = {}
    for photo in photos:
        views.setdefault(photo.bollard, []).append(photo)
    return tuple(
        Bollard(
            id=key,
            photos=tuple(photo.id for photo in own),
            country=next((photo.country for photo in own if photo.country), None),
            type=own[0].type,
        )
        for key, own in views.items()
    )


def _shares(bollards: Sequence[Bollard], country_name: CountryName) -> tuple[CountryShare, ...]:
    """Countries of a type: most bollards first, then by name, unknown last."""
    count = Counter(bollard.country for bollard in bollards)
    photos: Counter[str | None] = Counter()
    for bollard in bollards:
        photos[bollard.country] += len(bollard.photos)
    shares = [
        CountryShare(
            code=code,
            name=country_name(code) if code else UNKNOWN,
            photos=photos[code],
            bollards=number,
            share=number / len(bollards),
        )
        for code, number in count.items()
    ]
    return tuple(sorted(shares, key=lambda s: (s.code is None, -s.bollards, s.name)))


def _countries(
    photos: Sequence[Photo],
    kinds: Sequence[Type],
    country_name: CountryName,
    country_names: CountryNames,
) -> tuple[Country, ...]:
    stands: dict[str | None, list[tuple[int, str]]] = {}
    for kind in kinds:
        for share in kind.countries:
            stands.setdefault(share.code, []).append((-share.bollards, kind.id))
    nowhere_else = {kind.id for kind in kinds if len(kind.countries) == 1}
    countries = []
    for code in {photo.country for photo in photos}:
        own = [photo for photo in photos if photo.country == code]
        types = tuple(key for _, key in sorted(stands.get(code, [])))
        countries.append(
            Country(
                code=code,
                name=country_name(code) if code else UNKNOWN,
                types=types,
                # Nothing can be said to stand only in a country that is not known.
                only_here=tuple(key for key in types if key in nowhere_else) if code else (),
                photos=tuple(photo.id for photo in own),
                one_offs=tuple(photo.id for photo in own if photo.type is None),
                aliases=country_names(code) if code else (),
            )
        )
    return tuple(sorted(countries, key=lambda c: (c.code is None, c.name, c.code or "")))


def _elsewhere(
    photos: Sequence[Photo],
    every_country: Iterable[str],
    country_name: CountryName,
    country_names: CountryNames,
) -> tuple[Country, ...]:
    missing = set(every_country) - {photo.country for photo in photos}
    countries = [
        Country(code, country_name(code), (), (), (), (), country_names(code)) for code in missing
    ]
    return tuple(sorted(countries, key=lambda country: (country.name, country.code)))


def _named(
    kinds: Iterable[Type], looks: Mapping[str, Mapping[str, Trait]], curation: Curation
) -> list[Type]:
    """Names from the person who curates where there is one, else from what is seen."""
    ordered = list(kinds)
    automatic = distinct_names(looks)
    named = []
    for kind in ordered:
        person = curation.types.get(kind.id)
        look = looks[kind.id]
        named.append(
            replace(
                kind,
                name=(person.name if person else "") or automatic[kind.id],
                description=(person.description if person else "")
                or (describe(look) if look else ""),
            )
        )
    return named


def _site(settings: Settings, about: str) -> Site:
    return Site(
        title=settings.site.title,
        description=settings.site.description,
        base_url=settings.site.base_url,
        language=settings.site.language,
        author=settings.site.author,
        licence=settings.photos.licence,
        accent=settings.theme.accent,
        accent_dark=settings.theme.accent_dark,
        about=about,
        embedder=settings.embed.embedder,
    )
