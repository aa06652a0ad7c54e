"""The small file from which the site's modules read the types."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pycountry

from generator.catalogue import Trait
from generator.language.continents import CONTINENTS, continent_of
from generator.render.type_index import type_index
from tests.render import sample


def loaded(site: Path) -> dict[str, Any]:
    found = list((site / "assets").glob("types.*.json"))
    assert len(found) == 1
    content: dict[str, Any] = json.loads(found[0].read_text(encoding="utf-8"))
    return content


def test_the_index_lists_every_type_with_the_values_that_pages_need(site: Path) -> None:
    index = loaded(site)
    made = sample.catalogue()
    assert index["version"] == 1
    assert [kind["id"] for kind in index["types"]] == [kind.id for kind in made.types]
    for entry, kind in zip(index["types"], made.types, strict=True):
        assert entry["name"] == kind.name and entry["bollards"] == len(kind.bollards)
        assert entry["countries"] == [
            [share.code or "", share.bollards] for share in kind.countries
        ]
        assert entry["lookalikes"] == [other.type for other in kind.lookalikes]
        assert (site / entry["picture"]).is_file() and (site / entry["pictogram"]).is_file()
    for code, country in index["countries"].items():
        assert (site / "countries" / country["slug"]).is_dir(), code


def test_only_confident_attributes_are_shown() -> None:
    made = sample.with_type(
        sample.catalogue(),
        "type-0",
        attributes={"form": Trait("flat", 0.4), "body": Trait("red", 0.39)},
    )
    pictograms = {kind.id: "assets/emblems/x.svg" for kind in made.types}
    first = json.loads(type_index(made, pictograms, {}))["types"][0]
    assert first["attributes"] == {"form": "flat"}


def test_the_index_follows_the_order_of_the_types() -> None:
    made = sample.catalogue()
    turned = replace(made, types=tuple(reversed(made.types)))
    pictograms = {kind.id: "" for kind in made.types}
    ids = [kind["id"] for kind in json.loads(type_index(turned, pictograms, {}))["types"]]
    assert ids == [kind.id for kind in turned.types]


def test_every_country_is_on_one_continent() -> None:
    for country in pycountry.countries:
        assert continent_of(country.alpha_2) in CONTINENTS, country.name
    assert continent_of("XK") == "EU" and continent_of(None) is None and continent_of("QQ") is None
