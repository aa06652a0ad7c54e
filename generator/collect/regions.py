"""Regions: the states, provinces and other first-level parts of countries, by ISO 3166-2.

Smaller parts count to the region that they are in: Kent is in England. regions.tsv, which
`generator.collect.compile` makes of ISO 3166-2 and CLDR, has one part a line: its code, the code of
its region, its name in its own language, English, German, French and Spanish ("": the first), and
other names, separated by "|".
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from generator.collect.gazetteer import key_of

TABLE = Path(__file__).with_name("regions.tsv")
_LANGUAGES = ("", "en", "de", "fr", "es")


@dataclass(frozen=True, slots=True)
class _Part:
    """A line of the table.

    Attributes:
        names: by language, "" for its own.
        spellings: all names in its own language and in English.
    """

    code: str
    region: str
    names: Mapping[str, str]
    spellings: tuple[str, ...]

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names[""]


@cache
def _parts() -> Mapping[str, Mapping[str, _Part]]:
    """The parts of each country by their codes; some 10 ms on first use."""
    found: dict[str, dict[str, _Part]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        code, region, *names, other = line.split("\t")
        own = (*names[:2], *other.split("|"))
        part = _Part(
            code, region, dict(zip(_LANGUAGES, names, strict=True)), tuple(filter(None, own))
        )
        found.setdefault(code[:2], {})[code] = part
    return found


@cache
def _regions_named(country: str) -> Mapping[str, frozenset[str]]:
    """The codes of the regions that a name may mean, by the key of the name.

    A name in the part's own language or in English wins over translations.
    """
    found: dict[str, set[str]] = {}
    for translated in (False, True):
        own: dict[str, set[str]] = {}
        for part in _parts().get(country, {}).values():
            for name in part.names.values() if translated else part.spellings:
                if name:
                    own.setdefault(key_of(name), set()).add(part.region)
        found = own | found
    return {key: frozenset(codes) for key, codes in found.items()}


def regions_named(country: str, name: str) -> tuple[str, ...]:
    """The ISO 3166-2 codes of the regions that a part of a country may be, or be in.

    Args:
        country: ISO 3166-1 alpha-2.
        name: the part's name in its own language, English, German, French or Spanish.
    """
    return tuple(sorted(_regions_named(country).get(key_of(name), ())))


def is_region(code: str, name: str) -> bool:
    """Whether a name means the region itself, not a smaller part of it."""
    return key_of(name) in map(key_of, _names(code))


def name_of_region(code: str, language: str = "en") -> str:
    """A region's name in a language; its own name if no library has a translation.

    Args:
        code: ISO 3166-2.
        language: a language tag such as "de" or "pt-BR".

    Returns:
        The name, or the code itself if it is not in use.
    """
    part = _parts().get(code[:2], {}).get(code)
    if part is None:
        return code
    main = language.split("-")[0]
    if main in _LANGUAGES:
        return part.name(main)
    return _translations(language.replace("-", "_")).gettext(part.names[""])


def region_names(code: str, language: str) -> tuple[str, ...]:
    """A region's names for searching, that in a language first."""
    return tuple(dict.fromkeys((name_of_region(code, language), *_names(code))))


def nearest_region(country: str, text: str) -> str | None:
    """The English name of the region of a country whose name is most similar, for messages."""
    spelt = {
        key_of(name): part.name("en")
        for part in _parts().get(country, {}).values()
        if part.code == part.region
        for name in (*part.names.values(), *part.spellings)
        if name
    }
    if len(key_of(text)) < 4:
        return None
    found = difflib.get_close_matches(key_of(text[:80]), spelt, n=1, cutoff=0.84)
    return spelt[found[0]] if found else None


def _names(code: str) -> Iterator[str]:
    part = _parts().get(code[:2], {}).get(code)
    if part is not None:
        yield from filter(None, (*part.names.values(), *part.spellings))


@cache
def _translations(language: str) -> NullTranslations:
    """ISO 3166-2 in another language, by the names of parts in their own."""
    import pycountry

    return translation("iso3166-2", pycountry.LOCALES_DIR, [language], fallback=True)
