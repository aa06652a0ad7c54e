"""An answer in words, as `bollards identify` prints it."""

from collections.abc import Mapping

from generator.identify.lookup import Identification, Index, unreadable
from generator.language.wording import Wording
from generator.own_looks import Said, Telltale
from generator.sureness import Sureness

WORDS: Mapping[Sureness, str] = {
    "likely": "likely",
    "possible": "possible",
    "hard": "hard to say",
}
_ALIKE = (
    "Nothing in this collection looks like it. Use a photo of its other side or a sharper one,"
    " or find it by its appearance on the site."
)
_BOLLARD = (
    "No bollard is clearly visible: it is small or blurred, or there is none."
    " Cut the photo out around one bollard, or use a sharper one."
)


def answer_lines(answer: Identification, index: Index) -> list[str]:
    """The countries, how sure each is, and the deciding attribute; advice if there is a doubt."""
    if answer.doubt == "bollard":
        several = len(answer.views) > 1
        files = unreadable(answer, index) if several else [""]
        return [f"{file}: {_BOLLARD}" if several else _BOLLARD for file in files]
    if answer.doubt == "alike":
        return [_ALIKE]
    names = index.country_names
    lines = [f"{names[one.code]}: {WORDS[one.sureness]}" for one in answer.named]
    return lines + ([telltale_line(answer.telltale, names)] if answer.telltale else [])


def telltale_line(found: Telltale, names: Mapping[str, str]) -> str:
    """The deciding attribute as in versus.html: "Reflector: orange (Spain), red (Italy)"."""
    words = Wording()

    def value(said: Said) -> str:
        if found.attribute != "marking":
            return " and ".join(words.value(found.attribute, one) for one in said.values)
        pattern, *colour = said.values
        return words.marking(pattern, colour[0] if colour else None) or words.value(
            "pattern", pattern
        )

    attribute = words.attribute("pattern" if found.attribute == "marking" else found.attribute)
    said = (f"{value(one)} ({', '.join(names[code] for code in one.codes)})" for one in found.said)
    return f"{attribute}: {', '.join(said)}"
