"""Every place name in the world's tables is understood correctly or not at all."""

import gettext
import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pycountry
import pytest
from babel.core import Locale
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from generator.collect import names, places
from generator.collect.compile import compiled
from generator.collect.countries import candidates, resolve
from generator.collect.gazetteer import TABLE
from tests.collect.conftest import Project

LANGUAGES = ("en", "de", "fr", "es")
STATIC = Path(__file__).parents[2] / "static"


def codes(name: str, within: str | None = None) -> tuple[str, ...]:
    """The country of a name, or, after a question mark, the countries that it could mean."""
    place = resolve(name, within)
    return (place.code,) if place else ("?", *(place.code for place in candidates(name, within)))


def translations(standard: str, name: str) -> Iterator[str]:
    yield name
    for language in LANGUAGES[1:]:
        yield gettext.translation(standard, pycountry.LOCALES_DIR, [language]).gettext(name)


@cache
def forms_of_countries() -> frozenset[tuple[str, str]]:
    """(name, code): CLDR's and ISO 3166-1's names in four languages, and Natural Earth's."""
    forms = set()
    known = {country.alpha_2 for country in pycountry.countries} | {"XK"}
    for country in pycountry.countries:
        for field in ("name", "common_name", "official_name"):
            if name := getattr(country, field, ""):
                forms |= {(form, country.alpha_2) for form in translations("iso3166-1", name)}
    for language in LANGUAGES:
        territories = Locale.parse(language).territories
        forms |= {(name, code) for code, name in territories.items() if code in known}
    world = json.loads((STATIC / "vendor/world/countries-50m.json").read_text("utf-8"))
    numbers = {country.numeric: country.alpha_2 for country in pycountry.countries}
    for outline in world["objects"]["countries"]["geometries"]:
        if code := numbers.get(outline.get("id", "")):
            forms.add((outline["properties"]["name"], code))
    return frozenset(forms - {("Ashmore and Cartier Is.", "AU")})


@cache
def forms_of_subdivisions() -> frozenset[tuple[str, str]]:
    """(name, country): ISO 3166-2's in four languages, and CLDR's English ones."""
    forms = set()
    of_code = {}
    for division in pycountry.subdivisions:
        country, part = division.code.split("-")
        country = part if names.PARENTS.get(part) == country else country
        of_code[division.code.replace("-", "").lower()] = country
        for name in translations("iso3166-2", division.name):
            forms |= {(name, country), (re.sub(r"\s*\[.*?\]", "", name), country)}
    english = json.loads(
        (STATIC / "node_modules/cldr-subdivisions-full/subdivisions/en/en.json").read_text("utf-8")
    )["subdivisions"]["localeDisplayNames"]["subdivisions"]
    forms |= {(name, of_code[part]) for part, name in english.items() if part in of_code}
    return frozenset(forms)


def folded(name: str) -> str:
    plain = unicodedata.normalize("NFD", name).casefold().replace("-", " ")
    return "".join(character for character in plain if not unicodedata.combining(character))


def is_right(found: tuple[str, ...], country: str) -> bool:
    return any(country in (code, names.PARENTS.get(code)) for code in found)


def test_the_table_matches_its_sources() -> None:
    """If not: `make gazetteer`."""
    assert compiled() == TABLE.read_text("utf-8")


def test_no_country_name_in_four_languages_is_taken_for_another_country() -> None:
    forms = forms_of_countries()
    assert len(forms) > 1_500
    assert not [(n, c, codes(n)) for n, c in sorted(forms) if not is_right(codes(n), c)]
    # Nearly all of them are certain.
    assert sum(codes(name)[0] == "?" for name, _ in forms) < 15


