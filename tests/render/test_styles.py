"""Style sheets: every page has all rules for its content, and few others."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from generator.config import ThemeSettings
from generator.errors import BollardsError
from generator.render.styles import style_sheets
from generator.resources import STATIC
from tests.browser.pages import one_of_each_kind

_STATES = re.compile(
    r"::?(?:before|after|backdrop|-webkit-[\w-]+|hover|active|target|focus(?:-\w+)?|checked|disabled"
    r"|enabled|not\([^()]*(?:\([^()]*\)[^()]*)*\))"
)


@cache
def selectors(sheet: str) -> frozenset[str]:
    """The selectors of a style sheet, without the states that only a browser knows."""
    blocks = re.findall(r"([^{}]+)\{", sheet)
    found = set()
    for block in blocks:
        # Only commas outside of brackets part selectors.
        for selector in re.split(r",(?![^(]*\))", " ".join(block.split())):
            plain = _STATES.sub("", selector).strip()
            if plain and not plain.startswith("@") and ":has(" not in plain:
                found.add(plain)
    return frozenset(found)


def sheets_of(page: Path) -> list[str]:
    """The names of the style sheets of a page on a screen: "site", "detail"."""
    tree = LexborHTMLParser(page.read_text(encoding="utf-8"))
    links = (
        link.attributes["href"] or "" for link in tree.css("link[rel=stylesheet]:not([media])")
    )
    return [Path(link).name.split(".")[0] for link in links]


def unfolded(page: Path) -> LexborHTMLParser:
    """A page, including the content that its scripts show."""
    html = page.read_text(encoding="utf-8")
    return LexborHTMLParser(re.sub(r"(</?)template\b", r"\1section", html))


def kinds(site: Path) -> list[Path]:
    found = [site / address for address in one_of_each_kind(site)]
    return [path / "index.html" if path.is_dir() else path for path in found]


def test_a_page_loads_the_style_of_all_pages_and_of_its_own_kind_only(site: Path) -> None:
    assert sheets_of(site / "404.html") == ["site"]
    assert sheets_of(site / "index.html") == ["site", "find"]
    assert sheets_of(site / "types/type-0/index.html") == ["site", "detail"]
    assert all(len(sheets_of(page)) <= 2 for page in kinds(site))


def test_no_page_lacks_a_style_rule_for_its_content(site: Path) -> None:
    sheets = style_sheets(STATIC / "css", ThemeSettings())
    del sheets["paper"]
    all_rules = {rule for text in sheets.values() for rule in selectors(text)}
    missing = []
    for page in kinds(site):
        tree = unfolded(page)
        there = {rule for name in sheets_of(page) for rule in selectors(sheets[name])}
        missing += [
            f"{page.relative_to(site)}: {rule}"
            for rule in sorted(all_rules - there)
            if tree.css_first(rule) is not None
        ]
    assert not missing, "\n".join(missing)


def test_every_style_sheet_of_a_kind_is_used_and_pages_load_little_of_it(site: Path) -> None:
    sheets = style_sheets(STATIC / "css", ThemeSettings())
    for page in kinds(site):
        asked = sheets_of(page)
        sent = sum(len(gzip.compress(sheets[name].encode())) for name in asked)
        assert sent < 6500, (page, asked)
        tree = unfolded(page)
        for name in asked:
            assert any(tree.css_first(rule) is not None for rule in selectors(sheets[name]))
    asked = {name for page in kinds(site) for name in sheets_of(page)}
    assert asked | {"identify", "paper"} == set(sheets)


def test_only_a_printer_gets_the_style_of_paper(site: Path) -> None:
    for kind in ("types/type-0", "countries/de"):
        tree = LexborHTMLParser((site / kind / "index.html").read_text(encoding="utf-8"))
        (link,) = tree.css('link[rel=stylesheet][media="print"]')
        assert (site / kind / (link.attributes["href"] or "")).resolve().name.startswith("paper.")


def test_a_style_sheet_includes_the_sheets_that_it_imports(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/post.css").write_text("/* A post. */\n.post {\n  color: red;\n}\n")
    (tmp_path / "site.css").write_text("body {\n}\n")
    (tmp_path / "kind.css").write_text('@import "parts/post.css";\n\n.own {\n  color: blue;\n}\n')
    sheets = style_sheets(tmp_path, ThemeSettings())
    assert sheets["kind"] == ".post {\ncolor: red;\n}\n.own {\ncolor: blue;\n}\n"
    assert set(sheets) == {"site", "kind"}


def test_a_missing_import_is_named(tmp_path: Path) -> None:
    (tmp_path / "site.css").write_text('@import "parts/gone.css";\n')
    with pytest.raises(BollardsError, match=r"site\.css: imports parts/gone\.css"):
        style_sheets(tmp_path, ThemeSettings())


def test_the_style_has_the_sites_own_colours_and_text_that_can_be_read_on_them() -> None:
    theme = ThemeSettings(accent="#102030", accent_dark="#ffee99")
    sheets = style_sheets(STATIC / "css", theme)
    style = sheets.pop("site")
    assert "--accent-light:#102030" in style and "--accent-dark:#ffee99" in style
    assert "--on-accent-light:#ffffff" in style and "--on-accent-dark:#000000" in style
    assert not any("--accent-light:" in other for other in sheets.values())
