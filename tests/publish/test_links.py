"""Broken links are found before the site is published."""

from pathlib import Path

import pytest

from generator.errors import BollardsError
from generator.page_store import Links, PageStore
from generator.publish import check
from generator.publish.links import broken_links

BASE = "https://example.org/bollards/"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, text in {
        "index.html": "<h1 id=all>All</h1>",
        "types/white-post/index.html": "<h2 id=look>Look</h2>",
        "pictures/a b.webp": "",
        "pictures/c.webp": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def broken(site: Path, markup: str, base_url: str = "") -> list[str]:
    """The links of a page in types/white-post/ that lead nowhere."""
    (site / "types" / "white-post" / "index.html").write_text(f"<h2 id=look>L</h2>{markup}")
    return [link.link for link in broken_links(site, base_url)]


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="../../">home</a>',
        '<a href="../../index.html#all">home</a>',
        '<a href=".">here</a>',
        '<a href="">here</a>',
        '<a href="#look">here</a>',
        '<a href="#">top</a><a href="#top">top</a>',
        '<a href="?order=country#look">here</a>',
        '<a href="../../types/white-post/">a type</a>',
        '<a href="/types/white-post/#look">from the root</a>',
        '<img src="../../pictures/a%20b.webp">',
        '<img srcset="../../pictures/c.webp 240w, ../../pictures/a%20b.webp 480w">',
        '<a href="https://elsewhere.org/nothing">elsewhere</a>',
        '<a href="//elsewhere.org/nothing">elsewhere</a>',
        '<a href="mailto:ann@example.org">write</a>',
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    ],
)
def test_working_links_are_accepted(site: Path, markup: str) -> None:
    assert broken(site, markup) == []


@pytest.mark.parametrize(
    ("markup", "link"),
    [
        ('<a href="../../types/red-post/">', "../../types/red-post/"),
        ('<a href="../../types/white-post">', "../../types/white-post"),
        ('<a href="../../#nothing">', "../../#nothing"),
        ('<a href="#nothing">', "#nothing"),
        ('<a href="../../../">above the site</a>', "../../../"),
        ('<img src="../../pictures/C.webp">', "../../pictures/C.webp"),
        (
            '<img srcset="../../pictures/c.webp 1x, ../../pictures/d.webp 2x">',
            "../../pictures/d.webp",
        ),
        ('<video poster="../../pictures/d.webp"></video>', "../../pictures/d.webp"),
        ('<script src="../../app.js"></script>', "../../app.js"),
        ('<link rel="stylesheet" href="../../site.css">', "../../site.css"),
        ('<a href="http://[">no address</a>', "http://["),
        ('<img src="../../pictures/c.webp#nothing">', "../../pictures/c.webp#nothing"),
    ],
)
def test_broken_links_are_reported(site: Path, markup: str, link: str) -> None:
    assert broken(site, markup) == [link]


@pytest.mark.parametrize(
    ("markup", "wrong"),
    [
        ('<a href="/bollards/types/white-post/">', False),
        ('<a href="/types/white-post/">leads out of the sub-path</a>', True),
        (f'<a href="{BASE}types/white-post/">', False),
        (f'<a href="{BASE}types/red-post/">', True),
        (f'<meta property="og:image" content="{BASE}pictures/c.webp">', False),
        (f'<meta property="og:image" content="{BASE}pictures/d.webp">', True),
        ('<meta name="description" content="Bollards by their looks">', False),
        ('<a href="https://example.org/blog/">another page of the host</a>', False),
    ],
)
def test_a_site_under_a_sub_path_is_checked_under_that_path(
    site: Path, markup: str, wrong: bool
) -> None:
    assert bool(broken(site, markup, BASE)) is wrong


def test_the_message_lists_pages_and_links_up_to_ten(site: Path) -> None:
    many = "".join(f'<a href="{number}/">x</a>' for number in range(30))
    (site / "index.html").write_text(many)

    with pytest.raises(BollardsError) as caught:
        check(site, "")

    lines = str(caught.value).splitlines()
    assert lines[0] == "The new site has 30 broken links, so the old one stays:"
    assert lines[1] == "  index.html: 0/"
    assert lines[11] == "  … and 20 more"


def test_the_links_of_a_page_that_came_out_the_same_are_known(tmp_path: Path) -> None:
    before = PageStore(tmp_path)
    before.add("a/index.html", "made from this", [], "")
    before.add_links("a/index.html", Links({"top"}, {"b/index.html"}))
    before.save({"a/index.html": b"same"})

    def known(digest: bytes, base_url: str = "") -> Links | None:
        after = PageStore(tmp_path, base_url=base_url)
        after.add("a/index.html", "made from that", [], "")
        return after.links("a/index.html", digest)

    assert known(b"same") == Links(["top"], ["b/index.html"], [])
    assert known(b"other") is None
    # The same link may lead to another place.
    assert known(b"same", "https://example.org/") is None


def test_pictures_of_another_host_are_checked_where_they_are_built(site: Path) -> None:
    away = "https://pictures.example.org/some/"
    page = site / "types" / "white-post" / "index.html"
    page.write_text(
        f'<img src="{away}pictures/c.webp" srcset="{away}pictures/gone.webp 240w">'
        '<img src="https://pictures.example.org/others/any.webp">'
    )
    assert [one.link for one in broken_links(site, pictures_url=away)] == [
        f"{away}pictures/gone.webp"
    ]
