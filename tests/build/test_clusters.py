"""Clusters are computed again exactly when something that they depend on has changed."""

from pathlib import Path

import numpy as np
import pytest

from generator.build import clusters as module
from generator.build.clusters import clusters
from generator.config import GroupSettings
from generator.group import FloatArray, views_of

IDS = [f"{number:02}" for number in range(40)]
BOLLARDS = [f"b{number // 2}" for number in range(40)]


def photos(seed: int) -> FloatArray:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(4, 8))
    vectors = centres[np.arange(40) // 10] + rng.normal(scale=0.05, size=(40, 8))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(unit, dtype=np.float32)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts how often the real clustering runs."""
    counted: list[int] = []
    real = module.cluster

    def counting(*arguments: object) -> dict[str, int]:
        counted.append(1)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "cluster", counting)
    return counted


def test_the_same_photos_in_any_order_are_grouped_once(tmp_path: Path, runs: list[int]) -> None:
    kept = tmp_path / "clusters.json"
    vectors = photos(1)
    first = clusters(vectors, IDS, views_of(IDS, BOLLARDS), GroupSettings(), None, "model", kept)
    ids, bollards = IDS[::-1], BOLLARDS[::-1]
    second = clusters(
        vectors[::-1], ids, views_of(ids, bollards), GroupSettings(), None, "model", kept
    )

    assert len(runs) == 1
    assert second == first
    assert len(set(first.values())) > 1


@pytest.mark.parametrize(
    "change", ["vectors", "settings", "views", "a photo less", "the embedder", "half a file"]
)
def test_any_change_groups_again(tmp_path: Path, runs: list[int], change: str) -> None:
    kept = tmp_path / "clusters.json"
    clusters(photos(1), IDS, views_of(IDS, BOLLARDS), GroupSettings(), None, "model", kept)

    if change == "vectors":
        clusters(photos(2), IDS, views_of(IDS, BOLLARDS), GroupSettings(), None, "model", kept)
    elif change == "settings":
        settings = GroupSettings(min_bollards=3)
        clusters(photos(1), IDS, views_of(IDS, BOLLARDS), settings, None, "model", kept)
    elif change == "views":
        clusters(photos(1), IDS, views_of(IDS, IDS), GroupSettings(), None, "model", kept)
    elif change == "the embedder":
        settings = GroupSettings()
        clusters(photos(1), IDS, views_of(IDS, BOLLARDS), settings, None, "another", kept)
    elif change == "a photo less":
        fewer = views_of(IDS[:-1], BOLLARDS[:-1])
        clusters(photos(1)[:-1], IDS[:-1], fewer, GroupSettings(), None, "model", kept)
    else:
        kept.write_text(kept.read_text()[:50])
        clusters(photos(1), IDS, views_of(IDS, BOLLARDS), GroupSettings(), None, "model", kept)

    assert len(runs) == 2
