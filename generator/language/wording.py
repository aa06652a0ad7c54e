"""The phrases that names of types consist of, in words of any language.

English has "white flat post, slanted black band"; German "weißer flacher Pfosten mit schwarzem
Schrägband", French "poteau plat blanc à bande oblique noire". To make such names grammatical, each
phrase with a colour is one message with a placeholder for the colour. Each form and marking has a
grammatical gender that its translator chooses. Colours are translated once for each gender and
role: as a post has them (the subject) and as a marking has them (after "with").
"""

from collections.abc import Iterator, Mapping, Sequence

from generator.config import SiteSettings
from generator.language.messages import Messages
from generator.things import OwnAttribute
from generator.vocabulary import VOCABULARY

GENDERS = ("m", "f", "n", "p")
"""Masculine, feminine, neuter, plural: the answers for messages in the contexts "…, gender"."""

POSTS: Mapping[str, str] = {
    "flat": "{colour} flat post",
    "round": "{colour} round post",
    "drum": "{colour} drum",
    "pole": "{colour} pole",
    "polepost": "{colour} post with a pole",
    "paddle": "{colour} paddle on a stick",
    "square": "{colour} square post",
    "block": "{colour} block",
    "sign": "{colour} sign bollard",
    "ornament": "{colour} ornamental bollard",
    "rail": "{colour} rail-mounted post",
    "arm": "{colour} mast with an arm",
    "": "{colour} bollard",
}
"""By form; "" for an unknown one."""
MARKINGS: Mapping[str, str] = {
    "cap": "{colour} cap",
    "band": "{colour} band",
    "bands": "{colour} bands",
    "stripes": "{colour} stripes",
    "diagonal": "slanted {colour} band",
    "chevron": "{colour} chevrons",
    "face": "{colour} sign face",
    "plate": "{colour} plate",
    "": "{colour} marking",
}
"""By pattern; "" for an unknown one."""
REFLECTORS: Mapping[str, str] = {
    "none": "no reflector",
    "white": "white reflector",
    "grey": "grey reflector",
    "orange": "orange reflector",
    "red": "red reflector",
    "green": "green reflector",
    "blue": "blue reflector",
    "multi": "reflectors of several colours",
}
ATTRIBUTES: Mapping[str, str] = {
    "form": "Form",
    "body": "Body",
    "pattern": "Marking",
    "accent": "Colour of the marking",
    "reflector": "Reflector",
}
VALUES: Mapping[str, Mapping[str, str]] = {
    "form": {
        "flat": "flat post",
        "round": "round post",
        "drum": "drum",
        "pole": "pole",
        "polepost": "post with a pole",
        "paddle": "paddle on a stick",
        "square": "square post",
        "block": "block",
        "sign": "sign bollard",
        "ornament": "ornamental bollard",
        "rail": "rail-mounted post",
        "arm": "mast with an arm",
    },
    "pattern": {
        "plain": "no marking",
        "cap": "cap",
        "band": "band",
        "bands": "bands",
        "stripes": "stripes",
        "diagonal": "slanted band",
        "chevron": "chevrons",
        "face": "sign face",
        "plate": "plate",
    },
    "reflector": {"none": "no reflector"},
    "colour": {"none": "none", "multi": "several colours"},
}
_COLOURS = {"multi": "multicoloured"}
# Names do not mention what is not there.
_UNSAID = (None, "none")


