"""Edits curation.toml with tomlkit: sets and removes values, and keeps comments and layout.

`put`, `enlist` and `strike` change a document in place, which must come from `copied`.
"""

from collections.abc import Iterable, MutableMapping, MutableSequence
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import (
    AbstractTable,
    Comment,
    InlineTable,
    Item,
    Key,
    KeyType,
    SingleKey,
    Table,
    Whitespace,
)

from generator.errors import printable

Keys = tuple[str, ...]


def copied(document: TOMLDocument) -> TOMLDocument:
    """The same document, with the text above each header attached to that header.

    To tomlkit, blank lines and comments above a header end the previous table. They would stay
    behind when a table is inserted between, and disappear with the wrong table.
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


def without(document: TOMLDocument, *paths: Keys) -> TOMLDocument:
    """The document without some values, and without tables that had only these."""
    there = [path for path in dict.fromkeys(paths) if _is_there(document, path)]
    if not there:
        # Copying a long file takes time.
        return document
    done = copied(document)
    for path in there:
        tables = _way(done, path)
        del tables[-1][path[-1]]
        for outer, table, part in zip(tables[-2::-1], tables[:0:-1], path[-2::-1], strict=True):
            if len(table) or _says_more(table):
                break
            if isinstance(outer, InlineTable):
                del outer[part]
            else:
                # By identity: a table that is written in several places has an entry for each.
                body = _body(outer)
                body[:] = [entry for entry in body if entry[1] is not table]
    # tomlkit miscounts the rest of a document from which something was removed.
    return copied(done)


def _is_there(document: TOMLDocument, path: Keys) -> bool:
    tables = _way(document, path)
    return len(tables) == len(path) and path[-1] in tables[-1]


def put(document: TOMLDocument, path: Keys, value: object, file: str = "") -> None:
    """Set a value."""
    table = table_at(document, path[:-1], file)
    if path[-1] in table:
        table[path[-1]] = _item(value)
    else:
        _append(table, path[-1], _item(value))


def enlist(document: TOMLDocument, path: Keys, word: str, file: str = "") -> None:
    """Put a word into a list, once."""
    table = table_at(document, path[:-1], file)
    if path[-1] not in table:
        _append(table, path[-1], _item([word]))
    elif word not in table[path[-1]]:
        table[path[-1]].append(word)


def strike(document: TOMLDocument, paths: Iterable[Keys], word: str) -> list[Keys]:
    """Remove a word from lists; returns the lists that are now empty."""
    empty = []
    for path in paths:
        tables = _way(document, (*path, ""))
        if len(tables) > len(path) and word in tables[-1]:
            while word in tables[-1]:
                tables[-1].remove(word)
            if not len(tables[-1]):
                empty.append(path)
    return empty


def table_at(document: TOMLDocument, path: Keys, file: str = "") -> Any:
    """The table at a path, created if it is missing."""
    tables = _way(document, (*path, ""))
    here = tables[-1]
    for depth, part in enumerate(path):
        if depth < len(tables) - 1:
            continue
        # Countries of a type get headers of their own, unless the owner wrote them in braces.
        headed = depth < 2 or (path[2] == "countries" and isinstance(here, Table))
        if not headed:
            new: AbstractTable = tomlkit.inline_table()
        else:
            # "types" itself is never written: [types.ID] implies it.
            implied = (depth == 0 and part != "merges") or (depth == 2)
            new = tomlkit.table(is_super_table=implied)
            if document.as_string().strip():
                new.trivia.indent = "\n"
            if depth == 1 and file:
                new.comment(one_line(file))
        # References are quoted throughout, whether they look like numbers or like paths.
        quoted = depth == 1 and path[0] in ("bollards", "photos")
        _append(here, SingleKey(part, KeyType.Basic) if quoted else part, new)
        here = new
    return here


def _way(document: TOMLDocument, path: Keys) -> list[Any]:
    """The document and the tables and lists along a path, as far as they exist.

    A table such as "types" may be written in several places, with others between. tomlkit then
    returns a merged copy of them, so the real ones are looked up here.
    """

    def worth(way: list[Any]) -> tuple[int, bool, bool]:
        last = way[-1]
        has_value = len(way) == len(path) and path[-1] in last
        # A table that only its own tables imply would get a second header.
        return len(way), has_value, not (isinstance(last, Table) and last.is_super_table())

    ways = [way for way in _ways([document], path[:-1]) if len(way) > 1]
    # Of equal ones, the last in the file.
    return max(reversed(ways), key=worth, default=[document])


def _ways(way: list[Any], path: Keys) -> Iterable[list[Any]]:
    """All ways along a path that begin with one, each as far as it goes."""
    found = False
    if path and isinstance(way[-1], MutableMapping):
        for key, item in _body(way[-1]):
            is_part = key is not None and key.key == path[0]
            if is_part and isinstance(item, MutableMapping | MutableSequence):
                found = True
                yield from _ways([*way, item], path[1:])
    if not found:
        yield way


def _body(table: Any) -> list[tuple[Any, Any]]:
    body: list[tuple[Any, Any]] = (table if isinstance(table, TOMLDocument) else table.value).body
    return body


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
    """Whether a table without keys still has one of the owner's comments."""
    if not isinstance(table, Table):
        return False
    return "#" in table.trivia.indent or any(
        isinstance(item, Comment) for _, item in table.value.body
    )


def _item(value: object) -> Item:
    if isinstance(value, str) and "\n" in value:
        return tomlkit.string(value, multiline=True)
    return tomlkit.item(value)


def one_line(text: str) -> str:
    """A file's name in a form that fits in a comment."""
    return " ".join(printable(text).split())
