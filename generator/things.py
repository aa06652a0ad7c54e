"""What a collection shows: bollards, unless `[collection]` in site.toml says something else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from generator.vocabulary import VOCABULARY

Text = TypeVar("Text")


@dataclass(frozen=True, slots=True)
class OwnValue:
    """A value of an attribute of the owner's.

    Attributes:
        name: as photos.csv and the public formats have it.
        label: as names and pages have it.
        translated: the label by language tag.
        words: what else visitors may search for.
        translated_words: the same by language tag.
        colour: as #rrggbb, or "".
        emblem: the path of its drawing below the project's folder, or "".
        drawing: the drawing itself: an `<svg>` element of plain shapes; "" until it is read.
    """

    name: str
    label: str
    translated: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    translated_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    colour: str = ""
    emblem: str = ""
    drawing: str = ""

    def called(self, language: str) -> str:
        """Its label in a language."""
        return in_language(self.translated, language) or self.label

    def searched(self, language: str) -> tuple[str, ...]:
        """The words by which visitors find it in a language, in lower case, its label first."""
        more = in_language(self.translated_words, language) or ()
        words = (self.called(language), *more, self.label, *self.words)
        return tuple(dict.fromkeys(word.casefold() for word in words))


@dataclass(frozen=True, slots=True)
class OwnAttribute:
    """An attribute of the owner's, with at least two values.

    Attributes:
        name: a column of photos.csv, and its key in the public formats.
        label: its heading on pages.
        translated: the heading by language tag.
        values: in the order of the filters.
        by_words: whether the encoder's words tell it where there are too few labels.
    """

    name: str
    label: str
    translated: Mapping[str, str]
    values: tuple[OwnValue, ...]
    by_words: bool = False

    def called(self, language: str) -> str:
        """Its heading in a language."""
        return in_language(self.translated, language) or self.label

    def value(self, name: str) -> OwnValue | None:
        """A value by its name."""
        return next((value for value in self.values if value.name == name), None)


@dataclass(frozen=True, slots=True)
class Things:
    """The word for what a collection shows, and the attributes by which it is described.

    Attributes:
        one: in the singular, without an article: "manhole cover".
        many: in the plural.
        translated: the same two words by language tag.
        vocabulary: the values of each attribute of the built-in recogniser; empty for other things.
        attributes: the owner's own, in the order in which names mention them.
    """

    one: str
    many: str
    translated: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    vocabulary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attributes: tuple[OwnAttribute, ...] = ()

    def called(self, language: str) -> tuple[str, str]:
        """Singular and plural in a language; "pt" serves "pt-BR", too."""
        return in_language(self.translated, language) or (self.one, self.many)

    def attribute(self, name: str) -> OwnAttribute | None:
        """One of the owner's attributes by its name."""
        return next((one for one in self.attributes if one.name == name), None)

    def drawn(self, drawings: Mapping[str, str]) -> "Things":
        """The same with the owner's drawings, by their paths."""
        attributes = tuple(
            replace(
                one,
                values=tuple(
                    replace(value, drawing=drawings.get(value.emblem, "")) for value in one.values
                ),
            )
            for one in self.attributes
        )
        return replace(self, attributes=attributes)

    def colour_of(self, attribute: str, value: str) -> str:
        """The colour of a value of the owner's, as #rrggbb, or ""."""
        own = self.attribute(attribute)
        known = own.value(value) if own else None
        return known.colour if known else ""

    @property
    def types_module(self) -> str:
        """The file name of the types as a TypeScript module."""
        return "bollard-types.ts" if self == BOLLARDS else "types.ts"


def in_language(translated: Mapping[str, Text], language: str) -> Text | None:
    """What is said in a language; "pt" serves "pt-BR", too."""
    return translated.get(language) or translated.get(language.split("-")[0])


BOLLARDS = Things("bollard", "bollards", vocabulary=VOCABULARY)
"""The default collection. Its words are those of the templates and message files themselves."""
