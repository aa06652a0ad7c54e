"""curation: the owner's decisions in curation.toml, and their effect on the types.

The file is the owner's. A build reads it (`load_curation`), finds the photos that it names
(`references`) and applies it (`apply`). The review page changes single decisions in it (`edit`) and
keeps everything else as written.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
)

from generator.errors import BollardsError
from generator.own_files import read_own_text
from generator.toml_files import explained, lines_in, parse_toml, read_toml
from generator.vocabulary import Frequency

__all__ = [
    "BollardCuration",
    "Curation",
    "Family",
    "InCountry",
    "PhotoCuration",
    "TypeCuration",
]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_Text = Annotated[str, StringConstraints(strip_whitespace=True)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class InCountry(_Table):
    """What the owner knows of a type in one country.

    Attributes:
        frequency: how often it is seen there; None leaves it open.
        note: one sentence about its bollards there.
        notes: the same in other languages, by language tag.
    """

    frequency: Frequency | None = None
    note: _Text = ""
    notes: Mapping[str, _Text] = {}


class TypeCuration(_Table):
    """The owner's decisions about one type; an empty value leaves it to the program.

    Attributes:
        picture: the representative photo: its id, or its file below photos/.
        slug: the last part of its address, which becomes its id (`generator.curation.slugs`).
        split_from: the type that this one was split from, by pinning bollards to it.
        lookalikes: for other types, how to tell this one from them.
        names, descriptions, lookalikes_in: the same in other languages, by language tag.
        countries: what the owner knows of it in single countries, by ISO 3166-1 alpha-2 code.
    """

    name: _Text = ""
    description: _Text = ""
    picture: str = ""
    slug: str = ""
    split_from: str = ""
    lookalikes: Mapping[str, _Text] = {}
    names: Mapping[str, _Text] = {}
    descriptions: Mapping[str, _Text] = {}
    lookalikes_in: Mapping[str, Mapping[str, _Text]] = {}
    countries: Mapping[str, InCountry] = {}

    @field_validator("countries")
    @classmethod
    def _are_countries(cls, value: Mapping[str, InCountry]) -> Mapping[str, InCountry]:
        if not value:
            return value
        # Loading the known places takes a moment, and few files need them.
        from generator.collect.countries import resolve

        codes: dict[str, InCountry] = {}
        for key, said in value.items():
            place = resolve(key)
            if place is None or place.code is None:
                raise ValueError(f'ISO 3166-1 codes such as "SI" as keys, not "{key}"')
            if place.code in codes:
                raise ValueError(f'each country once; "{key}" is {place.code}, which has a table')
            codes[place.code] = said
        return codes

    @field_validator("slug")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not is_type_id(value):
            raise ValueError('the last part of an address, such as "white-flat-post"')
        return value


class Family(_Table):
    """Types that belong together, in the order in which the site shows them.

    `names` are its name in other languages, by language tag.
    """

    name: _Text = Field(min_length=1)
    names: Mapping[str, _Text] = {}
    types: tuple[str, ...] = ()

    @field_validator("types", mode="before")
    @classmethod
    def _is_list(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise ValueError('a list of type ids, such as ["white-flat", "white-round"]')
        return tuple(value)


class BollardCuration(_Table):
    """The owner's decisions about one bollard; None leaves it to the program.

    Attributes:
        type: the type it is pinned to, "" if the owner wants it unsorted.
        kept_out_of: the types it does not belong to; `not` in the file.
        country: corrected ISO 3166-1 alpha-2 code, "" for unknown.
    """

    type: str | None = None
    kept_out_of: tuple[str, ...] = Field(default=(), alias="not")
    country: str | None = None

    @field_validator("kept_out_of", mode="before")
    @classmethod
    def _is_list(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise ValueError('a list of type ids, such as ["white-round"]')
        return tuple(value)

    @field_validator("country")
    @classmethod
    def _is_country(cls, value: str | None) -> str | None:
        if not value:
            return value
        # Loading the known places takes a moment, and few files need them.
        from generator.collect.countries import resolve

        place = resolve(value)
        if place is None:
            raise ValueError('an ISO 3166-1 code such as "NO", or "" for unknown')
        return place.code


class PhotoCuration(_Table):
    """The owner's decisions about one photo; None leaves it to the program.

    Attributes:
        hidden: True hides it; False publishes it although the program held it back.
        box: where the bollard is: left, top, right, bottom in px of the upright photo.
    """

    hidden: bool | None = None
    box: tuple[int, int, int, int] | None = None

    @field_validator("box", mode="before")
    @classmethod
    def _is_box(cls, value: Any) -> Any:
        expected = "left, top, right and bottom in whole pixels, such as [120, 40, 310, 620]"
        if not isinstance(value, list | tuple) or len(value) != 4:
            raise ValueError(expected)
        if not all(isinstance(side, int) and not isinstance(side, bool) for side in value):
            raise ValueError(expected)
        left, top, right, bottom = value
        if left < 0 or top < 0 or right <= left or bottom <= top:
            raise ValueError(f"{expected}, with right above left and bottom above top")
        return tuple(value)


class Curation(_Table):
    """All of curation.toml.

    Attributes:
        types: by type id.
        families: by the owner's own key, in the site's order.
        merges: for each type that is gone, the type that it became part of; chains are allowed.
        bollards: by id or file of one of the bollard's photos, or by the bollard's key.
        photos: by id or file.
    """

    types: Mapping[str, TypeCuration] = {}
    families: Mapping[str, Family] = {}
    merges: Mapping[str, str] = {}
    bollards: Mapping[str, BollardCuration] = {}
    photos: Mapping[str, PhotoCuration] = {}

    def kept(self, type_id: str) -> str:
        """The type that `type` is part of after all merges; itself if it was never merged."""
        while type_id in self.merges:
            type_id = self.merges[type_id]
        return type_id


def load_curation(path: Path) -> Curation:
    """Read curation.toml; a missing file decides nothing.

    Raises:
        BollardsError: it is not TOML, has unknown keys, or contradicts itself; the message lists
            all mistakes.
    """
    try:
        return _validated(read_toml(path), path, read_own_text(path))
    except FileNotFoundError:
        return Curation()


def parse_curation(text: str, path: Path) -> Curation:
    """The same as `load_curation` for the text of the file, before it is written to `path`."""
    return _validated(parse_toml(text, path), path, text)


def is_type_id(text: str) -> bool:
    """Whether it can be a type's id: lower-case letters, digits, single hyphens between."""
    return bool(_SLUG.fullmatch(text)) and len(text) <= 80


