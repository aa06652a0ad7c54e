"""Other collections have a form of every message that speaks of bollards."""

import re

from babel.messages.pofile import read_po

from generator.language.rewording import CONTEXT, FORMS, Reworded, words_of
from generator.resources import LOCALE
from generator.things import BOLLARDS, Things

COVERS = Things("manhole cover", "manhole covers", {"de": ("Schachtdeckel", "Schachtdeckel")})
_OF_BOLLARDS = re.compile(r"bollard|reflector|\bposts?\b", re.IGNORECASE)
# Messages about attributes, which only bollards have; a page without attributes has none of them.
_OF_LOOKS = {
    "Colour of the post",
    "What colour is the post?",
    "Filter these by reflector or country",
    "Reflector",
    "white flat post",
    "its reflector is %(this)s, not %(other)s",
    "its reflector is %(this)s; the other has none",
    "no reflector; the other’s is %(other)s",
}


def test_every_message_that_speaks_of_bollards_has_a_form_for_other_collections() -> None:
    with (LOCALE / "de.po").open("rb") as file:
        catalog = read_po(file, locale="de")
    singles = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog
        if message.id and not message.context
    }
    speaking = {one for one in singles if _OF_BOLLARDS.search(one)}

    assert speaking - set(FORMS) == _OF_LOOKS


def test_no_form_is_for_a_message_that_does_not_exist() -> None:
    with (LOCALE / "de.po").open("rb") as file:
        known = {
            message.id if isinstance(message.id, str) else message.id[0]
            for message in read_po(file, locale="de")
            if message.id and message.context != CONTEXT
        }

    assert set(FORMS) - known == set()


def test_the_owners_words_stand_in_sentences_of_each_language() -> None:
    english = words_of(COVERS, "en")
    german = words_of(COVERS, "de", (LOCALE,))

    assert english.ngettext("%(shown)s bollard", "%(shown)s bollards", 2) == (
        "%(shown)s manhole covers"
    )
    assert german.ngettext("%(shown)s bollard", "%(shown)s bollards", 1) == (
        "%(shown)s Schachtdeckel"
    )
    assert german.gettext("Unsorted bollards") == "Einzelstücke"
    assert german.gettext("Countries") == "Länder"


def test_a_language_without_words_of_its_own_takes_those_of_the_site() -> None:
    assert COVERS.called("fr") == ("manhole cover", "manhole covers")
    assert COVERS.called("de-AT") == ("Schachtdeckel", "Schachtdeckel")


def test_bollards_keep_the_words_of_the_program() -> None:
    words = words_of(BOLLARDS, "en")

    assert not isinstance(words, Reworded)
    assert words.gettext("Unsorted bollards") == "Unsorted bollards"
