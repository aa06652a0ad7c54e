"""Types keep their ids, and so their addresses, from build to build."""

import json
import string
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.curve import Calibration
from generator.errors import BollardsError
from generator.group.ledger import (
    Ledger,
    _assignment,
    assign_ids,
    renew,
    slugify,
)
from generator.group.ledger_file import dump_ledger, load_ledger

DAY = date(2025, 5, 1)
Clusters = list[frozenset[str]]


def post(_: frozenset[str]) -> list[str]:
    return ["White flat post"]


def rebuilt(clusters: Clusters, ledger: Ledger, day: date = DAY) -> Ledger:
    types = assign_ids(clusters, ledger, post)
    return renew(ledger, types, {one: f"{one}.jpg" for one in frozenset().union(*clusters)}, day)


def of(*groups: str) -> Clusters:
    """of("ab", "c") is two clusters of the photos a, b and c."""
    return [frozenset(group) for group in groups]


_photos = st.lists(st.sampled_from(string.ascii_lowercase), unique=True, max_size=20)


@st.composite
def clusterings(draw: st.DrawFn) -> Clusters:
    groups: dict[int, set[str]] = {}
    for photo in draw(_photos):
        groups.setdefault(draw(st.integers(0, 5)), set()).add(photo)
    return [frozenset(group) for group in groups.values()]


def test_new_types_get_readable_ids_of_their_own() -> None:
    assert set(assign_ids(of("abc", "de", "f"), Ledger(), post)) == {
        "white-flat-post",
        "white-flat-post-2",
        "white-flat-post-3",
    }


def test_the_first_proposal_that_is_free_becomes_the_id() -> None:
    proposals = ["White post", "White post, red reflector"]

    assert list(assign_ids(of("abc", "de", "f"), Ledger(), lambda _: proposals)) == [
        "white-post",
        "white-post-red-reflector",
        "white-post-red-reflector-2",
    ]


def test_a_type_that_grows_shrinks_or_is_renamed_keeps_its_id() -> None:
    ledger = Ledger(types={"a": frozenset("abc"), "b": frozenset("def")})

    assert assign_ids(of("abcx", "de"), ledger, post) == {
        "a": frozenset("abcx"),
        "b": frozenset("de"),
    }


def test_the_larger_part_of_a_split_type_keeps_the_id() -> None:
    found = assign_ids(of("ab", "cde"), Ledger(types={"old": frozenset("abcde")}), post)

    assert found == {"old": frozenset("cde"), "white-flat-post": frozenset("ab")}


def test_the_larger_of_two_merged_types_stays_and_the_other_retires() -> None:
    ledger = Ledger(types={"large": frozenset("abc"), "small": frozenset("de")})

    after = rebuilt(of("abcde"), ledger)

    assert set(after.types) == {"large"}
    assert after.retired == {"small": frozenset("de")}


def test_a_retired_id_comes_back_with_its_photos_and_is_never_given_to_others() -> None:
    ledger = Ledger(retired={"white-flat-post": frozenset("ab")})

    assert assign_ids(of("xy"), ledger, post) == {"white-flat-post-2": frozenset("xy")}
    assert assign_ids(of("ab"), ledger, post) == {"white-flat-post": frozenset("ab")}


def test_an_address_in_use_wins_over_a_retired_one() -> None:
    ledger = Ledger(types={"living": frozenset("ab")}, retired={"gone": frozenset("cdefgh")})

    assert set(assign_ids(of("abcdefgh"), ledger, post)) == {"living"}


def test_ids_are_matched_for_the_best_total_over_all_types() -> None:
    # Greedy matching would give x to "abcd" for its three photos and leave y without any.
    ledger = Ledger(types={"x": frozenset("abcef"), "y": frozenset("d")})

    found = assign_ids(of("abcd", "ef"), ledger, post)

    assert found["x"] == frozenset("abcd")
    assert "y" not in found
    ledger = Ledger(types={"x": frozenset("abcef"), "y": frozenset("dgh")})
    assert assign_ids(of("abcdgh", "ef"), ledger, post) == {
        "y": frozenset("abcdgh"),
        "x": frozenset("ef"),
    }


@given(clusterings(), clusterings())
def test_no_photo_is_lost_or_duplicated(before: Clusters, after: Clusters) -> None:
    ledger = rebuilt(before, Ledger())

    types = assign_ids(after, ledger, post)

    assert sorted(map(sorted, types.values())) == sorted(map(sorted, after))


@given(clusterings(), clusterings(), clusterings())
def test_a_rebuild_of_the_same_input_changes_nothing(a: Clusters, b: Clusters, c: Clusters) -> None:
    ledger = Ledger()
    for clusters in (a, b, c):
        ledger = rebuilt(clusters, ledger)

    assert rebuilt(c[::-1], ledger, date(2031, 1, 1)) == ledger


