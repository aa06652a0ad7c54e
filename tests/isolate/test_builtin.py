"""The detector as an isolator, on drawn street views and close photos."""

from pathlib import Path

import numpy as np
import pytest

from generator.catalogue import Box
from generator.config import IsolateSettings
from generator.isolate import load_isolator
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


def test_a_small_bollard_in_a_wide_view_is_cropped_so_that_it_is_seen() -> None:
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


def test_a_bollard_that_fills_the_photo_is_left_as_its_photographer_framed_it() -> None:
    isolator = load_isolator(IsolateSettings(crop="auto"), Path())
    assert isolator is not None

    crops = [isolator.find(scene.image) for scene in scenes("close", 6)]

    # Of one the detector sees the upper half only.
    assert crops.count(None) >= 5


def test_builtin_crops_whatever_is_found() -> None:
    isolator = load_isolator(IsolateSettings(crop="builtin"), Path())
    assert isolator is not None

    assert any(isolator.find(scene.image) for scene in scenes("close", 6))


@pytest.mark.parametrize("crop", ["given", "whole"])
def test_without_a_detector_photos_stay_whole(crop: str) -> None:
    assert load_isolator(IsolateSettings(crop=crop), Path()) is None


def test_choices_that_give_other_boxes_have_other_fingerprints() -> None:
    auto, builtin = (
        load_isolator(IsolateSettings(crop="auto"), Path()),
        load_isolator(IsolateSettings(crop="builtin"), Path()),
    )
    assert auto is not None
    assert builtin is not None
    assert auto.fingerprint != builtin.fingerprint
