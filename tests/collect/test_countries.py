"""Names of folders and cells as people write them, and the countries that they mean."""

import subprocess
import sys
import unicodedata

import pycountry
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from generator.collect.countries import candidates, country_name, nearest, resolve

CODES = sorted(country.alpha_2 for country in pycountry.countries)


def code(name: str) -> str | None:
    place = resolve(name)
    return place.code if place else None


def place(name: str, within: str | None = None) -> tuple[str, str | None] | None:
    found = resolve(name, within)
    return (found.code, found.region) if found else None


@pytest.mark.parametrize("country", CODES)
def test_every_country_is_recognised_by_its_codes_and_names(country: str) -> None:
    entry = pycountry.countries.get(alpha_2=country)
    assert code(country) == code(country.lower()) == code(entry.alpha_3) == country
    assert code(country_name(country)) == country
    assert code(entry.name) == country
    assert code(getattr(entry, "official_name", entry.name)) == country


@hypothesis_settings(max_examples=150, deadline=None)
@given(
    country=st.sampled_from(CODES),
    separator=st.sampled_from([" ", "-", "_", "  ", " - "]),
    shape=st.sampled_from([str.lower, str.upper, str.title, lambda name: name]),
    form=st.sampled_from(["NFC", "NFD"]),
    plain=st.booleans(),
)
def test_case_separators_and_accents_make_no_difference(
    country: str, separator: str, shape: object, form: str, plain: bool
) -> None:
    name = country_name(country).replace(" ", separator)
    assert callable(shape)
    name = unicodedata.normalize(form, shape(name))
    if plain:
        decomposed = unicodedata.normalize("NFD", name)
        name = "".join(
            character for character in decomposed if not unicodedata.combining(character)
        )
    assert code(name) == country


@pytest.mark.parametrize(
    ("names", "country"),
    [
        ("uk|UK|U.K.|Great Britain|great-britain|united-kingdom|UnitedKingdom", "GB"),
        ("usa|u.s.a.|U.S.|America|united-states|United States of America", "US"),
        ("czech-republic|Czechia|Czech Republic|CZE", "CZ"),
        ("south-korea|korea|Korea (Republic of)|Korea, South|Republic of Korea", "KR"),
        ("north-korea|Korea (North)|Korea, Democratic People's Republic of", "KP"),
        ("bosnia|Bosnia & Herzegovina|bosnia-and-herzegovina|Bosnia-Herzegovina", "BA"),
        ("ivory-coast|cote-d-ivoire|Côte d'Ivoire|Côte d’Ivoire", "CI"),
        ("swaziland|eswatini", "SZ"),
        ("macedonia|north-macedonia|FYROM", "MK"),
        ("burma|myanmar|Myanmar (Burma)", "MM"),
        ("cape-verde|cabo-verde", "CV"),
        ("dr-congo|DRC|Congo, Democratic Republic of the|democratic-republic-of-congo", "CD"),
        ("congo|congo-brazzaville|republic-of-the-congo", "CG"),
        ("turkey|turkiye|Türkiye", "TR"),
        ("holland|the-netherlands|Netherlands", "NL"),
        ("republic-of-ireland|ireland|Éire", "IE"),
        ("russia|russian-federation", "RU"),
        ("laos|lao-people's-democratic-republic", "LA"),
        ("vietnam|viet-nam", "VN"),
        ("taiwan|Taiwan (Province of China)", "TW"),
        ("hong-kong|hongkong|Hong Kong SAR China", "HK"),
        ("macau|macao", "MO"),
        ("palestine|palestinian-territories|State of Palestine", "PS"),
        ("kosovo|XK|XKX", "XK"),
        ("curacao|Curaçao", "CW"),
        ("saint-lucia|st-lucia|St. Lucia|St.Lucia", "LC"),
        ("vatican|holy-see|Vatican City", "VA"),
        ("the-gambia|Gambia", "GM"),
        ("cocos-islands|keeling-islands|Cocos (Keeling) Islands", "CC"),
        ("papua-new-guinea", "PG"),
        ("guinea-bissau", "GW"),
        ("equatorial-guinea", "GQ"),
        ("niger", "NE"),
        ("nigeria", "NG"),
        ("georgia|republic-of-georgia", "GE"),
        ("us-virgin-islands|Virgin Islands, U.S.|Virgin Islands (U.S.)", "VI"),
        ("british-virgin-islands|Virgin Islands (British)", "VG"),
        ("sint-maarten|Saint Martin (Dutch part)", "SX"),
        ("Saint Martin (French part)|saint-martin", "MF"),
        ("south-africa", "ZA"),
        ("faroe-islands|Faroes|Føroyar", "FO"),
        ("germany|Germany|GERMANY|Germany (2 bolts attach the front reflector)", "DE"),
        ("Luxembourg (3 bolts attach the front reflector)", "LU"),
        ("deutschland|Alemania|Saksa", "DE"),
        ("españa|Espan\u0303a|ESPAÑA", "ES"),
        ("österreich", "AT"),
        ("brasil", "BR"),
        ("日本", "JP"),
        ("россия", "RU"),
        ("ελλάδα", "GR"),
        ("schweiz|suisse|svizzera", "CH"),
    ],
)
def test_a_country_is_recognised_by_all_its_common_names(names: str, country: str) -> None:
    for name in names.split("|"):
        assert place(name) == (country, None), name


