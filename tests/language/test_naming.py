"""Types are called by what is seen, no two alike."""

from hypothesis import given
from hypothesis import strategies as st

from generator.catalogue import Trait
from generator.language.naming import alt_text, describe, distinct_names, short_name, traits
from generator.vocabulary import pooled


def look(form: str, body: str, pattern: str = "plain", accent: str = "none", **more: str):  # type: ignore[no-untyped-def]
    values = {"form": form, "body": body, "pattern": pattern, "accent": accent, **more}
    return {name: Trait(value, 0.9) for name, value in values.items()}


def test_a_name_says_body_form_and_marking() -> None:
    assert short_name(look("flat", "white", "diagonal", "black")) == (
        "White flat post, slanted black band"
    )
    assert short_name(look("paddle", "grey", "chevron", "red")) == (
        "Grey paddle on a stick, red chevrons"
    )
    assert short_name(look("pole", "orange")) == "Orange pole"
    assert short_name(look("drum", "orange", "stripes", "none")) == "Orange drum, stripes"


def test_words_that_the_program_does_not_know_are_no_trouble() -> None:
    assert short_name(look("obelisk", "pink", "dots", "green")) == "Pink obelisk"


def test_the_likeliest_value_is_taken_and_the_alphabet_settles_a_tie() -> None:
    found = traits({"body": {"white": 0.2, "red": 0.8}, "form": {"pole": 0.5, "flat": 0.5}})

    assert found == {"body": Trait("red", 0.8), "form": Trait("flat", 0.5)}


def test_what_several_photos_show_is_averaged() -> None:
    assert pooled([{"body": {"white": 1.0, "red": 0.0}}, {"body": {"white": 0.5, "red": 0.5}}]) == {
        "body": {"white": 0.75, "red": 0.25}
    }


def test_a_description_adds_the_reflector() -> None:
    assert describe(look("flat", "white", reflector="red")) == "White flat post, red reflector."
    assert describe(look("flat", "white", reflector="multi")).endswith(
        ", reflectors of several colours."
    )
    assert describe(look("flat", "white", reflector="none")) == "White flat post, no reflector."


def test_what_the_recogniser_is_not_sure_of_is_not_mentioned() -> None:
    unsure = {
        **look("flat", "white", "cap", "black"),
        "accent": Trait("black", 0.2),
        "reflector": Trait("red", 0.3),
    }
    assert describe(unsure) == "White flat post, cap."
    assert describe({**unsure, "pattern": Trait("cap", 0.2)}) == "White flat post."


def test_twins_are_told_apart_by_reflector_then_by_numbers_that_follow_their_ids() -> None:
    post = {"form": "flat", "body": "white"}
    names = distinct_names(
        {
            "post-10": look(**post, reflector="none"),
            "post": look(**post, reflector="red"),
            "post-2": look(**post, reflector="none"),
            "post-9": look(**post, reflector="none"),
            "pole": look("pole", "red", reflector="none"),
        }
    )

    assert names == {
        "post": "White flat post, red reflector",
        "post-2": "White flat post, no reflector",
        "post-9": "White flat post, no reflector 2",
        "post-10": "White flat post, no reflector 3",
        "pole": "Red pole",
    }


_looks = st.builds(
    look,
    st.sampled_from(["flat", "pole"]),
    st.sampled_from(["white", "red"]),
    st.sampled_from(["plain", "cap"]),
    st.sampled_from(["none", "red"]),
    reflector=st.sampled_from(["none", "red", "multi"]),
)


@given(st.dictionaries(st.text("ab-2", min_size=1), _looks | st.just({}), max_size=12))
def test_no_two_types_have_the_same_name(looks) -> None:  # type: ignore[no-untyped-def]
    names = distinct_names(looks)

    assert set(names) == set(looks)
    assert len(set(names.values())) == len(names)


def test_a_picture_is_described_with_and_without_words_and_places() -> None:
    assert alt_text(look("pole", "red"), "England, United Kingdom") == (
        "Red pole, England, United Kingdom"
    )
    assert alt_text({}, None) == "Roadside bollard"
