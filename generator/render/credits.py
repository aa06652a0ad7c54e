"""Whose photos a page shows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from generator.catalogue import Photo


@dataclass(frozen=True, slots=True)
class Credit:
    """The credit and licence of a page's photos; either may be unknown."""

    credit: str | None
    licence: str | None


def credits(photos: Iterable[Photo]) -> tuple[Credit, ...]:
    """The distinct credits and licences of photos, those with most photos first."""
    counts = Counter(Credit(photo.credit, photo.licence) for photo in photos)
    return tuple(
        sorted(counts, key=lambda one: (-counts[one], one.credit or "", one.licence or ""))
    )
