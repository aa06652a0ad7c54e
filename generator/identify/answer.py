"""The answer to a query photo, countries first, as the command and the identify page give it.

It names up to three countries, each with a plain word that says how sure it is, and their nearest
bollards, whose attributes tell the countries apart. The browser does the same
(static/js/collection.js).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.catalogue import Trait
from generator.identify.vote import MOST, Score
from generator.own_looks import Telltale, decisive, own_look, telltales
from generator.sureness import COUNTRIES, WORTH, Sureness, sureness


@dataclass(frozen=True, slots=True)
class CountryAnswer:
    """One country of an answer.

    Attributes:
        code: of the country.
        sureness: how sure it is, as a word.
        bollards: the rows of the collection that show its nearest bollards: the most similar
            bollard first, and of each the most similar photo.
    """

    code: str
    sureness: Sureness
    bollards: tuple[tuple[int, ...], ...]


def countries_first(
    scores: Sequence[Score],
    similarity: NDArray[np.floating],
    bollards: Sequence[str],
    countries: Sequence[str | None],
) -> tuple[CountryAnswer, ...]:
    """The countries that an answer names, best first.

    Args:
        scores: the probabilities of all countries, best first.
        similarity: of the query to each photo of the collection, float [n].
        bollards, countries: those of each photo.
    """
    named = [one for place, one in enumerate(scores[:COUNTRIES]) if not place or one.score >= WORTH]
    order = sorted(range(len(bollards)), key=lambda row: -similarity[row])
    found = []
    for one in named:
        rows: dict[str, list[int]] = {}
        for row in order:
            if countries[row] == one.key:
                rows.setdefault(bollards[row], []).append(row)
        nearest = tuple(tuple(views) for views in list(rows.values())[:MOST])
        found.append(CountryAnswer(one.key, sureness(one.score, named[0].score), nearest))
    return tuple(found)


def what_decides(
    answer: Sequence[CountryAnswer], attributes: Mapping[int, Mapping[str, Trait]]
) -> Telltale | None:
    """The one difference that tells the first country from the others; None if none is sure.

    Args:
        answer: the result of `countries_first`.
        attributes: those of each row of its bollards.
    """
    if len(answer) < 2:
        return None
    looks = {
        one.code: own_look([attributes[row] for row in rows] for rows in one.bollards)
        for one in answer
    }
    return decisive(telltales(looks), answer[0].code)
