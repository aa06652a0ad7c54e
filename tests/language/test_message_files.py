"""Every language of the program has all messages, with the same placeholders."""

import io
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from generator.language.messages import load_messages
from generator.language.wording import GENDERS
from generator.resources import LOCALE

ROOT = Path(__file__).parents[2]
LANGUAGES = sorted(path.stem for path in LOCALE.glob("*.po"))


@cache
def used() -> Catalog:
    """All messages of templates and code, found as `make messages` finds them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    mappings = settings["tool"]["babel"]["mappings"]
    methods = [(one["pattern"], one["method"]) for one in mappings]
    options = {
        one.pop("pattern"): {key: value for key, value in one.items() if key != "method"}
        for one in mappings
    }
    catalog = Catalog()
    for folder in ("templates", "generator"):
        found = extract_from_dir(
            str(ROOT / folder),
            [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods],
            {pattern.removeprefix(f"{folder}/"): value for pattern, value in options.items()},
            DEFAULT_KEYWORDS,
        )
        for _, _, message, _, context in found:
            catalog.add(message, context=context)
    return catalog


@cache
def translated(language: str) -> Catalog:
    return read_po(io.BytesIO((LOCALE / f"{language}.po").read_bytes()), locale=language)


def counterpart(message: Message, catalog: Catalog) -> Message | None:
    identity = message.id[0] if isinstance(message.id, tuple) else message.id
    return catalog.get(identity, message.context)


def forms(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def blanks(text: str) -> Counter[str]:
    """The placeholders and the markup of a message, which no translation may lose."""
    return Counter(re.findall(r"%\(\w+\)[sd]|\{\w*\}|<[^>]*>|%%|#(?!\w)", text))


def test_the_program_brings_german_french_and_spanish() -> None:
    assert {"de", "es", "fr"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_pages_is_translated(language: str) -> None:
    missing = []
    for message in used():
        found = counterpart(message, translated(language)) if message.id else message
        if message.id and (found is None or not all(forms(found.string)) or found.fuzzy):
            missing.append((message.context, message.id))

    assert not missing, f"locale/{language}.po lacks these; `make messages`, then translate them"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_file_keeps_messages_that_no_page_uses(language: str) -> None:
    unused = [
        message.id
        for message in translated(language)
        if message.id and counterpart(message, used()) is None
    ]

    assert not unused, "`make messages` drops these"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_placeholders_and_the_markup_of_the_original(language: str) -> None:
    for message in translated(language):
        if not message.id or (message.context or "").endswith(", gender"):
            continue
        originals, translations = forms(message.id), forms(message.string)
        plurals = translated(language).num_plurals
        assert len(translations) == (plurals if len(originals) == 2 else 1), message.id
        # "One type" may do without the number.
        assert all(
            blanks(text) in [blanks(original) for original in originals] for text in translations
        ), message.id
        assert blanks(translations[-1]) == blanks(originals[-1]), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_and_marking_has_a_gender(language: str) -> None:
    genders = [m for m in translated(language) if (m.context or "").endswith(", gender")]

    assert genders
    assert {message.string for message in genders} <= set(GENDERS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_message_files_are_those_that_the_build_reads(language: str, tmp_path: Path) -> None:
    messages = load_messages(language, [LOCALE], tmp_path)

    for message in translated(language):
        if message.id and isinstance(message.id, str) and not message.context:
            assert messages.gettext(message.id) == message.string
    # Once more from what was kept.
    assert load_messages(language, [LOCALE], tmp_path).gettext("Types") == messages.gettext("Types")
