"""Finding by looks: the home page's sections and filters, and the key of three questions."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from babel import Locale

from generator.catalogue import Catalogue, Country, Region, Trait, Type, sure_values
from generator.language.continents import CONTINENTS, continent_of
from generator.vocabulary import SURE

# Above this many types, the home page shows the first of each section and links to the rest.
_CARDS = 96
_LEAST_OF_A_SECTION = 4


class Look(NamedTuple):
    """The values in the name of a type: always form and body, and the marking if it is sure."""

    form: str
    body: str
    pattern: str = ""
    accent: str = ""

    def drawn(self) -> dict[str, Trait]:
        """The attributes in the form that the pictogram takes."""
        return {name: Trait(value, 1.0) for name, value in self._asdict().items() if value}


def look_of(type_: Type) -> Look:
    def told(name: str, least: float) -> str:
        trait = type_.attributes.get(name)
        return trait.value if trait is not None and trait.confidence >= least else ""

    pattern = told("pattern", SURE)
    marked = pattern not in ("", "plain")
    return Look(told("form", 0), told("body", 0), pattern, told("accent", SURE) if marked else "")


def looks_drawn(catalogue: Catalogue) -> set[Look]:
    """All looks that the key draws: every complete look, and those of its first questions."""
    drawn = set()
    for type_ in catalogue.types:
        look = look_of(type_)
        drawn |= {look, Look(look.form, ""), Look(look.form, look.body)}
    return drawn


@dataclass(frozen=True, slots=True)
class Section:
    """Types of one form, or of one of the owner's families, as cards.

    Attributes:
        id: its anchor.
        form: the form's value, or "".
        name: a family's name, or "" where the form gives it.
        types: those whose cards are shown.
        count: how many there are in all.
    """

    id: str
    form: str
    name: str
    types: tuple[Type, ...]
    count: int


def family_anchor(family_id: str) -> str:
    """The anchor of a family on the home page."""
    return f"family-{_slug(family_id)}"


def sections(catalogue: Catalogue, cards: int = _CARDS) -> tuple[Section, ...]:
    """The sections of the home page, in their order, with not many more than `cards` cards."""
    families = {family.id: family.name for family in catalogue.families}
    groups: list[tuple[str, str, list[Type]]] = []
    for type_ in catalogue.types:
        family = type_.family if type_.family in families else ""
        form = "" if family else look_of(type_).form
        if not groups or groups[-1][:2] != (family or "", form):
            groups.append((family or "", form, []))
        groups[-1][2].append(type_)
    share = min(1.0, cards / max(1, len(catalogue.types)))
    result = []
    for family, form, types in groups:
        shown = max(_LEAST_OF_A_SECTION, round(len(types) * share))
        # If only one card would be behind the link, show it. A family is shown whole, because no
        # other page shows all of it.
        shown = len(types) if family or not form or shown + 1 >= len(types) else shown
        anchor = family_anchor(family) if family else _slug(form) if form else "all-types"
        name = families.get(family, "")
        result.append(Section(anchor, form, name, tuple(types[:shown]), len(types)))
    return tuple(result)


@dataclass(frozen=True, slots=True)
class Option:
    """A value to filter by, and how many types have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class CountryOption:
    country: Country
    continent: str


