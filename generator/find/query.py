"""What is asked of a collection: words and pictures with their weights, and filters."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.errors import BollardsError
from generator.published import PublishedPhoto

_EARTH_KM = 6371.0
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_WEIGHTED = re.compile(r"(?P<weight>\d+(\.\d+)?):(?P<rest>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a query.

    Attributes:
        place: a file or an address.
        weight: how much it counts beside the other terms, greater than 0.
    """

    place: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Area:
    """A circle on the earth: its centre in degrees and its radius in km."""

    latitude: float
    longitude: float
    radius: float

    def holds(self, latitude: float, longitude: float) -> bool:
        """Whether a position is within it, by the haversine formula."""
        one, other = math.radians(self.latitude), math.radians(latitude)
        across = math.radians(longitude - self.longitude)
        half = math.sin((other - one) / 2) ** 2
        half += math.cos(one) * math.cos(other) * math.sin(across / 2) ** 2
        return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half))) <= self.radius


@dataclass(frozen=True, slots=True)
class Filters:
    """Which photos are asked for; an empty filter takes all.

    Attributes:
        countries: codes.
        regions: names or codes as the collection has them.
        types: ids; None among them stands for unsorted bollards.
        taken: the first and the last date, each ISO 8601 and perhaps "" for no limit.
        near: where they stand.
    """

    countries: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    types: frozenset[str | None] = frozenset()
    taken: tuple[str, str] | None = None
    near: Area | None = None

    def takes(
        self, photo: PublishedPhoto, positions: Mapping[str, tuple[float, float]] | None = None
    ) -> bool:
        """Whether a photo is asked for; `positions` by file, in degrees."""
        if self.countries and photo.country not in self.countries:
            return False
        if self.regions and not self.regions & {photo.region, photo.region_code}:
            return False
        if self.types and photo.type not in self.types:
            return False
        if self.taken and not _overlaps(photo.taken, self.taken):
            return False
        if self.near:
            position = (positions or {}).get(photo.file)
            return position is not None and self.near.holds(*position)
        return True


@dataclass(frozen=True, slots=True)
class Query:
    """Everything that is asked.

    Attributes:
        words: what the photos show, or "".
        without: what they do not show.
        like, unlike: pictures that they resemble, or do not.
        filters: which photos are compared.
    """

    words: str = ""
    without: tuple[str, ...] = ()
    like: tuple[Picture, ...] = ()
    unlike: tuple[Picture, ...] = ()
    filters: Filters = Filters()


def picture(text: str) -> Picture:
    """ "photo.jpg" or "0.5:photo.jpg" (a weight, a colon, a file or address) -> the picture.

    Raises:
        BollardsError: the weight is not from above 0 to 100.
    """
    found = _WEIGHTED.fullmatch(text)
    if not found:
        return Picture(text)
    weight = float(found["weight"])
    if not 0 < weight <= 100:
        raise BollardsError(f"{text}: expected a weight above 0 and up to 100; found {weight:g}.")
    return Picture(found["rest"], weight)


def dates(text: str) -> tuple[str, str]:
    """ "2020..2023", "2021-05..", "..2019" or "2022" -> the first and the last date.

    Raises:
        BollardsError: it is none of these, or the last date is before the first.
    """
    first, dots, last = text.strip().partition("..")
    last = last if dots else first
    if not (first or last) or not all(_DATE.fullmatch(one) for one in (first, last) if one):
        raise BollardsError(
            f"--taken: expected a date or two with .. between, such as 2020..2023 or 2021-05-01..;"
            f' found "{text}".'
        )
    if first and last and _latest(last) < first:
        raise BollardsError(f"--taken: {last} is before {first}. Write the earlier date first.")
    return first, last


def area(text: str) -> Area:
    """ "48.2,16.4,50" (degrees north, degrees east, km) -> the circle.

    Raises:
        BollardsError: it is not.
    """
    try:
        latitude, longitude, radius = (float(one) for one in text.split(","))
    except ValueError:
        latitude = math.nan
    else:
        if abs(latitude) <= 90 and abs(longitude) <= 180 and 0 < radius <= 20_100:
            return Area(latitude, longitude, radius)
    raise BollardsError(
        "--near: expected a latitude from -90 to 90, a longitude from -180 to 180 and a distance in"
        f' km, such as 48.2,16.4,50; found "{text}".'
    )


def said(query: Query) -> Sequence[str]:
    """The parts of a query in words, for the page of results."""
    parts = [f'"{query.words}"'] if query.words else []
    parts += [f"like {_with_weight(one)}" for one in query.like]
    parts += [f"unlike {_with_weight(one)}" for one in query.unlike]
    parts += [f'without "{one}"' for one in query.without]
    return parts


def _with_weight(one: Picture) -> str:
    return one.place if one.weight == 1 else f"{one.place} (weight {one.weight:g})"


def _overlaps(taken: str | None, span: tuple[str, str]) -> bool:
    """Whether a date, perhaps only a month or year, may lie within a span."""
    if not taken:
        return False
    first, last = span
    return (not first or _latest(taken) >= first) and (not last or taken <= _latest(last))


def _latest(date: str) -> str:
    """The last day that a year, month or day can be, for comparison as text."""
    return date + "9999-99-99"[len(date) :]
