"""The page at the address of a type that is gone."""

from dataclasses import replace
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from generator.catalogue import Moved
from tests.render import sample

MOVED = (Moved("gone"), Moved("old", type="type-0"), Moved("scattered", one_offs=True))
BASE = "https://example.org/bollards/"


@pytest.fixture(scope="module")
def moved_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("moved")
    chosen = sample.settings(base_url=BASE)
    made = replace(sample.catalogue(chosen), moved=MOVED)
    sample.draw(made, chosen, out)
    sample.rendered(made, out, chosen)
    return out


@pytest.mark.parametrize(
    ("key", "target"), [("gone", ""), ("old", "types/type-0/"), ("scattered", "one-offs/")]
)
def test_it_redirects_by_itself_by_a_link_and_for_search_engines(
    moved_site: Path, key: str, target: str
) -> None:
    page = LexborHTMLParser((moved_site / "types" / key / "index.html").read_text())

    refresh = page.css_first('meta[http-equiv="refresh"]').attributes["content"]
    assert refresh == f"0; url=../../{target}"
    assert page.css_first('link[rel="canonical"]').attributes["href"] == BASE + target
    assert page.css_first('meta[name="robots"]').attributes["content"] == "noindex"
    assert page.css_first("main .ways a").attributes["href"] == f"../../{target}"


def test_it_is_in_the_style_of_the_site_and_names_the_type(moved_site: Path) -> None:
    page = LexborHTMLParser((moved_site / "types" / "old" / "index.html").read_text())

    style = page.css_first("link[rel=stylesheet]").attributes["href"]
    assert (moved_site / "types" / "old" / str(style)).resolve().is_file()
    assert page.css_first("main .ways a").text() == sample.catalogue().type["type-0"].name


def test_it_is_on_no_page_and_in_no_site_map(moved_site: Path) -> None:
    own = {moved_site / "types" / moved.id / "index.html" for moved in MOVED}
    for path in [*moved_site.rglob("*.html"), moved_site / "sitemap.xml", moved_site / "feed.xml"]:
        if path not in own:
            text = path.read_text(encoding="utf-8")
            assert not [moved.id for moved in MOVED if f"types/{moved.id}/" in text], path
