"""Which country a name means: "isle-of-man-uk", "Réunion (France)", "DEU", "US-CA", "españa".

Names and codes come from CLDR (babel) and ISO 3166 (pycountry), which are imported on first use
only: a build in which nothing changed asks for no name.
"""

import difflib
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


def resolve(name: str, within: str | None = None, *, every_language: bool = True) -> Place | None:
    """The place that a folder name or a cell of photos.csv means.

    Args:
        name: a code, a name in any case and spelling, or a part and its country in either order,
            with spaces, hyphens, underscores, commas or parentheses between.
        within: the country (alpha-2) of an enclosing folder: its own parts count first, and codes
            and parts of other countries do not count at all.
        every_language: whether names in other languages than English count when nothing else
            fits; they take most of a second to load.

    Returns:
        None when the name is not known, or fits several countries equally well.
    """
    name = unicodedata.normalize("NFC", name).strip()
    if not name:
        return None
    found = _resolve(name, within, _english())
    if found is None and within is None and every_language:
        found = _resolve(name, None, _every_language())
    return found and replace(found, country_name=country_name(found.code))


def nearest(name: str) -> str | None:
    """The known country or part whose name looks most like this one, for messages."""
    words = [word for word in _words(name) if word.key]
    index = _english()
    spans = [(i, j) for i in range(len(words)) for j in range(len(words), i, -1)]
    # The whole name first, then whatever could be the country in it.
    spans.sort(key=lambda span: span[0] - span[1])
    for i, j in spans[:20]:
        key = "".join(word.key for word in words[i:j])
        close = difflib.get_close_matches(key, index, n=1, cutoff=0.75) if len(key) > 3 else []
        if close:
            place = index[close[0]]
            return place.region or country_name(place.code)
    return None


def country_name(code: str, language: str = "en") -> str:
    """A country's everyday name: CLDR's, in its short form.

    Args:
        code: ISO 3166-1 alpha-2, or XK.
        language: a language tag such as "de" or "pt-BR"; English if CLDR does not have it.

    Returns:
        The name, or the code itself when it is not in use.
    """
    territories = _territories(language.replace("-", "_")) or _territories("en")
    name = territories.get(code, code)
    if code == "MM":
        return re.sub(r"\s*[(（].*", "", name)
    if code not in names.SHORTER:
        return name
    english = names.SHORTER[code]
    return _translated(english, language) or (
        english if territories is _territories("en") else name
    )


# How names are compared ---------------------------------------------------------------------------

_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"}
)
_JOINED = re.compile(r"['’‘`´ʻʼ]|(?<![^\W_]{2})\.|\.(?=$)")
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_WORD = re.compile(r"[^\W_]+")
_SHORT_FORMS = {"st": "saint", "ste": "sainte", "rep": "republic"}
_SILENT = frozenset({"and", "the"})
_UNRELATED_ENDS = frozenset({"of", "new"})


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    key: str


def _words(text: str) -> list[_Word]:
    """A name's words as written, each with the form in which it is compared ("" for and, the)."""
    text = _CAMEL.sub(" ", unicodedata.normalize("NFC", text))
    text = _JOINED.sub("", text).replace("&", " and ")
    return [_Word(word, _word_key(word)) for word in _WORD.findall(text)]


def _word_key(word: str) -> str:
    word = word.casefold()
    if not word.isascii():
        marked = unicodedata.normalize("NFKD", word)
        word = "".join(c for c in marked if not unicodedata.combining(c)).translate(_PLAIN)
    return "" if word in _SILENT else _SHORT_FORMS.get(word, word)


def _key(text: str) -> str:
    return "".join(word.key for word in _words(text))


def _shown(words: Sequence[_Word]) -> str:
    """A part's name as its owner wrote it; in title case if it was all in small letters."""
    if any(word.text != word.text.lower() for word in words):
        return " ".join(word.text for word in words)
    return " ".join(
        word.text if i and word.text in names.SMALL_WORDS else word.text[:1].upper() + word.text[1:]
        for i, word in enumerate(words)
    )


# What is known ------------------------------------------------------------------------------------

_Index = dict[str, Place]


@lru_cache(maxsize=64)
def _territories(locale: str) -> dict[str, str]:
    """CLDR's territory names in one language; empty if CLDR does not have the language."""
    from babel.core import Locale, UnknownLocaleError

    try:
        return dict(Locale.parse(locale).territories)
    except (UnknownLocaleError, ValueError):
        return {}


def _translated(english: str, language: str) -> str | None:
    import gettext

    import pycountry

    if language.split("-")[0] == "en":
        return english
    catalogue = gettext.translation(
        "iso3166-1", pycountry.LOCALES_DIR, [language.replace("-", "_")], fallback=True
    )
    translated = catalogue.gettext(english)
    return None if translated == english and not catalogue.info() else translated


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Alpha-2 and alpha-3 codes in capitals -> alpha-2, Kosovo's customary ones included."""
    import pycountry

    codes = {"XK": "XK", "XKX": "XK"}
    for country in pycountry.countries:
        codes[country.alpha_2] = codes[country.alpha_3] = country.alpha_2
    return codes


