"""Photos are compared again exactly when something that their relations depend on has changed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from generator.build import kept_relations as module
from generator.build.kept_relations import kept_relations
from generator.config import RelateSettings
from generator.group.ledger import Ledger
from generator.relate import Relations, relate
from generator.rows import PhotoRows
from generator.vectors import unit_rows
from tests.rows import photo_rows

IDS = [f"{number:02}" for number in range(40)]
TYPES = {"white-post": frozenset(IDS[:20]), "red-post": frozenset(IDS[20:34])}
NOTES = {("white-post", "red-post"): "See the colour."}


def rows(seed: int = 1) -> PhotoRows:
    vectors = unit_rows(np.random.default_rng(seed).normal(size=(40, 8)).astype(np.float32))
    return photo_rows(IDS, [f"b{number // 2}" for number in range(40)], vectors)


def next_ledger(found: Relations) -> Ledger:
    return Ledger(places=found.layout.places, cells=found.layout.cells)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts how often photos are really compared."""
    counted: list[int] = []

    def counting(*arguments: object) -> Relations:
        counted.append(1)
        return relate(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "relate", counting)
    return counted


def test_the_next_build_finds_the_same_relations_without_comparing(
    tmp_path: Path, runs: list[int]
) -> None:
    kept = tmp_path / "relations.json"
    first = kept_relations(rows(), TYPES, NOTES, RelateSettings(), Ledger(), kept)
    ledger = next_ledger(first)

    again = kept_relations(rows(), TYPES, NOTES, RelateSettings(), ledger, kept)

    assert len(runs) == 1
    assert again == first
    assert again == relate(rows(), TYPES, NOTES, RelateSettings(), ledger.places, ledger.cells)


@pytest.mark.parametrize(
    "change", ["vectors", "types", "notes", "settings", "attributes", "layout", "half a file"]
)
def test_any_change_compares_the_photos_again(tmp_path: Path, runs: list[int], change: str) -> None:
    kept = tmp_path / "relations.json"
    first = kept_relations(rows(), TYPES, NOTES, RelateSettings(), Ledger(), kept)
    table, types, notes, settings = rows(), dict(TYPES), dict(NOTES), RelateSettings()
    ledger = next_ledger(first)
    if change == "vectors":
        table = rows(2)
    elif change == "types":
        types["red-post"] = types["red-post"] | {"39"}
    elif change == "notes":
        notes = {}
    elif change == "settings":
        settings = RelateSettings(neighbours=13)
    elif change == "attributes":
        table = replace(table, described=tuple({"form": {"pole": 1.0}} for _ in IDS))
    elif change == "layout":
        ledger = Ledger()
    else:
        kept.write_bytes(kept.read_bytes()[:99])

    found = kept_relations(table, types, notes, settings, ledger, kept)

    assert len(runs) == 2
    assert found == relate(table, types, notes, settings, ledger.places, ledger.cells)
