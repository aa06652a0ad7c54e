"""The country that a name means: "isle-of-man-uk", "Réunion (France)", "DEU", "US-CA", "españa"."""

import difflib
import re
from functools import cache, lru_cache
from gettext import NullTranslations, translation

from generator.collect import names
from generator.collect.gazetteer import Place, key_of, table, territories, words_of
from generator.collect.meaning import Reading
from generator.collect.reading import read

__all__ = [
    "Place",
    "candidates",
    "country_codes",
    "country_name",
    "country_names",
    "nearest",
    "region_name",
    "resolve",
]

_LONGEST = 256
"""Longest name of a place in characters; longer texts are prose in the wrong cell."""


def resolve(name: str, within: str | None = None) -> Place | None:
    """The place that a folder name or a cell of photos.csv means.

    Args:
        name: a code, a flag, a name in any case, spelling and language, or a part and its
            country in either order, with spaces, hyphens, underscores, commas or parentheses
            between; remarks such as "trip" and dates change nothing.
        within: the country (alpha-2) of an enclosing folder: its own parts count first, and codes
            and parts of other countries do not count at all.

    Returns:
        None if the name is unknown, or could mean several countries (see `candidates`).
    """
    return _read(name, within).place


def candidates(name: str, within: str | None = None) -> tuple[Place, ...]:
    """The places that an ambiguous name could mean; empty if the name is clear or unknown."""
    return _read(name, within).candidates


def _read(name: str, within: str | None) -> Reading:
    if len(name) > _LONGEST:
        return Reading()
    return read(name, within)


def nearest(name: str) -> str | None:
    """The known country or part whose name is most similar to this one, for messages."""
    words = [word for word in words_of(name[:_LONGEST]) if word.key]
    english, every = _spellings()
    # The whole name first, then every part of it that could be the country.
    spans = sorted(
        ((i, j) for i in range(len(words)) for j in range(i + 1, len(words) + 1)),
        key=lambda span: span[0] - span[1],
    )
    for i, j in spans[:20]:
        key = key_of(words[i:j])
        close = difflib.get_close_matches(key, english, n=1, cutoff=0.8) if len(key) > 3 else []
        if close:
            place = table().meanings(close[0])[0].place()
            return place.region or place.country_name
    # "deutchland": whoever misspells another language's name has spelt most of it correctly.
    whole = key_of(words)
    if len(whole) > 3 and (found := difflib.get_close_matches(whole, every, 1, cutoff=0.85)):
        return table().meanings(found[0])[0].place().country_name
    return None


@lru_cache(maxsize=1)
def _spellings() -> tuple[list[str], list[str]]:
    """Keys of the names of countries in English, and in every language."""
    by_grade: dict[bool, list[str]] = {True: [], False: []}
    for key, meanings in table().names.items():
        grade, code, _ = meanings.split("\t", 1)[0].split(":")
        if code and grade in "cepfo":
            by_grade[grade not in "fo"].append(key)
    return by_grade[True], by_grade[True] + by_grade[False]


def country_codes() -> frozenset[str]:
    """All ISO 3166-1 alpha-2 codes, and XK for Kosovo."""
    return frozenset(table().countries)


def country_name(code: str, language: str = "en") -> str:
    """A country's everyday name: CLDR's short form.

    Args:
        code: ISO 3166-1 alpha-2, or XK.
        language: a language tag such as "de" or "pt-BR"; English if CLDR does not have it.

    Returns:
        The name, or the code itself if it is not in use.
    """
    ordinary = territories(language)
    if not ordinary:
        language, ordinary = "en", territories("en")
    name = ordinary.get(code, code)
    short = names.SHORTER.get(code)
    if short is None:
        return name
    if language.split("-")[0] == "en":
        return short
    # "Myanmar (Birmanie)", "Hongkong (SAR Kina)"
    return _translated(short, language) or re.sub(r"\s*[(（].*", "", name)


@cache
def country_names(code: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """A country's names for searching: in each language, everyday, official and former ones.

    Args:
        code: ISO 3166-1 alpha-2, or XK.
        languages: language tags; English, and parts of the country with a name of their own
            ("England"), are always included.

    Returns:
        The names, each spelling once, in the order of the languages; no codes, because "in" and
        "no" are words.
    """
    import pycountry

    found = [country_name(code, language) for language in ("en", *languages)]
    country = pycountry.countries.get(alpha_2=code)
    english = [
        getattr(country, field)
        for field in ("name", "common_name", "official_name")
        if hasattr(country, field)
    ]
    found += english
    for language in languages:
        found.append(territories(language).get(code, ""))
        found += [_translated(name, language) or "" for name in english]
    found += names.EVERYDAY.get(code, ())
    found += names.PARTS.get(code, ())
    # "Congo, The Democratic Republic of the" is for lists, and found by its other names.
    plain = [re.sub(r"\s*[(（].*", "", name) for name in found if "," not in name]
    kept: dict[str, str] = {}
    for name in plain:
        kept.setdefault(key_of(name), name)
    return tuple(name for key, name in kept.items() if key)


def region_name(region: str, language: str) -> str:
    """The name of a part of a country in another language, if CLDR or ISO 3166-2 has it.

    Args:
        region: its English name, or the owner's name for it.
        language: a language tag.
    """
    if language.split("-")[0] == "en":
        return region
    code = next((code for code, name in territories("en").items() if name == region), "")
    if len(code) == 2:
        return country_name(code, language)
    return _translated(region, language, "iso3166-2") or region


def _translated(english: str, language: str, standard: str = "iso3166-1") -> str | None:
    """ISO 3166's name of a place in another language; None if pycountry has none.

    Hong Kong and Macao have one name in most languages, so an equal name counts as translated.
    """
    catalogue = _catalogue(standard, language.replace("-", "_"))
    if catalogue is None:
        return None
    translated = catalogue.gettext(english)
    return translated if translated != english or english in ("Hong Kong", "Macao") else None


@cache
def _catalogue(standard: str, language: str) -> NullTranslations | None:
    """pycountry's message file. gettext's own cache looks for the file at every call."""
    import pycountry

    try:
        return translation(standard, pycountry.LOCALES_DIR, [language])
    except OSError:
        return None