def test_no_subdivision_name_in_four_languages_is_taken_for_another_subdivision() -> None:
    """A subdivision with the name of a country, such as Georgia, counts as the country."""
    plain = {folded(name) for name, _ in forms_of_countries()}
    forms = {form for form in forms_of_subdivisions() if folded(form[0]) not in plain}
    assert len(forms) > 7_000
    assert not [(n, c, codes(n)) for n, c in sorted(forms) if not is_right(codes(n), c)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # The World Bank's.
        ("Bahamas, The", "BS"),
        ("Congo, Dem. Rep.", "CD"),
        ("Congo, Rep.", "CG"),
        ("Egypt, Arab Rep.", "EG"),
        ("Gambia, The", "GM"),
        ("Hong Kong SAR, China", "HK"),
        ("Iran, Islamic Rep.", "IR"),
        ("Korea, Dem. People's Rep.", "KP"),
        ("Korea, Rep.", "KR"),
        ("Kyrgyz Republic", "KG"),
        ("Lao PDR", "LA"),
        ("Macao SAR, China", "MO"),
        ("Micronesia, Fed. Sts.", "FM"),
        ("Puerto Rico (US)", "PR"),
        ("Slovak Republic", "SK"),
        ("Somalia, Fed. Rep.", "SO"),
        ("St. Kitts and Nevis", "KN"),
        ("St. Martin (French part)", "MF"),
        ("St. Vincent and the Grenadines", "VC"),
        ("Venezuela, RB", "VE"),
        ("Virgin Islands (U.S.)", "VI"),
        ("West Bank and Gaza", "PS"),
        ("Yemen, Rep.", "YE"),
        # UN M49's.
        ("China, Hong Kong Special Administrative Region", "HK"),
        ("China, Macao Special Administrative Region", "MO"),
        ("Democratic People's Republic of Korea", "KP"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Micronesia (Federated States of)", "FM"),
        ("Netherlands (Kingdom of the)", "NL"),
        ("Saint Martin (French Part)", "MF"),
        ("Svalbard and Jan Mayen Islands", "SJ"),
        ("United Kingdom of Great Britain and Northern Ireland", "GB"),
        ("United States Virgin Islands", "VI"),
        ("Venezuela (Bolivarian Republic of)", "VE"),
        ("Wallis and Futuna Islands", "WF"),
        # Shortened by hand.
        ("N. Ireland", "GB"),
        ("N.Ireland", "GB"),
        ("S. Sudan", "SS"),
        ("S Korea", "KR"),
        ("N. Korea", "KP"),
        ("W. Samoa", "WS"),
        ("Am. Samoa", "AS"),
        ("P.R. China", "CN"),
        ("S. Tomé", "ST"),
        ("Papua N. Guinea", "PG"),
        ("U.S.V.I.", "VI"),
        # Former names.
        ("Upper Volta", "BF"),
        ("Zaire", "? CD AO"),
        ("DDR", "DE"),
        ("German Democratic Republic", "DE"),
        ("Rhodesia", "ZW"),
        ("Siam", "TH"),
        ("Czechoslovakia", "? CZ SK"),
        ("Yugoslavia", "? BA HR ME MK RS SI XK"),
        # What several countries are called.
        ("Virgin Islands", "? VG VI"),
        ("Granada", "? GD ES NI"),
        ("New Guinea", "? ID PG"),
        ("Channel Islands", "? GG JE"),
        ("Netherlands Antilles", "? AW BQ CW SX"),
        ("Formosa", "? TW AR"),
        ("Punjab", "? IN PK"),
        ("Panama City", "? PA US"),
        # Regions of the world.
        ("South America", "?"),
        ("Southern Africa", "?"),
        ("Amérique du Sud", "?"),
        ("Latin America", "?"),
    ],
)
def test_other_separators_and_spreadsheet_habits_are_understood(name: str, expected: str) -> None:
    assert " ".join(codes(name)) == expected


@pytest.mark.parametrize(
    ("name", "country", "region"),
    [
        ("Georgia (U.S. state)", "US", "Georgia"),
        ("Georgia, US", "US", "Georgia"),
        ("🇺🇸 Georgia", "US", "Georgia"),
        ("Georgia (country)", "GE", None),
        ("Georgia trip 2019", "GE", None),
        ("Tbilisi, Georgia", "GE", "Tbilisi"),
        ("Niger State", "NG", "Niger"),
        ("Northern Ireland trip", "GB", "Northern Ireland"),
        ("Ireland (Northern)", "GB", "Northern Ireland"),
        ("ireland north", "GB", "Northern Ireland"),
        ("Belfast, Ireland", "GB", "Belfast"),
        ("Galway, Ireland", "IE", "Galway"),
        ("Korea North", "KP", None),
        ("sudan-south", "SS", None),
        ("Sudán del Sur", "SS", None),
        ("Guinea Ecuatorial", "GQ", None),
        ("Guinea Equatoriale", "GQ", None),
        ("Samoa Americana", "AS", None),
        ("Guinea (Conakry)", "GN", None),
        ("South Georgia", "GS", None),
        ("Macedonia (Greece)", "GR", "Macedonia"),
        ("New Jersey", "US", "New Jersey"),
        ("Jersey City", "US", "Jersey City"),
        ("West Jordan", "US", "West Jordan"),
        ("Port of Spain", "TT", "Port of Spain"),
        ("New South Wales", "AU", "New South Wales"),
        ("South Wales", "GB", "South Wales"),
        ("W. Virginia", "US", "West Virginia"),
        ("Bavaria", "DE", "Bavaria"),
        ("Tuscany 2019", "IT", "Tuscany"),
        ("La Paz, Mexico", "MX", "La Paz"),
        ("victoria-canada", "CA", "Victoria"),
        ("Long Island, USA", "US", "Long Island"),
        ("Luxembourg (3 bolts attach the front reflector)", "LU", None),
    ],
)
def test_the_more_exact_name_wins(name: str, country: str, region: str | None) -> None:
    place = resolve(name)
    assert place and (place.code, place.region) == (country, region)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Georgia Atlanta", "? GE US"),
        ("Batumi, Georgia", "? GE US"),
        ("Luxembourg province", "? BE LU"),
        ("Luxembourg Kirchberg", "? LU BE"),
        ("Congo Goma", "? CG CD"),
        ("Saint-Martin-de-Crau", "? MF SX"),
        ("Jersey Farm", "? JE"),
        ("Goma, Congo", "? CG CD"),
        ("Guinea Bissua", "? GN GQ GW PG"),
        ("Pago Pago, Samoa", "? WS AS"),
        ("Beyaz Rusya", "? RU"),
        ("Mexico, Missouri", "? MX US"),
        ("Lebanon PA", "? LB US"),
        ("Norway and Sweden", "? NO SE"),
        ("New England", "? GB"),
        ("Gulf of Mexico", "? MX"),
        ("Crimea, Russia", "? UA RU"),
    ],
)
def test_an_ambiguous_place_name_is_left_to_the_owner(name: str, expected: str) -> None:
    assert " ".join(codes(name)) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Norway trip",
        "norway-trip",
        "2019 Norway trip",
        "Norway 2021",
        "2021-06-14 Norway",
        "Norway (June 2019)",
        "Trip to Norway",
        "Our road trip around Norway 2",
        "Norwegen-Urlaub",
        "norwegen im sommer",
        "vacances en Norvège",
        "viaje a Noruega",
        "Kingdom of Norway photos",
        "Norway 🇳🇴",
        "🇳🇴",
        "🇳🇴 bollards",
        "Europe - Norway",
        "Norway van trip",
    ],
)
def test_trips_and_dates_change_nothing(name: str) -> None:
    place = resolve(name)
    assert place and (place.code, place.region) == ("NO", None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("NO", "NO"),
        ("no", "NO"),
        ("in", "IN"),
        ("USA trip", "US"),
        ("US trip", "US"),
        ("us trip", "? US"),
        ("NZ trip", "NZ"),
        ("nz trip", "? NZ"),
        ("CA trip", "? CA US"),
        ("no trip", "?"),
        ("NO TRIP", "?"),
        ("in the rain", "?"),
        ("to do", "?"),
        ("it-is", "? IT"),
        ("de-by", "DE"),
        ("my car", "?"),
    ],
)
def test_a_code_is_not_taken_for_a_word_nor_a_word_for_a_code(name: str, expected: str) -> None:
    assert " ".join(codes(name)) == expected


