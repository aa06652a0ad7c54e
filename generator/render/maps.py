"""The parts of the world that a page shows, and the marks of its countries."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.catalogue import Country, CountryShare
from generator.render.world import Place, World, equal_earth

LEVELS = 4
"""Steps of a map's colour, from few to most."""

# Degrees: south, west, north, east. The map's buttons zoom to these. They are set by hand, because
# a view of all countries of Europe would show mostly Siberia.
_REGIONS: Mapping[str, tuple[float, float, float, float]] = {
    "EU": (35, -12, 68, 36),
    "AS": (-9, 30, 58, 146),
    "AF": (-36, -19, 38, 53),
    "NA": (7, -135, 66, -52),
    "SA": (-56, -82, 13, -34),
    "OC": (-48, 110, 18, 189),
}
_SOUTH_END = -57.0
_NORTH_END = 83.7
# A map of one country shows at least this much around it: about as much as Europe is wide.
_LEAST_WIDTH = 640
_RATIO = 2.0
_WORLD_WIDTH = 2100
# A country that is smaller than this part of a view's width is hard to see, so it gets a dot.
_SMALL = 1 / 80
_DOT = 1 / 160
# The ring around a small country that a map is about: a dot is lost on a map as wide as a thumb.
_RING = 1 / 36
# With this many dots on one continent, it gets a map of its own.
_CROWD = 4


@dataclass(frozen=True, slots=True)
class View:
    """A part of the map in map units."""

    left: int
    top: int
    width: int
    height: int

    @property
    def box(self) -> str:
        """As an SVG's `viewBox`."""
        return f"{self.left} {self.top} {self.width} {self.height}"

    @property
    def dot(self) -> int:
        """The radius of a dot that is easily seen in this view."""
        return max(1, round(self.width * _DOT))

    @property
    def ring(self) -> int:
        """The radius of a ring that is seen where this view is very small on the page."""
        return round(self.width * _RING)


@dataclass(frozen=True, slots=True)
class Mark:
    """One country on a map.

    Attributes:
        level: 1 to `LEVELS`, or another number with a meaning for the page.
        drawn: whether it has an outline to be coloured.
        dotted: whether it needs a dot to be seen.
        ringed: whether the map is about it, and it is lost without a ring.
    """

    code: str
    name: str
    level: int
    place: Place
    drawn: bool
    dotted: bool
    ringed: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    """A view and the countries marked in it; `detail` enlarges a part with many small ones.

    `pole` is true if the view includes Antarctica.
    """

    view: View
    marks: tuple[Mark, ...]
    pole: bool = False
    detail: "Map | None" = None


def whole(world: World, codes: Iterable[str | None] = ()) -> View:
    """The whole map: without Antarctica, unless it is among `codes`."""
    south = -90.0 if "AQ" in set(codes) else _SOUTH_END
    left, right = world.sides
    top, bottom = round(equal_earth(_NORTH_END, 11)[1]), round(equal_earth(south, 11)[1])
    return View(left - 10, top - 10, right - left + 20, bottom - top + 20)


def regions() -> dict[str, View]:
    """The views that a visitor can choose, by continent (see `generator.language.continents`)."""
    views = {}
    for name, (south, west, north, east) in _REGIONS.items():
        steps = [west + (east - west) * step / 8 for step in range(9)]
        edge = [equal_earth(latitude, step) for latitude in (south, north) for step in steps]
        left, right = min(x for x, _ in edge), max(x for x, _ in edge)
        top, bottom = min(y for _, y in edge), max(y for _, y in edge)
        views[name] = _shaped(left, top, right, bottom, ratio=0.0)
    return views


def fitted(world: World, codes: Sequence[str]) -> View:
    """The smallest view, twice as wide as high, that shows all of some countries well."""
    boxes = [world.places[code] for code in codes if code in world.places]
    if not boxes or "AQ" in codes:
        return whole(world, codes)
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
    margin = 0.06 * max(right - left, bottom - top)
    full = whole(world)
    view = _shaped(left - margin, top - margin, right + margin, bottom + margin, ratio=_RATIO)
    if view.width > _WORLD_WIDTH:
        return full
    # Never beyond the edges of the map, where it is empty.
    x = min(max(view.left, full.left), full.left + full.width - view.width)
    y = min(max(view.top, full.top), full.top + full.height - view.height)
    return View(x, y, view.width, view.height)


