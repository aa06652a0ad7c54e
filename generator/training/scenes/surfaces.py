"""Solves which point of a part each pixel sees: prisms, looked at from slightly above.

The camera is far away against the size of a post, so a post is drawn in parallel projection from
`elevation` above the horizon: a point (x, d, z) lies at (x, z cos e + d sin e). For every pixel
the surface point is solved in closed form, which gives exact silhouettes, faces, normals and
positions for the markings, without triangles.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from generator.training.scenes.designs import Part

Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Pose:
    """How a post stands before the camera: angles in radians, `shrink` per metre of height.

    `yaw` 0 shows the front, pi the back; `elevation` is the camera's above the post; `lean` tips
    the post sideways; `shrink` > 0 makes the head of the post larger than its foot (a high,
    near camera).
    """

    yaw: float
    elevation: float
    lean: float = 0.0
    shrink: float = 0.0


def polygon(part: Part) -> Floats:
    """Returns the corners of a section, shape (n, 2) as (x, d), counter-clockwise from above."""
    w, t = part.width / 2, part.depth / 2
    if part.section == "box":
        corners = [(-w, -t), (w, -t), (w, t), (-w, t)]
    elif part.section == "wedge":
        # A slim triangle: a face to the front, its edge behind.
        corners = [(-w, -t), (w, -t), (w * 0.12, t), (-w * 0.12, t)]
    elif part.section == "vee":
        corners = [(0.0, -t), (w, t * 0.6), (w * 0.8, t), (-w * 0.8, t), (-w, t * 0.6)]
    elif part.section == "hexagon":
        corners = [(w * np.cos(a), t * np.sin(a)) for a in np.arange(6) * np.pi / 3 + np.pi / 6]
    else:
        spread = np.array([1.0, 0.86, 0.97, 0.8, 1.0, 0.9, 0.83])
        angles = np.arange(7) * 2 * np.pi / 7 + 0.3
        corners = [
            (w * s * np.cos(a), t * s * np.sin(a)) for a, s in zip(angles, spread, strict=True)
        ]
    return np.array(corners, np.float32)


_WALK = tuple(np.float32(k / 7) for k in range(8))


@dataclass(frozen=True)
class Surface:
    """What is seen of a part in each pixel: local position, normal, and whether it is there."""

    x: Floats
    d: Floats
    z: Floats
    sides: tuple[Bools, Bools]
    normal: tuple[Floats, Floats, Floats]
    seen: Bools
    top: Bools


def _scale(part: Part, z: Floats) -> tuple[Floats, Floats]:
    """Returns the scale of the section at heights z, and how it changes a metre."""
    heights = np.array([p[0] for p in part.profile], np.float32) * part.height
    scales = np.maximum(np.array([p[1] for p in part.profile], np.float32), np.float32(1e-2))
    grid = np.linspace(0, part.height, 129, dtype=np.float32)
    table = np.interp(grid, heights, scales).astype(np.float32)
    slopes = np.gradient(table, grid).astype(np.float32)
    place = np.clip(z * np.float32(128 / part.height), 0, np.float32(127.99))
    index = place.astype(np.int32)
    rest = place - index
    # Between the entries too: a tapered edge must not come out as a stair.
    return table[index] + (table[index + 1] - table[index]) * rest, slopes[index]


def _roof(part: Part, x: Floats) -> Floats | np.float32:
    """Height of the upper end over a point x of the section, in metres above the part's foot."""
    half = np.float32(part.width / 2)
    fall: Floats | np.float32 = np.float32(0)
    if part.top == "slant":
        fall = 0.5 + x / (2 * half)
    elif part.top == "gable":
        fall = np.abs(x) / half
    elif part.top == "arch":
        fall = 1 - np.sqrt(np.maximum(1 - (x / half) ** 2, 0))
    roof: Floats | np.float32 = np.float32(part.height) - np.float32(part.drop) * fall
    return roof


@dataclass(frozen=True)
class _Turned:
    """A section as it is turned to the camera: its width, and the lines of its sides.

    `lines` are (slope, offset, normal x, normal d) of every side that is not seen edge-on.
    """

    low: float
    high: float
    lines: tuple[tuple[float, float, float, float], ...]
    circle: bool

    def bounds(self, u: Floats) -> tuple[Floats, Floats]:
        """Returns the nearest and the farthest depth over u, in metres."""
        if self.circle:
            far = np.sqrt(np.maximum(np.float32(self.high) ** 2 - u * u, 0))
            return -far, far
        # Beyond its ends a side's line runs off to infinity and would pull false surfaces in.
        u = np.clip(u, np.float32(self.low), np.float32(self.high))
        near = np.full(u.shape, -1e3, np.float32)
        far = np.full(u.shape, 1e3, np.float32)
        for slope, offset, _, normal in self.lines:
            line = np.float32(slope) * u + np.float32(offset)
            if normal < 0:
                near = np.maximum(near, line)
            else:
                far = np.minimum(far, line)
        return near, far

    def normals(self, u: Floats, near: Floats) -> tuple[Floats, Floats]:
        """Returns the level normal (x, d) of the near side over u."""
        if self.circle:
            x = np.clip(u / np.float32(self.high), -1, 1)
            return x, -np.sqrt(1 - x * x)
        u = np.clip(u, np.float32(self.low), np.float32(self.high))
        nx, nd = np.zeros(u.shape, np.float32), np.full(u.shape, -1, np.float32)
        for slope, offset, ex, ed in self.lines:
            if ed < 0:
                here = near <= np.float32(slope) * u + np.float32(offset + 1e-6)
                nx[here], nd[here] = ex, ed
        return nx, nd


