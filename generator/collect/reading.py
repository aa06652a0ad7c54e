"""What a name says of a place: the longest names in it, and what they can mean together.

A more specific name beats a part of it ("Northern Ireland" is not in Ireland), remarks change
nothing ("Norway trip 2019"), and whatever could mean several countries means none for certain.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from generator.collect import names, remarks
from generator.collect.gazetteer import Meaning, Place, Word, key_of, table, words_of

_LONGEST_NAME = 9
"""Most words in a name of the table that is looked for within others."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The place that a name means, or the places that it could mean; both empty if neither."""

    place: Place | None = None
    candidates: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class _Span:
    """Some words of a name, and what they mean."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]

    @property
    def strong(self) -> bool:
        """Whether it can be a country, or a part that is known without one."""
        return any(meaning.grade in "ceadfop" for meaning in self.meanings)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name taken apart: its words, and for each the piece between commas and parentheses."""

    text: str
    words: tuple[Word, ...]
    pieces: tuple[int, ...]
    notes: frozenset[int]


def read(name: str, within: str | None = None) -> Reading:
    """What a name means; `generator.collect.countries.resolve` says what counts as one.

    Args:
        name: at most some hundred characters, in any Unicode form.
        within: the country (alpha-2) of an enclosing folder.
    """
    flag, text = _flags(unicodedata.normalize("NFC", name).strip())
    found = _read(text, within or (flag[0].code if len(flag) == 1 else None))
    if not flag:
        return found
    if found.place and all(_agree(found.place.code, place.code) for place in flag):
        return found
    if len(flag) > 1 or found.place:
        return _unsure([*flag, *([found.place] if found.place else [])])
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
    return Reading() if whole else _Composite(name, within).read()


# Codes and flags


def _code(text: str, within: str | None) -> Reading | None:
    """ISO 3166-1 and ISO 3166-2 codes, as the whole of a name."""
    known = table()
    if re.fullmatch(r"[A-Za-z]{2,3}", text):
        upper = text.upper()
        if within and (part := known.divisions.get(f"{within}-{upper}")):
            return Reading(_division(part))
        code = known.codes.get(upper)
        if code is None or within not in (None, code):
            return None
        others = [
            meaning
            for meaning in known.meanings(key_of(text))
            if meaning.code != code and meaning.grade in "cepast" and text.istitle()
        ]
        place = Place(code, known.countries[code])
        return _unsure([place, *(m.place() for m in others)]) if others else Reading(place)
    if re.fullmatch(r"[A-Za-z]{2}[-_][A-Za-z0-9]{1,3}", text):
        part = known.divisions.get(text.upper().replace("_", "-"))
        if part is None:
            return None
        words = re.split("[-_]", text)
        # "it-is" and "us-me" are more likely words than Isernia and Maine.
        if all(word in remarks.ENGLISH for word in words):
            return _unsure([_division(part)])
        return Reading(_division(part))
    return None


def _division(part: tuple[str, str]) -> Place:
    return Place(part[0], table().countries[part[0]], part[1])


_FLAG = re.compile(
    r"[\U0001F1E6-\U0001F1FF]{2}|\U0001F3F4[\U000E0061-\U000E007A\U000E0030-\U000E0039]+\U000E007F"
)


def _flags(text: str) -> tuple[list[Place], str]:
    """The places whose flags stand in a text as emoji, and the text without them."""
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
                found[tag] = _division(part)
    return list(found.values()), _FLAG.sub(" ", text).strip()


# Names by themselves


def _taken_apart(text: str) -> _Name:
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
    return _Name(text, tuple(words), tuple(pieces), frozenset(notes))


def _keys(words: Sequence[Word]) -> Iterator[str]:
    """The key of some words, then those that abbreviations in them may stand for."""
    keys = [word.key for word in words]
    yield "".join(keys)
    if any(key in remarks.ABBREVIATIONS for key in keys) and len(keys) > 1:
        options = [(key, *remarks.ABBREVIATIONS.get(key, ())) for key in keys]
        for chosen in itertools.islice(itertools.product(*options), 1, 65):
            yield "".join(chosen).replace(" ", "")


def _meanings(words: Sequence[Word]) -> tuple[Meaning, ...]:
    """All that some words may mean as one name, abbreviated or not."""
    known = table()
    found: dict[Meaning, None] = {}
    for key in _keys(words):
        if key and key in known.names:
            found.update(dict.fromkeys(known.meanings(key)))
    return tuple(found)


