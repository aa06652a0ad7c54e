"""site.toml: all its mistakes are reported at once, in the owner's words."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import starter
from generator.characters import forbidden_in
from generator.config import Settings, load_settings
from generator.errors import BollardsError


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "site.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def complaint(folder: Path, text: str | bytes) -> str:
    with pytest.raises(BollardsError) as caught:
        load_settings(write(folder, text))
    return str(caught.value)


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(write(tmp_path, "")) == Settings()


def test_the_starter_file_shows_every_key_with_its_default() -> None:
    path = Path(starter.__file__).parent / "project" / "site.toml"

    assert load_settings(path) == Settings()
    # An empty table would be closed to what its owner adds below; so it is shown in a comment.
    text = path.read_text(encoding="utf-8")
    for key in ("translations", "attributes"):
        text = text.replace(f"\n# {key} = ", f"\n{key} = ")
    shown = {(section, key) for section, table in tomllib.loads(text).items() for key in table}
    known = {
        (section, field.alias or name)
        for section in Settings.model_fields
        for name, field in type(getattr(Settings(), section)).model_fields.items()
    }
    assert shown == known


def test_a_table_of_translations_can_be_added_below_the_starter_file(tmp_path: Path) -> None:
    path = Path(starter.__file__).parent / "project" / "site.toml"
    own = '\n[site.translations.de]\ntitle = "Leitpfosten"\n'

    settings = load_settings(write(tmp_path, path.read_text(encoding="utf-8") + own))

    assert settings.site.translations["de"].title == "Leitpfosten"


def test_all_problems_are_reported_at_once_with_their_keys(tmp_path: Path) -> None:
    text = complaint(
        tmp_path,
        """
        titel = "Posts"
        [site]
        language = "deutsch!"
        [pictures]
        widths = [240, "wide", 5]
        format = "WebP"
        [group]
        min_bollards = 1
        [theme]
        accent = "red"
        """,
    )

    first, *lines = text.splitlines()
    assert first == f"{tmp_path / 'site.toml'}: 7 problems."
    assert [line.split(": ")[0].strip() for line in lines] == [
        "site.language",
        "group.min_bollards",
        "pictures.widths[1]",
        "pictures.widths[2]",
        "pictures.format",
        "theme.accent",
        "titel",
    ]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('titel = "x"', "titel: no such key. Did you mean title under [site]?"),
        ('base_url = ""', "base_url: no such key. It belongs under [site]."),
        ("[pictuers]\nquality = 80", "pictuers: no such key. Did you mean [pictures]?"),
        ('[theme]\nacent = "#000000"', "theme.acent: no such key. Did you mean accent?"),
        ('[photos]\nlicense = "CC0"', "photos.license: no such key. Did you mean licence?"),
        ('[site]\nAuthor = "Ann"', "site.Author: no such key. Did you mean author?"),
        ("[site]\nquality = 80", "site.quality: no such key. It belongs under [pictures]."),
        (
            "[isolate]\nzzz = 1",
            "isolate.zzz: no such key. Valid here: crop, classes, prompts, several.",
        ),
        ('"a b" = 1', '"a b": no such key. Valid here: site, photos,'),
    ],
)
def test_a_wrong_key_gets_the_nearest_valid_one_as_a_suggestion(
    tmp_path: Path, written: str, told: str
) -> None:
    assert f"  {told}" in complaint(tmp_path, written)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('site = "x"', 'site: expected a table: [site]; found "x".'),
        ("[site]\ntitle = 7", "site.title: expected a text in quotes; found 7."),
        ('[site]\ntitle = ""', 'site.title: expected a text that is not empty; found "".'),
        (
            '[site]\nbase_url = "example.org"',
            'site.base_url: expected an address like "https://example.org/bollards/",'
            ' or "" if unknown; found "example.org".',
        ),
        (
            '[pictures]\nbase_url = "//pictures.example.org/"',
            'pictures.base_url: expected an address such as "https://pictures.example.org/",',
        ),
        (
            '[pictures]\nbase_url = "http://pictures.example.org/"',
            'pictures.base_url: expected an address such as "https://pictures.example.org/",',
        ),
        (
            '[pictures]\nbase_url = "https://pictures.example.org/a, b/"',
            'pictures.base_url: expected an address such as "https://pictures.example.org/",',
        ),
        (
            '[pictures]\nbase_url = "https://pictures.example.org/../x/"',
            'pictures.base_url: expected an address such as "https://pictures.example.org/",',
        ),
        (
            '[site]\nbase_url = "https://[bad"',
            'site.base_url: expected an address like "https://example.org/bollards/",',
        ),
        (
            '[site]\nbase_url = "https://example.org:99999/"',
            'site.base_url: expected an address like "https://example.org/bollards/",',
        ),
        ('[pictures]\nquality = "high"', 'quality: expected a whole number; found "high".'),
        ("[pictures]\nquality = 101", "quality: expected at most 100; found 101."),
        ("[pictures]\nwidths = []", "widths: expected a list of widths in pixels"),
        ("[pictures]\nwidths = 480", "widths: expected a list of widths in pixels"),
        ("[pictures]\nwidths = [240, true]", "widths[1]: expected a whole number; found true."),
        ('[privacy]\nlocation = "no"', 'location: expected true or false; found "no".'),
        ("[relate]\nduplicates = nan", "duplicates: expected at most 1; found NaN."),
        (
            '[group]\nmethod = "hdbscn"',
            'method: expected one of "linkage", "hdbscan", "kmeans"; found "hdbscn".'
            ' Did you mean "hdbscan"?',
        ),
        ('[photos]\nbollard_pattern = "("', "bollard_pattern: expected a regular expression ("),
        (
            "[photos]\nbollard_pattern = 'x'",
            'expected a regular expression with a group (?P<bollard>...), or ""; found "x".',
        ),
        (
            '[theme]\naccent = "Red"',
            'accent: expected a colour such as "#b3261e"; found "Red". Did you mean "#ff0000"?',
        ),
        ('[theme]\nink = "#12345g"', 'ink: expected a colour such as "#b3261e"; found "#12345g".'),
        ('[theme]\nink = "b3261e"', 'found "b3261e". Did you mean "#b3261e"?'),
        ('[theme]\nink = "#fa0"', 'found "#fa0". Did you mean "#ffaa00"?'),
        ('[theme]\nink = "rgb(1, 2, 3)"', 'Did you mean "#010203"?'),
        ('[theme]\nink = "turqoise"', 'Did you mean "#40e0d0", which is turquoise?'),
        ("[theme]\nfont = 3", 'font: expected a font file such as "fonts/mine.woff2", or a list'),
        ("[theme]\naccent = 1979-05-27", "accent: expected a text in quotes; found 1979-05-27."),
    ],
)
def test_a_wrong_value_is_reported_with_what_was_expected_and_found(
    tmp_path: Path, written: str, told: str
) -> None:
    assert told in complaint(tmp_path, written)


def test_a_long_value_is_cut(tmp_path: Path) -> None:
    assert len(complaint(tmp_path, f'[group]\nmethod = "{"x" * 5000}"')) < 400


@pytest.mark.parametrize("text", ["[site", "[site]\n[site]\n", "x = 1\nx = 2\n", "[site]\ntitle=a"])
def test_invalid_toml_is_reported_with_its_line(tmp_path: Path, text: str) -> None:
    told = complaint(tmp_path, text)

    assert "site.toml: not valid TOML" in told
    assert "line" in told or "end of document" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[site]\n[menu]\nmain = [ # "]\n  "a",\n', "the [ of line 3 is not closed"),
        ('[site]\ntitle = \'[\'\nname = """x\n', 'the """ of line 3 is not closed'),
        ("[site]\ntitle =", "look at line 2"),
    ],
)
def test_what_is_still_open_at_the_end_is_reported_with_the_line_where_it_began(
    tmp_path: Path, text: str, told: str
) -> None:
    assert told in complaint(tmp_path, text)


def test_a_file_that_is_not_utf_8_is_reported(tmp_path: Path) -> None:
    assert "byte 16 is not UTF-8" in complaint(tmp_path, b'[site]\ntitle = "\xe9"')


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, b'\xef\xbb\xbf[site]\r\ntitle = "Posts"\r\n')

    assert load_settings(path).site.title == "Posts"


def test_the_message_about_a_missing_file_explains_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(BollardsError, match=r"no site\.toml here.\n.*`bollards init '.*my site'`"):
        load_settings(tmp_path / "my site" / "site.toml")


def test_a_folder_with_the_name_of_the_file_gives_one_message(tmp_path: Path) -> None:
    (tmp_path / "site.toml").mkdir()

    with pytest.raises(BollardsError, match="cannot be read"):
        load_settings(tmp_path / "site.toml")


def test_widths_are_sorted_and_named_once(tmp_path: Path) -> None:
    path = write(tmp_path, "[pictures]\nwidths = [960, 240, 960]")

    assert load_settings(path).pictures.widths == (240, 960)


def test_a_base_url_always_ends_in_a_slash(tmp_path: Path) -> None:
    path = write(tmp_path, '[site]\nbase_url = "https://example.org/posts"')

    assert load_settings(path).site.base_url == "https://example.org/posts/"


def toml(tables: dict[str, dict[str, Any]]) -> str:
    def literal(value: Any) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, tuple):
            return "[" + ", ".join(map(literal, value)) + "]"
        if isinstance(value, str):
            escaped = "".join(
                char if char.isalnum() or char in " .-#" else f"\\U{ord(char):08x}"
                for char in value
            )
            return f'"{escaped}"'
        return repr(value)

    return "".join(
        f"[{name}]\n" + "".join(f"{key} = {literal(value)}\n" for key, value in table.items())
        for name, table in tables.items()
    )


_text = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20).filter(
    lambda text: forbidden_in(text) is None
)


@given(
    title=_text,
    author=_text,
    widths=st.lists(st.integers(64, 4096), min_size=1, max_size=6),
    quality=st.integers(30, 100),
    duplicates=st.floats(0.5, 1.0),
    location=st.booleans(),
)
def test_a_written_file_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    title: str,
    author: str,
    widths: list[int],
    quality: int,
    duplicates: float,
    location: bool,
) -> None:
    tables = {
        "site": {"title": title, "author": author},
        "pictures": {"widths": tuple(widths), "quality": quality},
        "relate": {"duplicates": duplicates},
        "privacy": {"location": location},
    }
    folder = tmp_path_factory.getbasetemp()

    settings = load_settings(write(folder, toml(tables)))

    assert (settings.site.title, settings.site.author) == (title, author)
    assert settings.pictures.widths == tuple(sorted(set(widths)))
    assert settings.pictures.quality == quality
    assert settings.relate.duplicates == duplicates
    assert settings.privacy.location is location
    again = load_settings(write(folder, toml(settings.model_dump(by_alias=True))))
    assert again == settings