def _turn(part: Part, cos_y: float, sin_y: float) -> _Turned:
    if part.section == "round":
        radius = part.width / 2
        return _Turned(-radius, radius, (), True)
    local = polygon(part)
    x = local[:, 0] * cos_y - local[:, 1] * sin_y
    d = local[:, 0] * sin_y + local[:, 1] * cos_y
    lines: list[tuple[float, float, float, float]] = []
    for i in range(len(x)):
        dx, dd = float(x[(i + 1) % len(x)] - x[i]), float(d[(i + 1) % len(x)] - d[i])
        size = float(np.hypot(dx, dd))
        if abs(dx) > 1e-6:
            slope = dd / dx
            lines.append((slope, float(d[i]) - slope * float(x[i]), dd / size, -dx / size))
    return _Turned(float(x.min()), float(x.max()), tuple(lines), False)


def solve(part: Part, pose: Pose, u: Floats, v: Floats) -> Surface:
    """Returns what is seen of a part at (u, v): metres to the right of and above the foot."""
    cos_y, sin_y = np.float32(np.cos(pose.yaw)), np.float32(np.sin(pose.yaw))
    cos_e, sin_e = np.float32(np.cos(pose.elevation)), np.float32(np.sin(pose.elevation))
    shift = np.float32(part.x * sin_y + part.d * cos_y)
    u = u - np.float32(part.x * cos_y - part.d * sin_y)
    v = v - np.float32(part.foot) * cos_e - shift * sin_e
    u, v = np.broadcast_arrays(u, v)
    section = _turn(part, float(cos_y), float(sin_y))
    plain = all(scale == 1.0 for _, scale in part.profile)
    scale: Floats = np.ones_like(u)
    steepness: Floats = np.zeros_like(u)
    z: Floats
    if plain:
        flat_u: Floats = u
        near, far = section.bounds(u)
        z = (v - near * sin_e) / cos_e
    else:
        z = v / cos_e
        for step in range(5):
            scale, steepness = _scale(part, z)
            near, _ = section.bounds(u / scale)
            found = (v - near * scale * sin_e) / cos_e
            # Near a dome's top the plain iteration overshoots; half steps settle.
            z = found if step == 0 else z + (found - z) * np.float32(0.6)
        scale, steepness = _scale(part, z)
        flat_u = u / scale
        near, far = section.bounds(flat_u)
    within = (flat_u >= section.low) & (flat_u <= section.high)
    nx, nd = section.normals(flat_u, near)
    depth = near * scale
    x, back = u * cos_y + depth * sin_y, depth * cos_y - u * sin_y
    roof = _roof(part, x)
    wall = within & (z >= 0) & (z <= roof)
    top = np.zeros(u.shape, bool)
    if sin_e > 1e-3 and part.top != "none":
        end = np.float32(max(part.profile[-1][1], 0.01))
        if not plain:
            near, far = section.bounds(u / end)
            within = (u >= section.low * end) & (u <= section.high * end)
        if part.top in ("flat", "slant"):
            tip = part.drop / part.width if part.top == "slant" else 0.0
            gain, base = np.float32(tip) * sin_y, np.float32(part.height - tip * part.width / 2)
            lid = (v - (base - np.float32(tip) * u * cos_y) * cos_e) / (sin_e - gain * cos_e)
            top = (lid >= near * end) & (lid <= far * end) & ~wall & within
            x = np.where(top, u * cos_y + lid * sin_y, x)
            z = np.where(top, base - np.float32(tip) * x, z)
        else:
            # A curved or ridged roof: walk from the near edge to the far until the ray is under it.
            open_above = within & (z > roof)
            for share in _WALK:
                lid = (near + (far - near) * share) * end
                over = u * cos_y + lid * sin_y
                hit = open_above & ~top & (v <= _roof(part, over) * cos_e + lid * sin_e)
                top |= hit
                x = np.where(hit, over, x)
            z = np.where(top, _roof(part, x), z)
    facing = nd * cos_y - nx * sin_y
    nz = -steepness * np.float32(max(part.width, part.depth) / 2)
    if part.corrugated:
        nz = np.cos(z * np.float32(4 * np.pi / part.height)) * np.float32(0.8)
    if not plain or part.corrugated:
        size = 1 / np.sqrt(1 + nz * nz)
        nx, nd, nz = nx * size, nd * size, nz * size
    nx, nd = np.where(top, nx * np.float32(0.1), nx), np.where(top, nd * np.float32(0.1), nd)
    return Surface(
        x=x,
        d=back,
        z=z,
        sides=(facing < -0.3, facing > 0.3),
        normal=(nx, nd, np.where(top, np.float32(1), nz)),
        seen=wall | top,
        top=top,
    )


def outline_of(part: Part, x: Floats, z: Floats) -> Bools:
    """Returns which points of a plate lie within its outline (disc, diamond or pill)."""
    a, b = part.width / 2, part.height / 2
    p, q = x / np.float32(a), (z - np.float32(b)) / np.float32(b)
    inside: Bools
    if part.outline == "disc":
        inside = p * p + q * q <= 1
        return inside
    if part.outline == "diamond":
        inside = np.abs(p) + np.abs(q) <= 1
        return inside
    r = min(a, b)
    dx = np.maximum(np.abs(x) - np.float32(a - r), 0)
    dz = np.maximum(np.abs(z - np.float32(b)) - np.float32(b - r), 0)
    inside = dx * dx + dz * dz <= r * r
    return inside
