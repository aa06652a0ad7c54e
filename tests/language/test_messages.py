"""Message files, names of languages, and the catalogue in another language."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from generator.build.localise import OwnWords, in_all_languages, sort_key
from generator.catalogue import Catalogue, Trait, claims
from generator.collect.countries import region_name
from generator.config import SiteWords
from generator.curation import Curation, TypeCuration
from generator.errors import BollardsError
from generator.language.messages import (
    editions,
    load_messages,
    own_name,
    unknown_languages,
    untranslated,
)
from generator.language.naming import describe
from generator.language.wording import Wording
from generator.resources import LOCALE
from tests.render import sample

PORTUGUESE = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Types"
msgstr "Tipos"
"""


def in_languages(made: Catalogue, *tags: str, own: OwnWords | None = None) -> dict[str, Catalogue]:
    found = in_all_languages(made, ("en", *tags), own or OwnWords(), [LOCALE])
    return {one.site.language: one for one in found}


def look(**values: str) -> dict[str, Trait]:
    return {name: Trait(value, 0.9) for name, value in values.items()}


def test_each_language_has_a_folder_but_that_of_the_root() -> None:
    made = editions("en", ["de", "pt-BR", "ar"])

    assert [one.prefix for one in made] == ["", "de/", "pt-br/", "ar/"]
    assert [one.name for one in made] == ["English", "Deutsch", "Português (Brasil)", "العربية"]
    assert [one.direction for one in made] == ["ltr", "ltr", "ltr", "rtl"]


def test_an_unknown_language_is_named_by_its_tag() -> None:
    assert own_name("xx-piglatin") == "xx-piglatin"


def test_a_new_language_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "pt.po").write_text(PORTUGUESE, encoding="utf-8")

    assert not unknown_languages(["pt", "pt-BR"], [], [tmp_path, LOCALE])
    assert load_messages("pt-BR", [tmp_path, LOCALE]).gettext("Types") == "Tipos"
    assert load_messages("pt", [tmp_path, LOCALE]).gettext("Countries") == "Countries"


def test_messages_of_the_owner_win_over_those_of_the_program(tmp_path: Path) -> None:
    changed = PORTUGUESE.replace("Tipos", "Sorten")
    (tmp_path / "de.po").write_text(changed, encoding="utf-8")
    messages = load_messages("de", [tmp_path, LOCALE])

    assert messages.gettext("Types") == "Sorten"
    assert messages.gettext("Countries") == "Länder"


def test_a_changed_message_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "pt.po"
    file.write_text(PORTUGUESE, encoding="utf-8")
    load_messages("pt", [tmp_path], tmp_path / "kept")
    file.write_text(PORTUGUESE.replace("Tipos", "Espécies"), encoding="utf-8")

    assert load_messages("pt", [tmp_path], tmp_path / "kept").gettext("Types") == "Espécies"


def test_a_language_without_words_is_refused_by_name(tmp_path: Path) -> None:
    (mistake,) = unknown_languages(["de", "xx"], [], [tmp_path, LOCALE])
    assert re.search(r'file for "xx", only for de, en, es, fr.*xx\.po', mistake)


def test_a_translation_that_no_page_uses_is_refused() -> None:
    (mistake,) = unknown_languages(["de"], ["fr"], [LOCALE])
    assert "translations.fr" in mistake


def test_a_broken_message_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "pt.po").write_text('mgsid "Types"\nmsgstr "Tipos"\n', encoding="utf-8")

    with pytest.raises(BollardsError, match=r"pt\.po"):
        load_messages("pt", [tmp_path])


@pytest.mark.parametrize(
    ("broken", "line", "reason"),
    [
        ('msgid "Types\nmsgstr "Soorten"\n', 5, "expected msgid"),
        ('msgid "Types"\nmsgstr Soorten\n', 6, "expected msgid"),
        ('msgid "Types"\nmsgstr "Soor"ten"\n', 6, "expected msgid"),
        ('msgid "Types"\nmsgstr "Soorten\\"\n', 6, "expected msgid"),
        ('msgid "Types"\nmsgid "Countries"\nmsgstr "Landen"\n', 6, "a msgstr is missing"),
        ('msgid "Types"\n', 6, "ends before the msgstr"),
        ('msgid "Types"\nmsgstr "Soorten"\n<<<<<<< mine\n', 7, "expected msgid"),
    ],
)
def test_a_mistake_in_a_message_file_is_reported_with_its_line(
    tmp_path: Path, broken: str, line: int, reason: str
) -> None:
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (tmp_path / "nl.po").write_text(head + broken, encoding="utf-8")

    with pytest.raises(BollardsError, match=rf"nl\.po: line {line}: {reason}"):
        load_messages("nl", [tmp_path])
    with pytest.raises(BollardsError, match=rf"nl\.po: line {line}: {reason}"):
        untranslated(["nl"], tmp_path, LOCALE)


@pytest.mark.parametrize(
    ("encoding", "reason"),
    [("utf-8", "line 5: expected text in utf-8"), ("CHARSET", "not a message file: unknown")],
)
def test_a_message_file_in_another_encoding_is_reported(
    tmp_path: Path, encoding: str, reason: str
) -> None:
    head = f'msgid ""\nmsgstr "Content-Type: text/plain; charset={encoding}\\n"\n\n'
    (tmp_path / "nl.po").write_bytes(head.encode() + b'msgid "Types"\nmsgstr "Typ\xe9"\n')

    with pytest.raises(BollardsError, match=rf"nl\.po: {reason}"):
        load_messages("nl", [tmp_path])