@pytest.mark.parametrize(
    ("name", "country", "region"),
    [
        # Parts of countries roll up, and keep their name.
        ("alberta-canada", "CA", "Alberta"),
        ("Alberta (Canada)", "CA", "Alberta"),
        ("england-uk", "GB", "England"),
        ("England (UK)", "GB", "England"),
        ("scotland-uk", "GB", "Scotland"),
        ("belfast-uk", "GB", "Belfast"),
        ("Belfast (UK)", "GB", "Belfast"),
        ("galapagos-ecuador", "EC", "Galápagos"),
        ("Galápagos (Ecuador)", "EC", "Galápagos"),
        ("georgia-usa", "US", "Georgia"),
        ("Georgia, USA", "US", "Georgia"),
        ("new-mexico-usa", "US", "New Mexico"),
        ("luxembourg-belgium", "BE", "Luxembourg"),
        ("bayern-deutschland", "DE", "Bayern"),
        # In either order.
        ("germany-bavaria", "DE", "Bavaria"),
        ("bavaria_germany", "DE", "Bavaria"),
        ("usa-georgia", "US", "Georgia"),
        ("usa (alaska)", "US", "Alaska"),
        ("south-korea-busan", "KR", "Busan"),
        # Alone, when one country has them.
        ("western-australia", "AU", "Western Australia"),
        ("northern-ireland", "GB", "Northern Ireland"),
        ("new-mexico", "US", "New Mexico"),
        ("new-jersey", "US", "New Jersey"),
        ("wales", "GB", "Wales"),
        ("hawaii", "US", "Hawaii"),
        ("galapagos", "EC", "Galápagos"),
        ("azores", "PT", "Azores"),
        ("canary islands", "ES", "Canary Islands"),
        ("Inner Mongolia", "CN", "Inner Mongolia"),
        # By their codes.
        ("US-CA", "US", "California"),
        ("us_ca", "US", "California"),
        ("texas-us", "US", "Texas"),
        ("ontario-ca", "CA", "Ontario"),
        # Territories with a code of their own have it, and keep their name.
        ("isle-of-man-uk", "IM", "Isle of Man"),
        ("Isle Of Man (UK)", "IM", "Isle of Man"),
        ("IsleOfManUK", "IM", "Isle of Man"),
        ("jersey-uk", "JE", "Jersey"),
        ("Jersey (UK)", "JE", "Jersey"),
        ("reunion-france", "RE", "Réunion"),
        ("Réunion (France)", "RE", "Réunion"),
        ("christmas-island-australia", "CX", "Christmas Island"),
        ("aland-finland", "AX", "Åland"),
        ("A\u030aland (Finland)", "AX", "Åland"),
        ("puerto-rico-usa", "PR", "Puerto Rico"),
        ("US-PR", "PR", "Puerto Rico"),
        ("svalbard-norway", "SJ", "Svalbard"),
        ("tobago", "TT", "Tobago"),
        ("hong-kong-china", "HK", "Hong Kong"),
        # Countries of which it would be wrong to say more.
        ("jersey", "JE", None),
        ("isle-of-man", "IM", None),
        ("greenland", "GL", None),
        ("germany 2", "DE", None),
        ("germany-new", "DE", None),
        ("bollards-germany", "DE", None),
        ("route-66-usa", "US", None),
        ("germany, DE", "DE", None),
        # A direction is part of the name.
        ("northern-cyprus", "CY", "Northern Cyprus"),
        ("southern germany", "DE", "Southern Germany"),
        ("mexico-city", "MX", "Mexico City"),
        # As written, if capitals were used; small words stay small.
        ("Île-de-Nantes, France", "FR", "Île de Nantes"),
        ("isle-of-wight-england", "GB", "Isle of Wight"),
    ],
)
def test_parts_of_countries_are_recognised_and_keep_their_names(
    name: str, country: str, region: str | None
) -> None:
    assert place(name) == (country, region)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "-",
        "()",
        ", ",
        "misc",
        "photos",
        "new",
        "2024",
        "europe",
        "central",
        "north",
        "gulf-of-mexico",
        "new-england",
        "al-ain",
        "san-diego-ca",
        "de-la-rue",
        "no-photos",
        "punjab",
        "poland-germany",
        "is-nice",
        "IMG_0001",
        "x" * 300,
        "word " * 50_000,
        "<b>",
        "🚧",
    ],
)
def test_an_unknown_or_ambiguous_country_is_not_guessed(name: str) -> None:
    assert place(name) is None


