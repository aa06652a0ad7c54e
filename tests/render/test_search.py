"""What visitors may type, in the languages of the program, and what they find.

The search runs in Node.js as it does in a browser, on the words that the templates give it.
"""

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from generator.catalogue import Catalogue, Country, CountryShare, Trait, Type
from generator.collect.countries import country_codes, country_name, country_names
from generator.language.messages import load_messages
from generator.render.environment import make_environment
from generator.render.search_data import elsewhere_data, search_data
from generator.render.type_index import type_index
from generator.render.world import Place
from generator.resources import LOCALE, STATIC, TEMPLATES
from tests.render import sample

# Each type by form, body, pattern, accent, reflector, and where it stands.
TYPES = {
    "red-stripes": ("round", "white", "stripes", "red", "none", "JP US"),
    "black-cap": ("flat", "white", "cap", "black", "red", "AT IT"),
    "slanted-black": ("flat", "white", "diagonal", "black", "white", "DE CZ"),
    "slanted-red": ("flat", "white", "diagonal", "red", "orange", "BE"),
    "white-flat": ("flat", "white", "plain", "none", "none", "NL GB"),
    "yellow-pole": ("pole", "orange", "stripes", "black", "none", "SE CI"),
    "red-pole": ("pole", "red", "plain", "none", "red", "CH TR"),
    "green-drum": ("drum", "green", "bands", "white", "white", "ES"),
    "blue-sign": ("sign", "orange", "face", "blue", "none", "HK CD"),
    "brown-square": ("square", "brown", "plain", "none", "red", "NL"),
}
# Where nothing but one-offs stands.
ONE_OFFS = {"IS", "NG"}
SCRIPT = """
import { readFileSync } from "node:fs";
const [module, data, index, elsewhere, ...queries] = process.argv.slice(1);
const { makeSearch } = await import(module);
const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const search = makeSearch(read(data), read(index));
const asked = queries.map((query) => search(query).guessed);
search.hearOf(read(elsewhere).countries);
console.log(JSON.stringify(queries.map((query, place) => {
  const found = search(query);
  return { ...found, guessed: asked[place], scores: [...found.scores].sort((a, b) => b[1] - a[1]) };
})));
"""


def collection() -> Catalogue:
    made = sample.catalogue()
    kinds: list[Type] = []
    codes: set[str] = set()
    for key, (*look, places) in TYPES.items():
        here = places.split()
        codes |= {*here}
        names = ("form", "body", "pattern", "accent", "reflector")
        kinds.append(
            replace(
                made.types[0],
                id=key,
                name=f"Number {len(kinds)}",
                attributes={
                    name: Trait(value, 0.9) for name, value in zip(names, look, strict=True)
                },
                countries=tuple(CountryShare(code, code, 1, 1, 1 / len(here)) for code in here),
            )
        )
    kinds[0] = replace(kinds[0], name="Snezhok")
    with_photos = codes | ONE_OFFS
    return replace(
        made,
        types=tuple(kinds),
        countries=tuple(map(called, sorted(with_photos))),
        elsewhere=tuple(map(called, sorted(country_codes() - with_photos))),
    )


def called(code: str) -> Country:
    names = country_names(code, ("en", "de", "fr", "es"))
    return Country(code, country_name(code), (), (), (), (), names)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    made = collection()
    index = type_index(made, {kind.id: "" for kind in made.types}, {})
    (folder / "types.json").write_bytes(index)
    for language in ("en", "de", "fr", "es"):
        words = load_messages(language, [LOCALE])
        environment = make_environment((TEMPLATES,), language, None, words)
        (folder / f"{language}.json").write_bytes(search_data(made, environment))
    (folder / "elsewhere.json").write_bytes(elsewhere_data(made, {}))
    return folder