NAMES = sorted({name for name, _ in forms_of_countries() | forms_of_subdivisions()})


@hypothesis_settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(NAMES),
    shape=st.sampled_from([str.lower, str.upper, str.title, str.casefold]),
    separator=st.sampled_from(["_", "-", "  ", " - ", "_-_"]),
    form=st.sampled_from(["NFC", "NFD"]),
    plain=st.booleans(),
)
def test_case_accents_and_separators_do_not_change_the_answer(
    name: str, shape: object, separator: str, form: str, plain: bool
) -> None:
    assert callable(shape)
    other = unicodedata.normalize(form, shape(name).replace(" ", separator))
    if plain and name.isascii() is False:
        marks = unicodedata.normalize("NFD", other)
        other = "".join(character for character in marks if not unicodedata.combining(character))
    # Two or three letters may be a code, which is written in one case.
    if len(name) > 3:
        assert codes(other) == codes(name)


@hypothesis_settings(max_examples=200, deadline=None)
@given(country=st.sampled_from(sorted(pycountry.countries, key=lambda country: country.alpha_2)))
def test_a_comma_only_swaps_the_two_parts_of_a_name(country: object) -> None:
    code = str(getattr(country, "alpha_2", ""))
    for field in ("name", "official_name"):
        name = str(getattr(country, field, ""))
        head, comma, tail = name.partition(", ")
        if comma:
            for form in (f"{tail} {head}", f"{head} {tail}", f"{head} ({tail})", f"{head},{tail}"):
                assert codes(form) == (code,)


def test_inside_the_folder_of_a_country_its_own_meaning_wins() -> None:
    assert codes("Virgin Islands", "US") == ("VI",)
    assert codes("Virgin Islands", "GB") == ("VG",)
    assert codes("Granada", "ES") == ("ES",)
    assert codes("Georgia trip", "US") == ("US",)
    assert codes("island", "NO") == ("?",)


def test_the_report_lists_the_possible_meanings_of_a_folder(project: Project) -> None:
    project.add("Virgin Islands/a.jpg")
    assert project.only().country is None
    assert str(project.problem().reason).startswith(
        'several countries could be "Virgin Islands"; 1 photo shown with unknown country. '
        "It may mean British Virgin Islands (VG) or U.S. Virgin Islands (VI)."
    )


def test_looked_up_names_are_forgotten_when_the_table_changes(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project.add("norway/a.jpg")
    assert project.only().country == "NO"
    kept = dict(project.places)
    project.only()
    assert project.places == kept
    # The same files elsewhere, with one more line in the table.
    for file in places.RULES:
        (tmp_path / file).write_bytes(Path(places.__file__).with_name(file).read_bytes())
    with (tmp_path / "gazetteer.tsv").open("a") as table:
        table.write("\n")
    monkeypatch.setattr(places, "__file__", str(tmp_path / "places.py"))
    project.only()
    assert len(project.places) == 2 * len(kept)
