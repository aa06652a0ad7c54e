"""Words for looks, read as the site's own search reads them, in all of the program's languages.

For embedders that recognise attributes but have no text tower. A query is read as concepts (a
form, a colour, a marking, a word of a type's name); a photo fits a concept as well as the
embedder believes that it shows it, and a query as well as all its concepts together. The words are
those of `templates/words.html`; the binding of colours is that of `static/js/search.js`. Other
collections have the words of their owner's attributes instead (`[[collection.attributes]]`).
"""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from generator import resources
from generator.embed import Attributes
from generator.language.messages import load_messages
from generator.render.environment import make_environment
from generator.render.search_data import SearchWords, search_words
from generator.things import BOLLARDS, Things

LANGUAGES = ("en", "de", "fr", "es")
_COLOURED = ("body", "accent", "reflector")
# Other patterns that a pattern's name also means, and how well.
_KIN = {
    "band": {"diagonal": 0.8, "bands": 0.7},
    "bands": {"stripes": 0.7, "band": 0.5},
    "stripes": {"bands": 0.7},
}
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ı": "i"}
    | {"'": "", "’": "", "‘": "", "`": ""}
)
_ALIKE = 0.85
_LONGEST_PHRASE = 4

# What words mean in every collection.
_ANYWHERE = frozenset({"empty", "and", "without"})
# The kind of a value of the owner's: this and the attribute's name.
_OWN = "own "

Meaning = tuple[str, str]
"""A kind ("form", "colour", "pattern", "reflector", "name", "empty", "and", "without"), a value."""


@dataclass
class Concept:
    """One part of a query.

    Attributes:
        text: the owner's words.
        meanings: what they can mean; empty for words that mean nothing here.
        weights: for a colour, how well it fits each coloured attribute.
        without: whether it must be absent.
    """

    text: str
    meanings: frozenset[Meaning]
    weights: Mapping[str, float] = field(default_factory=dict)
    without: bool = False

    def has(self, kind: str) -> bool:
        """Whether it can mean something of this kind."""
        return any(one == kind for one, _ in self.meanings)


@dataclass(frozen=True)
class Reading:
    """A query that was read.

    Attributes:
        concepts: what it asks for.
        unknown: words that mean nothing.
    """

    concepts: tuple[Concept, ...]
    unknown: tuple[str, ...]

    def fit(self, attributes: Attributes, type_id: str | None) -> float:
        """How well a photo fits all of it, 0 to 1."""
        whole = 1.0
        for concept in self.concepts:
            one = _fit(concept, attributes, type_id)
            whole *= 1 - one if concept.without else one
        return whole


def read(
    text: str, names: Mapping[str, str], language: str = "en", things: Things = BOLLARDS
) -> Reading:
    """Read a query, in the language that knows most of its words.

    Args:
        text: the owner's words.
        names: of types, by id.
        language: that of the site, preferred when several know as many words.
        things: what the collection shows, and the owner's attributes with their words.
    """
    words = _words(text)
    order = sorted(LANGUAGES, key=lambda tag: tag != language.partition("-")[0])
    readings = [_read(words, tag, names, things) for tag in order]
    concepts = min(readings, key=_unread)
    unknown = tuple(one.text for one in concepts if not one.meanings)
    known = [one for one in concepts if one.meanings and not one.has("and")]
    tag = order[readings.index(concepts)]
    return Reading(tuple(_bound(known, _spoken(tag).colour_first)), unknown)


def _unread(concepts: Sequence[Concept]) -> int:
    """How many letters of a query mean nothing."""
    return sum(len(one.text) for one in concepts if not one.meanings)


@cache
def _spoken(language: str) -> SearchWords:
    """The words of a language; English is that of the templates."""
    messages = None if language == "en" else load_messages(language, (resources.LOCALE,))
    return search_words(make_environment((resources.TEMPLATES,), language, None, messages))


@cache
def _lexicon(language: str) -> Mapping[str, frozenset[Meaning]]:
    """Phrases in lower case without accents -> their meanings."""
    spoken = _spoken(language)
    found: dict[str, set[Meaning]] = {}

    def learn(phrases: Sequence[str], meaning: Meaning) -> None:
        for phrase in phrases:
            if key := " ".join(_words(phrase)):
                found.setdefault(key, set()).add(meaning)

    for kind, values in spoken.values.items():
        for value, phrases in values.items():
            learn(phrases, (kind, value))
    learn(spoken.reflector, ("reflector", ""))
    learn(spoken.empty, ("empty", ""))
    learn(spoken.without, ("without", ""))
    learn(spoken.joining, ("and", ""))
    return {key: frozenset(meanings) for key, meanings in found.items()}


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return re.findall(r"[^\W_]+", letters)


def _own_words(things: Things, language: str) -> Iterator[tuple[str, Meaning]]:
    """The phrases for the values of the owner's attributes, in a language."""
    for attribute in things.attributes:
        for value in attribute.values:
            for phrase in value.searched(language):
                yield " ".join(_words(phrase)), (_OWN + attribute.name, value.name)


