"""The few lines at the end of a build."""

from pathlib import Path

import pytest

from generator.catalogue import Lookalike
from generator.errors import BollardsError, Problem, printable
from generator.relate.candidates import Doubtful
from generator.relate.similarity import Pair
from generator.report import Report, Review, Unnamed, refuse_lost_addresses
from generator.report.changes import (
    Address,
    Born,
    Changes,
    PhotoChange,
    Renamed,
    Resized,
    Retired,
    Split,
)

PUBLIC = Path("site/public")


def test_nothing_to_do_is_one_line() -> None:
    assert Report(PUBLIC, unchanged=True).lines() == [f"Nothing changed. {PUBLIC} is up to date."]


def test_it_counts_in_words_that_fit_one_and_many() -> None:
    one = Report(PUBLIC, photos=1, bollards=1, types=1, one_offs=1, countries=1).lines()
    many = Report(PUBLIC, photos=764, bollards=382, types=60, one_offs=40, countries=94).lines()

    assert (
        one[0] == "1 photo used, 0 skipped; 1 bollard in 1 type and 1 unsorted bollard, 1 country."
    )
    assert many[0] == (
        "764 photos used, 0 skipped;"
        " 382 bollards in 60 types and 40 unsorted bollards, 94 countries."
    )


def test_skipped_files_warnings_and_duplicates_are_told_apart() -> None:
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
        "Near-duplicates:",
        "  c.jpg and d.jpg (99.9%)",
    ]
    assert "1 skipped" in lines[6]


def test_a_thousand_problems_do_not_fill_the_terminal() -> None:
    problems = tuple(Problem(f"photos/{i}.jpg", "is empty.", skipped=True) for i in range(1000))

    lines = Report(PUBLIC, problems=problems).lines()

    assert len(lines) < 30
    assert "  … and 980 more" in lines


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
        "  2 types removed: lost (its address is not found any more), few (redirects to one-offs/)",
        "  1 renamed type: large, now Very large",
    ]
    assert "Photos and types have not changed." in Report(PUBLIC).lines()
    assert (
        "First build. Everything is new."
        in Report(PUBLIC, changes=Changes(first_build=True)).lines()
    )


def test_what_waits_for_the_owner_is_named_new_types_first() -> None:
    review = Review(
        unnamed=(Unnamed("old", "Old", 5, new=False), Unnamed("fresh", "Fresh", 3, new=True)),
        one_offs=(Doubtful("b", ("p",), (Lookalike("old", 0.71), Lookalike("fresh", 0.66))),),
    )

    lines = Report(PUBLIC, review=review, files={"p": "france/p.jpg"}).lines()

    assert lines[:3] == [
        "To review:",
        "  2 types you haven't named yet (1 new): fresh, old",
        "  france/p.jpg is unsorted, but similar to old (71%) or fresh (66%)",
    ]


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


def test_it_tells_where_the_time_went() -> None:
    lines = Report(PUBLIC, seconds={"collect": 0.25, "photos": 1.0}).lines()

    assert "1.2 s (collect 0.2, photos 1.0)." in lines


def test_a_file_name_cannot_command_the_terminal() -> None:
    evil = "photos/\x1b[2J\x07\u202egpj.exe\nOK: all fine"

    lines = Report(PUBLIC, problems=(Problem(evil, "is empty.", skipped=True),)).lines()

    assert not set("\x1b\x07\u202e") & set("".join(lines))
    assert printable("Größe 標柱 🚧.jpg") == "Größe 標柱 🚧.jpg"
    assert printable("broken \udc80 name").encode() == rb"broken \udc80 name"
