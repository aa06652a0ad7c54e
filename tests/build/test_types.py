"""Types last: known bollards stay, new ones join or wait, and the owner's decisions hold."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from generator.build.types import TypeAssignment, find_types
from generator.config import GroupSettings
from generator.curation import Curation
from generator.curation.references import look_up
from generator.group.ledger import Ledger
from generator.group.ledger_file import dump_ledger
from generator.vectors import unit_rows
from tests.group.made import grouped, photo_id
from tests.rows import photo_rows

MODES = ("join", "propose", "recluster")
Shown = dict[str, set[str]]

# Six groups of five bollards and four like no other; what each looks like never changes.
LOOKS, GROUP = grouped([5, 5, 5, 5, 5, 5], alone=4)
ALL = range(len(LOOKS))


@dataclass
class Site:
    """A collection of bollards with one photo each, and its ledger."""

    cache: Path
    mode: str = "join"
    said: dict[str, Any] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    vectors: NDArray[np.float32] = field(default_factory=lambda: LOOKS)
    ids: dict[int, str] = field(default_factory=lambda: {row: photo_id(row) for row in ALL})
    files: dict[int, str] = field(default_factory=lambda: {row: f"no/{row}.jpg" for row in ALL})

    def build(self, rows: Iterable[int]) -> TypeAssignment:
        there = list(rows)
        ids = [self.ids[row] for row in there]
        files = [self.files[row] for row in there]
        seen = replace(photo_rows(ids, files, self.vectors[there]), files=tuple(files))
        typed = find_types(
            seen,
            look_up(
                Curation.model_validate(self.said),
                {file: [photo] for photo, file in zip(ids, files, strict=True)},
                dict(zip(ids, files, strict=True)),
                self.ledger.files,
            ),
            self.ledger,
            GroupSettings(new=self.mode),
            date(2025, 1, 1),
            self.cache,
        )
        self.ledger = typed.ledger
        return typed

    def types(self, rows: Iterable[int]) -> dict[str, set[int]]:
        """Build, and return the bollards of each type."""
        row_of = {photo: row for row, photo in self.ids.items()}
        found = self.build(rows).decided.types
        return {key: {row_of[photo] for photo in photos} for key, photos in found.items()}


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., Site]:
    return lambda **more: Site(tmp_path / "clusters.json", **more)


def type_of(row: int, types: dict[str, set[int]]) -> str | None:
    return next((key for key, rows in types.items() if row in rows), None)


def of_group(*numbers: int) -> list[int]:
    return [row for row in ALL if GROUP[row] in numbers]


def test_the_first_build_groups_everything(site: Callable[..., Site]) -> None:
    for mode in MODES:
        types = site(mode=mode).types(ALL)

        assert sorted(map(sorted, types.values())) == [of_group(n) for n in range(6)]


def test_a_new_bollard_joins_the_type_that_it_is_near(site: Callable[..., Site]) -> None:
    one = site()
    before = one.types(of_group(0, 1, 2, 3)[:-1])
    last = of_group(3)[-1]

    after = one.types(of_group(0, 1, 2, 3))

    assert after == {
        key: rows | ({last} if of_group(3)[0] in rows else set()) for key, rows in before.items()
    }


def test_new_bollards_that_resemble_only_each_other_become_a_type(
    site: Callable[..., Site],
) -> None:
    one = site()
    before = one.types(of_group(0, 1, 2))

    after = one.types(of_group(0, 1, 2, 4))

    (born,) = after.keys() - before.keys()
    assert after[born] == set(of_group(4))
    assert {key: after[key] for key in before} == before


def test_an_unsorted_bollard_with_enough_similar_new_ones_becomes_a_type_with_them(
    site: Callable[..., Site],
) -> None:
    one = site()
    first, *others = of_group(5)
    assert type_of(first, one.types([*of_group(0, 1, 2), first])) is None

    after = one.types([*of_group(0, 1, 2), first, *others])

    assert {first, *others} in after.values()


def test_a_new_bollard_between_two_types_is_unsorted_with_both_as_candidates(
    site: Callable[..., Site],
) -> None:
    # Two types that are neighbours, and a newcomer right between them.
    axes = np.eye(24, dtype=np.float32)
    a, b = axes[[0]], unit_rows(0.9 * axes[[0]] + 0.435 * axes[[1]])
    around = 0.02 * np.random.default_rng(3).normal(size=(11, 24)) / 24**0.5
    vectors = np.concatenate([*[a] * 5, *[b] * 5, a]) + around
    one = site(vectors=unit_rows(np.concatenate([vectors, a + b, LOOKS[of_group(2, 3)]])))
    types = {"a": range(5), "b": range(5, 10), "c": range(12, 17), "d": range(17, 22)}
    one.ledger = Ledger(
        types={key: frozenset(one.ids[row] for row in rows) for key, rows in types.items()},
        added={one.ids[row]: "2025-01-01" for rows in types.values() for row in rows},
    )

    after = one.types(range(22))

    assert type_of(10, after) == "a"
    assert type_of(11, after) is None


def test_with_propose_nothing_enters_a_type_by_itself_and_groups_are_proposed(
    site: Callable[..., Site],
) -> None:
    one = site(mode="propose")
    before = one.types(of_group(0, 1)[:-1])

    typed = one.build(of_group(0, 1, 4))

    assert typed.decided.types.keys() == before.keys()
    assert sum(map(len, typed.decided.types.values())) == len(of_group(0, 1)) - 1
    assert typed.proposals == (frozenset(one.ids[row] for row in of_group(4)),)
    # They wait until somebody decides.
    assert one.build(of_group(0, 1, 4)).proposals == typed.proposals


def test_a_changed_embedder_moves_bollards_only_with_recluster(site: Callable[..., Site]) -> None:
    other = unit_rows(np.random.default_rng(8).normal(size=(len(ALL), 12)))
    for mode in ("join", "propose"):
        one = site(mode=mode)
        before = one.types(ALL)
        one.vectors = other

        assert one.types(ALL) == before
    one = site(mode="recluster")
    before = one.types(ALL)
    one.vectors = other
    assert one.types(ALL) != before


@given(st.permutations(ALL), st.integers(10, 30), st.sampled_from(MODES))
@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
def test_the_order_of_files_renames_and_a_deleted_cache_change_nothing(
    tmp_path: Path, order: list[int], half: int, mode: str
) -> None:
    plain, shuffled = Site(tmp_path / "a.json", mode), Site(tmp_path / "b.json", mode)
    for build in (sorted(order[:half]), sorted(order)):
        expected = plain.types(build)
        (tmp_path / "b.json").unlink(missing_ok=True)

        assert shuffled.types([row for row in order if row in build]) == expected
        shuffled.files = {row: f"moved/{order[row]}/x{order[row]}.jpg" for row in ALL}


@given(st.permutations(ALL), st.integers(8, 30), st.sampled_from(MODES))
@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
def test_a_second_build_of_the_same_input_changes_nothing(
    tmp_path: Path, order: list[int], half: int, mode: str
) -> None:
    one = Site(tmp_path / "a.json", mode)
    one.build(sorted(order[:half]))
    first = one.build(ALL)
    again = one.build(ALL)

    assert again.decided.types == first.decided.types
    assert dump_ledger(again.ledger) == dump_ledger(first.ledger)


@given(st.permutations(ALL), st.lists(st.integers(5, 34), min_size=1, max_size=4))
@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
def test_no_known_bollard_ever_changes_its_type_by_itself(
    tmp_path: Path, order: list[int], sizes: list[int]
) -> None:
    one = Site(tmp_path / "a.json")
    was: dict[int, str] = {}
    for size in sizes:
        # Photos come and go, in any number.
        there = order[:size] if len(was) % 2 else order[-size:]
        types = one.types(there)
        now = {row: key for key, rows in types.items() for row in rows}
        assert all(now.get(row) == key for row, key in was.items() if row in there)
        was |= now


def test_photos_that_come_back_get_their_type_again(site: Callable[..., Site]) -> None:
    one = site()
    before = one.types(ALL)
    one.types([row for row in ALL if row % 3])

    assert one.types(ALL) == before


def test_a_type_comes_back_with_its_photos(site: Callable[..., Site]) -> None:
    one = site()
    before = one.types(ALL)
    one.types([row for row in ALL if GROUP[row] != 2])
    assert set(one.ledger.retired) == {type_of(of_group(2)[0], before)}

    assert one.types(ALL) == before
    assert not one.ledger.retired


def test_a_photo_that_was_saved_again_keeps_its_type(site: Callable[..., Site]) -> None:
    one = site()
    before = one.types(ALL)
    one.ids = {row: photo_id(1000 + row) for row in ALL}

    assert one.types(ALL) == before


def test_a_file_that_now_shows_another_bollard_is_a_new_photo(site: Callable[..., Site]) -> None:
    one = site()
    before = one.types(ALL)
    row, goal = of_group(0)[0], of_group(3)[0]
    one.ids = one.ids | {row: photo_id(1000)}
    one.vectors = LOOKS.copy()
    one.vectors[row] = LOOKS[goal]

    after = one.types(ALL)

    assert type_of(row, after) == type_of(goal, before)


@pytest.mark.parametrize("mode", MODES)
def test_decisions_hold_with_every_policy_for_moving_bollards(
    mode: str, site: Callable[..., Site]
) -> None:
    one = site(mode=mode)
    before = one.types(ALL)
    a, b, c = (type_of(of_group(number)[0], before) for number in (0, 1, 2))
    pinned, out, alone = of_group(3)[0], of_group(4)[0], of_group(5)[0]
    home = type_of(out, before)
    one.said = {
        "types": {"mine": {"name": "Mine", "split_from": c}, a: {"name": "A"}},
        "merges": {b: a},
        "bollards": {
            f"no/{pinned}.jpg": {"type": a},
            one.ids[of_group(2)[0]]: {"type": "mine"},
            f"no/{out}.jpg": {"not": [home]},
            f"no/{alone}.jpg": {"type": ""},
        },
    }

    for rows in (ALL, [row for row in ALL if row % 4 or row in (pinned, out, alone)], ALL):
        types = one.types(rows)
        assert b not in types
        assert one.ledger.moved[str(b)] == a
        assert type_of(pinned, types) == a
        assert type_of(of_group(2)[0], types) in ("mine", None)
        assert type_of(out, types) != home
        assert type_of(alone, types) is None
        assert types[str(a)] >= set(of_group(0, 1)) & set(rows)


def test_a_decision_that_is_withdrawn_leaves_no_trace(
    site: Callable[..., Site],
) -> None:
    one = site()
    before = one.types(ALL)
    a, b = (type_of(of_group(number)[0], before) for number in (0, 1))
    one.said = {
        "merges": {b: a},
        "bollards": {"no/20.jpg": {"type": a}, "no/30.jpg": {"type": a}, "no/12.jpg": {"type": ""}},
    }
    assert one.types(ALL) != before
    one.said = {}

    assert one.types(ALL) == before


def test_new_bollards_join_types_that_the_owner_made(site: Callable[..., Site]) -> None:
    one = site()
    first = [row for row in ALL if row != of_group(1)[-1]]
    before = one.types(first)
    a, b = (str(type_of(of_group(number)[0], before)) for number in (0, 1))
    one.said = {"merges": {b: a}}
    one.types(first)

    assert type_of(of_group(1)[-1], one.types(ALL)) == a


def test_a_bollard_that_is_kept_out_of_a_type_does_not_take_its_id_along(
    site: Callable[..., Site],
) -> None:
    one = site()
    rows = of_group(0, 1, 2)
    before = one.types(rows)
    home = str(type_of(of_group(0)[0], before))
    stranger = of_group(0)[0]
    one.said = {"bollards": {f"no/{stranger}.jpg": {"not": [home]}}}
    one.types(rows)
    # It turns out to look like new ones; its own group stays what it was.
    one.vectors = LOOKS.copy()
    one.vectors[stranger] = LOOKS[of_group(5)[0]]

    after = one.types([*rows, *of_group(5)])

    assert after[home] == set(of_group(0)) - {stranger}
    assert {stranger, *of_group(5)} in after.values()


def test_a_named_type_survives_a_new_clustering_without_such_a_cluster(
    site: Callable[..., Site],
) -> None:
    one = site(mode="recluster")
    before = one.types(ALL)
    one.said = {"types": {key: {"name": f"Type {key}"} for key in before}}
    # Another embedder, to which all bollards look alike.
    one.vectors = unit_rows(
        np.ones((len(ALL), 5)) + 0.01 * np.random.default_rng(1).normal(size=(34, 5))
    )

    assert one.types(ALL).keys() >= before.keys()


def test_ids_that_the_owner_chose_are_not_given_to_other_types(
    site: Callable[..., Site],
) -> None:
    born = next(iter(site().types(of_group(0))))
    one = site(said={"types": {born: {"name": "Mine", "split_from": "other"}}})

    assert born not in one.types(of_group(0))


def test_the_ledger_lists_undecided_bollards_in_plain_text(site: Callable[..., Site]) -> None:
    one = site()
    before = one.types(ALL)
    a, b = (str(type_of(of_group(number)[0], before)) for number in (0, 1))
    one.said = {"merges": {b: a}}
    one.types(ALL)

    told = json.loads(dump_ledger(one.ledger))

    assert sorted(told["undecided"][b]) == sorted(one.ids[row] for row in of_group(1))
    assert told["files"]["no/0.jpg"] == one.ids[0]
    assert replace(one.ledger, undecided={}) != one.ledger


def described(rows: Iterable[int], **told: str) -> tuple[dict[str, dict[str, float]], ...]:
    """White flat posts, except for `told`; the values are certain."""
    post = {"form": "flat", "body": "white", "pattern": "plain", "accent": "none"} | {
        "reflector": "none"
    }
    values = post | told
    return tuple({name: {value: 1.0} for name, value in values.items()} for _ in rows)


def test_a_type_gets_a_new_address_if_its_name_turns_out_wrong(tmp_path: Path) -> None:
    ids = [photo_id(row) for row in of_group(0)]

    def build(ledger: Ledger, noted: tuple[str, ...] = (), **told: str) -> TypeAssignment:
        seen = photo_rows(ids, ids, LOOKS[of_group(0)], described(ids, **told))
        decisions = look_up(
            Curation(), {one: [one] for one in ids}, dict(zip(ids, ids, strict=True)), {}
        )
        return find_types(
            seen,
            decisions,
            ledger,
            GroupSettings(),
            date(2025, 1, 1),
            tmp_path / "kept",
            noted=noted,
        )

    first = build(Ledger(), reflector="red").decided.types
    assert list(first) == ["white-flat-post"]

    red = build(Ledger(), pattern="band", accent="red")
    assert list(red.decided.types) == ["white-flat-post-red-band"]

    # A better recogniser finds that the band is black.
    black = build(red.ledger, pattern="band", accent="black")
    assert list(black.decided.types) == ["white-flat-post-black-band"]
    assert black.ledger.moved == {"white-flat-post-red-band": "white-flat-post-black-band"}

    # What the owner has written about stays where it is.
    noted = build(red.ledger, ("white-flat-post-red-band",), pattern="band", accent="black")
    assert list(noted.decided.types) == ["white-flat-post-red-band"]
