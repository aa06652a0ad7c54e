"""Finding by looks: sections and filters of the home page, and the key of three questions."""

import json
from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from generator.catalogue import Catalogue, Family, Trait
from generator.render.browse import Look, filters, look_of, looks_drawn, questions, sections
from generator.render.environment import make_environment
from generator.render.search_data import search_data
from generator.resources import TEMPLATES
from generator.vocabulary import VOCABULARY
from tests.render import sample


def collection(looks: Iterable[tuple[str, ...]], confidence: float = 0.9) -> Catalogue:
    """Types of the given form, body, pattern and accent, in this order."""
    made = sample.catalogue()
    names = ("form", "body", "pattern", "accent")
    types = tuple(
        replace(
            made.types[0],
            id=f"made-{number}",
            attributes={
                name: Trait(value, confidence) for name, value in zip(names, look, strict=False)
            },
        )
        for number, look in enumerate(looks)
    )
    return replace(made, types=types)


looks = st.lists(
    st.tuples(
        *(st.sampled_from(VOCABULARY[name][:3]) for name in ("form", "body", "pattern", "accent"))
    ),
    min_size=1,
    max_size=40,
)


@given(looks)
def test_the_key_reaches_every_type(found: list[tuple[str, ...]]) -> None:
    made = collection(sorted(found))
    pages = {question.address: question for question in questions(made)}
    reached = {
        kind.id for question in pages.values() if question.step == 4 for kind in question.types
    }
    for question in pages.values():
        for choice in question.choices:
            if choice.address.startswith("types/"):
                assert choice.count == 1
                reached.add(choice.address.split("/")[1])
            else:
                assert len(pages[choice.address].types) == choice.count
    assert reached == {kind.id for kind in made.types}


@given(looks)
def test_every_answer_and_every_attribute_value_has_its_drawing(
    found: list[tuple[str, ...]],
) -> None:
    made = collection(sorted(found))
    drawn = looks_drawn(made)
    for question in questions(made):
        assert {choice.look for choice in question.choices} <= drawn
        assert {look for _, look in question.before} <= drawn


def test_the_commonest_answer_comes_first() -> None:
    made = collection([("flat", "red"), ("flat", "white"), ("flat", "white"), ("round", "red")])
    flat = next(question for question in questions(made) if question.address == "looks/flat/")
    assert [(choice.look.body, choice.count) for choice in flat.choices] == [
        ("white", 2),
        ("red", 1),
    ]


def test_a_generated_picture_gets_the_named_form_and_colour_and_no_uncertain_marking() -> None:
    made = collection([("flat", "white", "cap", "black")], confidence=0.39)
    assert look_of(made.types[0]) == Look("flat", "white")


def test_an_embedder_without_attributes_has_no_key_and_one_section() -> None:
    made = collection([(), (), ()])
    assert list(questions(made)) == []
    assert [(section.form, section.count) for section in sections(made)] == [("", 3)]
    assert filters(made).attributes == {}


def test_few_types_are_all_shown_and_of_many_some_of_each_form() -> None:
    few = collection([("flat", "white")] * 20 + [("round", "red")] * 3)
    assert [len(section.types) for section in sections(few)] == [20, 3]

    many = collection([("flat", "white")] * 400 + [("round", "red")] * 5 + [("pole", "red")] * 60)
    shown = sections(many)
    assert [section.count for section in shown] == [400, 5, 60]
    assert sum(len(section.types) for section in shown) <= 110
    assert all(len(section.types) >= 4 for section in shown)


def test_a_family_is_listed_under_its_own_name_whatever_its_forms() -> None:
    made = collection([("flat", "white"), ("pole", "red"), ("flat", "red"), ("flat", "grey")])
    made = replace(
        made,
        families=(Family("winter", "For the snow", ("made-0", "made-1")),),
        types=tuple(
            replace(kind, family="winter") if kind.id in ("made-0", "made-1") else kind
            for kind in made.types
        ),
    )
    assert [(section.name, section.form, section.count) for section in sections(made)] == [
        ("For the snow", "", 2),
        ("", "flat", 2),
    ]


def test_filters_offer_existing_values_with_their_counts() -> None:
    made = collection([("flat", "white"), ("flat", "red"), ("round", "red")])
    offered = filters(made).attributes
    assert {name: [(o.value, o.count) for o in options] for name, options in offered.items()} == {
        "form": [("flat", 2), ("round", 1)],
        "body": [("white", 1), ("red", 2)],
    }


def test_the_key_the_sections_and_the_filter_give_one_number_for_each_form() -> None:
    sure = collection([("flat", "white"), ("flat", "red"), ("round", "red")])
    doubtful = collection([("flat", "white")], confidence=0.39).types[0]
    made = replace(sure, types=(*sure.types[:2], replace(doubtful, id="x"), sure.types[2]))

    key = {choice.look.form: choice.count for choice in next(iter(questions(made))).choices}
    assert key == {"flat": 3, "round": 1}
    assert {section.form: section.count for section in sections(made)} == key
    assert {one.value: one.count for one in filters(made).attributes["form"]} == key


def test_filters_offer_continents_and_only_countries_with_a_type() -> None:
    made = sample.catalogue()
    offered = filters(made)
    assert [option.value for option in offered.continents] == ["EU"]
    assert [option.country.code for option in offered.countries] == ["AT", "DE", "SI"]


def test_the_search_data_has_words_for_the_whole_vocabulary_and_names_of_countries() -> None:
    made = sample.catalogue()
    austria = replace(made.country["AT"], aliases=("Austria", "Österreich"))
    made = replace(
        made, countries=tuple(austria if one.code == "AT" else one for one in made.countries)
    )
    data = json.loads(search_data(made, make_environment((TEMPLATES,), "en", None)))
    assert set(VOCABULARY["form"]) == set(data["values"]["form"])
    assert set(VOCABULARY["pattern"]) == set(data["values"]["pattern"])
    assert set(VOCABULARY["body"]) | {"multi"} == set(data["values"]["colour"])
    assert all(words for own in data["values"].values() for words in own.values())
    assert ["AT", ["Austria", "Österreich"]] in data["places"]
    assert data["colourFirst"] is True
    styria = next(region for region in data["regions"] if region[0] == "Styria")
    assert styria == ["Styria", "AT", ["type-0"]]
