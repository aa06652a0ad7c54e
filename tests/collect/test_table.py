"""photos.csv: accepted spellings, and messages about mistakes."""

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from generator.catalogue import Box
from generator.characters import without_forbidden
from generator.collect.table import Row, read_details
from generator.errors import BollardsError
from tests.collect.conftest import Project

FULL = (
    "file,bollard,country,region,latitude,longitude,credit,licence,source,taken,crop\n"
    "germany/x.jpg,B1,Austria,Tyrol,47.26,11.39,Ann,CC0,https://example.org,2024-05-01,"
    '"10,20,110,220"\n'
)


@pytest.fixture
def with_photo(project: Project) -> Project:
    project.add("germany/x.jpg")
    return project


def message(project: Project) -> str:
    with pytest.raises(BollardsError) as raised:
        project.collect()
    return str(raised.value)


def details(**values: str) -> tuple[object, ...]:
    found, problems = read_details(Row(7, values))
    return (*(getattr(found, name) for name in values), [problem.reason for problem in problems])


def test_every_column_is_read(with_photo: Project) -> None:
    with_photo.table(FULL)
    source = with_photo.only()
    assert source.bollard == "B1"
    assert (source.country, source.region) == ("AT", "Tyrol")
    assert (source.latitude, source.longitude) == (47.26, 11.39)
    assert (source.credit, source.licence, source.source) == ("Ann", "CC0", "https://example.org")
    assert source.taken == "2024-05-01"
    assert source.crop == Box(10, 20, 110, 220)


@pytest.mark.parametrize(
    "text",
    [
        "file,credit\ngermany/x.jpg,Ann\n",
        "\ufefffile,credit\r\ngermany/x.jpg,Ann\r\n",
        "File , CREDIT\n germany/x.jpg , Ann",
        "file;credit\ngermany/x.jpg;Ann\n",
        "file\tcredit\ngermany/x.jpg\tAnn\n",
        '"file","credit"\n"germany/x.jpg","Ann"\n',
        "credit,file,,\nAnn,germany/x.jpg,,\n",
        "\nfile,credit\n\n,\ngermany/x.jpg,Ann\n",
        "sep=;\nfile;credit\ngermany/x.jpg;Ann\n",
        "\ufeffSEP=;\r\nfile;credit\r\ngermany/x.jpg;Ann\r\n",
        'sep=,\nfile,credit\ngermany/x.jpg,"Ann"\n',
        '"sep=;"\nfile;credit\ngermany/x.jpg;Ann\n',
        "sep=,,,\nfile,credit,\ngermany/x.jpg,Ann,\n",
        "sep=\t\nfile\tcredit\ngermany/x.jpg\tAnn\n",
        "sep=|\r\nfile|credit\r\ngermany/x.jpg|Ann\r\n",
        "FILE,credit\rgermany/x.jpg,Ann\r",
        "file,credit\nphotos/germany/x.jpg,Ann\n",
        "file,credit\n./germany\\x.jpg,Ann\n",
    ],
)
def test_spreadsheet_spellings_are_accepted(with_photo: Project, text: str) -> None:
    with_photo.table(text)
    assert with_photo.only().credit == "Ann"
    assert with_photo.collect().problems == ()


def test_a_single_column_is_enough(with_photo: Project) -> None:
    with_photo.table("file\ngermany/x.jpg\n")
    assert with_photo.collect().problems == ()


def test_names_with_accents_match_however_they_are_composed(project: Project) -> None:
    project.add("re\u0301union/x.jpg")
    project.table("file,credit\nr\u00e9union/x.jpg,Ann\n")
    assert project.only().credit == "Ann"


def test_a_line_that_declares_the_separator_counts_as_a_line(with_photo: Project) -> None:
    with_photo.table("sep=;\nfile;credit\n;Ann\n")
    assert "line 3: the column file is empty" in message(with_photo)


