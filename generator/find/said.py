"""Words that describers have said about photos, for searching by words."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.config import Settings
from generator.describe import Description
from generator.describe.photos import kept_by_photo
from generator.project import Project
from generator.published import Published

# A caption has no scores; its words count as those of a rather sure label.
_OF_CAPTION = 0.8
_WORD = re.compile(r"\w+")
_PLURAL_FROM = 4


@dataclass(frozen=True)
class Said:
    """The words about each photo of the index, with their scores, 0 to 1; most have none."""

    rows: Sequence[Mapping[str, float]]

    def knows(self, word: str) -> bool:
        """Whether a word, or one of several, was said about any photo."""
        return any(one in row for one in _words(word) for row in self.rows)

    def fit(self, text: str) -> NDArray[np.float64] | None:
        """How well each photo fits a text, 0 to 1: float64 [n]; None if nothing was said of it.

        The mean of its words' scores, weighted by how rare each word is (the inverse document
        frequency), so that "a" and "and" decide nothing.
        """
        count = len(self.rows)
        asked = dict.fromkeys(_words(text))
        found = {word: sum(word in row for row in self.rows) for word in asked}
        if not any(found.values()):
            return None
        weights = {word: math.log((count + 1) / (times + 0.5)) for word, times in found.items()}
        total = sum(weights.values())
        return np.asarray(
            [sum(row.get(word, 0) * weights[word] for word in asked) / total for row in self.rows]
        )


def said_about(ids: Sequence[str], site: Published, project: Project, settings: Settings) -> Said:
    """The kept answers about the photos of an index.

    Args:
        ids: the photo of each row.
        site: the published site.
        project: the site project.
        settings: of the project.
    """
    words = {key: _said(answers) for key, answers in kept_by_photo(project, settings).items()}
    return Said([words.get(site.photos[key].picture, {}) for key in ids])


def _said(answers: Sequence[Description]) -> dict[str, float]:
    found: dict[str, float] = {}
    for answer in answers:
        scored = [(answer.caption, _OF_CAPTION)]
        scored += [(label.name, label.score) for label in answer.labels]
        for text, score in scored:
            for word in _words(text):
                found[word] = max(found.get(word, 0.0), score)
    return found


def _words(text: str) -> list[str]:
    """The words of a text in lower case, English plurals as singulars."""
    words = _WORD.findall(text.casefold())
    return [
        word.removesuffix("s") if len(word) >= _PLURAL_FROM and not word.endswith("ss") else word
        for word in words
    ]