def test_missing_messages_of_the_language_of_the_owner_are_counted(tmp_path: Path) -> None:
    own = tmp_path / "locale"
    own.mkdir()
    whole = (LOCALE / "fr.po").read_text(encoding="utf-8")
    (own / "nl.po").write_text(PORTUGUESE, encoding="utf-8")
    (own / "da.po").write_text(whole, encoding="utf-8")
    (own / "sv.po").write_text(
        re.sub(r"^#~.*\n", "", whole, flags=re.M).replace(
            'msgid "Types"', '#, fuzzy\nmsgid "Types"'
        ),
        encoding="utf-8",
    )
    # A language of the program's, of which the owner changes a word, has all others.
    (own / "de.po").write_text(PORTUGUESE, encoding="utf-8")

    told = untranslated(["en", "nl", "da", "sv", "de", "fr"], own, LOCALE)

    assert [problem.file for problem in told] == ["locale/nl.po", "locale/sv.po"]
    match = re.fullmatch(
        r"(\d+) of (\d+) words are not translated; they appear in English\.", told[0].reason
    )
    assert match
    assert int(match[1]) == int(match[2]) - 1 > 100
    assert told[1].reason.startswith(f"1 of {match[2]} words")
    assert not told[0].skipped


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "White flat post, slanted black band, red reflector."),
        ("de", "Weißer flacher Pfosten mit schwarzem Schrägband, roter Reflektor."),
        ("fr", "Poteau plat blanc à bande oblique noire, réflecteur rouge."),
        ("es", "Poste plano blanco con franja oblicua negra, reflector rojo."),
    ],
)
def test_attributes_are_described_in_good_grammar(language: str, sentence: str) -> None:
    words = Wording(load_messages(language, [LOCALE]))
    post = look(form="flat", body="white", pattern="diagonal", accent="black", reflector="red")

    assert describe(claims(post), words) == sentence


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Orangefarbene Tonne mit weißen Streifen, kein Reflektor."),
        ("fr", "Fût orange à rayures blanches, sans réflecteur."),
        ("es", "Barril naranja con rayas blancas, sin reflector."),
    ],
)
def test_colours_agree_with_what_they_describe(language: str, sentence: str) -> None:
    words = Wording(load_messages(language, [LOCALE]))
    drum = look(form="drum", body="orange", pattern="stripes", accent="white", reflector="none")

    assert describe(claims(drum), words) == sentence


def test_the_catalogue_has_the_same_content_in_another_language() -> None:
    german = in_languages(sample.catalogue(), "de")["de"]

    kind = german.type["type-0"]
    assert kind.name == "Weißer flacher Pfosten"
    assert kind.description == "Weißer flacher Pfosten."
    assert [share.name for share in kind.countries] == ["Österreich", "Deutschland", "Slowenien"]
    assert german.country[None].name == "Unbekanntes Land"
    assert german.photos[0].alt == "Weißer flacher Pfosten, Österreich"
    assert german.site.description.startswith("Leitpfosten nach ihrem Aussehen")


def test_ids_and_order_of_types_are_the_same_in_every_language() -> None:
    made = in_languages(sample.catalogue(), "de", "fr")

    assert len({tuple(kind.id for kind in one.types) for one in made.values()}) == 1
    assert len({tuple(photo.id for photo in one.photos) for one in made.values()}) == 1


def test_countries_are_in_the_alphabetical_order_of_the_language() -> None:
    german = in_languages(sample.catalogue(), "de")["de"]

    names = [country.name for country in german.countries]
    assert names == ["Deutschland", "Österreich", "Slowenien", "Unbekanntes Land"]
    assert sorted(["Zypern", "Ägypten", "Albanien"], key=sort_key)[0] == "Ägypten"


def test_texts_of_the_owner_stay_unless_they_are_translated() -> None:
    person = TypeCuration(name="J1", description="Near bends.", names={"de": "Kurvenpfosten"})
    own = OwnWords(
        site={"de": SiteWords(title="Pfosten")},
        curation=Curation(types={"type-0": person}),
        notes={"de": {"": "Von *Ann*."}},
    )
    made = in_languages(sample.catalogue(), "de", "fr", own=own)

    assert made["de"].type["type-0"].name == "Kurvenpfosten"
    assert made["fr"].type["type-0"].name == "J1"
    assert made["de"].type["type-0"].description == "Near bends."
    assert made["de"].site.title == "Pfosten"
    assert (made["de"].site.about, made["de"].site.about_language) == ("Von *Ann*.", "")
    assert (made["fr"].site.about, made["fr"].site.about_language) == ("Photos by *Ann*.", "en")
    assert made["fr"].type["type-0"].note_language == "en"


def test_a_note_on_telling_two_types_apart_is_on_both_pages_in_their_language() -> None:
    person = TypeCuration(lookalikes_in={"de": {"type-1": "Höher.", "type-2": "Ohne Kappe."}})
    own = OwnWords(curation=Curation(types={"type-0": person}))
    made = in_languages(sample.catalogue(), "de", "fr", own=own)

    def notes(language: str, kind: str) -> dict[str, str]:
        return {one.type: one.note for one in made[language].type[kind].lookalikes}

    assert notes("de", "type-0") == {"type-1": "Höher."}
    assert notes("de", "type-2") == {"type-0": "Ohne Kappe."}
    assert notes("fr", "type-0") == notes("en", "type-0")


def test_a_place_is_named_once_and_in_the_language_of_the_page() -> None:
    made = sample.catalogue()
    photo = replace(made.photos[0], country="CX", region="Christmas Island")
    country = replace(made.countries[0], code="CX", name="Christmas Island")
    made = replace(made, photos=(photo,), countries=(country,), types=())

    assert in_languages(made, "de")["de"].photos[0].alt.count("Weihnachtsinsel") == 1
    assert region_name("Northern Ireland", "de") == "Nordirland"
    assert region_name("Back of Beyond", "de") == "Back of Beyond"
