"""Names made of several: a country with its part, with remarks and dates, or two countries."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from generator.collect import names, remarks
from generator.collect.gazetteer import Meaning, Place, Word, key_of, table
from generator.collect.meaning import (
    LONGEST_NAME,
    Name,
    Reading,
    agree,
    belongs,
    chosen,
    distinct,
    division_of,
    is_common,
    meanings_of,
    unsure,
)
from generator.collect.namesakes import (
    WRITTEN_WITH_PARTS,
    is_in_a_longer_name,
    is_state,
    may_be_a_town,
    states_beside,
)

_YEAR = re.compile(r"(19|20)\d\d((0[1-9]|1[0-2])([0-3]\d)?)?")
_DATE = re.compile(_YEAR.pattern + r"|\d{1,2}(st|nd|rd|th)?")
"""A year, a day or a month in figures, or a whole date without separators."""


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


class Composite:
    """A name that is more than one name of the table: a part, a country, remarks."""

    def __init__(self, name: Name, within: str | None) -> None:
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
            return unsure(self._places(self.strong))
        supported = self._supported(plain) or self._supported(every)
        countries = supported or plain or every
        against = self._against(countries)
        if against:
            return unsure([*self._as_places(countries), *against])
        unknown = self._unknown(countries)
        if self._continues():
            return unsure(self._as_places(every))
        if not (supported or self._borrowed(unknown)) and self._in_a_longer_name():
            known = names.FAMILIES.get(countries[0], "").split()
            return unsure(self._as_places([*countries, *known, "US"]))
        if not supported and self._plain_name(unknown):
            return chosen(self._kind(), self.within, self._span_words(self.strong[0]))
        if len(countries) > 1:
            return unsure(self._as_places(countries))
        (country,) = countries
        if not supported and unknown and country in names.FAMILIES:
            return unsure(self._as_places([country, *names.FAMILIES[country].split()]))
        if not supported and (other := self._beyond(country, unknown)):
            return unsure(self._as_places([country, other]))
        if not supported and self._borrowed(unknown):
            return unsure(self._as_places(every))
        return Reading(self._placed(country, unknown))

    def _spans(self) -> list[_Span]:
        """The longest names of the table in it, from left to right."""
        spans: list[_Span] = []
        count = len(self.words)
        for length in range(min(LONGEST_NAME, count), 0, -1):
            for start in range(count - length + 1):
                end = start + length
                if any(span.start <= start and end <= span.end for span in spans):
                    continue
                words = self.words[start:end]
                meanings = meanings_of(words) if words[0].key and words[-1].key else ()
                counting = self._counting(words, meanings)
                if counting:
                    spans.append(_Span(start, end, counting))
        return sorted(spans, key=lambda span: span.start)

    def _counting(self, words: Sequence[Word], meanings: Sequence[Meaning]) -> tuple[Meaning, ...]:
        """What counts of a name's meanings when other words stand beside it."""
        idle = all(_is_common_key(word.key) for word in words)
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
            if all(any(agree(other, code) for other in span) for span in counting)
        ]
        # Of "Hong Kong, China", Hong Kong.
        return [c for c in codes if not any(names.PARENTS.get(other) == c for other in codes)]

    def _supported(self, countries: Sequence[str]) -> list[str]:
        """Those of the countries that a part of theirs or their code stands beside."""
        parts = {meaning.code for span in self.weak for meaning in span.meanings}
        beside = set()
        for i in self.rest:
            # "georgia us", but not "Georgia with us".
            after = any(span.end == i for span in self.strong) and i == self._final()
            if (after or self.words[i].text.isupper()) and (code := self._code(i)):
                beside.add(code)
        if self.within:
            beside.add(self.within)
        # California is no part of American Samoa, although that is the United States'.
        return [
            c
            for c in countries
            if any(belongs(part, c) for part in parts) or any(agree(c, other) for other in beside)
        ]

    def _code(self, i: int) -> str | None:
        text = self.words[i].text
        return table().codes.get(text.upper()) if text.isascii() and len(text) in (2, 3) else None

    def _against(self, countries: Sequence[str]) -> list[Place]:
        """What says beside the country's name that another is meant: "Mexico, Maine"."""
        first, last = self.strong[0].start, self.strong[-1].end
        for span in self.weak:
            places = distinct(meaning.place() for meaning in span.meanings)
            # "Kansas, Lebanon" is a town of Kansas.
            town = span.end == first and may_be_a_town(self._span_words(self.strong[0]))
            if (
                (span.start >= last or (town and is_state(places)))
                and (len(places) == 1 or (span.start >= last and is_state(places)))
                and not is_common(self._span_words(span))
                and not any(belongs(place.code, code) for place in places for code in countries)
            ):
                return places
        return self._states(first, last, countries)

    def _states(self, first: int, last: int, countries: Sequence[str]) -> list[Place]:
        """The states that short forms beside some words name: "Cuba NM"."""
        inside = self.within in countries
        return [] if inside else states_beside(self.words, first, last, countries, self._idle)

    def _final(self) -> int:
        """The last word that is no remark."""
        return next((i for i in reversed(range(len(self.words))) if not self._idle(i)), 0)

    def _unknown(self, countries: Sequence[str]) -> list[int]:
        """The words that neither the table nor the lists of remarks explain."""
        known = {
            i
            for span in self.weak
            if any(agree(m.code, code) for m in span.meanings for code in countries)
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

    def _in_a_longer_name(self) -> bool:
        """Whether the words after make another place's name of the country's: "Turkey Creek"."""
        if len(self.strong) != 1:
            return False
        (span,) = self.strong
        after = self.words[span.end : span.end + 1]
        if any(word.key in remarks.KINDS for word in after) and self._kind() != [*span.meanings]:
            return False
        return is_in_a_longer_name(self.name, span.start, span.end)

    def _beyond(self, country: str, unknown: Sequence[int]) -> str | None:
        """The country that a direction beside this one's name may mean: "Irlande du Nord"."""
        others = names.DIVIDED.get(country, {})
        keys = (remarks.COMPASS.get(self.words[i].key, "") for i in unknown)
        return next((others[key] for key in keys if key in others), None)

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
        weak = [s for s in self.weak if any(agree(m.code, country) for m in s.meanings)]
        for span in (*weak, *self.strong):
            own = [m for m in span.meanings if m.code == country]
            if not own and (above := [m for m in span.meanings if belongs(m.code, country)]):
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
            common = word.key in remarks.CODE_WORDS and country not in WRITTEN_WITH_PARTS
            if part and (word.text.isupper() or not common):
                return division_of(part)
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
        known = [span for span in self.weak if not is_common(self._span_words(span))]
        if not known:
            return None
        codes = [[m.code for m in span.meanings] for span in known]
        common = [c for c in dict.fromkeys(codes[0]) if all(c in other for other in codes)]
        inside = {i for span in known for i in range(span.start, span.end)}
        beside = [i for i in self.rest if i not in inside]
        last = known[-1]
        bordered = all(self.name.pieces[i] != self.name.pieces[last.start] for i in beside)
        coded = [i for i in beside if (self._code(i) or "") in common]
        states = [] if coded else self._states(known[0].start, last.end, [])
        if states := [state for state in states if state.code not in common]:
            return unsure([*self._places(known), *states])
        if coded:
            common = [self._code(coded[0]) or ""]
            beside = [i for i in beside if i not in coded]
        if len(common) == 1 and (not beside or bordered):
            return Reading(next(m for m in last.meanings if m.code == common[0]).place())
        return unsure(self._places(known))

    def _coded(self) -> Reading:
        """A code of ISO 3166-1 in capitals beside remarks: "NZ trip"."""
        coded = [i for i in self.rest if self._code(i)]
        words = [self.words[i] for i in self.rest]
        if self.within or len(coded) != 1 or len(words) != 1:
            return Reading()
        code = self._code(coded[0]) or ""
        place = Place(code, table().countries[code])
        word = words[0]
        if word.key in remarks.CODE_WORDS and not (word.text.isupper() or meanings_of(words)):
            return Reading()
        divisions = (table().divisions.get(f"{country}-{code}") for country in ("US", "CA", "AU"))
        others = [division_of(part) for part in divisions if part]
        if self._capitals(word) and word.key not in remarks.CODE_WORDS and not others:
            return Reading(place)
        return unsure([place, *others])

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


def _is_common_key(key: str) -> bool:
    return key in remarks.DIRECTIONS or key in remarks.REMARKS or key in remarks.KINDS


def _shown(words: Sequence[Word]) -> str:
    """A part's name as its owner wrote it; in title case if it was all in small letters."""
    if any(word.text != word.text.lower() for word in words):
        return " ".join(word.text for word in words)
    return " ".join(
        word.text if i and word.text in remarks.SMALL_WORDS else word.text.capitalize()
        for i, word in enumerate(words)
    )
