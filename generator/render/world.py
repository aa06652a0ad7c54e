"""The world as one small drawing that every map of the site shares.

Outlines come from Natural Earth (public domain) in the npm package world-atlas: TopoJSON whose
features are named by ISO 3166-1 numeric codes. They are decoded, projected, simplified, rounded,
and published as one SVG file in which each country is a path with its code as id. Pages show and
colour them by reference (`<use href="world.svg#DE">`).
"""

import hashlib
import heapq
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.keep import kept

Point = tuple[int, int]
Ring = list[Point]
Polygon = list[Ring]

WIDTH = 4000
"""Units from the western to the eastern end of the equator."""

# The central meridian. The map's edges are then at 169° W, in the Bering Strait, where they cut no
# country but Antarctica.
_MIDDLE = 11.0

# Raise this when the code below gives another drawing.
_RECIPE = 2
# Corners whose triangle is smaller than this (square units) are left out, and so are islands.
_LEAST_CORNER = 8.0
_LEAST_ISLAND = 20.0

# Places that the outlines do not name, as latitude and longitude in degrees, from works in the
# public domain: the tz database (zone.tab); for Bouvet, Heard and Jan Mayen the CIA World Factbook.
# Outlines of another country near them are theirs: French Guiana is drawn as a part of France.
_PLACES: Mapping[str, tuple[tuple[float, float], ...]] = {
    "BQ": ((12.15, -68.28),),
    "BV": ((-54.43, 3.4),),
    "CC": ((-12.17, 96.92),),
    "CX": ((-10.42, 105.72),),
    "GF": ((4.93, -52.33),),
    "GI": ((36.13, -5.35),),
    "GP": ((16.23, -61.53),),
    "HM": ((-53.1, 72.52),),
    "MQ": ((14.6, -61.08),),
    "RE": ((-20.87, 55.47),),
    "SJ": ((78.0, 16.0), (71.0, -8.0)),
    "TK": ((-9.37, -171.23),),
    "TV": ((-8.52, 179.22),),
    "UM": ((28.22, -177.37), (19.28, 166.62)),
    "YT": ((-12.78, 45.23),),
}
_NEAR = 4.0
_NAMELESS = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO", "Indian Ocean Ter.": "CC"}


@dataclass(frozen=True, slots=True)
class Place:
    """A country's position on the map: its centre, and the box around its largest part."""

    x: int
    y: int
    left: int
    top: int
    right: int
    bottom: int

    @property
    def extent(self) -> int:
        """The longer side of the box; 0 for a place without an outline."""
        return max(self.right - self.left, self.bottom - self.top)


@dataclass(frozen=True)
class World:
    """The drawing and its countries.

    Attributes:
        svg: the file: `#land` is everything except Antarctica, `#DE` one country.
        places: every ISO 3166-1 alpha-2 code, and XK for Kosovo.
        drawn: the codes with an outline; the others have a dot only.
        borders: the countries with a land border with each code, as far as the outlines have them:
            at this scale they lack the shortest ones (Gibraltar, Ceuta and Melilla, Hans Island).
    """

    svg: str
    places: Mapping[str, Place]
    drawn: frozenset[str]
    borders: Mapping[str, tuple[str, ...]]

    @cached_property
    def sides(self) -> tuple[int, int]:
        """The left and the right end of all countries."""
        places = self.places.values()
        return min(place.left for place in places), max(place.right for place in places)


def equal_earth(latitude: float, longitude: float) -> tuple[float, float]:
    """Project degrees to map units, x to the right and y down; 0,0 is the middle of the equator.

    The Equal Earth projection preserves areas, as a map of counts should: B. Šavrič, T. Patterson,
    B. Jenny, "The Equal Earth map projection", International Journal of Geographical Information
    Science 33:3 (2019), doi 10.1080/13658816.2018.1504949.
    """
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    m = math.sqrt(3) / 2
    theta = math.asin(m * math.sin(math.radians(latitude)))
    two = theta * theta
    six = two * two * two
    east = (longitude - _MIDDLE + 180) % 360 - 180
    x = math.radians(east) * math.cos(theta)
    x /= m * (a1 + 3 * a2 * two + six * (7 * a3 + 9 * a4 * two))
    y = theta * (a1 + a2 * two + six * (a3 + a4 * two))
    scale = WIDTH * m * a1 / (2 * math.pi)
    return x * scale, -y * scale


def load_world(source: Path, cache: Path | None = None) -> World:
    """The world from `countries-50m.json` in `source`; drawn once, then kept in `cache`."""
    raw = (source / "countries-50m.json").read_bytes()
    name = hashlib.sha256(f"{_RECIPE} {WIDTH} ".encode() + raw).hexdigest()[:16]
    path = cache / f"{name}.json" if cache else None
    return _from_json(json.loads(kept(path, lambda: _drawn(raw))))


def _drawn(raw: bytes) -> bytes:
    return _to_json(draw_world(json.loads(raw))).encode()


