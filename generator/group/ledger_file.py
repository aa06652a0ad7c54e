"""Reads and writes ledger.json, in a form that diffs well. A damaged file is refused.

Only the ledger remembers the addresses of types, so a damaged one is never guessed at.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from generator.catalogue import Box
from generator.curve import Calibration
from generator.errors import BollardsError
from generator.group.ledger import Ledger
from generator.own_files import read_own_text

VERSION = 1
# The layout of types is some thousands of units wide; no valid coordinate is larger, and no number
# of a calibration.
_FARTHEST = 1_000_000
# The contact sheet's files have 16 bits for a column or row.
_LAST_CELL = 30_000
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def load_ledger(path: Path) -> Ledger:
    """Read ledger.json; a missing file is an empty ledger.

    Raises:
        BollardsError: the file is not a ledger, or a newer version of the program wrote it.
    """
    try:
        data = json.loads(read_own_text(path), object_pairs_hook=_each_key_once)
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        raise BollardsError(f"{path}: cannot be read: {error.strerror or error}.") from None
    except (ValueError, RecursionError) as error:
        raise BollardsError(_broken(path, str(error))) from None
    version = data.get("version") if isinstance(data, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BollardsError(_broken(path, f'"version" is not a number from 1 to {VERSION}'))
    if version > VERSION:
        raise BollardsError(
            f"{path}: written by a newer bollards (ledger version {version}; this one reads"
            f" up to {VERSION}). Update the program: `pip install --upgrade bollards`."
        )
    wrong = _mistake(data)
    if wrong:
        raise BollardsError(_broken(path, wrong))
    return Ledger(
        types={key: frozenset(photos) for key, photos in data["types"].items()},
        retired={key: frozenset(photos) for key, photos in data["retired"].items()},
        added=dict(data["added"]),
        moved=dict(data.get("moved", {})),
        places={key: (x, y) for key, (x, y) in data.get("places", {}).items()},
        cells={photo: (x, y) for photo, (x, y) in data.get("cells", {}).items()},
        undecided={key: frozenset(photos) for key, photos in data.get("undecided", {}).items()},
        files=dict(data.get("files", {})),
        hidden={entry: dict(photos) for entry, photos in data.get("hidden", {}).items()},
        salts=tuple(data.get("salts", ())),
        boxes={
            photo: {key: Box(*sides) for key, sides in own.items()}
            for photo, own in data.get("boxes", {}).items()
        },
        whole=frozenset(data["whole"]) if "whole" in data else None,
        bars=frozenset(data["bars"]) if "bars" in data else None,
        slugs=dict(data.get("slugs", {})),
        calibration=Calibration(*data["calibration"]) if "calibration" in data else None,
    )


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A table; ValueError if a key has two values, as after a merge in version control.

    Plain JSON parsing keeps only the last value, which would lose the addresses of the other.
    """
    table: dict[str, Any] = {}
    for key, value in pairs:
        if table.setdefault(key, value) != value:
            raise ValueError(f"the key {json.dumps(key)} is there twice, with different values")
    return table


def _mistake(data: Mapping[str, Any]) -> str:
    """The reason why a JSON object is not a valid ledger, or ""."""
    for table in ("types", "retired", "added"):
        if not isinstance(data.get(table), dict):
            return f'"{table}" is missing, or is not a table in braces'
    for table in ("moved", "undecided", "files", "hidden", "boxes", "slugs"):
        if not isinstance(data.get(table, {}), dict):
            return f'"{table}" is not a table in braces'
    living: dict[str, str] = {}
    for table in ("types", "retired", "undecided"):
        for key, photos in data.get(table, {}).items():
            # Ids become addresses and folders, so only a slug is accepted.
            if not _SLUG.fullmatch(key) and (table, key) != ("undecided", ""):
                return f'{table}: {json.dumps(key)} is not a type id such as "white-flat-post"'
            if not isinstance(photos, list) or not all(isinstance(one, str) for one in photos):
                return f'{table}: "{key}" is not a list of photo ids in quotes'
            if table == "types":
                for photo in photos:
                    if living.setdefault(photo, key) != key:
                        return f'photo {photo} is in two types, "{living[photo]}" and "{key}"'
    for key in data["types"]:
        if key in data["retired"]:
            return f'"{key}" is both in "types" and in "retired"'
    for file, photo in data.get("files", {}).items():
        if not isinstance(photo, str):
            return f"files: expected a photo id for {json.dumps(file)}; found {json.dumps(photo)}"
    for entry, photos in data.get("hidden", {}).items():
        marks = list(photos.values()) if isinstance(photos, dict) else [None]
        if not all(isinstance(one, str) and re.fullmatch(r"[0-9a-f]*", one) for one in marks):
            return f"hidden: expected photo ids with their hashes for {json.dumps(entry)}"
    for photo, boxes in data.get("boxes", {}).items():
        sides = list(boxes.values()) if isinstance(boxes, dict) else [None]
        if not all(isinstance(one, list) and [*map(type, one)] == [int] * 4 for one in sides):
            return f"boxes: expected ids with four whole numbers each for {json.dumps(photo)}"
    for key in ("whole", "bars"):
        photos = data.get(key, [])
        if not isinstance(photos, list) or not all(isinstance(one, str) for one in photos):
            return f'"{key}" is not a list of photo ids in quotes'
    salts = data.get("salts", [])
    if not isinstance(salts, list) or not all(isinstance(one, str) for one in salts):
        return '"salts" is not a list of texts'
    for old, new in data.get("moved", {}).items():
        if old not in data["retired"]:
            return f'moved: {json.dumps(old)} is not in "retired"'
        if not isinstance(new, str) or not _SLUG.fullmatch(new):
            return f'moved: expected a type id for "{old}"; found {json.dumps(new)}'
    for pair in data.get("slugs", {}).items():
        if not all(isinstance(one, str) and _SLUG.fullmatch(one) for one in pair):
            return f"slugs: expected two type ids; found {json.dumps(pair)}"
    wrong = _no_curve(data.get("calibration", [0, 0])) or _misplaced(
        "places", data.get("places", {}), _FARTHEST
    )
    wrong = wrong or _misplaced("cells", data.get("cells", {}), _LAST_CELL)
    if wrong:
        return wrong
    for photo, day in data["added"].items():
        try:
            date.fromisoformat(day)
        except (TypeError, ValueError):
            return (
                f'added: expected a day such as "2024-05-01" for {photo}; found {json.dumps(day)}'
            )
    return ""


