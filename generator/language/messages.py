"""The languages of a site: their message files, their names, and the folders of their pages.

A language is one file, `locale/TAG.po` (GNU gettext). The program includes some. A file of the same
format in the site's own `locale/` adds a language, or changes words of an included one.
"""

import gettext
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from generator.catalogue import Edition
from generator.errors import BollardsError, Problem, printable
from generator.keep import kept
from generator.own_files import read_own
from generator.toml_files import line_of

SOURCE = "en"
"""The language that templates and code are written in; it needs no message file."""

Messages = gettext.NullTranslations

# A line of a message file: a keyword with quoted text, or a continuation of the text above.
# https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
_LINE = re.compile(
    rb'(?P<keyword>msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)?\s*"(?:[^"\\]|\\.)*"'
)
# What may precede a keyword; "" is the beginning of a message.
_AFTER = {
    b"msgctxt": (b"", b"msgstr"),
    b"msgid": (b"", b"msgctxt", b"msgstr"),
    b"msgid_plural": (b"msgid",),
    b"msgstr": (b"msgid", b"msgid_plural", b"msgstr"),
}


def editions(language: str, others: Iterable[str]) -> tuple[Edition, ...]:
    """The site in each of its languages, that of the root first.

    Args:
        language: tag of the language of the root ("en", "pt-BR").
        others: tags of the languages whose pages are in folders of their own.
    """
    tags = [language, *(tag for tag in others if tag != language)]
    return tuple(
        Edition(
            language=tag,
            prefix="" if position == 0 else f"{tag.lower()}/",
            name=own_name(tag),
            direction=locale_of(tag).text_direction,
        )
        for position, tag in enumerate(tags)
    )


def own_name(language: str) -> str:
    """A language's name in that language: "Deutsch", "Français"; its tag if CLDR lacks it."""
    try:
        name = Locale.parse(language, sep="-").display_name
    except (UnknownLocaleError, ValueError):
        name = None
    return name[:1].upper() + name[1:] if name else language