@hypothesis_settings(max_examples=50, deadline=None)
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=30))
def test_any_printable_text_survives_in_a_cell(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    project = Project(tmp_path_factory.mktemp("cell"))
    project.add("germany/x.jpg")
    quoted = text.replace('"', '""')
    project.table(f'file,credit\ngermany/x.jpg,"{quoted}"\n')
    assert project.only().credit == (without_forbidden(text.strip()).strip() or None)


class TestMistakesThatStopTheBuild:
    def test_an_unknown_column_is_named_with_the_nearest_valid_one(
        self, with_photo: Project
    ) -> None:
        with_photo.table("file,contry\ngermany/x.jpg,DE\n")
        assert 'line 1: no such column: "contry". Did you mean "country"?' in message(with_photo)

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("license", "licence"),
            ("lat", "latitude"),
            ("Filename", "file"),
            ("Land", "country"),
            ("pays", "country"),
            ("País", "country"),
            ("location", "country"),
            ("state", "region"),
            ("Bundesland", "region"),
        ],
    )
    def test_common_names_redirect_to_the_right_ones(
        self, with_photo: Project, wrong: str, right: str
    ) -> None:
        with_photo.table(f"{wrong}\nx\n")
        assert f'Did you mean "{right}"?' in message(with_photo)

    def test_all_problems_are_listed_at_once_with_their_lines(self, with_photo: Project) -> None:
        with_photo.table(
            "file,weather\n"
            "germany/x.jpg,fine\n"
            "germany/x.jpg,rain\n"
            ",storm\n"
            "germany/x.jpg,hail,thunder\n"
        )
        text = message(with_photo)
        assert "photos.csv: 4 problems." in text
        assert 'line 1: no such column: "weather". Valid: file, bollard, country' in text
        assert "line 3: a second row for germany/x.jpg, which line 2 describes already" in text
        assert "line 4: the column file is empty" in text
        assert "line 5: 3 cells under 2 columns" in text

    def test_lines_are_counted_as_an_editor_counts_them(self, with_photo: Project) -> None:
        with_photo.table('file,credit\n\ngermany/x.jpg,"two\nlines"\n,nobody\n')
        assert "line 5: the column file is empty" in message(with_photo)

    def test_wrong_cells_and_wrong_columns_are_reported_in_the_order_of_lines(
        self, with_photo: Project
    ) -> None:
        with_photo.table("file,contry,taken\ngermany/x.jpg,DE,May\n,DE,2024\n")
        lines = message(with_photo).splitlines()
        assert lines[0].endswith("photos.csv: 3 problems.")
        assert 'no such column: "contry"' in lines[1]
        assert "line 2: taken: expected a date" in lines[2]
        assert "line 3: the column file is empty" in lines[3]

    def test_the_column_file_must_exist_exactly_once(self, with_photo: Project) -> None:
        with_photo.table("credit,credit\nAnn,Bea\n")
        text = message(with_photo)
        assert 'the column "file" is missing' in text
        assert 'the column "credit" is there twice' in text

    def test_an_empty_file_lacks_its_header(self, with_photo: Project) -> None:
        with_photo.table("")
        assert "expected the column names" in message(with_photo)

    def test_another_encoding_is_named_with_what_to_do(self, with_photo: Project) -> None:
        with_photo.table("file,credit\ngermany/x.jpg,Jürgen\n", encoding="latin-1")
        text = message(with_photo)
        assert "photos.csv: line 2 is not UTF-8" in text
        assert "Save the file as UTF-8" in text

    def test_an_unclosed_quote_is_reported_where_it_opens(self, with_photo: Project) -> None:
        with_photo.table('file,credit\ngermany/x.jpg,"Ann\ngermany/y.jpg,Bea\n')
        assert "line 2: not valid CSV" in message(with_photo)

    def test_a_folder_with_the_name_of_the_file_is_refused(self, with_photo: Project) -> None:
        (with_photo.root / "photos.csv").mkdir()
        assert "photos.csv: cannot be read" in message(with_photo)


