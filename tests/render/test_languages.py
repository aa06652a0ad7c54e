"""A site in several languages: folders, links between them, and the words of each."""

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from generator.build.localise import OwnWords, in_all_languages
from generator.output import Output
from generator.publish.links import broken_links
from generator.render.endpoints import write_endpoints
from generator.render.exports import write_exports
from generator.resources import LOCALE
from tests.render import sample

BASE = "https://example.org/bollards/"


def build(out: Path, base_url: str = "", languages: tuple[str, ...] = ("en", "de", "fr")) -> Path:
    chosen = sample.settings(base_url=base_url)
    made = sample.catalogue(chosen)
    sample.draw(made, chosen, out)
    root, *others = in_all_languages(made, languages, OwnWords(), [LOCALE])
    sample.rendered(root, out, chosen, translated=others)
    write_exports(root, Output(out))
    write_endpoints(root, Output(out), others)
    return out


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("languages"))


@pytest.fixture(scope="module")
def addressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("addressed"), BASE)


def page(root: Path, address: str) -> LexborHTMLParser:
    return LexborHTMLParser((root / address / "index.html").read_text(encoding="utf-8"))


def pages_of(root: Path, folder: str) -> set[str]:
    found = (path.relative_to(root / folder).as_posix() for path in (root / folder).rglob("*.html"))
    return {name for name in found if name.split("/")[0] not in ("de", "fr", "404.html")}


def test_every_language_has_every_page(site: Path) -> None:
    assert pages_of(site, "") == pages_of(site, "de") == pages_of(site, "fr")


def test_no_link_is_broken_in_any_language(site: Path, addressed: Path) -> None:
    assert not broken_links(site)
    assert not broken_links(addressed, BASE)


def test_a_page_declares_its_language_and_is_written_in_it(site: Path) -> None:
    german = page(site, "de/countries/de")

    assert german.css_first("html").attributes["lang"] == "de"
    assert "Deutschland" in german.css_first("h1").text()
    assert "Typen" in german.css_first("nav").text()


def test_links_stay_in_the_language_and_pictures_are_shared(site: Path) -> None:
    german = page(site, "de/types/type-0")

    pictures = {image.attributes["src"] or "" for image in german.css("main img:not(.flag)")}
    assert all(picture.startswith("../../../pictures/") for picture in pictures)
    assert german.css_first(".places a.thumb").attributes["href"].startswith("../../photos/")
    assert not (site / "de" / "pictures").exists()


def test_the_menu_links_to_the_same_page_in_the_other_languages(site: Path) -> None:
    german = page(site, "de/types/type-0")
    menu = german.css("nav.languages a")

    assert [link.text() for link in menu] == ["English", "Français"]
    assert [link.attributes["href"] for link in menu] == [
        "../../../types/type-0/",
        "../../../fr/types/type-0/",
    ]
    assert [link.attributes["lang"] for link in menu] == ["en", "fr"]
    assert german.css_first("nav.languages [aria-current]").text() == "Deutsch"


def test_search_engines_find_the_same_page_in_other_languages(addressed: Path) -> None:
    for address in ("types/type-0/", "de/types/type-0/", "fr/types/type-0/"):
        tree = page(addressed, address)
        links = tree.css("link[rel=alternate][hreflang]")

        assert {link.attributes["hreflang"]: link.attributes["href"] for link in links} == {
            "en": f"{BASE}types/type-0/",
            "de": f"{BASE}de/types/type-0/",
            "fr": f"{BASE}fr/types/type-0/",
            "x-default": f"{BASE}types/type-0/",
        }
        assert tree.css_first("link[rel=canonical]").attributes["href"] == BASE + address


def test_the_not_found_page_is_in_the_language_of_the_root(site: Path) -> None:
    assert 'lang="en"' in (site / "404.html").read_text(encoding="utf-8")
    assert not (site / "de" / "404.html").exists()


def test_each_language_has_a_feed_of_its_own(addressed: Path) -> None:
    feeds = [(addressed / folder / "feed.xml").read_text("utf-8") for folder in ("", "de", "fr")]

    assert 'xml:lang="de"' in feeds[1]
    assert f'<link rel="self" type="application/atom+xml" href="{BASE}de/feed.xml"/>' in feeds[1]
    assert len({feed.split("<id>")[1].split("<")[0] for feed in feeds}) == 3
    href = page(addressed, "de/about").css_first("link[type='application/atom+xml']")
    assert href.attributes["href"] == "../feed.xml"


def test_a_site_in_one_language_has_neither_menu_nor_alternates(tmp_path: Path) -> None:
    root = build(tmp_path, languages=("en",))

    html = (root / "index.html").read_text(encoding="utf-8")
    assert "hreflang" not in html
    assert "languages" not in html


def test_the_language_of_the_root_may_be_any(tmp_path: Path) -> None:
    root = build(tmp_path, languages=("de", "en"))

    assert "Typen" in page(root, "").css_first("nav").text()
    assert "Types" in page(root, "en").css_first("nav").text()
    assert page(root, "en").css_first("html").attributes["lang"] == "en"


def test_a_right_to_left_script_is_declared_as_such(tmp_path: Path) -> None:
    root = build(tmp_path, languages=("en", "ar"))

    assert page(root, "ar").css_first("html").attributes["dir"] == "rtl"
    assert "dir" not in page(root, "").css_first("html").attributes
