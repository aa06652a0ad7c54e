"""The few lines at the end of a build."""

from pathlib import Path

from generator.errors import Problem, printable
from generator.relate import Pair
from generator.report import Changes, Report

PUBLIC = Path("site/public")


def test_nothing_to_do_is_one_line() -> None:
    assert Report(PUBLIC, unchanged=True).lines() == [f"Nothing changed: {PUBLIC} is up to date."]


def test_it_counts_in_words_that_fit_one_and_many() -> None:
    one = Report(PUBLIC, photos=1, bollards=1, types=1, one_offs=1, countries=1).lines()
    many = Report(PUBLIC, photos=764, bollards=382, types=60, one_offs=40, countries=94).lines()

    assert one[0] == "1 photo used, 0 skipped; 1 bollard in 1 type and 1 one-off, 1 country."
    assert many[0] == (
        "764 photos used, 0 skipped; 382 bollards in 60 types and 40 one-offs, 94 countries."
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
        "Please look at:",
        "  photos/b.jpg: has no country.",
        "Nearly the same picture twice:",
        "  c.jpg and d.jpg (99.9%)",
    ]
    assert "1 skipped" in lines[6]


def test_a_thousand_problems_do_not_fill_the_terminal() -> None:
    problems = tuple(Problem(f"photos/{i}.jpg", "is empty.", skipped=True) for i in range(1000))

    lines = Report(PUBLIC, problems=problems).lines()

    assert len(lines) < 30
    assert "  … and 980 more" in lines


def test_changes_are_named() -> None:
    changes = Changes(
        photos_added=("a", "b"),
        types_added=tuple(f"type-{i}" for i in range(7)),
        types_removed=("old",),
    )

    lines = Report(PUBLIC, changes=changes).lines()

    assert (
        "Changes: 2 new photos; 7 new types (type-0, type-1, type-2, type-3, type-4, …);"
        " 1 gone type (old)." in lines
    )
    assert "Photos and types are as before." in Report(PUBLIC).lines()
    assert (
        "First build: everything is new."
        in Report(PUBLIC, changes=Changes(first_build=True)).lines()
    )


def test_it_tells_where_the_time_went() -> None:
    lines = Report(PUBLIC, seconds={"collect": 0.25, "photos": 1.0}).lines()

    assert "1.2 s (collect 0.2, photos 1.0)." in lines


def test_a_file_name_cannot_command_the_terminal() -> None:
    evil = "photos/\x1b[2J\x07\u202egpj.exe\nOK: all fine"

    lines = Report(PUBLIC, problems=(Problem(evil, "is empty.", skipped=True),)).lines()

    assert not set("\x1b\x07\u202e") & set("".join(lines))
    assert printable("Größe 標柱 🚧.jpg") == "Größe 標柱 🚧.jpg"
    assert printable("broken \udc80 name").encode() == rb"broken \udc80 name"