class TestMistakesThatCostOneValue:
    def test_a_row_without_its_file_names_the_nearest_one(self, with_photo: Project) -> None:
        with_photo.table("file\ngermany/X.jpeg\n")
        problem = with_photo.problem()
        assert problem.file == "photos.csv"
        assert not problem.skipped
        assert problem.reason == (
            "line 2: there is no photo photos/germany/X.jpeg. Did you mean germany/x.jpg?"
        )

    def test_a_row_for_a_skipped_file_is_not_a_mistake(self, with_photo: Project) -> None:
        with_photo.add("germany/y.jpg", b"germany/x.jpg")
        with_photo.table("file\ngermany/y.jpg\n")
        assert [problem.file for problem in with_photo.collect().problems] == [
            "photos/germany/y.jpg"
        ]

    @pytest.mark.parametrize(
        ("column", "value", "expected"),
        [
            ("latitude", "91", "degrees from -90 to 90"),
            ("latitude", "north", "degrees from -90 to 90"),
            ("latitude", "nan", "degrees from -90 to 90"),
            ("longitude", "-180.5", "degrees from -180 to 180"),
            ("taken", "1.5.2024", "a date such as 2024-05-01, 2024-05 or 2024"),
            ("taken", "2023-02-29", "a date such as"),
            ("taken", "2023-13", "a date such as"),
            ("taken", "2999-01-01", "a date that is not in the future"),
            ("taken", "2999", "a date that is not in the future"),
            ("crop", "10,20,30", "left,top,right,bottom in whole pixels"),
            ("crop", "110,20,10,220", "left,top,right,bottom"),
            ("crop", "10%,20%,50%,60%", "left,top,right,bottom"),
        ],
    )
    def test_a_wrong_value_is_left_out_and_reported_with_its_line(
        self, column: str, value: str, expected: str
    ) -> None:
        found, reasons = details(**{column: value})
        assert found is None
        assert reasons[0].startswith(f"line 7: {column}: expected {expected}")
        assert f'found "{value}"' in reasons[0]

    def test_a_position_needs_both_latitude_and_longitude(self) -> None:
        assert details(latitude="47.5") == (
            None,
            ["line 7: latitude without longitude; the position is left out."],
        )


class TestValues:
    @pytest.mark.parametrize(
        "value", ["10,20,110,220", "10 20 110 220", "10, 20, 110, 220", "10x20x110x220"]
    )
    def test_a_crop_may_be_separated_in_any_usual_way(self, value: str) -> None:
        assert details(crop=value) == (Box(10, 20, 110, 220), [])

    def test_a_crop_may_reach_over_the_edge(self) -> None:
        assert details(crop="-5,0,10,10") == (Box(-5, 0, 10, 10), [])

    @pytest.mark.parametrize(
        ("value", "date"),
        [
            ("2024", "2024"),
            ("2024-05", "2024-05"),
            ("2024-05-01", "2024-05-01"),
            ("2024-05-01T12:30:00+02:00", "2024-05-01"),
            ("2024-02-29", "2024-02-29"),
        ],
    )
    def test_a_date_may_be_a_year_a_month_or_a_day(self, value: str, date: str) -> None:
        assert details(taken=value) == (date, [])

    @pytest.mark.parametrize(("value", "degrees"), [("47,5", 47.5), ("-12", -12), ("−3.25", -3.25)])
    def test_spreadsheet_spellings_of_degrees_are_accepted(
        self, value: str, degrees: float
    ) -> None:
        assert details(latitude=value, longitude="0") == (degrees, 0, [])

    @hypothesis_settings(max_examples=100)
    @given(
        latitude=st.floats(-90, 90, allow_subnormal=False).map(lambda value: round(value, 6)),
        longitude=st.floats(-180, 180, allow_subnormal=False).map(lambda value: round(value, 6)),
    )
    def test_any_place_on_earth_survives_the_conversion(
        self, latitude: float, longitude: float
    ) -> None:
        assert details(latitude=f"{latitude:f}", longitude=f"{longitude:f}") == (
            latitude,
            longitude,
            [],
        )
