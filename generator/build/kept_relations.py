"""Keeps how photos and types relate, so that an edit of words does not compare all photos again."""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from generator.catalogue import Lookalike, Neighbour
from generator.config import RelateSettings
from generator.group.ledger import Ledger
from generator.keep import read_checked, write_checked
from generator.relate import Relations, relate
from generator.relate.index import EXACT
from generator.relate.layout import Layout
from generator.relate.similarity import Pair
from generator.render.program_digest import program_digest
from generator.rows import PhotoRows


def kept_relations(
    rows: PhotoRows,
    types: Mapping[str, frozenset[str]],
    notes: Mapping[tuple[str, str], str],
    settings: RelateSettings,
    ledger: Ledger,
    kept: Path,
) -> Relations:
    """The same as `relate`, from the file `kept` if it has the answer.

    Args:
        rows, types, notes, settings: see `relate`.
        ledger: has the layout of the last build.
        kept: a file in the cache folder; only a shortcut.
    """
    known = Layout(ledger.places, ledger.cells)
    if settings.index != EXACT:
        # The index is another package's, and its code is not in the key.
        return relate(rows, types, notes, settings, known.places, known.cells)
    made_from = _made_from(rows, types, notes, settings)
    key = _key(made_from, known)
    with contextlib.suppress(FileNotFoundError, ValueError, KeyError, TypeError):
        data = json.loads(read_checked(kept))
        if data["key"] == key:
            return _read(data)
    found = relate(rows, types, notes, settings, known.places, known.cells)
    # The next build knows this layout, and with it `relate` gives the same.
    content = _written(found) | {"key": _key(made_from, found.layout)}
    write_checked(kept, json.dumps(content, separators=(",", ":")).encode())
    return found


def _made_from(
    rows: PhotoRows,
    types: Mapping[str, frozenset[str]],
    notes: Mapping[tuple[str, str], str],
    settings: RelateSettings,
) -> bytes:
    """A digest of everything that relations depend on besides the layout, including the code."""
    facts = [
        [program_digest(), np.__version__, settings.model_dump()],
        [rows.ids, rows.bollards, rows.pictures, str(rows.embeddings.dtype)],
        [[key, sorted(types[key])] for key in sorted(types)],
        [[*pair, note] for pair, note in sorted(notes.items())],
        rows.described,
    ]
    digest = hashlib.sha256(json.dumps(facts).encode())
    digest.update(np.ascontiguousarray(rows.embeddings).tobytes())
    return digest.digest()


def _key(made_from: bytes, layout: Layout) -> str:
    places = [sorted(layout.places.items()), sorted(layout.cells.items())]
    return hashlib.sha256(made_from + json.dumps(places).encode()).hexdigest()


def _written(found: Relations) -> dict[str, Any]:
    return {
        "neighbours": [[[one.photo, one.score] for one in near] for near in found.neighbours],
        "lookalikes": {
            key: [[one.type, one.score, one.note] for one in alike]
            for key, alike in found.lookalikes.items()
        },
        "order": list(found.order),
        "duplicates": [[pair.a, pair.b, pair.score] for pair in found.duplicates],
        "places": dict(found.layout.places),
        "cells": dict(found.layout.cells),
    }


def _read(data: Mapping[str, Any]) -> Relations:
    return Relations(
        neighbours=[tuple(Neighbour(*one) for one in near) for near in data["neighbours"]],
        lookalikes={
            key: tuple(Lookalike(*one) for one in alike)
            for key, alike in data["lookalikes"].items()
        },
        order=data["order"],
        duplicates=[Pair(*one) for one in data["duplicates"]],
        layout=Layout(
            {key: (x, y) for key, (x, y) in data["places"].items()},
            {key: (x, y) for key, (x, y) in data["cells"].items()},
        ),
    )