def _whole(words: Sequence[Word], within: str | None) -> Reading | None:
    """What the words mean as one name; None if they are no name."""
    meanings = _meanings(words)
    if not meanings and len(words) > 2:
        # "Republic of Georgia" is not in ISO 3166, and means the country.
        bare = re.sub(r"^(republic|kingdom|state|principality|commonwealth)of", "", key_of(words))
        meanings = tuple(m for m in table().meanings(bare) if m.grade in "ce")
    if not meanings:
        return None
    return _chosen(meanings, within, words)


def _chosen(meanings: Sequence[Meaning], within: str | None, words: Sequence[Word]) -> Reading:
    """The one meaning of a name that stands by itself, or several."""
    meanings = [meaning for meaning in meanings if meaning.grade != "2"]
    if within:
        for meaning in meanings:
            if meaning.region and _belongs(meaning.code, within):
                return Reading(meaning.place())
        meanings = [meaning for meaning in meanings if meaning.grade in "ceadp"]
        inside = [meaning for meaning in meanings if _belongs(meaning.code, within)]
        meanings = inside or meanings
    if all(meaning.grade == "r" for meaning in meanings):
        return Reading()
    grades = {meaning.grade for meaning in meanings}
    # A country's own name wins over all; its other names do not over a subdivision's.
    tiers = (("c", "c"), ("eap", "eaps"), ("f", "fdso"), ("dost", "dsot"))
    counting = next(counting for first, counting in tiers if grades & set(first))
    sure = [meaning for meaning in meanings if meaning.grade in counting]
    sure.sort(key=lambda meaning: counting.index(meaning.grade))
    places = _distinct(meaning.place() for meaning in sure)
    if len(places) > 1:
        return _unsure(places)
    if sure[0].grade in "st" and _common(words):
        # A folder called "central" or "bar" is not named after the only region of that name.
        return _unsure(places)
    return Reading(places[0])


def _common(words: Sequence[Word]) -> bool:
    """Whether a part's name is too short or too common to be taken for one by itself."""
    keys = [word.key for word in words if word.key]
    return len("".join(keys)) <= 3 or all(
        key in remarks.DIRECTIONS or key in remarks.REMARKS for key in keys
    )


@lru_cache(maxsize=1)
def _bags() -> dict[tuple[str, ...], set[str]]:
    """Names of several words by their words in alphabetical order."""
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


def _turned(name: _Name, within: str | None) -> Reading | None:
    """A name whose words are in another order: "Korea, Republic of", "Ireland (Northern)"."""
    keys = [word.key for word in name.words if word.key]
    if not 2 <= len(keys) <= _LONGEST_NAME:
        return None
    options = [(key, *remarks.ABBREVIATIONS.get(key, ())) for key in keys]
    variants = list(itertools.islice(itertools.product(*options), 64))
    for turned in (False, True):
        found: dict[Meaning, None] = {}
        for variant in variants:
            bag = _bag(" ".join(variant).split(), turned)
            for key in _bags().get(bag, ()) if len(bag) > 1 else ():
                found.update(dict.fromkeys(table().meanings(key)))
        if found:
            return _chosen(tuple(found), within, name.words)
    return None


# Names beside others


