"""The place that a text means: finds the longest names in it, and their common meaning.

A more specific name beats a part of it ("Northern Ireland" is not in Ireland), remarks change
nothing ("Norway trip 2019"), and a text that could mean several countries means none for certain.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from generator.collect import remarks
from generator.collect.composite import Composite
from generator.collect.gazetteer import Meaning, Place, Word, key_of, table, words_of
from generator.collect.meaning import (
    LONGEST_NAME,
    Name,
    Reading,
    agree,
    chosen,
    division_of,
    meanings_of,
    unsure,
)
from generator.collect.namesakes import coded_states


def read(name: str, within: str | None = None) -> Reading:
    """The meaning of a name; `generator.collect.countries.resolve` describes the rules.

    Args:
        name: at most some hundred characters, in any Unicode form.
        within: the country (alpha-2) of an enclosing folder.
    """
    flag, text = _flags(unicodedata.normalize("NFC", name).strip())
    found = _read(text, within or (flag[0].code if len(flag) == 1 else None))
    if not flag:
        return found
    if found.place and all(agree(found.place.code, place.code) for place in flag):
        return found
    if len(flag) > 1 or found.place:
        return unsure([*flag, *([found.place] if found.place else [])])
    return Reading(flag[0])


def _read(text: str, within: str | None) -> Reading:
    code = _code(text, within)
    if code:
        return code
    name = _taken_apart(text)
    whole = _whole(name.words, within) or _turned(name, within)
    if whole and (whole.place or whole.candidates):
        return whole
    # A region of the world is known to be no country.
    return Reading() if whole else Composite(name, within).read()


def _code(text: str, within: str | None) -> Reading | None:
    """ISO 3166-1 and ISO 3166-2 codes, as the whole of a name."""
    known = table()
    if re.fullmatch(r"[A-Za-z]{2,3}", text):
        upper = text.upper()
        if within and (part := known.divisions.get(f"{within}-{upper}")):
            return Reading(division_of(part))
        code = known.codes.get(upper)
        if code is None or within not in (None, code):
            return None
        others = [
            meaning
            for meaning in known.meanings(key_of(text))
            if meaning.code != code and meaning.grade in "cepast" and text.istitle()
        ]
        place = Place(code, known.countries[code])
        return unsure([place, *(m.place() for m in others)]) if others else Reading(place)
    if re.fullmatch(r"[A-Za-z]{2}[-_][A-Za-z0-9]{1,3}|[A-Z]{2} [A-Z]{2,3}", text):
        words = re.split("[-_ ]", text)
        part = known.divisions.get("-".join(words).upper())
        if part is None:
            return None
        # "it-is" and "us-me" are more likely words than Isernia and Maine.
        if all(word in remarks.ENGLISH for word in words):
            return unsure([division_of(part)])
        return Reading(division_of(part))
    return None


_FLAG = re.compile(
    r"[\U0001F1E6-\U0001F1FF]{2}|\U0001F3F4[\U000E0061-\U000E007A\U000E0030-\U000E0039]+\U000E007F"
)


def _flags(text: str) -> tuple[list[Place], str]:
    """The places of the flag emoji in a text, and the text without them."""
    if text.isascii():
        return [], text
    found: dict[str, Place] = {}
    known = table()
    for flag in _FLAG.findall(text):
        if len(flag) == 2:
            code = "".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in flag)
            if code in known.countries:
                found[code] = Place(code, known.countries[code])
        else:
            tag = "".join(chr(ord(letter) - 0xE0000) for letter in flag[1:-1]).upper()
            if part := known.divisions.get(f"{tag[:2]}-{tag[2:]}"):
                found[tag] = division_of(part)
    return list(found.values()), _FLAG.sub(" ", text).strip()


def _taken_apart(text: str) -> Name:
    words: list[Word] = []
    pieces: list[int] = []
    notes: set[int] = set()
    border = ""
    for number, piece in enumerate(re.split(r"([,;(\[（\])）])", text)):
        if number % 2:
            border = piece
            continue
        opened = border in {"(", "[", "（"}
        for word in words_of(piece):
            if opened:
                notes.add(len(words))
            words.append(word)
            pieces.append(number // 2)
    return Name(text, tuple(words), tuple(pieces), frozenset(notes))


def _whole(words: Sequence[Word], within: str | None) -> Reading | None:
    """The meaning of the words as one name; None if they are not a name."""
    meanings = meanings_of(words)
    if not meanings and len(words) > 2:
        # "Republic of Georgia" is not in ISO 3166, and means the country.
        key = key_of(words)
        bare = re.sub(r"^(republic|kingdom|state|principality|commonwealth)of", "", key)
        if bare != key:
            meanings = tuple(m for m in table().meanings(bare) if m.grade in "ce")
    if not meanings:
        return None
    return chosen(meanings, within, words)


@lru_cache(maxsize=1)
def _bags() -> dict[tuple[str, ...], set[str]]:
    """Names of several words, by their words in alphabetical order."""
    bags: dict[tuple[str, ...], set[str]] = {}
    for key in table().spaced:
        if " " in key:
            words = key.split()
            for bag in {_bag(words), _bag(words, turned=True)}:
                bags.setdefault(bag, set()).add(key.replace(" ", ""))
    return bags


def _bag(words: Iterable[str], turned: bool = False) -> tuple[str, ...]:
    return tuple(
        sorted(
            remarks.TURNED.get(word, word) if turned else word
            for word in words
            if word and word != "of"
        )
    )


def _turned(name: Name, within: str | None) -> Reading | None:
    """A name whose words are in another order: "Korea, Republic of", "Ireland (Northern)"."""
    keys = [word.key for word in name.words if word.key]
    if not 2 <= len(keys) <= LONGEST_NAME:
        return None
    if len(keys[-1]) == 2 and coded_states(name.words[-1]):
        return None  # "peru_il" is not "Il-Perù"
    options = [(key, *remarks.ABBREVIATIONS.get(key, ())) for key in keys]
    variants = list(itertools.islice(itertools.product(*options), 64))
    for turned in (False, True):
        found: dict[Meaning, None] = {}
        for variant in variants:
            bag = _bag(" ".join(variant).split(), turned)
            for key in _bags().get(bag, ()) if len(bag) > 1 else ():
                found.update(dict.fromkeys(table().meanings(key)))
        if found:
            return chosen(tuple(found), within, name.words)
    return None
