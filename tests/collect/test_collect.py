"""A project's folder goes in; photos, keys, countries, notes and problems come out."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from generator.collect import collect
from generator.config import Settings
from generator.errors import BollardsError
from tests.collect.conftest import Project
from tests.collect.digests import MemoryDigests


def with_photos(**keys: str) -> Settings:
    return Settings.model_validate({"photos": keys})


def test_a_photo_is_recognised_by_its_content_and_its_path(project: Project) -> None:
    project.add("germany/a.jpg", b"content")
    source = project.only()
    assert source.sha256 == hashlib.sha256(b"content").hexdigest()
    assert source.id == source.sha256[:12]
    assert source.file == "germany/a.jpg"


def test_photos_are_in_the_order_of_their_paths(project: Project) -> None:
    for file in ("poland/2.jpg", "germany/b.jpg", "germany/a.jpg", "germany.jpg"):
        project.add(file)
    assert project.files() == ["germany.jpg", "germany/a.jpg", "germany/b.jpg", "poland/2.jpg"]


@hypothesis_settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(range(6)), rows=st.permutations(range(6)))
def test_the_order_of_files_on_disk_and_of_rows_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], rows: list[int]
) -> None:
    files = [f"{place}/{n}a.jpg" for place in ("germany", "poland", "nowhere") for n in (1, 2)]
    root = tmp_path_factory.mktemp("order")
    project = Project(root)
    for index in order:
        # Two of the six have equal bytes, so that it must be decided which one is used.
        project.add(files[index], b"same" if index in (1, 2) else files[index].encode())
    project.table("file,credit\n" + "".join(f"{files[i]},Person {i}\n" for i in rows))
    collection = project.collect()
    assert [source.file for source in collection.sources] == sorted(
        file for file in files if file != "poland/1a.jpg"
    )
    assert [source.credit for source in collection.sources] == [
        f"Person {files.index(source.file)}" for source in collection.sources
    ]
    assert [(problem.file, problem.skipped) for problem in collection.problems] == [
        ("photos.csv", False),
        ("photos/nowhere", False),
        ("photos/poland/1a.jpg", True),
    ]


def test_identical_files_are_used_once_and_the_other_is_reported(project: Project) -> None:
    project.add("germany/1.jpg", b"same")
    project.add("germany/2.jpg", b"same")
    assert project.files() == ["germany/1.jpg"]
    problem = project.problem()
    assert problem.file == "photos/germany/2.jpg"
    assert "photos/germany/1.jpg" in problem.reason
    assert problem.skipped


def test_a_row_about_a_copy_counts_for_the_photo(project: Project) -> None:
    for file in ("germany/1.jpg", "germany/2.jpg", "germany/3.jpg"):
        project.add(file, b"same")
    project.table(
        "file,credit,licence,taken\n"
        "germany/3.jpg,Bea,CC0,2024\n"
        "germany/2.jpg,Ann,,May\n"
        "germany/1.jpg,,,\n"
    )
    source = project.only()
    assert (source.file, source.credit, source.licence) == ("germany/1.jpg", "Ann", "CC0")
    told = [problem.reason for problem in project.collect().problems if not problem.skipped]
    assert told[:2] == [
        'line 2: credit: "Bea" is left out: germany/3.jpg is a copy of germany/1.jpg, for which'
        ' line 3 says "Ann".',
        'line 2: taken: "2024" is left out: germany/3.jpg is a copy of germany/1.jpg, for which'
        ' line 3 says "May".',
    ]


def test_the_earlier_one_of_identical_files_stays_the_photo(project: Project) -> None:
    project.add("germany/1.jpg", b"same")
    photo = project.only()
    project.known = {photo.file: photo.id}
    project.add("austria/1.jpg", b"same")
    assert project.only() == photo
    assert project.problem().file == "photos/austria/1.jpg"
    project.known = {photo.file: "another-id"}
    assert project.files() == ["austria/1.jpg"]


def test_of_identical_files_one_with_a_country_is_the_photo(project: Project) -> None:
    project.add("camera/1.jpg", b"same")
    photo = project.only()
    assert photo.country is None
    project.known = {photo.file: photo.id}
    project.add("poland/1.jpg", b"same")

    assert (project.only().file, project.only().country) == ("poland/1.jpg", "PL")
    assert project.problem().file == "photos/camera/1.jpg"
    assert project.collect().filed_twice == ()


def test_the_table_too_says_the_country_of_a_copy(project: Project) -> None:
    project.add("a/1.jpg", b"same")
    project.add("b/1.jpg", b"same")
    project.table("file,country\nb/1.jpg,PL\n")
    assert (project.only().file, project.only().country) == ("b/1.jpg", "PL")


def test_copies_in_folders_of_several_countries_are_reported(project: Project) -> None:
    for file in ("austria/1.jpg", "camera/1.jpg", "germany/1.jpg"):
        project.add(file, b"same")
    (told,) = project.collect().filed_twice
    assert (told.photo, told.file, told.country) == (project.only().id, "austria/1.jpg", "AT")
    assert told.others == (("germany/1.jpg", "DE"),)


def test_unchanged_files_are_not_read_again(project: Project) -> None:
    path = project.add("germany/1.jpg", b"one")
    first = project.collect()

    class Forgetful(MemoryDigests):
        def put(self, path: str, stat: object, digest: str) -> None:
            raise AssertionError(f"{path} was read again")

    again = Forgetful(project.digests.kept)
    assert collect(project.root, project.settings, again) == first
    path.write_bytes(b"two!")
    assert project.only().sha256 == hashlib.sha256(b"two!").hexdigest()


def test_progress_counts_the_files_that_must_be_read(project: Project) -> None:
    project.add("germany/1.jpg")
    project.add("germany/2.jpg")
    told: list[tuple[int, int]] = []
    collect(
        project.root,
        project.settings,
        project.digests,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 2), (2, 2)]


class TestBollards:
    def test_views_share_the_part_of_the_name_that_the_pattern_finds(
        self, project: Project
    ) -> None:
        for file in ("germany/0012a.jpg", "germany/0012b.png", "germany/0013a.jpg"):
            project.add(file)
        assert [source.bollard for source in project.collect().sources] == [
            "germany/0012",
            "germany/0012",
            "germany/0013",
        ]

    def test_equal_names_in_two_folders_are_two_bollards(self, project: Project) -> None:
        project.add("germany/0012a.jpg")
        project.add("poland/0012a.jpg")
        assert len({source.bollard for source in project.collect().sources}) == 2

    def test_a_photo_whose_name_does_not_fit_the_pattern_is_a_bollard_of_its_own(
        self, project: Project
    ) -> None:
        project.add("germany/by the bridge.jpg")
        assert project.only().bollard == "germany/by the bridge"

    def test_the_column_bollard_joins_photos_across_folders(self, project: Project) -> None:
        project.add("germany/x.jpg")
        project.add("germany/later/y.jpg")
        project.table("file,bollard\ngermany/x.jpg,B7\ngermany/later/y.jpg,B7\n")
        assert {source.bollard for source in project.collect().sources} == {"B7"}

    def test_the_pattern_comes_from_the_settings(self, project: Project) -> None:
        project.settings = with_photos(bollard_pattern=r"(?P<bollard>\w+)-(front|back)")
        project.add("germany/km5-front.jpg")
        project.add("germany/km5-back.jpg")
        assert {source.bollard for source in project.collect().sources} == {"germany/km5"}

    def test_without_a_pattern_every_file_is_a_bollard(self, project: Project) -> None:
        project.settings = with_photos(bollard_pattern="")
        project.add("germany/1a.jpg")
        project.add("germany/1b.jpg")
        assert len({source.bollard for source in project.collect().sources}) == 2

    def test_one_bollard_in_two_countries_is_reported(self, project: Project) -> None:
        project.add("germany/x.jpg")
        project.add("poland/y.jpg")
        project.table("file,bollard\ngermany/x.jpg,7\npoland/y.jpg,7\n")
        problem = project.problem()
        assert problem.file == "photos/poland/y.jpg"
        assert not problem.skipped
        for word in ('"7"', "photos/germany/x.jpg", "DE", "PL"):
            assert word in problem.reason


class TestCountries:
    @pytest.mark.parametrize(
        ("file", "code", "region"),
        [
            ("germany/x.jpg", "DE", None),
            ("europe/germany/x.jpg", "DE", None),
            ("germany/2024/x.jpg", "DE", None),
            ("germany/front views/x.jpg", "DE", None),
            ("germany/Bayern/x.jpg", "DE", "Bayern"),
            ("usa/georgia/x.jpg", "US", "Georgia"),
            ("usa/CA/x.jpg", "US", "California"),
            ("germany/no/x.jpg", "DE", None),
            ("germany/alberta/x.jpg", "DE", None),
            ("uk/isle-of-man/x.jpg", "IM", None),
            ("england-uk/A1/x.jpg", "GB", "England"),
            ("europa/España/x.jpg", "ES", None),
        ],
    )
    def test_the_innermost_folder_that_names_a_country_counts(
        self, project: Project, file: str, code: str, region: str | None
    ) -> None:
        project.add(file)
        source = project.only()
        assert (source.country, source.region) == (code, region)

    def test_the_column_country_wins_over_the_folder(self, project: Project) -> None:
        project.add("germany/x.jpg")
        project.table("file,country\ngermany/x.jpg,Åland (Finland)\n")
        assert (project.only().country, project.only().region) == ("AX", "Åland")

    def test_the_column_region_wins_over_all_others(self, project: Project) -> None:
        project.add("england-uk/x.jpg")
        project.table("file,region\nengland-uk/x.jpg,Kent\n")
        assert (project.only().country, project.only().region) == ("GB", "Kent")

    def test_photos_of_an_unknown_folder_are_used_and_reported_once(self, project: Project) -> None:
        project.add("germny/1.jpg")
        project.add("germny/2.jpg")
        collection = project.collect()
        assert [source.country for source in collection.sources] == [None, None]
        problem = project.problem()
        assert problem.file == "photos/germny"
        assert not problem.skipped
        for word in ('"germny"', "2 photos", 'Did you mean "Germany"?', "photos.csv"):
            assert word in problem.reason

    def test_the_suggestion_may_come_from_an_outer_folder(self, project: Project) -> None:
        project.add("germny/front/1.jpg")
        reason = project.problem().reason
        assert 'no country is called "germny", "front"; 1 photo' in reason
        assert 'Did you mean "Germany"?' in reason

    def test_a_photo_outside_any_folder_is_used_and_reported(self, project: Project) -> None:
        project.add("x.jpg")
        assert project.only().country is None
        assert "photos/germany/" in project.problem().reason

    def test_an_unknown_country_in_the_table_is_reported_with_its_line(
        self, project: Project
    ) -> None:
        project.add("germany/x.jpg")
        project.table("file,country\ngermany/x.jpg,Swizerland\n")
        assert project.only().country == "DE"
        problem = project.problem()
        assert problem.file == "photos.csv"
        for word in ("line 2", '"Swizerland"', "Switzerland"):
            assert word in problem.reason

    def test_a_build_with_nothing_changed_loads_no_names(self, project: Project) -> None:
        project.add("germany/x.jpg")
        project.add("germny/x.jpg")
        project.collect()
        code = (
            "import sys, pathlib; from generator.collect import *; from generator.config import *;"
            "from tests.collect.digests import MemoryDigests;"
            f"c = collect(pathlib.Path({str(project.root)!r}), Settings(), MemoryDigests(),"
            f" places={project.places!r});"
            "assert [s.country for s in c.sources] == ['DE', None];"
            "assert 'Germany' in c.problems[0].reason;"
            "assert not {'pycountry', 'babel', 'pillow_heif'} & set(sys.modules)"
        )
        subprocess.run([sys.executable, "-c", code], check=True)


class TestNotes:
    def test_notes_are_read_by_type(self, project: Project) -> None:
        project.add("germany/x.jpg")
        types = project.root / "notes" / "types"
        types.mkdir(parents=True)
        (types / "white-cap.md").write_text("\ufeffStands in *rows*.", encoding="utf-8")
        (types / "photo.jpg").write_bytes(b"no note")
        (project.root / "notes" / "about.md").write_text("Hello", encoding="utf-8")
        collection = project.collect()
        assert collection.notes == {"white-cap": "Stands in *rows*."}
        assert collection.about == "Hello"

    def test_a_note_that_no_page_shows_is_reported(self, project: Project) -> None:
        project.add("germany/x.jpg")
        for name in ("abuot.md", "types/flat.txt", "types/more/round.md"):
            path = project.root / "notes" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("Words.", encoding="utf-8")
        told = [problem.file for problem in project.collect().problems]
        assert told == ["notes/abuot.md", "notes/types/flat.txt", "notes/types/more/round.md"]

    def test_a_note_in_another_language_has_its_language_tag(self, project: Project) -> None:
        project.add("germany/x.jpg")
        types = project.root / "notes" / "types"
        types.mkdir(parents=True)
        (types / "white-cap.md").write_text("In rows.", encoding="utf-8")
        (types / "white-cap.de.md").write_text("In Reihen.", encoding="utf-8")
        (project.root / "notes" / "about.de.md").write_text("Hallo", encoding="utf-8")
        (types / "white-cap.fr.md").write_text("En rang.", encoding="utf-8")
        project.settings = Settings.model_validate({"site": {"languages": ["de"]}})
        collection = project.collect()
        assert collection.notes == {"white-cap": "In rows."}
        assert collection.translated == {"de": {"white-cap": "In Reihen.", "": "Hallo"}}
        assert [problem.file for problem in collection.problems] == ["notes/types/white-cap.fr.md"]

    def test_a_project_needs_no_notes(self, project: Project) -> None:
        project.add("germany/x.jpg")
        collection = project.collect()
        assert (collection.notes, collection.about, collection.problems) == ({}, "", ())

    def test_a_note_that_is_not_utf8_is_left_out_with_a_reason(self, project: Project) -> None:
        project.add("germany/x.jpg")
        (project.root / "notes").mkdir()
        (project.root / "notes" / "about.md").write_bytes("Schön".encode("latin-1"))
        assert project.collect().about == ""
        assert project.problem().file == "notes/about.md"
        assert "UTF-8" in project.problem().reason


class TestNothingToShow:
    def test_the_message_about_an_empty_folder_says_where_photos_go(self, project: Project) -> None:
        with pytest.raises(BollardsError, match="one folder a country, such as photos/germany/"):
            project.collect()

    def test_the_message_about_a_missing_folder_says_where_photos_go(self, tmp_path: Path) -> None:
        with pytest.raises(BollardsError, match="photos/germany/"):
            Project(tmp_path).collect()

    def test_a_file_called_photos_is_not_taken_for_the_folder(self, tmp_path: Path) -> None:
        (tmp_path / "photos").write_text("")
        with pytest.raises(BollardsError, match="cannot be read: Not a directory"):
            Project(tmp_path).collect()

    def test_a_folder_of_unusable_files_gives_the_reason_for_each(self, project: Project) -> None:
        project.add("germany/x.jpg", b"")
        with pytest.raises(BollardsError) as raised:
            project.collect()
        assert "no usable photo" in str(raised.value)
        assert "photos/germany/x.jpg: is empty (0 bytes)." in str(raised.value)


def test_credit_and_licence_come_from_the_table(project: Project) -> None:
    project.settings = with_photos(credit="Ann", licence="CC BY 4.0")
    project.add("germany/x.jpg")
    project.add("germany/y.jpg")
    project.table("file,credit,source\ngermany/y.jpg,Bea,https://example.org/y\n")
    x, y = project.collect().sources
    # What the photo says of itself comes before the settings, and is not known yet.
    assert (x.credit, x.licence, x.source) == (None, None, None)
    assert (y.credit, y.licence, y.source) == ("Bea", None, "https://example.org/y")
