"""Looking at a photo: it is opened once and searched once, and all compare the same crop."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.catalogue import Box
from generator.collect.open import Limits, PhotoError
from generator.isolate import Found, Isolator
from generator.look import Observer

SIZE = (400, 300)
LIMITS = Limits(120)


class Seeker(Isolator):
    """Finds the lower right quarter, and counts its calls."""

    name = fingerprint = "seeker"

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def find(self, image: Image.Image) -> Box | None:
        return self.crop(image, self.boxes(image))

    def boxes(self, image: Image.Image) -> tuple[Found, ...]:
        self.asked.append(image.size)
        wide, high = image.size
        return (Found(wide / 2, high / 2, wide, high, 0.9), Found(0, 0, 5, 5, 0.4))

    def crop(self, image: Image.Image, found: tuple[Found, ...]) -> Box | None:
        best = found[0]
        return Box(*(int(side) for side in (best.left, best.top, best.right, best.bottom)))


class Blind(Isolator):
    """Crops, but cannot list bollards."""

    name = fingerprint = "blind"

    def find(self, image: Image.Image) -> Box | None:
        return Box(0, 0, 10, 10)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
    path = tmp_path / "photo.png"
    Image.fromarray(pixels).save(path)
    return path


def test_the_detector_runs_once_on_a_photo_and_its_crop_is_compared(photo: Path) -> None:
    seeker = Seeker()
    look = Observer(seeker, LIMITS, 512).look(photo)

    assert seeker.asked == [SIZE]
    assert look.crop == Box(200, 150, 400, 300)
    assert look.compared.tobytes() == look.picture.crop((200, 150, 400, 300)).tobytes()
    assert look.confidence == 0.9


def test_boxes_are_in_pixels_of_the_photo_even_if_it_was_searched_at_a_smaller_size(
    tmp_path: Path,
) -> None:
    path = tmp_path / "large.png"
    Image.new("RGB", (1600, 1200), "red").save(path)
    seeker = Seeker()

    look = Observer(seeker, LIMITS, 400).look(path)

    assert seeker.asked == [(400, 300)]
    assert look.found is not None
    assert (look.found[0].left, look.found[0].bottom) == (800, 1200)
    assert look.crop == Box(800, 600, 1600, 1200)


def test_the_owners_crop_needs_no_search(photo: Path) -> None:
    seeker = Seeker()
    look = Observer(seeker, LIMITS, 512).look(photo, Box(10, 20, 110, 220))

    assert seeker.asked == []
    assert look.compared.size == (100, 200)
    assert look.found is look.confidence is None


def test_a_judge_detects_bollards_and_leaves_the_photo_whole(photo: Path) -> None:
    look = Observer(None, LIMITS, 512, judge=Seeker()).look(photo)

    assert look.is_whole
    assert look.confidence == 0.9


def test_an_isolator_that_cannot_list_bollards_gives_no_confidence(photo: Path) -> None:
    look = Observer(Blind(), LIMITS, 512).look(photo)

    assert look.crop == Box(0, 0, 10, 10)
    assert look.confidence is None


def test_a_photo_taken_sideways_is_turned_upright(tmp_path: Path) -> None:
    path = tmp_path / "sideways.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", SIZE, "blue").save(path, exif=exif)
    seeker = Seeker()

    look = Observer(seeker, LIMITS, 512).look(path)

    assert (look.width, look.height) == seeker.asked[0] == (300, 400)


def test_a_failed_detection_costs_that_photo_only_and_names_it(photo: Path) -> None:
    class Failing(Blind):
        def find(self, image: Image.Image) -> Box | None:
            raise ValueError("empty mask")

    with pytest.raises(PhotoError, match=r"photo\.png: cannot be compared: empty mask\."):
        Observer(Failing(), LIMITS, 512).look(photo)
