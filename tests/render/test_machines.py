"""What programs read: descriptions in pages, the site map, the feed, small JSON files."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from selectolax.lexbor import LexborHTMLParser

from generator.catalogue import Catalogue
from generator.output import Output
from generator.render.endpoints import write_endpoints
from generator.render.linked_data import in_page, licence_url
from generator.render.schema import SINGLE
from generator.render.sitemap import write_sitemap
from tests.render import sample

BASE = "https://example.org/bollards/"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"


def graph(root: Path, address: str) -> dict[str, Any]:
    """The things that a page describes, by their kind."""
    tree = LexborHTMLParser((root / address / "index.html").read_text(encoding="utf-8"))
    block = tree.css_first('script[type="application/ld+json"]')
    data = json.loads(block.text())
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}


class TestLinkedData:
    def test_a_photo_states_its_licence_and_its_place(self, addressed_site: Path) -> None:
        photo = next(p for p in sample.catalogue().photos if p.taken and p.region is None)
        image = graph(addressed_site, f"photos/{photo.id}")["ImageObject"]

        assert image["contentUrl"] == BASE + photo.pictures.photo[-1].path
        assert image["license"] == "https://creativecommons.org/licenses/by/4.0/"
        assert image["acquireLicensePage"] == f"{BASE}photos/{photo.id}/"
        assert image["creditText"] == "Ann Example"
        assert image["contentLocation"] == {
            "@type": "Country",
            "name": "Austria",
            "identifier": "AT",
        }
        assert image["dateCreated"] == "2024-05-01"

    def test_a_type_and_a_country_page_have_breadcrumbs(self, addressed_site: Path) -> None:
        for address, top in (("types/type-0", "Types"), ("countries/at", "Countries")):
            things = graph(addressed_site, address)
            assert things["CollectionPage"]["url"] == f"{BASE}{address}/"
            steps = things["BreadcrumbList"]["itemListElement"]
            assert [step["position"] for step in steps] == [1, 2]
            assert steps[0]["name"] == top
            assert steps[-1]["item"] == f"{BASE}{address}/"

    def test_home_names_the_site_and_the_data_page_lists_its_downloads(
        self, addressed_site: Path
    ) -> None:
        assert graph(addressed_site, "")["WebSite"]["url"] == BASE
        dataset = graph(addressed_site, "about/data")["Dataset"]
        assert f"{BASE}data/catalogue.json" in {
            one["contentUrl"] for one in dataset["distribution"]
        }

    def test_a_site_without_a_base_url_has_no_search_engine_description(self, site: Path) -> None:
        assert "ld+json" not in (site / "index.html").read_text(encoding="utf-8")

    def test_no_text_can_end_the_block(self) -> None:
        text = in_page({"name": "</script><script>alert(1)</script>&\u2028"})

        assert not re.search("[<>&\u2028]", text)
        assert json.loads(text)["name"].startswith("</script>")

    @pytest.mark.parametrize(
        ("licence", "address"),
        [
            ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
            ("cc-by-nc-nd-3.0", "https://creativecommons.org/licenses/by-nc-nd/3.0/"),
            ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
            ("https://example.org/licence", "https://example.org/licence"),
            ("all rights reserved", None),
            ("javascript:alert(1)", None),
            ("", None),
        ],
    )
    def test_a_licence_is_recognised_by_its_common_names(
        self, licence: str, address: str | None
    ) -> None:
        assert licence_url(licence) == address


class TestSitemap:
    def test_it_lists_the_pictures_of_photos_and_types(self, addressed_site: Path) -> None:
        tree = ElementTree.parse(addressed_site / "sitemap.xml").getroot()
        pictures = {
            url.findtext(f"{MAP}loc"): url.findtext(f"{IMAGE}image/{IMAGE}loc") for url in tree
        }
        photo = sample.catalogue().photos[0]

        assert pictures[f"{BASE}photos/{photo.id}/"] == BASE + photo.pictures.photo[-1].path
        assert (pictures[f"{BASE}types/type-0/"] or "").startswith(f"{BASE}pictures/")
        assert pictures[BASE] is None

    def test_a_large_sitemap_is_split_and_indexed(self, tmp_path: Path) -> None:
        made = sample.catalogue(sample.settings(base_url=BASE))
        pages = [f"countries/{number}/" for number in range(25)]
        write_sitemap(made, pages, Output(tmp_path), most_urls=10)

        index = ElementTree.parse(tmp_path / "sitemap.xml").getroot()
        parts = [node.text or "" for node in index.iter(f"{MAP}loc")]
        assert parts == [f"{BASE}sitemap-{number}.xml" for number in (1, 2, 3)]
        found = [
            len(ElementTree.parse(tmp_path / part.removeprefix(BASE)).getroot()) for part in parts
        ]
        assert found == [10, 10, 5]

    def test_no_file_exceeds_its_size_limit(self, tmp_path: Path) -> None:
        made = sample.catalogue(sample.settings(base_url=BASE))
        pages = [f"countries/{number}/" for number in range(50)]
        write_sitemap(made, pages, Output(tmp_path), most_bytes=1500)

        files = list(tmp_path.glob("sitemap-*.xml"))
        assert len(files) > 1
        assert all(file.stat().st_size <= 1500 for file in files)

    @pytest.mark.parametrize(("base", "there"), [("https://example.org/", True), (BASE, False)])
    def test_robots_txt_is_only_at_the_root_of_a_host(
        self, tmp_path: Path, base: str, there: bool
    ) -> None:
        write_sitemap(sample.catalogue(sample.settings(base_url=base)), [""], Output(tmp_path))

        assert (tmp_path / "robots.txt").exists() is there


class TestFeed:
    """RFC 4287, sections 4.1.1 and 4.1.2: what a feed and an entry must have."""

    def test_every_required_element_is_there_once(self, addressed_site: Path) -> None:
        feed = ElementTree.parse(addressed_site / "feed.xml").getroot()
        for node in (feed, *feed.findall(f"{ATOM}entry")):
            for name in ("id", "title", "updated"):
                assert len(node.findall(f"{ATOM}{name}")) == 1
                assert node.findtext(f"{ATOM}{name}")
            moment = node.findtext(f"{ATOM}updated") or ""
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment)
            alternates = [
                link
                for link in node.findall(f"{ATOM}link")
                if link.attrib.get("rel", "alternate") == "alternate"
            ]
            assert len(alternates) == 1
        assert feed.findtext(f"{ATOM}author/{ATOM}name")
        ids = [node.text for node in feed.iter(f"{ATOM}id")]
        assert len(set(ids)) == len(ids)

    def test_ids_stay_when_the_site_moves_and_when_types_are_renamed(self, tmp_path: Path) -> None:
        def ids(made: Catalogue, out: Path) -> list[str | None]:
            sample.rendered(made, out)
            feed = ElementTree.parse(out / "feed.xml").getroot()
            return [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]

        made = sample.catalogue()
        moved = replace(made, site=replace(made.site, base_url="https://example.net/x/"))
        renamed = sample.with_type(moved, "type-0", name="Other")
        sample.draw(renamed, sample.settings(), tmp_path / "b")
        assert ids(made, tmp_path / "a") == ids(renamed, tmp_path / "b")

    def test_each_entry_brings_its_picture(self, addressed_site: Path) -> None:
        feed = ElementTree.parse(addressed_site / "feed.xml").getroot()
        for entry in feed.findall(f"{ATOM}entry"):
            link = entry.find(f"{ATOM}link[@rel='enclosure']")
            assert link is not None and link.attrib["type"] == "image/webp"
            assert (addressed_site / link.attrib["href"].removeprefix(BASE)).is_file()


class TestEndpoints:
    @pytest.fixture
    def data(self, tmp_path: Path) -> Path:
        german = sample.with_type(sample.catalogue(), "type-0", name="Weißer Pfosten")
        german = replace(german, site=replace(german.site, language="de", prefix="de/"))
        write_endpoints(sample.catalogue(), Output(tmp_path), [german])
        return tmp_path / "data"

    def test_each_object_has_one_and_all_follow_the_schema(self, data: Path) -> None:
        made = sample.catalogue()
        jsonschema.Draft202012Validator.check_schema(SINGLE)
        validator = jsonschema.Draft202012Validator(SINGLE)
        for folder, count in (
            ("types", len(made.types)),
            ("photos", len(made.photos)),
            ("countries", len(made.countries)),
        ):
            files = list((data / folder).glob("*.json"))
            assert len(files) == count
            for file in files:
                validator.validate(json.loads(file.read_text(encoding="utf-8")))

    def test_names_are_there_in_every_language(self, data: Path) -> None:
        kind = json.loads((data / "types" / "type-0.json").read_text(encoding="utf-8"))

        assert kind["names"] == {"en": "White post", "de": "Weißer Pfosten"}
        assert kind["page"] == "types/type-0/"

    def test_the_index_links_to_all_of_them(self, data: Path) -> None:
        index = json.loads((data / "index.json").read_text(encoding="utf-8"))
        paths = {file["path"] for file in index["files"]}

        for pattern, key in (("types/{id}", index["types"][0]), ("countries/{code}", "AT")):
            assert f"data/{pattern}.json" in paths
            assert (data / (re.sub(r"\{\w+\}", key, pattern) + ".json")).is_file()
        assert {file["schema"] for file in index["files"] if "schema" in file} == {
            "data/catalogue.schema.json",
            "data/single.schema.json",
        }
