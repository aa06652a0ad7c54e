"""What is asked: weights, dates, places, and which photos pass filters."""

import pytest

from generator.errors import BollardsError
from generator.find.query import Area, Filters, Picture, Query, area, dates, picture, said
from generator.published import PublishedPhoto


def photo(**values: object) -> PublishedPhoto:
    known = {"id": "p", "file": "p.jpg", "bollard": "p", "type": None, "country": None}
    known |= {"region": None, "attributes": {}, "pictures": (), "neighbours": ()} | values
    return PublishedPhoto(**known)  # type: ignore[arg-type]


def test_a_weight_stands_before_a_file_or_an_address() -> None:
    assert picture("0.5:a.jpg") == Picture("a.jpg", 0.5)
    assert picture("2:https://example.org/a.jpg?w=1") == Picture("https://example.org/a.jpg?w=1", 2)
    assert picture("https://example.org:80/a.jpg") == Picture("https://example.org:80/a.jpg")
    with pytest.raises(BollardsError, match="above 0 and up to 100; found 0"):
        picture("0:a.jpg")


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("2020..2023", ["2020", "2020-01-01", "2023-12-31", "2023-05"], ["2019-12-31", "2024"]),
        ("2021-05..", ["2021", "2021-05", "2022"], ["2021-04-30", "2020", None]),
        ("..2019", ["2019-12-31", "1999"], ["2020-01-01"]),
        ("2022-07", ["2022", "2022-07-14"], ["2022-08-01", "2022-06"]),
    ],
)
def test_dates_that_may_lie_in_the_span_pass(
    text: str, inside: list[str], outside: list[str | None]
) -> None:
    filters = Filters(taken=dates(text))
    assert all(filters.takes(photo(taken=one)) for one in inside)
    assert not any(filters.takes(photo(taken=one)) for one in outside)


@pytest.mark.parametrize("text", ["", "..", "20..21", "2023..2020", "2020-1", "last year"])
def test_dates_that_are_none_are_explained(text: str) -> None:
    with pytest.raises(BollardsError, match="--taken"):
        dates(text)


@pytest.mark.parametrize("text", ["", "48,16", "91,0,5", "0,181,5", "0,0,0", "a,b,c", "nan,0,1"])
def test_places_that_are_none_are_explained(text: str) -> None:
    with pytest.raises(BollardsError, match="--near: expected a latitude from -90 to 90"):
        area(text)


def test_a_distance_is_measured_on_the_sphere_also_across_the_date_line() -> None:
    vienna = Area(48.2082, 16.3738, 60)
    assert vienna.holds(48.1486, 17.1077)  # Bratislava, 55 km
    assert not vienna.holds(47.4979, 19.0402)  # Budapest, 214 km
    assert Area(0, 179.9, 30).holds(0, -179.9)


def test_filters_compare_country_region_type_and_place() -> None:
    one = photo(country="CA", region="Alberta", region_code="CA-AB", type="flat")
    assert Filters(countries=frozenset({"CA"}), regions=frozenset({"CA-AB"})).takes(one)
    assert not Filters(countries=frozenset({"US"})).takes(one)
    assert not Filters(regions=frozenset({"Ontario"})).takes(one)
    assert Filters(types=frozenset({None})).takes(photo())
    assert not Filters(types=frozenset({None})).takes(one)
    near = Filters(near=Area(0, 0, 10))
    assert near.takes(one, {"p.jpg": (0.0, 0.05)}) and not near.takes(one, {})


def test_a_query_is_said_in_words() -> None:
    asked = Query("red post", ("snow",), (Picture("a.jpg", 2),), (Picture("b.jpg"),))
    assert said(asked) == ['"red post"', "like a.jpg (weight 2)", "unlike b.jpg", 'without "snow"']
