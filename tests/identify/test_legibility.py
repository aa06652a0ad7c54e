"""Legibility: bollards are legible, roads are not."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.catalogue import Box
from generator.config import Settings
from generator.embed import load_embedder
from generator.identify.legibility import LEGIBLE, fills_its_photo, is_readable, legibility
from generator.identify.views import view_photo
from generator.isolate import Found, Isolator
from generator.look import Observer, Viewer, limits_of
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


class Corner(Isolator):
    """Mistakes the upper left corner of each picture for a bollard."""

    name = "corner"
    fingerprint = "1"

    def find(self, image: Image.Image) -> Box:
        return Box(0, 0, 40, 40)

    def boxes(self, image: Image.Image) -> tuple[Found, ...]:
        return (Found(0, 0, 40, 40, 0.2),)


def close_up() -> Image.Image:
    rng = np.random.default_rng(7)
    surroundings = random_surroundings(rng)
    return render_scene(
        random_design(rng), rng, size=(400, 500), framing="close", surroundings=surroundings
    ).image


def test_a_bollard_that_fills_its_photo_is_readable_though_the_detector_is_unsure(
    tmp_path: Path,
) -> None:
    file = tmp_path / "close-up.png"
    close_up().save(file)
    settings = Settings()
    embedder = load_embedder(settings.embed, tmp_path)
    viewer = Viewer(settings, Observer(Corner(), limits_of(settings), 2048), embedder)

    view = view_photo(file, viewer)

    (crop,) = view.crops
    assert crop.height == 500
    assert view.filled
    assert not is_readable(crop.embedding, 0.2, embedder)


def test_a_meadow_is_no_bollard_however_sure_the_detector_is(tmp_path: Path) -> None:
    embedder = load_embedder(Settings().embed, tmp_path)
    (meadow,) = embedder.embed([Image.new("RGB", (400, 500), "#77dd99")])

    assert not is_readable(meadow, 0.9, embedder)
    assert not fills_its_photo(meadow, embedder)


def test_it_is_the_mean_probability_of_the_most_likely_values() -> None:
    sure = {"yes": 0.9, "no": 0.1}
    told = {"form": sure, "body": sure, "pattern": sure, "accent": {"red": 0.5, "none": 0.5}}
    assert legibility(told) == pytest.approx(0.8)


def test_attributes_of_another_vocabulary_give_no_legibility() -> None:
    assert legibility({"shape": {"tall": 1.0}}) is None
    assert legibility({}) is None
