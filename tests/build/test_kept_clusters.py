"""Clusters are computed again exactly when something that they depend on has changed."""

from pathlib import Path

import numpy as np
import pytest

from generator.build import kept_clusters as module
from generator.build.kept_clusters import kept_clusters
from generator.config import GroupSettings
from generator.vectors import FloatArray, unit_rows
from tests.rows import photo_rows

IDS = [f"{number:02}" for number in range(40)]
BOLLARDS = [f"b{number // 2}" for number in range(40)]


def photos(seed: int) -> FloatArray:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(4, 8))
    vectors = centres[np.arange(40) // 10] + rng.normal(scale=0.05, size=(40, 8))
    return unit_rows(vectors)


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
    first = kept_clusters(photo_rows(IDS, BOLLARDS, vectors), GroupSettings(), kept)
    ids, bollards = IDS[::-1], BOLLARDS[::-1]
    second = kept_clusters(photo_rows(ids, bollards, vectors[::-1]), GroupSettings(), kept)

    assert len(runs) == 1
    assert second == first
    assert len(set(first.values())) > 1


@pytest.mark.parametrize(
    "change", ["vectors", "settings", "views", "a photo less", "the embedder", "half a file"]
)
def test_any_change_causes_a_new_grouping(tmp_path: Path, runs: list[int], change: str) -> None:
    kept = tmp_path / "clusters.json"
    kept_clusters(photo_rows(IDS, BOLLARDS, photos(1)), GroupSettings(), kept)

    if change == "vectors":
        kept_clusters(photo_rows(IDS, BOLLARDS, photos(2)), GroupSettings(), kept)
    elif change == "settings":
        settings = GroupSettings(min_bollards=3)
        kept_clusters(photo_rows(IDS, BOLLARDS, photos(1)), settings, kept)
    elif change == "views":
        kept_clusters(photo_rows(IDS, IDS, photos(1)), GroupSettings(), kept)
    elif change == "the embedder":
        another = photo_rows(IDS, BOLLARDS, photos(1), embedder="another")
        kept_clusters(another, GroupSettings(), kept)
    elif change == "a photo less":
        fewer = photo_rows(IDS[:-1], BOLLARDS[:-1], photos(1)[:-1])
        kept_clusters(fewer, GroupSettings(), kept)
    else:
        kept.write_text(kept.read_text()[:50])
        kept_clusters(photo_rows(IDS, BOLLARDS, photos(1)), GroupSettings(), kept)

    assert len(runs) == 2
