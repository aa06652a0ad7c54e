"""Generated names describe visible attributes, and no two are equal."""

from hypothesis import given
from hypothesis import strategies as st

from generator.catalogue import Trait, claims
from generator.group.ledger import slugify
from generator.language.addresses import said_by
from generator.language.naming import (
    alt_text,
    alt_text_in_type,
    describe,
    distinct_names,
    short_name,
    traits,
)
from generator.vocabulary import VOCABULARY, pooled, shares


def look(form: str, body: str, pattern: str = "plain", accent: str = "none", **more: str):  # type: ignore[no-untyped-def]
    values = {"form": form, "body": body, "pattern": pattern, "accent": accent, **more}
    return {name: Trait(value, 0.9) for name, value in values.items()}


def test_a_name_mentions_body_form_and_marking() -> None:
    assert short_name(look("flat", "white", "diagonal", "black")) == (
        "White flat post, slanted black band"
    )
    assert short_name(look("paddle", "grey", "chevron", "red")) == (
        "Grey paddle on a stick, red chevrons"
    )
    assert short_name(look("pole", "orange")) == "Orange pole"
    assert short_name(look("drum", "orange", "stripes", "none")) == "Orange drum, stripes"


def test_unknown_words_are_accepted() -> None:
    assert short_name(look("obelisk", "pink", "dots", "green")) == "Pink obelisk"


def test_the_most_likely_value_is_used_and_a_tie_is_settled_alphabetically() -> None:
    found = traits({"body": {"white": 0.2, "red": 0.8}, "form": {"pole": 0.5, "flat": 0.5}})

    assert found == {"body": Trait("red", 0.8), "form": Trait("flat", 0.5)}


def test_attributes_of_several_photos_are_averaged() -> None:
    assert pooled([{"body": {"white": 1.0, "red": 0.0}}, {"body": {"white": 0.5, "red": 0.5}}]) == {
        "body": {"white": 0.75, "red": 0.25}
    }


def test_a_description_adds_the_reflector() -> None:
    def described(reflector: str) -> str:
        return describe(claims(look("flat", "white", reflector=reflector)))

    assert described("red") == "White flat post, red reflector."
    assert described("multi").endswith(", reflectors of several colours.")
    assert described("none") == "White flat post, no reflector."


def test_the_name_of_a_type_says_only_what_nearly_all_its_bollards_show() -> None:
    post = look("flat", "white", "cap", "black", reflector="red")

    assert describe(claims(post)) == "White flat post, black cap, red reflector."
    for unsure, name in (
        ("reflector", "White flat post, black cap."),
        ("accent", "White flat post, cap, red reflector."),
        ("pattern", "White flat post, black marking, red reflector."),
        ("form", "White bollard, black cap, red reflector."),
        ("body", "Flat post, black cap, red reflector."),
    ):
        half = {**post, unsure: Trait(post[unsure].value, 0.6)}
        assert describe(claims(half)) == name
    assert describe(claims({**look("flat", "white"), "form": Trait("flat", 0.6)})) == (
        "White bollard."
    )


def test_the_share_of_bollards_that_show_a_value_counts_every_bollard_once() -> None:
    sure = {"reflector": {"red": 0.9, "orange": 0.1}}
    unsure = {"reflector": {"red": 0.5, "orange": 0.5}}

    assert shares([sure])["reflector"]["red"] > 0.9
    half = shares([sure, unsure])["reflector"]
    assert 0.7 < half["red"] < 0.76
    assert round(sum(half.values()), 6) == 1
    assert shares([]) == {}


def test_types_of_one_name_are_distinguished_by_an_attribute_of_one_alone() -> None:
    post = look("flat", "white")
    names = distinct_names(
        {
            "a": {**post, "reflector": Trait("red", 0.9)},
            "b": {**post, "reflector": Trait("orange", 0.6)},
            "c": {**post, "pattern": Trait("cap", 0.8), "reflector": Trait("red", 0.5)},
            "d": {**post, "pattern": Trait("cap", 0.6)},
            "e": look("pole", "red"),
        }
    )

    assert names == {
        "a": "White flat post, red reflector",
        "b": "White flat post, no marking",
        "c": "White flat post, cap",
        "d": "White flat post",
        "e": "Red pole",
    }