def search(files: Path, language: str, *queries: str) -> list[dict[str, Any]]:
    node = Path(sys.executable).with_name("node")
    module = (STATIC / "js" / "search.js").as_uri()
    command = [str(node), "--input-type=module", "-e", SCRIPT, module]
    command += [str(files / f"{name}.json") for name in (language, "types", "elsewhere")]
    command += queries
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def firsts(found: dict[str, Any]) -> set[str]:
    """The best results, all that are equally good."""
    best = found["scores"][0][1] if found["scores"] else 0
    return {key for key, score in found["scores"] if round(best - score, 3) == 0}


@cache
def with_attribute(name: str, value: str) -> set[str]:
    place = ("form", "body", "pattern", "accent", "reflector").index(name)
    return {key for key, look in TYPES.items() if look[place] == value}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            {
                "red and white stripes": {"red-stripes"},
                "black cap": {"black-cap"},
                "white flat post reflector": {"black-cap", "slanted-black", "slanted-red"},
                "slanted red band": {"slanted-red"},
                "yellow pole": {"yellow-pole"},
                "post without reflector": with_attribute("reflector", "none"),
                "wooden post": {"brown-square"},
                "red reflector": {"black-cap", "red-pole", "brown-square"},
            },
        ),
        (
            "de",
            {
                "rot-weiß gestreift": {"red-stripes"},
                "rotweiss gestreift": {"red-stripes"},
                "schwarze Kappe": {"black-cap"},
                "rotes Schrägband": {"slanted-red"},
                "gelbe Stange": {"yellow-pole"},
                "ohne Reflektor": with_attribute("reflector", "none"),
            },
        ),
        (
            "fr",
            {
                "rayures rouges et blanches": {"red-stripes"},
                "capuchon noir": {"black-cap"},
                "bande noire oblique": {"slanted-black"},
                "sans catadioptre": with_attribute("reflector", "none"),
            },
        ),
        (
            "es",
            {
                "franjas rojas y blancas": {"red-stripes"},
                "tapa negra": {"black-cap"},
                "banda roja inclinada": {"slanted-red"},
                "sin reflector": with_attribute("reflector", "none"),
            },
        ),
    ],
)
def test_attributes_are_found_in_the_words_of_each_language(
    files: Path, language: str, expected: dict[str, set[str]]
) -> None:
    found = search(files, language, *expected)
    assert {query: firsts(one) for query, one in zip(expected, found, strict=True)} == expected
    assert all(one["complete"] and not one["unknown"] for one in found)


def shows(looks: list[tuple[str, list[str]]], **own: str) -> bool:
    """Whether a bollard of no type is found: it surely shows one value of each look."""
    return bool(looks) and all(own.get(name) in values for name, values in looks)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["red and white stripes", "white and red stripes", "red white striped post"]),
        ("de", ["rot-weiße Streifen", "rotweiss gestreift", "Streifen rot und weiß"]),
        ("fr", ["rayures rouges et blanches", "poteau à rayures blanches et rouges"]),
        ("es", ["franjas rojas y blancas", "franjas blancas y rojas"]),
    ],
)
def test_of_two_colours_either_may_be_the_posts(
    files: Path, language: str, words: list[str]
) -> None:
    for found in search(files, language, *words):
        looks = found["looks"]
        assert shows(looks, body="white", pattern="stripes", accent="red")
        assert shows(looks, body="red", pattern="bands", accent="white")
        assert not shows(looks, body="white", pattern="stripes", accent="black")
        assert not shows(looks, body="red", pattern="plain")
        assert not shows(looks, body="white", pattern="plain", reflector="red")


def test_a_colour_beside_its_own_noun_is_that_of_the_noun(files: Path) -> None:
    for found in search(
        files, "en", "white flat post with a red band", "red band, white flat post"
    ):
        looks = found["looks"]
        assert shows(looks, form="flat", body="white", pattern="band", accent="red")
        assert not shows(looks, form="flat", body="red", pattern="band", accent="white")


def test_two_colours_are_the_posts_where_the_marking_has_its_own(files: Path) -> None:
    (found,) = search(files, "en", "black and white with a yellow cap")
    looks = found["looks"]
    assert shows(looks, body="black", pattern="cap", accent="orange")
    assert shows(looks, body="white", pattern="cap", accent="orange")
    assert not shows(looks, body="white", pattern="cap", accent="black")


