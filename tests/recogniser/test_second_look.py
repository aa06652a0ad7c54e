"""The second look at the detector's boxes, with the shipped recogniser and drawn pictures."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from generator.recogniser.detector import Detection
from generator.recogniser.model import Recogniser
from generator.recogniser.second_look import LEAST, MOST, SecondLook, Weights, evidence
from generator.vocabulary import VOCABULARY

MASK = np.ones((2, 2), np.float32)
POST = (196.0, 90.0, 212.0, 192.0)
LINE = (78.0, 170.0, 100.0, 272.0)


@pytest.fixture(scope="module")
def second() -> SecondLook:
    return SecondLook(Recogniser(), Weights.shipped())


@pytest.fixture(scope="module")
def street() -> Image.Image:
    """A white post with a black band on grass, and plain road."""
    rng = np.random.default_rng(0)
    pixels = np.empty((300, 480, 3))
    pixels[:110] = (150, 185, 225)
    pixels[110:] = (90, 120, 60)
    pixels[110:, :150] = (112, 112, 114)
    image = Image.fromarray((pixels + rng.normal(0, 6, pixels.shape)).clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    draw.rectangle((198, 92, 209, 189), fill="#eeeeee")
    draw.rectangle((198, 110, 209, 130), fill="#202020")
    return image


def seen(box: tuple[float, float, float, float], confidence: float) -> Detection:
    return Detection(box, confidence, MASK)


def test_a_post_comes_before_plain_road_of_which_the_detector_is_as_sure(
    second: SecondLook, street: Image.Image
) -> None:
    found = second.again(street, [seen(LINE, 0.6), seen(POST, 0.6)])
    assert [one.box for one in found] == [POST, LINE]
    assert found[0].confidence > found[1].confidence + 0.1


def test_the_surer_the_detector_the_surer_the_second_look(
    second: SecondLook, street: Image.Image
) -> None:
    (doubtful,) = second.again(street, [seen(POST, 0.2)])
    (sure,) = second.again(street, [seen(POST, 0.9)])
    assert 0 < doubtful.confidence < sure.confidence < 1


def test_boxes_of_which_the_detector_is_hardly_sure_stay_last_and_as_they_were(
    second: SecondLook, street: Image.Image
) -> None:
    faint = seen(POST, LEAST / 2)
    found = second.again(street, [seen(LINE, 0.6), faint])
    assert found[-1] == replace(faint, confidence=min(faint.confidence, found[0].confidence))
    assert second.again(street, [faint]) == [faint]
    assert second.again(street, []) == []


def test_a_hundred_boxes_cost_no_more_than_a_few_and_stay_in_order(
    second: SecondLook, street: Image.Image
) -> None:
    many = [seen((4.0 * n, 100, 4.0 * n + 9, 150), 0.9 - n / 200) for n in range(100)]
    found = second.again(street, many)
    confidences = [one.confidence for one in found]
    assert confidences == sorted(confidences, reverse=True)
    assert [one.box for one in found[MOST:]] == [one.box for one in many[MOST:]]


def test_the_weights_fit_the_vocabulary_and_come_back_from_their_file(second: SecondLook) -> None:
    weights = second.weights
    assert {name: len(row) for name, row in weights.attributes.items()} == {
        name: len(values) for name, values in VOCABULARY.items()
    }
    facts = weights.to_facts()
    attributes = {name: tuple(row) for name, row in facts.pop("attributes").items()}
    assert Weights(attributes=attributes, **facts) == weights


def test_certain_boxes_and_attributes_are_no_error() -> None:
    certain = {name: [1.0] + [0.0] * (len(row) - 1) for name, row in VOCABULARY.items()}
    for confidence in (0.0, 1.0):
        assert np.isfinite(evidence(POST, confidence, (480, 300), certain)).all()
