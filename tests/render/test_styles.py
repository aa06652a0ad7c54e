"""Style sheets: every page has all the rules that are meant for it, and few others."""

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
    """What the rules of a sheet are for, without the states that only a browser knows."""
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
    """The names of the sheets that a page asks for: "site", "leaf"."""
    tree = LexborHTMLParser(page.read_text(encoding="utf-8"))
    links = (link.attributes["href"] or "" for link in tree.css("link[rel=stylesheet]"))
    return [Path(link).name.split(".")[0] for link in links]


def unfolded(page: Path) -> LexborHTMLParser:
    """A page with what its scripts show, too."""
    html = page.read_text(encoding="utf-8")
    return LexborHTMLParser(re.sub(r"(</?)template\b", r"\1section", html))


def kinds(site: Path) -> list[Path]:
    found = [site / address for address in one_of_each_kind(site)]
    return [path / "index.html" if path.is_dir() else path for path in found]


def test_a_page_asks_for_the_style_of_all_pages_and_of_its_own_kind_only(site: Path) -> None:
    assert sheets_of(site / "404.html") == ["site"]
    assert sheets_of(site / "index.html") == ["site", "find"]
    assert sheets_of(site / "types/type-0/index.html") == ["site", "leaf"]
    assert all(len(sheets_of(page)) <= 2 for page in kinds(site))


def test_no_page_misses_a_rule_that_is_meant_for_what_is_on_it(site: Path) -> None:
    sheets = style_sheets(STATIC / "css", ThemeSettings())
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
    assert missing == []


def test_every_sheet_of_a_kind_is_used_and_no_page_loads_much_of_it(site: Path) -> None:
    sheets = style_sheets(STATIC / "css", ThemeSettings())
    for page in kinds(site):
        asked = sheets_of(page)
        sent = sum(len(gzip.compress(sheets[name].encode())) for name in asked)
        assert sent < 6500, (page, asked)
        tree = unfolded(page)
        for name in asked:
            assert any(tree.css_first(rule) is not None for rule in selectors(sheets[name]))
    asked = {name for page in kinds(site) for name in sheets_of(page)}
    assert asked | {"identify"} == set(sheets)


def test_parts_stand_where_they_are_imported(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/post.css").write_text("/* A post. */\n.post {\n  color: red;\n}\n")
    (tmp_path / "site.css").write_text("body {\n}\n")
    (tmp_path / "kind.css").write_text('@import "parts/post.css";\n\n.own {\n  color: blue;\n}\n')
    sheets = style_sheets(tmp_path, ThemeSettings())
    assert sheets["kind"] == ".post {\ncolor: red;\n}\n.own {\ncolor: blue;\n}\n"
    assert set(sheets) == {"site", "kind"}


def test_a_part_that_is_not_there_is_named(tmp_path: Path) -> None:
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
