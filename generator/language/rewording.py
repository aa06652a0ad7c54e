"""The sentences of a collection that shows other things than bollards.

Templates and code say "bollard". For another collection, each message that does so has a form of
its own here. It names the thing by the owner's words, `{thing}` and `{things}`, or goes without.
The forms are messages in the context "collection". Languages differ in genders, articles and cases,
so the owner's words stand only where none of these matter, such as after a number.
"""

import gettext
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from generator.language.messages import Messages, load_messages
from generator.things import BOLLARDS, Things

CONTEXT = "collection"

Form = str | tuple[str, str]

FORMS: Mapping[str, Form] = {
    "%(countries)s: the bollards that both have, those of only one, and how they differ.": (
        "%(countries)s: the {things} that both have, those of only one, and how they differ."
    ),
    "%(shown)s bollard": ("%(shown)s {thing}", "%(shown)s {things}"),
    "%(shown)s bollard unlike any other in the collection.": (
        "%(shown)s {thing} unlike any other in the collection.",
        "%(shown)s {things} unlike any other in the collection.",
    ),
    "%(shown)s bollard: pictures from %(country)s": (
        "%(shown)s {thing}: pictures from %(country)s",
        "%(shown)s {things}: pictures from %(country)s",
    ),
    "%(shown)s more bollard": ("%(shown)s more {thing}", "%(shown)s more {things}"),
    "%(shown)s unsorted bollard": ("%(shown)s unsorted", "%(shown)s unsorted"),
    "%(subject)s: bollards %(first)s to %(last)s of %(total)s.": (
        "%(subject)s: {things} %(first)s to %(last)s of %(total)s."
    ),
    "<b>%(shown)s</b> bollard": ("<b>%(shown)s</b> {thing}", "<b>%(shown)s</b> {things}"),
    "<b>%(shown)s</b> unsorted bollard": (
        "<b>%(shown)s</b> unsorted",
        "<b>%(shown)s</b> unsorted",
    ),
    "A picture in which no bollard is clearly visible gets no answer, nor does a bollard that looks"
    " like none of this collection.": (
        "A picture in which nothing is clearly visible gets no answer, nor does one that looks like"
        " none of this collection."
    ),
    "Add another photo of this bollard": "Add another photo of the same one",
    "All %(count)s bollards": "All %(count)s {things}",
    "All %(count)s unsorted bollards": "All %(count)s unsorted",
    "All bollards from # here are unsorted.": "Everything from # here is unsorted.",
    "All photos, bollards, types and countries with their attributes, one a line. Its"
    ' <a href="%(schema)s">JSON Schema</a> describes the format.': (
        "All photos, {things}, types and countries with their attributes, one a line. Its"
        ' <a href="%(schema)s">JSON Schema</a> describes the format.'
    ),
    'An <a href="%(home)sone-offs/">unsorted bollard</a>: no other bollard in this collection looks'
    " like it.": (
        '<a href="%(home)sone-offs/">Unsorted</a>: nothing else in this collection looks like it.'
    ),
    "An unsorted bollard: no other bollard in this collection looks like it.": (
        "Unsorted: nothing else in this collection looks like it."
    ),
    "At least four in five of these answers are right. That was measured with an earlier"
    " recogniser, on photos by other people that it had not seen. Most of them show posts from one"
    " country, the United States; elsewhere such answers are rarer and less often right.": (
        "This has not been measured on this collection. The limits are those of another, where at"
        " least four in five of these answers are right."
    ),
    "Bollard %(number)s": "Number %(number)s",
    "Bollard type": "Type",
    "Bollards %(first)s to %(last)s of %(total)s": "%(first)s to %(last)s of %(total)s {things}",
    "Bollards in %(country)s:": "%(country)s:",
    "Bollards in the picture": "Found in the picture",
    "Bollards in this photo": "Found in this photo",
    "Bollards that look like no other in this collection so far.": (
        "They look like nothing else in this collection so far."
    ),
    "Counts reflect our photos, not real-world frequency. They count bollards, not photos.": (
        "Counts reflect our photos, not real-world frequency. They count {things}, not photos."
    ),
    "Draw the frame around one bollard, with some space above and below.": (
        "Draw the frame around one of them, with some space above and below."
    ),
    "Draw the frame around one bollard, with some space above and below. Arrow keys move it; with"
    " Shift they change its size.": (
        "Draw the frame around one of them, with some space above and below. Arrow keys move it;"
        " with Shift they change its size."
    ),
    "Every bollard here has one like it in another country.": (
        "Everything here has something like it in another country."
    ),
    "Identify a bollard": "Identify from a picture",
    "Its bollards are now unsorted.": "Its {things} are now unsorted.",
    "Its nearest photos are unsorted bollards.": "Its nearest photos are unsorted.",
    "Learn to tell bollards apart. Questions show photos and look-alikes; what you miss comes back"
    " sooner.": (
        "Learn to tell {things} apart. Questions show photos and look-alikes; what you miss comes"
        " back sooner."
    ),
    "Map of the countries where it is found: the darker, the more bollards": (
        "Map of the countries where it is found: the darker, the more {things}"
    ),
    "Most of its bollards now belong to another type.": (
        "Most of its {things} now belong to another type."
    ),
    "No bollard is clearly visible": "Nothing is clearly visible",
    "Now paste, drop or choose another photo of the same bollard. The answer is then about all its"
    " photos together.": (
        "Now paste, drop or choose another photo of the same one. The answer is then about all its"
        " photos together."
    ),
    "Other bollards in this photo": "Also in this photo",
    "Other photos of this bollard": "Other photos of the same one",
    "Photo %(number)s of this bollard": "Photo %(number)s of the same one",
    "Roadside bollard": "A photo of this collection",
    "Roadside bollards by their looks, and the countries where they stand.": (
        "All {things} by their looks, and the countries where they are."
    ),
    "Show a picture of a bollard to find its type and countries. The picture never leaves your"
    " device.": (
        "Show a picture to find its type and countries. The picture never leaves your device."
    ),
    "The frames mark the bollards in this photo; this page is about the one with the bold frame.": (
        "The frames mark the {things} in this photo; this page is about the one with the bold"
        " frame."
    ),
    "The percentage beside a picture is the chance that two photos show the same type, judged by"
    " appearance alone. It is measured on this collection: of all neighbouring photos with such"
    " similar numbers, this share is of one type. Types as similar to each other as photos of one"
    " type are marked “almost the same”.": (
        "The percentage beside a picture is the chance that two photos show the same type, judged"
        " by appearance alone. It is measured on this collection: of all neighbouring photos with"
        " such similar numbers, this share is of one type. Types as similar to each other as photos"
        " of one type are marked “almost the same”."
    ),
    "The recogniser turns every photo into a list of numbers that describes the looks of its"
    " bollard. Bollards with similar numbers become a type. A bollard that resembles no other stays"
    " unsorted. The first picture of a type is its most typical one.": (
        "A model turns every photo into a list of numbers that describes its looks. Photos with"
        " similar numbers become a type. What resembles nothing else stays unsorted. The first"
        " picture of a type is its most typical one."
    ),
    "The region of %(shown)s bollard is not known.": (
        "The region of %(shown)s {thing} is not known.",
        "The region of %(shown)s {things} is not known.",
    ),
    "Two types or photos side by side, and how they differ.": (
        "Two types or photos side by side, and how they differ."
    ),
    "Two views of the same bollard.": "Two views of the same one.",
    "Types and unsorted bollards that were photographed in one country only, by continent.": (
        "Types and unsorted {things} that were photographed in one country only, by continent."
    ),
    "Unsorted bollard": "Unsorted photo",
    "Unsorted bollards": "Unsorted",
    "Unsorted bollards are found only here, too.": "What is unsorted is found only here, too.",
    "Which bollards are found in which country: %(shown)s country.": (
        "Which {things} are found in which country: %(shown)s country.",
        "Which {things} are found in which country: %(shown)s countries.",
    ),
    "Which bollards are found where. Choose a country to see its types, or a type to see its"
    " countries.": (
        "Which {things} are found where. Choose a country to see its types, or a type to see its"
        " countries."
    ),
    "bollards": "{things}",
    "unsorted bollards": "unsorted",
    "red and white stripes": "country or type",
    "post, posts, bollard, bollards, marker, markers, type, with, a, an, the, of, in, on, at, from,"
    " its, has, colour, coloured, color, colored": (
        "{thing}, {things}, type, with, a, an, the, of, in, on, at, from, its, has"
    ),
    "Appearance or place": "Type or place",
    "Remove a filter, or try other words: a colour, a form, a marking, a country.": (
        "Remove a filter, or try other words: a type, a country."
    ),
}
"""By the message as templates and code have it (the singular)."""


