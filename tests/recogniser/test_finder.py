"""The finder's box and confidence, on masks and pictures drawn here."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image, ImageDraw

import generator.recogniser.finder as finder_module
from generator.recogniser.finder import MODEL_FILE, SIDE, STEP, Finder, box_of, fit_square, framed
from generator.recogniser.model import MODEL_FILE as RECOGNISER_FILE

SHIPPED = Path(finder_module.__file__).with_name(MODEL_FILE)
HALF = SIDE // STEP
PLAIN_OPERATORS = {"Add", "Cast", "Conv", "Mul", "Relu", "Resize", "Sigmoid"}


def a_mask(*boxes: tuple[int, int, int, int], share: float = 1.0) -> np.ndarray:
    mask = np.zeros((HALF, HALF), np.float32)
    for left, top, right, bottom in boxes:
        mask[top:bottom, left:right] = share
    return mask


def test_the_box_is_the_mask_s_box() -> None:
    found = box_of(a_mask((40, 10, 46, 80)))
    assert found is not None
    assert found[0] == (40, 10, 46, 80)
    assert found[1] == pytest.approx(1)


def test_an_empty_mask_has_no_box() -> None:
    assert box_of(a_mask()) is None


def test_bands_that_the_mask_leaves_apart_are_one_post() -> None:
    found = box_of(a_mask((40, 10, 46, 30), (40, 36, 46, 80)))
    assert found is not None
    assert found[0] == (40, 10, 46, 80)


def test_the_larger_of_two_posts_wins_and_is_less_sure() -> None:
    found = box_of(a_mask((10, 40, 13, 60), (40, 10, 46, 80)))
    assert found is not None
    assert found[0] == (40, 10, 46, 80)
    assert found[1] < 0.95


def test_a_vague_mask_is_less_sure() -> None:
    found = box_of(a_mask((40, 10, 46, 80), share=0.6))
    assert found is not None
    assert found[1] == pytest.approx(0.6, abs=1e-3)


def test_the_frame_has_the_bollard_in_its_middle() -> None:
    left, top, right, bottom = framed((600, 300, 620, 444), (1600, 900))
    assert (left + right) / 2 == pytest.approx(610, abs=1)
    assert (top + bottom) / 2 == pytest.approx(372, abs=1)
    assert bottom - top == pytest.approx(200, abs=2)
    assert right - left == pytest.approx(100, abs=2)


def test_the_frame_keeps_within_the_photo_and_the_bollard_in_the_middle() -> None:
    left, top, right, bottom = framed((10, 0, 30, 500), (400, 500))
    assert (left, top, bottom) == (0, 0, 500)
    assert right == 40


@pytest.mark.parametrize("size", [(636, 800), (800, 300), (100, 100)])
def test_the_square_holds_the_whole_photo(size: tuple[int, int]) -> None:
    square, (left, top, width, height) = fit_square(Image.new("RGB", size, "white"))
    inside = square[top : top + height, left : left + width]
    assert inside.min() == 255
    assert (square == 255).all(axis=2).sum() == width * height
    assert max(width, height) == SIDE


def a_post(size: tuple[int, int], box: tuple[int, int, int, int]) -> Image.Image:
    rng = np.random.default_rng(0)
    grass = rng.normal((90, 120, 60), 12, (size[1], size[0], 3)).clip(0, 255).astype(np.uint8)
    image = Image.fromarray(grass)
    draw = ImageDraw.Draw(image)
    draw.rectangle((box[0], box[1], box[2] - 1, box[3] - 1), fill="#eeeeee")
    band = (box[3] - box[1]) // 4
    draw.rectangle((box[0], box[1] + band, box[2] - 1, box[1] + 2 * band), fill="#202020")
    return image


@pytest.mark.skipif(not SHIPPED.exists(), reason="no finder is shipped")
class TestShipped:
    """What the shipped graph promises."""

    def test_a_plain_post_is_found(self) -> None:
        box = (290, 120, 345, 690)
        found = Finder().find(a_post((636, 800), box))
        assert found is not None
        assert np.abs(np.array(found.box) - box).max() < 40
        assert 0 <= found.confidence <= 1

    def test_a_post_is_found_beside_the_middle(self) -> None:
        box = (560, 100, 590, 400)
        found = Finder().find(a_post((800, 500), box))
        assert found is not None
        assert found.box[0] > 500

    @pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3)])
    def test_boxes_lie_in_the_photo(self, size: tuple[int, int]) -> None:
        found = Finder().find(Image.new("RGB", size, "red"))
        if found is not None:
            left, top, right, bottom = found.box
            assert 0 <= left < right <= size[0]
            assert 0 <= top < bottom <= size[1]

    def test_the_same_photo_has_the_same_answer(self) -> None:
        photo = a_post((636, 800), (290, 120, 345, 690))
        assert Finder().find(photo) == Finder().find(photo)

    def test_the_graph_uses_plain_operators_only(self) -> None:
        assert {node.op_type for node in onnx.load(SHIPPED).graph.node} <= PLAIN_OPERATORS

    def test_both_graphs_together_are_small_enough_for_a_browser(self) -> None:
        recogniser = SHIPPED.with_name(RECOGNISER_FILE)
        assert SHIPPED.stat().st_size + recogniser.stat().st_size <= 8_000_000
