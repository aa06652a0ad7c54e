"""The layout of all photos: a cell for each, types together, similar ones close, and stable."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from generator.relate import tsne
from generator.relate.layout import Layout, lay_out
from generator.relate.settled import settled
from tests.rows import photo_rows

FloatArray = NDArray[np.float32]
Spots = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Collection:
    """A made-up collection: photos on rows, two views of each bollard."""

    ids: list[str]
    embeddings: FloatArray
    bollards: list[str]
    types: dict[str, frozenset[str]]

    def laid_out(self, known: Spots | None = None, cells: Spots | None = None) -> Layout:
        rows = photo_rows(self.ids, self.bollards, self.embeddings)
        return lay_out(rows, self.types, known or {}, cells or {})

    def shuffled(self, order: list[int]) -> "Collection":
        return replace(
            self,
            ids=[self.ids[row] for row in order],
            embeddings=self.embeddings[order],
            bollards=[self.bollards[row] for row in order],
            types=dict(reversed(self.types.items())),
        )

    def without(self, bollards: set[str]) -> "Collection":
        rows = [row for row, bollard in enumerate(self.bollards) if bollard not in bollards]
        ids = [self.ids[row] for row in rows]
        types = {key: photos & set(ids) for key, photos in self.types.items()}
        return Collection(
            ids,
            self.embeddings[rows],
            [self.bollards[row] for row in rows],
            {key: photos for key, photos in types.items() if photos},
        )


def made_up(sizes: list[int], one_offs: int, seed: int = 1) -> Collection:
    """Types of so many bollards around directions of six families, and bollards of no type."""
    rng = np.random.default_rng(seed)
    families = rng.normal(size=(6, 16))
    rows, ids, bollards = [], [], []
    types: dict[str, set[str]] = {}
    plan = [(f"type-{kind}", kind) for kind, size in enumerate(sizes) for _ in range(size)]
    looks = [families[kind % 6] + 0.7 * rng.normal(size=16) for kind in range(len(sizes))]
    for number, (key, kind) in enumerate([*plan, *([("", -1)] * one_offs)]):
        look = looks[kind] if key else families[number % 6] + rng.normal(size=16)
        for view in "ab":
            photo = f"{(number * 7919 + ord(view)) % 999_983:06x}"
            ids.append(photo)
            bollards.append(f"b{number}")
            rows.append(look + 0.3 * rng.normal(size=16))
            if key:
                types.setdefault(key, set()).add(photo)
    vectors = np.array(rows, dtype=np.float32).reshape(-1, 16)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Collection(ids, vectors, bollards, {key: frozenset(types[key]) for key in types})


FULL = made_up([40, 12, 9, 5, 4, 3, 3, 2, 2, 2, 2, 2, 2, 2, 6, 7, 3, 2, 2, 2], one_offs=25)


def touching(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return max(abs(a[0] - b[0]), abs(a[1] - b[1])) <= 1


@given(
    st.lists(st.integers(1, 30), max_size=16),
    st.integers(0, 20),
    st.integers(0, 9),
)
@settings(deadline=None, max_examples=30)
def test_every_photo_has_its_own_cell(sizes: list[int], one_offs: int, seed: int) -> None:
    collection = made_up(sizes, one_offs, seed)

    cells = collection.laid_out().cells

    assert set(cells) == set(collection.ids)
    assert len(set(cells.values())) == len(cells)


@given(st.data())
@settings(deadline=None, max_examples=10)
def test_the_order_of_input_does_not_matter(data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(FULL.ids))))

    assert FULL.shuffled(list(order)).laid_out() == FULL.laid_out()


def test_the_next_build_reuses_the_findings_of_a_build() -> None:
    first = FULL.laid_out()

    assert FULL.laid_out(first.places) == first
    assert FULL.laid_out(first.places, first.cells) == first


def grown(step: int = 20) -> tuple[Layout, Layout]:
    """The layout without every so many bollards, and that of the next build with all of them."""
    gone = {f"b{number}" for number in range(0, len(set(FULL.bollards)), step)}
    old = FULL.without(gone).laid_out()
    return old, FULL.laid_out(old.places, old.cells)


def test_types_overlap_neither_each_other_nor_unsorted_bollards() -> None:
    refuse_overlaps(FULL.laid_out().cells)
    refuse_overlaps(grown()[1].cells)


def refuse_overlaps(cells: Spots) -> None:
    group = {photo: key for key, photos in FULL.types.items() for photo in photos}
    group |= {
        photo: bollard
        for photo, bollard in zip(FULL.ids, FULL.bollards, strict=True)
        if photo not in group
    }
    for a in cells:
        for b in cells:
            assert group[a] == group[b] or not touching(cells[a], cells[b])


def test_a_type_is_one_group_and_views_of_an_unsorted_bollard_are_side_by_side() -> None:
    refuse_parts(FULL.laid_out().cells)
    refuse_parts(grown()[1].cells)


def refuse_parts(cells: Spots) -> None:
    placed = set().union(*FULL.types.values())
    for photos in FULL.types.values():
        island, waiting = set(photos), [min(photos)]
        while waiting:
            here = cells[waiting.pop()]
            reached = {photo for photo in island if touching(cells[photo], here)}
            island -= reached
            waiting += reached
        assert not island
    for bollard in set(FULL.bollards):
        views = [
            cells[photo]
            for photo, own in zip(FULL.ids, FULL.bollards, strict=True)
            if own == bollard and photo not in placed
        ]
        if views:
            assert views[0][1] == views[1][1]
            assert abs(views[0][0] - views[1][0]) == 1


def test_similar_types_are_near_each_other() -> None:
    found = FULL.laid_out()
    middle = {
        key: np.mean([found.cells[photo] for photo in sorted(photos)], axis=0)
        for key, photos in FULL.types.items()
    }
    keys = sorted(middle)
    same, other = [], []
    for number, a in enumerate(keys):
        for b in keys[number + 1 :]:
            family = int(a.split("-")[1]) % 6 == int(b.split("-")[1]) % 6
            (same if family else other).append(float(np.linalg.norm(middle[a] - middle[b])))

    assert np.mean(same) < 0.6 * np.mean(other)


def test_with_few_types_unsorted_bollards_are_near_those_that_they_resemble() -> None:
    few = made_up([4] * 8, one_offs=6)
    cells = few.laid_out().cells
    type_of = {photo: key for key, photos in few.types.items() for photo in photos}
    near, far = [], []
    for photo, look in zip(few.ids, few.embeddings, strict=True):
        if photo in type_of:
            continue
        alike = few.embeddings @ look
        away = np.linalg.norm(np.array([cells[one] for one in few.ids]) - cells[photo], axis=1)
        near += away[(alike > 0.4) & (alike < 0.95)].tolist()
        far += away[alike < 0].tolist()

    assert np.mean(near) < 0.6 * np.mean(far)


def test_types_beyond_those_that_are_drawn_are_put_beside_similar_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tsne, "_MOST", 15)
    random = np.random.default_rng(3)
    families = random.normal(size=(5, 12))
    looks = np.repeat(families, 12, axis=0) + 0.3 * random.normal(size=(60, 12))
    looks /= np.linalg.norm(looks, axis=1, keepdims=True)
    keys = [f"t{number:02}" for number in range(60)]

    found = tsne.places(keys, np.round(looks @ looks.T, 4), {})

    assert list(found) == keys
    at = np.array(list(found.values()), dtype=float)
    away = np.sqrt(((at[:, None] - at) ** 2).sum(axis=2))
    same = np.arange(60)[:, None] // 12 == np.arange(60) // 12
    assert away[same].mean() < 0.4 * away[~same].mean()


def test_new_photos_move_the_others_little() -> None:
    before = FULL.without({f"b{number}" for number in range(0, len(set(FULL.bollards)), 20)})
    old = before.laid_out()
    new = FULL.laid_out(old.places)
    width = np.ptp(np.array(list(new.cells.values())), axis=0)

    moved = [np.subtract(new.cells[photo], old.cells[photo]) for photo in before.ids]

    assert np.linalg.norm(moved, axis=1).mean() < 0.08 * np.linalg.norm(width)


def test_new_photos_leave_nearly_all_others_in_their_cells() -> None:
    old, new = grown()

    moved = [photo for photo in old.cells if new.cells[photo] != old.cells[photo]]

    assert len(new.cells) == len(FULL.ids)
    assert len(moved) <= len(old.cells) // 20


def test_a_group_without_room_for_a_new_photo_moves_as_a_whole_and_the_rest_stays() -> None:
    ring = [(x, y) for x in range(-2, 3) for y in range(-2, 3) if max(abs(x), abs(y)) == 2]
    others = {f"other-{number:02}": cell for number, cell in enumerate(ring)}
    fresh = {**others, "a": (0, 0), "b": (1, 0)}
    groups = [(list(others), False), (["a", "b"], False)]

    cells = settled(fresh, groups, {**others, "a": (0, 0)})

    assert {photo: cells[photo] for photo in others} == others
    assert touching(cells["a"], cells["b"])
    assert not any(touching(cells[photo], cell) for photo in "ab" for cell in ring)


def test_two_photos_in_one_cell_of_a_merged_ledger_get_cells_of_their_own() -> None:
    first = FULL.laid_out()
    one, other, *_ = sorted(FULL.types["type-0"])
    merged = {**first.cells, other: first.cells[one]}

    cells = FULL.laid_out(first.places, merged).cells

    assert len(set(cells.values())) == len(cells)
    assert cells[one] == first.cells[one]


def test_all_photos_get_new_cells_once_the_old_ones_are_far_from_where_they_belong() -> None:
    first = FULL.laid_out()
    turned = {photo: (-x, -y) for photo, (x, y) in first.cells.items()}

    assert FULL.laid_out(first.places, turned) == first


def test_a_new_type_is_placed_beside_the_one_that_it_resembles() -> None:
    before = replace(FULL, types={k: v for k, v in FULL.types.items() if k != "type-14"})
    known = before.laid_out().places

    found = FULL.laid_out(known).places

    assert {key: found[key] for key in known} == known
    relatives = ("type-2", "type-8")
    near = min(np.linalg.norm(np.subtract(found["type-14"], known[key])) for key in relatives)
    ranks = sorted(np.linalg.norm(np.subtract(found["type-14"], place)) for place in known.values())
    assert near <= ranks[3]


def test_positions_of_a_wholly_different_collection_do_not_count() -> None:
    known = {"type-0": (5000, 5000), "gone": (1, 1)}

    assert FULL.laid_out(known) == FULL.laid_out()


def test_nothing_and_almost_nothing_can_be_laid_out() -> None:
    empty = np.empty((0, 4), dtype=np.float32)

    assert lay_out(photo_rows([], [], empty), {}, {}).cells == {}
    alone = lay_out(photo_rows(["a"], ["b"], np.ones((1, 4), dtype=np.float32) / 2), {}, {})
    assert list(alone.cells) == ["a"]
    assert alone.places == {}
