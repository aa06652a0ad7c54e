"""The Jinja environment: autoescape is on, undefined names are errors, filters format numbers."""

import contextlib
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
)
from jinja2.bccache import Bucket

from generator.catalogue import Picture
from generator.keep import DamagedError, kept_at, read_checked, write_checked
from generator.language.messages import Messages, locale_of
from generator.language.wording import Wording
from generator.things import BOLLARDS, Things


class _Compiled(BytecodeCache):
    """Compiled templates, kept by name. Jinja itself sees whether their source has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(FileNotFoundError, DamagedError):
            bucket.bytecode_from_string(read_checked(self._place(bucket)))

    def dump_bytecode(self, bucket: Bucket) -> None:
        write_checked(self._place(bucket), bucket.bytecode_to_string())

    def _place(self, bucket: Bucket) -> Path:
        return kept_at(self._folder / f"{bucket.key}.template")


def make_environment(
    folders: tuple[Path, ...],
    language: str,
    compiled: Path | None,
    messages: Messages | None = None,
    kind: type[Environment] = Environment,
    things: Things = BOLLARDS,
    pictures_url: str = "",
) -> Environment:
    """Set up Jinja.

    Args:
        folders: where templates are looked for; the first folder that has one wins.
        language: tag of the language for numbers and dates.
        compiled: folder for compiled templates, or None; all languages share it.
        messages: the words of that language, or None for the templates' own English.
        kind: another kind of environment, such as one with a sandbox.
        things: what the collection shows.
        pictures_url: where pictures are, if not beside the pages; see `catalogue.Site`.
    """
    environment = kind(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        bytecode_cache=_Compiled(compiled) if compiled is not None else None,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    words = messages if messages is not None else Messages()
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    spoken = Wording(words, things.attributes, language)
    environment.globals.update(
        messages=words,
        vocabulary=things.vocabulary,
        attribute_name=spoken.attribute,
        value_name=spoken.value,
        marking_name=spoken.marking,
        own_attributes=[one.name for one in things.attributes],
        value_colour=things.colour_of,
    )
    environment.filters.update(_filters(locale_of(language)))
    environment.filters["at"] = lambda path, root: (pictures_url or root) + path
    environment.tests["slim"] = is_slim
    return environment


def _filters(locale: Locale) -> dict[str, Callable[..., Any]]:
    @cache
    def number(value: int) -> str:
        return str(format_decimal(value, locale=locale))

    @cache
    def whole_percent(value: int) -> str:
        return str(format_percent(value / 100, locale=locale))

    def percent(value: float) -> str:
        """A share or a similarity as a percentage; only zero itself is shown as 0%."""
        if 0 < value < 0.01:
            return "<" + whole_percent(1)
        return whole_percent(round(max(0.0, value) * 100))

    @cache
    def day(value: str) -> str:
        try:
            return str(format_date(date.fromisoformat(value), "long", locale=locale))
        except ValueError:
            return value

    def listed(values: Iterable[str]) -> str:
        """Several things in a sentence: "red, white and blue"."""
        return format_list(list(values), "standard", locale)

    def either(values: Iterable[str]) -> str:
        """A choice: "Spain or Portugal"."""
        return format_list(list(values), "or", locale)

    return {"number": number, "percent": percent, "day": day, "listed": listed, "either": either}


def messages_of(environment: Environment) -> Messages:
    """The words of an environment, for texts outside templates."""
    words = environment.globals["messages"]
    assert isinstance(words, Messages)
    return words


def is_slim(picture: Picture) -> bool:
    """Whether a picture is too slim or too wide to fill an upright card."""
    return not 0.9 <= picture.height / picture.width <= 1.8


def smallest(pictures: tuple[Picture, ...], width: int) -> Picture:
    """The smallest picture at least `width` px wide, or else the largest."""
    return next((picture for picture in pictures if picture.width >= width), pictures[-1])
