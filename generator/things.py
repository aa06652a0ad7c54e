"""What a collection shows: bollards, unless `[collection]` in site.toml says something else."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.vocabulary import VOCABULARY


@dataclass(frozen=True, slots=True)
class Things:
    """The word for what a collection shows, and the attributes by which it is described.

    Attributes:
        one: in the singular, without an article: "manhole cover".
        many: in the plural.
        translated: the same two words by language tag.
        vocabulary: the values of each attribute; empty where nothing is described.
    """

    one: str
    many: str
    translated: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    vocabulary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def called(self, language: str) -> tuple[str, str]:
        """Singular and plural in a language; "pt" serves "pt-BR", too."""
        words = self.translated
        return words.get(language) or words.get(language.split("-")[0]) or (self.one, self.many)

    @property
    def types_module(self) -> str:
        """The file name of the types as a TypeScript module."""
        return "bollard-types.ts" if self == BOLLARDS else "types.ts"


BOLLARDS = Things("bollard", "bollards", vocabulary=VOCABULARY)
"""The default collection. Its words are those of the templates and message files themselves."""
