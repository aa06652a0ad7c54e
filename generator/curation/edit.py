"""Single decisions written into curation.toml; comments, layout and all other decisions stay.

Each function takes a document and returns a new one. `read` and `text_of` are the way in and out.
"""

from collections.abc import Iterable, MutableMapping, MutableSequence, Sequence
from pathlib import Path
from typing import Any, cast

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import ParseError
from tomlkit.items import (
    AbstractTable,
    Comment,
    Item,
    Key,
    KeyType,
    SingleKey,
    Table,
    Whitespace,
)

from generator.curation import is_type_id, parse_curation
from generator.errors import BollardsError, printable

__all__ = [
    "choose_picture",
    "correct_country",
    "describe_type",
    "hide",
    "keep_out",
    "merge_types",
    "name_type",
    "note_lookalike",
    "pin",
    "put_in_family",
    "read",
    "split_type",
    "text_of",
    "unmerge",
    "unpin",
]

_Path = tuple[str, ...]


def read(path: Path) -> TOMLDocument:
    """The document of a curation.toml; an empty one where there is no file yet.

    Raises:
        BollardsError: it is not TOML, or not a curation; everything that is wrong is listed.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return tomlkit.document()
    except UnicodeDecodeError as error:
        raise BollardsError(
            f"{path}: byte {error.start} is not UTF-8. Save the file as UTF-8."
        ) from None
    except OSError as error:
        raise BollardsError(f"{path}: cannot be read: {error.strerror or error}.") from None
    parse_curation(text, path)
    try:
        return tomlkit.parse(text)
    except ParseError as error:
        raise BollardsError(f"{path}: not valid TOML: {error}.") from None


def text_of(document: TOMLDocument) -> str:
    """The text of the file."""
    return tomlkit.dumps(document)


def name_type(document: TOMLDocument, type: str, name: str) -> TOMLDocument:
    """Name a type; "" gives the naming back to the program."""
    return _set(document, ("types", type, "name"), name.strip() or None)


def describe_type(document: TOMLDocument, type: str, description: str) -> TOMLDocument:
    """Describe a type; "" gives the describing back to the program."""
    return _set(document, ("types", type, "description"), description.strip() or None)


def merge_types(document: TOMLDocument, gone: str, kept: str) -> TOMLDocument:
    """Make one type part of another.

    Raises:
        BollardsError: the other is this one, or is part of it already.
    """
    if gone == kept:
        raise BollardsError(f'"{gone}" cannot be merged into itself.')
    merges = document.unwrap().get("merges", {})
    end = kept
    while end in merges and end != gone:
        end = merges[end]
    if end == gone:
        raise BollardsError(f'"{kept}" is part of "{gone}" already; take that merge back first.')
    return _set(document, ("merges", gone), kept)


def unmerge(document: TOMLDocument, gone: str) -> TOMLDocument:
    """Take a merge back."""
    return _set(document, ("merges", gone), None)


def split_type(
    document: TOMLDocument,
    new_id: str,
    split_from: str,
    photo_ids: Sequence[str],
    files: Sequence[str],
) -> TOMLDocument:
    """Make some bollards of a type a type of their own.

    Args:
        document: what was decided before.
        new_id: the new type's id, a slug that no other type has.
        split_from: the type they are in now.
        photo_ids: one photo of each bollard.
        files: the files of these photos.

    Raises:
        BollardsError: the new id is none, or there is nothing to split off.
    """
    if not is_type_id(new_id) or new_id == split_from:
        raise BollardsError(
            f'"{new_id}" cannot be the new type\'s id: it takes one of its own, of lower-case'
            ' letters, digits and hyphens, such as "white-flat-red-band".'
        )
    if not photo_ids:
        raise BollardsError("A split takes at least one photo.")
    made = _set(document, ("types", new_id, "split_from"), split_from)
    for photo, file in zip(photo_ids, files, strict=True):
        made = pin(made, photo, new_id, file)
    return made


def pin(
    document: TOMLDocument, photo_id: str, type: str, file: str, also: Iterable[str] = ()
) -> TOMLDocument:
    """Pin a photo's bollard to a type; "" makes it a one-off on purpose.

    `also` are other ways to refer to the same bollard (its other photos, its key): what they say
    of its type is taken out, so that the file says one thing.
    """
    done = _set(document, ("bollards", photo_id, "type"), type, file)
    for reference in (photo_id, *also):
        done = _take_out(done, ("bollards", reference, "not"), type)
    for reference in also:
        done = _set(done, ("bollards", reference, "type"), None)
    return done


def unpin(document: TOMLDocument, photo_id: str, also: Iterable[str] = ()) -> TOMLDocument:
    """Leave the type of a photo's bollard to the program again."""
    for reference in (photo_id, *also):
        document = _set(document, ("bollards", reference, "type"), None)
    return document