@hypothesis_settings(max_examples=100, deadline=None)
@given(name=st.text(max_size=25))
def test_any_name_has_an_answer_that_does_not_depend_on_unicode_composition(name: str) -> None:
    found = resolve(name)
    assert found is None or country_name(found.code) == found.country_name
    assert resolve(unicodedata.normalize("NFD", name)) == resolve(
        unicodedata.normalize("NFC", name)
    )
    nearest(name)


@pytest.mark.parametrize(
    ("name", "within", "expected"),
    [
        ("georgia", "US", ("US", "Georgia")),
        ("georgia", "DE", ("GE", None)),
        ("CA", "US", ("US", "California")),
        ("ca", "DE", None),
        ("no", "DE", None),
        ("de", "DE", ("DE", None)),
        ("victoria", "AU", ("AU", "Victoria")),
        ("alberta", "DE", None),
        ("punjab", "IN", ("IN", "Punjab")),
        ("poland", "DE", ("PL", None)),
    ],
)
def test_the_parts_of_a_country_come_first_within_its_folder(
    name: str, within: str, expected: tuple[str, str | None] | None
) -> None:
    assert place(name, within) == expected


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("germny", "Germany"),
        ("Swizerland", "Switzerland"),
        ("lichtenstein", "Liechtenstein"),
        ("check-republic", "Czechia"),
        ("bavaria-germny", "Germany"),
        ("phillipines (manila)", "Philippines"),
        ("Deutchland", "Germany"),
        ("frankreic", "France"),
        ("road-trip", None),
        ("zzzzzz", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_found_for_messages(wrong: str, right: str | None) -> None:
    assert nearest(wrong) == right


@pytest.mark.parametrize(
    ("country", "language", "name"),
    [
        ("CZ", "en", "Czechia"),
        ("HK", "en", "Hong Kong"),
        ("HK", "de", "Hongkong"),
        ("HK", "fr", "Hong Kong"),
        ("MO", "en", "Macao"),
        ("MM", "en", "Myanmar"),
        ("PS", "en", "Palestine"),
        ("TR", "en", "Türkiye"),
        ("TR", "de", "Türkei"),
        ("AX", "sv", "Åland"),
        ("XK", "en", "Kosovo"),
        ("DE", "pt-BR", "Alemanha"),
        ("DE", "en-GB", "Germany"),
        ("DE", "tlh", "Germany"),
        ("QQ", "en", "QQ"),
    ],
)
def test_countries_have_their_everyday_names(country: str, language: str, name: str) -> None:
    assert country_name(country, language) == name


def test_a_folder_name_is_understood_without_loading_the_libraries_of_names() -> None:
    code = (
        "import sys; import generator.collect, generator.collect.countries, generator.collect.open;"
        "from generator.collect import gazetteer;"
        "assert gazetteer.table.cache_info().currsize == 0;"
        "from generator.collect.countries import resolve;"
        "assert resolve('belfast-uk').region == 'Belfast' and resolve('deutschland').code == 'DE';"
        "assert not {'pycountry', 'babel', 'pillow_heif'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "name", ["Trip to go", "in de", "ma li", "my an mar", "con go", "is land", "pe ru"]
)
def test_words_that_form_a_country_name_only_without_spaces_are_not_a_country(name: str) -> None:
    assert code(name) is None


@pytest.mark.parametrize("name", ["Hongkong", "Ho ng kong", "Neu Seeland", "U S A", "Lao PDR"])
def test_a_name_with_one_space_too_many_or_too_few_is_recognised(name: str) -> None:
    assert code(name)


@pytest.mark.parametrize(
    ("name", "could_be"),
    [
        ("Holiday in DE", {"DE", "US"}),
        ("Irlande du Nord", {"GB", "IE"}),
        ("Irland Nord", {"GB", "IE"}),
        ("Norte Irlanda", {"GB", "IE"}),
        ("Sudan du Sud", {"SD", "SS"}),
        ("soudan sud", {"SD", "SS"}),
        ("lebanon-nh", {"LB", "US"}),
        ("Lebanon, NH trip 2019", {"LB", "US"}),
        ("JAMAICA, NY", {"JM", "US"}),
        ("denmark, wa", {"DK", "US", "AU"}),
        ("San Vicente", {"SV", "VC"}),
    ],
)
def test_an_ambiguous_country_name_is_unknown_and_both_meanings_are_named(
    name: str, could_be: set[str]
) -> None:
    assert code(name) is None
    assert {one.code for one in candidates(name)} == could_be


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("georgia us", ("US", "Georgia")),
        ("georgia-us", ("US", "Georgia")),
        ("Georgia with us", ("GE", None)),
        ("Ireland Dublin", ("IE", "Dublin")),
        ("Sudan khartoum", ("SD", "Khartoum")),
    ],
)
def test_a_code_directly_after_a_name_may_be_in_lower_case(
    name: str, expected: tuple[str, str | None]
) -> None:
    assert place(name) == expected