class Reworded(gettext.NullTranslations):
    """The words of a language for another collection."""

    def __init__(self, messages: Messages, thing: str, things: str) -> None:
        """Take the words of the language, and what the collection shows in it, one and several."""
        super().__init__()
        self._words = messages
        self._thing, self._things = thing, things

    def gettext(self, message: str) -> str:
        form = FORMS.get(message)
        if form is None:
            return self._words.gettext(message)
        return self._named(self._words.pgettext(CONTEXT, _single(form)))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        form = FORMS.get(msgid1)
        if not isinstance(form, tuple):
            return self._words.ngettext(msgid1, msgid2, n)
        return self._named(self._words.npgettext(CONTEXT, *form, n))

    def pgettext(self, context: str, message: str) -> str:
        if message not in FORMS:
            return self._words.pgettext(context, message)
        return self.gettext(message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self._words.npgettext(context, msgid1, msgid2, n)

    def _named(self, text: str) -> str:
        named = text.replace("{things}", self._things).replace("{thing}", self._thing)
        return named[:1].upper() + named[1:] if text.endswith(".") else named


def words_of(
    things: Things, language: str, folders: Sequence[Path] = (), compiled: Path | None = None
) -> Messages:
    """The words of a language for a collection of such things; see `load_messages`.

    Raises:
        BollardsError: a message file cannot be read; the message names the line.
    """
    messages = load_messages(language, folders, compiled)
    return messages if things == BOLLARDS else Reworded(messages, *things.called(language))


def unused(things: Things, message: str, context: str | None) -> bool:
    """Whether no page of such a collection has a message of the message files."""
    return context == CONTEXT if things == BOLLARDS else message in FORMS


def _single(form: Form) -> str:
    return form if isinstance(form, str) else form[0]


def extract(
    fileobj: object, keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, str, str | tuple[str, ...], list[str]]]:
    """For `pybabel extract`: the forms of this file."""
    hint = "Another collection: {thing} and {things} are its words, of unknown gender."
    for form in FORMS.values():
        if isinstance(form, tuple):
            yield 1, "npgettext", (CONTEXT, *form), [hint]
        else:
            yield 1, "pgettext", (CONTEXT, form), [hint]
