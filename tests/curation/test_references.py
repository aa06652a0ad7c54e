"""A decision finds its photo by id, by file and by bollard, under the names of today and before."""

from typing import Any

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


def test_any_photo_its_file_or_the_key_stand_for_the_bollard() -> None:
    for reference in (
        "bbbbbbbbbbbb",
        "no/012b.jpg",
        "photos/no/012a.jpg",
        "no\\012a.jpg",
        "no/012",
    ):
        assert pinned(reference).pins == {"no/012": "white"}


def test_everything_about_a_bollard_is_found() -> None:
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


def test_a_file_that_was_renamed_is_found_by_its_former_name() -> None:
    decisions = pinned("norway/012a.jpg", former={"norway/012a.jpg": "aaaaaaaaaaaa"})

    assert decisions.pins == {"no/012": "white"}
    assert not decisions.problems


def test_a_bollard_whose_files_were_renamed_is_found_by_its_former_key() -> None:
    assert pinned("norway/12", former={"norway/12a.jpg": "aaaaaaaaaaaa"}).pins == {
        "no/012": "white"
    }


def test_a_photo_that_was_saved_anew_is_found_by_the_id_it_had() -> None:
    decisions = pinned("eeeeeeeeeeee", former={"no/012a.jpg": "eeeeeeeeeeee"})

    assert decisions.pins == {"no/012": "white"}
    assert not decisions.problems


def test_a_photo_that_is_gone_is_a_warning_and_what_was_decided_is_kept() -> None:
    decisions = pinned("eeeeeeeeeeee", former={"no/9.jpg": "eeeeeeeeeeee"})

    assert decisions.pins == {}
    assert reason(decisions) == (
        '[bollards."eeeeeeeeeeee"]: this photo (no/9.jpg) is gone from photos/. What you decided'
        " stays here and counts again when it comes back; take the entry out if it will not."
    )


def test_a_file_that_is_gone_is_told_as_such() -> None:
    told = reason(pinned("no/9.jpg", former={"no/9.jpg": "eeeeeeeeeeee"}))

    assert told.startswith('[bollards."no/9.jpg"]: this photo is gone')


def test_a_misspelt_file_or_id_brings_the_nearest_one() -> None:
    assert "Did you mean no/012a.jpg?" in reason(pinned("no/012a.jpeg"))
    assert "Did you mean cccccccccccc?" in reason(pinned("ccccccccccce"))
    told = reason(found({"photos": {"se/7c.jpg": {"hidden": True}}}))
    assert told.startswith('[photos."se/7c.jpg"]: there is no such photo or bollard. Did you')


def test_something_that_looks_like_nothing_brings_no_suggestion() -> None:
    assert reason(pinned("x")) == '[bollards."x"]: there is no such photo or bollard.'
