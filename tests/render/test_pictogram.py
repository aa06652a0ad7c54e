"""Pictograms: posts drawn from their attributes."""

import itertools
from xml.etree import ElementTree

import pytest

from generator.catalogue import Trait
from generator.render.pictogram import COLOURS, HEIGHT, WIDTH, pictogram
from generator.vocabulary import VOCABULARY

SVG = "{http://www.w3.org/2000/svg}"
LINE = "#687077"


def drawn(confidence: float = 0.9, **words: str) -> str:
    return pictogram({name: Trait(value, confidence) for name, value in words.items()})


def contrast(one: str, other: str) -> float:
    """The contrast of two #rrggbb colours after WCAG 2.2, 1 to 21."""

    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_word_of_the_vocabulary_changes_the_drawing() -> None:
    ground = {"form": "flat", "body": "white", "pattern": "band", "accent": "red"}
    for attribute, values in VOCABULARY.items():
        drawings = {drawn(**{**ground, attribute: value}) for value in values}
        # A marking "none" of known pattern is drawn in grey, so that it too differs.
        assert len(drawings) >= len(values) - 1, attribute


def test_every_form_with_every_marking_is_a_small_well_formed_svg() -> None:
    for form, pattern, accent in itertools.product(
        VOCABULARY["form"], VOCABULARY["pattern"], ("none", "white", "multi")
    ):
        text = drawn(form=form, body="white", pattern=pattern, accent=accent, reflector="red")
        root = ElementTree.fromstring(text)
        assert root.tag == f"{SVG}svg" and root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
        assert len(text) < 1800, (form, pattern)


def test_a_marking_in_the_colour_of_the_body_can_still_be_seen() -> None:
    for colour in COLOURS:
        plain = drawn(form="pole", body=colour, pattern="plain", accent="none")
        striped = drawn(form="pole", body=colour, pattern="stripes", accent=colour)
        fills = {one.get("fill") for one in ElementTree.fromstring(striped).iter()}
        assert striped != plain and len(fills & {*COLOURS.values()}) == 1
        assert len(fills - {None, "none", LINE}) >= 2


def test_unknown_or_uncertain_attributes_give_a_plain_pictogram() -> None:
    neutral = pictogram({})
    assert (
        drawn(form="obelisk", body="mauve", pattern="dotted", accent="x", reflector="y") == neutral
    )
    assert drawn(0.3, form="flat", body="white", pattern="cap", reflector="red") == drawn(
        form="flat", body="white"
    )


@pytest.mark.parametrize("ground", ["#f6f6f2", "#ffffff", "#141619", "#1c1f22"])
def test_the_outline_stands_out_from_light_and_dark_pages(ground: str) -> None:
    assert f'stroke="{LINE}"' in pictogram({})
    assert contrast(LINE, ground) >= 3


def test_no_attribute_can_put_markup_into_the_drawing() -> None:
    text = drawn(form='"><script>', body="<x", pattern="&", accent='"', reflector="</svg>")
    assert "<script" not in text and ElementTree.fromstring(text) is not None