def draw_world(topology: Mapping[str, Any]) -> World:
    """Decode, project, simplify and draw a TopoJSON topology with an object `countries`."""
    arcs = _arcs(topology)
    shapes: dict[str, list[Polygon]] = {}
    owners: dict[int, set[str]] = {}
    for feature in topology["objects"]["countries"]["geometries"]:
        owner = _owner(feature)
        for rings in _polygons(feature):
            degrees, polygon = _assembled(rings, arcs)
            code = _nearby(owner, degrees)
            shapes.setdefault(code, []).append(polygon)
            for index in itertools.chain.from_iterable(rings):
                owners.setdefault(index if index >= 0 else ~index, set()).add(code)
    paths: dict[str, str] = {}
    places: dict[str, Place] = {}
    for code in sorted(shapes):
        polygons = sorted(shapes[code], key=lambda polygon: -_area(polygon[0]))
        if code:
            places[code] = _place(polygons[0][0])
        kept = [
            [ring for ring in polygon if len(ring) > 3 and _area(ring) >= _LEAST_ISLAND]
            for polygon in polygons
        ]
        if not any(kept) and len(polygons[0][0]) > 3 and _area(polygons[0][0]):
            # A small country keeps its largest island, whatever its size.
            kept = [polygons[0][:1]]
        path = "".join(_path(ring) for polygon in kept for ring in polygon)
        if path:
            paths[code] = path
    for code, positions in _PLACES.items():
        if code not in places:
            x, y = (round(value) for value in equal_earth(*positions[0]))
            places[code] = Place(x, y, x, y, x, y)
    return World(
        _svg(paths),
        dict(sorted(places.items())),
        frozenset(paths) - {""},
        _borders(owners.values()),
    )


def _borders(owners: Iterable[set[str]]) -> dict[str, tuple[str, ...]]:
    """The neighbours of each code: a border is an arc that is part of two countries' outlines.

    Coasts have one owner. Arcs of a topology are shared, never drawn twice (TopoJSON specification,
    section 1.1), so equality is enough.
    """
    found: dict[str, set[str]] = {}
    for codes in owners:
        for code in codes - {""}:
            found.setdefault(code, set()).update(codes - {"", code})
    return {code: tuple(sorted(found[code])) for code in sorted(found) if found[code]}


def _owner(feature: Mapping[str, Any]) -> str:
    """Alpha-2 code of a feature; "" for land without an owner in ISO 3166-1."""
    import pycountry

    number = feature.get("id")
    if number is None:
        return _NAMELESS.get(feature["properties"]["name"], "")
    found = pycountry.countries.get(numeric=str(number).zfill(3))
    return str(found.alpha_2) if found else ""


def _nearby(owner: str, degrees: Sequence[tuple[float, float]]) -> str:
    """The code of the listed place that an outline belongs to, or else its owner's code."""
    latitude = sum(point[0] for point in degrees) / len(degrees)
    longitude = sum(point[1] for point in degrees) / len(degrees)

    def distance(position: tuple[float, float]) -> float:
        east = (longitude - position[1]) * math.cos(math.radians(position[0]))
        return math.hypot(latitude - position[0], east)

    if owner not in ("AU", "CC", "FR", "NL", "NO", "NZ"):
        return owner
    best, code = min(
        (distance(position), code) for code, positions in _PLACES.items() for position in positions
    )
    return code if best < _NEAR else owner


def _arcs(topology: Mapping[str, Any]) -> list[tuple[list[tuple[float, float]], Ring]]:
    """Each arc in degrees (latitude, longitude) and, simplified, in map units.

    Arcs are differences of quantised positions (the TopoJSON format specification, 2.1.3).
    Neighbours share the arcs between them, so they still fit together after simplification.
    """
    (scale_x, scale_y) = topology["transform"]["scale"]
    (move_x, move_y) = topology["transform"]["translate"]
    result = []
    for arc in topology["arcs"]:
        x = y = 0
        degrees: list[tuple[float, float]] = []
        ring: Ring = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            place = (y * scale_y + move_y, x * scale_x + move_x)
            degrees.append(place)
            east, south = equal_earth(*place)
            point = (round(east), round(south))
            if not ring or point != ring[-1]:
                ring.append(point)
        result.append((degrees, simplified(ring, _LEAST_CORNER)))
    return result


def _polygons(feature: Mapping[str, Any]) -> Iterable[list[list[int]]]:
    if feature["type"] == "Polygon":
        return [feature["arcs"]]
    return feature["arcs"] if feature["type"] == "MultiPolygon" else []


def _assembled(
    rings: list[list[int]], arcs: Sequence[tuple[list[tuple[float, float]], Ring]]
) -> tuple[list[tuple[float, float]], Polygon]:
    """The outer ring in degrees and all rings in map units; a negative arc runs backwards."""
    polygon: Polygon = []
    for number in rings:
        ring: Ring = []
        for index in number:
            part = arcs[index][1] if index >= 0 else arcs[~index][1][::-1]
            ring += part[1:] if ring and part[0] == ring[-1] else part
        polygon.append(_within_the_edges(ring))
    outer = [arcs[index if index >= 0 else ~index][0] for index in rings[0]]
    return [place for part in outer for place in part], polygon


