"""The few lines at the end of a build."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from generator.catalogue import Lookalike
from generator.errors import BollardsError, Problem, printable
from generator.relate.candidates import Doubtful
from generator.relate.similarity import Pair
from generator.report import Report, Review, Unnamed, refuse_lost_addresses
from generator.report.attention import likelier_first
from generator.report.changes import (
    Address,
    Born,
    Changes,
    PhotoChange,
    Relocated,
    Renamed,
    Resized,
    Retired,
    Split,
)
from generator.report.files import report_data
from generator.report.last import last_problems, last_questions, question

PUBLIC = Path("site/public")


def test_nothing_to_do_is_one_line() -> None:
    assert Report(PUBLIC, unchanged=True).lines() == [f"Nothing changed. {PUBLIC} is up to date."]


def test_it_counts_with_singular_and_plural_words() -> None:
    one = Report(PUBLIC, photos=1, bollards=1, types=1, one_offs=1, countries=1).lines()
    many = Report(PUBLIC, photos=764, bollards=382, types=60, one_offs=40, countries=94).lines()

    assert one[0] == "1 photo used, 0 skipped; 1 bollard (1 unsorted), 1 type, 1 country."
    assert many[0] == (
        "764 photos used, 0 skipped; 382 bollards (40 unsorted), 60 types, 94 countries."
    )


def test_skipped_files_warnings_and_duplicates_are_listed_apart() -> None:
    lines = Report(
        PUBLIC,
        photos=3,
        problems=(
            Problem("photos/a.jpg", "is cut short.", skipped=True),
            Problem("photos/b.jpg", "has no country.", skipped=False),
        ),
        duplicates=(Pair("c.jpg", "d.jpg", 0.9987),),
    ).lines()

    assert lines[:6] == [
        "Skipped:",
        "  photos/a.jpg: is cut short.",
        "Warnings:",
        "  photos/b.jpg: has no country.",
        "To review:",
        "  1 near-duplicate (1 new): c.jpg and d.jpg",
    ]
    assert "1 skipped" in lines[6]


def test_a_thousand_problems_do_not_fill_the_terminal() -> None:
    problems = tuple(Problem(f"photos/{i}.jpg", "is empty.", skipped=True) for i in range(1000))

    lines = Report(PUBLIC, problems=problems).lines()

    assert len(lines) <= 24
    assert "  … and 990 more" in lines


def test_a_photo_that_cannot_be_read_is_named_before_copies() -> None:
    copies = [
        Problem(f"photos/{i}.jpg", "is an exact copy.", skipped=True, minor=True) for i in range(40)
    ]
    broken = Problem("photos/z.jpg", "is cut short.", skipped=True)

    lines = Report(PUBLIC, problems=(*copies, broken)).lines()

    assert lines[:3] == [
        "Skipped:",
        "  photos/z.jpg: is cut short.",
        "  photos/0.jpg: is an exact copy.",
    ]


def test_what_the_last_build_told_is_counted_and_named_on_request(tmp_path: Path) -> None:
    private = Problem("curation.toml", "hides no photo.", skipped=False, first=True)
    problems = (
        Problem("photos/a.jpg", "is cut short.", skipped=True),
        Problem("photos/b.jpg", "has no country.", skipped=False),
        Problem("photos/c.jpg", "has no country.", skipped=False),
        private,
    )
    last = tmp_path / "report.json"
    last.write_text(json.dumps(report_data(Report(PUBLIC, problems=problems))), "utf-8")
    same = Report(PUBLIC, unchanged=True, problems=last_problems(last))
    new = Problem("photos/d.jpg", "has no country.", skipped=False)
    more = Report(PUBLIC, problems=(*problems, new), earlier=last_questions(last))
    known = "As in the last build: 1 file skipped and 2 warnings. --list shows them."
    urgent = ["First of all:", "  curation.toml: hides no photo."]

    assert same.lines() == [*urgent, known, f"Nothing changed. {PUBLIC} is up to date."]
    assert more.lines()[:5] == [
        *urgent,
        "Warnings:",
        "  photos/d.jpg: has no country.",
        known,
    ]
    assert "  photos/c.jpg: has no country." in same.lines(every=True)
    assert known not in same.lines(every=True)


def test_the_whole_report_names_everything() -> None:
    problems = tuple(Problem(f"photos/{i}.jpg", "is empty.", skipped=True) for i in range(1000))
    review = Review(unnamed=tuple(Unnamed(f"t{i}", f"T{i}", 5, new=True) for i in range(40)))

    lines = Report(PUBLIC, problems=problems, review=review).lines(every=True)

    assert [line for line in lines if line.startswith("  photos/")] == [
        f"  photos/{i}.jpg: is empty." for i in range(1000)
    ]
    assert any("“t39”" in line and "…" not in line for line in lines)


def test_only_new_questions_are_named_after_the_first_build() -> None:
    review = Review(
        unnamed=(Unnamed("old", "Old", 5, new=False),),
        one_offs=(
            Doubtful("b", ("p",), (Lookalike("old", 0.7),)),
            Doubtful("c", ("q",), (Lookalike("old", 0.6),)),
        ),
    )
    report = Report(
        PUBLIC,
        review=review,
        files={"p": "p.jpg", "q": "q.jpg"},
        chances={("b", "old"): 0.3, ("c", "old"): 0.2},
        duplicates=(Pair("c.jpg", "d.jpg", 0.9987),),
        earlier=frozenset({question("unsorted", "b"), question("same", "d.jpg", "c.jpg")}),
    )

    assert report.lines()[:4] == [
        "To review:",
        "  1 type you haven't named yet, none new",
        "  2 unsorted bollards similar to a type (1 new): q.jpg (“old” 20%)",
        "  1 near-duplicate, none new",
    ]
    first = replace(report, changes=Changes(first_build=True)).lines()
    assert "  2 unsorted bollards similar to a type: p.jpg (“old” 30%), q.jpg (“old” 20%)" in first


def test_changes_are_named_and_the_first_few_shown() -> None:
    changes = Changes(
        added=(PhotoChange("a", "a.jpg"), PhotoChange("b", "b.jpg")),
        moved=(PhotoChange("c", "c.jpg", "x", "y", "cluster"),),
        born=tuple(Born(f"type-{i}", "Post", 3) for i in range(7)),
        grown=(Resized("large", "Large", 3, 5),),
        split=(Split("old", ("old", "type-0")),),
        retired=(
            Retired("lost", "Lost", leads_to=None),
            Retired("few", "Few", leads_to="one-offs/"),
            Retired("pole", "Pole", leads_to="types/large/", merged_into="large"),
        ),
        renamed=(Renamed("large", "Large", "Very large"),),
    )

    lines = Report(PUBLIC, changes=changes).lines()

    told = lines[lines.index("Changes:") + 1 :]
    assert told[:8] == [
        "  2 new photos",
        "  1 photo with a new type",
        "  7 new types: type-0, type-1, type-2, type-3, type-4, …",
        "  1 grown type: large +2",
        "  1 merged type: pole into large",
        "  1 split type: old into old and type-0",
        "  2 types removed: lost (its address no longer works), few (redirects to one-offs/)",
        "  1 renamed type: Large, now Very large",
    ]
    assert "Photos and types have not changed." in Report(PUBLIC).lines()
    assert (
        "First build. Everything is new."
        in Report(PUBLIC, changes=Changes(first_build=True)).lines()
    )


def test_the_likelier_type_of_an_unsorted_bollard_comes_first() -> None:
    found = Doubtful("b", ("p",), (Lookalike("red", 0.71), Lookalike("white", 0.66)))

    (told,) = likelier_first((found,), {("b", "red"): 0.04, ("b", "white"): 0.82})

    assert [near.type for near in told.candidates] == ["white", "red"]


def test_open_questions_are_listed_with_new_types_first() -> None:
    review = Review(
        unnamed=(Unnamed("old", "Old", 5, new=False), Unnamed("fresh", "Fresh", 3, new=True)),
        one_offs=(Doubtful("b", ("p",), (Lookalike("old", 0.71), Lookalike("fresh", 0.66))),),
    )

    names = {"old": "White post", "fresh": "Red post"}
    lines = Report(
        PUBLIC,
        review=review,
        files={"p": "france/p.jpg"},
        names=names,
        chances={("b", "old"): 0.31, ("b", "fresh"): 0.24},
    ).lines()

    assert lines[:3] == [
        "To review:",
        "  2 types you haven't named yet (1 new): “Red post”",
        "  1 unsorted bollard similar to a type (1 new):"
        " france/p.jpg (“White post” 31% or “Red post” 24%)",
    ]


def test_countries_are_called_by_their_names() -> None:
    changes = Changes(relocated=(Relocated("a/1", "FR", None), Relocated("a/2", None, "DE")))

    lines = Report(PUBLIC, changes=changes, places={"FR": "France", "DE": "Germany"}).lines()

    assert any("a/1 from France to unknown, a/2 from unknown to Germany" in one for one in lines)


def test_a_dry_run_says_that_nothing_was_published() -> None:
    lines = Report(PUBLIC, dry_run=True).lines()

    assert lines[-1] == f"Dry run: {PUBLIC} and the ledger did not change."
    assert not [line for line in lines if line.startswith("The site is in")]


def test_a_strict_build_lists_the_addresses_that_would_change() -> None:
    refuse_lost_addresses(PUBLIC, Changes())
    changes = Changes(
        addresses=(
            Address("types/old/", leads_to="types/new/"),
            Address("types/lost/", leads_to=""),
            Address("photos/abc/", of="france/a.jpg"),
            *(Address(f"photos/{i}/") for i in range(40)),
        )
    )

    with pytest.raises(BollardsError, match="43 published addresses would change") as caught:
        refuse_lost_addresses(PUBLIC, changes)

    lines = str(caught.value).splitlines()
    assert "  types/old/ would redirect to types/new/" in lines
    assert "  types/lost/ would redirect to ./" in lines
    assert "  photos/abc/ (france/a.jpg) would disappear" in lines
    assert "  … and 23 more" in lines


def test_it_shows_where_the_time_went() -> None:
    lines = Report(PUBLIC, seconds={"collect": 0.25, "photos": 1.0}).lines()

    assert "1.2 s (collect 0.2, photos 1.0)." in lines


def test_a_file_name_cannot_command_the_terminal() -> None:
    evil = "photos/\x1b[2J\x07\u202egpj.exe\nOK: all fine"

    lines = Report(PUBLIC, problems=(Problem(evil, "is empty.", skipped=True),)).lines()

    assert not set("\x1b\x07\u202e\n") & set("".join(lines))
    assert printable("Größe 標柱 🚧.jpg") == "Größe 標柱 🚧.jpg"
    assert printable("broken \udc80 name").encode() == rb"broken \udc80 name"