class Wording:
    """The phrases in one language."""

    def __init__(
        self,
        messages: Messages | None = None,
        own: Sequence[OwnAttribute] = (),
        language: str = "en",
    ) -> None:
        """Take the words of the program, and attributes of the owner's with their language."""
        self._messages = messages if messages is not None else Messages()
        self._say = self._messages.pgettext
        self._own = {attribute.name: attribute for attribute in own}
        self._language = language

    @property
    def messages(self) -> Messages:
        return self._messages

    @property
    def has_own(self) -> bool:
        """Whether the owner's attributes make the names, not those of bollards."""
        return bool(self._own)

    def own_name(self, said: Mapping[str, str]) -> str:
        """The owner's words for some values: "round, rings"; "" if there are none to say."""
        told = [self.value(name, said[name]) for name in self._own if said.get(name) not in _UNSAID]
        return self._say("name", ", ").join(told)

    def post(self, form: str = "", colour: str = "") -> str:
        """The subject of a name: "white flat post", "white bollard", "flat post", "bollard"."""
        phrase = POSTS.get(form)
        if not colour:
            return form if phrase is None else self._say("form", _without_colour(phrase))
        if phrase is None:
            return f"{self._colour('post', 'm', colour)} {form}"
        return self._coloured("post", phrase, colour)

    def marking(self, pattern: str, colour: str | None) -> str | None:
        """The phrase after it: "slanted black band", or "slanted band" if no colour is known."""
        phrase = MARKINGS.get(pattern)
        if phrase is None:
            return None
        if colour is None:
            return self._say("marking", _without_colour(phrase))
        return self._coloured("marking", phrase, colour)

    def reflector(self, colour: str) -> str:
        """The last part of a name: "red reflector"."""
        phrase = REFLECTORS.get(colour)
        return self._say("reflector", phrase) if phrase else f"{colour} reflector"

    def no_marking(self) -> str:
        """The phrase for a plain bollard, where another of the same name has a marking."""
        return self._say("pattern", VALUES["pattern"]["plain"])

    def in_places(self, name: str, places: Sequence[str], *, mostly: bool) -> str:
        """A name with the places where the type is found, or mostly found."""
        listed = self._say("name", ", ").join(places)
        if mostly:
            listed = self._say("name", "above all {places}").format(places=listed)
        return self._say("name", "{name} ({places})").format(name=name, places=listed)

    def with_marking(self, post: str, marking: str) -> str:
        """ "White flat post, slanted black band"."""
        return self._say("name", "{post}, {marking}").format(post=post, marking=marking)

    def with_reflector(self, name: str, reflector: str) -> str:
        """A name with its reflector added."""
        return self._say("name", "{name}, {reflector}").format(name=name, reflector=reflector)

    def sentence(self, name: str) -> str:
        """A name as a sentence of its own."""
        return self._say("name", "{name}.").format(name=name)

    def in_place(self, subject: str, place: str) -> str:
        """A photo's attributes as a phrase, and its place."""
        return self._say("name", "{name}, {place}").format(name=subject, place=place)

    def attribute(self, name: str) -> str:
        """The heading of an attribute in a table."""
        if own := self._own.get(name):
            return own.called(self._language)
        title = ATTRIBUTES.get(name)
        return self._say("attribute", title) if title else name.capitalize()

    def value(self, attribute: str, value: str) -> str:
        """An attribute's value in a table or a filter."""
        if own := self._own.get(attribute):
            known = own.value(value)
            return known.called(self._language) if known else value
        title = VALUES.get(attribute, {}).get(value)
        if title is not None:
            return self._say(attribute, title)
        return self._say("colour", VALUES["colour"].get(value, value))

    def _coloured(self, what: str, phrase: str, colour: str) -> str:
        gender = self._say(f"{what}, gender", phrase)
        word = self._colour(what, gender if gender in GENDERS else "m", colour)
        return self._say(what, phrase).format(colour=word)

    def _colour(self, what: str, gender: str, colour: str) -> str:
        return self._say(f"colour of a {what}, {gender}", _COLOURS.get(colour, colour))


def _without_colour(phrase: str) -> str:
    return " ".join(phrase.format(colour="").split())


def messages_used() -> Iterator[tuple[str, str, str]]:
    """All names' messages for message files: context, message, hint to translators."""
    hints = {
        "post": "A bollard by form and colour, as a name begins.",
        "marking": "A bollard's marking, as it follows its form in a name.",
        "gender": "Gender of the phrase in your language: m, f, n or p (plural). It chooses the"
        " words for {colour}. If colours have no gender, answer m.",
    }
    for what, phrases in (("post", POSTS), ("marking", MARKINGS)):
        for phrase in phrases.values():
            yield what, phrase, hints[what]
            yield f"{what}, gender", phrase, hints["gender"]
    for phrase in MARKINGS.values():
        yield "marking", _without_colour(phrase), "The same where its colour is not known."
    for phrase in POSTS.values():
        yield "form", _without_colour(phrase), "Value in a table or filter, or in a name."
    for phrase in REFLECTORS.values():
        yield "reflector", phrase, "The last part of a name, after a comma."
    for gender in GENDERS[:3]:
        for colour in VOCABULARY["body"]:
            yield f"colour of a post, {gender}", colour, "In the grammatical case of a subject."
    for gender in GENDERS:
        for colour in VOCABULARY["accent"]:
            if colour != "none":
                word = _COLOURS.get(colour, colour)
                hint = "In the grammatical case of a marking in a name."
                yield f"colour of a marking, {gender}", word, hint
    for template in ("{post}, {marking}", "{name}, {reflector}", "{name}.", "{name}, {place}"):
        yield "name", template, "How the parts of a name are put together."
    for template in ("{name} ({places})", "above all {places}", ", "):
        yield "name", template, "Tells types of one name apart: the places where each is found."
    for title in ATTRIBUTES.values():
        yield "attribute", title, "Heading in a table of a bollard's attributes."
    for attribute, titles in VALUES.items():
        for title in titles.values():
            yield attribute, title, "Value in such a table, or in a filter."
    for colour in sorted({*VOCABULARY["body"], *VOCABULARY["accent"]} - {"none", "multi"}):
        yield "colour", colour, "A colour by itself, in a table or a filter."


def extract(
    fileobj: object, keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, str, str | tuple[str, str], list[str]]]:
    """For `pybabel extract`: the phrases of this file.

    https://babel.pocoo.org/en/latest/messages.html#writing-extraction-methods
    """
    for context, message, hint in messages_used():
        yield 1, "pgettext", (context, message), [hint]
    usual = SiteSettings.model_fields["description"].default
    yield 1, "gettext", usual, ["The description of a site whose owner has written none."]
