"""Comparisons of two countries: which pairs there are, and the content of their pages."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.catalogue import Catalogue, Trait
from generator.output import Output
from generator.own_looks import Said, Telltale, decisive, own_look, telltales
from generator.render.pairs import MOST_PARTNERS, Pairs, key, slug, write_country_looks
from tests.render import sample
from tests.render.markup import parsed

BORDERS = {"AT": ("DE", "SI"), "DE": ("AT",), "SI": ("AT",)}

codes = st.text(st.characters(min_codepoint=65, max_codepoint=90), min_size=2, max_size=2)


@given(one=codes, other=codes)
def test_a_pair_has_one_address_in_either_order_of_its_countries(one: str, other: str) -> None:
    assert key(one, other) == key(other, one)
    assert slug((one, other)) == slug((other, one)) == "-".join(key(one, other)).lower()


def test_a_country_is_compared_with_its_neighbours_first_and_then_by_common_types() -> None:
    pairs = Pairs(sample.catalogue(), BORDERS)
    shown = [(one.country.code, one.types, one.borders) for one in pairs.partners["DE"]]
    assert shown == [("AT", 1, True), ("SI", 1, False)]


def test_countries_with_nothing_in_common_share_an_address_without_a_page() -> None:
    pairs = Pairs(without_common_types(), {"AT": ("DE",)})
    assert pairs.built == {("AT", "DE")}
    assert pairs.address("DE", "AT") == "compare/at-de/"
    assert pairs.address("SI", "DE") == "compare/?countries=si,de"


def test_the_number_of_pages_is_bounded_by_the_number_of_countries() -> None:
    made = sample.catalogue()
    germany = made.country["DE"]
    many = [f"{one}{other}" for one in "ABCDEF" for other in "ABCDEF"]
    crowd = replace(made, countries=tuple(replace(germany, code=code, types=()) for code in many))
    pairs = Pairs(crowd, {code: [other for other in many if other != code] for code in many})
    assert len(pairs.partners["AA"]) == len(many) - 1
    assert 0 < len(pairs.built) <= MOST_PARTNERS * len(many)


def test_common_and_exclusive_types_are_distinguished() -> None:
    pairs = Pairs(sample.catalogue(), BORDERS)
    assert [one.type.id for one in pairs.shared(("AT", "SI"))] == ["type-0"]
    only = pairs.own("AT", ["SI"])
    assert [found.type.id for found in only.types] == ["type-2"]
    assert only.unsorted_count == 0
    assert pairs.own("SI", ["AT"]).unsorted_count == 1


def test_the_pictures_of_a_shared_type_are_from_the_country_itself() -> None:
    made = sample.catalogue()
    for shared in Pairs(made, BORDERS).shared(("AT", "DE")):
        for code, side in zip(("AT", "DE"), shared.sides, strict=True):
            assert {made.bollard[photo.bollard].country for photo in side.views} == {code}


def look(*reflectors: str, confidence: float = 0.9, **others: str) -> dict[str, Trait]:
    traits = {"reflector": reflectors[0]} if reflectors else {}
    return {name: Trait(value, confidence) for name, value in {**traits, **others}.items()}


class TestTelltales:
    def test_a_reflector_of_another_colour_is_reported(self) -> None:
        found = telltales(
            {"ES": own_look([[look("orange")]] * 3), "PT": own_look([[look("white")]] * 2)}
        )
        assert found == (
            Telltale("reflector", (Said(("orange",), ("ES",)), Said(("white",), ("PT",)))),
        )

    def test_countries_that_agree_are_named_together(self) -> None:
        red, white = own_look([[look("red")]]), own_look([[look("white")]])
        (found,) = telltales({"BG": red, "ES": white, "RS": red})
        assert found.said == (Said(("red",), ("BG", "RS")), Said(("white",), ("ES",)))

    def test_front_and_back_are_one_bollard_with_two_reflectors(self) -> None:
        both = own_look([[look("red"), look("white")]])
        assert both.usual("reflector") == ("red", "white")
        assert telltales({"AT": both, "SI": own_look([[look("white"), look("red")]])}) == ()

    def test_a_side_that_the_photos_of_one_country_do_not_show_is_not_a_difference(self) -> None:
        both, front = own_look([[look("red"), look("white")]]), own_look([[look("red")]])
        assert telltales({"AT": both, "SI": front}) == ()

    @pytest.mark.parametrize("mixed", [["red", "white"], ["red", "red", "white", "white", "white"]])
    def test_a_country_with_both_colours_is_not_distinguished_by_colour(
        self, mixed: list[str]
    ) -> None:
        found = telltales(
            {"AT": own_look([look(one)] for one in mixed), "SI": own_look([[look("red")]])}
        )
        assert found == ()

    def test_uncertain_attributes_are_not_shown(self) -> None:
        found = telltales(
            {
                "AT": own_look([[look("red", confidence=0.3)]]),
                "SI": own_look([[look("white", confidence=0.3)]]),
            }
        )
        assert found == ()

    def test_the_same_marking_in_another_colour_is_described_with_its_pattern(self) -> None:
        black, red = (own_look([[look(pattern="cap", accent=one)]]) for one in ("black", "red"))
        (found,) = telltales({"AT": black, "SI": red})
        assert found.attribute == "marking"
        assert [said.values for said in found.said] == [("cap", "black"), ("cap", "red")]

    @given(st.permutations(["AT", "DE", "SI"]))
    def test_the_order_of_countries_changes_only_the_order_of_words(self, order: list[str]) -> None:
        looks = {
            "AT": own_look([[look("red", body="white")]]),
            "DE": own_look([[look("white", body="white")]]),
            "SI": own_look([[look("red", body="grey")]]),
        }

        def said(order: list[str]) -> set[tuple[str, frozenset[Said]]]:
            return {
                (
                    found.attribute,
                    frozenset(Said(one.values, tuple(sorted(one.codes))) for one in found.said),
                )
                for found in telltales({code: looks[code] for code in order})
            }

        assert said(order) == said(["AT", "DE", "SI"])


def test_a_pair_page_lists_what_both_and_what_only_one_has(site: Path) -> None:
    page = parsed(site, "compare/at-de")
    assert [h1.text() for h1 in page.css("h1")] == ["Austria or Germany?"]
    assert [a.text() for a in page.css(".versus h3 a")] == ["White post"]
    assert [h2.text() for h2 in page.css(".onlys h2")] == ["Only in Austria", "Only in Germany"]
    assert [h3.text() for h3 in page.css(".onlys .card .name")] == ["Grey post", "Orange post"]


def test_the_other_order_redirects_to_the_page(site: Path) -> None:
    page = parsed(site, "compare/de-at")
    refresh = page.css('meta[http-equiv="refresh"]')
    assert [one.attributes["content"] for one in refresh] == ["0; url=../../compare/at-de/"]
    ways = [a.attributes["href"] for a in page.css("main .ways a")]
    assert ways == ["../../compare/at-de/"]


def test_the_sitemap_lists_each_pair_once(addressed_site: Path) -> None:
    addresses = (addressed_site / "sitemap.xml").read_text(encoding="utf-8")
    assert addresses.count("compare/at-de/</loc>") == 1
    assert "compare/de-at/" not in addresses


def test_the_files_for_the_script_have_the_same_content_as_the_page(tmp_path: Path) -> None:
    made = with_reflectors({"AT": "red", "DE": "white"})
    pairs = Pairs(made, BORDERS)
    write_country_looks(pairs, Output(tmp_path))
    record = json.loads((tmp_path / "data/compare/AT.json").read_text(encoding="utf-8"))

    types = {one[0]: one for one in record["types"]}
    assert types.keys() == {"type-0", "type-2"}
    assert types["type-0"][1] == 2
    assert types["type-0"][3]["reflector"] == [["red"], ["red"]]
    assert record["partners"] == ["DE", "SI"]
    (shared,) = pairs.shared(("AT", "DE"))
    assert [found.attribute for found in shared.telltales] == ["reflector"]


def with_reflectors(colours: dict[str, str]) -> Catalogue:
    """The made-up catalogue with one colour of reflectors in each of some countries."""
    made = sample.catalogue()
    photos = tuple(
        replace(photo, attributes=look(colours[photo.country]))
        if photo.country in colours
        else photo
        for photo in made.photos
    )
    return replace(made, photos=photos)


def without_common_types() -> Catalogue:
    """The made-up catalogue without its type that three countries have."""
    made = sample.catalogue()
    return replace(
        made,
        types=made.types[1:],
        countries=tuple(
            replace(one, types=tuple(kind for kind in one.types if kind != "type-0"))
            for one in made.countries
        ),
    )


class TestDecisive:
    def test_the_telltale_that_sets_a_country_apart_from_most_others_decides(self) -> None:
        body = Telltale("body", (Said(("white",), ("ES", "PT")), Said(("grey",), ("IT",))))
        reflector = Telltale("reflector", (Said(("red",), ("ES",)), Said(("white",), ("IT", "PT"))))

        assert decisive((body, reflector), "ES") == reflector
        assert decisive((body,), "ES") == body

    def test_of_equals_what_is_visible_from_afar_decides(self) -> None:
        body = Telltale("body", (Said(("white",), ("ES",)), Said(("grey",), ("IT",))))
        reflector = Telltale("reflector", (Said(("red",), ("ES",)), Said(("white",), ("IT",))))

        assert decisive((body, reflector), "ES") == body

    def test_nothing_decides_for_a_country_of_which_nothing_is_said(self) -> None:
        body = Telltale("body", (Said(("white",), ("PT",)), Said(("grey",), ("IT",))))
        assert decisive((body,), "ES") is None
