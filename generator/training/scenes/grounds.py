"""Paints the surroundings of a bollard: ground in perspective, road, backdrop, hills, sky."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from generator.training.scenes.light import Light
from generator.training.scenes.textures import sample

Floats = npt.NDArray[np.floating[Any]]
Stops = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Material:
    """A tile and its colours, dark to light; `density` is tile pixels a metre.

    `upright` materials (grass, stones) show their height even on ground at a low angle.
    """

    tile: str
    density: float
    colours: Stops
    second: Stops
    upright: bool = False
    tuft: float = 0.0


@dataclass(frozen=True)
class Ground:
    """The pictured ground: `scale` is pixels a metre in each row, of shape (h, 1).

    `x` and `z` are metres to the right of the foot and behind it.
    """

    scale: Floats
    x: Floats
    z: Floats
    rise: Floats
    foot: float


_GREEN: Stops = ((0.12, 0.14, 0.08), (0.23, 0.26, 0.13), (0.35, 0.39, 0.20), (0.55, 0.57, 0.36))
_FRESH: Stops = ((0.13, 0.17, 0.08), (0.27, 0.34, 0.14), (0.42, 0.51, 0.22), (0.64, 0.69, 0.42))
_OLIVE: Stops = ((0.15, 0.14, 0.10), (0.28, 0.27, 0.18), (0.42, 0.40, 0.28), (0.62, 0.58, 0.45))
_STRAW: Stops = ((0.22, 0.18, 0.12), (0.41, 0.35, 0.24), (0.60, 0.53, 0.38), (0.80, 0.73, 0.57))
_RUSSET: Stops = ((0.14, 0.11, 0.08), (0.28, 0.21, 0.15), (0.43, 0.33, 0.24), (0.61, 0.51, 0.40))
_EARTH: Stops = ((0.20, 0.17, 0.14), (0.34, 0.29, 0.24), (0.47, 0.41, 0.34), (0.64, 0.58, 0.50))
_LATERITE: Stops = ((0.30, 0.18, 0.12), (0.46, 0.30, 0.21), (0.59, 0.42, 0.31), (0.72, 0.57, 0.46))
_SAND: Stops = ((0.44, 0.37, 0.29), (0.60, 0.53, 0.43), (0.71, 0.64, 0.53), (0.84, 0.78, 0.69))
_STONE: Stops = ((0.22, 0.21, 0.20), (0.39, 0.38, 0.36), (0.53, 0.52, 0.49), (0.73, 0.72, 0.69))
_LAVA: Stops = ((0.10, 0.10, 0.10), (0.20, 0.19, 0.18), (0.29, 0.27, 0.26), (0.42, 0.40, 0.38))
_TAR: Stops = ((0.27, 0.265, 0.26), (0.37, 0.365, 0.355), (0.45, 0.445, 0.43), (0.60, 0.59, 0.57))
_PALE: Stops = ((0.44, 0.43, 0.41), (0.54, 0.53, 0.51), (0.62, 0.61, 0.59), (0.73, 0.72, 0.70))
_WHITE: Stops = ((0.60, 0.65, 0.73), (0.76, 0.80, 0.86), (0.89, 0.91, 0.94), (0.98, 0.98, 0.99))
_DARK: Stops = ((0.06, 0.07, 0.05), (0.13, 0.16, 0.09), (0.23, 0.28, 0.14), (0.40, 0.45, 0.26))
_SPRUCE: Stops = ((0.05, 0.06, 0.06), (0.11, 0.14, 0.11), (0.19, 0.24, 0.18), (0.33, 0.39, 0.30))
_AUTUMN: Stops = ((0.14, 0.09, 0.06), (0.32, 0.21, 0.12), (0.52, 0.36, 0.19), (0.73, 0.58, 0.34))
_BRICK: Stops = ((0.26, 0.22, 0.20), (0.42, 0.31, 0.26), (0.54, 0.41, 0.34), (0.66, 0.54, 0.47))

MATERIALS: dict[str, Material] = {
    "lawn": Material("lawn", 1100, _GREEN, _FRESH, True, 0.05),
    "grass": Material("grass", 700, _GREEN, _OLIVE, True, 0.14),
    "spring": Material("meadow", 650, _FRESH, _GREEN, True, 0.2),
    "meadow": Material("meadow", 520, _GREEN, _STRAW, True, 0.26),
    "dry": Material("grass", 600, _STRAW, _OLIVE, True, 0.2),
    "steppe": Material("tussock", 600, _STRAW, _EARTH, True, 0.14),
    "moor": Material("tussock", 650, _OLIVE, _RUSSET, True, 0.13),
    "gravel": Material("gravel", 900, _STONE, _EARTH, True),
    "scree": Material("cobble", 620, _STONE, _LAVA, True),
    "lava": Material("cobble", 700, _LAVA, _LAVA, True),
    "soil": Material("soil", 500, _EARTH, _OLIVE),
    "laterite": Material("soil", 500, _LATERITE, _EARTH),
    "sand": Material("soil", 420, _SAND, _SAND),
    "litter": Material("litter", 980, _RUSSET, _AUTUMN, True, 0.06),
    "asphalt": Material("asphalt", 620, _TAR, _TAR),
    "concrete": Material("asphalt", 400, _PALE, _STONE),
    "paving": Material("bricks", 760, _PALE, _STONE),
    "clinker": Material("bricks", 900, _BRICK, _BRICK),
    "snow": Material("snow", 330, _WHITE, _WHITE),
    "hedge": Material("leaves", 1050, _DARK, _GREEN, True),
    "bush": Material("leaves", 760, _GREEN, _OLIVE, True),
    "autumn": Material("leaves", 560, _AUTUMN, _DARK, True),
    "trees": Material("leaves", 420, _DARK, _SPRUCE, True),
    "spruces": Material("leaves", 360, _SPRUCE, _SPRUCE, True),
    "stones": Material("stones", 330, _STONE, _EARTH, True),
    "brickwall": Material("bricks", 1000, _BRICK, _STONE, True),
    "render": Material("soil", 160, _PALE, _SAND, True),
    "planks": Material("planks", 420, _EARTH, _STONE, True),
    "rock": Material("rock", 230, _STONE, _EARTH, True),
}


@cache
def _blends(name: str) -> Floats:
    """Colours of a material in 16 blends of its two ramps, shape (16, 256, 3)."""
    at = np.arange(256)

    def ramp(stops: Stops) -> Floats:
        places = np.linspace(0, 255, len(stops))
        channels = [np.interp(at, places, [stop[c] for stop in stops]) for c in range(3)]
        return np.stack(channels, 1).astype(np.float32)

    first, second = ramp(MATERIALS[name].colours), ramp(MATERIALS[name].second)
    return first + (second - first) * np.linspace(0, 1, 16, dtype=np.float32)[:, None, None]


def palette(name: str, rng: np.random.Generator) -> Floats:
    """Returns the colours of a material under a random tint: 16 blends, shape (16, 256, 3)."""
    material = MATERIALS[name]
    # Stone and tar shift between warm and cold only, and little; green may turn more.
    warm = rng.normal(0.006, 0.014)
    hue = rng.normal(0, (0.03, 0.015, 0.03)) if material.upright else 0.0
    tint = np.exp(np.array([warm, 0.0, -warm]) + hue + rng.normal(0, 0.1))
    colours = _blends(name) * tint.astype(np.float32)
    if material.tile == "meadow":
        # The tile keeps its topmost value for flowers.
        bloom = np.array(((0.95, 0.93, 0.85), (0.93, 0.82, 0.25), (0.75, 0.55, 0.80)))
        colours[:, 250:] = bloom[rng.integers(3)]
    return colours


def lay(
    material: Material, colours: Floats, across: Floats, up: Floats, pixels: float, seed: int
) -> Floats:
    """Returns the colours of a material at (across, up), in metres; shape (h, w, 3).

    `pixels` is the number of picture pixels a metre there.
    """
    shift = np.random.default_rng(seed).uniform(0, 1024, 6).astype(np.float32)
    zoom = material.density / max(pixels, 1e-3)
    light = sample(
        material.tile, across * material.density + shift[0], up * material.density + shift[1], zoom
    )
    patch = sample("noise", across * 37 + shift[2], up * 37 + shift[3], 37 / max(pixels, 1e-3))
    if pixels < 120:
        blend = patch >> 4
    else:
        fleck = sample("fine", across * 300 + shift[4], up * 300 + shift[5], 300 / pixels)
        blend = (patch.astype(np.uint16) * 3 + fleck) >> 6
    picked: Floats = colours[blend, light]
    # Light and dark patches, so that no lawn is as even as a carpet.
    swing = np.float32(0.26 if material.upright else 0.12)
    picked *= (1 - swing / 2 + patch * (swing / 255))[..., None]
    return picked


def ground_of(
    width: int, height: int, foot: tuple[float, float], scale: float, camera: tuple[float, float]
) -> Ground:
    """Returns the ground plane through the foot, at pixel (x, y), `scale` pixels a metre there.

    `camera` is its height above and distance from the foot, in metres. Rows above the horizon
    get a scale of a millionth.
    """
    high, far = camera
    horizon = foot[1] - scale * high
    y = np.arange(height, dtype=np.float32)[:, None] + 0.5
    rows = np.maximum((y - horizon) / np.float32(high), np.float32(1e-6))
    x = (np.arange(width, dtype=np.float32)[None, :] + 0.5 - foot[0]) / rows
    z = far * (scale / rows - 1)
    rise = -np.float32(high) * np.log(rows / np.float32(scale))
    return Ground(rows, x, z, rise, foot[1])


def paint_material(
    name: str, ground: Ground, rows: slice, seed: int, colours: Floats | None = None
) -> Floats:
    """Returns rows of the ground covered with one material, float32 (rows, w, 3)."""
    material = MATERIALS[name]
    if colours is None:
        colours = palette(name, np.random.default_rng(seed))
    up = ground.rise[rows] if material.upright else ground.z[rows]
    height = up.shape[0]
    width = ground.x.shape[1]
    out = np.empty((height, width, 3), np.float32)
    scales = ground.scale[rows]
    if material.upright:
        up = -up
    # Bands of rows share a level of detail: halving distances keep the number of bands small.
    start = 0
    while start < height:
        pixels = float(scales[height - 1 - start, 0])
        end = start
        while end < height and float(scales[height - 1 - end, 0]) > pixels * 0.6:
            end = min(end + max(1, height // 12), height)
        band = slice(height - end, height - start)
        step = pixels * (0.8 if material.upright else 0.45)
        out[band] = lay(material, colours, ground.x[rows][band], up[band], step, seed)
        start = end
    return out


def paint_sky(width: int, height: int, horizon: float, light: Light, seed: int) -> Floats:
    """Returns a sky with clouds, float32 (h, w, 3); `horizon` is its row."""
    rng = np.random.default_rng(seed)
    y = np.arange(height, dtype=np.float32)[:, None]
    up = np.clip((horizon - y) / np.float32(max(horizon, 60.0)), 0.02, 1.0)
    grey = np.array(light.haze, np.float32) * 1.12
    if light.weather in ("clear", "hazy"):
        top = np.array([0.30, 0.50, 0.80], np.float32) * float(rng.uniform(0.85, 1.15))
        base = np.array([0.72, 0.82, 0.92], np.float32)
    elif light.weather == "dusk":
        top, base = (
            np.array([0.34, 0.40, 0.58], np.float32),
            np.array([0.95, 0.70, 0.50], np.float32),
        )
    else:
        top, base = grey * 0.85, grey
    sky = base + (top - base) * np.sqrt(up)[..., None]
    x = np.arange(width, dtype=np.float32)[None, :] - width / 2
    ox, oy = (float(o) for o in rng.uniform(0, 1024, 2))
    unit = 260.0 / height
    clouds = sample("cloud", x * unit / (0.35 + up) + ox, (1 / (0.25 + up)) * 90 + oy, 1.0)
    limit = rng.uniform(90, 200)
    amount = np.clip((clouds.astype(np.float32) - limit) / 80, 0, 1) * np.float32(
        rng.uniform(0.3, 0.9)
    )
    amount *= np.clip(up * 12 - 0.3, 0, 1)
    clouded: Floats = sky + amount[..., None] * (grey * 1.12 - sky)
    return clouded


def crest(width: int, seed: int, rough: float) -> Floats:
    """Returns a random ridge line over a picture's columns, 0 to 1, shape (1, width)."""
    rng = np.random.default_rng(seed)
    x = np.linspace(0, 1, width, dtype=np.float32)
    line = np.zeros(width, np.float32)
    for octave in range(1, 7):
        gain = rough**octave
        line += np.float32(gain) * np.sin(
            np.float32(2**octave * rng.uniform(1.4, 2.6)) * x + np.float32(rng.uniform(0, 7))
        ).astype(np.float32)
    line -= line.min()
    return (line / max(float(line.max()), 1e-3))[None, :]
