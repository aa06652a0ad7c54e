"""The section about what the collection shows."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from generator.config.section import LanguageTag, Section, in_hex, listed
from generator.things import BOLLARDS, OwnAttribute, OwnValue, Things
from generator.vocabulary import VOCABULARY

COLUMNS = (
    "file",
    "bollard",
    "country",
    "region",
    "latitude",
    "longitude",
    "credit",
    "licence",
    "source",
    "taken",
    "crop",
)
"""The columns of photos.csv; those of the owner's attributes come after them."""

# The words become part of sentences with placeholders and markup.
_WORD = re.compile(r"\w[\w ’'-]{0,58}\w|\w")


def _is_word(value: str) -> str:
    if not _WORD.fullmatch(value):
        raise ValueError(
            "a word or a few, with letters, digits, spaces, hyphens and apostrophes, such as"
            ' "manhole cover"'
        )
    return value


Word = Annotated[str, AfterValidator(_is_word)]
Label = Annotated[str, AfterValidator(lambda value: value and _is_word(value))]


class ThingWords(Section):
    """The word for what the collection shows, in another language."""

    thing: Word
    things: Word


_FILTERS = ("q", "in", "continent")


def _is_free(name: str) -> str:
    """An attribute's name, if photos.csv and pages do not have it with another meaning."""
    expected = 'lower-case letters, digits, hyphens and underscores, such as "shape"'
    hint = ""
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,30}", name):
        hint = " What visitors see is its label."
    elif name in _FILTERS:
        expected, hint = "another name", " The address of the home page has another meaning for it."
    elif name in COLUMNS:
        expected, hint = "another name", " photos.csv has a column of this name."
    elif name in VOCABULARY:
        expected = "another name"
        hint = (
            f' "{name}" is an attribute of bollards. Choose another name, such as "design"; the'
            f' label may be "{name.capitalize()}".'
        )
    if hint:
        raise PydanticCustomError("hinted", "{expected}", {"expected": expected, "hint": hint})
    return name


def _is_drawing(name: str) -> str:
    if name and not name.lower().endswith(".svg"):
        raise ValueError('an SVG file in the folder of site.toml, such as "emblems/round.svg"')
    return name


def _once(names: Sequence[str], what: str) -> None:
    counts = Counter(name.casefold() for name in names)
    twice = [name for name in names if counts[name.casefold()] > 1]
    if twice:
        raise ValueError(
            f'each {what} once; "{twice[0]}" is there {counts[twice[0].casefold()]} times'
        )


Words = Annotated[tuple[Word, ...], listed('a list of words, such as ["disc", "circular"]')]


class ValueWords(Section):
    """A value in another language."""

    label: Word
    words: Words = ()


class ValueSettings(Section):
    """A value of an attribute."""

    name: Word
    label: Label = ""
    words: Words = ()
    colour: Annotated[str, AfterValidator(lambda value: value and in_hex(value))] = ""
    emblem: Annotated[str, AfterValidator(_is_drawing)] = ""
    translations: Mapping[LanguageTag, ValueWords] = {}

    @property
    def shows(self) -> OwnValue:
        """The same as a value of the program."""
        return OwnValue(
            self.name,
            self.label or self.name,
            {tag: one.label for tag, one in self.translations.items()},
            self.words,
            {tag: one.words for tag, one in self.translations.items()},
            self.colour,
            self.emblem,
        )


def _named(value: Any) -> Any:
    """A value that is only a name stands for a table with this name."""
    return {"name": value} if isinstance(value, str) else value


class AttributeWords(Section):
    """The heading of an attribute in another language."""

    label: Word


class AttributeSettings(Section):
    """An attribute by which the owner describes what the collection shows."""

    name: Annotated[str, AfterValidator(_is_free)]
    label: Label = ""
    translations: Mapping[LanguageTag, AttributeWords] = {}
    by: Literal["labels", "words"] = "labels"
    values: Annotated[
        tuple[Annotated[ValueSettings, BeforeValidator(_named)], ...],
        listed('a list of at least two values, such as ["round", "square"]', least=2),
    ]

    @field_validator("values")
    @classmethod
    def _are_different(cls, values: tuple[ValueSettings, ...]) -> tuple[ValueSettings, ...]:
        _once([value.name for value in values], "value")
        return values

    @property
    def shows(self) -> OwnAttribute:
        """The same as a value of the program."""
        label = self.label or self.name.replace("-", " ").replace("_", " ").capitalize()
        translated = {tag: one.label for tag, one in self.translations.items()}
        values = tuple(value.shows for value in self.values)
        return OwnAttribute(self.name, label, translated, values, self.by == "words")


class CollectionSettings(Section):
    """What the collection shows."""

    thing: Word = BOLLARDS.one
    things: Word = Field(default=BOLLARDS.many, validate_default=True)
    translations: Mapping[LanguageTag, ThingWords] = {}
    attributes: Annotated[
        tuple[AttributeSettings, ...],
        listed("tables with a name and values: [[collection.attributes]]"),
    ] = ()

    @field_validator("attributes")
    @classmethod
    def _are_of_another(
        cls, value: tuple[AttributeSettings, ...], info: ValidationInfo
    ) -> tuple[AttributeSettings, ...]:
        """Attributes for other things than bollards, each once."""
        if value and info.data.get("thing", BOLLARDS.one) == BOLLARDS.one:
            names = ", ".join(VOCABULARY)
            raise ValueError(
                "[collection] thing and things with them: bollards have the attributes of the"
                f" built-in recogniser ({names})"
            )
        _once([one.name for one in value], "attribute")
        return value

    @field_validator("things")
    @classmethod
    def _is_its_plural(cls, value: str, info: ValidationInfo) -> str:
        if value == BOLLARDS.many and info.data.get("thing", BOLLARDS.one) != BOLLARDS.one:
            raise ValueError("the plural of collection.thing")
        return value

    @property
    def is_another(self) -> bool:
        """Whether the collection shows something else than bollards."""
        return self.thing != BOLLARDS.one

    @property
    def shows(self) -> Things:
        """The words as a value."""
        if not self.is_another:
            return BOLLARDS
        words = {tag: (one.thing, one.things) for tag, one in self.translations.items()}
        own = tuple(one.shows for one in self.attributes)
        return Things(self.thing, self.things, words, attributes=own)
