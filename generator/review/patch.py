"""The change of one decision to curation.toml, for undo and redo.

A change is kept twice: as text, which restores the file exactly if nothing else was written in
between, and as values by key, which can be undone whatever else was written since, by hand or from
another window.
"""

import hashlib
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import InlineTable, Table

# TOML has no null, so None can mean "missing".
Value = Any


class ConflictError(Exception):
    """A value has changed since; `path` is its key."""

    def __init__(self, path: tuple[str, ...]) -> None:
        super().__init__(".".join(path))
        self.path = path


@dataclass(frozen=True, slots=True)
class Step:
    """One changed value; `before` or `after` is None if the key is missing."""

    path: tuple[str, ...]
    before: Value
    after: Value

    def reversed(self) -> "Step":
        return Step(self.path, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Slice:
    """The one stretch of a text in which two versions differ."""

    start: int
    before: str
    after: str

    def reversed(self) -> "Slice":
        return Slice(self.start, self.after, self.before)

    def apply(self, text: str) -> str:
        return text[: self.start] + self.after + text[self.start + len(self.before) :]


def digest(text: str) -> str:
    """The version of a text, as windows and the history identify it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def slice_of(before: str, after: str) -> Slice:
    """The shortest stretch that turns one text into the other."""
    shortest = min(len(before), len(after))
    start = 0
    while start < shortest and before[start] == after[start]:
        start += 1
    end = 0
    while end < shortest - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return Slice(start, before[start : len(before) - end], after[start : len(after) - end])


def difference(
    before: Mapping[str, Value], after: Mapping[str, Value], path: tuple[str, ...] = ()
) -> list[Step]:
    """The values that differ, tables compared key by key and lists as a whole."""
    steps: list[Step] = []
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if _is_table(old) or _is_table(new):
            left = old if isinstance(old, Mapping) else {}
            right = new if isinstance(new, Mapping) else {}
            inner = difference(left, right, (*path, key))
            if inner and (old is None or new is None or (_is_table(old) and _is_table(new))):
                steps += inner
                continue
        steps.append(Step((*path, key), old, new))
    return steps


def apply(document: TOMLDocument, steps: Sequence[Step]) -> TOMLDocument:
    """The document with the changes; its comments and layout stay.

    Raises:
        ConflictError: one of the values has changed since.
    """
    data = document.unwrap()
    for step in steps:
        if value_at(data, step.path) != step.before:
            raise ConflictError(step.path)
    for step in steps:
        if step.after is None:
            _remove(document, step.path)
            # tomlkit miscounts the other tables of a document from which one was removed.
            document = tomlkit.parse(tomlkit.dumps(document))
        else:
            _set(document, step.path, step.after)
    return document


def value_at(data: Mapping[str, Value], path: Sequence[str]) -> Value:
    """The value of a key in tables of tables, or None."""
    value: Value = data
    for key in path:
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    return value


def _is_table(value: Value) -> bool:
    return isinstance(value, Mapping) and bool(value)


def _set(document: TOMLDocument, path: Sequence[str], value: Value) -> None:
    table: MutableMapping[str, Any] = document
    for key in path[:-1]:
        if key not in table:
            table[key] = {}
        table = table[key]
    table[path[-1]] = value


def _remove(document: TOMLDocument, path: Sequence[str]) -> None:
    tables: list[MutableMapping[str, Any]] = [document]
    for key in path[:-1]:
        tables.append(tables[-1][key])
    del tables[-1][path[-1]]
    # A table with nothing left except perhaps the owner's comment.
    for depth in range(len(path) - 2, -1, -1):
        inner = tables[depth + 1]
        if len(inner) or _has_comments(inner):
            break
        del tables[depth][path[depth]]


def _has_comments(table: MutableMapping[str, Any]) -> bool:
    if isinstance(table, InlineTable) or not isinstance(table, Table):
        return False
    return "#" in table.as_string()