def keep_out(
    document: TOMLDocument, photo_id: str, type: str, file: str, also: Iterable[str] = ()
) -> TOMLDocument:
    """Say that a photo's bollard does not belong to a type; a pin to it is taken out."""
    done = _put_in(document, ("bollards", photo_id, "not"), type, file)
    for reference in (photo_id, *also):
        said = document.unwrap().get("bollards", {}).get(reference, {})
        if said.get("type") == type:
            done = _set(done, ("bollards", reference, "type"), None)
    return done


def let_in(
    document: TOMLDocument, photo_id: str, type: str, also: Iterable[str] = ()
) -> TOMLDocument:
    """Take back that a photo's bollard does not belong to a type."""
    for reference in (photo_id, *also):
        document = _take_out(document, ("bollards", reference, "not"), type)
    return document


def hide(document: TOMLDocument, photo_id: str, hidden: bool, file: str) -> TOMLDocument:
    """Keep a photo off the site, or show it again."""
    return _set(document, ("photos", photo_id, "hidden"), True if hidden else None, file)


def choose_picture(
    document: TOMLDocument, type: str, photo_id: str, file: str = ""
) -> TOMLDocument:
    """Choose the photo that stands for a type; "" leaves the choice to the program."""
    done = _set(document, ("types", type, "picture"), photo_id or None)
    if photo_id and file:
        item = _table(done, ("types", type)).get("picture")
        cast(Item, item).comment(_one_line(file))
    return done


def note_lookalike(document: TOMLDocument, a: str, b: str, text: str) -> TOMLDocument:
    """Say how to tell type `a` from type `b`; "" takes the note out."""
    return _set(document, ("types", a, "lookalikes", b), text.strip() or None)


def correct_country(
    document: TOMLDocument, photo_id: str, code: str | None, file: str
) -> TOMLDocument:
    """Say where a photo's bollard stands: an ISO 3166-1 code, "" unknown, None as it was."""
    return _set(document, ("bollards", photo_id, "country"), code, file)


def put_in_family(document: TOMLDocument, family_id: str, name: str, type: str) -> TOMLDocument:
    """Make a type the last of a family, and of no other; "" as family takes it out of its own.

    A family that is new gets the name; the name of one that is there changes unless it is "".
    """
    families = document.unwrap().get("families", {})
    for other, said in families.items():
        if other != family_id and type in said.get("types", ()):
            document = _take_out(document, ("families", other, "types"), type, keep=True)
    if not family_id:
        return document
    if name.strip() or family_id not in families:
        document = _set(document, ("families", family_id, "name"), name.strip() or family_id)
    return _put_in(document, ("families", family_id, "types"), type)


def _copy(document: TOMLDocument) -> TOMLDocument:
    """The same document, in which what stands above a header belongs to that header.

    To tomlkit, blank lines and comments above a header end the table before it, so that they
    would stay behind where a table is put in between, and go with the wrong one.
    """
    done = tomlkit.parse(tomlkit.dumps(document))
    above: list[tuple[Any, Item]] = []
    body = done.body
    for table in _headed(done):
        text = "".join(item.as_string() for _, item in above)
        table.trivia.indent = text + table.trivia.indent
        above = []
        body = table.value.body
        while body and body[-1][0] is None and isinstance(body[-1][1], Comment | Whitespace):
            above.insert(0, body.pop())
        # Comments right below the last key are about this table.
        while above and not _is_blank(above[0][1]):
            body.append(above.pop(0))
    body.extend(above)
    return done


def _headed(container: Any) -> Iterable[Table]:
    """The tables that have a header of their own, in the order of the file."""
    for key, item in container.body:
        if isinstance(item, Table) and key is not None and not key.is_dotted():
            if not item.is_super_table():
                yield item
            yield from _headed(item.value)


def _is_blank(item: Item) -> bool:
    return isinstance(item, Whitespace) and "\n" in item.as_string()


