"""Assembles the results of all steps into one immutable catalogue. No input or output here.

Nothing has a name yet: `localise` names types, countries and pictures in each language.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from generator.build.photos import Photos
from generator.build.types import TypeAssignment
from generator.catalogue import (
    Bollard,
    Catalogue,
    Country,
    CountryShare,
    Photo,
    Region,
    Site,
    Type,
    claims,
)
from generator.collect import Collection
from generator.config import Settings
from generator.curation.apply import families
from generator.curation.references import Decisions
from generator.group.retired import moved_types
from generator.language.naming import traits
from generator.policy import content_security_policy
from generator.relate import Relations
from generator.relate.similarity import by_typicality
from generator.rows import PhotoRows
from generator.today import is_future

# Visitors may write a country's name in these, whatever the language of the page.
SEARCHED_LANGUAGES = ("en", "de", "fr", "es")


def assemble(
    photos: Photos,
    assignment: TypeAssignment,
    relations: Relations,
    decisions: Decisions,
    collection: Collection,
    settings: Settings,
    names: Mapping[str, tuple[str, ...]],
) -> Catalogue:
    """Build the catalogue, without names.

    Args:
        photos: the prepared photos.
        assignment: their types.
        relations: their neighbours, look-alikes and order.
        decisions: families and pictures chosen by the owner.
        collection: notes and the about page.
        settings: all of site.toml.
        names: the names by which each country is searched, by its code.
    """
    rows, types, ledger = photos.rows, assignment.decided.types, assignment.ledger
    shown = _shown(photos, assignment, relations, settings)
    bollards = _bollards(shown)
    together = families(decisions.curation, types)
    family_of = {key: family.id for family in together for key in family.types}
    picture_of = {photo.id: photo.picture for photo in shown}
    of_type: dict[str | None, list[Bollard]] = {}
    for bollard in bollards:
        of_type.setdefault(bollard.type, []).append(bollard)
    made = []
    for key, own in rows.members(types).items():
        made.append(
            Type(
                id=key,
                name="",
                description="",
                photos=_typical_first(rows, own, decisions.pictures.get(key)),
                bollards=tuple(bollard.id for bollard in of_type[key]),
                countries=_shares(of_type[key], picture_of),
                lookalikes=relations.lookalikes.get(key, ()),
                attributes=traits(rows.look(own)),
                shares=traits(rows.shares(types[key])),
                note=collection.notes.get(key, ""),
                family=family_of.get(key),
            )
        )
    in_families = [key for family in together for key in family.types]
    order = {
        key: number for number, key in enumerate(dict.fromkeys([*in_families, *relations.order]))
    }
    made.sort(key=lambda type_: order[type_.id])
    return Catalogue(
        site=_site(settings, collection.about),
        photos=shown,
        bollards=bollards,
        types=tuple(made),
        countries=_countries(shown, bollards, made, names),
        elsewhere=_elsewhere(shown, names),
        moved=moved_types(ledger.retired, ledger.moved, frozenset(rows.ids)),
        families=together,
    )


def _shown(
    photos: Photos, assignment: TypeAssignment, relations: Relations, settings: Settings
) -> tuple[Photo, ...]:
    rows = photos.rows
    type_of = {photo: key for key, own in assignment.decided.types.items() for photo in own}
    shown = []
    for row, one in enumerate(photos.prepared):
        source = one.source
        shown.append(
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
                region_code=source.region_code,
                latitude=source.latitude if settings.privacy.location else None,
                longitude=source.longitude if settings.privacy.location else None,
                credit=source.credit or one.credit or settings.photos.credit or None,
                licence=source.licence or one.licence or settings.photos.licence or None,
                source=source.source,
                taken=source.taken or _believed(one.taken),
                added=assignment.ledger.added.get(source.id),
                type=type_of.get(source.id),
                attributes=traits(rows.described[row]) if rows.described else {},
                neighbours=relations.neighbours[row],
                cell=relations.layout.cells.get(source.id),
                parent=source.parent,
                box=source.box,
            )
        )
    return tuple(shown)


def _typical_first(rows: PhotoRows, own: Sequence[int], chosen: str | None) -> tuple[str, ...]:
    """The photo ids of a type: first the one that the owner chose, then the most typical first.

    Without such a choice, the first is the most typical photo that shows all that the type's name
    claims, or else most of it.
    """
    ids = [rows.ids[row] for row in own]
    typical = [ids[position] for position in by_typicality(ids, rows.embeddings[own])]
    if rows.described and chosen not in typical:
        said = claims(traits(rows.shares(ids)))
        shown = {}
        for photo in typical:
            look = traits(rows.described[rows.row_of[photo]])
            shown[photo] = sum(
                name in look and look[name].value == value for name, value in said.items()
            )
        chosen = max(typical, key=lambda photo: shown[photo])
    if chosen in typical:
        typical = [chosen, *(photo for photo in typical if photo != chosen)]
    return tuple(typical)


def _believed(taken: str | None) -> str | None:
    """The photo's own date, unless the camera's clock was ahead of time."""
    return taken if taken and not is_future(taken) else None


def _bollards(photos: Sequence[Photo]) -> tuple[Bollard, ...]:
    views: dict[str, list[Photo]] = {}
    for photo in photos:
        views.setdefault(photo.bollard, []).append(photo)
    bollards = []
    for key, own in views.items():
        country = next((photo.country for photo in own if photo.country), None)
        regions = (photo.region_code for photo in own if photo.country == country)
        bollards.append(
            Bollard(
                id=key,
                photos=tuple(photo.id for photo in own),
                country=country,
                type=own[0].type,
                region=next(filter(None, regions), None),
            )
        )
    return tuple(bollards)


def _shares(bollards: Sequence[Bollard], picture_of: Mapping[str, str]) -> tuple[CountryShare, ...]:
    """Countries of a type, most bollards first."""
    count = Counter(bollard.country for bollard in bollards)
    photos: dict[str | None, set[str]] = {}
    for bollard in bollards:
        photos.setdefault(bollard.country, set()).update(picture_of[one] for one in bollard.photos)
    shares = [
        CountryShare(
            code=code,
            name="",
            photos=len(photos[code]),
            bollards=number,
            share=number / len(bollards),
        )
        for code, number in count.items()
    ]
    return tuple(sorted(shares, key=lambda share: (-share.bollards, share.code or "")))


def _countries(
    photos: Sequence[Photo],
    bollards: Sequence[Bollard],
    all_types: Sequence[Type],
    names: Mapping[str, tuple[str, ...]],
) -> tuple[Country, ...]:
    stands: dict[str | None, list[tuple[int, str]]] = {}
    for type_ in all_types:
        for share in type_.countries:
            stands.setdefault(share.code, []).append((-share.bollards, type_.id))
    nowhere_else = {type_.id for type_ in all_types if len(type_.countries) == 1}
    countries = []
    for code in {photo.country for photo in photos}:
        own = [photo for photo in photos if photo.country == code]
        types = tuple(key for _, key in sorted(stands.get(code, [])))
        countries.append(
            Country(
                code=code,
                name="",
                types=types,
                # A type cannot be unique to an unknown country.
                only_here=tuple(key for key in types if key in nowhere_else) if code else (),
                photos=tuple(photo.id for photo in own),
                one_offs=tuple(photo.id for photo in own if photo.type is None),
                aliases=names.get(code or "", ()),
                regions=regions_of([one for one in bollards if one.country == code]),
            )
        )
    return tuple(sorted(countries, key=lambda country: country.code or ""))


def regions_of(bollards: Sequence[Bollard]) -> tuple[Region, ...]:
    """The regions of a country's bollards, most bollards first."""
    inside: dict[str, list[Bollard]] = {}
    for bollard in bollards:
        if bollard.region:
            inside.setdefault(bollard.region, []).append(bollard)
    all_of = Counter(bollard.type for bollard in bollards if bollard.type)
    regions = []
    for code, own in inside.items():
        types = Counter(bollard.type for bollard in own if bollard.type)
        ranked = {key: types[key] for key in sorted(types, key=lambda key: (-types[key], key))}
        # Of a single bollard, or where only one region was photographed, "only there" says nothing.
        alone = [key for key in ranked if 1 < types[key] == all_of[key] and len(inside) > 1]
        regions.append(Region(code, "", len(own), ranked, tuple(alone)))
    return tuple(sorted(regions, key=lambda one: (-one.bollards, one.code)))


def _elsewhere(
    photos: Sequence[Photo], names: Mapping[str, tuple[str, ...]]
) -> tuple[Country, ...]:
    missing = set(names) - {photo.country for photo in photos}
    return tuple(Country(code, "", (), (), (), (), names[code]) for code in sorted(missing))


def _site(settings: Settings, about: str) -> Site:
    site = settings.site
    # Without a title of the owner's, the site is called after what it shows, in each language.
    is_titled = "title" in site.model_fields_set or not settings.collection.is_another
    return Site(
        title=site.title if is_titled else "",
        description=settings.site.description,
        base_url=settings.site.base_url,
        language=settings.site.language,
        author=settings.site.author,
        licence=settings.photos.licence,
        accent=settings.theme.accent,
        accent_dark=settings.theme.accent_dark,
        about=about,
        embedder=" + ".join(name for name, _ in settings.embed.members),
        things=settings.collection.shows,
        policy=content_security_policy(settings.security, settings.pictures.base_url, in_page=True),
        pictures_url=settings.pictures.base_url,
    )
