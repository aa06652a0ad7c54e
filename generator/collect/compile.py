"""Makes gazetteer.tsv and regions.tsv, the tables of names of places, from several libraries.

Run it by hand (`make gazetteer`) when CLDR, ISO 3166 or this folder's own names change. Nothing
imports it at run time, so a build needs none of the libraries, and a name means the same on every
machine. Sources:

- CLDR's territories in all its languages (babel; Unicode licence 3.0);
- CLDR's subdivisions (npm's cldr-subdivisions-full; Unicode licence 3.0), all of them in English;
- ISO 3166-1, -2 and -3 with their translations (pycountry, Debian's iso-codes; LGPL 2.1);
- Natural Earth's short names (npm's world-atlas; public domain);
- `names`: everyday, former and ambiguous names.
"""

import gettext
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pycountry
from babel import localedata
from babel.core import Locale

from generator.collect import names
from generator.collect.gazetteer import TABLE, key_of, words_of
from generator.collect.regions import TABLE as REGIONS

MODULES = Path(__file__).parents[2] / "static/node_modules"
LANGUAGES = ("de", "fr", "es")
"""The site's languages besides English, in which subdivisions are known too."""

_CODED_ANEW = ("IR", "MA")
"""Countries whose ISO 3166-2 codes have been given to other parts since CLDR named them."""

_World = dict[str, dict[tuple[str, str, str], None]]

_SUCCESSORS = {
    "AIDJ": "DJ",
    "BUMM": "MM",
    "BYAA": "BY",
    "DDDE": "DE",
    "DYBJ": "BJ",
    "FQHH": "TF",
    "FXFR": "FR",
    "HVBF": "BF",
    "JTUM": "UM",
    "MIUM": "UM",
    "NHVU": "VU",
    "PUUM": "UM",
    "PZPA": "PA",
    "RHZW": "ZW",
    "SKIN": "IN",
    "TPTL": "TL",
    "VDVN": "VN",
    "WKUM": "UM",
    "YDYE": "YE",
    "ZRCD": "CD",
}
"""ISO 3166-3 codes of former countries with a single successor; `names.SEVERAL` has others."""


@cache
def territories(language: str) -> dict[str, str]:
    """CLDR's names of countries and regions of the world, by code."""
    return dict(Locale.parse(language, sep="-").territories)


def called(code: str) -> str:
    """A country's short English name."""
    return names.SHORTER.get(code) or territories("en")[code]


def compiled() -> str:
    """The table's text: countries, subdivisions, names, with an empty line between."""
    codes = {country.alpha_2: country.alpha_3 for country in pycountry.countries} | {"XK": "XKX"}
    world: _World = {}
    for form, grade, code, region in _all_names(sorted(codes)):
        _learn(world, form, grade, code, region)
    lines = [f"{code}\t{codes[code]}\t{called(code)}" for code in sorted(codes)]
    lines.append("")
    for division in sorted(pycountry.subdivisions, key=lambda division: str(division.code)):
        spelling = next(_spellings(division.name))[0]
        lines.append(f"{division.code}\t{_own_code(division.code, spelling)}\t{spelling}")
    lines.append("")
    for key, meanings in sorted(world.items()):
        lines.append(f"{key}\t" + "\t".join(":".join(meaning) for meaning in sorted(meanings)))
    return "\n".join(lines) + "\n"


def _learn(world: _World, name: str, grade: str, code: str, region: str) -> None:
    key = " ".join(word.key for word in words_of(name) if word.key)
    if not key:
        return
    known = world.setdefault(key, {})
    # Keep only the most certain way to know a country, and one spelling of a part of it.
    if not any(c == code and (r or not region) for _, c, r in known):
        known[grade, code, region.replace(":", " ")] = None


