"""Words for looks are read in four languages, and photos fit as surely as they show it."""

import pytest

from generator.embed import Attributes
from generator.find.words import read
from generator.vocabulary import VOCABULARY


def looks(**surely: str) -> Attributes:
    """The attributes of a photo that shows these values, with a probability of 0.9."""
    chosen = {"form": "flat", "body": "white", "pattern": "plain", "accent": "none"}
    chosen |= {"reflector": "none"} | surely
    return {
        name: {value: 0.9 if value == chosen[name] else 0.1 / (len(values) - 1) for value in values}
        for name, values in VOCABULARY.items()
    }


STRIPED = looks(form="round", accent="red", pattern="stripes", reflector="orange")
PLAIN = looks()


@pytest.mark.parametrize(
    "text",
    [
        "red and white striped post", "rot-weiß gestreifter Pfosten", "poteau rayé rouge et blanc",
        "poste a rayas rojas y blancas", "rotweisse streifen", "red white stripe",
    ],
)  # fmt: skip
def test_the_same_is_found_in_every_language(text: str) -> None:
    reading = read(text, {})
    assert reading.unknown == ()
    assert reading.fit(STRIPED, None) > 20 * reading.fit(PLAIN, None)


def test_a_colour_belongs_to_the_noun_beside_it() -> None:
    red_body = looks(body="red")
    assert read("red post", {}).fit(red_body, None) > read("red band", {}).fit(red_body, None)
    orange = read("orange reflector", {})
    assert orange.fit(STRIPED, None) > 0.8 and orange.fit(looks(body="orange"), None) < 0.05
    assert read("réflecteur orange", {}).fit(STRIPED, None) > 0.8


def test_without_negates_what_follows_it_alone() -> None:
    none = read("white post without reflector", {})
    assert none.fit(PLAIN, None) > 0.7 > 0.1 > none.fit(STRIPED, None)
    assert read("Pfosten ohne Reflektor", {}).fit(PLAIN, None) > 0.8


def test_words_of_type_names_find_the_type() -> None:
    reading = read("lighthouse", {"t1": "Lighthouse post", "t2": "Flat post"})
    assert reading.fit(PLAIN, "t1") == 1 and reading.fit(PLAIN, "t2") == 0
    # A word for looks stays one, although a name has it.
    assert read("flat", {"t2": "Flat post"}).fit(PLAIN, None) == pytest.approx(0.9)


def test_slips_are_forgiven_and_unknown_words_are_told() -> None:
    assert read("stripped cylindrcal", {}).unknown == ()
    reading = read("red unicorn", {})
    assert reading.unknown == ("unicorn",) and len(reading.concepts) == 1
    assert read("unicorn", {}).concepts == ()