def _misplaced(table: str, places: Any, farthest: int) -> str:
    """The first mistake in the positions of types or photos, or ""."""
    if not isinstance(places, dict):
        return f'"{table}" is not a table in braces'
    for key, place in places.items():
        whole = isinstance(place, list) and all(type(one) is int for one in place)
        if not whole or len(place) != 2 or max(map(abs, place)) > farthest:
            return f'{table}: expected two whole numbers for "{key}"; found {json.dumps(place)}'
    return ""


def _no_curve(curve: Any) -> str:
    """Why a value is no calibration, or ""."""
    numbers = isinstance(curve, list) and all(type(one) in (int, float) for one in curve)
    if numbers and len(curve) == 2 and all(abs(one) <= _FARTHEST for one in curve):
        return ""
    return f"calibration: expected two numbers; found {json.dumps(curve)}"


def dump_ledger(ledger: Ledger) -> str:
    """The text of ledger.json: sorted, one line a type, so that diffs are readable."""

    def table(members: Mapping[str, Iterable[str]]) -> str:
        rows = [
            f"  {json.dumps(key)}: {json.dumps(sorted(members[key]))}" for key in sorted(members)
        ]
        return "{\n" + ",\n".join(rows) + "\n }" if rows else "{}"

    def lines(pairs: Mapping[str, str]) -> str:
        rows = [f"  {json.dumps(key)}: {json.dumps(to)}" for key, to in sorted(pairs.items())]
        return "{\n" + ",\n".join(rows) + "\n }" if rows else "{}"

    def positions(pairs: Mapping[str, tuple[int, int]]) -> str:
        rows = [f"  {json.dumps(key)}: [{x}, {y}]" for key, (x, y) in sorted(pairs.items())]
        return "{\n" + ",\n".join(rows) + "\n }" if rows else "{}"

    return (
        f'{{\n "version": {VERSION},\n "types": {table(ledger.types)},\n'
        f' "retired": {table(ledger.retired)},\n "moved": {lines(ledger.moved)},\n'
        f' "places": {positions(ledger.places)},\n "cells": {positions(ledger.cells)},\n'
        f' "undecided": {table(ledger.undecided)},\n "added": {lines(ledger.added)},\n'
        f' "files": {lines(ledger.files)}{_rest(ledger)}\n}}\n'
    )


def _rest(ledger: Ledger) -> str:
    """The keys that some ledgers lack: hidden photos, salts, photos with several bollards, whole
    photos, chosen addresses, the curve.
    """
    text = ""
    if ledger.hidden:
        rows = [
            f"  {json.dumps(entry)}: {json.dumps(dict(sorted(photos.items())))}"
            for entry, photos in sorted(ledger.hidden.items())
        ]
        text += ',\n "hidden": {\n' + ",\n".join(rows) + "\n }"
    if ledger.salts:
        text += f',\n "salts": {json.dumps(list(ledger.salts))}'
    if ledger.boxes:
        rows = [
            f"  {json.dumps(photo)}: "
            + json.dumps(
                {
                    key: [one.left, one.top, one.right, one.bottom]
                    for key, one in sorted(own.items())
                }
            )
            for photo, own in sorted(ledger.boxes.items())
        ]
        text += ',\n "boxes": {\n' + ",\n".join(rows) + "\n }"
    if ledger.whole is not None:
        text += f',\n "whole": {json.dumps(sorted(ledger.whole))}'
    if ledger.bars is not None:
        text += f',\n "bars": {json.dumps(sorted(ledger.bars))}'
    if ledger.slugs:
        text += f',\n "slugs": {json.dumps(dict(sorted(ledger.slugs.items())))}'
    if ledger.calibration is not None:
        curve = ledger.calibration
        text += f',\n "calibration": {json.dumps([curve.intercept, curve.slope])}'
    return text


def _broken(path: Path, reason: str) -> str:
    return (
        f"{path}: cannot be read as a ledger: {reason}.\n"
        "  Take the last good one from version control. Deleting it also works, but then types"
        " get new ids and addresses."
    )
