"""Control characters are removed from texts as soon as they are read."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.characters import forbidden_in, on_one_line, without_forbidden
from generator.collect.table import read_details, read_table
from generator.errors import BollardsError
from generator.toml_files import parse_toml


@given(st.text(st.characters(exclude_categories=())))
def test_a_cleaned_text_is_well_formed_in_xml(text: str) -> None:
    left = without_forbidden(text)
    assert forbidden_in(left) is None
    safe = left.replace("&", "").replace("<", "").replace("]]>", "")
    ET.fromstring(f"<a>{safe}</a>")


def test_the_other_characters_stay() -> None:
    text = "Åland\té 柱\n🚧"
    assert without_forbidden(text) == text
    assert on_one_line("a\x0bb\x00c") == "a bc"


@pytest.mark.parametrize("character", ["\\u0000", "\\u000b", "\\u001b", "\\u0085", "\\uffff"])
def test_settings_and_decisions_with_one_are_refused(character: str) -> None:
    text = f'[types.a]\nname = "x{character}y"\n'
    with pytest.raises(BollardsError, match=r"types\.a\.name: .* found U\+"):
        parse_toml(text, Path("curation.toml"))


def test_it_is_removed_from_a_cell_of_photos_csv_with_a_warning(tmp_path: Path) -> None:
    (tmp_path / "photos.csv").write_text('file,credit\na.jpg,"Ann\x0bBea\x01"\n', encoding="utf-8")
    (row,) = read_table(tmp_path / "photos.csv")
    assert row["credit"] == "Ann Bea"
    (problem,) = read_details(row)[1]
    assert problem.reason == "line 2: credit: holds a control character, which was taken out."
