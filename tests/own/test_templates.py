"""Slots and templates of the owner's: names without effect, and what they ask of other hosts."""

from pathlib import Path

import pytest

from generator.config import load_settings
from generator.own.templates import template_mistakes
from generator.own_site import SLOTS
from generator.project import Project
from tests.own.conftest import Reading


def test_every_slot_is_read_by_its_name(own: Reading) -> None:
    site, problems = own({f"slots/{name}.html": "<p>x</p>" for name in SLOTS})

    assert set(site.slots) == set(SLOTS)
    assert problems == []


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("slots/typ-below.html", "there is no slot typ-below. Did you mean type-below?"),
        ("slots/slots/footer.html", "there is no slot slots/footer."),
        ("templates/hom.html", "no template hom.html. Did you mean home.html?"),
        ("templates/templates/home.html", "no template templates/home.html."),
    ],
)
def test_a_name_without_effect_is_reported_with_the_nearest(
    own: Reading, file: str, told: str
) -> None:
    _, problems = own({file: "<p>x</p>"})

    assert len(problems) == 1 and problems[0].startswith(f"{file}: ") and told in problems[0]


def test_a_part_that_a_slot_or_a_template_includes_has_an_effect(own: Reading) -> None:
    files = {
        "slots/footer.html": '{% include "part.html" %}',
        "slots/part.html": "x",
        "templates/404.html": '{% extends "frame.html" %}',
        "templates/frame.html": "x",
    }
    _, problems = own(files)

    assert problems == []


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ('<script src="https://stats.example.org/a.js"></script>', 'scripts = ["https://stats.ex'),
        ("<img src='//img.example.org/a.png' alt=''>", 'pictures = ["https://img.example.org"]'),
        ("<iframe src=https://map.example.org/x></iframe>", 'frames = ["https://map.example.org"]'),
        ('<link rel="stylesheet" href="https://a.example.org/b.css">', 'styles = ["https://a.ex'),
        ("<script>alert(1)</script>", "a script within a page is blocked"),
        ('<p onclick="go()">x</p>', "onclick=… is blocked"),
        ('<p style="color: red">x</p>', "Move them to site.css"),
        ("<style>p {}</style>", "Move them to site.css"),
    ],
)
def test_a_blocked_request_is_reported_with_the_line_and_the_setting(
    own: Reading, html: str, told: str
) -> None:
    _, problems = own({"slots/footer.html": f"<p>\n{html}"}, "[security]\n\nscripts = []\n")

    assert len(problems) == 1
    assert problems[0].startswith("slots/footer.html: line 2: ") and told in problems[0]
    if "scripts =" in told:
        assert "(site.toml, line 3)" in problems[0]


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://a.stats.example.org/a.js"></script>',
        '<script type="application/ld+json">{"@type": "Thing"}</script>',
        '<script src="{{ root }}mine.js" defer></script>',
        '<a href="https://elsewhere.example.org/">x</a>',
    ],
)
def test_an_allowed_request_is_not_reported(own: Reading, html: str) -> None:
    settings = '[security]\nscripts = ["https://*.stats.example.org"]\n'
    _, problems = own({"slots/head.html": html}, settings)

    assert problems == []


def test_all_mistakes_in_syntax_are_found_with_file_and_line(own: Reading, tmp_path: Path) -> None:
    own({"slots/footer.html": "\n{% if %}", "templates/home.html": "{{ a b }}"})
    project = Project(tmp_path)

    assert load_settings(project.settings)
    assert [one.partition(": ")[0] for one in template_mistakes(project)] == [
        "slots/footer.html, line 2",
        "templates/home.html, line 1",
    ]
