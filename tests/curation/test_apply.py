"""The types follow the owner's decisions."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.curation import Curation
from generator.curation.apply import Decided, decide
from generator.curation.references import look_up

# Each bollard has one view more than its neighbour in the alphabet has in this notation: "ab" are
# the bollards a and b, with the photos a1, a2, b1 and b2.
Types = dict[str, str]


def photos(bollards: str) -> frozenset[str]:
    return frozenset(f"{bollard}{view}" for bollard in bollards for view in "12")


def decided(types: Types, said: dict[str, Any], others: str = "", **more: Any) -> Decided:
    """The outcome for types of bollards, such as {"white": "abc"}, and one-offs."""
    bollards = "".join(types.values()) + others
    views = {f"no/{bollard}": sorted(photos(bollard)) for bollard in bollards}
    files = {photo: f"no/{photo}.jpg" for photo in photos(bollards)}
    return decide(
        {key: photos(members) for key, members in types.items()},
        views,
        look_up(Curation.model_validate(said), views, files),
        **more,
    )


def bollards_of(outcome: Decided) -> Types:
    return {
        key: "".join(sorted({photo[0] for photo in members}))
        for key, members in outcome.types.items()
    }


def reasons(outcome: Decided) -> str:
    return "\n".join(problem.reason for problem in outcome.problems)


def test_clusters_decide_where_the_owner_has_not() -> None:
    outcome = decided({"white": "abc", "red": "de"}, {}, others="x")

    assert bollards_of(outcome) == {"white": "abc", "red": "de"}
    assert not outcome.photos
    assert not outcome.problems


def test_a_merged_type_is_part_of_the_other() -> None:
    outcome = decided({"white": "ab", "red": "de"}, {"merges": {"red": "white"}})

    assert bollards_of(outcome) == {"white": "abde"}
    assert outcome.merged == {"red": "white"}
    assert outcome.photos == photos("de")


def test_merges_follow_each_other() -> None:
    said = {"merges": {"a": "b", "b": "c"}}

    outcome = decided({"a": "a", "b": "b", "c": "c"}, said)

    assert bollards_of(outcome) == {"c": "abc"}
    assert outcome.merged == {"a": "c", "b": "c"}


def test_a_bollard_is_pinned_by_a_photo_a_file_or_its_key() -> None:
    said = {"bollards": {"a2": {"type": "red"}, "no/b1.jpg": {"type": "red"}, "no/c": {"type": ""}}}

    outcome = decided({"white": "abcd", "red": "e"}, said)

    assert bollards_of(outcome) == {"white": "d", "red": "abe"}
    assert outcome.photos == photos("abc")
    assert outcome.one_offs == photos("c")


def test_a_pin_to_a_merged_type_follows_the_merge() -> None:
    said = {"merges": {"red": "blue"}, "bollards": {"a1": {"type": "red"}}}

    assert bollards_of(decided({"white": "ab", "red": "c", "blue": "d"}, said)) == {
        "white": "b",
        "blue": "acd",
    }


def test_a_split_exists_as_soon_as_bollards_are_pinned_to_it() -> None:
    said: dict[str, Any] = {"types": {"white-red": {"split_from": "white"}}}

    assert bollards_of(decided({"white": "abc"}, said)) == {"white": "abc"}
    said["bollards"] = {"a1": {"type": "white-red"}, "b1": {"type": "white-red"}}
    outcome = decided({"white": "abc"}, said)
    assert bollards_of(outcome) == {"white": "c", "white-red": "ab"}
    assert not outcome.problems


def test_a_bollard_that_is_kept_out_of_its_type_is_unsorted() -> None:
    outcome = decided({"white": "abc"}, {"bollards": {"a1": {"not": ["white"]}}})

    assert bollards_of(outcome) == {"white": "bc"}
    assert outcome.photos == photos("a")
    assert not outcome.one_offs


def test_being_kept_out_of_a_type_holds_after_a_merge_into_it() -> None:
    said = {"merges": {"red": "white"}, "bollards": {"d1": {"not": ["white"]}}}

    assert bollards_of(decided({"white": "ab", "red": "de"}, said)) == {"white": "abe"}


def test_being_kept_out_of_a_merged_type_does_not_remove_bollards_from_the_other() -> None:
    said = {"merges": {"red": "white"}, "bollards": {"a1": {"not": ["red"]}}}

    assert bollards_of(decided({"white": "ab", "red": "de"}, said)) == {"white": "abde"}


def test_a_pin_outweighs_being_kept_out_of_what_a_merge_made_the_same_type() -> None:
    said = {
        "merges": {"red": "white"},
        "bollards": {"d1": {"type": "red", "not": ["white"]}},
    }

    outcome = decided({"white": "ab", "red": "d"}, said)

    assert bollards_of(outcome) == {"white": "abd"}
    assert 'kept out of "white", which is the same type by now' in reasons(outcome)


def test_a_hidden_photo_is_in_no_type() -> None:
    outcome = decided({"white": "ab"}, {"photos": {"a1": {"hidden": True}, "b2": {}}})

    assert outcome.types == {"white": photos("ab") - {"a1"}}


def test_a_type_whose_photos_are_all_hidden_is_gone() -> None:
    hidden = {"photos": {"a1": {"hidden": True}, "no/a2.jpg": {"hidden": True}}}

    assert bollards_of(decided({"white": "a", "red": "b"}, hidden)) == {"red": "b"}


def test_a_pin_to_a_type_that_never_existed_is_reported_and_moves_nothing() -> None:
    outcome = decided({"white": "ab"}, {"bollards": {"a1": {"type": "wite"}}})

    assert bollards_of(outcome) == {"white": "ab"}
    assert 'there is no type "wite". Did you mean white?' in reasons(outcome)
    assert "[types.wite] split_from" in reasons(outcome)


def test_a_pin_brings_a_retired_type_back() -> None:
    outcome = decided({"white": "ab"}, {"bollards": {"a1": {"type": "old"}}}, retired=["old"])

    assert bollards_of(outcome) == {"white": "b", "old": "a"}
    assert not outcome.problems


def test_merging_into_a_type_that_never_existed_is_reported_and_merges_nothing() -> None:
    outcome = decided({"white": "ab", "red": "c"}, {"merges": {"red": "wite"}})

    assert bollards_of(outcome) == {"white": "ab", "red": "c"}
    assert 'merges.red: there is no type "wite". Did you mean white?' in reasons(outcome)


def test_a_split_without_any_pinned_bollard_is_reported() -> None:
    told = reasons(decided({"white": "ab"}, {"types": {"mine": {"split_from": "white"}}}))

    assert "[types.mine] split_from: no existing bollard is pinned to this type" in told


def test_a_note_that_compares_a_type_with_itself_is_reported() -> None:
    told = reasons(decided({"white": "ab"}, {"types": {"white": {"lookalikes": {"white": "…"}}}}))

    assert "[types.white] lookalikes: a type cannot be compared with itself." in told


def test_two_types_of_one_name_are_reported_and_both_stay() -> None:
    said = {"types": {"red": {"name": "Post"}, "white": {"name": "post"}}}
    outcome = decided({"white": "ab", "red": "c"}, said)

    assert bollards_of(outcome) == {"white": "ab", "red": "c"}
    assert '[types.white] name: [types.red] is called "post" too' in reasons(outcome)


def test_every_mention_of_an_unknown_type_is_reported() -> None:
    said = {
        "types": {
            "white": {"lookalikes": {"nobody": "…"}, "lookalikes_in": {"de": {"none": "…"}}},
            "new": {"split_from": "whit"},
        },
        "families": {"f": {"name": "F", "types": ["white", "rde"]}},
        "bollards": {"a1": {"not": ["xyz"]}},
    }

    told = reasons(decided({"white": "ab", "red": "c"}, said))

    assert '[types.white] lookalikes: there is no type "nobody".' in told
    assert '[types.white] lookalikes_in.de: there is no type "none".' in told
    assert '[types.new] split_from: there is no type "whit". Did you mean white?' in told
    assert '[families.f]: there is no type "rde". Did you mean red?' in told
    assert '[bollards."a1"] not: there is no type "xyz".' in told


def test_a_photo_that_never_existed_is_reported_with_the_nearest_one() -> None:
    outcome = decided({"white": "ab"}, {"bollards": {"no/a3.jpg": {"type": "white"}}})

    assert '[bollards."no/a3.jpg"]: there is no such photo or bollard. Did you mean no/a' in (
        reasons(outcome)
    )


def test_the_last_of_two_entries_about_one_bollard_counts_and_this_is_reported() -> None:
    said = {"bollards": {"a1": {"type": "red"}, "no/a2.jpg": {"type": "white"}}}

    outcome = decided({"white": "a", "red": "b"}, said)

    assert bollards_of(outcome) == {"white": "a", "red": "b"}
    assert '[bollards."no/a2.jpg"]: this is the bollard of [bollards."a1"] too' in reasons(outcome)


_names = st.sampled_from(["p", "q", "r", "s"])
_bollards = st.sampled_from("abcdef")


@st.composite
def curations(draw: st.DrawFn) -> dict[str, Any]:
    order = draw(st.permutations(["p", "q", "r", "s"]))
    # Merging later ones into earlier ones cannot go round in a circle.
    merges = {
        gone: order[draw(st.integers(0, place))]
        for place, gone in enumerate(order[1:])
        if draw(st.booleans())
    }
    bollards = {}
    for one in draw(st.lists(_bollards, unique=True)):
        left_out = draw(st.lists(_names, max_size=2))
        said: dict[str, Any] = {"not": left_out}
        free = sorted({"p", "q", "r", "s", ""} - set(left_out))
        if draw(st.booleans()):
            said["type"] = draw(st.sampled_from(free))
        bollards[f"{one}1"] = said
    return {"merges": merges, "bollards": bollards}


@settings(deadline=None)
@given(curations(), st.dictionaries(_bollards, _names))
def test_repeating_a_decision_changes_nothing(said: dict[str, Any], of: dict[str, str]) -> None:
    types = {name: "".join(sorted(b for b in of if of[b] == name)) for name in set(of.values())}
    others = "".join(sorted(set("abcdef") - set(of)))
    # A type without bollards was there once.
    once = decided(types, said, others, retired="pqrs")

    views = {bollard: sorted(photos(bollard)) for bollard in "abcdef"}
    decisions = look_up(Curation.model_validate(said), views)
    again = decide(once.types, views, decisions, retired="pqrs")

    assert again.types == once.types


@settings(deadline=None)
@given(curations(), st.dictionaries(_bollards, _names, min_size=1))
def test_no_photo_is_in_two_types_and_every_pin_holds(
    said: dict[str, Any], of: dict[str, str]
) -> None:
    types = {name: "".join(sorted(b for b in of if of[b] == name)) for name in set(of.values())}
    outcome = decided(types, said, retired="pqrs")

    members = [photo for group in outcome.types.values() for photo in group]
    assert len(members) == len(set(members))
    book = Curation.model_validate(said)
    for reference, entry in said["bollards"].items():
        if "type" in entry and reference[0] in of:
            there = [key for key, group in outcome.types.items() if reference in group]
            assert there == ([book.kept(entry["type"])] if entry["type"] else [])