def test_countries_are_found_by_any_of_their_names_in_any_language(files: Path) -> None:
    names = {
        "US": ("USA", "United States", "america", "Vereinigte Staaten", "etats unis"),
        "GB": ("uk", "Great Britain", "England", "Royaume-Uni"),
        "NL": ("Holland", "Netherlands", "Países Bajos"),
        "CZ": ("Czechia", "Czech Republic", "Tschechien"),
        "CI": ("Ivory Coast", "Cote d'Ivoire", "Elfenbeinküste", "cote d ivoire"),
        "TR": ("Turkey", "Türkiye", "Turquía"),
        "CD": ("DR Congo", "Zaire"),
        "HK": ("hong kong", "hongkong"),
    }
    for language in ("en", "fr"):
        asked = [(code, name) for code, own in names.items() for name in own]
        found = search(files, language, *(f"{name} " for _, name in asked))
        wrong = {
            name: one["places"]
            for (code, name), one in zip(asked, found, strict=True)
            if one["places"] != [code]
        }
        assert wrong == {}


def test_small_typing_mistakes_are_forgiven_and_large_ones_are_not(files: Path) -> None:
    slips = ("germnay", "grmany", "germanyy", "gernany", "Switzerlnad", "swizerland")
    places = [one["places"] for one in search(files, "en", *(f"{word} " for word in slips))]
    assert places == [["DE"]] * 4 + [["CH"]] * 2
    looks = search(files, "en", "yelow pole ", "blakc cap ", "strpies ")
    assert [firsts(one) for one in looks] == [
        {"yellow-pole"},
        {"black-cap"},
        {"red-stripes", "yellow-pole"},
    ]
    for one in search(files, "en", "grmnaie ", "rad ", "qqqq "):
        assert one["unknown"] and not one["scores"]


def test_an_unfinished_word_is_completed(files: Path) -> None:
    begun = search(files, "en", "switz", "swi", "re", "south k", "black c")
    assert begun[0]["places"] == begun[1]["places"] == ["CH"]
    assert {"red-pole", "red-stripes"} <= {key for key, _ in begun[2]["scores"]}
    assert "black-cap" in firsts(begun[4])


def test_names_that_the_owner_gave_are_found(files: Path) -> None:
    for one in search(files, "en", "snezhok", "Snezok ", "snez"):
        assert firsts(one) == {"red-stripes"}


def test_filters_that_no_type_matches_give_the_closest_types_and_say_so(files: Path) -> None:
    (one,) = search(files, "en", "green drum in germany")
    assert not one["complete"]
    assert firsts(one) == {"green-drum"}
    assert one["places"] == ["DE"]


def test_an_empty_search_loads_nothing(files: Path) -> None:
    empty, idle = search(files, "en", "  ", "post ")
    assert not empty["asked"] and not idle["asked"]


def test_every_country_of_the_world_is_recognised_by_all_of_its_names(files: Path) -> None:
    made = collection()
    names = [
        (country.code, name)
        for country in (*made.countries, *made.elsewhere)
        for name in (country.name, *country.aliases)
        # These are what two countries are called.
        if name not in ("Congo", "Saint-Martin")
    ]
    found = search(files, "en", *(name for _, name in names), *(f"{name} " for _, name in names))
    wrong = {
        name: (one["places"], one["absent"])
        for (code, name), one in zip(names * 2, found, strict=True)
        if [*one["places"], *(country["code"] for country in one["absent"])] != [code]
    }
    assert wrong == {}
    # The list of the others is fetched for each of them, before the search knows of any.
    others = {country.code for country in made.elsewhere}
    unasked = {
        name
        for (code, name), one in zip(names * 2, found, strict=True)
        if code in others and not one["guessed"]
    }
    assert unasked == set()