class _Composite:
    """A name that is more than one name of the table: a part, a country, remarks."""

    def __init__(self, name: _Name, within: str | None) -> None:
        self.name = name
        self.words = name.words
        self.within = within
        spans = self._spans()
        self.strong = [span for span in spans if span.strong]
        self.weak = [span for span in spans if not span.strong and span.meanings[0].code]
        taken = {i for span in spans if span not in self.weak for i in range(span.start, span.end)}
        self.rest = [i for i in range(len(self.words)) if i not in taken and not self._idle(i)]

    def read(self) -> Reading:
        if not self.strong:
            return self._part() or self._coded()
        plain, every = self._countries(""), self._countries("2")
        if not every:
            return _unsure(self._places(self.strong))
        supported = self._supported(plain) or self._supported(every)
        countries = supported or plain or every
        against = self._against(countries)
        if against:
            return _unsure([*self._as_places(countries), *against])
        unknown = self._unknown(countries)
        if self._continues():
            return _unsure(self._as_places(every))
        if not supported and self._plain_name(unknown):
            return _chosen(self._kind(), self.within, self._span_words(self.strong[0]))
        if len(countries) > 1:
            return _unsure(self._as_places(countries))
        (country,) = countries
        if not supported and unknown and country in names.FAMILIES:
            return _unsure(self._as_places([country, *names.FAMILIES[country].split()]))
        if not supported and self._borrowed(unknown):
            return _unsure(self._as_places(every))
        return Reading(self._placed(country, unknown))

    def _spans(self) -> list[_Span]:
        """The longest names of the table in it, from left to right."""
        spans: list[_Span] = []
        count = len(self.words)
        for length in range(min(_LONGEST_NAME, count), 0, -1):
            for start in range(count - length + 1):
                end = start + length
                if any(span.start <= start and end <= span.end for span in spans):
                    continue
                words = self.words[start:end]
                meanings = _meanings(words) if words[0].key and words[-1].key else ()
                counting = self._counting(words, meanings)
                if counting:
                    spans.append(_Span(start, end, counting))
        return sorted(spans, key=lambda span: span.start)

    def _counting(self, words: Sequence[Word], meanings: Sequence[Meaning]) -> tuple[Meaning, ...]:
        """What counts of a name's meanings when other words stand beside it."""
        idle = all(_is_common(word.key) for word in words)
        short = len(key_of(words)) <= 3
        if len(words) == 1 and words[0].key in remarks.CODE_WORDS and not self._capitals(words[0]):
            return ()  # "us trip" may be ours
        return tuple(
            meaning
            for meaning in meanings
            if meaning.grade in "cepa2d"
            or (meaning.grade == "r" and not idle)
            or (meaning.grade in "fo" and not (idle or short or self.within))
            or (meaning.grade in "st" and self.within in (None, meaning.code))
        )

    def _capitals(self, word: Word) -> bool:
        """Whether a word is in capitals where the others, dates left out, are not."""
        others = [w for w in self.words if w is not word and not _DATE.fullmatch(w.key)]
        shouted = bool(others) and all(other.text.isupper() for other in others)
        return word.text.isupper() and not shouted

    def _idle(self, i: int) -> bool:
        """Whether a word changes nothing: a remark, a date, "the"."""
        word = self.words[i]
        following = self.words[i + 1].key if i + 1 < len(self.words) else ""
        return (
            not word.key
            or word.key in remarks.REMARKS
            or bool(_DATE.fullmatch(word.key))
            or (word.key == "of" and (i == 0 or self._idle(i - 1)))
            or (word.key in remarks.OFFICIAL and following == "of")
        )

    def _countries(self, secondary: str) -> list[str]:
        """The countries that all names of countries in it can mean together."""
        counting = [
            [m.code for m in span.meanings if m.code and (m.grade != "2" or secondary)]
            for span in self.strong
        ]
        codes = [
            code
            for code in dict.fromkeys(itertools.chain(*counting))
            if all(any(_agree(other, code) for other in span) for span in counting)
        ]
        # Of "Hong Kong, China", Hong Kong.
        return [c for c in codes if not any(names.PARENTS.get(other) == c for other in codes)]

    def _supported(self, countries: Sequence[str]) -> list[str]:
        """Those of the countries that a part of theirs or their code stands beside."""
        beside = {meaning.code for span in self.weak for meaning in span.meanings}
        for i in self.rest:
            if self.words[i].text.isupper() and (code := self._code(i)):
                beside.add(code)
        if self.within:
            beside.add(self.within)
        return [c for c in countries if any(_agree(c, other) for other in beside)]

    def _code(self, i: int) -> str | None:
        text = self.words[i].text
        return table().codes.get(text.upper()) if text.isascii() and len(text) in (2, 3) else None

    def _against(self, countries: Sequence[str]) -> list[Place]:
        """What says after the country's name that another is meant: "Mexico, Maine"."""
        last = self.strong[-1].end
        divisions = table().divisions
        for span in self.weak:
            places = _distinct(meaning.place() for meaning in span.meanings)
            if (
                span.start >= last
                and len(places) == 1
                and not _common(self._span_words(span))
                and not any(_agree(places[0].code, code) for code in countries)
            ):
                return places
        final = len(self.words) - 1
        word = self.words[final].text
        if final >= last and word.isupper() and not self.name.text.isupper():
            for country in ("US", "CA", "AU"):
                part = divisions.get(f"{country}-{word}")
                own = any(f"{code}-{word}" in divisions for code in countries)
                if part and not own and self._code(final) not in countries:
                    return [] if country in countries else [_division(part)]
        return []

    def _unknown(self, countries: Sequence[str]) -> list[int]:
        """The words that neither the table nor the lists of remarks explain."""
        known = {
            i
            for span in self.weak
            if any(_agree(m.code, code) for m in span.meanings for code in countries)
            for i in range(span.start, span.end)
        }
        return [i for i in self.rest if i not in known and (self._code(i) or "-") not in countries]

    def _plain_name(self, unknown: Sequence[int]) -> bool:
        """Whether there is one name, and beside it only remarks and long notes."""
        if len(self.strong) != 1:
            return False
        kinds = remarks.KINDS | remarks.COUNTRY_WORDS
        beside = [i for i in unknown if self.words[i].key not in kinds]
        notes = self.name.notes
        return not beside or (len(notes) > 3 and notes.issuperset(beside))

    def _kind(self) -> list[Meaning]:
        """The meanings of the only name that a word such as "state" beside it leaves."""
        meanings = list(self.strong[0].meanings)
        keys = {self.words[i].key for i in self.rest}
        parts = [meaning for meaning in meanings if meaning.grade in "pst"]
        if keys & remarks.KINDS and parts:
            return parts
        if keys & remarks.COUNTRY_WORDS:
            return [meaning for meaning in meanings if not meaning.region]
        return meanings

    def _continues(self) -> bool:
        """Whether the word before makes another name of the country's: "New England"."""
        first = self.strong[0].start
        if not first or self.name.pieces[first] != self.name.pieces[first - 1]:
            return False
        before = self.words[first - 1].key
        linked = before in remarks.CONNECTING and not self._idle(first - 1)
        return linked or before in remarks.BEFORE

    def _borrowed(self, unknown: Sequence[int]) -> bool:
        """Whether a country's name is perhaps part of another's: "Jersey Farm", "Beyaz Rusya".

        Words of languages whose remarks and directions are not known may say so.
        """
        first = self.strong[0]
        beside = any(self.name.pieces[i] == self.name.pieces[first.start] for i in unknown)
        other_language = all(meaning.grade in "o2" for meaning in first.meanings)
        return beside and (other_language or key_of(self._span_words(first)) in names.LOOSE)

    def _placed(self, country: str, unknown: Sequence[int]) -> Place:
        """The country, with what is said of the part."""
        place = Place(country, table().countries[country])
        weak = [s for s in self.weak if any(_agree(m.code, country) for m in s.meanings)]
        for span in (*weak, *self.strong):
            own = [m for m in span.meanings if m.code == country]
            if not own and (above := [m for m in span.meanings if _belongs(m.code, country)]):
                # Part of a territory's country, such as "Puerto Rico" beside "USA".
                return replace(above[0].place(), region=above[0].region or None)
            if len(self.strong) + len(weak) > 1 and any(m.region for m in own):
                whole = not any(m.grade in "ce" for m in own) or span in self.weak
                if whole or len(self.strong) > 1:
                    return next(m for m in own if m.region).place()
            elif len(self.strong) == 1 and own and all(m.region for m in own):
                place = own[0].place()
        if len(self.strong) > 1:
            for span in self.strong:
                own = [m for m in span.meanings if m.code == country]
                others = [s for s in self.strong if s is not span]
                if own and any(
                    all(m.code == names.PARENTS.get(country) for m in other.meanings)
                    for other in others
                ):
                    return replace(place, region=self._spelling(span, place))
        if len(unknown) == 1:
            word = self.words[unknown[0]]
            part = table().divisions.get(f"{country}-{word.text.upper()}")
            if part and (word.key not in remarks.CODE_WORDS or word.text.isupper()):
                return _division(part)
        region = self._region(unknown)
        return replace(place, region=region) if region else place

    def _spelling(self, span: _Span, place: Place) -> str:
        """A country's name in its customary spelling, else as it was written."""
        words = self._span_words(span)
        customary = (*names.EVERYDAY.get(place.code, ()), place.country_name)
        return next((n for n in customary if key_of(n) == key_of(words)), None) or _shown(words)

    def _region(self, unknown: Sequence[int]) -> str | None:
        """What unknown words beside a country's name are worth as the name of a region."""
        plain = [i for i in unknown if i not in self.name.notes]
        if len(plain) != len(unknown) and self.strong[0].start not in self.name.notes:
            # What is in parentheses and is no place is a note: "Germany (2 bolts)".
            unknown = plain
        keys = [self.words[i].key for i in unknown]
        together = list(unknown) == list(
            range(min(unknown, default=0), max(unknown, default=0) + 1)
        )
        if (
            not 1 <= len(keys) <= 4
            or not together
            or any(c.isdigit() for i in self._undated() for c in self.words[i].key)
            or keys[-1] in remarks.CONNECTING
        ):
            return None
        part = [self.words[i] for i in unknown]
        if all(key in remarks.DIRECTIONS for key in keys):
            span = self.strong[0]
            start, end = min(unknown[0], span.start), max(unknown[-1] + 1, span.end)
            return _shown(self.words[start:end])
        return _shown(part)

    def _undated(self) -> list[int]:
        """Words that are no date for certain; beside "66", "Route" is no region."""
        return [i for i in range(len(self.words)) if not _YEAR.fullmatch(self.words[i].key)]

    def _part(self) -> Reading | None:
        """A part of a country, with remarks or more exact words beside it."""
        known = [span for span in self.weak if not _common(self._span_words(span))]
        if not known:
            return None
        codes = [[m.code for m in span.meanings] for span in known]
        common = [c for c in dict.fromkeys(codes[0]) if all(c in other for other in codes)]
        inside = {i for span in known for i in range(span.start, span.end)}
        beside = [i for i in self.rest if i not in inside]
        last = known[-1]
        bordered = all(self.name.pieces[i] != self.name.pieces[last.start] for i in beside)
        coded = [i for i in beside if (self._code(i) or "") in common]
        if coded:
            common = [self._code(coded[0]) or ""]
            beside = [i for i in beside if i not in coded]
        if len(common) == 1 and (not beside or bordered):
            return Reading(next(m for m in last.meanings if m.code == common[0]).place())
        return _unsure(self._places(known))

    def _coded(self) -> Reading:
        """A code of ISO 3166-1 in capitals beside remarks: "NZ trip"."""
        coded = [i for i in self.rest if self._code(i)]
        words = [self.words[i] for i in self.rest]
        if self.within or len(coded) != 1 or len(words) != 1:
            return Reading()
        code = self._code(coded[0]) or ""
        place = Place(code, table().countries[code])
        word = words[0]
        if word.key in remarks.CODE_WORDS and not (word.text.isupper() or _meanings(words)):
            return Reading()
        divisions = (table().divisions.get(f"{country}-{code}") for country in ("US", "CA", "AU"))
        others = [_division(part) for part in divisions if part]
        if self._capitals(word) and word.key not in remarks.CODE_WORDS and not others:
            return Reading(place)
        return _unsure([place, *others])

    def _span_words(self, span: _Span) -> Sequence[Word]:
        return self.words[span.start : span.end]

    def _places(self, spans: Iterable[_Span]) -> list[Place]:
        return [m.place() for span in spans for m in span.meanings if m.code]

    def _as_places(self, countries: Iterable[str]) -> list[Place]:
        """The countries as the names in it mean them, their parts included."""
        found = []
        for code in countries:
            meanings = [m for s in self.strong for m in s.meanings if m.code == code]
            meanings.sort(key=lambda meaning: bool(meaning.region))
            place = Place(code, table().countries[code])
            found.append(meanings[0].place() if meanings else place)
        return found


