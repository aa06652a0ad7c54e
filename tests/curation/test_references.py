"""A decision finds its photo by id, file and bollard, under present and earlier names."""

from typing import Any

import pytest

from generator.curation import Curation
from generator.curation.references import Decisions, look_up

# Two bollards with two views each.
BOLLARDS = {"no/012": ["aaaaaaaaaaaa", "bbbbbbbbbbbb"], "se/7": ["cccccccccccc", "dddddddddddd"]}
FILES = {
    "aaaaaaaaaaaa": "no/012a.jpg",
    "bbbbbbbbbbbb": "no/012b.jpg",
    "cccccccccccc": "se/7a.jpg",
    "dddddddddddd": "se/7b.jpg",
}


def found(said: dict[str, Any], **more: Any) -> Decisions:
    given: dict[str, Any] = {"bollards": BOLLARDS, "files": FILES} | more
    return look_up(Curation.model_validate(said), **given)


def pinned(reference: str, **more: Any) -> Decisions:
    return found({"bollards": {reference: {"type": "white"}}}, **more)


def reason(decisions: Decisions) -> str:
    (problem,) = decisions.problems
    assert problem.file == "curation.toml"
    assert not problem.skipped
    return problem.reason


def test_a_bollard_is_named_by_a_photo_a_file_or_its_key() -> None:
    for reference in (
        "bbbbbbbbbbbb",
        "no/012b.jpg",
        "photos/no/012a.jpg",
        "no\\012a.jpg",
        "no/012",
    ):
        assert pinned(reference).pins == {"no/012": "white"}


def test_all_details_of_a_bollard_are_found() -> None:
    decisions = found(
        {
            "bollards": {
                "no/012": {"not": ["a"], "country": "se"},
                "no/012a.jpg": {"not": ["b"]},
                "se/7": {"country": ""},
            },
            "photos": {"se/7a.jpg": {"hidden": True}, "se/7b.jpg": {"hidden": False}},
            "types": {"white": {"picture": "no/012b.jpg"}},
        }
    )

    assert decisions.kept_out == {"no/012": {"a", "b"}}
    assert decisions.countries == {"no/012": "SE", "se/7": ""}
    assert decisions.hidden == {"cccccccccccc"}
    assert decisions.pictures == {"white": "bbbbbbbbbbbb"}
    assert not decisions.problems


def test_a_renamed_file_is_found_by_its_earlier_name() -> None:
    decisions = pinned("norway/012a.jpg", former={"norway/012a.jpg": "aaaaaaaaaaaa"})

    assert decisions.pins == {"no/012": "white"}
    assert not decisions.problems


def test_a_bollard_whose_files_were_renamed_is_found_by_its_earlier_key() -> None:
    assert pinned("norway/12", former={"norway/12a.jpg": "aaaaaaaaaaaa"}).pins == {
        "no/012": "white"
    }


def test_a_photo_that_was_saved_again_is_found_by_its_earlier_id() -> None:
    decisions = pinned("eeeeeeeeeeee", former={"no/012a.jpg": "eeeeeeeeeeee"})

    assert decisions.pins == {"no/012": "white"}
    assert not decisions.problems


def test_a_photo_that_is_gone_is_a_warning_and_its_decisions_are_kept() -> None:
    decisions = pinned("eeeeeeeeeeee", former={"no/9.jpg": "eeeeeeeeeeee"})

    assert decisions.pins == {}
    assert reason(decisions) == (
        '[bollards."eeeeeeeeeeee"]: this photo (no/9.jpg) is gone from photos/. Your decision'
        " stays here and counts again when it comes back; remove the entry if it will not."
    )


def test_a_file_that_is_gone_is_reported_as_such() -> None:
    told = reason(pinned("no/9.jpg", former={"no/9.jpg": "eeeeeeeeeeee"}))

    assert told.startswith('[bollards."no/9.jpg"]: this photo is gone')


def test_a_misspelt_file_or_id_gets_the_nearest_one_as_a_suggestion() -> None:
    assert "Did you mean no/012a.jpg?" in reason(pinned("no/012a.jpeg"))
    assert "Did you mean cccccccccccc?" in reason(pinned("ccccccccccce"))
    told = found({"photos": {"se/7c.jpg": {"hidden": True}}})
    assert told.lost == ("se/7c.jpg",)
    assert "this entry hides nothing. Did you mean se/7" in reason(told)


@pytest.mark.parametrize(
    "reference",
    ["NO/012A.JPG", "no /012b.jpg ", ".\\photos\\no\\012a.jpg", "AAAAAAAAAAAA", "NO/012"],
)
def test_a_reference_is_found_in_any_spelling(reference: str) -> None:
    assert pinned(reference).pins == {"no/012": "white"}


def test_a_name_that_fits_two_photos_is_reported_with_both() -> None:
    files = {"aaaaaaaaaaaa": "no/A.jpg", "bbbbbbbbbbbb": "no/a.jpg"}
    bollards = {"x": ["aaaaaaaaaaaa"], "y": ["bbbbbbbbbbbb"]}
    decisions = pinned("NO/a.JPG", files=files, bollards=bollards)

    assert decisions.pins == {}
    assert reason(decisions).endswith(
        "this may be no/A.jpg or no/a.jpg. Write one of them exactly."
    )


def test_a_word_unlike_any_known_one_brings_no_suggestion() -> None:
    assert reason(pinned("x")) == '[bollards."x"]: there is no such photo or bollard.'
