"""The names of countries are kept between builds, and never those of another site or program."""

import json
from pathlib import Path

from generator.build.kept_names import kept_names
from generator.collect.countries import country_names
from generator.keep import read_checked, write_checked

LANGUAGES = ("en", "de")


def test_kept_names_are_those_that_were_looked_up(tmp_path: Path) -> None:
    kept = tmp_path / "names.json"
    first = kept_names(LANGUAGES, kept)

    again = kept_names(LANGUAGES, kept)

    assert again == first
    assert again["DE"] == country_names("DE", LANGUAGES)


def test_other_languages_have_other_names(tmp_path: Path) -> None:
    kept = tmp_path / "names.json"
    kept_names(LANGUAGES, kept)

    assert "Allemagne" in kept_names(("en", "fr"), kept)["DE"]


def test_names_of_another_program_or_in_a_damaged_file_are_looked_up_again(tmp_path: Path) -> None:
    kept = tmp_path / "names.json"
    right = kept_names(LANGUAGES, kept)
    found = json.loads(read_checked(kept))
    found["key"][0] = "an earlier program"
    found["names"]["DE"] = ["Nowhere"]
    write_checked(kept, json.dumps(found).encode())
    assert kept_names(LANGUAGES, kept) == right

    kept.write_bytes(b"damaged")

    assert kept_names(LANGUAGES, kept) == right
