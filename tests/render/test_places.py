"""Photo pages link to their place on other websites, where its position is published."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config import LinkSettings
from generator.render.places import WEBSITES, place_links
from tests.render import sample
from tests.render.markup import parsed

PHOTO = sample.catalogue().photos[0]


def links_of(root: Path) -> list[tuple[str, str | None, str | None]]:
    found = parsed(root, f"photos/{PHOTO.id}").css(".facts .elsewhere a")
    return [(one.text(), one.attributes["href"], one.attributes["rel"]) for one in found]


def test_a_photo_with_a_position_links_to_its_place_in_the_order_of_the_settings(
    tmp_path: Path,
) -> None:
    made = sample.with_photo(sample.catalogue(), PHOTO.id, latitude=47.26, longitude=-11.4)
    websites = LinkSettings(places=("openstreetmap", "street-view"))
    sample.rendered(made, tmp_path, sample.settings().model_copy(update={"links": websites}))
    assert links_of(tmp_path) == [
        (
            "OpenStreetMap",
            "https://www.openstreetmap.org/?mlat=47.260000&mlon=-11.400000"
            "#map=18/47.260000/-11.400000",
            "nofollow noopener noreferrer",
        ),
        (
            "Google Street View",
            "https://www.google.com/maps/@?api=1&map_action=pano&viewpoint=47.260000%2C-11.400000",
            "nofollow noopener noreferrer",
        ),
    ]


def test_a_photo_without_a_published_position_has_no_such_links(tmp_path: Path) -> None:
    made = sample.with_photo(sample.catalogue(), PHOTO.id, latitude=None, longitude=None)
    sample.rendered(made, tmp_path)
    assert links_of(tmp_path) == []


@pytest.mark.parametrize("website", sorted(WEBSITES))
def test_every_website_can_be_set_and_is_documented(website: str) -> None:
    assert LinkSettings.model_validate({"places": [website]}).places == (website,)
    docs = (Path(__file__).parents[2] / "docs/reference/site-toml.md").read_text(encoding="utf-8")
    assert f'`"{website}"`' in docs


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_positions_are_plain_decimal_numbers_in_every_address(
    latitude: float, longitude: float
) -> None:
    photo = sample.with_photo(
        sample.catalogue(), PHOTO.id, latitude=latitude, longitude=longitude
    ).photo[PHOTO.id]
    for link in place_links(photo, WEBSITES):
        assert "e-" not in link.address.removeprefix("https://").partition("/")[2]
    view = place_links(photo, ["street-view"])[0]
    told = parse_qs(urlsplit(view.address).query)["viewpoint"][0].split(",")
    assert [float(one) for one in told] == pytest.approx([latitude, longitude], abs=1e-6)
