"""A built site with pages, files and looks of the owner's."""

import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from generator.build import build
from generator.errors import BollardsError
from generator.own.pages import RESERVED
from generator.progress import Progress
from generator.project import Project
from generator.publish.links import broken_links
from generator.resources import FONTS
from tests.render.markup import faults
from tests.sites import ProjectAt

SETTINGS = """
[site]
title = "Delineators"
base_url = "https://example.org/posts/"
languages = ["de"]
logo = "logo.png"
favicon = "icon.svg"

[theme]
paper = "#fff8e7"
font = "fonts/mine.ttf"
font_headings = "fonts/mine.ttf"

[menu]
footer = ["imprint", { title = "Forum", href = "https://forum.example.org/" }]
"""
ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8H0z"/></svg>'


def png(width: int, height: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "#00594f").save(made, "PNG")
    return made.getvalue()


FILES: dict[str, str | bytes] = {
    "logo.png": png(600, 200),
    "icon.svg": ICON,
    "fonts/mine.ttf": next(FONTS.glob("*.ttf")).read_bytes(),
    "pages/visit.md": "---\ntitle: Visit us\nmenu: 2\n---\n# Hours\n\nSee the"
    " [imprint](imprint.md), [all types](/) and [data](/data/catalogue.json).\n\n"
    "<script>alert(1)</script>\n",
    "pages/imprint.md": "---\ntitle: Imprint\n---\nAnn Example",
    "pages/imprint.de.md": "---\ntitle: Impressum\n---\nAnna Beispiel",
    "static/.well-known/security.txt": "Contact: mailto:ann@example.org\n",
    "static/google0123.html": "google-site-verification: google0123.html",
    "static/favicon.ico": b"\x00\x00\x01\x00",
    "static/index.html": "mine",
    "static/types": "a file where the program has a folder",
    "static/map/index.html/deep.txt": "a folder where the program has a file",
    "static/visit/index.html": "over a page of my own",
    "site.css": "/* mine */\n.masthead { background: url(/ground.png); }\n",
    "static/ground.png": b"",
    "slots/head.html": '<meta name="author" content="{{ site.title }} <&>">',
    "slots/footer.html": '<p class="mine">{{ page_name|default("") }} {{ address }}</p>',
    "slots/type-below.html": "<p>{{ type.name }} {{ '<b>' }} {{ type.bollards|length|number }}</p>",
    "slots/header.html": "{% include 'part.html' %}",
    "slots/part.html": "<p>{{ _('Types') }} {{ theme.paper }}</p>",
    "slots/page-below.html": '<a href="{{ home }}">{{ page.title }}</a>',
    "pages/presse.md": "---\ntitle: Presse\nlanguage: de\n---\nNur auf Deutsch",
}


def write(project: Project, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = project.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, project_at: ProjectAt) -> Path:
    project = project_at(tmp_path_factory.mktemp("own") / "site", SETTINGS)
    write(project, FILES)
    build(project, Progress(quiet=True))
    return project.public


@pytest.fixture(scope="module")
def told(site: Path) -> list[str]:
    """The problems that the build reported."""
    report = json.loads((site.parent / ".bollards/report.json").read_text(encoding="utf-8"))
    return [f"{one['file']}: {one['reason']}" for one in report["problems"]]


def page(site: Path, address: str) -> LexborHTMLParser:
    return LexborHTMLParser((site / address / "index.html").read_text(encoding="utf-8"))


def links(tree: LexborHTMLParser, within: str) -> dict[str, str]:
    return {a.text(): a.attributes["href"] or "" for a in tree.css(f"{within} a")}


def test_a_page_is_in_the_menu_of_every_page_and_says_where_one_is(site: Path) -> None:
    menu = list(links(page(site, "countries"), ".masthead nav"))
    here = page(site, "visit").css_first(".masthead [aria-current=page]")

    assert menu[:2] == ["Types", "Visit us"]
    assert here.text() == "Visit us"


def test_a_page_is_valid_and_its_markdown_is_made_safe(site: Path) -> None:
    html = (site / "visit/index.html").read_text(encoding="utf-8")

    assert faults(html) == []
    assert "alert(1)" not in html
    assert [one.text() for one in page(site, "visit").css("main h1, main h2")] == [
        "Visit us",
        "Hours",
    ]


def test_links_of_a_page_lead_below_the_root_in_its_language(site: Path) -> None:
    assert links(page(site, "visit"), ".prose") == {
        "imprint": "../imprint/",
        "all types": "../",
        "data": "../data/catalogue.json",
    }
    assert links(page(site, "de/visit"), ".prose") == {
        "imprint": "../imprint/",
        "all types": "../",
        "data": "../../data/catalogue.json",
    }
    assert broken_links(site, "https://example.org/posts/") == []


def test_the_footer_has_the_links_of_the_settings_in_each_language(site: Path) -> None:
    assert links(page(site, "countries"), ".colophon")["Forum"] == "https://forum.example.org/"
    assert "Impressum" in links(page(site, "de/countries"), ".colophon")


def test_a_page_of_one_language_is_offered_in_no_other(site: Path) -> None:
    tree = page(site, "de/presse")

    assert not (site / "presse").exists()
    assert "Presse" not in links(page(site, ""), ".masthead nav")
    assert links(tree, ".languages") == {"English": "../../"}
    assert tree.css("link[hreflang]") == []


def test_pages_are_in_the_site_map_with_their_languages(site: Path) -> None:
    text = (site / "sitemap.xml").read_text(encoding="utf-8")

    assert "<loc>https://example.org/posts/visit/</loc>" in text
    assert 'hreflang="de" href="https://example.org/posts/de/visit/"' in text
    assert 'href="https://example.org/posts/presse/"' not in text


