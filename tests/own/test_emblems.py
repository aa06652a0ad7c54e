"""The owner's drawings become plain shapes, in which nothing runs or loads."""

from pathlib import Path

import pytest

from generator.config import load_settings
from generator.errors import BollardsError
from generator.own.emblems import read_emblems, sanitised
from generator.project import Project

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def drawn(inner: str, attributes: str = 'viewBox="0 0 10 10"') -> tuple[str, list[str]]:
    return sanitised(f"{OPEN} {attributes}>{inner}</svg>".encode())


def test_shapes_and_their_paint_stay() -> None:
    shape = (
        '<g fill="#fff" transform="rotate(4 5 5)"><path d="M0 0h9v9z" stroke="currentColor" /></g>'
    )

    assert drawn(shape) == (f'<svg viewBox="0 0 10 10">{shape}</svg>', [])


def test_the_paint_that_an_editor_writes_as_style_stays() -> None:
    svg, left_out = drawn('<circle r="4" style="fill:#b08a3c; stroke-width:2; font-size:3px"/>')

    assert '<circle r="4" fill="#b08a3c" stroke-width="2" />' in svg
    assert left_out == []


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ('<image href="https://example.org/spy.png"/>', "<image>"),
        (
            '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
            "<foreignObject>",
        ),
        ("<style>@import url(//example.org/x.css)</style>", "<style>"),
        ('<use xlink:href="#a"/>', "<use>"),
        ('<path onclick="alert(1)" d="M0 0"/>', "onclick"),
        ('<path d="M0 0" fill="url(https://example.org/x)"/>', 'fill="url(https://example.org/x)"'),
        ('<path d="M0 0" style="fill:url(#a)"/>', 'fill="url(#a)"'),
        ('<animate attributeName="href"/>', "<animate>"),
        ("<svg><rect/></svg>", "<svg>"),
        ("<!-- a comment -->", ""),
        ('<a href="javascript:alert(1)"><rect/></a>', "<a>"),
    ],
)
def test_whatever_could_run_or_load_is_left_out_and_named(harm: str, named: str) -> None:
    svg, left_out = drawn(f'<rect width="4" height="4"/>{harm}')

    assert left_out == ([named] if named else [])
    for word in ("script", "href", "http", "alert", "url", "style", "on", "xmlns", "<!"):
        assert word not in svg


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<svg", "is not a readable SVG"),
        (b"\xff\xd8\xff\xe0", "is not a readable SVG"),
        (b"<html/>", "its first element is <html>"),
        (f"{OPEN}><rect/></svg>".encode(), "has no size"),
        (f'{OPEN} viewBox="0 0 0 9"><rect/></svg>'.encode(), "has no area"),
        (f'{OPEN} viewBox="0 0 9 9"><text>x</text></svg>'.encode(), "draws nothing"),
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg/>', "declares entities"),
        (b" " * 200_000, "is too large"),
    ],
)
def test_a_file_that_is_no_drawing_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(BollardsError, match=reason):
        sanitised(content)


def test_a_size_in_pixels_serves_as_the_view() -> None:
    assert drawn("<rect/>", 'width="30px" height="20"')[0].startswith('<svg viewBox="0 0 30 20">')


def test_a_missing_file_is_told_with_its_line_and_the_nearest_one(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.settings.write_text(
        '[collection]\nthing = "cover"\nthings = "covers"\n'
        '[[collection.attributes]]\nname = "shape"\n'
        '[[collection.attributes.values]]\nname = "round"\nemblem = "emblems/rund.svg"\n'
        '[[collection.attributes.values]]\nname = "square"\n[embed]\nembedder = "dinov2"\n'
    )
    (tmp_path / "emblems").mkdir()
    (tmp_path / "emblems" / "round.svg").write_text(f'{OPEN} viewBox="0 0 9 9"><rect/></svg>')

    drawings, (problem,) = read_emblems(project, load_settings(project.settings))

    assert drawings == {}
    assert problem.file == "site.toml"
    assert problem.reason.startswith("line 8: ")
    assert "Did you mean emblems/round.svg?" in problem.reason