@given(clusterings(), clusterings(), _photos)
def test_types_survive_the_loss_of_photos(before: Clusters, now: Clusters, lost: list[str]) -> None:
    ledger = rebuilt(now, rebuilt(before, Ledger()))
    left = [group - set(lost) for group in now]

    types = assign_ids([group for group in left if group], ledger, post)

    for name, photos in ledger.types.items():
        if photos - set(lost):
            assert types[name] == photos - set(lost)


@given(clusterings(), clusterings(), st.data())
def test_types_survive_new_photos(before: Clusters, now: Clusters, data: st.DataObject) -> None:
    ledger = rebuilt(now, rebuilt(before, Ledger()))
    known = frozenset().union(*now) if now else frozenset()
    fresh = [p for p in data.draw(_photos) if p not in known] + ["new1", "new2"]
    grown = [set(group) for group in now] + [set()]
    for photo in fresh:
        grown[data.draw(st.integers(0, len(now)))].add(photo)

    types = assign_ids([frozenset(group) for group in grown if group], ledger, post)

    for name, photos in ledger.types.items():
        assert types[name] >= photos


@given(st.permutations(of("abc", "de", "fg", "h")))
def test_the_order_of_clusters_does_not_matter(clusters: Clusters) -> None:
    ledger = Ledger(types={"x": frozenset("adf"), "y": frozenset("beg")})

    assert assign_ids(clusters, ledger, post) == assign_ids(
        of("abc", "de", "fg", "h"), ledger, post
    )


_days = st.dates().map(date.isoformat)
_slugs = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)


@given(
    living=clusterings(),
    retired=st.dictionaries(_slugs, st.frozensets(st.text("0123456789abcdef", min_size=12))),
    added=st.dictionaries(st.text("0123456789abcdef", min_size=12), _days),
)
def test_a_written_file_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    living: Clusters,
    retired: dict[str, frozenset[str]],
    added: dict[str, str],
) -> None:
    types = {f"living-type-{number}": group for number, group in enumerate(living)}
    gone = {name: photos for name, photos in retired.items() if name not in types}
    ledger = Ledger(types=types, retired=gone, added=added)
    path = tmp_path_factory.getbasetemp() / "ledger.json"

    path.write_text(dump_ledger(ledger), encoding="utf-8")

    assert load_ledger(path) == ledger
    assert dump_ledger(load_ledger(path)) == path.read_text(encoding="utf-8")


def test_one_type_is_one_line_so_that_version_control_shows_changes() -> None:
    one = dump_ledger(Ledger(types={"x": frozenset("ab"), "y": frozenset("c")}))
    two = dump_ledger(Ledger(types={"x": frozenset("ab"), "y": frozenset("cd")}))

    assert len(set(one.splitlines()) ^ set(two.splitlines())) == 2


def test_the_first_day_of_a_photo_is_kept_for_ever() -> None:
    first = rebuilt(of("ab"), Ledger())
    without = rebuilt(of("b"), first, date(2026, 1, 1))
    again = rebuilt(of("abc"), without, date(2027, 1, 1))

    assert again.added == {"a": "2025-05-01", "b": "2025-05-01", "c": "2027-01-01"}


def test_a_missing_ledger_is_an_empty_one(tmp_path: Path) -> None:
    assert load_ledger(tmp_path / "ledger.json") == Ledger()


