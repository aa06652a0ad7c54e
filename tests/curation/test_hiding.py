"""A hidden photo stays hidden under any name, and uncertain cases become questions."""

import unicodedata
from typing import Any

import pytest

from generator.curation import Curation
from generator.curation.references import Decisions, look_up

A, B, C = "aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"


def hide(*references: str, show: tuple[str, ...] = (), **known: Any) -> Decisions:
    """The decisions for the photos A (no/a.jpg) and B (España/b.jpg), unless given otherwise."""
    files: dict[str, str] = known.pop("files", {A: "no/a.jpg", B: "España/b.jpg"})
    photos = {one: {"hidden": True} for one in references} | {
        one: {"hidden": False} for one in show
    }
    bollards = {file: [photo] for photo, file in files.items()}
    return look_up(Curation.model_validate({"photos": photos}), bollards, files, **known)


@pytest.mark.parametrize(
    "reference",
    [
        "España/b.jpg",
        unicodedata.normalize("NFD", "España/b.jpg"),
        "photos\\España\\B.JPG",
        "./España /b.jpg",
        B,
        B.upper(),
    ],
)
def test_a_photo_is_hidden_by_any_spelling_of_its_name(reference: str) -> None:
    decisions = hide(reference)

    assert decisions.hidden == {B}
    assert not decisions.problems


def test_a_composed_entry_hides_a_decomposed_file() -> None:
    assert hide("España/b.jpg", files={B: unicodedata.normalize("NFD", "España/b.jpg")}).hidden == {
        B
    }


def test_an_entry_that_names_a_copy_hides_the_photo() -> None:
    assert hide("se/copy.jpg", names={"se/copy.jpg": A}).hidden == {A}


def test_both_photos_are_hidden_if_a_name_fits_either() -> None:
    assert hide("NO/X.JPG", files={A: "no/x.jpg", B: "no/X.jpg"}).hidden == {A, B}


def test_a_hidden_picture_stays_hidden_under_another_name() -> None:
    first = hide("no/a.jpg")
    later = hide("no/a.jpg", files={A: "se/z.jpg", B: "b.jpg"}, remembered=first.hiding)

    assert later.hidden == {A}
    assert not later.problems
    assert later.hiding == first.hiding


def test_a_photo_saved_again_in_the_file_of_a_hidden_one_is_hidden() -> None:
    known = {"former": {"no/a.jpg": A}, "files": {C: "no/a.jpg"}}

    assert hide(A, **known).hidden == {C}
    assert hide("no/a.jpg", remembered={"no/a.jpg": [A]}, **known).hidden == {C}


def test_a_photo_is_hidden_by_the_id_it_had_with_another_salt() -> None:
    assert hide("eeeeeeeeeeee", aliases={"eeeeeeeeeeee": A}).hidden == {A}
    assert hide("x.jpg", aliases={"eeeeeeeeeeee": A}, remembered={"x.jpg": ["eeeeeeeeeeee"]}).hidden


def test_two_photos_that_swapped_names_are_both_hidden_and_reported() -> None:
    decisions = hide(
        "no/a.jpg",
        files={A: "no/b.jpg", B: "no/a.jpg"},
        remembered={"no/a.jpg": [A]},
        published=[B],
    )

    assert decisions.hidden == {A, B}
    assert decisions.hiding == {"no/a.jpg": {A}}
    assert f'[photos."{A}"]' in decisions.problems[0].reason


def test_an_entry_that_hides_nothing_is_lost_and_listed_first() -> None:
    decisions = hide("no/never.jpg")

    assert decisions.lost == ("no/never.jpg",)
    assert [problem.first for problem in decisions.problems] == [True]


def test_an_entry_about_a_missing_photo_is_not_called_removable() -> None:
    decisions = hide("se/gone.jpg", former={"se/gone.jpg": C}, remembered={"se/gone.jpg": [C]})

    assert decisions.lost == ("se/gone.jpg",)
    assert decisions.hiding == {"se/gone.jpg": {C}}
    assert "It stays hidden if it comes back" in decisions.problems[0].reason


def test_a_new_photo_that_a_lost_entry_may_mean_is_held_back() -> None:
    assert hide("se/a.jpg").suspects == {A: "se/a.jpg"}
    assert hide("se/A.png").suspects == {A: "se/A.png"}
    assert hide("se/a.jpg", published=[A]).suspects == {}
    assert hide("se/a.jpg", show=(A,)).suspects == {}


def test_hiding_comes_before_showing() -> None:
    decisions = hide("no/a.jpg", show=(A,))

    assert (decisions.hidden, decisions.shown) == ({A}, frozenset())
    assert "It is hidden; remove one of the two entries." in decisions.problems[0].reason


def test_removing_an_entry_shows_the_photo_again() -> None:
    assert hide(remembered={"no/a.jpg": [A]}).hidden == frozenset()