def share_map(world: World, shares: Sequence[CountryShare]) -> Map | None:
    """A type's countries, darker for more bollards; None if no country is known."""
    known = [share for share in shares if share.code in world.places]
    if not known:
        return None
    most = max(share.bollards for share in known)
    levels = {share.code or "": _level(share.bollards, most) for share in known}
    names = {share.code or "": share.name for share in known}
    map = _map(world, fitted(world, list(levels)), levels, names)
    return replace(map, detail=_detail(world, map, levels, names))


def place_map(world: World, country: Country, kin: Iterable[Country] = ()) -> Map | None:
    """A country, and in a pale colour those that have something in common with it."""
    if country.code is None or country.code not in world.places:
        return None
    known = [other for other in kin if other.code in world.places]
    levels = {other.code or "": 1 for other in known} | {country.code: LEVELS}
    names = {other.code or "": other.name for other in (*known, country)}
    return _ringed(_map(world, fitted(world, [country.code]), levels, names), [country.code])


def pair_map(world: World, countries: Sequence[Country]) -> Map | None:
    """Countries that are compared; the first is darkest. None if none of them is on the map."""
    known = [country for country in countries if country.code in world.places]
    if not known:
        return None
    levels = {
        country.code or "": max(1, LEVELS - 2 * position) for position, country in enumerate(known)
    }
    names = {country.code or "": country.name for country in known}
    return _ringed(_map(world, fitted(world, list(levels)), levels, names), levels)


def _ringed(map: Map, codes: Collection[str]) -> Map:
    """With rings around those of some countries that have a dot."""
    marks = (replace(mark, ringed=mark.dotted and mark.code in codes) for mark in map.marks)
    return replace(map, marks=tuple(marks))


def world_map(world: World, counts: Mapping[str, int], names: Mapping[str, str]) -> Map:
    """The whole world with each country at the level of its count, the lowest for 0."""
    most = max((1, *counts.values()))
    levels = {code: _level(count, most) for code, count in counts.items() if code in world.places}
    return _map(world, whole(world, counts), levels, names)


def is_small(place: Place, view: View) -> bool:
    """Whether a country can hardly be seen in a view."""
    return place.extent < view.width * _SMALL


def _detail(
    world: World, map: Map, levels: Mapping[str, int], names: Mapping[str, str]
) -> Map | None:
    """The continent with most dots, if the map is too wide to tell them apart."""
    if map.view.width <= _WORLD_WIDTH:
        return None
    best = None
    for view in regions().values():
        inside = [mark.code for mark in map.marks if _holds(view, mark.place)]
        dots = sum(mark.dotted for mark in map.marks if mark.code in inside)
        if dots >= _CROWD and (best is None or dots > best[0]):
            best = dots, view, inside
    if best is None:
        return None
    _, view, inside = best
    return _map(world, view, {code: levels[code] for code in inside}, names)


def _holds(view: View, place: Place) -> bool:
    return (
        view.left <= place.x <= view.left + view.width
        and view.top <= place.y <= view.top + view.height
    )


def _level(count: int, most: int) -> int:
    """1 to `LEVELS`, by the square root, so that one large count does not make all others pale."""
    return max(1, math.ceil(LEVELS * math.sqrt(count / most) - 1e-9))


def _map(world: World, view: View, levels: Mapping[str, int], names: Mapping[str, str]) -> Map:
    marks = [
        Mark(
            code=code,
            name=names[code],
            level=level,
            place=world.places[code],
            drawn=code in world.drawn,
            dotted=is_small(world.places[code], view),
        )
        for code, level in levels.items()
    ]
    # Dots last, the lowest first: later drawings are on top.
    marks.sort(key=lambda mark: (mark.dotted, mark.level, mark.code))
    return Map(view, tuple(marks), pole=view.top + view.height > 1000)


def _shaped(left: float, top: float, right: float, bottom: float, ratio: float) -> View:
    """A box enlarged around its centre to the least width and, if not 0, to an aspect ratio."""
    width, height = max(right - left, _LEAST_WIDTH), bottom - top
    if ratio:
        width = max(width, height * ratio)
        height = width / ratio
    x, y = (left + right) / 2, (top + bottom) / 2
    return View(round(x - width / 2), round(y - height / 2), round(width), round(height))