def absent(found: dict[str, Any]) -> list[str]:
    return [country["name"] for country in found["absent"]]


def test_a_country_without_photos_is_named_as_such(files: Path) -> None:
    typed = {
        "mongolia": ["Mongolia"],
        "Mongolei": ["Mongolia"],
        "mongo": ["Mongolia"],
        "trinidad and tobago": ["Trinidad & Tobago"],
        "Saint Lucia ": ["St. Lucia"],
        "congo": ["Congo - Brazzaville"],
    }
    found = search(files, "en", *typed)
    # The other Congo is on the site.
    assert found.pop()["places"] == ["CD"]
    typed.pop("congo")
    assert [absent(one) for one in found] == list(typed.values())
    assert not any(one["places"] or one["scores"] or one["unknown"] for one in found)


def test_a_search_for_looks_in_a_country_without_photos_finds_the_looks_and_explains_this(
    files: Path,
) -> None:
    (one,) = search(files, "en", "black cap in mongolia ")
    assert absent(one) == ["Mongolia"]
    assert firsts(one) == {"black-cap"} and not one["complete"]


def test_a_country_with_unsorted_bollards_only_looks_different_from_one_with_types(
    files: Path,
) -> None:
    alone, typed, both, begun = search(
        files, "en", "iceland", "spain", "black cap in iceland ", "i"
    )
    assert alone["lone"] == alone["places"] == ["IS"] and not alone["absent"]
    assert typed["lone"] == [] and typed["places"] == ["ES"]
    assert both["lone"] == ["IS"] and firsts(both) == {"black-cap"}
    # Italy begins so, too, and has types.
    assert begun["lone"] == [] and "IS" in begun["places"]


def test_an_exact_name_wins_over_the_beginning_of_another(files: Path) -> None:
    niger, nigeria = search(files, "en", "niger", "nigeria")
    assert absent(niger) == ["Niger"] and niger["places"] == []
    assert absent(nigeria) == [] and nigeria["places"] == ["NG"]


def test_an_unknown_word_is_not_taken_for_a_similar_country_name(files: Path) -> None:
    strangers = ("tasmania", "lagos", "indiana", "luanda", "islands", "chiba", "bali", "konya")
    for one in search(files, "en", *(f"{word} " for word in strangers)):
        assert not one["places"] and not one["absent"] and one["unknown"]
    slips = {"mongloia": "Mongolia", "uzbekstan": "Uzbekistan", "phillipines": "Philippines"}
    found = search(files, "en", *(f"{word} " for word in slips))
    assert [absent(one) for one in found] == [[name] for name in slips.values()]


def test_the_nearest_countries_with_photos_are_its_neighbours() -> None:
    made = replace(
        sample.catalogue(),
        countries=tuple(map(called, ("AT", "DE", "ES", "PL"))),
        elsewhere=(called("CZ"), called("BV")),
    )
    # Poland is large, so that its middle is farther from Czechia than its border.
    places = {
        "CZ": Place(50, 50, 40, 40, 60, 60),
        "PL": Place(110, 30, 60, 0, 160, 50),
        "DE": Place(20, 30, 0, 0, 40, 60),
        "AT": Place(50, 75, 20, 62, 80, 90),
        "ES": Place(0, 300, 0, 290, 10, 310),
    }
    content = json.loads(elsewhere_data(made, places))
    near = {code: codes for code, _, _, codes in content["countries"]}
    assert near == {"CZ": ["DE", "PL", "AT"], "BV": []}


def test_a_search_by_looks_says_which_looks_and_one_for_a_place_or_a_name_does_not(
    files: Path,
) -> None:
    queries = ("white post, black cap, red reflector", "white post Austria", "Snezhok")
    by_looks, by_place, by_name = search(files, "en", *queries)

    assert by_looks["looks"] == [
        ["body", ["white"]],
        ["accent", ["black"]],
        ["pattern", ["cap"]],
        ["reflector", ["red"]],
    ]
    assert by_place["looks"] == by_name["looks"] == []
