"""Legibility: bollards are legible, roads are not."""

import numpy as np
import pytest
from PIL import Image

from generator.identify.legibility import LEGIBLE, legibility
from generator.recogniser.model import Recogniser
from generator.training.scenes import random_design, random_surroundings, render_scene


def test_a_drawn_bollard_is_legible_and_noise_is_not() -> None:
    rng = np.random.default_rng(4)
    scenes = [
        render_scene(
            random_design(rng), rng, size=(200, 250), framing="close",
            surroundings=random_surroundings(rng),
        ).image
        for _ in range(12)
    ]  # fmt: skip
    noise = [
        Image.fromarray(rng.integers(90, 150, (250, 200, 3)).astype(np.uint8)) for _ in range(12)
    ]
    recogniser = Recogniser()

    def readable(images: list[Image.Image]) -> int:
        told = recogniser.describe(recogniser.embed(images))
        return sum((legibility(one) or 0) >= LEGIBLE for one in told)

    assert readable(scenes) >= 11
    assert readable(noise) <= 1


def test_it_is_the_mean_probability_of_the_most_likely_values() -> None:
    sure = {"yes": 0.9, "no": 0.1}
    told = {"form": sure, "body": sure, "pattern": sure, "accent": {"red": 0.5, "none": 0.5}}
    assert legibility(told) == pytest.approx(0.8)


def test_attributes_of_another_vocabulary_give_no_legibility() -> None:
    assert legibility({"shape": {"tall": 1.0}}) is None
    assert legibility({}) is None