def _validated(data: Mapping[str, Any], path: Path, text: str) -> Curation:
    problems: list[str] = []
    curation = None
    try:
        curation = Curation.model_validate(data)
    except ValidationError as error:
        said = zip(explained(error, Curation), error.errors(), lines_in(error, text), strict=True)
        problems = [one + _valid_here(detail["loc"]) + line for one, detail, line in said]
    problems += _contradictions(data)
    if problems or curation is None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise BollardsError(f"{path}: {count}.\n" + "\n".join(f"  {line}" for line in problems))
    return curation


_VALID = {
    "types": (
        "name, description, picture, slug, split_from, lookalikes, names, descriptions,"
        " lookalikes_in, countries"
    ),
    "families": "name, types, names",
    "bollards": "type, not, country",
    "photos": "hidden, box",
}


def _valid_here(location: tuple[int | str, ...]) -> str:
    valid = _VALID.get(str(location[0]))
    if valid is None or len(location) != 3 or location[2] in valid.split(", "):
        return ""
    placeholder = "ID" if location[0] != "families" else "KEY"
    return f" Valid under [{location[0]}.{placeholder}]: {valid}."


def _contradictions(data: Mapping[str, Any]) -> list[str]:
    """Contradictions between tables that are valid by themselves."""
    tables = {
        name: table if isinstance(table := data.get(name), dict) else {}
        for name in ("types", "families", "merges", "bollards")
    }
    ids = [(f"types.{key}", key) for key in tables["types"]]
    merges = {key: to for key, to in tables["merges"].items() if isinstance(to, str)}
    ids += [(f"merges.{key}", end) for key, to in merges.items() for end in (key, to)]
    problems = [
        f'{key}: expected a type id such as "white-flat-post" (lower-case letters, digits,'
        f' hyphens); found "{found}".'
        for key, found in ids
        if not is_type_id(found)
    ]
    problems += _circles(merges)
    for key, bollard in tables["bollards"].items():
        pinned = bollard.get("type") if isinstance(bollard, dict) else None
        kept_out_of = bollard.get("not") if isinstance(bollard, dict) else None
        if pinned and isinstance(kept_out_of, list) and pinned in kept_out_of:
            problems.append(
                f'bollards."{key}": it is pinned to "{pinned}" and kept out of it.'
                " Remove one of the two."
            )
    family_of: dict[str, str] = {}
    for key, family in tables["families"].items():
        types = family.get("types") if isinstance(family, dict) else None
        for name in dict.fromkeys(types if isinstance(types, list) else []):
            if isinstance(name, str) and family_of.setdefault(name, key) != key:
                problems.append(
                    f'families.{key}.types: "{name}" is in [families.{family_of[name]}] already.'
                    " A type has one family: remove it from one of the two."
                )
    return problems


def _circles(merges: Mapping[str, str]) -> list[str]:
    """Each circle of merges once, from its first type in the alphabet."""
    problems = []
    for start in sorted(merges):
        way = [start]
        while way[-1] in merges and merges[way[-1]] not in way:
            way.append(merges[way[-1]])
        if merges.get(way[-1]) != start or min(way) != start:
            continue
        if len(way) == 1:
            problems.append(
                f'merges.{start}: "{start}" is merged into itself. Remove this line, or name'
                " the type that it became part of."
            )
        else:
            told = " into ".join(f'"{name}"' for name in [*way, start])
            problems.append(
                f"merges.{start}: merged in a circle: {told}. Remove one of these lines."
            )
    return problems