_YEAR = re.compile(r"(19|20)\d\d((0[1-9]|1[0-2])([0-3]\d)?)?")
_DATE = re.compile(_YEAR.pattern + r"|\d{1,2}(st|nd|rd|th)?")
"""A year, a day or a month in figures, or a whole date without separators."""


def _is_common(key: str) -> bool:
    return key in remarks.DIRECTIONS or key in remarks.REMARKS or key in remarks.KINDS


def _belongs(code: str, country: str) -> bool:
    """Whether a place with one code is in the other's country, by ISO or as people write it."""
    return code == country or names.PARENTS.get(code) == country


def _agree(one: str, other: str) -> bool:
    return _belongs(one, other) or _belongs(other, one)


def _distinct(places: Iterable[Place]) -> list[Place]:
    """Each country once, in the order given."""
    found: dict[str, Place] = {}
    for place in places:
        found.setdefault(place.code, place)
    return list(found.values())


def _unsure(places: Iterable[Place]) -> Reading:
    return Reading(None, tuple(_distinct(places)))


def _shown(words: Sequence[Word]) -> str:
    """A part's name as its owner wrote it; in title case if it was all in small letters."""
    if any(word.text != word.text.lower() for word in words):
        return " ".join(word.text for word in words)
    return " ".join(
        word.text if i and word.text in remarks.SMALL_WORDS else word.text.capitalize()
        for i, word in enumerate(words)
    )