def _within_the_edges(ring: Ring) -> Ring:
    """A ring that crosses the edge of the map, redrawn on one side of it.

    Antarctica's ring goes around the South Pole and is led along the edge; an Aleutian island is
    folded over the edge, by less than a unit.
    """
    if not any(abs(a[0] - b[0]) > WIDTH // 2 for a, b in itertools.pairwise(ring)):
        return ring
    edge, bottom = (abs(round(value)) for value in equal_earth(-90, _MIDDLE + 180))
    if max(y for _, y in ring) < bottom * 0.8:
        side = 1 if sum(x > 0 for x, _ in ring) * 2 > len(ring) else -1
        return [(side * abs(x), y) for x, y in ring]
    result: Ring = []
    for point in ring:
        if result and abs(point[0] - result[-1][0]) > WIDTH // 2:
            side = 1 if result[-1][0] > 0 else -1
            result += [(side * edge, bottom), (-side * edge, bottom)]
        result.append(point)
    return result


def simplified(line: Ring, least: float) -> Ring:
    """Remove the corners that matter least; both ends stay.

    M. Visvalingam, J. D. Whyatt, "Line generalisation by repeated elimination of points", The
    Cartographic Journal 30:1 (1993): the corner whose triangle with its neighbours has the smallest
    area goes first, until no triangle is smaller than `least` square units. A closed line stays a
    shape: three of its corners are kept besides the one where it begins.
    """
    last = len(line) - 1
    fewest = 3 if line[0] == line[-1] else 0
    before = list(range(-1, last))
    after = list(range(1, last + 2))

    def triangle(index: int) -> float:
        (ax, ay), (bx, by) = line[before[index]], line[after[index]]
        x, y = line[index]
        return abs((x - ax) * (by - ay) - (bx - ax) * (y - ay)) / 2

    area = {index: triangle(index) for index in range(1, last)}
    heap = [(size, index) for index, size in area.items()]
    heapq.heapify(heap)
    while heap and len(area) > fewest:
        size, index = heapq.heappop(heap)
        if area.get(index) != size:
            continue
        if size >= least:
            break
        del area[index]
        left, right = before[index], after[index]
        after[left], before[right] = right, left
        for neighbour in (left, right):
            if neighbour in area:
                # Never smaller than a corner that was removed before, as in the paper.
                area[neighbour] = max(triangle(neighbour), size)
                heapq.heappush(heap, (area[neighbour], neighbour))
    return [line[index] for index in range(last + 1) if index in area or index in (0, last)]


def _area(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in _sides(ring))) / 2


def _sides(ring: Ring) -> Iterator[tuple[Point, Point]]:
    return zip(ring, ring[1:] + ring[:1], strict=True)


def _place(ring: Ring) -> Place:
    """The centroid of a ring and the box around it."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
    twice = east = south = 0
    for (ax, ay), (bx, by) in _sides(ring):
        cross = ax * by - bx * ay
        twice += cross
        east += (ax + bx) * cross
        south += (ay + by) * cross
    if not twice:
        return Place((left + right) // 2, (top + bottom) // 2, left, top, right, bottom)
    return Place(round(east / 3 / twice), round(south / 3 / twice), left, top, right, bottom)


def _path(ring: Ring) -> str:
    """A closed path in as few characters as possible."""
    points = ring[:-1] if ring[0] == ring[-1] else ring
    steps = " ".join(f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in itertools.pairwise(points))
    return f"M{points[0][0]} {points[0][1]}l{steps}z".replace(" -", "-")


def _svg(paths: Mapping[str, str]) -> str:
    """The drawing. Borders keep their width at any size, which referencing pages cannot set."""

    def element(code: str) -> str:
        name = f'id="{code}" ' if code else ""
        return f'<path {name}vector-effect="non-scaling-stroke" d="{paths[code]}"/>'

    land = "\n".join(element(code) for code in paths if code != "AQ")
    pole = f"\n{element('AQ')}" if "AQ" in paths else ""
    box = f"{-WIDTH // 2} {-WIDTH // 4} {WIDTH} {WIDTH // 2}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">'
        f'\n<g id="land">\n{land}\n</g>{pole}\n</svg>\n'
    )


def _to_json(world: World) -> str:
    places = {
        code: (place.x, place.y, place.left, place.top, place.right, place.bottom)
        for code, place in world.places.items()
    }
    return json.dumps(
        {
            "svg": world.svg,
            "places": places,
            "drawn": sorted(world.drawn),
            "borders": world.borders,
        }
    )


def _from_json(kept: Any) -> World:
    places = {str(code): Place(*numbers) for code, numbers in kept["places"].items()}
    borders = {str(code): tuple(codes) for code, codes in kept["borders"].items()}
    return World(str(kept["svg"]), places, frozenset(kept["drawn"]), borders)
