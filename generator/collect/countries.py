"""Which country a name means: "isle-of-man-uk", "Réunion (France)", "DEU", "US-CA", "españa"."""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from generator.collect import gazetteer, names
from generator.collect.gazetteer import Place, Word, key_of, words_of

__all__ = [
    "Place",
    "country_codes",
    "country_name",
    "country_names",
    "nearest",
    "region_name",
    "resolve",
]

_LONGEST = 256
"""Longest name of a place in characters; whatever is longer is prose in the wrong cell."""

_Index = Mapping[str, Place]


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
    if len(name) > _LONGEST:
        return None
    found = _resolve(name, within, gazetteer.english())
    if found is None and within is None and every_language:
        found = _resolve(name, None, gazetteer.every_language())
    return found and replace(found, country_name=country_name(found.code))


def nearest(name: str) -> str | None:
    """The known country or part whose name looks most like this one, for messages."""
    words = [word for word in words_of(name[:_LONGEST]) if word.key]
    index = gazetteer.english()
    # The whole name first, then whatever in it could be the country.
    spans = sorted(
        ((i, j) for i in range(len(words)) for j in range(i + 1, len(words) + 1)),
        key=lambda span: span[0] - span[1],
    )
    for i, j in spans[:20]:
        key = key_of(words[i:j])
        close = difflib.get_close_matches(key, index, n=1, cutoff=0.8) if len(key) > 3 else []
        if close:
            place = index[close[0]]
            return place.region or country_name(place.code)
    # "deutchland": whoever misspells another language's name has spelt most of it.
    whole, everywhere = key_of(words), gazetteer.every_language()
    if len(whole) > 3 and (found := difflib.get_close_matches(whole, everywhere, 1, cutoff=0.85)):
        return country_name(everywhere[found[0]].code)
    return None


def country_codes() -> frozenset[str]:
    """All ISO 3166-1 alpha-2 codes, and XK for Kosovo."""
    return frozenset(gazetteer.codes().values())


def country_name(code: str, language: str = "en") -> str:
    """A country's everyday name: CLDR's, in its short form.

    Args:
        code: ISO 3166-1 alpha-2, or XK.
        language: a language tag such as "de" or "pt-BR"; English if CLDR does not have it.

    Returns:
        The name, or the code itself when it is not in use.
    """
    ordinary = gazetteer.territories(language)
    if not ordinary:
        language, ordinary = "en", gazetteer.territories("en")
    name = ordinary.get(code, code)
    short = names.SHORTER.get(code)
    if short is None:
        return name
    if language.split("-")[0] == "en":
        return short
    # "Myanmar (Birmanie)", "Hongkong (SAR Kina)"
    return _translated(short, language) or re.sub(r"\s*[(（].*", "", name)


def country_names(code: str, languages: Sequence[str]) -> tuple[str, ...]:
    """What visitors may call a country: in each language, in everyday use, officially, formerly.

    Args:
        code: ISO 3166-1 alpha-2, or XK.
        languages: language tags; English and the country's parts of a name of their own ("England")
            are always among them.

    Returns:
        The names, each spelling once, in the order of the languages; no codes, since "in" and "no"
        are words.
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
        found.append(gazetteer.territories(language).get(code, ""))
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
    """A part of a country in another language, as far as CLDR or ISO 3166-2 know it.

    Args:
        region: its English name, or whatever the owner calls it.
        language: a language tag.
    """
    if language.split("-")[0] == "en":
        return region
    code = next((code for code, name in gazetteer.territories("en").items() if name == region), "")
    if len(code) == 2:
        return country_name(code, language)
    return _translated(region, language, "iso3166-2") or region


def _translated(english: str, language: str, standard: str = "iso3166-1") -> str | None:
    """What ISO 3166 calls a place in another language; None if pycountry does not say.

    Hong Kong and Macao have one name in most languages, so that equal is as good as translated.
    """
    import gettext

    import pycountry

    try:
        catalogue = gettext.translation(
            standard, pycountry.LOCALES_DIR, [language.replace("-", "_")]
        )
    except OSError:
        return None
    translated = catalogue.gettext(english)
    return translated if translated != english or english in ("Hong Kong", "Macao") else None


def _resolve(name: str, within: str | None, index: _Index) -> Place | None:
    words = words_of(name)
    whole = _code(name, within) or _whole(words, within, index)
    if whole:
        return whole
    for part, country, is_note in _bordered(name):
        # "Korea (Republic of)" and "Congo, Democratic Republic of the" are one name turned round.
        found = index.get(key_of(f"{country} {part}")) or _pair(
            words_of(part), words_of(country), index, is_note
        )
        if found is None and is_note:
            # What is in parentheses and is no place is a note: "Germany (2 bolts)".
            found = _resolve(part, within, index)
        if found:
            return found
    return _joined(words, index)


def _code(name: str, within: str | None) -> Place | None:
    """ISO 3166-1 and ISO 3166-2 codes, as the whole of a name."""
    if re.fullmatch(r"[A-Za-z]{2,3}", name):
        if within and (part := gazetteer.parts().by_code.get(f"{within}-{name.upper()}")):
            return part
        code = gazetteer.codes().get(name.upper())
        return Place(code, "") if code and within in (None, code) else None
    if re.fullmatch(r"[A-Za-z]{2}[-_][A-Za-z0-9]{1,3}", name):
        part = gazetteer.parts().by_code.get(name.upper().replace("_", "-"))
        return part and _with_own_code(part)
    return None


def _with_own_code(part: Place) -> Place:
    """A part that ISO 3166-1 also lists by itself, such as US-PR, under its own code."""
    place = gazetteer.english().get(key_of(part.region or ""))
    if place and names.PARENTS.get(place.code) == part.code:
        return replace(place, region=part.region)
    return part


def _whole(words: Sequence[Word], within: str | None, index: _Index) -> Place | None:
    """The name as it is: a country's, or that of a part which only one country has."""
    key = key_of(words)
    if within and (part := gazetteer.parts().by_name.get(key, {}).get(within)):
        return part
    bare = re.sub(r"^(republic|kingdom|state|principality|commonwealth)of", "", key)
    country = index.get(key) or index.get(bare)
    if country or within:
        return country
    known = gazetteer.parts().by_name.get(key, {})
    # A folder called "central" or "bar" is not named after the only region of that name.
    common = all(word.key in names.DIRECTIONS | names.NOT_PLACES for word in words)
    if len(known) == 1 and len(key) > 3 and not common:
        return _with_own_code(next(iter(known.values())))
    return None


