"""What notes and pages have in vain is told, with file and line."""

from pathlib import Path

import pytest

from generator.catalogue import Site
from generator.own.links import written
from generator.project import Project
from generator.prose import excess
from generator.publish.links import BrokenLink
from generator.render.notes import note_html, page_html
from tests.own.conftest import Reading


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        (
            "pages/visit.md",
            "![Plan](https://img.example.org/a.png)",
            "https://img.example.org/a.png",
        ),
        ("pages/visit.md", '<img src="//img.example.org/a.png" alt="">', "write pictures ="),
        (
            "pages/visit.md",
            '<iframe src="https://map.example.org"></iframe>',
            "<iframe> is taken out",
        ),
        ("pages/visit.md", "<script>go()</script>", "<script> is taken out"),
        ("notes/about.md", "![Plan](../plan.png)", "notes have no pictures"),
    ],
)
def test_what_is_taken_out_is_reported_with_its_line(
    own: Reading, file: str, text: str, told: str
) -> None:
    _, problems = own({file: f"# Visit\n\n{text}"}, "[security]\n\npictures = []\n")

    assert len(problems) == 1
    assert problems[0].startswith(f"{file}: line 3: ") and told in problems[0]
    if "img.example.org" in text:
        assert "(site.toml, line 3)" in problems[0]


@pytest.mark.parametrize(
    "text",
    [
        "![Plan](/plan.png)",
        "![Plan](https://img.example.org/a.png)",
        "Write `<script>` like this, or\n\n    <iframe>\n",
        "<!-- <script> -->",
        "<b>bold</b> and <abbr title='x'>y</abbr>",
    ],
)
def test_what_stays_is_not_reported(own: Reading, text: str) -> None:
    settings = '[security]\npictures = ["https://*.example.org"]\n'
    _, problems = own({"pages/visit.md": f"# Visit\n\n{text}"}, settings)

    assert problems == []


def test_what_follows_code_is_looked_at(own: Reading) -> None:
    _, problems = own({"pages/visit.md": "# Visit\n\n    code\n\n<iframe></iframe>"})

    assert [one.partition(": <")[0] for one in problems] == ["pages/visit.md: line 5"]


def test_a_picture_of_another_host_is_shown_only_where_the_settings_allow_it() -> None:
    text = "![Plan](https://img.example.org/a.png)"

    assert "img" not in page_html(text, [], home="../", root="../")
    allowed = page_html(text, [], home="../", root="../", hosts=("https://img.example.org",))
    assert 'src="https://img.example.org/a.png"' in allowed


def test_thousands_of_lists_within_each_other_are_shown_as_they_are() -> None:
    assert note_html("- " * 3000 + "x").startswith("<p>- - - ")


def test_thousands_of_brackets_that_never_close_are_shown_and_take_no_time() -> None:
    assert note_html("[" * 20_000) == f"<p>{'[' * 20_000}</p>"


@pytest.mark.parametrize(
    "text",
    [
        "[a](http://x.org/b) " * 10_000,
        "*a* **b** _c_ " * 10_000,
        "[a](" * 10_000,
        "<a " * 10_000,
        "a\n===\n" * 10_000,
        "a\n---\n" * 10_000,
        "* * *\n" * 10_000,
        "# a\n" * 10_000,
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n" * 10_000,
    ],
)
def test_more_markup_than_a_person_writes_is_shown_as_it_is_and_reported(text: str) -> None:
    # How much is converted decides how long it takes, so no clock is needed.
    assert "shown as plain text" in excess(text)
    assert str(note_html(text)).startswith("<p>")
    assert str(note_html(text)).count("<p>") == len(text.strip().split("\n\n"))


@pytest.mark.parametrize(
    "text",
    [
        "* [a](https://example.org/a) by *B*\n" * 3_000,
        "| photo | credit |\n|---|---|\n" + "| [a](https://example.org/a) | *B* |\n" * 3_000,
        "A paragraph with [a link](https://example.org/) and *one* word.\n\n" * 3_000,
    ],
)
def test_long_lists_tables_and_texts_are_converted(text: str) -> None:
    assert excess(text) == ""


def test_a_note_with_too_much_markup_is_reported_with_its_file(own: Reading) -> None:
    _, problems = own({"notes/about.md": "*a* " * 10_000})

    assert len(problems) == 1
    assert problems[0].startswith("notes/about.md: has 20,000 marks of Markdown")


def test_of_thousands_of_broken_links_the_first_hundred_are_named(tmp_path: Path) -> None:
    broken = [BrokenLink("about/", f"../gone-{number}/") for number in range(10_000)]
    site = Site("", "", "", "en", "", "", "", "")

    lines = written(broken, Project(tmp_path), ["index.html"], site)

    assert len(lines) == 101
    assert lines[-1] == "and 9,900 more broken links."
