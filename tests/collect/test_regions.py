"""States, provinces and other parts of countries: from folders, from photos.csv, never guessed."""

import pytest

from generator.build.assemble import regions_of
from generator.catalogue import Bollard
from generator.collect.regions import name_of_region, nearest_region, regions_named
from tests.collect.conftest import Project


def region(project: Project) -> tuple[str | None, str | None]:
    source = project.only()
    return source.region_code, source.region


@pytest.mark.parametrize(
    ("folder", "code", "name"),
    [
        ("australia/victoria", "AU-VIC", "Victoria"),
        ("australia/victoria/2024 trip", "AU-VIC", "Victoria"),
        ("us-texas", "US-TX", "Texas"),
        ("usa/CA", "US-CA", "California"),
        ("bavaria-germany", "DE-BY", "Bavaria"),
        ("italy/sicily", "IT-82", "Sicily"),
        ("spain/madrid", "ES-MD", "Madrid"),
        ("uk/kent", "GB-ENG", "Kent"),
        ("indonesia/bali", "ID-BA", "Bali"),
        ("australia/melbourne", None, None),
        ("australia", None, None),
        ("uk/isle-of-man", None, None),
    ],
)
def test_a_folder_says_the_region(
    project: Project, folder: str, code: str | None, name: str | None
) -> None:
    project.add(f"{folder}/x.jpg")
    assert region(project) == (code, name)
    assert project.collect().problems == ()


@pytest.mark.parametrize(
    ("cell", "code", "name"),
    [
        ("Victoria", "AU-VIC", "Victoria"),
        ("vic", "AU-VIC", "Victoria"),
        ("AU-VIC", "AU-VIC", "Victoria"),
        ("new south wales", "AU-NSW", "new south wales"),
        ("Great Ocean Road", None, "Great Ocean Road"),
    ],
)
def test_the_column_region_is_a_name_or_a_code(
    project: Project, cell: str, code: str | None, name: str
) -> None:
    project.add("australia/queensland/x.jpg")
    project.table(f"file,region\naustralia/queensland/x.jpg,{cell}\n")
    assert region(project) == (code, name)
    assert project.collect().problems == ()


@pytest.mark.parametrize("cell", ["Bavaria", "DE-BY", "Austria"])
def test_a_cell_of_another_country_is_told_with_its_line_and_costs_itself_only(
    project: Project, cell: str
) -> None:
    project.add("australia/victoria/x.jpg")
    project.table(f"file,region,credit\naustralia/victoria/x.jpg,{cell},Jo\n")
    assert region(project) == ("AU-VIC", "Victoria")
    assert project.only().credit == "Jo"
    problem = project.problem()
    assert (problem.file, problem.skipped) == ("photos.csv", False)
    for word in ("line 2: region:", f'"{cell}"', "AU", "left out"):
        assert word in problem.reason


def test_a_misspelt_cell_is_no_region_and_the_nearest_one_is_named(project: Project) -> None:
    project.add("australia/x.jpg")
    project.table("file,region\naustralia/x.jpg,Victora\n")
    assert region(project) == (None, "Victora")
    reason = project.problem().reason
    assert reason == (
        'line 2: region: in AU, no region is called "Victora". Did you mean "Victoria"?'
    )


def test_a_misspelt_folder_is_no_region_and_is_told_once(project: Project) -> None:
    project.add("australia/victora/1.jpg")
    project.add("australia/victora/2.jpg")
    assert {source.region_code for source in project.collect().sources} == {None}
    problem = project.problem()
    assert problem.file == "photos/australia/victora"
    for word in ('"victora"', 'Did you mean "Victoria"?', "2 photos", "column region"):
        assert word in problem.reason


def test_a_name_of_several_regions_is_none_of_them(project: Project) -> None:
    project.add("peru/lima/x.jpg")
    assert region(project) == (None, "Lima")
    assert "It may mean Lima Region (PE-LIM) or Lima (PE-LMA)" in project.problem().reason


def test_a_country_cell_that_agrees_with_the_folder_keeps_its_region(project: Project) -> None:
    project.add("australia/victoria/x.jpg")
    project.table("file,country\naustralia/victoria/x.jpg,AU\n")
    assert region(project) == ("AU-VIC", "Victoria")


def test_another_country_than_the_folders_has_not_the_folders_region(project: Project) -> None:
    project.add("australia/victoria/x.jpg")
    project.table("file,country\naustralia/victoria/x.jpg,NZ\n")
    assert region(project) == (None, None)


def test_a_second_build_knows_what_cells_mean(project: Project) -> None:
    project.add("australia/victora/x.jpg")
    project.add("australia/y.jpg")
    project.table("file,region\naustralia/y.jpg,VIC\n")
    first = project.collect()
    assert project.collect() == first


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("AU-VIC", ["Victoria", "Victoria", "Victoria", "Victoria", "Victoria"]),
        ("DE-BY", ["Bavaria", "Bayern", "Bavière", "Bayern", "Beieren"]),
        ("GB-ENG", ["England", "England", "Angleterre", "Inglaterra", "Engeland"]),
        ("BE-VLG", ["Flanders", "Vlaams Gewest", "Région Flamande", "Vlaams Gewest", "Vlaanderen"]),
        ("XX-1", ["XX-1"] * 5),
    ],
)
def test_names_of_regions_are_in_the_pages_language(code: str, names: list[str]) -> None:
    found = [name_of_region(code, tag) for tag in ("en", "de", "fr", "es", "nl")]
    assert found[:4] == names[:4]
    assert found[4] in (names[4], names[1])


def test_codes_that_iso_gave_to_other_parts_have_their_present_names() -> None:
    # CLDR 48 still has Iran's codes from before 2020, by which IR-23 was Hormozgan.
    assert regions_named("IR", "Tehran") == ("IR-23",)


def test_a_short_or_distant_name_is_near_to_nothing() -> None:
    assert nearest_region("AU", "vi") is None
    assert nearest_region("AU", "Melbourne") is None


def bollards(*regions: str | None) -> list[Bollard]:
    return [Bollard(str(n), (), "AU", "a", region) for n, region in enumerate(regions)]


def test_a_type_is_only_in_a_region_if_all_its_bollards_of_the_country_are_there() -> None:
    elsewhere = [Bollard("other", (), "AU", None, "AU-NSW")]
    victoria = regions_of([*bollards("AU-VIC", "AU-VIC"), *elsewhere])[0]
    assert (victoria.code, victoria.bollards, dict(victoria.types)) == ("AU-VIC", 2, {"a": 2})
    assert victoria.only_here == ("a",)
    assert regions_of([*bollards("AU-VIC", None), *elsewhere])[0].only_here == ()
    assert regions_of([*bollards("AU-VIC", "AU-NSW"), *elsewhere])[0].only_here == ()
    assert regions_of([*bollards("AU-VIC"), *elsewhere])[1].only_here == ()


def test_where_one_region_was_photographed_nothing_is_only_there() -> None:
    assert [one.only_here for one in regions_of(bollards("AU-VIC", "AU-VIC"))] == [()]
    assert regions_of(bollards(None, None)) == ()
