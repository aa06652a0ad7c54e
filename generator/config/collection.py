"""The section about what the collection shows."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from generator.config.section import LanguageTag, Section
from generator.things import BOLLARDS, Things

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


class ThingWords(Section):
    """The word for what the collection shows, in another language."""

    thing: Word
    things: Word


class CollectionSettings(Section):
    """What the collection shows."""

    thing: Word = BOLLARDS.one
    things: Word = Field(default=BOLLARDS.many, validate_default=True)
    translations: Mapping[LanguageTag, ThingWords] = {}

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
        return Things(self.thing, self.things, words)
