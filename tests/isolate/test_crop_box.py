"""Which part of a photo is shown and compared."""

from hypothesis import given
from hypothesis import strategies as st

from generator.catalogue import Box
from generator.isolate import crop_box

SIZES = st.tuples(st.integers(1, 500), st.integers(1, 500))
BOXES = st.builds(Box, *[st.integers(-600, 600)] * 4)


def test_the_whole_photo_is_used_without_a_box() -> None:
    assert crop_box(None, (60, 80)) == (Box(0, 0, 60, 80), None)


def test_the_given_box_is_used() -> None:
    assert crop_box(Box(5, 6, 50, 70), (60, 80)) == (Box(5, 6, 50, 70), None)


def test_a_box_that_crosses_the_edge_is_cut_at_the_edge() -> None:
    assert crop_box(Box(-5, 6, 90, 99), (60, 80)) == (Box(0, 6, 60, 80), None)


def test_a_box_outside_the_photo_gives_the_whole_photo_and_a_warning() -> None:
    box, reason = crop_box(Box(60, 0, 90, 80), (60, 80))
    assert box == Box(0, 0, 60, 80)
    assert reason == (
        "the crop 60,0,90,80 lies outside the photo, which is 60 x 80 px; the whole photo is used."
    )


def test_an_empty_box_gives_the_whole_photo_and_a_warning() -> None:
    box, reason = crop_box(Box(30, 0, 30, 80), (60, 80))
    assert box == Box(0, 0, 60, 80)
    assert reason is not None
    assert "30,0,30,80 is empty" in reason


def test_detected_boxes_are_used_if_none_is_given() -> None:
    found = Box(10, 10, 20, 40)
    assert crop_box(None, (60, 80), found) == (found, None)
    assert crop_box(Box(1, 2, 3, 4), (60, 80), found) == (Box(1, 2, 3, 4), None)


@given(size=SIZES, given_box=BOXES, found=st.none() | BOXES)
def test_the_box_is_always_within_the_photo_and_never_empty(
    size: tuple[int, int], given_box: Box, found: Box | None
) -> None:
    for crop in (given_box, None):
        box, _ = crop_box(crop, size, found)
        assert 0 <= box.left < box.right <= size[0]
        assert 0 <= box.top < box.bottom <= size[1]
