"""Files that are published as they are: which ones, and what is told of the others."""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.own.conftest import Reading


def with_position() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "JPEG", exif=exif)
    return made.getvalue()


@pytest.mark.parametrize("name", ["CNAME", ".well-known/x", "a/b.txt", "favicon.ico", "robots.txt"])
def test_files_keep_their_path(own: Reading, name: str) -> None:
    site, problems = own({f"static/{name}": "x"})

    assert list(site.static) == [name]
    assert problems == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (".env", "hidden files stay private"),
        ("a/.git/config", "hidden files stay private"),
        ("assets/mine.js", "assets/ is the program's"),
        ("pictures/a.jpg", "pictures/ is the program's"),
    ],
)
def test_files_that_must_not_be_published_are_left_out_and_reported(
    own: Reading, name: str, told: str
) -> None:
    site, problems = own({f"static/{name}": "x"})

    assert site.static == {}
    assert len(problems) == 1
    assert problems[0].startswith(f"static/{name}: ") and told in problems[0]


def test_what_systems_leave_in_folders_is_left_out_without_a_word(own: Reading) -> None:
    site, problems = own({"static/.DS_Store": "", "static/a/Thumbs.db": "", "static/a.txt~": ""})

    assert (site.static, problems) == ({}, [])


def test_a_link_out_of_the_project_is_not_followed(own: Reading, tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static/secrets").symlink_to("/etc")
    (tmp_path / "static/passwd").symlink_to("/etc/passwd")

    site, problems = own({})

    assert site.static == {}
    assert [one.partition(":")[0] for one in problems] == ["static/passwd", "static/secrets"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("cname", "Did you mean CNAME?"),
        ("well-known/security.txt", "Did you mean .well-known?"),
        ("robot.txt", "Did you mean robots.txt?"),
        ("static/CNAME", "one level too deep"),
        ("site.css", "beside site.toml"),
    ],
)
def test_a_file_that_nothing_looks_for_is_reported_with_the_nearest_name(
    own: Reading, name: str, told: str
) -> None:
    _, problems = own({f"static/{name}": "x"})

    assert len(problems) == 1 and told in problems[0]


def test_a_picture_with_a_position_is_reported(own: Reading) -> None:
    _, problems = own({"static/plan.jpg": with_position()})

    assert "carries a position" in problems[0]


class TestStyle:
    def test_addresses_lead_from_the_folder_of_the_published_sheet(self, own: Reading) -> None:
        css = "a { background: url('/a.png') }\nb { background: url(b/c.svg#x) }"
        site, problems = own({"site.css": css, "static/a.png": "", "static/b/c.svg": ""})

        assert "url('../a.png')" in site.style and "url(../b/c.svg#x)" in site.style
        assert problems == []

    @pytest.mark.parametrize(
        ("css", "told"),
        [
            ("\na { background: url(plam.png) }", "line 2: plam.png: there is no such file"),
            (
                "a {}\n@import url(https://fonts.example.org/x.css);",
                "line 2: @import https://fonts",
            ),
            (
                "a { background: url(https://x.org/a.png) }",
                "line 1: https://x.org/a.png: pages use",
            ),
            ("a {\n  color: red;\n\nb { color: blue; }", "line 1: a { that is never closed"),
            ("a { color: red; }\n}", "line 2: a } that closes nothing"),
        ],
    )
    def test_a_mistake_is_reported_with_its_line(self, own: Reading, css: str, told: str) -> None:
        _, problems = own({"site.css": css, "static/plan.png": ""})

        assert problems[0].startswith(f"site.css: {told}")

    def test_a_brace_in_a_text_or_a_comment_is_none(self, own: Reading) -> None:
        _, problems = own({"site.css": 'a::before { content: "{"; } /* } { */'})

        assert problems == []


class TestDomain:
    DOMAIN = '[site]\nbase_url = "https://a.example.org/"\n[deploy]\ndomain = "a.example.org"\n'

    def test_a_domain_that_agrees_with_the_address_is_taken(self, own: Reading) -> None:
        site, problems = own({}, self.DOMAIN)

        assert (site.domain, problems) == ("a.example.org", [])

    @pytest.mark.parametrize(
        ("base_url", "told"),
        [("https://b.example.org/", "(line 2) is https://b.example.org/"), ("", "is empty")],
    )
    def test_a_domain_that_contradicts_the_address_is_reported_with_both_lines(
        self, own: Reading, base_url: str, told: str
    ) -> None:
        _, problems = own({}, self.DOMAIN.replace("https://a.example.org/", base_url))

        assert problems[0].startswith("site.toml: line 4: deploy.domain") and told in problems[0]

    def test_a_domain_in_both_places_is_reported(self, own: Reading) -> None:
        _, problems = own({"static/CNAME": "b.example.org"}, self.DOMAIN)

        assert "Remove one of the two" in problems[0]


def test_a_link_that_leads_to_itself_is_left_out(own: Reading, tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "plan.pdf").symlink_to("plan.pdf")

    _, problems = own({})

    assert len(problems) == 1
    assert problems[0].startswith("static/plan.pdf: is left out: it cannot be read (")
