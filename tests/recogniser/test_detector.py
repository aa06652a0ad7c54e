"""The detector's views, boxes and confidences, on numbers and pictures drawn here."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

import generator.recogniser.detector as detector_module
from generator.recogniser.detector import (
    AREA,
    CELL,
    MODEL_FILE,
    MULTIPLE,
    OVERVIEW,
    PADDING,
    Detection,
    Detector,
    candidates,
    distinct,
    scales,
    view_of,
)
from generator.recogniser.framing import framed
from generator.recogniser.model import MODEL_FILE as RECOGNISER_FILE

SHIPPED = Path(detector_module.__file__).with_name(MODEL_FILE)
PLAIN_OPERATORS = {"Add", "Cast", "Conv", "Mul", "Relu", "Resize", "Sigmoid"}
MASK = np.ones((2, 2), np.float32)


def nothing(rows: int = 8, columns: int = 10) -> np.ndarray:
    """The output of a network without any bollard."""
    cells = np.zeros((6, rows, columns), np.float32)
    cells[0] = -9
    return cells


def seen(cells: np.ndarray, row: int, column: int, heat: float, size: tuple[float, float]) -> None:
    """Writes a bollard of a size in pixels into an answer, in the middle of a cell."""
    cells[0, row, column] = heat
    cells[4:6, row, column] = np.log(np.array(size) / CELL)


class TestViews:
    def test_a_street_view_is_searched_at_two_sizes_the_larger_first(self) -> None:
        fine, coarse = scales(1600, 900)
        assert 1600 * 900 * fine**2 == pytest.approx(AREA)
        assert 1600 * coarse == pytest.approx(OVERVIEW)

    def test_a_small_picture_is_searched_once_and_never_enlarged(self) -> None:
        assert scales(24, 24) == (1.0,)

    @given(st.integers(1, 20_000), st.integers(1, 20_000))
    def test_no_picture_exceeds_the_size_limit_of_the_network(self, w: int, h: int) -> None:
        for scale in scales(w, h):
            assert 0 < scale <= 1
            assert w * h * scale**2 <= AREA + 1

    def test_the_picture_is_in_the_upper_left_of_grey(self) -> None:
        view = view_of(Image.new("RGB", (100, 50), "white"), 0.5)
        assert view.pixels.shape == (MULTIPLE, 2 * MULTIPLE, 3)
        assert (view.pixels[:25, :50] == 255).all()
        assert (view.pixels[25:] == PADDING).all()
        assert (view.pixels[:, 50:] == PADDING).all()


class TestCandidates:
    def test_a_cell_with_a_high_score_becomes_a_bollard_around_its_centre(self) -> None:
        cells = nothing()
        seen(cells, 3, 5, 2.0, (6, 24))
        (one,) = candidates(cells, 100, 0)
        assert one.box == pytest.approx((19, 2, 25, 26))
        assert one.heat == 2.0

    def test_the_offset_moves_the_centre(self) -> None:
        cells = nothing()
        seen(cells, 3, 5, 2.0, (6, 24))
        cells[2:4, 3, 5] = (0.5, -0.25)
        (one,) = candidates(cells, 100, 0)
        assert one.box == pytest.approx((21, 1, 27, 25))

    def test_the_highest_of_neighbouring_cells_counts(self) -> None:
        cells = nothing()
        seen(cells, 3, 5, 2.0, (6, 24))
        seen(cells, 4, 6, 1.0, (6, 24))
        seen(cells, 3, 8, 1.0, (6, 24))
        assert [one.heat for one in candidates(cells, 100, 0)] == [2.0, 1.0]

    def test_boxes_too_tall_or_short_for_one_view_are_left_to_the_other(self) -> None:
        cells = nothing()
        seen(cells, 3, 5, 2.0, (6, 24))
        assert candidates(cells, 20, 0) == []
        assert candidates(cells, 100, 30) == []

    def test_absurd_sizes_are_not_an_error(self) -> None:
        cells = nothing()
        cells[:, 3, 5] = 1e6
        (one,) = candidates(cells, np.inf, 0)
        assert np.isfinite(one.box).all()


class TestDistinct:
    def test_the_most_confident_of_several_boxes_around_one_bollard_is_kept(self) -> None:
        sure = Detection((10, 10, 20, 60), 0.9, MASK)
        same = Detection((11, 12, 21, 58), 0.6, MASK)
        other = Detection((40, 10, 50, 60), 0.3, MASK)
        assert distinct([other, same, sure]) == [sure, other]

    def test_a_part_of_a_bollard_is_not_a_second_bollard(self) -> None:
        whole = Detection((10, 10, 30, 110), 0.9, MASK)
        band = Detection((12, 20, 28, 40), 0.8, MASK)
        assert distinct([whole, band]) == [whole]


class TestFramed:
    def test_the_frame_has_the_bollard_in_its_centre(self) -> None:
        left, top, right, bottom = framed((600, 300, 620, 444), (1600, 900))
        assert (left + right) / 2 == pytest.approx(610, abs=1)
        assert (top + bottom) / 2 == pytest.approx(372, abs=1)
        assert bottom - top == pytest.approx(200, abs=2)
        assert right - left == pytest.approx(100, abs=2)

    def test_the_frame_stays_within_the_photo_with_the_bollard_in_its_centre(self) -> None:
        left, top, right, bottom = framed((10, 0, 30, 500), (400, 500))
        assert (left, top, bottom) == (0, 0, 500)
        assert right == 40


def a_street(size: tuple[int, int], *posts: tuple[int, int, int, int]) -> Image.Image:
    """Sky, grass and a road, with white posts that have a black band."""
    width, height = size
    rng = np.random.default_rng(0)
    pixels = np.empty((height, width, 3))
    pixels[: height // 2] = (150, 185, 225)
    pixels[height // 2 :] = (90, 120, 60)
    image = Image.fromarray((pixels + rng.normal(0, 8, pixels.shape)).clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    middle = width // 2
    road = [(middle, height // 2), (middle + width // 3, height), (middle - width // 3, height)]
    draw.polygon(road, fill="#707072")
    for left, top, right, bottom in posts:
        draw.rectangle((left, top, right - 1, bottom - 1), fill="#eeeeee")
        band = (bottom - top) // 5
        draw.rectangle((left, top + band, right - 1, top + 2 * band), fill="#202020")
    return image


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    both = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(0.0, wide) * max(0.0, high) / (both - max(0.0, wide) * max(0.0, high))


def with_margin(post: tuple[int, int, int, int]) -> tuple[int, ...]:
    """A post's box with the margin of training pictures, whose boxes of thin posts are larger."""
    left, top, right, bottom = post
    return left - 2, top - 2, right + 2, bottom + 2


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector()


