"""Labelled pictures as arrays, the same for real photos and rendered scenes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from generator.evaluate.labels import Label
from generator.vocabulary import VOCABULARY

Pixels = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Collection:
    """n pictures of bollards with their labels.

    canvases: uint8 [n, h, w, 3]; masks: uint8 [n, h, w], 255 on the bollard; bollards and groups
    (countries): int64 [n], equal where the same; values: for each attribute the place of its
    value in the vocabulary, int64 [n], -1 where not known.
    """

    canvases: Pixels
    masks: Pixels
    bollards: Rows
    groups: Rows
    values: Mapping[str, Rows]

    def __len__(self) -> int:
        return len(self.canvases)


def codes(labels: Sequence[Label]) -> dict[str, Rows]:
    """Each attribute's values as places in the vocabulary, int64 [n]; -1 where not known."""
    return {
        name: np.array(
            [
                values.index(label.values[name]) if label.values[name] in values else -1
                for label in labels
            ],
            np.int64,
        )
        for name, values in VOCABULARY.items()
    }
