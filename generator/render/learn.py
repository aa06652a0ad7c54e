"""Courses: each continent's types in small steps, the easiest first.

A step names flash cards, which `static/js/learn.js` asks with the questions of the quiz:
"type/TYPE" (which of these is of the same type?) and "country/TYPE/DE" (which country is it from?).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale

from generator.catalogue import Catalogue, CountryShare, Type
from generator.language.continents import CONTINENTS, continent_of

ADDRESS = "learn/"
_TYPES_OF_A_STEP = 4
# A course of fewer types is no course.
_LEAST_TYPES = 3
# Each country is a card, so a type of many countries is asked about those with the most bollards.
_MOST_COUNTRIES = 2
_CHOICES = 4


@dataclass(frozen=True, slots=True)
class Lesson:
    """One type in a course.

    Attributes:
        countries: those of the continent that have it, most bollards first.
        alike: the types of the course that it is confused with.
        cards: the flash cards, in the order in which they are asked first.
    """

    type: Type
    countries: tuple[CountryShare, ...]
    alike: tuple[Type, ...]
    cards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A continent's course.

    Attributes:
        code: the continent, a key of `CONTINENTS`.
        slug: its address below `learn/`, from its English name.
        steps: the lessons of each step.
    """

    code: str
    slug: str
    steps: tuple[tuple[Lesson, ...], ...]

    @property
    def address(self) -> str:
        return f"{ADDRESS}{self.slug}/"

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        return tuple(lesson for step in self.steps for lesson in step)

    @property
    def asked(self) -> tuple[tuple[str, ...], ...]:
        """The cards of each step: the first one of every type, then the second ones, and so on."""
        return tuple(
            tuple(
                lesson.cards[turn]
                for turn in range(max(len(lesson.cards) for lesson in step))
                for lesson in step
                if turn < len(lesson.cards)
            )
            for step in self.steps
        )

    @property
    def countries(self) -> int:
        return len({share.code for lesson in self.lessons for share in lesson.countries})


def courses(catalogue: Catalogue) -> tuple[Course, ...]:
    """The continents that have enough types, the largest course first."""
    found = (_course(code, catalogue) for code in CONTINENTS)
    return tuple(sorted((one for one in found if one), key=lambda one: -len(one.lessons)))


def continent_slug(code: str) -> str:
    """A continent's name in addresses: "north-america"."""
    return str(Locale("en").territories[CONTINENTS[code]]).lower().replace(" ", "-")


def _course(code: str, catalogue: Catalogue) -> Course | None:
    everywhere = {country.code for country in catalogue.countries if country.code}
    shares = {
        type_.id: tuple(share for share in type_.countries if continent_of(share.code) == code)
        for type_ in catalogue.types
    }
    here = {
        type_.id: type_
        for type_ in catalogue.types
        if shares[type_.id] and _cards(type_, shares[type_.id], everywhere, len(catalogue.types))
    }
    if len(here) < _LEAST_TYPES:
        return None
    lessons = [
        Lesson(
            type_,
            shares[type_.id],
            tuple(here[other.type] for other in type_.lookalikes if other.type in here),
            _cards(type_, shares[type_.id], everywhere, len(catalogue.types)),
        )
        for type_ in here.values()
    ]
    return Course(code, continent_slug(code), _in_steps(lessons))


def _cards(
    type_: Type, shares: Sequence[CountryShare], everywhere: set[str], types: int
) -> tuple[str, ...]:
    """The cards of a type that can be asked; `quiz-questions.js` has the same conditions."""
    cards = []
    if everywhere - {share.code for share in type_.countries}:
        cards = [f"country/{type_.id}/{share.code}" for share in shares[:_MOST_COUNTRIES]]
    if len(type_.bollards) > 1 and types >= _CHOICES:
        cards.insert(0, f"type/{type_.id}")
    return tuple(cards)


def _in_steps(lessons: Sequence[Lesson]) -> tuple[tuple[Lesson, ...], ...]:
    """Steps of about four, easy ones first, look-alikes in different steps where possible.

    A type is easier the fewer countries there are that it could be mistaken for, which are those
    of its look-alikes, and the more bollards of it stand on the continent.
    """
    own = {one.type.id: {share.code for share in one.countries} for one in lessons}

    def difficulty(one: Lesson) -> tuple[float, str]:
        elsewhere = {code for other in one.alike for code in own[other.id]} - own[one.type.id]
        bollards = sum(share.bollards for share in one.countries)
        return (1 + len(elsewhere)) / bollards, one.type.id

    waiting = sorted(lessons, key=difficulty)
    count = max(1, round(len(waiting) / _TYPES_OF_A_STEP))
    steps = []
    for number in range(count):
        size = (len(waiting) + count - number - 1) // (count - number)
        step: list[Lesson] = []
        while len(step) < size:
            alike = {other.id for one in step for other in one.alike}
            first = next((one for one in waiting if one.type.id not in alike), waiting[0])
            waiting.remove(first)
            step.append(first)
        steps.append(tuple(step))
    return tuple(steps)