@lru_cache(maxsize=1)
def _english() -> _Index:
    """Key -> place, for every country and the parts that are known without their country."""
    import pycountry

    index: _Index = {}
    doubtful: _Index = {}
    territories = _territories("en")
    for code in sorted(set(_codes().values())):
        name = territories.get(code, code)
        index[_key(name)] = Place(code, name)
    for country in pycountry.countries:
        place = Place(country.alpha_2, territories[country.alpha_2])
        for field in ("name", "common_name", "official_name"):
            name = getattr(country, field, "")
            for variant, certain in _spellings(name):
                _learn(index if certain else doubtful, variant, place)
        for piece in re.split(r" & | and |, ", place.country_name):
            _learn(doubtful, piece, replace(place, region=piece))
    for code, everyday in names.EVERYDAY.items():
        for name in everyday:
            index[_key(name)] = Place(code, territories[code])
    for code, parts in names.PARTS.items():
        for name in parts:
            index[_key(name)] = Place(code, territories[code], name)
    for key, place in doubtful.items():
        if place.code:
            index.setdefault(key, place)
    index.pop("", None)
    return index


def _learn(index: _Index, name: str, place: Place) -> None:
    key = _key(name)
    known = index.get(key)
    if known is None:
        index[key] = place
    elif known.code != place.code:
        index[key] = Place("", "")


def _spellings(name: str) -> Iterator[tuple[str, bool]]:
    """Forms of a name in the tables, and whether each is certain to mean nothing else.

    "Korea, Republic of" is also "Republic of Korea", and perhaps "Korea";
    "Cocos (Keeling) Islands" is also "Cocos Islands".
    """
    name = re.sub(r"\s*\[.*?\]", "", name)
    if not name:
        return
    yield name, True
    outside = re.sub(r"\s*\(.*?\)", "", name)
    if outside != name:
        yield outside, False
    head, comma, tail = outside.partition(", ")
    if comma:
        yield f"{tail} {head}", True
        yield head, False


@lru_cache(maxsize=1)
def _every_language() -> _Index:
    """English names and, where they leave a name free, those of all languages of CLDR."""
    from babel.localedata import locale_identifiers

    foreign: _Index = {}
    valid = set(_codes().values())
    english = _territories("en")
    for locale in sorted(locale_identifiers()):
        if "_" in locale and not locale.startswith("zh_Han"):
            continue
        for code, name in _territories(locale).items():
            if code in valid:
                _learn(foreign, name, Place(code, english[code]))
    return {key: place for key, place in foreign.items() if place.code and key} | _english()


@dataclass(frozen=True, slots=True)
class _Parts:
    by_code: dict[str, Place]
    by_name: dict[str, dict[str, Place]]
    """Key -> country -> the part."""


@lru_cache(maxsize=1)
def _parts() -> _Parts:
    """The subdivisions of ISO 3166-2."""
    import pycountry

    parts = _Parts({}, {})
    territories = _territories("en")
    for subdivision in pycountry.subdivisions:
        code = subdivision.country_code
        for variant, _ in _spellings(subdivision.name):
            place = Place(code, territories[code], variant)
            parts.by_code.setdefault(subdivision.code, place)
            parts.by_name.setdefault(_key(variant), {}).setdefault(code, place)
        other = re.search(r"\[([^\]]*?)(?: [A-Z]{2}-[A-Z0-9]+)?\]", subdivision.name)
        if other:
            place = Place(code, territories[code], other[1])
            parts.by_name.setdefault(_key(other[1]), {}).setdefault(code, place)
    for code, own in names.PARTS.items():
        for name in own:
            place = Place(code, territories[code], name)
            parts.by_name.setdefault(_key(name), {})[code] = place
    return parts


# How a name is taken apart ------------------------------------------------------------------------


def _resolve(name: str, within: str | None, index: _Index) -> Place | None:
    whole = _code(name, within) or _whole(_words(name), within, index)
    if whole:
        return whole
    for outside, inside, sure in _explicit(name):
        # "Korea (Republic of)" and "Congo, Democratic Republic of the" are one name turned round.
        turned = index.get(_key(f"{inside} {outside}"))
        found = turned or _pair(_words(outside), _words(inside), index, sure)
        if found is None and sure:
            # What is in parentheses and is no place is a note: "Germany (2 bolts)".
            found = _resolve(outside, within, index)
        if found:
            return found
    return _hyphenated(_words(name), index)


def _code(name: str, within: str | None) -> Place | None:
    if re.fullmatch(r"[A-Za-z]{2,3}", name):
        if within and (part := _parts().by_code.get(f"{within}-{name.upper()}")):
            return part
        code = _codes().get(name.upper())
        return Place(code, "") if code and within in (None, code) else None
    if re.fullmatch(r"[A-Za-z]{2}[-_][A-Za-z0-9]{1,3}", name):
        part = _parts().by_code.get(name.upper().replace("_", "-"))
        return part and _own_code(part)
    return None


