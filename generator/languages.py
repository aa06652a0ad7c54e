"""The languages of a site: their message files, their names, and the folders of their pages.

A language is one file, `locale/TAG.po` (GNU gettext). The program brings some; a file of the same
kind in the site's own `locale/` adds a language, or changes words of one that is there.
"""

import gettext
import hashlib
import io
import os
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from generator.catalogue import Edition
from generator.errors import BollardsError

SOURCE = "en"
"""The language that templates and code are written in; it needs no message file."""

Messages = gettext.NullTranslations


def editions(language: str, others: Iterable[str]) -> tuple[Edition, ...]:
    """The site in each of its languages, that of the root first.

    Args:
        language: tag of the language of the root ("en", "pt-BR").
        others: tags of the languages whose pages stand in folders of their own.
    """
    tags = [language, *(tag for tag in others if tag != language)]
    return tuple(
        Edition(
            language=tag,
            prefix="" if place == 0 else f"{tag.lower()}/",
            name=own_name(tag),
            direction=locale_of(tag).text_direction,
        )
        for place, tag in enumerate(tags)
    )


def own_name(language: str) -> str:
    """What a language calls itself: "Deutsch", "Français"; its tag if CLDR does not know it."""
    try:
        name = Locale.parse(language, sep="-").display_name
    except (UnknownLocaleError, ValueError):
        name = None
    return name[:1].upper() + name[1:] if name else language


@cache
def locale_of(language: str) -> Locale:
    """CLDR's locale for a language tag, or that of its first part, or English."""
    for tag in (language, language.split("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale(SOURCE)


def message_files(language: str, folders: Sequence[Path]) -> list[Path]:
    """The files that hold a language's words, the most particular first.

    Args:
        language: a tag; for "pt-BR" a file pt.po also helps.
        folders: where message files are looked for; words of an earlier folder win.
    """
    tags = dict.fromkeys((language, language.split("-")[0]))
    paths = (folder / f"{tag}.po" for folder in folders for tag in tags)
    return [path for path in paths if path.is_file()]


def refuse_unknown_languages(
    languages: Iterable[str], translations: Iterable[str], folders: Sequence[Path]
) -> None:
    """Make sure that pages can be written in all of these languages.

    Args:
        languages: tags of `site.languages`.
        translations: the languages in which the site says something of itself.
        folders: where message files are looked for.

    Raises:
        BollardsError: there is no message file for one of them, or no pages for a translation.
    """
    for tag in sorted(set(translations) - set(languages)):
        raise BollardsError(
            f'site.toml: site.translations.{tag}: site.languages has no "{tag}", so that this would'
            " appear nowhere. Add it there, or remove this."
        )
    for tag in languages:
        if tag.split("-")[0] != SOURCE and not message_files(tag, folders):
            known = sorted(
                {SOURCE} | {path.stem for place in folders for path in place.glob("*.po")}
            )
            raise BollardsError(
                f'site.toml: site.languages: there are no words for "{tag}", only for'
                f" {', '.join(known)}. A new language is one file: {folders[0] / f'{tag}.po'}."
            )


def load_messages(language: str, folders: Sequence[Path], compiled: Path | None = None) -> Messages:
    """The words of a language; where one is missing, the English one stands in.

    Args:
        language: a tag; one without a message file gives English words.
        folders: where message files are looked for; words of an earlier folder win.
        compiled: folder to keep files in that are quicker to read, by content, or None.

    Raises:
        BollardsError: a message file cannot be read; says in which line.
    """
    messages: Messages = gettext.NullTranslations()
    for path in reversed(message_files(language, folders)):
        made = gettext.GNUTranslations(io.BytesIO(_compiled(path, compiled)))
        made.add_fallback(messages)
        messages = made
    return messages


def _compiled(path: Path, folder: Path | None) -> bytes:
    """The file in gettext's binary form, which is read forty times as fast."""
    source = path.read_bytes()
    kept = folder / f"{hashlib.sha256(source).hexdigest()[:24]}.mo" if folder else None
    if kept is not None and kept.is_file():
        return kept.read_bytes()
    try:
        catalog = read_po(io.BytesIO(source), locale=None, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise BollardsError(f"{path}: not a message file: {error}.") from None
    binary = io.BytesIO()
    write_mo(binary, catalog)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        temporary = kept.with_name(f".{kept.name}.{os.getpid()}")
        temporary.write_bytes(binary.getvalue())
        temporary.replace(kept)
    return binary.getvalue()