def _bordered(name: str) -> Iterator[tuple[str, str, bool]]:
    """How to read a name with a border in it: (part, country, whether by parentheses)."""
    if match := re.fullmatch(r"(.+?)\s*[(\[（](.*?)[)\]）]?\s*", name):
        yield match[1], match[2], True
    elif "," in name:
        part, _, country = name.rpartition(",")
        yield part, country, False


def _joined(words: Sequence[Word], index: _Index) -> Place | None:
    """A country at the end of a name, else at its beginning; the rest is a part of it."""
    for i in range(1, len(words)):
        if words[i - 1].key in ("of", "new"):  # the Gulf of Mexico, New England
            continue
        if _country(words[i:], words[:i], index):
            found = _pair(words[:i], words[i:], index)
            if found:
                return found
    for i in range(len(words) - 1, 0, -1):
        if _country(words[:i], words[i:], index):
            found = _pair(words[:i], words[i:], index)
            if found:
                return found
    return None


def _country(words: Sequence[Word], rest: Sequence[Word], index: _Index) -> Place | None:
    """The country that these words name beside others; a mere code needs a part known of it."""
    key = key_of(words)
    if place := index.get(key):
        return place
    code = gazetteer.codes().get(key.upper()) if len(words) == 1 else None
    if code is None:
        return None
    other = key_of(rest)
    known = index.get(other)
    belongs = (
        (known is not None and code in (known.code, names.PARENTS.get(known.code)))
        or code in gazetteer.parts().by_name.get(other, {})
        or f"{code}-{other.upper()}" in gazetteer.parts().by_code
    )
    return Place(code, "") if belongs else None


def _pair(
    first: Sequence[Word], second: Sequence[Word], index: _Index, is_note: bool = False
) -> Place | None:
    """Two names side by side, a part and its country in either order.

    `is_note` says that an unknown second one is a remark and no part of the first.
    """
    a, b = _country(first, second, index), _country(second, first, index)
    for part, own, country in ((first, a, b), (second, b, a)):
        if country is None:
            continue
        if own and names.PARENTS.get(own.code) == country.code:
            return replace(own, region=own.region or _spelling(part, own))
        key = key_of(part)
        known = gazetteer.parts().by_name.get(key, {}).get(
            country.code
        ) or gazetteer.parts().by_code.get(f"{country.code}-{key.upper()}")
        if known:
            return known
    if a and b:
        # "Germany, DE" says it twice; "poland-germany" may be either.
        return (a if a.region else b) if a.code == b.code else None
    if b:
        return replace(b, region=_region(first, [*first, *second]))
    if a:
        return a if is_note else replace(a, region=_region(second, [*first, *second]))
    return None


def _spelling(part: Sequence[Word], place: Place) -> str:
    """A country's name in its customary spelling, else as it was written."""
    key = key_of(part)
    customary = (*names.EVERYDAY.get(place.code, ()), country_name(place.code))
    return next((name for name in customary if key_of(name) == key), None) or _shown(part)


def _region(part: Sequence[Word], whole: Sequence[Word]) -> str | None:
    """What an unknown name beside a country's is worth as the name of a region."""
    keys = [word.key or word.text.lower() for word in part]
    if (
        not 1 <= len(keys) <= 4
        or any(character.isdigit() for key in keys for character in key)
        or keys[-1] in ("of", "in", "to", "from", "near", "at", "by", "and")
        or all(key in names.NOT_PLACES for key in keys)
    ):
        return None
    return _shown(whole if all(key in names.DIRECTIONS for key in keys) else part)


def _shown(words: Sequence[Word]) -> str:
    """A part's name as its owner wrote it; in title case if it was all in small letters."""
    if any(word.text != word.text.lower() for word in words):
        return " ".join(word.text for word in words)
    return " ".join(
        word.text if i and word.text in names.SMALL_WORDS else word.text.capitalize()
        for i, word in enumerate(words)
    )