def _set(document: TOMLDocument, path: _Path, value: object, file: str = "") -> TOMLDocument:
    """A document in which the value at a path is another one; None takes it out."""
    if value is None:
        return _without(document, path)
    done = _copy(document)
    table = _table(done, path[:-1], file)
    if path[-1] in table:
        table[path[-1]] = _item(value)
    else:
        _append(table, path[-1], _item(value))
    return done


def _without(document: TOMLDocument, path: _Path) -> TOMLDocument:
    """The document without a value, and without tables that only held it."""
    tables = _way(document, path)
    if len(tables) < len(path) or path[-1] not in tables[-1]:
        # Copying takes its time in a long file.
        return document
    done = _copy(document)
    tables = _way(done, path)
    for table, part in zip(reversed(tables[1:]), reversed(path), strict=False):
        del table[part]
        if len(table) or _says_more(table):
            # A document from which something was taken out loses count of what is left.
            return _copy(done)
    # By identity: a section that is written in several places has an entry for each.
    done.body[:] = [entry for entry in done.body if entry[1] is not tables[1]]
    return _copy(done)


def _put_in(document: TOMLDocument, path: _Path, word: str, file: str = "") -> TOMLDocument:
    """The document with a word more in a list, once."""
    done = _copy(document)
    table = _table(done, path[:-1], file)
    if path[-1] not in table:
        _append(table, path[-1], _item([word]))
    elif word not in table[path[-1]]:
        table[path[-1]].append(word)
    return done


def _take_out(
    document: TOMLDocument, path: _Path, word: str, *, keep: bool = False
) -> TOMLDocument:
    """The document with a word less in a list; an empty list goes unless it is to be kept."""
    tables = _way(document, (*path, ""))
    if len(tables) <= len(path) or word not in tables[-1]:
        return document
    done = _copy(document)
    table = _way(done, (*path, ""))[-1]
    while word in table:
        table.remove(word)
    return done if len(table) or keep else _without(done, path)


def _table(document: TOMLDocument, path: _Path, file: str = "") -> Any:
    """The table at a path, made where it is missing."""
    tables = _way(document, (*path, ""))
    here = tables[-1]
    for depth, part in enumerate(path):
        if depth < len(tables) - 1:
            continue
        if depth == 2:
            new: AbstractTable = tomlkit.inline_table()
        else:
            # "types" itself is never written: [types.ID] says it.
            new = tomlkit.table(is_super_table=depth == 0 and part != "merges")
            if document.as_string().strip():
                new.trivia.indent = "\n"
            if depth == 1 and file:
                new.comment(_one_line(file))
        # References are quoted throughout, whether they look like numbers or like paths.
        quoted = depth == 1 and path[0] in ("bollards", "photos")
        _append(here, SingleKey(part, KeyType.Basic) if quoted else part, new)
        here = new
    return here


def _way(document: TOMLDocument, path: _Path) -> list[Any]:
    """The document and the tables and lists that lead to a path, as far as there are any.

    A section such as "types" may be written in several places, with others between. Then tomlkit
    gives a copy of them all in one, so that the real ones are looked up here.
    """
    ways = []
    for key, item in document.body:
        if key is not None and key.key == path[0] and isinstance(item, MutableMapping):
            way: list[Any] = [document, item]
            for part in path[1:-1]:
                inner = way[-1].get(part) if isinstance(way[-1], MutableMapping) else None
                if not isinstance(inner, MutableMapping | MutableSequence):
                    break
                way.append(inner)
            ways.append(way)
    # The deepest, and of those the last in the file.
    return max(reversed(ways), key=len, default=[document])


def _append(table: Any, key: Key | str, item: Item) -> None:
    """Add a key after the last one; comments and blank lines at the table's end stay there."""
    body = table.value.body if isinstance(table, Table) else None
    if body is None or isinstance(item, Table):
        table.append(key, item)
        return
    tail = []
    while body and body[-1][0] is None:
        tail.append(body.pop())
    table.append(key, item)
    body.extend(reversed(tail))


def _says_more(table: MutableMapping[str, Any]) -> bool:
    """Whether a table without keys still holds a comment of a person's."""
    if not isinstance(table, Table):
        return False
    return "#" in table.trivia.indent or any(
        isinstance(item, Comment) for _, item in table.value.body
    )


def _item(value: object) -> Item:
    if isinstance(value, str) and "\n" in value:
        return tomlkit.string(value, multiline=True)
    return tomlkit.item(value)


def _one_line(text: str) -> str:
    """A file's name as a comment can hold it."""
    return " ".join(printable(text).split())