class TestShipped:
    """Properties of the shipped graph."""

    @pytest.mark.parametrize(
        ("size", "post"),
        [
            ((1000, 625), (780, 330, 785, 358)),
            ((1000, 625), (160, 320, 172, 390)),
            ((1600, 900), (300, 430, 345, 690)),
            ((636, 800), (290, 120, 345, 690)),
        ],
    )
    def test_a_plain_post_is_detected_at_any_size(
        self, detector: Detector, size: tuple[int, int], post: tuple[int, int, int, int]
    ) -> None:
        first = detector.detect(a_street(size, post))[0]
        assert overlap(first.box, with_margin(post)) > 0.5
        assert first.confidence > 0.3

    def test_a_glance_shows_a_bollard_that_fills_the_picture_and_nothing_smaller(
        self, detector: Detector
    ) -> None:
        large, small = (290, 120, 345, 690), (500, 400, 508, 440)
        both = a_street((636, 800), large, small)
        glance = detector.detect(both, glance=True)
        assert overlap(glance[0].box, with_margin(large)) > 0.5
        assert all(overlap(one.box, with_margin(small)) < 0.3 for one in glance)
        found = detector.detect(both)
        assert max(overlap(one.box, with_margin(small)) for one in found) > 0.5

    def test_a_glance_that_shows_no_large_bollard_becomes_a_search(
        self, detector: Detector
    ) -> None:
        street = a_street((636, 800), (500, 400, 508, 440))
        assert detector.detect(street, glance=True) == detector.detect(street)

    def test_all_bollards_of_a_street_are_detected(self, detector: Detector) -> None:
        posts = [(160, 320, 174, 400), (300, 318, 307, 358), (760, 320, 774, 400)]
        found = detector.detect(a_street((1000, 625), *posts))
        for post in posts:
            assert max(overlap(one.box, with_margin(post)) for one in found) > 0.5
        confidences = [one.confidence for one in found]
        assert confidences == sorted(confidences, reverse=True)

    def test_the_mask_covers_the_post(self, detector: Detector) -> None:
        (first, *_) = detector.detect(a_street((1000, 625), (160, 300, 182, 420)))
        assert first.mask.ndim == 2
        assert 0 <= first.mask.min() <= first.mask.max() <= 1
        assert first.mask.max() > 0.5

    @pytest.mark.parametrize(
        "image",
        [
            Image.new("RGB", (800, 600), "grey"),
            Image.new("RGB", (24, 24), "white"),
            Image.fromarray(np.random.default_rng(1).integers(0, 256, (400, 600, 3), np.uint8)),
            a_street((900, 600)),
        ],
        ids=["grey", "thumbnail", "noise", "empty road"],
    )
    def test_a_picture_without_a_bollard_gives_no_confident_answer(
        self, detector: Detector, image: Image.Image
    ) -> None:
        assert all(one.confidence < 0.5 for one in detector.detect(image))

    @pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (20_000, 1_500)])
    def test_boxes_are_within_the_picture(self, detector: Detector, size: tuple[int, int]) -> None:
        for one in detector.detect(Image.new("RGB", size, "red")):
            left, top, right, bottom = one.box
            assert 0 <= left < right <= size[0]
            assert 0 <= top < bottom <= size[1]

    def test_grey_and_transparent_pictures_are_searched_like_others(
        self, detector: Detector
    ) -> None:
        street = a_street((1000, 625), (160, 320, 174, 400))
        assert detector.detect(street.convert("RGBA")) == detector.detect(street)
        assert detector.detect(street.convert("L"))

    def test_the_same_picture_has_the_same_answer(self, detector: Detector) -> None:
        street = a_street((1000, 625), (160, 320, 174, 400))
        assert Detector().detect(street) == detector.detect(street)

    def test_the_graph_uses_plain_operators_only(self) -> None:
        assert {node.op_type for node in onnx.load(SHIPPED).graph.node} <= PLAIN_OPERATORS

    def test_both_graphs_together_are_small_enough_for_a_browser(self) -> None:
        recogniser = SHIPPED.with_name(RECOGNISER_FILE)
        assert SHIPPED.stat().st_size + recogniser.stat().st_size <= 12_000_000
