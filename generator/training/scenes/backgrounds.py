"""Paints the background of a scene: zones of ground, backdrop, hills and sky, grass at the foot."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from generator.training.scenes.designs import Design
from generator.training.scenes.grounds import (
    MATERIALS,
    Ground,
    crest,
    lay,
    paint_material,
    paint_sky,
    palette,
)
from generator.training.scenes.light import Light
from generator.training.scenes.surroundings import Surroundings
from generator.training.scenes.textures import SIZE, sample, tile, tuft

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Stage:
    """The geometry of one picture: the foot in pixels, and `scale` there in pixels a metre."""

    width: int
    height: int
    foot: tuple[float, float]
    scale: float
    far: float
    ground: Ground
    around: Surroundings
    light: Light


def paint_background(stage: Stage) -> tuple[Floats, Floats | None]:
    """Returns the lit background, float32 (h, w, 3), and the shade of trees on it or None."""
    around, ground, light = stage.around, stage.ground, stage.light
    rng = np.random.default_rng(around.seed)
    seeds = [int(s) for s in rng.integers(0, 2**31, 12)]
    horizon = stage.foot[1] - stage.scale * around.camera.height
    rows_at = stage.scale * stage.far / (stage.far + around.behind)
    base_row = horizon + rows_at * around.camera.height
    canvas = np.zeros((stage.height, stage.width, 3), np.float32)
    first = int(np.clip(np.ceil(horizon + 1), 0, stage.height))
    if around.backdrop is not None:
        first = int(np.clip(base_row - 0.15 * rows_at - 2, first, stage.height))
    if horizon > -0.3 * stage.height or first > 0:
        sky_rows = int(np.clip(max(horizon + 2, first), 0, stage.height))
        if sky_rows > 0:
            canvas[:sky_rows] = paint_sky(
                stage.width, sky_rows, max(horizon, 40.0), light, seeds[0]
            )
            _paint_hills(canvas, stage, horizon, sky_rows, seeds[1])
    if first < stage.height:
        rows = slice(first, stage.height)
        canvas[rows] = _paint_ground(stage, rows, seeds) * light.level
        distance = np.maximum(ground.z[rows] + stage.far, 0)
        amount = 1 - np.exp(-distance * np.float32(light.mist * 0.012))
        canvas[rows] += amount[..., None] * (np.array(light.haze, np.float32) - canvas[rows])
    if around.backdrop is not None:
        _paint_backdrop(canvas, stage, base_row, rows_at, seeds[2])
    dapple = None
    if around.dapple > 0 and light.clear:
        x = np.arange(stage.width, dtype=np.float32)[None, :] - stage.foot[0]
        y = np.arange(stage.height, dtype=np.float32)[:, None] - stage.foot[1]
        unit = np.float32(240 / stage.scale)
        shift = seeds[3] % 1024
        leaf = sample("noise", x * unit + shift, y * unit * 2.2 + shift, float(unit))
        shade = np.clip((leaf.astype(np.float32) - 105) / 50, 0, 1)
        low = 0.45 + 0.4 * (1 - around.dapple)
        dapple = (low + (1 - low) * shade).astype(np.float32)
        dapple[: max(first, int(base_row) if around.backdrop else 0)] = 1.0
        canvas *= dapple[..., None]
    return canvas, dapple


def _paint_ground(stage: Stage, rows: slice, seeds: list[int]) -> Floats:
    around, ground = stage.around, stage.ground
    x, z = ground.x[rows], ground.z[rows]
    verge = paint_material(around.verge, ground, rows, seeds[4])
    toward = x * np.float32(np.sin(around.bearing)) - z * np.float32(np.cos(around.bearing))
    ragged = sample("noise", x * 220 + seeds[5] % 997, z * 220, 220 / stage.scale).astype(
        np.float32
    )
    ragged = (ragged - 128) / np.float32(255)
    soft = np.float32(3.0) / np.maximum(ground.scale[rows], 1)
    if around.beyond is not None:
        start = around.behind * 0.5 + x * np.float32((seeds[11] % 200 - 100) / 250) + ragged * 0.7
        amount = np.clip((z - start) / 0.15, 0, 1)
        if amount.any():
            other = paint_material(around.beyond, ground, rows, seeds[11])
            verge += amount[..., None] * (other - verge)
    if around.patches is not None:
        spots = sample("noise", x * 60 + seeds[6] % 991, z * 60, 60 / stage.scale).astype(
            np.float32
        )
        spots += ragged * 90
        limit = 255 * (1 - around.patch_share)
        amount = np.clip((spots - limit) / 30, 0, 1)
        if amount.any():
            other = paint_material(around.patches, ground, rows, seeds[7])
            verge += amount[..., None] * (other - verge)
    if around.road is None:
        return verge
    edge = np.float32(around.edge)
    if around.shoulder is not None:
        amount = np.clip((toward - edge + around.shoulder_width + ragged * 0.5) / 0.06, 0, 1)
        if amount.any():
            strip = paint_material(around.shoulder, ground, rows, seeds[8])
            verge += amount[..., None] * (strip - verge)
    inside = toward - edge + ragged * np.float32(0.08)
    broad = np.float32(4.5 + seeds[9] % 40 / 10)
    amount = np.clip(np.minimum(inside, broad - inside) / (soft + np.float32(0.02)), 0, 1)
    if amount.any():
        road = paint_material(around.road, ground, rows, seeds[9])
        if around.line is not None:
            gap = 0.12 + (seeds[10] % 100) / 400
            painted = np.clip(
                np.minimum(toward - edge - gap, edge + gap + 0.13 - toward) / soft, 0, 1
            )
            painted = painted * np.clip(0.92 - ragged * 0.8, 0, 1)
            tone = (0.86, 0.86, 0.84) if around.line == "white" else (0.86, 0.66, 0.20)
            road += painted[..., None] * (np.array(tone, np.float32) - road)
        verge += amount[..., None] * (road - verge)
    return verge


def _paint_hills(canvas: Floats, stage: Stage, horizon: float, rows: int, seed: int) -> None:
    if stage.around.hills <= 0:
        return
    y = np.arange(rows, dtype=np.float32)[:, None]
    x = np.arange(stage.width, dtype=np.float32)[None, :]
    haze = np.array(stage.light.haze, np.float32)
    name = {"snow": "snow", "desert": "sand", "dry": "dry", "lava": "rock"}.get(
        stage.around.place, "trees"
    )
    tones = palette(name, np.random.default_rng(seed))
    unit = np.float32(800.0 / stage.height)
    for depth, tall, far in ((0, 0.30, 0.72), (1, 0.14, 0.45)):
        line = (
            horizon
            - crest(stage.width, seed + depth, 0.55) * stage.around.hills * tall * stage.height
        )
        inside = np.clip(y - line, 0, 1)
        if not inside.any():
            continue
        woods = sample(
            "noise", x * unit * 1.7 + seed % 883, (y - 0.5 * line) * unit * 3, float(unit)
        )
        cloth = tones[8, 40 + (woods >> 1)] * stage.light.level * np.float32(0.85)
        cloth += np.float32(far) * (haze - cloth)
        canvas[:rows] += inside[..., None] * (cloth - canvas[:rows])


def _paint_backdrop(canvas: Floats, stage: Stage, base: float, pixels: float, seed: int) -> None:
    """Draws a hedge, a wall, rocks or trees on the ground, from row `base` upwards."""
    around, light = stage.around, stage.light
    name = around.backdrop or "hedge"
    material = MATERIALS[name]
    built = name in ("brickwall", "render", "stones", "planks")
    rng = np.random.default_rng(seed)
    tall = around.tall * (0.45 if name in ("stones", "planks", "hedge") else 1.0)
    slope = np.float32(rng.normal(0, 0.05) + around.camera.roll)
    x = np.arange(stage.width, dtype=np.float32)[None, :] - stage.width / 2
    low = (
        base
        + slope * x
        + (0 if built else (crest(stage.width, seed + 1, 0.7) - 0.5) * 0.3 * pixels)
    )
    ridge = 0.0 if built else (crest(stage.width, seed + 2, 0.75) - 0.5) * 0.45
    top = low - pixels * tall * (1 + ridge)
    first, last = int(max(np.min(top), 0)), int(min(np.max(low) + 1, stage.height))
    if last <= first:
        return
    y = np.arange(first, last, dtype=np.float32)[:, None]
    unit = 1 / np.float32(pixels)
    across, upright = x * unit, (y - slope * x) * unit
    if not built:
        # Bend the tile, or its repeats stand in a row like a fence.
        drift = sample("cloud", across * 37 + seed % 977, upright * 37, float(37 * unit))
        across = across + drift * np.float32(2.2 / 255)
        upright = upright + drift * np.float32(1.1 / 255)
    cloth = lay(material, palette(name, rng), across, upright, pixels, seed)
    up = (low - y) * unit
    edge = np.float32(1.5)
    if not built:
        frayed = sample("fine", x * unit * 90 + seed % 900, y * unit * 90, float(90 * unit))
        fray = (frayed.astype(np.float32) - 128) / 255 * np.float32(0.35) * pixels
        top, low = top + fray, low + fray * 0.3
        edge = np.float32(max(0.03 * pixels, 1.5))
    cover = np.clip((y - top) / edge, 0, 1) * np.clip((low - y) / edge + 0.5, 0, 1)
    facing = max(-light.sun[1], 0.0) * 0.8 + 0.15
    lit = np.array(light.sky, np.float32) * 0.82 + np.array(light.glare, np.float32) * np.float32(
        facing
    )
    relief = np.float32(0.62) + np.float32(0.38) * np.clip(
        up / np.float32(0.6 if not built else 0.15), 0, 1
    )
    cloth = cloth * lit * relief[..., None]
    band = canvas[first:last]
    band += cover[..., None] * (cloth - band)
    # What stands behind keeps light off the ground before it.
    dark = np.exp(-np.maximum(y - low, 0) * unit * 6) * (y >= low)
    band *= 1 - np.float32(0.35) * dark[..., None]


def paint_tufts(
    canvas: Floats, cover: Floats, stage: Stage, design: Design, rng: np.random.Generator
) -> Floats:
    """Draws grass in front of the foot of the post; returns the post's remaining cover."""
    material = MATERIALS[stage.around.verge]
    grown = stage.around.edge > 0.12 and rng.uniform() < 0.85
    if material.tuft <= 0 or not grown:
        return cover
    tall = min(material.tuft * float(rng.uniform(0.35, 1.3)), 0.35 * design.height)
    light, blades = tuft()
    ratio = np.float32(0.28 / (tall * stage.scale) * 256 / 0.28)
    half = (design.width / 2 + 0.12) * stage.scale
    left = int(np.clip(stage.foot[0] - half, 0, stage.width))
    right = int(np.clip(stage.foot[0] + half, 0, stage.width))
    low = stage.foot[1] + 0.03 * stage.scale
    reach = 0.035 * stage.scale
    top = int(np.clip(low - reach - tall * stage.scale, 0, stage.height))
    end = int(np.clip(low + reach, 0, stage.height))
    if right <= left or end <= top:
        return cover
    x = (np.arange(left, right, dtype=np.float32) - stage.foot[0])[None, :]
    y = (np.arange(top, end, dtype=np.float32))[:, None]
    column = (x * ratio + np.float32(rng.uniform(0, SIZE))).astype(np.int32) & (SIZE - 1)
    uneven = tile("noise")[0][int(rng.integers(SIZE)), column & (SIZE - 1)].astype(np.float32)
    low = low + (uneven / np.float32(255) - np.float32(0.5)) * np.float32(0.07 * stage.scale)
    fade = np.clip((np.abs(x) / np.float32(half)) ** 3, 0, 1) * np.float32(0.7)
    row = 255 - (low - y) * ratio / (1 - fade)
    seen = (row >= 0) & (row <= 255)
    row = np.clip(row, 0, 255).astype(np.int32)
    # Small pictures hold several blades in a pixel: look at a few columns each.
    alpha = np.zeros(row.shape, np.float32)
    tone = np.zeros(row.shape, np.float32)
    count = int(np.clip(ratio, 1, 4))
    for k in range(count):
        c = (column + int(k * ratio / count)) & (SIZE - 1)
        hit = blades[row, c] > 0
        alpha += hit
        tone += np.where(hit, light[row, c], 0)
    shade = np.clip(tone / np.maximum(alpha, 1), 0, 249).astype(np.int32)
    root = np.clip((low - y) / np.float32(max(0.025 * stage.scale, 1.0)), 0.0, 1.0)
    alpha = alpha / count * seen * root
    seeds = np.random.default_rng(stage.around.seed).integers(0, 2**31, 12)
    colours = palette(stage.around.verge, np.random.default_rng(int(seeds[4])))
    grass = colours[6][shade] * stage.light.level
    patch = canvas[top:end, left:right]
    patch += alpha[..., None] * (grass - patch)
    left_over = cover.copy()
    left_over[top:end, left:right] *= 1 - alpha
    return left_over
