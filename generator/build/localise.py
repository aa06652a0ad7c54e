"""The catalogue in each language of the site. Everything gets its name here, and only here.

The owner's names and descriptions in curation.toml come first, with their translations. The program
names the rest from the recogniser's attributes. Ids and addresses are the same in every language.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from generator.catalogue import (
    Catalogue,
    Country,
    CountryShare,
    Edition,
    Photo,
    Site,
    Type,
    claims,
)
from generator.collect.countries import country_name, region_name
from generator.collect.regions import is_region, name_of_region, region_names
from generator.config import SiteWords
from generator.curation import Curation, InCountry, TypeCuration
from generator.curation.apply import lookalike_notes
from generator.language.messages import Messages, editions
from generator.language.naming import alt_text, alt_text_in_type, describe, distinct_names
from generator.language.rewording import words_of
from generator.language.wording import Wording


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The owner's texts in several languages.

    Attributes:
        site: title and description by language tag.
        curation: names and descriptions of types, and how to tell them from look-alikes.
        notes: Markdown by language tag and type id; the about page has the id "".
    """

    site: Mapping[str, SiteWords] = field(default_factory=dict)
    curation: Curation = field(default_factory=Curation)
    notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def family(self, family_id: str) -> Mapping[str, str]:
        """The names of a family by language tag."""
        person = self.curation.families.get(family_id)
        return person.names if person else {}


def in_all_languages(
    catalogue: Catalogue,
    languages: Sequence[str],
    own: OwnWords,
    folders: Sequence[Path],
    compiled: Path | None = None,
) -> tuple[Catalogue, ...]:
    """The catalogue in each language of the site, that of its root first.

    Args:
        catalogue: without names, as `assemble` makes it.
        languages: tags of the languages, that of the root first.
        own: the owner's texts in them.
        folders: where message files are looked for, see `load_messages`.
        compiled: folder for compiled message files, which are quicker to read, or None.
    """
    all_editions = editions(languages[0], languages[1:])
    known = replace(catalogue, site=replace(catalogue.site, editions=all_editions))
    things = catalogue.site.things
    return tuple(
        localise(known, edition, words_of(things, edition.language, folders, compiled), own)
        for edition in all_editions
    )


def localise(
    catalogue: Catalogue, edition: Edition, messages: Messages, own: OwnWords
) -> Catalogue:
    """The catalogue in the words of one language; see `in_all_languages`."""
    language = edition.language
    words = Wording(messages, catalogue.site.things.attributes, language)
    names = {
        country.code: country_name(country.code, language)
        if country.code
        else messages.gettext("Unknown country")
        for country in catalogue.countries
    }
    automatic = distinct_names(
        {type_.id: type_.shares for type_ in catalogue.types},
        words,
        {type_.id: places_of(type_) for type_ in catalogue.types},
        partial(country_name, language=language),
    )
    notes = own.notes.get(language, {})
    told_apart = lookalike_notes(own.curation, automatic, language)
    root = catalogue.site.language

    def share(one: CountryShare, person: TypeCuration) -> CountryShare:
        said = person.countries.get(one.code or "", InCountry())
        return replace(
            one,
            name=names[one.code],
            frequency=said.frequency or "",
            note=said.notes.get(language) or said.note,
        )

    def in_words(type_: Type) -> Type:
        person = own.curation.types.get(type_.id, TypeCuration())
        note = notes.get(type_.id, "")
        return replace(
            type_,
            name=person.names.get(language) or person.name or automatic[type_.id],
            description=person.descriptions.get(language)
            or person.description
            or (describe(said, words) if (said := claims(type_.shares)) else ""),
            countries=tuple(
                sorted((share(one, person) for one in type_.countries), key=_share_order)
            ),
            lookalikes=tuple(
                replace(other, note=told_apart.get((type_.id, other.type), other.note))
                for other in type_.lookalikes
            ),
            note=note or type_.note,
            note_language="" if note or not type_.note or language == root else root,
        )

    def where(photo: Photo) -> Photo:
        region = photo.region and region_name(photo.region, language)
        if photo.region and photo.region_code and is_region(photo.region_code, photo.region):
            region = name_of_region(photo.region_code, language)
        name = names[photo.country] if photo.country else None
        place = f"{region}, {name}" if region and name and region != name else region or name
        type_ = catalogue.type.get(photo.type or "")
        if type_ is None:
            alt = alt_text(photo.attributes, place, words)
        else:
            alt = alt_text_in_type(photo.attributes, claims(type_.shares), place, words)
        return replace(photo, region=region, alt=alt)

    countries = (
        replace(
            country,
            name=names[country.code],
            regions=tuple(
                replace(
                    one,
                    name=name_of_region(one.code, language),
                    names=region_names(one.code, language),
                )
                for one in country.regions
            ),
        )
        for country in catalogue.countries
    )
    elsewhere = (
        replace(country, name=country_name(country.code or "", language))
        for country in catalogue.elsewhere
    )
    return replace(
        catalogue,
        site=_in_words(catalogue.site, edition, messages, own),
        photos=tuple(map(where, catalogue.photos)),
        types=tuple(map(in_words, catalogue.types)),
        countries=tuple(sorted(countries, key=_country_order)),
        elsewhere=tuple(sorted(elsewhere, key=_country_order)),
        families=tuple(
            replace(family, name=own.family(family.id).get(language, family.name))
            for family in catalogue.families
        ),
    )


def places_of(type_: Type) -> dict[str, int]:
    """How many bollards of a type each country has; "" counts those of unknown ones."""
    return {share.code or "": share.bollards for share in type_.countries}


def _in_words(site: Site, edition: Edition, messages: Messages, own: OwnWords) -> Site:
    """The site's title and description; the default description is translated."""
    said = own.site.get(edition.language, SiteWords())
    about = own.notes.get(edition.language, {}).get("", "")
    is_root = edition.language == site.language
    many = site.things.called(edition.language)[1]
    return replace(
        site,
        title=said.title or site.title or many[:1].upper() + many[1:],
        # gettext("") would be the message file's own head.
        description=said.description or (site.description and messages.gettext(site.description)),
        about=about or site.about,
        about_language="" if about or not site.about or is_root else site.language,
        language=edition.language,
        prefix=edition.prefix,
        direction=edition.direction,
    )


def sort_key(name: str) -> str:
    """A key for nearly alphabetical order in any language: Åland and Ägypten are under A."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def _country_order(country: Country) -> tuple[bool, str, str]:
    return country.code is None, sort_key(country.name), country.code or ""


def _share_order(share: CountryShare) -> tuple[bool, int, str]:
    return share.code is None, -share.bollards, sort_key(share.name)
