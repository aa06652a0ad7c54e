"""A two-dimensional layout of types: similar ones are near each other, and known ones stay.

The first layout is made by t-distributed stochastic neighbour embedding (van der Maaten and Hinton
2008, "Visualizing Data using t-SNE"), initialised by classical scaling (Torgerson 1952) instead of
randomly. t-SNE preserves neighbourhoods much better than scaling alone, but a few new types can
turn its result inside out. So the caller keeps the positions, and new types are put among them.

Everything is rounded as it goes: the last bits of a sum differ between machines, and the same input
must give the same layout.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Place = tuple[int, int]

# Layout coordinates are integers; this many units are the root mean square distance from the
# middle.
UNIT = 1000
# The perplexity of t-SNE: how many others attract a type. 5 to 15 give layouts of similar quality.
_PERPLEXITY = 8.0
_STEPS = 400
_EARLY = 100
# If fewer than this share of all have a position, a new layout is made without them.
_LEAST_KNOWN = 0.5
_DRAWN_TO = 3
# With more rows than this, t-SNE takes minutes and gigabytes. Then it draws so many, and the others
# are put among them.
_MOST = 1500


def places(keys: Sequence[str], similarity: Floats, known: Mapping[str, Place]) -> dict[str, Place]:
    """The position of each of `keys`.

    Args:
        keys: sorted, so that nothing depends on the order of input.
        similarity: float64 [n, n], their cosine similarities, rounded.
        known: positions in an earlier layout, which stay; those of other keys are left out.

    Returns:
        In the order of `keys`: whole numbers, UNIT times the root mean square distance from the
        middle; x to the right, y down.
    """
    kept = {key: known[key] for key in keys if key in known}
    if len(kept) < max(1.0, _LEAST_KNOWN * len(keys)):
        first = list(range(0, len(keys), max(1, math.ceil(len(keys) / _MOST))))
        drawn = _whole(_map(similarity[np.ix_(first, first)]))
        kept = dict(zip([keys[row] for row in first], drawn, strict=True))
    old = [row for row, key in enumerate(keys) if key in kept]
    found = dict(kept)
    for row, key in enumerate(keys):
        if key not in found:
            found[key] = _among(similarity[row, old], [kept[keys[other]] for other in old])
    return {key: found[key] for key in keys}


def _map(similarity: Floats) -> Floats:
    count = len(similarity)
    if count < 4:
        # Up to three points are put in a row, the most similar side by side.
        return np.column_stack([np.arange(count) - (count - 1) / 2, np.zeros(count)])
    return _upright(_neighbour_embedding(similarity, _scaled(similarity)))


def _among(similarity: Floats, others: Sequence[Place]) -> Place:
    """A position between the most similar known ones, nearest to the one that is most similar."""
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
    """t-SNE by gradient descent with momentum, exact; suitable for up to about a thousand rows."""
    count = len(similarity)
    wanted = _affinities(2 - 2 * similarity, min(_PERPLEXITY, (count - 1) / 2))
    points = start / max(float(start.std()), 1e-9) * 1e-2
    velocity = np.zeros_like(points)
    rate = max(count / 48, 2.0)
    for step in range(_STEPS):
        early = step < _EARLY
        x, y = points.T
        near = 1 / (1 + (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2)
        np.fill_diagonal(near, 0)
        pull = (wanted * (4 if early else 1) - near / near.sum()) * near
        # The sum over all others of pull times the vector from them.
        gradient = 4 * (pull.sum(axis=1)[:, None] * points - pull @ points)
        velocity = (0.5 if early else 0.8) * velocity - rate * gradient
        points = np.round(points + velocity, 6)
        points = np.round(points - points.mean(axis=0), 6)
    return points


def _affinities(squared: Floats, perplexity: float) -> Floats:
    """The attraction of each pair: symmetric, rounded, with sum 1 (t-SNE, section 2)."""
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


def _upright(points: Floats) -> Floats:
    """Rotated so that it is widest from left to right, as screens are."""
    points = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(points.T @ points)
    return _faced(points @ axes[:, ::-1])


def _faced(points: Floats) -> Floats:
    """Mirrored so that the longer tail of each axis is on its positive side."""
    tails = np.round((points**3).sum(axis=0), 9)
    return points * np.where(tails < 0, -1, 1)


def _whole(points: Floats) -> list[Place]:
    spread = max(float(np.sqrt((points**2).sum(axis=1).mean())), 1e-9)
    return [(round(x), round(y)) for x, y in (points / spread * UNIT).tolist()]
