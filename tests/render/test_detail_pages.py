"""Detail pages of types, photos and countries: long ones are paginated, and all are linked."""

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest

from generator.catalogue import Catalogue, Family
from generator.curve import Calibration
from generator.output import Output
from generator.render.credits import credits
from generator.render.detail_pages import previous_and_next
from generator.render.pagination import PAGE_SIZE, paginated
from generator.render.shards import prefix_length, write_shards
from generator.render.views import grouped, own_region
from tests.render import sample
from tests.render.markup import parsed


def photos_on(root: Path, address: str) -> set[str]:
    links = parsed(root, address).css("a.thumb")
    return {(link.attributes["href"] or "").rstrip("/").rpartition("/")[2] for link in links}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Catalogue]:
    """A site of 800 bollards, four of ten in one country."""
    made = sample.catalogue(times=80)
    root = tmp_path_factory.mktemp("large")
    sample.rendered(made, root)
    return root, made


def test_a_country_with_many_photos_has_several_pages_and_every_photo_is_on_one(
    large: tuple[Path, Catalogue],
) -> None:
    root, made = large
    assert len(photos_on(root, "countries/de")) < 160
    found: set[str] = set()
    address: str | None = "countries/de/photos"
    while address:
        found |= photos_on(root, address)
        after = parsed(root, address).css_first('.pager a[rel="next"]')
        address = None
        if after is not None:
            address = (after.attributes["href"] or "").replace("../", "").rstrip("/")
    assert found == set(made.country["DE"].photos)
    sizes = [file.stat().st_size for file in (root / "countries" / "de").rglob("index.html")]
    assert max(sizes) < 250_000


def test_the_first_page_is_linked_from_the_country_and_all_from_each_other(
    large: tuple[Path, Catalogue],
) -> None:
    root, _ = large
    links = {
        a.attributes["href"] for a in parsed(root, "countries/de").css(".all a, .pagination a")
    }
    assert {"../../countries/de/photos/", "../../countries/de/photos/2/"} <= links
    assert "../../countries/de/one-offs/" in links
    current = parsed(root, "countries/de/photos/2").css_first('.pagination [aria-current="page"]')
    assert current.text() == "2"


def test_a_type_with_very_many_bollards_has_pages_by_country(
    large: tuple[Path, Catalogue],
) -> None:
    root, made = large
    kind = made.type["type-0"]
    links = {a.attributes["href"] for a in parsed(root, "types/type-0").css(".place .all a")}
    assert "../../types/type-0/at/" in links
    found = photos_on(root, "types/type-0/at") | photos_on(root, "types/type-0/at/2")
    austrian = {photo_id for photo_id in kind.photos if made.photo[photo_id].country == "AT"}
    assert found == austrian
    assert not parsed(root, "types/type-0").css("details.more")


def test_a_list_is_divided_into_pages_without_loss() -> None:
    groups = grouped(sample.catalogue(times=40).photos)
    dealt = paginated("countries/de/photos/", groups)
    assert [group for list_page in dealt for group in list_page.groups] == list(groups)
    assert [list_page.address for list_page in dealt][:2] == [
        "countries/de/photos/",
        "countries/de/photos/2/",
    ]
    assert dealt[0].before is None and dealt[-1].after is None
    assert dealt[1].first == PAGE_SIZE + 1 and dealt[-1].last == len(groups)


def test_the_photos_of_a_type_follow_each_other_in_the_order_of_its_page(site: Path) -> None:
    made = sample.catalogue()
    links = parsed(site, "types/type-0").css(".places a.thumb")
    order = [(a.attributes["href"] or "").split("/")[-2] for a in links]
    for before, after in itertools.pairwise(order):
        pager = parsed(site, f"photos/{before}").css_first('.pager a[rel="next"]')
        assert pager.attributes["href"] == f"../../photos/{after}/"
    assert parsed(site, f"photos/{order[-1]}").css_first('.pager a[rel="next"]') is None
    assert set(previous_and_next(made)) == {photo.id for photo in made.photos}


def test_a_country_page_links_to_its_comparison_with_others(site: Path) -> None:
    links = parsed(site, "countries/de").css(".kin a")
    assert {a.text(): a.attributes["href"] for a in links} == {
        "Austria": "../../compare/at-de/",
        "Slovenia": "../../compare/de-si/",
    }


