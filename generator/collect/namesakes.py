"""Signs that a country's name is that of a place elsewhere: "Lebanon, PA", "Turkey Creek"."""
# ruff: noqa: SIM905

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from generator.collect import remarks
from generator.collect.gazetteer import Place, Word, key_of, table
from generator.collect.meaning import Name, agree, division_of

_STATES_OF = ("US", "CA", "AU")
"""Countries whose places are written with the code of the state: "Toronto ON"."""

WRITTEN_WITH_PARTS = frozenset("AU BR CA CH DE ES IN IT US".split())
"""Countries whose own parts are often written by their codes: "Brazil SP", "Italy MI"."""

_SHORT_FORMS = {
    "US": "Ala:AL Ariz:AZ Ark:AR Cal:CA Calif:CA Colo:CO Conn:CT Del:DE Fla:FL Ill:IL Ind:IN"
    " Kan:KS Kans:KS Mass:MA Mich:MI Minn:MN Miss:MS Mont:MT Neb:NE Nebr:NE Nev:NV Okla:OK Ore:OR"
    " Oreg:OR Penn:PA Penna:PA Tenn:TN Tex:TX Wash:WA Wis:WI Wisc:WI WVa:WV Wyo:WY",
    "CA": "Alta:AB Man:MB Ont:ON Que:QC Sask:SK NFLD:NL PEI:PE",
}
"""Older short forms of states and provinces, each with its code."""

_OLDER = {
    short.lower(): f"{country}-{code}"
    for country, forms in _SHORT_FORMS.items()
    for short, code in (form.split(":") for form in forms.split())
}

_POSTCODE = re.compile(r"\d{4,5}|[A-Z]\d[A-Z]|\d[A-Z]\d")


def coded_states(word: Word) -> list[Place]:
    """The states of the United States, Canada and Australia that a word is short for."""
    divisions = table().divisions
    codes = [f"{country}-{word.text.upper()}" for country in _STATES_OF]
    codes.append(_OLDER.get(word.text.lower(), ""))
    return [division_of(divisions[code]) for code in codes if code in divisions]


def states_beside(
    words: Sequence[Word],
    start: int,
    end: int,
    countries: Sequence[str],
    idle: Callable[[int], bool],
) -> list[Place]:
    """The states whose short forms beside a name show that it is the name of a town.

    Args:
        words: all words.
        start, end: those of the name.
        countries: its meanings without other words, ISO 3166-1 alpha-2.
        idle: whether a word is a remark or a date.
    """
    found: list[Place] = []
    for i in _positions(words, start, end, idle):
        text = words[i].text.upper()
        own = [code for code in countries if f"{code}-{text}" in table().divisions]
        if table().codes.get(text) in countries or WRITTEN_WITH_PARTS & set(own):
            continue
        found += [place for place in coded_states(words[i]) if place.code not in countries]
    return found


def _positions(
    words: Sequence[Word], start: int, end: int, idle: Callable[[int], bool]
) -> Iterator[int]:
    """Where a short form is likely a state, and not a word such as "in" or "me"."""
    shouted = all(word.text.isupper() for word in words if word.text.isalpha())
    for i, word in enumerate(words):
        sure = word.text.isupper() and not shouted
        common = word.key in remarks.CODE_WORDS | remarks.ENGLISH
        last = all(idle(j) or _POSTCODE.fullmatch(words[j].text) for j in range(i + 1, len(words)))
        if start <= i < end:
            continue
        if i < start:
            first = all(idle(j) for j in range(i))
            if i == start - 1 and first and (sure or word.key not in remarks.WORDS_BEFORE):
                yield i
        elif idle(i) and not sure:
            # "peru_in", but not "peru in 2019".
            if i == len(words) - 1:
                yield i
        elif last or (i == end and (sure or not common)):
            yield i


def is_in_a_longer_name(name: Name, start: int, end: int) -> bool:
    """Whether the words after a country's name make another place's name of it.

    Args:
        name: the whole name.
        start, end: the words in it that are the country's name.
    """
    country = key_of(name.words[start:end])
    alone = end - start > 1 or country in remarks.ISLANDS
    beside = range(end, len(name.words))
    words = [name.words[i] for i in beside if name.pieces[i] == name.pieces[end - 1]]
    keys = [word.key for word in words if word.key]
    if not keys or keys[0] not in remarks.FEATURES | remarks.FEATURES_BEFORE | remarks.MODIFIERS:
        return False
    if keys[0] in ("road", "street") and keys[1:2] and keys[1] in remarks.STREET_REMARKS:
        return False
    if keys[0] in ("island", "islands") and alone:
        return False
    if keys[0] in remarks.FEATURES:
        return True
    # "Turkey Swamp Park", but not "Italy Lake Como" and "Norway national day".
    named = [key for key in keys if key not in remarks.REMARKS and not key.isdigit()]
    every = remarks.FEATURES | remarks.FEATURES_BEFORE | remarks.MODIFIERS
    return bool(named) and every.issuperset(named) and named[-1] not in remarks.MODIFIERS


def is_perhaps_within(code: str, country: str) -> bool:
    """Whether a country's name in the folder of another is perhaps that of a town."""
    return country in _STATES_OF and not agree(code, country)


def may_be_a_town(words: Sequence[Word]) -> bool:
    """Whether towns have this name of a country, too: "Norway", not "UK"."""
    return len(words) == 1 and len(words[0].key) > 3


def is_state(places: Iterable[Place]) -> bool:
    """Whether one of the places is a state that people write beside the names of its towns."""
    return any(place.code in _STATES_OF and place.region for place in places)
