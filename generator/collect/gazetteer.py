"""Everything that places are called, in the form in which names are compared.

Names and codes come from CLDR (babel) and ISO 3166 (pycountry), which are imported on first use
only: a build in which nothing changed asks for no name.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from generator.collect import names


@dataclass(frozen=True, slots=True)
class Place:
    """A country, and the part of it that was named.

    Attributes:
        code: ISO 3166-1 alpha-2, or XK (user-assigned) for Kosovo.
        country_name: English, short: "Czechia", "Hong Kong".
        region: the part's own name ("England", "Åland"), or None when the country itself was named.
    """

    code: str
    country_name: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, and as it is compared: "" for words that do not count (and, the)."""

    text: str
    key: str


_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"}
)
# Apostrophes join ("d'Ivoire"), and so do the full stops of "U.S.A.", but not that of "St.Lucia".
_JOINED = re.compile(r"['’‘`´ʻʼ]|(?<![^\W_]{2})\.")
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_WORD = re.compile(r"[^\W_]+")
_SHORT_FORMS = {"st": "saint", "ste": "sainte", "rep": "republic", "and": "", "the": ""}


def words_of(text: str) -> list[Word]:
    """Split at whatever is no letter or digit, and where small letters meet a capital."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = _CAMEL.sub(" ", _JOINED.sub("", text)).replace("&", " and ")
    return [Word(word, _word_key(word)) for word in _WORD.findall(text)]


def _word_key(word: str) -> str:
    word = word.casefold()
    if not word.isascii():
        marked = unicodedata.normalize("NFKD", word)
        word = "".join(c for c in marked if not unicodedata.combining(c)).translate(_PLAIN)
    return _SHORT_FORMS.get(word, word)


def key_of(text: str | Sequence[Word]) -> str:
    """A name without case, marks, separators and small differences of spelling."""
    if isinstance(text, str) and text.isalpha():
        return _word_key(text)  # the same, and half of the tables' names are one word
    words = words_of(text) if isinstance(text, str) else text
    return "".join([word.key for word in words])


@lru_cache(maxsize=512)
def territories(language: str) -> dict[str, str]:
    """CLDR's names by code in a language, given as a tag such as "pt-BR"; empty if it has none."""
    from babel.core import Locale, UnknownLocaleError

    for tag in (language, language.split("-")[0]):
        try:
            return dict(Locale.parse(tag, sep="-").territories)
        except (UnknownLocaleError, ValueError):
            continue
    return {}


@lru_cache(maxsize=1)
def codes() -> dict[str, str]:
    """Alpha-2 and alpha-3 codes in capitals -> alpha-2, Kosovo's customary ones included."""
    import pycountry

    known = {"XK": "XK", "XKX": "XK"}
    for country in pycountry.countries:
        known[country.alpha_2] = known[country.alpha_3] = country.alpha_2
    return known


@lru_cache(maxsize=1)
def english() -> dict[str, Place]:
    """Key -> place, for all countries and the parts that are known without their country."""
    import pycountry

    certain: dict[str, Place] = {}
    doubtful: dict[str, Place] = {}
    called = territories("en")
    for code in sorted(set(codes().values())):
        _learn(certain, called[code], Place(code, called[code]))
    for country in pycountry.countries:
        place = Place(country.alpha_2, called[country.alpha_2])
        for field in ("name", "common_name", "official_name"):
            for spelling, sure in _spellings(getattr(country, field, "")):
                _learn(certain if sure else doubtful, spelling, place)
        # "Trinidad & Tobago" is also the country of Tobago.
        for piece in place.country_name.split(" & "):
            _learn(doubtful, piece, replace(place, region=piece))
    index = _clear(doubtful) | _clear(certain)
    for table in (names.EVERYDAY, names.PARTS):
        for code, own in table.items():
            for name in own:
                region = name if table is names.PARTS else None
                index[key_of(name)] = Place(code, called[code], region)
    return index


@lru_cache(maxsize=1)
def every_language() -> dict[str, Place]:
    """English names and, where they leave a name free, those of all official languages."""
    from babel.languages import get_official_languages

    valid = set(codes().values())
    # CLDR writes Chinese and Serbian in two scripts, and two languages under older codes.
    languages = {"zh-Hant", "sr-Latn", "no", "fil"}
    for code in valid:
        languages.update(get_official_languages(code, de_facto=True))
    named: set[tuple[str, str]] = set()
    for language in languages:
        named |= territories(language.replace("_", "-")).items()
    called = territories("en")
    foreign: dict[str, Place] = {}
    for code, name in named:
        if code in valid:
            _learn(foreign, name, Place(code, called[code]))
    return _clear(foreign) | english()


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of countries, by ISO 3166-2 code, and by key and then country (alpha-2)."""

    by_code: dict[str, Place]
    by_name: dict[str, dict[str, Place]]


@lru_cache(maxsize=1)
def parts() -> Parts:
    """The subdivisions of ISO 3166-2, and `names.PARTS`."""
    import pycountry

    known = Parts({}, {})
    called = territories("en")
    for code, own in names.PARTS.items():
        for name in own:
            known.by_name.setdefault(key_of(name), {})[code] = Place(code, called[code], name)
    for subdivision in pycountry.subdivisions:
        code, name = subdivision.country_code, subdivision.name
        spellings = [spelling for spelling, _ in _spellings(name)]
        # "Catalunya [Cataluña]", "Wales [Cymru GB-CYM]", but not "Skåne län [SE-12]".
        other = "[" in name and re.search(r"\[([^\]]*?[a-z])(?: [A-Z]{2}-[A-Z0-9]+)?\]", name)
        if other:
            spellings.append(other[1])
        for spelling in spellings:
            place = Place(code, called[code], spelling)
            known.by_code.setdefault(subdivision.code, place)
            known.by_name.setdefault(key_of(spelling), {}).setdefault(code, place)
    return known


def _learn(index: dict[str, Place], name: str, place: Place) -> None:
    """Add a name; one that means two countries is kept with an empty code, to mean none."""
    key = key_of(name)
    known = index.setdefault(key, place)
    if known.code != place.code:
        index[key] = Place("", "")


def _clear(index: dict[str, Place]) -> dict[str, Place]:
    return {key: place for key, place in index.items() if key and place.code}


def _spellings(name: str) -> Iterator[tuple[str, bool]]:
    """Forms of a name in the tables, and whether each is certain to mean nothing else.

    "Korea, Republic of" is also "Republic of Korea", and perhaps "Korea";
    "Cocos (Keeling) Islands" is perhaps "Cocos Islands".
    """
    if "[" in name:
        name = re.sub(r"\s*\[.*?\]", "", name)
    if name:
        yield name, True
    if "(" in name:
        yield re.sub(r"\s*\(.*?\)", "", name), False
    head, comma, tail = name.partition(", ")
    if comma:
        yield f"{tail} {head}", True
        yield head, False
