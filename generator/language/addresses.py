"""The attributes in the address of a type: its id is the slug of a generated English name."""

from functools import lru_cache

from generator.language.wording import Wording
from generator.vocabulary import VOCABULARY

_ENGLISH = Wording()


def said_by(type_id: str) -> dict[str, str]:
    """The attributes that an id says, value by attribute; {} for an id of another kind.

    "white-flat-post-red-band" says body white, form flat, pattern band and accent red. What follows
    the looks, such as a place or a number, is left out.
    """
    said: dict[str, str] = {}
    rest = f"{type_id}-"
    for part in (_posts(), _markings(), _reflectors()):
        found = max((slug for slug in part if rest.startswith(slug)), key=len, default="")
        if found:
            said |= part[found]
            rest = rest.removeprefix(found)
        elif not said:
            return {}
    return said


@lru_cache(maxsize=1)
def _posts() -> dict[str, dict[str, str]]:
    return {
        _slug(_ENGLISH.post(form, colour)): _known(form=form, body=colour)
        for form in ("", *VOCABULARY["form"])
        for colour in ("", *VOCABULARY["body"])
    }


@lru_cache(maxsize=1)
def _markings() -> dict[str, dict[str, str]]:
    return {
        _slug(phrase): _known(pattern=pattern, accent=colour or "")
        for pattern in ("", *VOCABULARY["pattern"])
        for colour in (None, *VOCABULARY["accent"][1:])
        if (phrase := _ENGLISH.marking(pattern, colour))
    }


@lru_cache(maxsize=1)
def _reflectors() -> dict[str, dict[str, str]]:
    return {
        _slug(_ENGLISH.reflector(colour)): {"reflector": colour}
        for colour in VOCABULARY["reflector"]
    }


def _known(**said: str) -> dict[str, str]:
    return {name: value for name, value in said.items() if value}


def _slug(phrase: str) -> str:
    return phrase.lower().replace(" ", "-") + "-"
