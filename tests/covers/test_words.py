"""The site of a collection of manhole covers says nothing of bollards, in any language."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from generator.review.server import PAGE
from generator.review.server import page_of as review_page
from tests.sites import copied

# Words of bollards in the languages of the program, and of the looks that only bollards have.
BOLLARD = re.compile(
    r"bollard|reflector|\bposts?\b|delineator"
    r"|poller|leitpfosten|pfosten|pfahl|reflektor"
    r"|\bbornes?\b|poteau|\bbalises?\b|potelet|catadioptre|réflecteur"
    r"|bolardo|\bpostes?\b|\bhitos?\b|baliza|captafaro",
    re.IGNORECASE,
)
# What is for programs: names of elements, addresses, and identifiers of scripts and styles.
_FOR_PROGRAMS = frozenset({"class", "id", "href", "src", "srcset", "for", "aria-labelledby", "rel"})
# The program's name, as https://html.spec.whatwg.org/multipage/semantics.html#meta-generator asks.
_GENERATOR = {"name": "generator", "content": "bollards"}


class _Texts(HTMLParser):
    """Collects the texts of a page, those in attributes included."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if dict(attrs) == _GENERATOR:
            return
        for_programs = _FOR_PROGRAMS | ({"value"} if tag == "option" else set())
        self.found += [value for name, value in attrs if value and name not in for_programs]
        addresses = [value for name, value in attrs if value and name in ("href", "src")]
        # The program's own modules and data may keep their names; pages may not.
        self.found += [one for one in addresses if not re.search(r"assets/[\w./-]+$", one)]

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def texts_of(page: str) -> list[str]:
    parser = _Texts()
    parser.feed(page)
    return parser.found


def values_in(data: Any) -> Iterator[str]:
    """All texts of a JSON value; its keys are a public format."""
    if isinstance(data, str):
        yield data
    for one in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from values_in(one)


def named(texts: list[str]) -> list[str]:
    return [text.strip()[:200] for text in texts if BOLLARD.search(text)]


def test_no_page_says_bollard_in_any_language(covers: Path) -> None:
    pages = sorted((covers / "public").rglob("*.html"))
    assert {page.relative_to(covers / "public").parts[0] for page in pages} >= {"de", "fr", "es"}
    wrong = {
        page.relative_to(covers / "public").as_posix(): found
        for page in pages
        if (found := named(texts_of(page.read_text(encoding="utf-8"))))
    }
    assert wrong == {}


def test_no_data_that_pages_read_says_bollard(covers: Path) -> None:
    files = [
        *(covers / "public").rglob("*.json"),
        *(covers / "public").rglob("*.webmanifest"),
    ]
    schemas = {"catalogue.schema.json", "single.schema.json"}
    wrong = {
        path.relative_to(covers / "public").as_posix(): found
        for path in files
        if path.name not in schemas
        and (found := named(list(values_in(json.loads(path.read_text(encoding="utf-8"))))))
    }
    assert wrong == {}


def test_no_feed_site_map_or_address_says_bollard(covers: Path) -> None:
    public = covers / "public"
    for path in (*public.rglob("feed.xml"), *public.rglob("sitemap*.xml")):
        text = path.read_text(encoding="utf-8").replace("<generator>bollards</generator>", "")
        assert not BOLLARD.search(text), path
    addresses = [path.relative_to(public).as_posix() for path in public.rglob("*")]
    assert [one for one in addresses if BOLLARD.search(one)] == []


def test_pages_name_the_owners_thing_in_each_language(covers: Path) -> None:
    for folder, words in {
        "": "manhole covers",
        "de": "Schachtdeckel",
        "fr": "plaques d’égout",
        "es": "tapas de alcantarilla",
    }.items():
        about = (covers / "public" / folder / "about" / "index.html").read_text(encoding="utf-8")
        assert f"{words[0].upper()}{words[1:]}</title>" in about
        assert f"</b> {words}" in about


def test_the_report_says_covers(covers: Path) -> None:
    printed = (covers / "printed.txt").read_text(encoding="utf-8")
    page = (covers / ".bollards" / "report.html").read_text(encoding="utf-8")

    assert "15 manhole covers" in printed
    assert not BOLLARD.search(printed.replace(".bollards/", ""))
    assert named(texts_of(page)) == []


def test_drawings_show_no_bollard(covers: Path) -> None:
    home = (covers / "public" / "index.html").read_text(encoding="utf-8")
    drawings = [path.read_text(encoding="utf-8") for path in covers.glob("public/**/*.svg")]

    # The reflector of the program's own icon.
    assert not [one for one in [home, *drawings] if "M8.300 11.600l3.400" in one]


def test_another_word_is_on_all_pages_after_the_next_build(covers: Path, tmp_path: Path) -> None:
    project = copied(covers, tmp_path / "site")
    text = project.settings.read_text(encoding="utf-8")
    project.settings.write_text(text.replace("manhole cover", "drain cover"), encoding="utf-8")

    build(project, Progress(quiet=True))

    pages = [page.read_text(encoding="utf-8") for page in project.public.rglob("*.html")]
    assert any("drain cover" in page for page in pages)
    assert not [page for page in pages if "manhole" in page]


def test_the_review_page_says_covers(covers: Path) -> None:
    page = review_page(Project(covers))
    words = (PAGE / "words.js").read_text(encoding="utf-8")
    texts = [found.strip('`"') for found in re.findall(r"\"[^\"\n]*\"|`[^`\n]*`", words)]
    keys = {"bollard", "bollards", "reflector"}

    assert 'data-thing="manhole cover" data-things="manhole covers"' in page
    assert "Draw a box around the manhole cover" in page
    assert "collection.svg" in page
    assert named(texts_of(page.replace("bollards-site", "").replace("bollards-report", ""))) == []
    said = [re.sub(r"\$\{[^}]*\}|“bollards review”", "", text) for text in texts]
    assert set(named(said)) <= keys
