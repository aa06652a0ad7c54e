"""curation.toml: what a person decided is read as it is, and mistakes in it are told."""

from pathlib import Path

import pytest

from generator import starter
from generator.curation import Curation, load_curation
from generator.curation.apply import unknown_types
from generator.errors import BollardsError


def test_a_missing_file_decides_nothing(tmp_path: Path) -> None:
    assert load_curation(tmp_path / "curation.toml") == Curation()


def test_the_starter_file_decides_nothing() -> None:
    path = Path(starter.__file__).parent / "project" / "curation.toml"

    assert load_curation(path) == Curation()


def test_names_and_descriptions_are_read(tmp_path: Path) -> None:
    path = tmp_path / "curation.toml"
    path.write_text('\ufeff[types.white-post]\nname = "Leitpfosten"\n', encoding="utf-8")

    found = load_curation(path)

    assert found.types["white-post"].name == "Leitpfosten"
    assert found.types["white-post"].description == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[types.a]\nnme = "x"', ["types.a.nme: no such key. Valid under [types.ID]: name"]),
        ('[types.a]\nnme = "x"', ["lookalikes, names, descriptions, lookalikes_in."]),
        ("[types.a]\nname = 1\n[types.b]\ndescription = 2", ["types.a.name: ", "types.b.desc"]),
        ("[typs.a]", ["typs: no such key. Did you mean [types]?"]),
        ("types = 1", ["types: expected a table: [types]; found 1."]),
        ('[types]\na = "x"', ['types.a: expected a table: [types.a]; found "x".']),
        ("[types.a", ["not valid TOML"]),
    ],
)
def test_every_mistake_is_told_with_its_key(tmp_path: Path, text: str, told: list[str]) -> None:
    path = tmp_path / "curation.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BollardsError) as caught:
        load_curation(path)

    assert str(caught.value).startswith(f"{path}:")
    for words in told:
        assert words in str(caught.value)


def test_a_type_that_does_not_exist_brings_the_nearest_that_does() -> None:
    curation = Curation.model_validate({"types": {"white-pots": {}, "red-pole": {}}})

    (problem,) = unknown_types(curation, ["white-post", "red-pole"])

    assert problem.file == "curation.toml"
    assert problem.reason == "[types.white-pots]: there is no such type. Did you mean white-post?"
    assert not problem.skipped


def test_a_name_for_a_type_that_is_gone_says_where_it_went(tmp_path: Path) -> None:
    path = tmp_path / "curation.toml"
    path.write_text('[types.old]\nname = "Old"\n[types.lost]\nname = "Lost"\n', encoding="utf-8")

    lost, old = unknown_types(
        load_curation(path), ["white-post"], ["old", "lost"], {"old": "white-post"}
    )

    assert "[types.old]: this type is gone" in old.reason
    assert "now in white-post" in old.reason
    assert "[types.lost]: this type is gone" in lost.reason


@pytest.mark.parametrize("said", ["AT", "austria", "Österreich", "Autriche"])
def test_a_country_is_a_code_or_a_name_in_any_language(tmp_path: Path, said: str) -> None:
    path = tmp_path / "curation.toml"
    path.write_text(f'[bollards."no/1"]\ncountry = "{said}"\n', encoding="utf-8")

    assert load_curation(path).bollards["no/1"].country == "AT"
