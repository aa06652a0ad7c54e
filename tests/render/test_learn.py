"""Courses: each type of a continent once, in small steps, what is easily confused later."""

from dataclasses import replace

from generator.catalogue import Catalogue, CountryShare, Lookalike, Type
from generator.render.learn import courses
from tests.render import sample


def found_in(**countries: int) -> tuple[CountryShare, ...]:
    total = sum(countries.values())
    return tuple(
        CountryShare(code, code, count, count, count / total) for code, count in countries.items()
    )


def kind(name: str, countries: tuple[CountryShare, ...], *alike: str) -> Type:
    return replace(
        sample.catalogue().types[0],
        id=name,
        bollards=tuple(f"{name}{n}" for n in range(sum(share.bollards for share in countries))),
        countries=countries,
        lookalikes=tuple(Lookalike(other, 0.9) for other in alike),
    )


def collection(*types: Type) -> Catalogue:
    made = sample.catalogue()
    codes = {share.code for one in types for share in one.countries}
    countries = tuple(
        replace(made.countries[0], code=code, name=str(code)) for code in sorted(codes, key=str)
    )
    return replace(made, types=types, countries=countries)


def test_every_type_of_a_continent_is_in_one_step_of_its_course() -> None:
    types = [kind(f"t{n}", found_in(DE=1 + n, JP=1)) for n in range(11)]
    made = courses(collection(*types, kind("peru", found_in(PE=2))))

    assert [course.slug for course in made] == ["asia", "europe"]
    for course in made:
        assert sorted(one.type.id for one in course.lessons) == sorted(one.id for one in types)
        assert all(3 <= len(step) <= 5 for step in course.steps)


def test_what_is_easily_taken_for_another_country_comes_later_and_not_beside_its_double() -> None:
    easy = [kind(f"easy{n}", found_in(DE=5)) for n in range(4)]
    doubles = [kind("hard1", found_in(FR=2), "hard2"), kind("hard2", found_in(ES=2), "hard1")]
    more = [kind(f"rare{n}", found_in(IT=1)) for n in range(6)]

    (course,) = courses(collection(*doubles, *more, *easy))

    assert {one.type.id for one in course.steps[0]} == {one.id for one in easy}
    for step in course.steps:
        assert not {"hard1", "hard2"} <= {one.type.id for one in step}


def test_only_what_can_be_asked_is_asked() -> None:
    everywhere = found_in(DE=2, FR=1, JP=1)
    types = [kind("all", everywhere), *(kind(f"t{n}", found_in(FR=1)) for n in range(4))]

    course = next(one for one in courses(collection(*types)) if one.code == "EU")

    cards = {one.type.id: one.cards for one in course.lessons}
    # It stands in every country, so none would be wrong; the others have no second photo to show.
    assert cards["all"] == ("type/all",)
    assert cards["t0"] == ("country/t0/FR",)
    assert sorted(card for step in course.asked for card in step) == sorted(
        card for one in course.lessons for card in one.cards
    )


def test_a_continent_of_few_types_has_no_course() -> None:
    assert courses(collection(kind("one", found_in(DE=2)), kind("two", found_in(FR=2)))) == ()