def _read(
    words: Sequence[str], language: str, names: Mapping[str, str], things: Things
) -> list[Concept]:
    lexicon = dict(_lexicon(language))
    if not things.vocabulary:
        lexicon = {
            phrase: kept
            for phrase, meanings in lexicon.items()
            if (kept := frozenset(one for one in meanings if one[0] in _ANYWHERE))
        }
    for phrase, meaning in _own_words(things, language):
        lexicon[phrase] = lexicon.get(phrase, frozenset()) | {meaning}
    for type_id, name in names.items():
        for word in _words(name):
            meanings = lexicon.get(word, frozenset())
            # Words that occur only in owners' names of types.
            if all(kind == "name" for kind, _ in meanings):
                lexicon[word] = meanings | {("name", type_id)}
    concepts = []
    waiting = list(words)
    while waiting:
        longest = min(_LONGEST_PHRASE, len(waiting))
        spans = (" ".join(waiting[:count]) for count in range(longest, 1, -1))
        phrase = next((one for one in spans if one in lexicon), waiting[0])
        meanings = lexicon.get(phrase) or _nearly(phrase, lexicon)
        parts = None if meanings else _parted(phrase, lexicon)
        if parts:
            waiting[:1] = parts
            continue
        concepts.append(Concept(phrase, meanings))
        del waiting[: len(phrase.split())]
    return concepts


def _nearly(word: str, lexicon: Mapping[str, frozenset[Meaning]]) -> frozenset[Meaning]:
    """The meanings of a word with another ending, or with a slip."""
    ended = [
        key for key in lexicon if len(key) > 2 and word.startswith(key) and len(word) - len(key) < 3
    ]
    if not ended and len(word) > 4:
        ended = difflib.get_close_matches(word, lexicon, n=1, cutoff=_ALIKE)
    return frozenset().union(*(lexicon[key] for key in ended))


def _parted(word: str, lexicon: Mapping[str, object]) -> list[str] | None:
    """Two known words written as one, as German does: "rotweiss"."""
    positions = range(3, len(word) - 2)
    both = ([word[:position], word[position:]] for position in positions)
    return next((parts for parts in both if all(part in lexicon for part in parts)), None)


def _bound(concepts: list[Concept], colour_first: bool) -> Iterator[Concept]:
    """Give each colour its noun, and "without" to what follows it."""
    for position, concept in enumerate(concepts):
        if not concept.has("colour"):
            continue
        sides = (1, -1) if colour_first else (-1, 1)
        beside = [_beside(concepts, position, step) for step in sides]
        nouns = ("reflector", "pattern", "form")
        noun = next((one for one in beside if one and any(map(one.has, nouns))), None)
        several = any(
            concepts[near].has("colour")
            for near in (position - 1, position + 1)
            if 0 <= near < len(concepts)
        )
        concept.weights = _weights(noun, several)
    absent = False
    for concept in concepts:
        if concept.has("without"):
            absent = True
        elif all(kind == "empty" for kind, _ in concept.meanings):
            continue
        else:
            concept.without, absent = absent, False
            yield concept


def _beside(concepts: Sequence[Concept], position: int, step: int) -> Concept | None:
    at = position + step
    while 0 <= at < len(concepts) and concepts[at].has("colour"):
        at += step
    return concepts[at] if 0 <= at < len(concepts) else None


def _weights(noun: Concept | None, several: bool) -> dict[str, float]:
    if noun and noun.has("reflector"):
        return {"reflector": 1.0}
    if noun and noun.has("pattern"):
        return {"accent": 1.0, "body": 0.95 if several else 0.5}
    if noun and noun.has("form"):
        return {"body": 1.0, "accent": 0.4}
    return {"body": 1.0, "accent": 0.75, "reflector": 0.3}


def _fit(concept: Concept, attributes: Attributes, type_id: str | None) -> float:
    return max((_means(one, concept, attributes, type_id) for one in concept.meanings), default=0.0)


def _means(
    meaning: Meaning, concept: Concept, attributes: Attributes, type_id: str | None
) -> float:
    kind, value = meaning
    if kind.startswith(_OWN):
        return attributes.get(kind.removeprefix(_OWN), {}).get(value, 0.0)
    if kind == "colour":
        return max(
            weight * attributes.get(attribute, {}).get(value, 0.0)
            for attribute, weight in concept.weights.items()
        )
    if kind == "pattern":
        pattern = attributes.get("pattern", {})
        kin = _KIN.get(value, {})
        others = (share * pattern.get(other, 0.0) for other, share in kin.items())
        return min(1.0, pattern.get(value, 0.0) + sum(others))
    if kind == "form":
        return attributes.get("form", {}).get(value, 0.0)
    if kind == "reflector":
        return 1 - attributes.get("reflector", {}).get("none", 1.0)
    return 1.0 if kind == "name" and value == type_id else 0.0