GOOD = {"version": 1, "types": {"x": ["a"]}, "retired": {}, "added": {"a": "2025-05-01"}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Expecting value"),
        (dump_ledger(Ledger(types={"x": frozenset("abc")}))[:30], "Expecting"),
        ("<<<<<<< HEAD\n{}", "Expecting value"),
        ("\xff", "Expecting value"),
        ("[]", '"version" is not a number'),
        ("{}", '"version" is not a number'),
        (json.dumps(GOOD | {"version": "1"}), '"version" is not a number'),
        (json.dumps(GOOD | {"version": True}), '"version" is not a number'),
        (json.dumps(GOOD | {"version": 0}), '"version" is not a number'),
        (json.dumps(GOOD | {"version": 2}), "written by a newer bollards (ledger version 2"),
        (json.dumps({"version": 1, "types": {}}), '"retired" is missing'),
        (json.dumps(GOOD | {"types": []}), '"types" is missing, or is not a table'),
        (json.dumps(GOOD | {"types": {"x": "abc"}}), '"x" is not a list of photo ids'),
        (json.dumps(GOOD | {"types": {"x": [1]}}), '"x" is not a list of photo ids'),
        (json.dumps(GOOD | {"types": {"../../x": ["a"]}}), '"../../x" is not a type id'),
        (json.dumps(GOOD | {"types": {"x": ["a"], "y": ["a"]}}), 'photo a is in two types, "x"'),
        (json.dumps(GOOD | {"retired": {"x": ["b"]}}), 'both in "types" and in "retired"'),
        (json.dumps(GOOD | {"added": {"a": "May"}}), 'for a; found "May"'),
        (json.dumps(GOOD | {"added": {"a": None}}), "for a; found null"),
        ("[" * 100_000, "ledger"),
        (
            '{"version": 1, "types": {"x": ["a"], "x": ["b"]}, "retired": {}, "added": {}}',
            'the key "x" is there twice, with different values',
        ),
        (
            '{"version": 1, "types": {"x": ["a"]}, "types": {}, "retired": {}, "added": {}}',
            'the key "types" is there twice',
        ),
    ],
)
def test_a_broken_ledger_is_reported_with_what_to_do(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "ledger.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BollardsError) as caught:
        load_ledger(path)

    assert str(path) in str(caught.value)
    assert told in str(caught.value)
    assert "version control" in str(caught.value) or "Update the program" in str(caught.value)


def test_a_line_that_a_version_control_merge_repeated_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.json"
    twice = '{"x": ["a"], "x": ["a"]}'
    path.write_text(f'{{"version": 1, "types": {twice}, "retired": {{}}, "added": {{}}}}')

    assert load_ledger(path).types == {"x": frozenset("a")}


@given(st.text())
def test_a_slug_is_safe_as_a_folder_and_in_an_address(text: str) -> None:
    assert set(slugify(text)) <= set(string.ascii_lowercase + string.digits + "-")
    assert slugify(slugify(text)) == slugify(text)
    assert len(slugify(text)) <= 100


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 4), st.sampled_from("abcde")), st.integers(1, 9), max_size=12
    )
)
def test_as_many_photos_as_possible_keep_their_type(
    gain: dict[tuple[int, str], int],
) -> None:
    found = _assignment(gain)

    def best(number: int, taken: frozenset[str]) -> int:
        """The greatest total gain of the numbers from this one on, by trying everything."""
        if number > 4:
            return 0
        choices = [name for other, name in gain if other == number and name not in taken]
        return max(
            best(number + 1, taken),
            *(gain[number, name] + best(number + 1, taken | {name}) for name in choices),
            0,
        )

    assert len(set(found.values())) == len(found)
    assert all(pair in gain for pair in found.items())
    assert sum(gain[pair] for pair in found.items()) == best(0, frozenset())


def test_positions_of_types_are_kept_as_long_as_the_types(tmp_path: Path) -> None:
    kept = Ledger(
        types={"white-post": frozenset({"a"}), "red-post": frozenset({"b"})},
        added={"a": "2025-01-01", "b": "2025-01-01"},
        places={"white-post": (-12, 340), "red-post": (5, 6)},
    )
    path = tmp_path / "ledger.json"
    path.write_text(dump_ledger(kept), encoding="utf-8")

    assert load_ledger(path) == kept
    after = renew(kept, {"white-post": frozenset({"a"})}, {"a": "a.jpg"}, date(2025, 2, 1))
    assert after.places == {"white-post": (-12, 340)}


def test_photos_keep_their_cells_as_long_as_they_are_in_the_same_type(tmp_path: Path) -> None:
    kept = Ledger(
        types={"white-post": frozenset({"a", "b"})},
        added=dict.fromkeys("abcd", "2025-01-01"),
        cells={"a": (-12, 340), "b": (0, 0), "c": (7, 7), "d": (8, 8)},
    )
    path = tmp_path / "ledger.json"
    path.write_text(dump_ledger(kept), encoding="utf-8")
    types = {"white-post": frozenset({"a"}), "red-post": frozenset({"b"})}

    after = renew(kept, types, {one: f"{one}.jpg" for one in "abc"}, date(2025, 2, 1))

    assert load_ledger(path) == kept
    assert after.cells == {"a": (-12, 340), "c": (7, 7)}


@pytest.mark.parametrize("place", ["3", "[1]", "[1, 2.5]", "[true, 1]", "[1, 9999999]"])
@pytest.mark.parametrize("table", ["places", "cells"])
def test_a_position_that_is_not_two_whole_numbers_is_refused_with_its_type(
    tmp_path: Path, table: str, place: str
) -> None:
    path = tmp_path / "ledger.json"
    path.write_text(
        '{"version": 1, "types": {"a": []}, "retired": {}, "added": {},'
        f' "{table}": {{"a": {place}}}}}',
        encoding="utf-8",
    )

    with pytest.raises(BollardsError, match='two whole numbers for "a"'):
        load_ledger(path)


@pytest.mark.parametrize("curve", ["3", "[1]", '["a", 2]', "[true, 1]", "[NaN, 1]", "[1, 1e99]"])
def test_a_calibration_that_is_not_two_numbers_is_refused(tmp_path: Path, curve: str) -> None:
    path = tmp_path / "ledger.json"
    path.write_text(
        f'{{"version": 1, "types": {{}}, "retired": {{}}, "added": {{}}, "calibration": {curve}}}',
        encoding="utf-8",
    )

    with pytest.raises(BollardsError, match="calibration: expected two numbers"):
        load_ledger(path)


def test_the_ledger_remembers_the_calibration(tmp_path: Path) -> None:
    kept = Ledger(calibration=Calibration(-10.52, 12.95))
    path = tmp_path / "ledger.json"
    path.write_text(dump_ledger(kept), encoding="utf-8")

    assert load_ledger(path).calibration == Calibration(-10.52, 12.95)
