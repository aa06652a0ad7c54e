"""Splits types that differ in attributes that distinguish countries; joins types that are equal.

Both look at the recogniser's attributes alone. Clustering averages them; a visitor does not: a post
with a red reflector is of another country than the same post with an orange one.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from generator.group import ONE_OFF
from generator.vectors import FloatArray
from generator.vocabulary import SURELY, TELLING, Probabilities

IntArray = NDArray[np.int64]
# Two clusters are joined when each of their attributes is likelier than not and the same.
_LIKELY = 0.5


def told_apart(labels: IntArray, described: Sequence[Probabilities], least: int) -> IntArray:
    """The clusters after splits and joins.

    A cluster is split by an attribute of which at least two values are sure (`SURELY`) of `least`
    bollards each. Its other bollards go to the value that is likeliest for them. Two clusters are
    joined when all their attributes are likely and equal: no word could tell them apart.

    Args:
        labels: int64 [n], the cluster of each bollard, `ONE_OFF` for unsorted ones.
        described: for each bollard {attribute: {value: probability}}.
        least: the smallest group that counts as a type.
    """
    if not len(labels) or not all(name in described[0] for name in TELLING):
        return labels
    tables = {
        name: np.array([list(one[name].values()) for one in described], dtype=np.float32)
        for name in TELLING
    }
    return _joined(_split(labels, tables, least), tables)


def _split(labels: IntArray, tables: dict[str, FloatArray], least: int) -> IntArray:
    result = labels.copy()
    fresh = int(labels.max()) + 1
    queue = sorted(set(labels.tolist()) - {ONE_OFF})
    while queue:
        members = np.flatnonzero(result == queue.pop())
        for name in TELLING:
            shown = tables[name][members]
            sure = shown.max(axis=1) >= SURELY
            counts = Counter(shown.argmax(axis=1)[sure].tolist())
            values = sorted(value for value, count in counts.items() if count >= least)
            if len(values) < 2:
                continue
            chosen = np.array(values)[shown[:, values].argmax(axis=1)]
            for value in values:
                result[members[chosen == value]] = fresh
                queue.append(fresh)
                fresh += 1
            break
    return result


def _joined(labels: IntArray, tables: dict[str, FloatArray]) -> IntArray:
    result = labels.copy()
    first: dict[tuple[int, ...], int] = {}
    for label in sorted(set(labels.tolist()) - {ONE_OFF}):
        members = labels == label
        means = [tables[name][members].mean(axis=0) for name in TELLING]
        if all(mean.max() >= _LIKELY for mean in means):
            look = tuple(int(mean.argmax()) for mean in means)
            result[members] = first.setdefault(look, label)
    return result
