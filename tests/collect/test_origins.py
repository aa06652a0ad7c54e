"""A source is a safe web address or words; anything else is left out and reported with its line."""

import pytest

from generator.collect.origins import unfit_source
from generator.config import Settings, SiteSettings
from tests.collect.conftest import Project


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.org/a_(b).jpg?x=1#y",
        "HTTP://example.org",
        "https://[2001:db8::1]:8080/x",
        "https://bücher.example/ö",
        "Street view",
        "Photo: Ann",
        "own work",
    ],
)
def test_addresses_and_words_are_valid(text: str) -> None:
    assert unfit_source(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "http://[",
        "http://[bad",
        "https://[1.2.3]/",
        "https://",
        "https:///path",
        "https:example.org",
        "https:\\\\example.org",
        "https://example.org:99999/",
        "https://exa mple.org/",
        "https://user:word@example.org/",
        'https://example.org/"><script>',
        "javascript:alert(1)",
        "JavaScript: alert(1)",
        "java\tscript:alert(1)",
        "\u200bjavascript:alert(1)",
        "java\u00adscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org/",
    ],
)
def test_an_address_that_no_page_may_link_to_is_refused(text: str) -> None:
    assert unfit_source(text)


@pytest.mark.parametrize(
    ("base_url", "text", "fit"),
    [
        ("https://example.org/bollards/", "https://example.org/bollards/photos/1.jpg", False),
        ("https://example.org/bollards/", "http://EXAMPLE.org/bollards", False),
        ("https://example.org/bollards/", "https://example.org/other/1.jpg", True),
        ("https://example.org/", "https://example.org", False),
        ("https://example.org/", "https://example.com/", True),
    ],
)
def test_an_address_within_the_site_is_not_a_source(base_url: str, text: str, fit: bool) -> None:
    assert (unfit_source(text, base_url) == "") is fit


@pytest.mark.parametrize("cell", ["http://[bad", "javascript:alert(1)", "https://own.example/x"])
def test_an_unusable_source_costs_its_cell_and_is_reported_with_its_line(
    project: Project, cell: str
) -> None:
    project.add("germany/x.jpg")
    project.table(f"file,source,credit\ngermany/x.jpg,{cell},Ann\n")
    project.settings = Settings(site=SiteSettings(base_url="https://own.example/"))
    source = project.only()
    assert (source.source, source.credit) == (None, "Ann")
    problem = project.problem()
    assert (problem.file, problem.skipped) == ("photos.csv", False)
    assert problem.reason.startswith("line 2: source: expected ")
    assert cell in problem.reason