def _own_code(part: Place) -> Place:
    """A part that ISO 3166-1 also lists by itself, such as US-PR, under its own code."""
    place = _english().get(_key(part.region or ""))
    if place and names.PARENTS.get(place.code) == part.code:
        return replace(place, region=part.region)
    return part


def _whole(words: Sequence[_Word], within: str | None, index: _Index) -> Place | None:
    key = "".join(word.key for word in words)
    if not key:
        return None
    country = index.get(key)
    if within:
        part = _parts().by_name.get(key, {}).get(within)
        return part or country
    if country:
        return country
    bare = re.sub(r"^(republic|kingdom|state|principality|commonwealth)of", "", key)
    if bare != key and bare in index:
        return index[bare]
    # A part alone counts when only one country has it, and if it is more than a common word.
    known = _parts().by_name.get(key, {})
    if len(known) == 1 and len(key) > 3 and not _is_common(words):
        return _own_code(next(iter(known.values())))
    return None


def _is_common(words: Sequence[_Word]) -> bool:
    return all(word.key in names.DIRECTIONS | names.NOT_PLACES for word in words)


def _explicit(name: str) -> Iterator[tuple[str, str, bool]]:
    """Ways to read a name with a sure border in it: (part, country, whether by parentheses)."""
    if match := re.fullmatch(r"(.+?)\s*[(\[（](.*?)[)\]）]?\s*", name):
        yield match[1], match[2], True
    elif ", " in name or "," in name:
        part, _, country = name.rpartition(",")
        yield part.strip(), country.strip(), False


def _hyphenated(words: Sequence[_Word], index: _Index) -> Place | None:
    """A country at the end of a name, else at its beginning; the rest is a part of it."""
    borders = range(1, len(words))
    for i in borders:
        head, tail = words[:i], words[i:]
        if head[-1].key not in _UNRELATED_ENDS and _country(tail, head, index):
            found = _pair(head, tail, index)
            if found:
                return found
    for i in reversed(borders):
        head, tail = words[:i], words[i:]
        if _country(head, tail, index):
            found = _pair(head, tail, index)
            if found:
                return found
    return None


def _country(words: Sequence[_Word], rest: Sequence[_Word], index: _Index) -> Place | None:
    """The country that these words name beside others; a mere code needs a part known of it."""
    key = "".join(word.key for word in words)
    if place := index.get(key):
        return place
    if len(words) == 1 and re.fullmatch(r"[a-z]{2,3}", key):
        code = _codes().get(key.upper())
        other = "".join(word.key for word in rest)
        known = index.get(other)
        if code and known and code in (known.code, names.PARENTS.get(known.code)):
            return Place(code, "")
        if code and code in _parts().by_name.get(other, {}):
            return Place(code, "")
        if code and len(rest) == 1 and f"{code}-{other.upper()}" in _parts().by_code:
            return Place(code, "")
    return None


def _pair(
    first: Sequence[_Word], second: Sequence[_Word], index: _Index, note: bool = False
) -> Place | None:
    """Two names side by side, a part and its country in either order.

    `note` says that an unknown second one is a remark and no part of the first.
    """
    a, b = _country(first, second, index), _country(second, first, index)
    for part, own, country in ((first, a, b), (second, b, a)):
        if country is None:
            continue
        if own and names.PARENTS.get(own.code) == country.code:
            return replace(own, region=own.region or _spelling(part, own))
        key = "".join(word.key for word in part)
        if known := _parts().by_name.get(key, {}).get(country.code):
            return known
        if len(part) == 1 and (by := _parts().by_code.get(f"{country.code}-{key.upper()}")):
            return by
    if a and b:
        if a.code != b.code:
            return None
        return a if a.region else b
    if b:
        return replace(b, region=_region(first, [*first, *second]))
    if a:
        return a if note else replace(a, region=_region(second, [*first, *second]))
    return None


def _spelling(part: Sequence[_Word], place: Place) -> str:
    """The customary spelling of a country's name, or a part's, as it was written."""
    key = "".join(word.key for word in part)
    customary = (*names.EVERYDAY.get(place.code, ()), country_name(place.code))
    return next((name for name in customary if _key(name) == key), None) or _shown(part)


def _region(part: Sequence[_Word], whole: Sequence[_Word]) -> str | None:
    """What an unknown name beside a country's is worth as the name of a region."""
    keys = [word.key or word.text.lower() for word in part]
    if len(part) > 4 or any(re.search(r"\d", key) for key in keys):
        return None
    if keys[-1] in {"in", "to", "from", "near", "at", "by", "of"}:
        return None
    if all(key in names.NOT_PLACES for key in keys):
        return None
    return _shown(whole if all(key in names.DIRECTIONS for key in keys) else part)