def test_types_of_one_look_are_distinguished_by_true_places_only() -> None:
    post = look("flat", "white", reflector="red")
    called = {"ES": "Spain", "PT": "Portugal", "JP": "Japan", "FR": "France", "150": "Europe"}

    def named(**places: dict[str, int]) -> dict[str, str]:
        found = distinct_names(
            dict.fromkeys(places, post), places=places, called=called.__getitem__
        )
        start = "White flat post, red reflector"
        return {key: name.removeprefix(start).strip() for key, name in found.items()}

    assert named(a={"ES": 3, "PT": 2}, b={"JP": 4}) == {"a": "(Spain, Portugal)", "b": "(Japan)"}
    assert named(a={"ES": 3, "PT": 2, "FR": 1, "AT": 1, "DE": 1}, b={"JP": 4}) == {
        "a": "(Europe)",
        "b": "(Japan)",
    }
    assert named(a={"ES": 6, "JP": 2}, b={"JP": 4, "FR": 2}) == {
        "a": "(above all Spain)",
        "b": "(Japan, France)",
    }
    # Both are mostly in Spain, so that neither may say so alone.
    both = named(a={"ES": 6}, b={"ES": 4, "FR": 1})
    assert both["a"] != both["b"]


def test_a_place_that_tells_one_type_apart_is_no_other_types_with_a_number() -> None:
    """As of types that have no looks to name, in collections of other things."""
    places = {
        "a": {"DE": 6, "FR": 4},
        "b": {"DE": 4, "AT": 3, "FR": 2},
        "c": {"DE": 4, "AT": 3, "FR": 2},
    }

    names = distinct_names({key: {} for key in places}, places=places)

    assert names == {
        "a": "Bollard type (above all DE)",
        "b": "Bollard type (above all DE, AT)",
        "c": "Bollard type (above all DE, AT, FR)",
    }


def test_types_that_nothing_distinguishes_are_numbered_in_the_order_of_their_ids() -> None:
    post = look("flat", "white", reflector="none")
    names = distinct_names({"post-10": post, "post": post, "post-2": post})

    assert names == {
        "post": "White flat post, no reflector",
        "post-2": "White flat post, no reflector 2",
        "post-10": "White flat post, no reflector 3",
    }
    assert len(set(distinct_names({"a": post, "b": post}, numbered=False).values())) == 1


@given(
    st.sampled_from(VOCABULARY["form"]),
    st.sampled_from(VOCABULARY["body"]),
    st.sampled_from([value for value in VOCABULARY["pattern"] if value != "plain"]),
    st.sampled_from([value for value in VOCABULARY["accent"] if value != "none"]),
    st.sampled_from(VOCABULARY["reflector"]),
)
def test_an_id_gives_back_the_attributes_that_it_was_made_from(
    form: str, body: str, pattern: str, accent: str, reflector: str
) -> None:
    said = {"form": form, "body": body, "pattern": pattern, "accent": accent}

    assert said_by(slugify(describe(said))) == said
    assert said_by(slugify(describe({**said, "reflector": reflector}))) == {
        **said,
        "reflector": reflector,
    }
    assert said_by(slugify(describe({"body": body}))) == {"body": body}


def test_an_id_that_the_owner_chose_implies_no_attributes() -> None:
    assert said_by("leitpfosten") == {}
    assert said_by("type-a1b2c3") == {}
    assert said_by("") == {}


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


def test_a_picture_is_described_with_and_without_attributes_and_place() -> None:
    assert alt_text(look("pole", "red"), "England, United Kingdom") == (
        "Red pole, England, United Kingdom"
    )
    assert alt_text({}, None) == "Roadside bollard"


def test_the_description_of_a_photo_agrees_with_its_type_but_never_says_what_it_refutes() -> None:
    of_type = claims(look("flat", "white", "band", "red", reflector="red"))
    unsure = {"form": Trait("round", 0.5), "accent": Trait("red", 0.9)}
    other = {"form": Trait("round", 0.9), "reflector": Trait("orange", 0.8)}

    assert alt_text_in_type(unsure, of_type, "Spain") == (
        "White flat post, red band, red reflector, Spain"
    )
    assert alt_text_in_type(other, of_type, None) == "White bollard, red band"
    assert alt_text_in_type(look("pole", "red"), {}, None) == "Red pole"
