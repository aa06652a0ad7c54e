"""Learns an attribute from labelled photos: regularised multinomial logistic regression.

The strength of the regularisation and the temperature of the probabilities (Guo et al., "On
Calibration of Modern Neural Networks", 2017) are those with the smallest log loss in
cross-validation. All views of a bollard are in one fold. Nothing is drawn by chance: the same
photos and labels give the same result.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.vectors import FloatArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST = 3
"""A value with fewer labelled bollards is not learnt."""
_FOLDS = 5
_PENALTIES = (1.0, 0.1, 0.01, 0.001)
_TEMPERATURES = tuple(2.0 ** (step / 2) for step in range(6, -7, -1))
# Differences of the log loss below this are rounding errors; then the earlier candidate, which is
# more modest, wins.
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt of one attribute.

    Attributes:
        values: those that it can tell.
        middle: float64 [d], the mean of the labelled vectors.
        spread: their root mean square distance from it.
        weight, bias: float64 [d, values] and [values], already divided by the temperature.
        modesty: the part of the probability that is spread over all values evenly. By the rule of
            succession, somebody who was right n times out of n is right again with a probability
            of (n + 1) / (n + 2).
        right, tested: bollards told rightly in cross-validation, and all of them.
    """

    values: tuple[str, ...]
    middle: Floats
    spread: float
    weight: Floats
    bias: Floats
    modesty: float
    right: int
    tested: int

    def chances(self, embeddings: FloatArray) -> Floats:
        """The probability of each value: float32 [n, d] -> float64 [n, values]."""
        scaled = (embeddings.astype(np.float64) - self.middle) / self.spread
        sure = _softmax(scaled @ self.weight + self.bias)
        return (1 - self.modesty) * sure + self.modesty / len(self.values)


def learn(
    embeddings: FloatArray, labels: Sequence[str], bollards: Sequence[str], values: Sequence[str]
) -> Learnt | None:
    """Learn from labelled photos, or None if they teach nothing.

    They teach nothing if fewer than two values have `LEAST` bollards, or if guessing the most
    common value would be right as often.

    Args:
        embeddings: float32 [n, d], rows of unit length.
        labels: the value of each.
        bollards: the key of the bollard that each shows.
        values: all values of the attribute, in their order.
    """
    value_of = dict(zip(bollards, labels, strict=True))
    counts = Counter(value_of.values())
    known = tuple(value for value in values if counts[value] >= LEAST)
    if len(known) < 2:
        return None
    rows = np.array([row for row, label in enumerate(labels) if label in known])
    vectors = embeddings[rows].astype(np.float64)
    targets = np.array([known.index(labels[row]) for row in rows])
    groups = [bollards[row] for row in rows]
    middle = vectors.mean(axis=0)
    spread = float(np.sqrt(np.square(vectors - middle).sum(axis=1).mean()))
    if spread < 1e-6:
        return None
    scaled = (vectors - middle) / spread
    folds = _folds(groups, targets, min(_FOLDS, *(counts[value] for value in known)))
    penalty, temperature, logits = _chosen(scaled, targets, folds, len(known))
    right, tested = _score(logits, targets, groups)
    if right <= max(counts[value] for value in known):
        return None
    weight, bias = _fit(scaled, targets, len(known), penalty)
    return Learnt(
        known,
        middle,
        spread,
        weight / temperature,
        bias / temperature,
        len(known) / (len(known) - 1) / (tested + 2),
        right,
        tested,
    )


def _folds(groups: Sequence[str], targets: Ints, count: int) -> Ints:
    """The fold of each row: bollards of each value go to the folds in turn."""
    fold_of: dict[str, int] = {}
    seen: Counter[int] = Counter()
    for group, target in zip(groups, targets.tolist(), strict=True):
        if group not in fold_of:
            fold_of[group] = seen[target] % count
            seen[target] += 1
    return np.array([fold_of[group] for group in groups])


def _chosen(scaled: Floats, targets: Ints, folds: Ints, values: int) -> tuple[float, float, Floats]:
    """The penalty and the temperature of the smallest log loss, and the logits for it [n, values].

    The logits of each row are those of a fit without its fold.
    """
    best: tuple[float, float, float, Floats] | None = None
    for penalty in _PENALTIES:
        logits = np.zeros((len(scaled), values))
        for fold in sorted(set(folds.tolist())):
            out = folds == fold
            weight, bias = _fit(scaled[~out], targets[~out], values, penalty)
            logits[out] = scaled[out] @ weight + bias
        for temperature in _TEMPERATURES:
            chances = _softmax(logits / temperature)[np.arange(len(targets)), targets]
            loss = round(float(-np.log(np.maximum(chances, 1e-12)).mean()), _DECIMALS)
            if best is None or loss < best[0]:
                best = loss, penalty, temperature, logits
    assert best is not None
    return best[1:]


def _score(logits: Floats, targets: Ints, groups: Sequence[str]) -> tuple[int, int]:
    """How many bollards are told rightly by the sum of their views, and how many there are."""
    total: dict[str, Floats] = {}
    target_of = dict(zip(groups, targets.tolist(), strict=True))
    for group, row in zip(groups, _softmax(logits), strict=True):
        total[group] = total.get(group, 0.0) + row
    right = sum(int(total[group].argmax()) == target for group, target in target_of.items())
    return right, len(target_of)


def _fit(scaled: Floats, targets: Ints, values: int, penalty: float) -> tuple[Floats, Floats]:
    """Weights [d, values] and biases [values] of the smallest mean log loss plus penalty.

    The penalty is half of `penalty` times the sum of the squared weights, without the biases. The
    best weights lie in the span of the rows, so that the search needs only as many dimensions.
    """
    from scipy.optimize import minimize

    _, sizes, directions = np.linalg.svd(scaled, full_matrices=False)
    basis = directions[sizes > 1e-9 * sizes[0]]
    inside = scaled @ basis.T
    count, width = inside.shape
    wanted = np.eye(values)[targets]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weight, bias = flat[: width * values].reshape(width, values), flat[width * values :]
        chances = _softmax(inside @ weight + bias)
        wrong = (chances - wanted) / count
        right = np.maximum(chances[np.arange(count), targets], 1e-300)
        total = -np.log(right).mean() + penalty / 2 * np.square(weight).sum()
        slope = np.concatenate([(inside.T @ wrong + penalty * weight).ravel(), wrong.sum(axis=0)])
        return float(total), slope

    found = minimize(loss, np.zeros((width + 1) * values), jac=True, method="L-BFGS-B")
    weight = found.x[: width * values].reshape(width, values)
    return basis.T @ weight, found.x[width * values :]


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
