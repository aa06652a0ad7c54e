"""Approximate indexes find nearly the same neighbours, in the same order, each time."""

import numpy as np
import pytest

from generator import plugins
from generator.config import RelateSettings
from generator.relate.index import load_finder
from generator.relate.similarity import neighbours


def vectors(count: int) -> np.ndarray:
    """Vectors in clusters, as those of photos are: float32 [count, 32], unit rows."""
    rng = np.random.default_rng(7)
    middles = rng.normal(size=(60, 32))
    rows = middles[rng.integers(0, 60, count)] + 0.5 * rng.normal(size=(count, 32))
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return np.ascontiguousarray(unit, np.float32)


@pytest.mark.parametrize("name", ["faiss", "usearch"])
def test_an_index_finds_nearly_all_neighbours_and_ranks_them_exactly(name: str) -> None:
    rows = vectors(1500)
    ids = [f"{row:05}" for row in range(len(rows))]
    pictures = [one if row % 50 else ids[row - 1] for row, one in enumerate(ids)]
    exact = neighbours(ids, rows, 12, pictures)
    found = neighbours(ids, rows, 12, pictures, load_finder(name))
    shared = [len({*one} & {*two}) / 12 for one, two in zip(exact, found, strict=True)]
    assert np.mean(shared) > 0.99
    assert np.mean([one == two for one, two in zip(exact, found, strict=True)]) > 0.95
    assert found == neighbours(ids, rows, 12, pictures, load_finder(name))


@pytest.mark.parametrize("name", ["faiss", "usearch"])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_tiny_collection_has_fewer_neighbours_than_asked(name: str, count: int) -> None:
    ids = [str(one) for one in range(count)]
    found = neighbours(ids, vectors(count), 12, finder=load_finder(name))
    assert found == neighbours(ids, vectors(count), 12)


def test_exact_comparison_needs_no_package_and_other_names_are_explained() -> None:
    assert load_finder("exact") is None and RelateSettings().index == "exact"
    with pytest.raises(ValueError, match="an installed neighbour index"):
        RelateSettings(index="fais")
    with pytest.raises(plugins.UnknownNameError, match='Did you mean "faiss"'):
        load_finder("fais")
