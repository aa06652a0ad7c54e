"""The answer panel of types and unsorted bollards, and what is found in one country only."""

from dataclasses import replace
from pathlib import Path

from generator.curve import Calibration
from generator.render.only_here import only_here
from generator.render.pairs import Pairs
from generator.render.panel import type_panel, unsorted_panel
from tests.render import sample
from tests.render.markup import parsed


def test_the_panel_of_a_type_names_its_countries_with_photos_from_there() -> None:
    made = sample.catalogue()
    pairs = Pairs(made, {})
    shared = [kind for kind in made.types if sum(bool(one.code) for one in kind.countries) > 1]
    assert shared
    for kind in shared:
        panel = type_panel(kind, pairs)
        assert panel is not None
        codes = [one.country.code for one in panel.candidates]
        assert codes == [share.code for share in kind.countries if share.code][:3]
        for one in panel.candidates:
            assert one.sureness in ("possible", "hard")
            assert one.views
            for photo in one.views:
                assert made.bollard[photo.bollard].country == one.country.code


def test_a_type_of_one_country_needs_no_panel() -> None:
    made = sample.catalogue()
    (own, *_) = [kind for kind in made.types if len(kind.countries) == 1]
    assert type_panel(own, Pairs(made, {})) is None


def test_the_panel_of_an_unsorted_bollard_begins_with_its_own_country() -> None:
    made = sample.catalogue()
    # Without a curve, the similarity itself is the chance.
    near = {photo.id: photo.neighbours for photo in made.photos}
    for bollard in made.one_offs:
        panel = unsorted_panel(bollard, made, made.country, near, Calibration())
        if bollard.country is None:
            assert panel is None
            continue
        assert panel is not None
        assert panel.candidates[0].country.code == bollard.country
        assert {photo.bollard for photo in panel.candidates[0].views} == {bollard.id}
        codes = [one.country.code for one in panel.candidates]
        assert len(codes) == len(set(codes)) <= 3


def test_what_is_found_in_one_country_only_is_listed_once_under_its_continent() -> None:
    made = sample.catalogue()
    continents = only_here(made)

    types = [
        (own.country.code, found.type.id)
        for continent in continents
        for own in continent.countries
        for found in own.types
    ]
    assert sorted(types) == sorted(
        (country.code, key) for country in made.countries for key in country.only_here
    )
    assert sum(continent.unsorted for continent in continents) == sum(
        bollard.country is not None for bollard in made.one_offs
    )


def test_a_country_of_no_continent_or_with_nothing_of_its_own_is_left_out() -> None:
    made = sample.catalogue()
    bare = tuple(replace(country, only_here=(), one_offs=()) for country in made.countries)
    assert only_here(replace(made, countries=bare)) == ()


def test_the_continents_lead_to_their_parts_of_the_page(site: Path) -> None:
    page = parsed(site, "only-here")
    links = [link.attributes["href"] or "" for link in page.css(".continents a")]
    assert len(links) > 1
    assert all(page.css_first(link) is not None for link in links)


def test_what_the_owner_knows_comes_before_the_count(tmp_path: Path) -> None:
    made = sample.catalogue()
    (kind, *_) = [one for one in made.types if len(one.countries) > 1 and one.countries[0].code]
    first = replace(kind.countries[0], frequency="common", note="Bright red.")
    told = replace(kind, countries=(first, *kind.countries[1:]))
    made = replace(made, types=tuple(told if one is kind else one for one in made.types))
    sample.draw(made, sample.settings(), tmp_path)
    sample.rendered(made, tmp_path)

    candidate = parsed(tmp_path, f"types/{kind.id}").css_first(".candidate")
    assert candidate is not None
    assert "common · Bright red." in " ".join(candidate.text().split())
    assert candidate.text().index("common") < candidate.text().index("photographed")
    country = parsed(tmp_path, f"countries/{str(first.code).lower()}")
    assert "Bright red." in country.css_first("main").text()  # type: ignore[union-attr]
