"""A file is found by any spelling of its name, and never by another file's name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.filenames import FileNames, loose, plain, suggestion

FILES = ("España/p1.jpg", "france/IMG_1.jpg", "france/img_1.jpg", "st. helena/a b.jpg")


@pytest.mark.parametrize(
    "written",
    [
        "España/p1.jpg",
        unicodedata.normalize("NFD", "España/p1.jpg"),
        "España\\p1.jpg",
        "./España//p1.jpg",
        "photos/España/p1.jpg",
        ".\\photos\\España\\p1.jpg",
        "C:\\site\\photos\\España\\p1.jpg",
        "ESPAÑA/P1.JPG",
        "España /p1.jpg ",
        "España/p1 .jpg",
        "Espan\u0303a/\u200ep1.jpg",
    ],
)
def test_every_spelling_of_a_name_means_the_file(written: str) -> None:
    assert FileNames(FILES).find(written) == ("España/p1.jpg",)


def test_a_decomposed_name_on_disk_is_found_by_the_composed_one() -> None:
    on_disk = unicodedata.normalize("NFD", "España/ñandú.jpg")
    assert FileNames([on_disk]).find("España/ñandú.jpg") == (on_disk,)


def test_names_that_differ_in_case_are_two_files_where_both_exist() -> None:
    names = FileNames(FILES)
    assert names.find("france/IMG_1.jpg") == ("france/IMG_1.jpg",)
    assert names.find("france/img_1.jpg") == ("france/img_1.jpg",)
    assert names.find("France/Img_1.jpg") == ("france/IMG_1.jpg", "france/img_1.jpg")


def test_any_unicode_space_counts_as_a_space() -> None:
    assert FileNames(FILES).find("St. Helena/a\u202fb.jpg") == ("st. helena/a b.jpg",)


@pytest.mark.parametrize(
    "written", ["p1.jpg", "España/p1.jpeg", "España", "", "/", "españa/p11.jpg"]
)
def test_another_name_has_no_effect(written: str) -> None:
    assert FileNames(FILES).find(written) == ()


@given(st.text(min_size=1, max_size=30))
def test_every_file_is_found_by_its_own_name_in_every_form(name: str) -> None:
    names = FileNames([name])
    assert names.find(name) == (name,)
    for form in ("NFC", "NFD"):
        if plain(name):
            assert names.find(unicodedata.normalize(form, name)) == (name,)


@given(st.text(max_size=30))
def test_forms_are_final(name: str) -> None:
    assert plain(plain(name)) == plain(name)
    assert loose(loose(name)) == loose(name)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("germany/391a.jpeg", "germany/391a.jpg"),
        ("germny/391a.jpg", "germany/391a.jpg"),
        ("germany/391b.jpg", "germany/391a.jpg"),
        ("germany/999a.jpg", ""),
        ("peru/IMG_1.jpg", ""),
    ],
)
def test_only_a_near_name_is_suggested(written: str, meant: str) -> None:
    hint = suggestion(written, ["germany/391a.jpg", "france/3b.jpg"])

    assert hint == (f" Did you mean {meant}?" if meant else "")
