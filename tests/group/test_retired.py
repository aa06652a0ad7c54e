"""The address of a type that is gone redirects to the type of its photos."""

import string
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import BollardsError
from generator.group.ledger import Ledger, assign_ids, renew
from generator.group.ledger_file import dump_ledger, load_ledger
from generator.group.retired import destinations, moved_types

DAY = date(2025, 5, 1)
Types = dict[str, frozenset[str]]


def of(**types: str) -> Types:
    """of(a="xy") is a type "a" with the photos x and y."""
    return {key: frozenset(photos) for key, photos in types.items()}


def leads(retired: Types, types: Types, recorded: dict[str, str] | None = None) -> dict[str, str]:
    photos = frozenset().union(*types.values())
    return destinations(retired, recorded or {}, types, photos)


def test_it_redirects_to_the_type_that_has_most_of_its_photos() -> None:
    assert leads(of(old="abcd"), of(large="xyzab", small="w", other="c")) == {"old": "large"}


def test_a_tie_keeps_the_earlier_redirect() -> None:
    types = of(one="a", two="b")

    assert leads(of(old="ab"), types) == {"old": "one"}
    assert leads(of(old="ab"), types, {"old": "two"}) == {"old": "two"}


def test_it_keeps_its_redirect_after_its_photos_have_left() -> None:
    assert leads(of(old="ab"), of(new="xy"), {"old": "new"}) == {"old": "new"}


def test_it_follows_the_redirect_of_a_type_that_has_retired_too() -> None:
    retired = of(old="ab", middle="xy")

    assert leads(retired, of(last="xyz"), {"old": "middle"}) == {"old": "last", "middle": "last"}


def test_a_circle_of_redirects_in_an_edited_ledger_leads_nowhere() -> None:
    assert leads(of(one="a", two="b"), of(new="x"), {"one": "two", "two": "one"}) == {}


def test_a_type_with_only_unsorted_bollards_left_has_no_successor() -> None:
    retired = of(scattered="ab", gone="cd")
    photos = frozenset("abx")
    successors = destinations(retired, {"scattered": "new"}, of(new="x"), photos)

    moved = {one.id: one.address for one in moved_types(retired, successors, photos)}
    assert moved == {"scattered": "one-offs/", "gone": ""}


_clusters = st.lists(
    st.dictionaries(st.sampled_from(string.ascii_lowercase[:12]), st.integers(-1, 3), max_size=12),
    min_size=1,
    max_size=8,
)


@given(_clusters)
@settings(deadline=None)  # the first example that needs SciPy waits for its import
def test_every_type_that_ever_existed_redirects_to_an_existing_page(
    builds: list[dict[str, int]],
) -> None:
    ledger = Ledger()
    ever: set[str] = set()
    for labels in builds:
        members: dict[int, set[str]] = {}
        for photo, label in labels.items():
            if label >= 0:
                members.setdefault(label, set()).add(photo)
        clusters = [frozenset(group) for group in members.values()]
        types = assign_ids(clusters, ledger, lambda _: ["post"])
        ledger = renew(ledger, types, {one: f"{one}.jpg" for one in labels}, DAY)
        ever |= set(types)

        moved = {
            one.id: one.address
            for one in moved_types(ledger.retired, ledger.moved, frozenset(labels))
        }
        pages = {"", "one-offs/"} | {f"types/{key}/" for key in types}
        for key in ever:
            assert f"types/{key}/" in pages or moved[key] in pages
        assert not moved.keys() & types.keys()


@given(_clusters)
@settings(deadline=None)
def test_a_build_without_changes_keeps_all_redirects(builds: list[dict[str, int]]) -> None:
    ledger = Ledger()
    for labels in builds:
        clusters = [
            frozenset(photo for photo, other in labels.items() if other == label)
            for label in set(labels.values()) - {-1}
        ]
        types = assign_ids(clusters, ledger, lambda _: ["post"])
        ledger = renew(ledger, types, {one: f"{one}.jpg" for one in labels}, DAY)

    files = {one: f"{one}.jpg" for one in builds[-1]}
    assert renew(ledger, ledger.types, files, DAY) == ledger


@pytest.mark.parametrize(
    ("moved", "message"),
    [
        ('["a"]', '"moved" is not a table'),
        ('{"b": "a"}', 'moved: "b" is not in "retired"'),
        ('{"old": "../up"}', "expected a type id"),
        ('{"old": 1}', "expected a type id"),
    ],
)
def test_a_damaged_record_is_one_clear_message(tmp_path: Path, moved: str, message: str) -> None:
    path = tmp_path / "ledger.json"
    text = dump_ledger(Ledger(types=of(a="x"), retired=of(old="y"), moved={"old": "a"}))
    path.write_text(text.replace('{\n  "old": "a"\n }', moved), encoding="utf-8")

    with pytest.raises(BollardsError, match=r"ledger\.json") as caught:
        load_ledger(path)
    assert message in str(caught.value)


def test_a_ledger_from_before_redirects_were_recorded_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ledger.json"
    path.write_text('{"version": 1, "types": {}, "retired": {"old": ["y"]}, "added": {}}')

    assert load_ledger(path).moved == {}
