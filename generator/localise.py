"""The catalogue in another language: what the program says of itself is said in its words.

What a person wrote stays as it was written: the names and descriptions of curation.toml, notes,
regions, credits. Ids and addresses are the same in every language.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from generator.catalogue import Catalogue, Country, CountryShare, Edition, Photo, Site
from generator.config import Settings
from generator.group.naming import alt_text, describe, distinct_names
from generator.languages import SOURCE, Messages, editions, load_messages, message_files
from generator.wording import Wording

CountryName = Callable[[str, str], str]
"""The name of a country by its code and a language tag."""


def in_all_languages(
    catalogue: Catalogue,
    settings: Settings,
    folders: Sequence[Path],
    country_name: CountryName,
    compiled: Path | None = None,
) -> tuple[Catalogue, ...]:
    """The catalogue in each language of the site, that of its root first.

    Args:
        catalogue: in English, as `assemble` makes it.
        settings: `site.language` and `site.languages` count.
        folders: where message files are looked for, see `load_messages`.
        country_name: the name of an ISO 3166-1 alpha-2 code in the language of a tag.
        compiled: folder for message files that are quicker to read, or None.
    """
    all_editions = editions(settings.site.language, settings.site.languages)
    known = replace(catalogue, site=replace(catalogue.site, editions=all_editions))
    return tuple(
        known
        if edition.language == SOURCE and not message_files(SOURCE, folders)
        else localise(
            known, edition, load_messages(edition.language, folders, compiled), country_name
        )
        for edition in all_editions
    )


def localise(
    catalogue: Catalogue, edition: Edition, messages: Messages, country_name: CountryName
) -> Catalogue:
    """Say it in another language.

    Args:
        catalogue: in English, as `assemble` makes it.
        edition: the language, and where its pages stand.
        messages: its words.
        country_name: the name of an ISO 3166-1 alpha-2 code in the language of a tag.
    """
    words = Wording(messages)
    names = {
        country.code: country_name(country.code, edition.language)
        if country.code
        else messages.gettext("Unknown country")
        for country in catalogue.countries
    }
    looks = {kind.id: kind.attributes for kind in catalogue.types}
    english, own = distinct_names(looks), distinct_names(looks, words)

    def share(one: CountryShare) -> CountryShare:
        return replace(one, name=names[one.code])

    kinds = []
    for kind in catalogue.types:
        look = kind.attributes
        automatic = describe(look) if look else ""
        kinds.append(
            replace(
                kind,
                name=own[kind.id] if kind.name == english[kind.id] else kind.name,
                description=describe(look, words)
                if look and kind.description == automatic
                else kind.description,
                countries=tuple(
                    sorted(
                        map(share, kind.countries),
                        key=lambda s: (s.code is None, -s.bollards, sort_key(s.name)),
                    )
                ),
            )
        )

    def alt(photo: Photo) -> str:
        name = names[photo.country] if photo.country else None
        region = photo.region
        place = f"{region}, {name}" if region and name and region != name else region or name
        return alt_text(photo.attributes, place, words)

    countries = (replace(country, name=names[country.code]) for country in catalogue.countries)
    return replace(
        catalogue,
        site=in_language(catalogue.site, edition, messages),
        photos=tuple(replace(photo, alt=alt(photo)) for photo in catalogue.photos),
        types=tuple(kinds),
        countries=tuple(sorted(countries, key=_place_of)),
    )


def in_language(site: Site, edition: Edition, messages: Messages) -> Site:
    """What pages say of the site; its description is translated where it is the usual one."""
    return replace(
        site,
        language=edition.language,
        prefix=edition.prefix,
        direction=edition.direction,
        # gettext("") would be the message file's own head.
        description=site.description and messages.gettext(site.description),
    )


def sort_key(name: str) -> str:
    """Where a name stands in an alphabet, near enough: Åland and Ägypten under A."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def _place_of(country: Country) -> tuple[bool, str, str]:
    return country.code is None, sort_key(country.name), country.code or ""
