"""All names of places, in the form in which names are compared.

The names come from gazetteer.tsv, which `generator.collect.compile` makes of CLDR, ISO 3166 and
others; it is read on first use only, because a build without changes needs no names. The
names of countries in other languages on pages come from CLDR (babel), also on first use.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

TABLE = Path(__file__).with_name("gazetteer.tsv")


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
class Meaning:
    """The possible meanings of a name, and their source.

    Attributes:
        grade: "c" the name of a country in CLDR (English) or ISO 3166-1; "e" its everyday, former
            or shortened name; "p" a part that is known without its country; "a" one of several
            countries that the name means equally well; "d" a shortened form of the ISO name,
            which may mean others; "s" a subdivision in ISO 3166-2 or CLDR (English); "t" the same
            in German, French or Spanish; "f" a country in one of these, "o" in any other language;
            "2" a country that is meant only if something beside the name says so; "r" a region of
            the world.
        code: the country, ISO 3166-1 alpha-2; "" for a region of the world.
        region: the part's name as it is spelt there; "" for a country.
    """

    grade: str
    code: str
    region: str

    def place(self) -> Place:
        return Place(self.code, table().countries[self.code], self.region or None)


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, and as it is compared: "" for words that do not count (and, the)."""

    text: str
    key: str


_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"}
)
# Apostrophes join ("d'Ivoire"), and so do the full stops of "U.S.A.", but not those of "St.Lucia"
# and "N.Ireland".
_JOINED = re.compile(r"['’‘`´ʻʼ]|(?<![^\W_]{2})\.(?![^\W_]{2})")
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_WORD = re.compile(r"[^\W_]+")
# Accents and Arabic vowel points, which writers leave out; the vowels of Indic scripts are letters.
_ACCENTS = re.compile("[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670]")
_SHORT_FORMS = {"st": "saint", "ste": "sainte", "rep": "republic", "and": "", "the": ""}


def words_of(text: str) -> list[Word]:
    """Split at characters other than letters and digits, and before capitals inside a word."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = _JOINED.sub("", _CAMEL.sub(" ", text)).replace("&", " and ")
    if text.isascii():
        words = _WORD.findall(text)
    else:
        words = "".join(c if _is_letter(c) else " " for c in text).split()
    return [Word(word, _word_key(word)) for word in words]


def _is_letter(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _word_key(word: str) -> str:
    word = word.casefold()
    if not word.isascii():
        word = _ACCENTS.sub("", unicodedata.normalize("NFKD", word)).translate(_PLAIN)
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


@dataclass(frozen=True, slots=True)
class Table:
    """gazetteer.tsv in memory.

    Attributes:
        countries: alpha-2 code -> short English name.
        codes: alpha-2 and alpha-3 codes in capitals -> alpha-2.
        divisions: ISO 3166-2 code -> (alpha-2, name).
        spaced: the names' keys with spaces between words -> meanings, as written in the file.
        names: the same by keys without spaces.
    """

    countries: Mapping[str, str]
    codes: Mapping[str, str]
    divisions: Mapping[str, tuple[str, str]]
    spaced: Mapping[str, str]
    names: Mapping[str, str]

    def meanings(self, key: str) -> tuple[Meaning, ...]:
        """The possible meanings of a name with this key; empty if it is unknown."""
        written = self.names.get(key)
        return tuple(_meanings(written)) if written else ()


def _meanings(written: str) -> Iterator[Meaning]:
    for meaning in written.split("\t"):
        grade, code, region = meaning.split(":")
        yield Meaning(grade, code, region)


@lru_cache(maxsize=1)
def table() -> Table:
    """All names; some 20 ms on first use."""
    countries, divisions, named = (
        [line.split("\t", 2 if part < 2 else 1) for line in block.splitlines()]
        for part, block in enumerate(TABLE.read_text(encoding="utf-8").split("\n\n"))
    )
    codes = {}
    for alpha_2, alpha_3, _ in countries:
        codes[alpha_2] = codes[alpha_3] = alpha_2
    spaced = dict(named)
    joined: dict[str, str] = {}
    for key, meanings in named:
        plain = key.replace(" ", "")
        joined[plain] = f"{joined[plain]}\t{meanings}" if plain in joined else meanings
    return Table(
        MappingProxyType({code: name for code, _, name in countries}),
        MappingProxyType(codes),
        MappingProxyType({code: (country, name) for code, country, name in divisions}),
        spaced,
        joined,
    )
