"""The novelty threshold: below it, a query photo resembles nothing in the collection."""

from collections.abc import Iterable, Sequence

from generator.catalogue import Neighbour

# Fewer bollards than this do not show the usual similarity.
_FEWEST = 30
_SHARE = 0.01


def familiarity(
    bollards: Sequence[str], neighbours: Iterable[Sequence[Neighbour]], photos: Sequence[str]
) -> float:
    """The similarity that nearly every photo has with its nearest photo of another bollard.

    A query photo whose nearest photo is less similar shows nothing that is in the collection. The
    threshold is the 1st percentile in the collection itself, so that it fits any embedder. On
    1,387 photos it is 0.64, and 1 of 100 posts in street views stays below it.

    Args:
        bollards: of each photo, the key of the bollard that it shows.
        neighbours: of each photo, nearest first.
        photos: the ids, in the same order.

    Returns:
        A cosine similarity; -1 if the collection is too small.
    """
    bollard_of = dict(zip(photos, bollards, strict=True))
    best = sorted(
        next((near.score for near in found if bollard_of[near.photo] != own), -1.0)
        for own, found in zip(bollards, neighbours, strict=True)
    )
    if len(set(bollards)) < _FEWEST:
        return -1.0
    return best[int(len(best) * _SHARE)]