def _all_names(codes: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """(name, grade, country, region), the surest grades first; `gazetteer.Meaning` has them."""
    english = territories("en")
    for code in codes:
        yield called(code), "c", code, ""
        yield english[code], "c", code, ""
    for country in pycountry.countries:
        for field in ("name", "common_name", "official_name"):
            for spelling, sure in _spellings(getattr(country, field, "")):
                if sure:
                    yield spelling, "c", country.alpha_2, ""
    numbers = {country.numeric: country.alpha_2 for country in pycountry.countries}
    world = json.loads((MODULES / "world-atlas/countries-50m.json").read_text("utf-8"))
    for outline in world["objects"]["countries"]["geometries"]:
        name, drawn = outline["properties"]["name"], numbers.get(outline.get("id", ""))
        if drawn and name != "Ashmore and Cartier Is.":
            yield name, "e", drawn, ""
    for table, grade in ((names.EVERYDAY, "e"), (names.PARTS, "p"), (names.ELSEWHERE, "p")):
        for code, own in table.items():
            for name in own:
                yield name, grade, code, "" if grade == "e" else name
    for name, several in names.SEVERAL.items():
        for code in several.split():
            yield name, "a", code, ""
    for former in pycountry.historic_countries:
        if code := _SUCCESSORS.get(former.alpha_4, ""):
            for spelling, _ in _spellings(former.name):
                if spelling not in ("Yemen", "Viet-Nam", "France"):
                    yield spelling, "e", code, ""
    for country in pycountry.countries:
        for field in ("name", "common_name", "official_name"):
            for spelling, _ in _spellings(getattr(country, field, "")):
                yield spelling, "d", country.alpha_2, ""
        # "Trinidad & Tobago" is also the country of Tobago.
        pieces = english[country.alpha_2].split(" & ")
        for piece in pieces if len(pieces) > 1 else ():
            yield piece, "d", country.alpha_2, piece
    yield from _subdivisions()
    yield from _foreign(codes)
    for name, also in names.ALSO.items():
        for code in also.split():
            yield name, "2", code.rstrip("*"), name if code.endswith("*") else ""


def _subdivisions() -> Iterator[tuple[str, str, str, str]]:
    for division in pycountry.subdivisions:
        first = next(_spellings(division.name))[0]
        code = _own_code(division.code, first)
        for spelling, _ in _spellings(division.name):
            yield spelling, "s", code, spelling
        # "Catalunya [Cataluña]", "Wales [Cymru GB-CYM]", but not "Skåne län [SE-12]".
        other = re.search(r"\[([^\]]*?[a-z])(?: [A-Z]{2}-[A-Z0-9]+)?\]", division.name)
        if other:
            yield other[1], "s", code, other[1]
    known = {division.code.replace("-", "").lower() for division in pycountry.subdivisions}
    for part, name in _in_cldr("en").items():
        if part in known:
            division_code = f"{part[:2]}-{part[2:]}".upper()
            for spelling, _ in _spellings(name):
                yield spelling, "s", _own_code(division_code, spelling), spelling
    for language in LANGUAGES:
        translate = gettext.translation("iso3166-2", pycountry.LOCALES_DIR, [language]).gettext
        for division in pycountry.subdivisions:
            translated = translate(division.name)
            if translated != division.name:
                code = _own_code(division.code, next(_spellings(division.name))[0])
                for spelling, _ in _spellings(translated):
                    yield spelling, "t", code, spelling


def _foreign(codes: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """Countries in all languages that CLDR has, and regions of the world in some."""
    for language in LANGUAGES:
        translate = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [language]).gettext
        for country in pycountry.countries:
            for field in ("name", "common_name", "official_name"):
                name = getattr(country, field, "")
                if name and translate(name) != name:
                    for spelling, _ in _spellings(translate(name)):
                        yield spelling, "f", country.alpha_2, ""
    tags = {tag.replace("_", "-") for tag in localedata.locale_identifiers()}
    # A territory's variety of a language adds little: pt-PT, zh-Hant, sr-Latn.
    others = {tag for tag in tags if not re.search(r"-([A-Z]{2}|\d{3})$", tag)} | {"pt-PT"}
    for language in (*LANGUAGES, *sorted(others - {"en", *LANGUAGES})):
        known = territories(language)
        for code in codes:
            for spelling, _ in _spellings(known.get(code, "")):
                yield spelling, "f" if language in LANGUAGES else "o", code, ""
    for language in ("en", *LANGUAGES, "it", "pt", "nl"):
        for code, name in territories(language).items():
            if code.isdigit() or code in ("EU", "EZ", "UN"):
                yield name, "r", "", ""


def regions() -> str:
    """The text of regions.tsv: `generator.collect.regions` describes it."""
    by_code = {str(one.code): one for one in pycountry.subdivisions}
    translations = {
        language: gettext.translation("iso3166-2", pycountry.LOCALES_DIR, [language]).gettext
        for language in LANGUAGES
    }
    lines = []
    for code, division in sorted(by_code.items()):
        first = division
        # Bali is a province; ISO's groups of Indonesian islands are none.
        while (up := by_code.get(first.parent_code)) and up.type != "Geographical unit":
            first = up
        local, key = _plain_name(division.name), code.replace("-", "").lower()
        # Superscripts tell namesakes apart: "Jersey²".
        english = re.sub("[¹²³⁴]", "", _in_cldr("en").get(key, "")) or local
        if code[:2] in _CODED_ANEW:
            english = local
        english = names.REGIONS.get(code, (english,))[0]
        spelt = [local, english]
        for language, translate in translations.items():
            spelt.append(_in_cldr(language).get(key) or _plain_name(translate(division.name)))
        cells = [name if not place or name != local else "" for place, name in enumerate(spelt)]
        # "Madrid", "Cataluña", "Bristol": also names of it, but not the ones to show.
        known = {key_of(name) for name in spelt}
        other = re.findall(r"\[([^\]]*?[a-z])(?: [A-Z]{2}-[A-Z0-9]+)?\]", division.name)
        other += [spelling for name in (division.name, english) for spelling, _ in _spellings(name)]
        other += names.REGIONS.get(code, ())
        also = {key_of(name): name for name in other if key_of(name) not in known}
        lines.append("\t".join((code, str(first.code), *cells, "|".join(also.values()))))
    return "\n".join(lines) + "\n"


def _plain_name(name: str) -> str:
    """A name as it is written alone: without "[Cataluña]", "Région Flamande" for
    "Flamande, Région".
    """
    spellings = [spelling for spelling, sure in _spellings(name) if sure]
    return next((one for one in spellings if "," not in one), spellings[0])


@cache
def _in_cldr(language: str) -> dict[str, str]:
    """CLDR's names of subdivisions; it has hardly any in languages other than English."""
    path = MODULES / f"cldr-subdivisions-full/subdivisions/{language}/{language}.json"
    content = json.loads(path.read_text("utf-8"))
    found: dict[str, str] = content["subdivisions"]["localeDisplayNames"]["subdivisions"]
    return found


@cache
def _with_own_code() -> Mapping[tuple[str, str], str]:
    """Parts that ISO 3166-1 also lists: (country, key of the name) -> their code."""
    found = {}
    for code, parent in names.PARENTS.items():
        own = territories("en")[code]
        spelt = [own, *own.split(" & ")]
        if country := pycountry.countries.get(alpha_2=code):
            spelt.append(next(_spellings(country.name))[0])
        found.update({(parent, key_of(name)): code for name in spelt})
    return found


def _own_code(division: str, name: str) -> str:
    """The country of a subdivision, or the code that ISO 3166-1 gives it (US-PR is PR)."""
    country, part = division.split("-")
    if names.PARENTS.get(part) == country:
        return part
    return _with_own_code().get((country, key_of(name)), country)


def _spellings(name: str) -> Iterator[tuple[str, bool]]:
    """Forms of a name in the tables, and whether each is unambiguous.

    "Korea, Republic of" is also "Republic of Korea", and perhaps "Korea";
    "Cocos (Keeling) Islands" is perhaps "Cocos Islands".
    """
    name = re.sub(r"\s*\[.*?\]", "", name)
    if name:
        yield name, True
    if "(" in name:
        yield re.sub(r"\s*\(.*?\)", "", name), False
    head, comma, tail = name.partition(", ")
    if comma:
        yield f"{tail} {head}", True
        yield head, False


if __name__ == "__main__":
    for path, text in ((TABLE, compiled()), (REGIONS, regions())):
        if path.exists() and path.read_text("utf-8") == text:
            print(f"{path.name} is up to date.")
        else:
            path.write_text(text, "utf-8")
            print(f"{path.name}: {len(text.splitlines()):,} lines.")
