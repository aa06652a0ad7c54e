"""The detector as an isolator, on drawn street views and close photos."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.catalogue import Box
from generator.config import IsolateSettings
from generator.isolate import Found, load_isolator
from generator.isolate.builtin import BuiltinIsolator
from generator.recogniser.detector import Detection, Detector
from generator.training.scenes import Scene, random_design, random_surroundings, render_scene


def scenes(framing: str, count: int) -> list[Scene]:
    rng = np.random.default_rng(5)
    return [
        render_scene(
            random_design(rng, form="flat"),
            rng,
            size=(640, 480) if framing == "wide" else (400, 504),
            framing=framing,  # type: ignore[arg-type]
            surroundings=random_surroundings(rng),
        )
        for _ in range(count)
    ]


def covered(crop: Box, scene: Scene) -> float:
    """The share of the bollard's pixels that a crop shows."""
    mask = np.asarray(scene.mask) > 0
    inside = mask[crop.top : crop.bottom, crop.left : crop.right]
    return float(inside.sum() / mask.sum())


def test_a_small_bollard_in_a_wide_view_is_cropped_until_it_is_visible() -> None:
    isolator = load_isolator(IsolateSettings(crop="auto"), Path())
    assert isolator is not None
    wide = scenes("wide", 12)

    crops = [(isolator.find(scene.image), scene) for scene in wide]

    found = [(crop, scene) for crop, scene in crops if crop]
    # Where the detector is not sure, the whole photo is the better choice.
    assert len(found) >= 4
    right = [covered(crop, scene) > 0.9 for crop, scene in found]
    assert sum(right) >= 0.75 * len(found)
    assert all(crop.width < scene.image.width / 2 for crop, scene in found)


def test_a_photo_that_a_bollard_fills_keeps_its_framing() -> None:
    isolator = load_isolator(IsolateSettings(crop="auto"), Path())
    assert isolator is not None

    crops = [isolator.find(scene.image) for scene in scenes("close", 6)]

    # Of one the detector sees the upper half only.
    assert crops.count(None) >= 5


class SecondLook(Detector):
    """A detector that finds one box, given as shares of the picture, in any picture."""

    def __init__(self, *box: float) -> None:
        self._box = box

    def detect(self, image: Image.Image) -> list[Detection]:
        left, top, right, bottom = self._box
        wide, high = image.size
        mask = np.ones((1, 1), np.float32)
        return [Detection((left * wide, top * high, right * wide, bottom * high), 0.9, mask)]


def crop_in(size: tuple[int, int], found: Found, again: Detector) -> Box | None:
    auto = BuiltinIsolator(again, "auto", 0.5, 0.45, "", checks=True)
    return auto.crop(Image.new("RGB", size), (found,))


# The surroundings are 4 times as high as the box, which is 10 x 40 px.
SMALL = Found(395, 180, 405, 220, 0.9)
AGAIN = SecondLook(75 / 160, 60 / 160, 85 / 160, 100 / 160)


def test_a_small_bollard_is_cropped_if_a_second_look_finds_it_again() -> None:
    assert crop_in((800, 400), SMALL, AGAIN)


def test_a_part_of_a_large_bollard_is_not_taken_for_a_small_one() -> None:
    # Reduced, the whole bollard shows: it reaches to the lower border.
    assert crop_in((800, 400), SMALL, SecondLook(0.4, 0.375, 0.6, 1.0)) is None


def test_an_upright_photo_stays_whole_unless_its_bollard_is_very_small() -> None:
    assert crop_in((800, 800), SMALL, AGAIN)
    assert crop_in((260, 260), Found(125, 80, 135, 120, 0.9), AGAIN) is None


def test_the_built_in_isolator_crops_any_detected_bollard() -> None:
    isolator = load_isolator(IsolateSettings(crop="builtin"), Path())
    assert isolator is not None

    assert any(isolator.find(scene.image) for scene in scenes("close", 6))


@pytest.mark.parametrize("crop", ["given", "whole"])
def test_without_a_detector_photos_stay_whole(crop: str) -> None:
    assert load_isolator(IsolateSettings(crop=crop), Path()) is None


def test_settings_that_give_other_boxes_have_other_fingerprints() -> None:
    auto, builtin = (
        load_isolator(IsolateSettings(crop="auto"), Path()),
        load_isolator(IsolateSettings(crop="builtin"), Path()),
    )
    assert auto is not None
    assert builtin is not None
    assert auto.fingerprint != builtin.fingerprint
