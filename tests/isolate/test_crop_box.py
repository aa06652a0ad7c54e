"""Which part of a photo is shown and compared."""

from hypothesis import given
from hypothesis import strategies as st

from generator.catalogue import Box, Source
from generator.config import IsolateSettings
from generator.isolate import crop_box

GIVEN = IsolateSettings(crop="given")
SIZES = st.tuples(st.integers(1, 500), st.integers(1, 500))
BOXES = st.builds(Box, *[st.integers(-600, 600)] * 4)


def photo(crop: Box | None = None) -> Source:
    return Source(id="0" * 12, file="x.jpg", sha256="0" * 64, bollard="x", crop=crop)


def test_without_a_box_it_is_the_whole_photo() -> None:
    assert crop_box(photo(), (60, 80), GIVEN) == (Box(0, 0, 60, 80), None)


def test_the_given_box_is_used() -> None:
    assert crop_box(photo(Box(5, 6, 50, 70)), (60, 80), GIVEN) == (Box(5, 6, 50, 70), None)


def test_a_box_over_the_edge_is_cut_at_the_edge() -> None:
    assert crop_box(photo(Box(-5, 6, 90, 99)), (60, 80), GIVEN) == (Box(0, 6, 60, 80), None)


def test_given_boxes_are_ignored_if_the_settings_ask_for_whole_photos() -> None:
    whole = IsolateSettings(crop="whole")
    assert crop_box(photo(Box(5, 6, 50, 70)), (60, 80), whole) == (Box(0, 0, 60, 80), None)


def test_a_box_outside_the_photo_falls_back_to_all_of_it_and_says_so() -> None:
    box, reason = crop_box(photo(Box(60, 0, 90, 80)), (60, 80), GIVEN)
    assert box == Box(0, 0, 60, 80)
    assert reason == (
        "the crop 60,0,90,80 lies outside the photo, which is 60 x 80 px; the whole photo is used."
    )


def test_an_empty_box_falls_back_to_all_of_it_and_says_so() -> None:
    box, reason = crop_box(photo(Box(30, 0, 30, 80)), (60, 80), GIVEN)
    assert box == Box(0, 0, 60, 80)
    assert reason is not None
    assert "30,0,30,80 is empty" in reason


def test_what_a_detector_found_serves_where_no_box_is_given() -> None:
    found = Box(10, 10, 20, 40)
    assert crop_box(photo(), (60, 80), GIVEN, found) == (found, None)
    assert crop_box(photo(Box(1, 2, 3, 4)), (60, 80), GIVEN, found) == (Box(1, 2, 3, 4), None)


@given(size=SIZES, given_box=BOXES, found=st.none() | BOXES)
def test_the_box_always_lies_within_the_photo_and_is_never_empty(
    size: tuple[int, int], given_box: Box, found: Box | None
) -> None:
    for source in (photo(given_box), photo()):
        box, _ = crop_box(source, size, GIVEN, found)
        assert 0 <= box.left < box.right <= size[0]
        assert 0 <= box.top < box.bottom <= size[1]