def test_static_files_are_published_as_they_are(site: Path) -> None:
    for name in (".well-known/security.txt", "google0123.html", "favicon.ico"):
        content = FILES[f"static/{name}"]
        expected = content if isinstance(content, bytes) else content.encode()
        assert (site / name).read_bytes() == expected


def test_a_static_file_never_replaces_a_file_of_the_programs_and_this_is_reported(
    site: Path, told: list[str]
) -> None:
    assert "<html" in (site / "index.html").read_text(encoding="utf-8")
    assert "Visit us" in (site / "visit/index.html").read_text(encoding="utf-8")
    for name in ("index.html", "types", "map/index.html/deep.txt", "visit/index.html"):
        assert any(one.startswith(f"static/{name}: is left out") for one in told), name


def test_the_style_sheet_of_the_owner_comes_last_and_finds_static_files(site: Path) -> None:
    sheets = [link.attributes["href"] or "" for link in page(site, "").css("link[rel=stylesheet]")]

    assert Path(sheets[-1]).name.startswith("own.")
    assert "url(../ground.png)" in (site / sheets[-1]).read_text(encoding="utf-8")
    lists = next((site / "assets/offline").glob("files.*.json")).read_text(encoding="utf-8")
    assert sheets[-1] in json.loads(lists)["shell"]


def test_the_logo_and_the_icon_take_the_place_of_the_programs(site: Path) -> None:
    tree = page(site, "countries")
    logo = tree.css_first(".brand .logo").attributes
    icon = tree.css_first("link[rel=icon]").attributes

    assert (logo["width"], logo["height"], logo["alt"]) == ("360", "120", "")
    assert tree.css_first(".brand").text() == "Delineators"
    assert icon["type"] == "image/svg+xml"
    assert (site / "countries" / (icon["href"] or "")).read_text(encoding="utf-8") == ICON


def test_colours_are_those_of_pages_of_the_browser_and_of_the_app(site: Path) -> None:
    sheet = next((site / "assets").glob("site.*.css")).read_text(encoding="utf-8")
    manifest = json.loads((site / "manifest.webmanifest").read_text(encoding="utf-8"))
    colour = page(site, "").css_first("meta[name=theme-color]").attributes["content"]

    assert "--paper-light:#fff8e7" in sheet
    assert colour == manifest["background_color"] == "#fff8e7"


def test_fonts_are_published_with_the_site_and_kept_for_use_offline(site: Path) -> None:
    sheet = next((site / "assets").glob("site.*.css"))
    text = sheet.read_text(encoding="utf-8")
    files = re.findall(r'url\((fonts/[^)]+)\) format\("truetype"\)', text)
    shell = json.loads(next((site / "assets/offline").glob("files.*.json")).read_bytes())["shell"]

    assert len(files) == 2 and all((sheet.parent / file).is_file() for file in files)
    assert '--text:"Own text",var(--system-text)' in text
    assert {f"assets/{file}" for file in files} <= set(shell)


def test_slots_add_to_the_pages_with_the_values_of_each(site: Path) -> None:
    kind = next(path for path in (site / "types").iterdir() if (path / "index.html").exists())
    tree = LexborHTMLParser((kind / "index.html").read_text(encoding="utf-8"))

    assert tree.css_first("head meta[name=author]").attributes["content"] == "Delineators <&>"
    assert f"types/{kind.name}/" in tree.css_first(".colophon .mine").text()
    assert tree.css_first("article > p:last-child").text().startswith(tree.css_first("h1").text())
    assert "<b>" in tree.css_first("article > p:last-child").text()
    assert page(site, "de/map").css_first(".masthead > p").text() == "Typen #fff8e7"
    assert page(site, "visit").css_first("article > a").text() == "Visit us"


@pytest.mark.parametrize(
    "file", ["pages/visit.md", "static/CNAME", "site.css", "slots/footer.html"]
)
def test_a_change_is_built(built_project: Project, file: str) -> None:
    write(built_project, {file: "# Visit us"})

    assert not build(built_project, Progress(quiet=True)).unchanged
    assert build(built_project, Progress(quiet=True)).unchanged


def test_no_page_can_take_an_address_of_the_programs(site: Path) -> None:
    own = {"visit", "imprint", "presse", "de", "ground", "google0123", "favicon"}
    names = {path.name.split(".")[0] for path in site.iterdir() if path.name[0] not in "._"}

    assert names - own <= RESERVED


def test_mistakes_in_slots_and_templates_are_reported_at_once_with_the_rest_of_the_report(
    built_project: Project,
) -> None:
    write(
        built_project,
        {
            "slots/footer.html": "<p>\n{{ nothing }}</p>",
            "slots/type-below.html": "{{ type.__class__ }}",
            "templates/about.html": '{% extends "base.html" %}\n{% block main %}{{ 1 / 0 }}'
            "{% endblock %}",
            "photos/germany/broken.jpg": "no photo",
        },
    )
    before = (built_project.public / "index.html").read_bytes()

    with pytest.raises(BollardsError) as failed:
        build(built_project, Progress(quiet=True))

    lines = str(failed.value).splitlines()
    assert f"{built_project.slots}/footer.html, line 2: 'nothing' is undefined." in lines
    assert f"{built_project.templates}/about.html, line 2: division by zero." in lines
    assert any("type-below.html, line 1" in line and "unsafe" in line for line in lines)
    assert any("broken.jpg" in line for line in lines)
    assert (built_project.public / "index.html").read_bytes() == before
