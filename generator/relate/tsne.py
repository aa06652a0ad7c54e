"""A flat map of types: like ones near each other, and each where it was before.

The first map is made by t-distributed stochastic neighbour embedding (van der Maaten and Hinton
2008, "Visualizing Data using t-SNE"), begun from classical scaling (Torgerson 1952) instead of
chance. It keeps neighbours together much better than scaling alone, but a few new types can turn it
inside out. So places once given are kept by the caller, and newcomers are put among them.

Everything is rounded as it goes: the last bits of a sum differ between machines, and the same input
must give the same map.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Place = tuple[int, int]

# What 1 is in the map's whole numbers: the root mean square distance from its middle.
UNIT = 1000
# To how many others a type is drawn, softly counted. 5 to 15 give maps of like quality.
_PERPLEXITY = 8.0
_STEPS = 400
_EARLY = 100
# Fewer known places than this share of all are not worth bending a new map around.
_LEAST_KNOWN = 0.5
_DRAWN_TO = 3


def places(keys: Sequence[str], similarity: Floats, known: Mapping[str, Place]) -> dict[str, Place]:
    """Where each of `keys` lies.

    Args:
        keys: sorted, so that nothing depends on the order of input.
        similarity: float64 [n, n], their cosine similarities, rounded.
        known: places of an earlier map, which stay; those of other keys are left out.

    Returns:
        Whole numbers, UNIT times the root mean square distance from the middle; x to the right,
        y down.
    """
    kept = {key: known[key] for key in keys if key in known}
    if len(kept) < max(1.0, _LEAST_KNOWN * len(keys)):
        return dict(zip(keys, _whole(_map(similarity)), strict=True))
    old = [row for row, key in enumerate(keys) if key in kept]
    found = dict(kept)
    for row, key in enumerate(keys):
        if key not in found:
            found[key] = _among(similarity[row, old], [kept[keys[other]] for other in old])
    return found


def _map(similarity: Floats) -> Floats:
    count = len(similarity)
    if count < 4:
        # In a row, the most alike side by side is all that can be asked of three.
        return np.column_stack([np.arange(count) - (count - 1) / 2, np.zeros(count)])
    return _upright(_neighbour_embedding(similarity, _scaled(similarity)))


def _among(similarity: Floats, others: Sequence[Place]) -> Place:
    """Between the places of those it resembles most, nearest to the one that is most like it."""
    best = np.argsort(-similarity, kind="stable")[:_DRAWN_TO]
    weights = np.maximum(similarity[best] - similarity.min() + 0.01, 0.01) ** 4
    x, y = (np.array(others, dtype=np.float64)[best] * weights[:, None]).sum(axis=0) / weights.sum()
    return round(float(x)), round(float(y))


def _scaled(similarity: Floats) -> Floats:
    """Classical scaling to two dimensions of the squared distances 2 - 2 s."""
    squared = 2 - 2 * similarity
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean()
    values, vectors = np.linalg.eigh(-centred / 2)
    plane: Floats = vectors[:, :-3:-1] * np.sqrt(np.maximum(values[:-3:-1], 1e-9))
    return _faced(plane)


def _neighbour_embedding(similarity: Floats, start: Floats) -> Floats:
    """t-SNE by gradient descent with momentum, exact; fit for up to about a thousand rows."""
    count = len(similarity)
    wanted = _affinities(2 - 2 * similarity, min(_PERPLEXITY, (count - 1) / 2))
    place = start / max(float(start.std()), 1e-9) * 1e-2
    velocity = np.zeros_like(place)
    rate = max(count / 48, 2.0)
    for step in range(_STEPS):
        early = step < _EARLY
        x, y = place.T
        near = 1 / (1 + (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2)
        np.fill_diagonal(near, 0)
        pull = (wanted * (4 if early else 1) - near / near.sum()) * near
        # The sum over all others of pull times the way from them.
        gradient = 4 * (pull.sum(axis=1)[:, None] * place - pull @ place)
        velocity = (0.5 if early else 0.8) * velocity - rate * gradient
        place = np.round(place + velocity, 6)
        place = np.round(place - place.mean(axis=0), 6)
    return place


def _affinities(squared: Floats, perplexity: float) -> Floats:
    """How much each pair is drawn together: symmetric, rounded, in all 1 (t-SNE, section 2)."""
    count = len(squared)
    own = np.eye(count, dtype=bool)
    shifted = squared - np.where(own, np.inf, squared).min(axis=1)[:, None]
    np.fill_diagonal(shifted, 0)
    low, high = np.zeros(count), np.full(count, 1e4)
    for _ in range(40):
        sharpness = (low + high) / 2
        share = np.where(own, 0, np.exp(-shifted * sharpness[:, None]))
        share /= share.sum(axis=1)[:, None]
        entropy = -(share * np.log(np.maximum(share, 1e-12))).sum(axis=1)
        flat = entropy > np.log(perplexity)
        low, high = np.where(flat, sharpness, low), np.where(flat, high, sharpness)
    both: Floats = np.round((share + share.T) / (2 * count), 8)
    return both


def _upright(place: Floats) -> Floats:
    """Turned so that it is widest from left to right, as screens are."""
    place = place - place.mean(axis=0)
    _, axes = np.linalg.eigh(place.T @ place)
    return _faced(place @ axes[:, ::-1])


def _faced(place: Floats) -> Floats:
    """Mirrored so that the longer tail of each axis is on its positive side."""
    tails = np.round((place**3).sum(axis=0), 9)
    return place * np.where(tails < 0, -1, 1)


def _whole(place: Floats) -> list[Place]:
    spread = max(float(np.sqrt((place**2).sum(axis=1).mean())), 1e-9)
    return [(round(x), round(y)) for x, y in (place / spread * UNIT).tolist()]
