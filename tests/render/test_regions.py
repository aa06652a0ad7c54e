"""Regions on pages and in data: counts, what is in one region only, and no trace where none is."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from generator.build.assemble import regions_of
from generator.catalogue import Catalogue
from generator.collect.regions import name_of_region, region_names
from generator.output import Output
from generator.render import render
from generator.render.environment import make_environment
from generator.render.exports import catalogue_json
from generator.render.schema import CATALOGUE
from generator.render.search_data import search_data
from generator.resources import TEMPLATES
from tests.render import sample
from tests.render.markup import parsed

REGIONS = {"b0": "AT-6", "b1": "AT-6", "b7": "AT-9"}
"""Two bollards of type-0 and one of type-2; that of the others is unknown."""


def with_regions(made: Catalogue) -> Catalogue:
    """The sample with the regions of Austria's bollards."""
    bollards = [replace(one, region=REGIONS.get(one.id)) for one in made.bollards]
    photos = (
        replace(photo, region=name_of_region(code), region_code=code) if code else photo
        for photo in made.photos
        for code in [REGIONS.get(photo.bollard)]
    )
    countries = (
        replace(
            country,
            regions=tuple(
                replace(
                    one, name=name_of_region(one.code, "en"), names=region_names(one.code, "en")
                )
                for one in regions_of([one for one in bollards if one.country == country.code])
            ),
        )
        for country in made.countries
    )
    return replace(made, bollards=tuple(bollards), photos=tuple(photos), countries=tuple(countries))


def text(root: Path, address: str) -> str:
    return " ".join((parsed(root, address).css_first("main").text() or "").split())


@pytest.fixture(scope="module")
def made() -> Catalogue:
    return with_regions(sample.laid_out(sample.catalogue()))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, made: Catalogue) -> Path:
    out = tmp_path_factory.mktemp("regions")
    chosen = sample.settings()
    sample.draw(made, chosen, out)
    render(made, chosen, Output(out))
    return out


def test_a_country_shows_its_regions_with_counts_and_what_is_in_one_only(known: Path) -> None:
    items = parsed(known, "countries/at").css(".regions > li")
    assert [item.attributes["id"] for item in items] == ["at-6", "at-9"]
    styria = " ".join(items[0].text(separator=" ").split())
    assert styria.startswith("Styria 2 bollards Found only in Styria:")
    assert "2 of 2 photographed" in styria
    vienna = " ".join(items[1].text(separator=" ").split())
    assert "1 bollard" in vienna
    assert "Found only" not in vienna
    assert "In Austria only in Styria" in text(known, "countries/at")


def test_a_photo_leads_to_its_region_and_a_type_says_where_alone_it_is(
    known: Path, made: Catalogue
) -> None:
    photo = made.bollard["b0"].photos[0]
    link = parsed(known, f"photos/{photo}").css_first('.facts a[href$="#at-6"]')
    assert link.text() == "Styria"
    assert "Found only in Styria: 2 of 2 photographed" in text(known, "types/type-0")


def test_the_filters_offer_the_regions_of_types(known: Path) -> None:
    boxes = parsed(known, "").css('#filters input[data-group="region"]')
    assert [box.attributes["value"] for box in boxes] == ["AT-6", "AT-9"]
    (index,) = (known / "assets").glob("types.*.json")
    kinds = json.loads(index.read_text("utf-8"))["types"]
    assert {kind["id"]: kind.get("regions") for kind in kinds} == {
        "type-0": [["AT-6", 2]],
        "type-1": None,
        "type-2": [["AT-9", 1]],
    }


def test_regions_are_in_the_catalogue_as_its_schema_says(made: Catalogue) -> None:
    data = json.loads(catalogue_json(made))
    jsonschema.validate(data, CATALOGUE)
    (austria,) = (one for one in data["countries"] if one["code"] == "AT")
    assert austria["regions"][0] == {
        "code": "AT-6",
        "name": "Styria",
        "bollards": 2,
        "types": [{"type": "type-0", "bollards": 2}],
        "onlyHere": ["type-0"],
    }
    codes = {photo["bollard"]: photo.get("regionCode") for photo in data["photos"]}
    assert (codes["b0"], codes["b2"]) == ("AT-6", None)


def test_regions_are_searched_by_their_names_in_several_languages(made: Catalogue) -> None:
    data = json.loads(search_data(made, make_environment((TEMPLATES,), "en", None)))
    styria = next(region for region in data["regions"] if region[0] == "Styria")
    assert styria[:3] == ["Styria", "AT", ["type-0"]]
    assert "Steiermark" in styria[3]


def test_a_collection_without_regions_shows_no_trace_of_them(site: Path) -> None:
    for address in ("", "countries/at", "explore", "types/type-0"):
        found = parsed(site, address)
        traces = '[name="region"], [data-group="region"], #regions, .regions, [href*="#regions"]'
        assert found.css_first(traces) is None
        assert "Found only in" not in text(site, address)
    assert not any("region" in file.read_text("utf-8") for file in site.glob("assets/types.*.json"))
    data = json.loads(catalogue_json(sample.catalogue()))
    assert not any("regions" in country for country in data["countries"])
    assert not any("regionCode" in photo for photo in data["photos"])
