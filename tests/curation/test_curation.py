"""curation.toml: decisions are read as written, and mistakes are reported."""

from pathlib import Path

import pytest

from generator import starter
from generator.curation import Curation, load_curation
from generator.curation.apply import absent_countries, unknown_types
from generator.errors import BollardsError


def test_a_missing_file_contains_no_decisions(tmp_path: Path) -> None:
    assert load_curation(tmp_path / "curation.toml") == Curation()


def test_the_starter_file_contains_no_decisions() -> None:
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
        ('[types.a]\nnme = "x"', ["lookalikes, names, descriptions, lookalikes_in, countries."]),
        ("[types.a]\nname = 1\n[types.b]\ndescription = 2", ["types.a.name: ", "types.b.desc"]),
        ("[typs.a]", ["typs: no such key. Did you mean [types]?"]),
        ("types = 1", ["types: expected a table: [types]; found 1."]),
        ('[types]\na = "x"', ['types.a: expected a table: [types.a]; found "x".']),
        ("[types.a", ["not valid TOML"]),
    ],
)
def test_every_mistake_is_reported_with_its_key(tmp_path: Path, text: str, told: list[str]) -> None:
    path = tmp_path / "curation.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BollardsError) as caught:
        load_curation(path)

    assert str(caught.value).startswith(f"{path}:")
    for words in told:
        assert words in str(caught.value)


def test_an_unknown_type_gets_the_nearest_existing_one_as_a_suggestion() -> None:
    curation = Curation.model_validate({"types": {"white-pots": {}, "red-pole": {}}})

    (problem,) = unknown_types(curation, ["white-post", "red-pole"])

    assert problem.file == "curation.toml"
    assert problem.reason == "[types.white-pots]: there is no such type. Did you mean white-post?"
    assert not problem.skipped


def test_a_name_for_a_type_that_is_gone_gets_the_type_it_was_merged_into(tmp_path: Path) -> None:
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


def test_the_owner_knows_a_type_in_single_countries(tmp_path: Path) -> None:
    path = tmp_path / "curation.toml"
    path.write_text(
        '[types.white-post.countries.Slovenia]\nfrequency = "common"\nnote = " Bright red. "\n',
        encoding="utf-8",
    )

    (known,) = load_curation(path).types["white-post"].countries.items()

    assert known[0] == "SI"
    assert (known[1].frequency, known[1].note) == ("common", "Bright red.")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[types.a.countries.SI]\nfrequency = "often"', 'one of "common", "regional"'),
        ("[types.a.countries.Atlantis]", 'not "Atlantis"'),
        ("[types.a.countries.SI]\n[types.a.countries.Slovenia]", "each country once"),
        ('[types.a.countries.SI]\nnotice = "x"', "types.a.countries.SI.notice: no such key"),
    ],
)
def test_a_mistake_in_the_table_of_a_country_is_reported(
    tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "curation.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BollardsError) as caught:
        load_curation(path)
    assert told in str(caught.value)


def test_a_country_without_a_photo_of_the_type_is_reported() -> None:
    curation = Curation.model_validate(
        {"types": {"white-post": {"countries": {"NO": {"note": "x"}, "SE": {"note": "y"}}}}}
    )
    (problem,) = absent_countries(curation, {"white-post": {"SE", None}})
    assert "[types.white-post.countries.NO]" in problem.reason
    assert "It has: SE." in problem.reason