def test_types_of_one_country_come_first_on_its_page(site: Path) -> None:
    headings = [h2.text() for h2 in parsed(site, "countries/de").css("main h2")]
    assert headings[:2] == ["Only in Germany", "Also in other countries"]


def test_each_credit_is_listed_once_with_the_most_photos_first(site: Path) -> None:
    made = sample.catalogue()
    found = credits(made.photos)
    assert {(one.credit, one.licence) for one in found} == {
        ("Ann Example", "CC BY 4.0"),
        (None, None),
    }
    for address in ("types/type-0", "countries/de"):
        words = parsed(site, address).css("main .credit")[-1].text()
        assert "Ann Example (CC BY 4.0)" in words


@pytest.mark.parametrize(
    ("region", "code", "country", "shown"),
    [
        ("Isle of Man", "IM", "Isle of Man", None),
        ("Isle of Man", "IM", "Insel Man", None),
        ("Åland", "AX", "Åland Islands", None),
        ("Reunion", "RE", "Réunion", None),
        ("England", "GB", "United Kingdom", "England"),
        ("Guinea", "GQ", "Equatorial Guinea", "Guinea"),
        ("Styria", None, "Unknown country", "Styria"),
        (None, "DE", "Germany", None),
    ],
)
def test_a_region_is_shown_if_it_adds_to_the_country(
    region: str | None, code: str | None, country: str, shown: str | None
) -> None:
    assert own_region(region, code, country) == shown


def test_a_type_page_names_its_family(tmp_path: Path) -> None:
    made = sample.with_type(sample.catalogue(), "type-0", family="posts")
    made = replace(made, families=(Family("posts", "All posts", ("type-0",)),))
    sample.rendered(made, tmp_path)
    link = parsed(tmp_path, "types/type-0").css_first(".family a")
    assert link.text() == "All posts"
    anchor = (link.attributes["href"] or "").partition("#")[2]
    assert parsed(tmp_path, "").css_first(f"#{anchor}") is not None
    assert parsed(tmp_path, "types/type-1").css_first(".family") is None


def test_a_note_of_the_owner_is_shown_beside_the_look_alike(tmp_path: Path) -> None:
    made = sample.catalogue()
    like = replace(made.type["type-0"].lookalikes[0], note="Look at <the> foot.")
    sample.rendered(sample.with_type(made, "type-0", lookalikes=(like,)), tmp_path)
    assert parsed(tmp_path, "types/type-0").css_first(".told").text() == "Look at <the> foot."
    index = json.loads(next((tmp_path / "assets").glob("types.*.json")).read_bytes())
    kind = next(kind for kind in index["types"] if kind["id"] == "type-0")
    assert kind["notes"] == {"type-1": "Look at <the> foot."}


def test_the_page_of_a_type_with_one_country_says_so(tmp_path: Path) -> None:
    made = sample.catalogue()
    sample.rendered(made, tmp_path)
    assert parsed(tmp_path, "types/type-1").css_first(".shares .badge").text() == "Only here"
    assert parsed(tmp_path, "types/type-0").css_first(".shares .badge") is None


def test_the_file_of_a_photo_is_found_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    made = sample.catalogue(times=80)
    write_shards(made, Calibration(), Output(tmp_path))
    digits = prefix_length(len(made.photos))
    assert digits == 1
    for photo in made.photos:
        file = tmp_path / "data" / "shards" / f"{photo.id[:digits]}.json"
        entry = json.loads(file.read_text(encoding="utf-8"))[photo.id]
        assert entry["type"] == photo.type
        assert entry["pictures"][-1][0] == photo.pictures.card[-1].path
        assert entry["neighbours"][0] == [photo.neighbours[0].photo, 98]
        assert set(entry["views"]) == set(made.bollard[photo.bollard].photos) - {photo.id}


def test_a_small_collection_has_one_file_of_photos(tmp_path: Path) -> None:
    assert prefix_length(128) == 0
    assert prefix_length(20_000) == 2
    write_shards(sample.catalogue(), Calibration(), Output(tmp_path))
    assert [file.name for file in (tmp_path / "data" / "shards").iterdir()] == ["all.json"]
