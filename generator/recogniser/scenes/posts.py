"""Draws a bollard's parts into pixels, each one as a prism that is looked at from slightly above.

The camera is far away against the size of a post, so a post is drawn in parallel projection from
`elevation` above the horizon: a point (x, d, z) lies at (x, z cos e + d sin e). For every pixel
the surface point is solved in closed form, which gives exact silhouettes, faces, normals and
positions for the markings, without triangles.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from generator.recogniser.scenes.designs import Design, Part
from generator.recogniser.scenes.light import Light
from generator.recogniser.scenes.marks import cover
from generator.recogniser.scenes.textures import sample

Floats = npt.NDArray[np.float32]
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


@dataclass(frozen=True)
class Wear:
    """How used this one post is: each 0 (new) to 1; `seed` places the stains."""

    stains: float
    mud: float
    chips: float
    fade: float
    seed: int


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
class _Surface:
    """What is seen of a part in each pixel: local position, normal, and whether it is there."""

    x: Floats
    d: Floats
    z: Floats
    sides: tuple[Bools, Bools]
    normal: tuple[Floats, Floats, Floats]
    seen: Bools
    top: Bools


def _scale(part: Part, z: Floats) -> tuple[Floats, Floats]:
    heights = np.array([p[0] for p in part.profile], np.float32) * part.height
    scales = np.array([p[1] for p in part.profile], np.float32)
    if len(scales) == 2 and scales[0] == scales[1]:
        flat = np.float32(scales[0])
        return np.full_like(z, flat), np.zeros_like(z)
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
    if part.top == "slant":
        return np.float32(part.height) - np.float32(part.drop) * (0.5 + x / (2 * half))
    if part.top == "gable":
        return np.float32(part.height) - np.float32(part.drop) * np.abs(x) / half
    if part.top == "arch":
        inner = np.maximum(1 - (x / half) ** 2, 0)
        return np.float32(part.height) - np.float32(part.drop) * (1 - np.sqrt(inner))
    return np.float32(part.height)


def _solve(part: Part, pose: Pose, u: Floats, v: Floats) -> _Surface:
    cos_y, sin_y = np.float32(np.cos(pose.yaw)), np.float32(np.sin(pose.yaw))
    cos_e, sin_e = np.float32(np.cos(pose.elevation)), np.float32(np.sin(pose.elevation))
    shift = part.x * sin_y + part.d * cos_y
    u = u - np.float32(part.x * cos_y - part.d * sin_y)
    v = v - np.float32(part.foot) * cos_e - np.float32(shift) * sin_e
    z = v / cos_e
    radius = np.float32(max(part.width, part.depth) / 2)
    circle = part.section == "round"
    shape = np.broadcast_shapes(u.shape, v.shape)
    edges: list[tuple[np.float32, np.float32, np.float32, np.float32]] = []
    low = high = np.float32(0)
    if not circle:
        local = polygon(part)
        turned = np.stack(
            [local[:, 0] * cos_y - local[:, 1] * sin_y, local[:, 0] * sin_y + local[:, 1] * cos_y], 1
        )
        low, high = turned[:, 0].min(), turned[:, 0].max()
        for a, b in zip(turned, np.roll(turned, -1, 0), strict=True):
            along = b - a
            size = np.float32(np.hypot(along[0], along[1]))
            normal = np.float32(along[1] / size), np.float32(-along[0] / size)
            if abs(along[0]) > 1e-6:
                slope = np.float32(along[1] / along[0])
                edges.append((slope, np.float32(a[1] - slope * a[0]), *normal))
    plain = len(part.profile) == 2 and part.profile[0][1] == part.profile[1][1]
    for step in range(1 if plain else 5):
        scale, slope_z = _scale(part, z)
        safe = np.maximum(scale, np.float32(1e-3))
        flat_u = u / safe
        if circle:
            reach = np.minimum(np.abs(flat_u) / radius, 1)
            depth = np.sqrt(1 - reach * reach) * radius
            near, far = -depth, depth
        else:
            near = np.full(shape, -1e3, np.float32)
            far = np.full(shape, 1e3, np.float32)
            for m, c, _, nd in edges:
                if nd < 0:
                    near = np.maximum(near, m * flat_u + c)
                else:
                    far = np.minimum(far, m * flat_u + c)
        found = (v - near * safe * sin_e) / cos_e
        # Near a dome's top the plain iteration overshoots; half steps settle.
        z = found if plain or step == 0 else z + (found - z) * np.float32(0.6)
    scale, slope_z = _scale(part, z)
    safe = np.maximum(scale, np.float32(1e-3))
    flat_u = u / safe
    if circle:
        within = np.abs(flat_u) <= radius
        nx = np.clip(flat_u / radius, -1, 1)
        nd = -np.sqrt(1 - nx * nx)
        nx, nd = np.broadcast_to(nx, shape), np.broadcast_to(nd, shape)
    else:
        within = (flat_u >= low) & (flat_u <= high)
        nx, nd = np.zeros(shape, np.float32), np.full(shape, -1, np.float32)
        for m, c, ex, ed in edges:
            if ed < 0:
                here = near <= m * flat_u + c + 1e-6
                nx, nd = np.where(here, ex, nx), np.where(here, ed, nd)
    depth = near * safe
    x = u * cos_y + depth * sin_y
    back = depth * cos_y - u * sin_y
    roof = _roof(part, x)
    wall = within & (z >= 0) & (z <= roof) & (scale > 1e-3)
    top = np.zeros(shape, bool)
    if part.top in ("flat", "slant") and sin_e > 1e-3:
        tip = part.drop / part.width if part.top == "slant" else 0.0
        gain, base = np.float32(tip) * sin_y, np.float32(part.height - tip * part.width / 2)
        lid = (v - (base - np.float32(tip) * u * cos_y) * cos_e) / (sin_e - gain * cos_e)
        end = np.float32(part.profile[-1][1])
        top = (lid >= near * end) & (lid <= far * end) & (z > roof) & within
        x = np.where(top, u * cos_y + lid * sin_y, x)
        z = np.where(top, base - np.float32(tip) * x, z)
    elif part.top in ("gable", "arch") and sin_e > 1e-3:
        # A curved or ridged roof: walk from the near edge to the far one until the ray is under it.
        end = np.float32(part.profile[-1][1])
        open_above = within & (z > roof)
        for share in _WALK:
            lid = (near + (far - near) * share) * end
            over = u * cos_y + lid * sin_y
            hit = open_above & ~top & (v <= _roof(part, over) * cos_e + lid * sin_e)
            top |= hit
            x = np.where(hit, over, x)
        z = np.where(top, _roof(part, x), z)
    nz = np.where(top, np.float32(0.9), -slope_z * radius)
    if part.corrugated:
        nz = nz + np.cos(z * np.float32(4 * np.pi / part.height)) * np.float32(0.8)
    size = 1 / np.sqrt(nx * nx + nd * nd + nz * nz)
    level = np.where(top, np.float32(0.1), size)
    facing = nd * cos_y - nx * sin_y
    return _Surface(
        x=np.broadcast_to(x, shape).astype(np.float32, copy=False),
        d=back,
        z=z,
        sides=(facing < -0.3, facing > 0.3),
        normal=(nx * level, nd * level, np.where(top, 1, nz * size)),
        seen=wall | top,
        top=top,
    )


def _outline(part: Part, x: Floats, z: Floats) -> Bools:
    a, b = part.width / 2, part.height / 2
    p, q = x / np.float32(a), (z - np.float32(b)) / np.float32(b)
    if part.outline == "disc":
        return p * p + q * q <= 1
    if part.outline == "diamond":
        return np.abs(p) + np.abs(q) <= 1
    r = min(a, b)
    dx = np.maximum(np.abs(x) - np.float32(a - r), 0)
    dz = np.maximum(np.abs(z - np.float32(b)) - np.float32(b - r), 0)
    return dx * dx + dz * dz <= r * r


def _paint(part: Part, here: _Surface, wear: Wear, light: Light, density: float) -> Floats:
    x, z = here.x, here.z
    colour = np.empty((*x.shape, 3), np.float32)
    colour[:] = part.colour
    glow = np.zeros(x.shape, np.float32)
    front, back = here.sides
    around = x
    if part.section == "round":
        around = np.arcsin(np.clip(x / np.float32(part.width / 2), -1, 1)) * np.float32(part.width / 2)
    for mark in part.marks:
        sided = np.where(back, -around, around) if mark.side in ("back", "both") else around
        covered = cover(mark, sided, z)
        if mark.side == "front":
            covered &= front
        elif mark.side == "back":
            covered &= back
        elif mark.side == "both":
            covered &= front | back
        if mark.kind != "cap":
            covered &= ~here.top
        colour[covered] = mark.colour
        glow[covered] = 0.45 if mark.reflective else 0.0
    _age(colour, x + here.d, z + np.float32(part.foot), here, wear, density)
    nx, nd, nz = here.normal
    sx, sd, sz = light.sun
    direct = np.maximum(nx * np.float32(sx) + nd * np.float32(sd) + nz * np.float32(sz), 0)
    open_sky = np.float32(light.bounce) + np.float32(0.15) * nz - np.float32(0.14) * (1 + nd)
    foot = 1 - np.float32(0.3) * np.exp(-np.maximum(z + part.foot, 0) * 14)
    shade = foot[..., None] * (
        open_sky[..., None] * np.array(light.sky, np.float32)
        + direct[..., None] * np.array(light.glare, np.float32)
    )
    even = np.float32(light.level)
    shade += glow[..., None] * (even - shade)
    colour *= shade
    if part.gloss > 0 and light.clear:
        half = nx * np.float32(sx) + (nd - 1) * np.float32(0.5) + nz * np.float32(sz)
        shine = np.maximum(direct, 0) ** 8 * np.float32(part.gloss) + 0 * half
        colour += shine[..., None] * np.array(light.glare, np.float32)
    return colour


def _age(
    colour: Floats, x: Floats, z: Floats, here: _Surface, wear: Wear, density: float
) -> None:
    """Fades, stains, muddies and chips the paint in place; `density` is pixels a metre."""
    rng = np.random.default_rng(wear.seed)
    ox, oz = (float(o) for o in rng.uniform(0, 1024, 2))
    zoom = 700.0 / density
    blotch = sample("noise", x * 700 + here.normal[0] * 60 + ox, z * 400 + oz, zoom)
    colour *= 1 - np.float32(0.22 * wear.stains) * (blotch[..., None] / np.float32(255))
    if wear.stains > 0.15:
        runs = sample("streak", x * 1600 + here.normal[0] * 90 + oz, z * 500 + ox, zoom * 2)
        amount = np.clip((runs.astype(np.float32) - 165) / 60, 0, 1) * np.float32(0.4 * wear.stains)
        colour += amount[..., None] * (np.array([0.33, 0.29, 0.22], np.float32) - colour)
    if wear.fade > 0:
        grey = colour.mean(-1, keepdims=True)
        colour += np.float32(0.35 * wear.fade) * (grey * 0.85 + 0.1 - colour)
    if wear.mud > 0:
        rise = np.exp(-np.maximum(z, 0) / np.float32(0.05 + 0.16 * wear.mud))
        amount = np.clip(rise * (0.4 + blotch / np.float32(255)) * np.float32(1.1 * wear.mud), 0, 0.85)
        colour += amount[..., None] * (np.array([0.36, 0.30, 0.22], np.float32) - colour)
    if wear.chips > 0.05:
        flake = sample("noise", x * 2600 + oz, z * 2600 + here.normal[0] * 80 + ox, zoom * 3)
        bare = flake > 255 - 26 * wear.chips
        colour[bare] = colour[bare] * 0.5 + np.array([0.20, 0.17, 0.14], np.float32)


def draw(
    design: Design, pose: Pose, wear: Wear, light: Light, u: Floats, v: Floats, density: float
) -> tuple[Floats, Bools, Bools]:
    """Draws a bollard for points (u, v) of the picture plane, in metres from its foot.

    `u` has shape (1, w) and grows to the right, `v` has shape (h, 1) and grows upwards;
    `density` is samples a metre. Returns colour, float32 (h, w, 3) around 0 to 1, where anything
    is drawn, where the bollard itself is drawn; both bool (h, w).
    """
    shape = np.broadcast_shapes(u.shape, v.shape)
    cos, sin = np.float32(np.cos(pose.lean)), np.float32(np.sin(pose.lean))
    across, up = u * cos + v * sin, v * cos - u * sin
    if pose.shrink:
        across = across * (1 - np.float32(pose.shrink) * np.maximum(up, 0))
    picture = np.zeros((*shape, 3), np.float32)
    drawn, own = np.zeros(shape, bool), np.zeros(shape, bool)
    turn = float(np.cos(pose.yaw)), float(np.sin(pose.yaw))
    parts = sorted(
        enumerate(design.parts),
        key=lambda item: (-round(item[1].x * turn[1] + item[1].d * turn[0], 4), item[0]),
    )
    for _, part in parts:
        window = _window(part, pose, across, up)
        if window is None:
            continue
        here = _solve(part, pose, across[window], up[window])
        seen = here.seen
        if part.outline != "prism":
            seen = seen & _outline(part, here.x, here.z) & ~here.top
        colour = _paint(part, here, wear, light, density)
        picture[window][seen] = colour[seen]
        drawn[window] |= seen
        own[window][seen] = not part.scenery
    return picture, drawn, own


def _window(part: Part, pose: Pose, across: Floats, up: Floats) -> tuple[slice, slice] | None:
    """Returns the rows and columns that a part can reach, or None if it is out of the picture."""
    centre = part.x * np.cos(pose.yaw) - part.d * np.sin(pose.yaw)
    widest = max(scale for _, scale in part.profile)
    reach = np.hypot(part.width, part.depth) / 2 * widest + 0.01
    depth = part.x * np.sin(pose.yaw) + part.d * np.cos(pose.yaw)
    rise, sin_e = np.cos(pose.elevation), np.sin(pose.elevation)
    low = part.foot * rise + (depth - reach) * sin_e
    high = (part.foot + part.height) * rise + (depth + reach) * sin_e
    inside = (np.abs(across - centre) <= reach) & (up >= low) & (up <= high)
    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    if not len(rows) or not len(columns):
        return None
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