@cache
def locale_of(language: str) -> Locale:
    """CLDR's locale for a language tag, or for the tag's first part, or English."""
    for tag in (language, language.split("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale(SOURCE)


def message_files(language: str, folders: Sequence[Path]) -> list[Path]:
    """The message files of a language, the most specific first.

    Args:
        language: a tag; for "pt-BR" a file pt.po also helps.
        folders: where message files are looked for; words of an earlier folder win.
    """
    tags = dict.fromkeys((language, language.split("-")[0]))
    paths = (folder / f"{tag}.po" for folder in folders for tag in tags)
    return [path for path in paths if path.is_file()]


def unknown_languages(
    languages: Iterable[str], translations: Iterable[str], folders: Sequence[Path], text: str = ""
) -> list[str]:
    """A message for each language that has no message file, or whose translation has no pages.

    Args:
        languages: tags of `site.languages`.
        translations: the languages of `site.translations`.
        folders: where message files are looked for.
        text: the text of site.toml, for the lines.
    """

    def at(*key: str) -> str:
        line = line_of(text, key)
        return f" (line {line})" if line else ""

    mistakes = [
        f'site.toml: site.translations.{tag}: site.languages has no "{tag}", so this would'
        f" not appear anywhere. Add it there, or remove this.{at('site', 'translations', tag)}"
        for tag in sorted(set(translations) - set(languages))
    ]
    return mistakes + [
        f'site.toml: site.languages: no message file for "{tag}", only for'
        f" {', '.join(_known(folders))}. To add this language, write"
        f" {folders[0] / f'{tag}.po'}.{_doubt(tag)}{at('site', 'languages')}"
        for tag in languages
        if not _has_words(tag, folders)
    ]


def without_words(language: str, folders: Sequence[Path], text: str) -> list[Problem]:
    """A warning if the language of the root has no message file."""
    if _has_words(language, folders):
        return []
    line = line_of(text, ("site", "language"))
    reason = (
        f'line {line}: site.language: no message file for "{language}", only for'
        f" {', '.join(_known(folders))}; its pages are in English. To add this language, write"
        f" {folders[0].name}/{language}.po.{_doubt(language)}"
    )
    return [Problem("site.toml", reason, skipped=False)]


def _has_words(tag: str, folders: Sequence[Path]) -> bool:
    return tag.split("-")[0] == SOURCE or bool(message_files(tag, folders))


def _known(folders: Sequence[Path]) -> list[str]:
    return sorted({SOURCE} | {path.stem for folder in folders for path in folder.glob("*.po")})


def _doubt(tag: str) -> str:
    known = Locale("en").languages
    return "" if tag.split("-")[0].lower() in known else f' There is no language "{tag}" in CLDR.'


def load_messages(language: str, folders: Sequence[Path], compiled: Path | None = None) -> Messages:
    """The words of a language; a missing word falls back to English.

    Args:
        language: a tag; one without a message file gives English words.
        folders: where message files are looked for; words of an earlier folder win.
        compiled: folder for compiled message files, which are quicker to read, or None.

    Raises:
        BollardsError: a message file cannot be read; the message names the line.
    """
    messages: Messages = gettext.NullTranslations()
    for path in reversed(message_files(language, folders)):
        made = gettext.GNUTranslations(io.BytesIO(_compiled(path, compiled)))
        made.add_fallback(messages)
        messages = made
    return messages


def _compiled(path: Path, folder: Path | None) -> bytes:
    """The file in gettext's binary form, which is forty times as fast to read."""
    source = read_own(path)
    name = hashlib.sha256(source).hexdigest()[:24]
    # "checked": earlier versions kept what they could read of a broken file.
    return kept(
        folder / f"{name}.checked.mo" if folder else None, lambda: _binary(_catalog(path, source))
    )


def _binary(catalog: Catalog) -> bytes:
    binary = io.BytesIO()
    write_mo(binary, catalog)
    return binary.getvalue()


def untranslated(
    languages: Iterable[str],
    own: Path,
    brought: Path,
    unused: Callable[[str, str | None], bool] = lambda message, context: False,
) -> list[Problem]:
    """Warnings that count the untranslated words of the owner's own languages.

    Args:
        languages: tags of the site's languages.
        own: folder of the owner's message files.
        brought: folder of the program's message files, which are complete.
        unused: whether the site uses no such message, by the message and its context.
    """
    problems = []
    for tag in dict.fromkeys(languages):
        files = message_files(tag, [own])
        if not files or tag.split("-")[0] == SOURCE or message_files(tag, [brought]):
            continue
        reference = min(brought.glob("*.po"))
        words = {
            word
            for word in _words(_catalog(reference, reference.read_bytes()), with_empty=True)
            if not unused(*word)
        }
        known = set().union(*(_words(_catalog(file, file.read_bytes())) for file in files))
        missing = len(words - known)
        if missing:
            problems.append(
                Problem(
                    f"{own.name}/{files[0].name}",
                    f"{missing} of {len(words)} words are not translated; they appear in English.",
                    skipped=False,
                )
            )
    return problems


def messages_in(path: Path) -> dict[str, int]:
    """The messages of a file, as they are in English (the singular), with their lines.

    Raises:
        BollardsError: it is not a valid message file.
        OSError: it cannot be read.
    """
    catalog = _catalog(path, read_own(path))
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message.lineno or 0
        for message in catalog
        if message.id
    }


def _words(catalog: Catalog, *, with_empty: bool = False) -> set[tuple[str, str | None]]:
    """Message id (the singular) and context of each translated message, or of every message."""
    found = set()
    for message in catalog:
        texts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if message.id and (with_empty or (all(texts) and not message.fuzzy)):
            single = message.id if isinstance(message.id, str) else message.id[0]
            found.add((single, message.context))
    return found


def _catalog(path: Path, source: bytes) -> Catalog:
    """The messages of a file.

    Raises:
        BollardsError: it is not a valid message file; the message names the line.
    """
    source = source.removeprefix(b"\xef\xbb\xbf")
    # Babel ignores most mistakes, and shows English words for them.
    _refuse_bad_lines(path, source)
    try:
        return read_po(io.BytesIO(source), locale=None, abort_invalid=True)
    except UnicodeDecodeError as error:
        # Where Babel decodes line by line, `object` is the line.
        line = source.count(b"\n", 0, max(source.find(error.object), 0)) + 1
        raise BollardsError(f"{path}: line {line}: expected text in {error.encoding}.") from None
    except (PoFileError, LookupError, ValueError) as error:
        raise BollardsError(f"{path}: not a message file: {error}.") from None


def _refuse_bad_lines(path: Path, source: bytes) -> None:
    before = b""
    number = 0
    for number, line in enumerate((text.strip() for text in source.split(b"\n")), start=1):
        if not line or line.startswith(b"#"):
            continue
        match = _LINE.fullmatch(line)
        if not match:
            raise _bad_line(path, number, line, 'expected msgid "…", msgstr "…" or "…"')
        keyword = (match["keyword"] or b"").split(b"[")[0]
        if not keyword and not before:
            raise _bad_line(path, number, line, "this text follows no msgid or msgstr")
        if keyword and before not in _AFTER[keyword]:
            missing = "msgid" if before in (b"", b"msgstr", b"msgctxt") else "msgstr"
            raise _bad_line(path, number, line, f"a {missing} is missing before it")
        before = keyword or before
    if before not in (b"", b"msgstr"):
        raise BollardsError(f"{path}: line {number}: ends before the msgstr of its last message.")


def _bad_line(path: Path, number: int, line: bytes, reason: str) -> BollardsError:
    shown = line[:60].decode("utf-8", "replace")
    return BollardsError(printable(f"{path}: line {number}: {reason}; found: {shown}"))