@dataclass(frozen=True, slots=True)
class RegionOption:
    region: Region
    country: Country


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of the home page, with only the values that some type has.

    Attributes:
        attributes: values of each attribute, in the order in which they are offered.
        continents: codes, by name in the site's language.
        countries: those of at least one type, in the catalogue's order.
        regions: those of at least one type, by country and by name.
    """

    attributes: Mapping[str, tuple[Option, ...]]
    continents: tuple[Option, ...]
    countries: tuple[CountryOption, ...]
    regions: tuple[RegionOption, ...] = ()


def filters(catalogue: Catalogue) -> Filters:
    looks = [sure_values(type_.attributes) for type_ in catalogue.types]
    # Every type stands below one form, which the key and the sections count likewise.
    for look, type_ in zip(looks, catalogue.types, strict=True):
        if form := look_of(type_).form:
            look["form"] = form
    # Forms in the order of the cards, everything else in the order of the vocabulary.
    forms = tuple(dict.fromkeys(look_of(type_).form for type_ in catalogue.types))
    attributes = {}
    things = catalogue.site.things
    own = {one.name: tuple(value.name for value in one.values) for one in things.attributes}
    for name, known in {**things.vocabulary, **own, "form": forms}.items():
        counts = Counter(look[name] for look in looks if name in look)
        values = [*known, *sorted(set(counts) - set(known))]
        options = tuple(Option(value, counts[value]) for value in values if counts[value])
        if len(options) > 1:
            attributes[name] = options
    on = Counter(
        continent
        for type_ in catalogue.types
        for continent in {continent_of(share.code) for share in type_.countries}
        if continent
    )
    name_of = ContinentNames(catalogue.site.language)
    return Filters(
        attributes,
        tuple(Option(code, on[code]) for code in sorted(on, key=name_of)),
        tuple(
            CountryOption(country, continent_of(country.code) or "")
            for country in catalogue.countries
            if country.code and country.types
        ),
        tuple(
            RegionOption(region, country)
            for country in catalogue.countries
            for region in sorted(country.regions, key=lambda one: (one.name, one.code))
            if region.types
        ),
    )


@dataclass(frozen=True, slots=True)
class ContinentNames:
    """Names of continents by their two letters, in a language, from CLDR."""

    language: str

    def __call__(self, code: str) -> str:
        return str(_territories(self.language).get(CONTINENTS[code], code))


@cache
def _territories(language: str) -> Mapping[str, str]:
    try:
        locale = Locale.parse(language, sep="-")
    except ValueError:
        locale = Locale("en")
    return locale.territories


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to a question of the key: its look, its address and its number of types."""

    look: Look
    address: str
    count: int


@dataclass(frozen=True, slots=True)
class Question:
    """A page of the key.

    Attributes:
        address: below the root of the language ("looks/flat/white/").
        look: the answers so far.
        step: 1 to 3 for the question asked; 4 when all three are answered.
        choices: the answers; empty when no question is left.
        types: the types that match so far.
        before: the pages of the answers so far, first to last.
    """

    address: str
    look: Look
    step: int
    choices: tuple[Choice, ...]
    types: tuple[Type, ...]
    before: tuple[tuple[str, Look], ...]


def questions(catalogue: Catalogue) -> Iterator[Question]:
    """Every page of the key; an answer that only one type matches leads to the type itself."""
    known = [(look_of(type_), type_) for type_ in catalogue.types]
    if not any(look.form for look, _ in known):
        # An embedder without words gives nothing to ask about.
        return
    yield from _ask("looks/", Look("", ""), 1, known, ())


def _ask(
    address: str,
    look: Look,
    step: int,
    known: Sequence[tuple[Look, Type]],
    before: tuple[tuple[str, Look], ...],
) -> Iterator[Question]:
    answers: dict[Look, list[tuple[Look, Type]]] = {}
    if step <= 3:
        for own, type_ in known:
            answer = own if step == 3 else Look(own.form, own.body if step == 2 else "")
            answers.setdefault(answer, []).append((own, type_))
    if step == 1:
        order = list(answers)
    else:
        order = sorted(answers, key=lambda answer: (-len(answers[answer]), answer))
    addresses = {
        answer: (
            f"types/{answers[answer][0][1].id}/"
            if len(answers[answer]) == 1
            else f"{address}{_slug(_last(answer, step))}/"
        )
        for answer in order
    }
    yield Question(
        address,
        look,
        step,
        tuple(Choice(answer, addresses[answer], len(answers[answer])) for answer in order),
        tuple(type_ for _, type_ in known),
        before,
    )
    for answer in order:
        if len(answers[answer]) > 1:
            yield from _ask(
                addresses[answer],
                answer,
                step + 1,
                answers[answer],
                (*before, (addresses[answer], answer)),
            )


def _last(look: Look, step: int) -> str:
    """The part of a look that answers a question."""
    if step == 1:
        return look.form
    if step == 2:
        return look.body
    return "-".join(part for part in (look.pattern, look.accent) if part) or "other"


def _slug(value: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-") or "other"
