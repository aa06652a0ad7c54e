"""Which part of the world a page shows, and how its countries are marked there."""

from collections.abc import Sequence

import pytest

from generator.catalogue import Country, CountryShare
from generator.render.maps import (
    LEVELS,
    Map,
    View,
    fitted,
    pair_map,
    place_map,
    share_map,
    whole,
    world_map,
)
from generator.render.world import World, load_world
from generator.resources import WORLD


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(WORLD)


def shares(counts: dict[str | None, int]) -> Sequence[CountryShare]:
    total = sum(counts.values())
    return [
        CountryShare(code, str(code), count, count, count / total) for code, count in counts.items()
    ]


def country(code: str | None) -> Country:
    return Country(code, str(code), (), (), (), ())


def holds(view: View, world: World, code: str) -> bool:
    place = world.places[code]
    return (
        view.left <= place.x <= view.left + view.width
        and view.top <= place.y <= view.top + view.height
    )


def test_every_country_can_be_highlighted_on_the_whole_map(world: World) -> None:
    view = whole(world, world.places)
    assert all(holds(view, world, code) for code in world.places)


def test_antarctica_is_shown_only_where_there_is_something(world: World) -> None:
    assert whole(world, ["DE", "AQ"]).height > whole(world, ["DE"]).height
    assert holds(fitted(world, ["AQ"]), world, "AQ")


@pytest.mark.parametrize(
    "codes", [["DE"], ["AD"], ["DE", "FR", "ES"], ["NZ"], ["US", "MX"], ["TV"]]
)
def test_a_view_contains_its_target_with_some_surroundings(world: World, codes: list[str]) -> None:
    view = fitted(world, codes)
    assert all(holds(view, world, code) for code in codes)
    assert view.width >= 600
    assert view.width < whole(world).width


def test_countries_far_apart_are_shown_on_the_whole_map(world: World) -> None:
    assert fitted(world, ["CL", "DE", "JP"]) == whole(world)


def test_the_colour_deepens_with_the_number_of_bollards(world: World) -> None:
    made = share_map(world, shares({"DE": 40, "FR": 10, "AT": 1}))
    assert made is not None
    levels = {mark.code: mark.level for mark in made.marks}
    assert levels["DE"] == LEVELS
    assert levels["DE"] > levels["FR"] > levels["AT"] >= 1


def test_a_country_too_small_to_see_gets_a_dot(world: World) -> None:
    made = share_map(world, shares({"LI": 1, "DE": 1, "GI": 1}))
    assert made is not None
    dotted = {mark.code: mark.dotted for mark in made.marks}
    assert dotted == {"LI": True, "DE": False, "GI": True}
    assert not next(mark for mark in made.marks if mark.code == "GI").drawn
    # Drawn later, on top of the large ones.
    assert [mark.dotted for mark in made.marks] == sorted(mark.dotted for mark in made.marks)


def test_a_small_country_that_a_map_is_about_has_a_ring_around_its_dot(world: World) -> None:
    def ringed(made: Map | None) -> dict[str, bool]:
        assert made is not None
        return {mark.code: mark.ringed for mark in made.marks}

    assert ringed(place_map(world, country("FO"))) == {"FO": True}
    assert ringed(place_map(world, country("DE"), [country("LI")])) == {"DE": False, "LI": False}
    assert ringed(pair_map(world, [country("IT"), country("MT")])) == {"IT": False, "MT": True}
    assert ringed(share_map(world, shares({"MT": 1}))) == {"MT": False}


def test_a_crowded_part_of_the_map_is_enlarged(world: World) -> None:
    crowded = dict.fromkeys(("LU", "SI", "AD", "MK", "ME", "CL", "NZ"), 1)
    made = share_map(world, shares(dict(crowded)))
    assert made is not None and made.detail is not None
    assert {mark.code for mark in made.detail.marks} == {"LU", "SI", "AD", "MK", "ME"}
    alone = share_map(world, shares({"DE": 1, "LU": 1}))
    assert alone is not None and alone.detail is None


def test_a_type_without_any_known_country_has_no_map(world: World) -> None:
    assert share_map(world, shares({None: 3})) is None
    assert place_map(world, country(None)) is None


def test_a_country_is_highlighted_among_those_that_share_its_types(world: World) -> None:
    made = place_map(world, country("AT"), [country("DE"), country("SI")])
    assert made is not None
    assert {m.code: m.level for m in made.marks} == {"AT": LEVELS, "DE": 1, "SI": 1}


def test_a_country_without_types_is_on_the_world_map_as_well(world: World) -> None:
    made = world_map(world, {"DE": 5, "IS": 0}, {"DE": "Germany", "IS": "Iceland"})
    assert {mark.code: mark.level for mark in made.marks} == {"DE": LEVELS, "IS": 1}
