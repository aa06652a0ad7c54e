"""Writes single decisions into curation.toml; comments, layout and all other decisions stay.

Each function takes a document and returns a new one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from tomlkit import TOMLDocument
from tomlkit.items import Item

from generator.curation import is_type_id
from generator.curation.document import (
    Keys,
    copied,
    enlist,
    one_line,
    put,
    strike,
    table_at,
    without,
)
from generator.errors import BollardsError

__all__ = [
    "Reference",
    "address_type",
    "choose_picture",
    "describe_type",
    "draw_box",
    "hide",
    "keep_out_all",
    "know_in_country",
    "let_in_all",
    "locate_all",
    "merge_types",
    "name_type",
    "note_lookalike",
    "pin_all",
    "publish",
    "put_in_family",
    "split_type",
    "unpin_all",
]


@dataclass(frozen=True, slots=True)
class Reference:
    """How curation.toml refers to a bollard.

    Attributes:
        photo: the id of one of its photos, or the reference that the file already uses.
        file: that photo's file, for a comment.
        also: other ways to refer to the same bollard (its other photos, its key). Decisions under
            these that contradict the new one are removed, so that the file is consistent.
    """

    photo: str
    file: str = ""
    also: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        return (self.photo, *self.also)


def name_type(document: TOMLDocument, type: str, name: str) -> TOMLDocument:
    """Name a type; "" leaves the name to the program."""
    return _set(document, ("types", type, "name"), name.strip() or None)


def describe_type(document: TOMLDocument, type: str, description: str) -> TOMLDocument:
    """Describe a type; "" leaves the description to the program."""
    return _set(document, ("types", type, "description"), description.strip() or None)


def address_type(document: TOMLDocument, type: str, slug: str) -> TOMLDocument:
    """Choose the address of a type: its id leaves it where it is, "" takes every choice back."""
    if slug not in ("", type):
        return _set(document, ("types", type, "slug"), slug)
    # A type that has moved to its chosen address was called something else when it was chosen.
    chosen = [
        ("types", key, "slug")
        for key, said in document.unwrap().get("types", {}).items()
        if not slug and said.get("slug") == type
    ]
    return without(document, ("types", type, "slug"), *chosen)


def merge_types(document: TOMLDocument, gone: str, kept: str) -> TOMLDocument:
    """Make one type part of another.

    Raises:
        BollardsError: both are the same type, or one is part of the other already.
    """
    if gone == kept:
        raise BollardsError(f'"{gone}" cannot be merged into itself.')
    merges = document.unwrap().get("merges", {})
    end = kept
    while end in merges and end != gone:
        end = merges[end]
    if end == gone:
        raise BollardsError(f'"{kept}" is part of "{gone}" already; undo that merge first.')
    return _set(document, ("merges", gone), kept)


def split_type(
    document: TOMLDocument,
    new_id: str,
    split_from: str,
    photo_ids: Sequence[str],
    files: Sequence[str],
) -> TOMLDocument:
    """Make some bollards of a type a new type.

    Args:
        document: the decisions so far.
        new_id: the new type's id, a slug that no other type has.
        split_from: the type they are in now.
        photo_ids: one photo of each bollard.
        files: the files of these photos.

    Raises:
        BollardsError: the new id is invalid or taken, or there is nothing to split off.
    """
    if not is_type_id(new_id) or new_id == split_from:
        raise BollardsError(
            f'"{new_id}" cannot be the new type\'s id: it needs an unused one of lower-case'
            ' letters, digits and hyphens, such as "white-flat-red-band".'
        )
    if not photo_ids:
        raise BollardsError("A split takes at least one photo.")
    made = _set(document, ("types", new_id, "split_from"), split_from)
    return pin_all(made, map(Reference, photo_ids, files), new_id)


def pin_all(document: TOMLDocument, bollards: Iterable[Reference], type: str) -> TOMLDocument:
    """Pin bollards to a type; "" leaves them unsorted."""
    done = copied(document)
    no_longer: list[Keys] = []
    for one in bollards:
        put(done, ("bollards", one.photo, "type"), type, one.file)
        no_longer += [("bollards", reference, "type") for reference in one.also]
        no_longer += strike(done, [("bollards", name, "not") for name in one.every], type)
    return without(done, *no_longer)


def unpin_all(document: TOMLDocument, bollards: Iterable[Reference]) -> TOMLDocument:
    """Leave the type of bollards to the program again."""
    return without(
        document, *(("bollards", name, "type") for one in bollards for name in one.every)
    )


def keep_out_all(document: TOMLDocument, bollards: Iterable[Reference], type: str) -> TOMLDocument:
    """Keep bollards out of a type; pins to it are removed."""
    done = copied(document)
    said = document.unwrap().get("bollards", {})
    pins: list[Keys] = []
    for one in bollards:
        enlist(done, ("bollards", one.photo, "not"), type, one.file)
        pins += [
            ("bollards", name, "type")
            for name in one.every
            if said.get(name, {}).get("type") == type
        ]
    return without(done, *pins)


def let_in_all(document: TOMLDocument, bollards: Iterable[Reference], type: str) -> TOMLDocument:
    """Undo keeping bollards out of a type."""
    done = copied(document)
    lists = [("bollards", name, "not") for one in bollards for name in one.every]
    return without(done, *strike(done, lists, type))


def hide(document: TOMLDocument, photo_id: str, hidden: bool, file: str) -> TOMLDocument:
    """Hide a photo, or show it again."""
    return _set(document, ("photos", photo_id, "hidden"), True if hidden else None, file)


def publish(document: TOMLDocument, photo_id: str, file: str) -> TOMLDocument:
    """Publish a photo although it resembles a hidden one."""
    return _set(document, ("photos", photo_id, "hidden"), False, file)


def draw_box(
    document: TOMLDocument, photo_id: str, box: Sequence[int] | None, file: str
) -> TOMLDocument:
    """Set the box of the bollard in a photo; None leaves it to the program."""
    return _set(document, ("photos", photo_id, "box"), list(box) if box else None, file)


def choose_picture(
    document: TOMLDocument, type: str, photo_id: str, file: str = ""
) -> TOMLDocument:
    """Choose the representative photo of a type; "" leaves the choice to the program."""
    done = _set(document, ("types", type, "picture"), photo_id or None)
    if photo_id and file:
        item = table_at(done, ("types", type)).get("picture")
        cast(Item, item).comment(one_line(file))
    return done


def note_lookalike(document: TOMLDocument, a: str, b: str, text: str) -> TOMLDocument:
    """Note how to tell type `a` from type `b`; "" removes the note."""
    return _set(document, ("types", a, "lookalikes", b), text.strip() or None)


def know_in_country(
    document: TOMLDocument, type: str, country: str, frequency: str, note: str
) -> TOMLDocument:
    """Say how often a type is seen in a country and what it looks like there.

    Args:
        document: the decisions so far.
        type: the type's id.
        country: an ISO 3166-1 alpha-2 code.
        frequency: as in `InCountry`; "" removes it.
        note: the owner's sentence; "" removes it. Translations of it stay.
    """
    way = ("types", type, "countries", _as_written(document, type, country))
    done = _set(document, (*way, "frequency"), frequency or None)
    return _set(done, (*way, "note"), note.strip() or None)


def _as_written(document: TOMLDocument, type: str, country: str) -> str:
    """How the file writes a country of a type: by its code, in small letters or by its name."""
    from generator.collect.countries import resolve

    types = document.unwrap().get("types", {})
    for key in types.get(type, {}).get("countries", {}):
        place = resolve(key)
        if place is not None and place.code == country:
            return str(key)
    return country


def locate_all(
    document: TOMLDocument, bollards: Iterable[Reference], code: str | None
) -> TOMLDocument:
    """Correct the country of bollards: an ISO 3166-1 code, "" unknown, None as it was."""
    places = [(("bollards", one.photo, "country"), one.file) for one in bollards]
    if code is None:
        return without(document, *(path for path, _ in places))
    done = copied(document)
    for path, file in places:
        put(done, path, code, file)
    return done


def put_in_family(document: TOMLDocument, family_id: str, name: str, type: str) -> TOMLDocument:
    """Make a type the last of a family, and of no other; "" as family removes it from its own.

    A new family gets the name; the name of an existing one changes unless `name` is "".
    """
    families = document.unwrap().get("families", {})
    for other, said in families.items():
        if other != family_id and type in said.get("types", ()):
            document = copied(document)
            strike(document, [("families", other, "types")], type)
    if not family_id:
        return document
    if name.strip() or family_id not in families:
        document = _set(document, ("families", family_id, "name"), name.strip() or family_id)
    done = copied(document)
    enlist(done, ("families", family_id, "types"), type)
    return done


def _set(document: TOMLDocument, path: Keys, value: object, file: str = "") -> TOMLDocument:
    """The document with another value at a path; None removes it."""
    if value is None:
        return without(document, path)
    done = copied(document)
    put(done, path, value, file)
    return done
