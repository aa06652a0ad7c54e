"""Puts a bollard into its surroundings and takes the picture."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from generator.training.scenes.backgrounds import Stage, paint_background, paint_tufts
from generator.training.scenes.designs import Attributes, Design, View
from generator.training.scenes.grounds import Ground, ground_of
from generator.training.scenes.light import Light, develop, soften
from generator.training.scenes.posts import Pose, Wear, draw
from generator.training.scenes.scenery import guard_rail, random_scenery
from generator.training.scenes.surroundings import Surroundings, random_surroundings

Floats = npt.NDArray[np.floating[Any]]
Framing = Literal["close", "wide", "any"]


@dataclass(frozen=True)
class Scene:
    """One picture and its labels.

    `mask` is uint8 (height, width), 255 where the bollard is visible and 0 elsewhere, also on grass
    before its foot. `box` is the smallest box around the mask, (left, top, right, bottom) in
    pixels, right and bottom exclusive. `attributes` describe the bollard as a whole from either
    side, as in a labelled photo collection.
    """

    image: Image.Image
    mask: npt.NDArray[np.uint8]
    box: tuple[int, int, int, int]
    attributes: Attributes


def render_scene(
    design: Design,
    rng: np.random.Generator,
    *,
    size: tuple[int, int] = (636, 800),
    view: View = "front",
    framing: Framing = "any",
    surroundings: Surroundings | None = None,
) -> Scene:
    """Draws one bollard of a design at the roadside.

    `size` is (width, height) in pixels. "close" fills the picture with the bollard, "wide" shows it
    small in the scene, "any" is close in three of four cases. Without `surroundings`, random ones
    are drawn. The same arguments and the same state of `rng` give the same pixels.

    Raises ValueError for a size under 16 pixels or an unknown view or framing.
    """
    width, height = size
    if min(width, height) < 16:
        raise ValueError(f"size must be at least 16 x 16 pixels; found {width} x {height}")
    if view not in ("front", "back"):
        raise ValueError(f"view must be 'front' or 'back'; found {view!r}")
    if framing not in ("close", "wide", "any"):
        raise ValueError(f"framing must be 'close', 'wide' or 'any'; found {framing!r}")
    if framing == "any":
        framing = "close" if rng.uniform() < 0.75 else "wide"
    around = surroundings or random_surroundings(rng)
    camera, light = around.camera, around.light

    scale, foot = _place(design, rng, width, height, framing)
    far = camera.distance * (1.0 if framing == "close" else 1.8)
    ground = ground_of(width, height, foot, scale, (camera.height, far))
    stage = Stage(width, height, foot, scale, far, ground, around, light)
    canvas, dapple = paint_background(stage)
    _cast_shadow(canvas, design, ground, light)
    pose = Pose(
        yaw=float(np.clip(rng.normal(0, 0.35), -0.8, 0.8)) + (np.pi if view == "back" else 0.0),
        elevation=float(np.arctan((camera.height - design.height / 2) / far)),
        lean=float(np.clip(rng.normal(0, 0.02) + camera.roll, -0.14, 0.14)),
        shrink=float(rng.uniform(0, 0.04)),
    )
    wear = random_wear(rng, design.rough)
    _add_neighbours(canvas, stage, design, pose, rng)
    canvas = soften(canvas, camera.depth_blur * height)
    fine = 3 if design.width * scale < 9 else 2
    cover = stamp(canvas, design, pose, wear, light, foot, scale, fine, dapple)
    cover = paint_tufts(canvas, cover, stage, design, rng)
    mask = np.where(cover >= 0.5, np.uint8(255), np.uint8(0))
    if not mask.any():
        # A post thinner than a pixel: keep its strongest pixels rather than nothing.
        mask = np.where(cover >= max(float(cover.max()) * 0.5, 1e-6), np.uint8(255), np.uint8(0))
    image = develop(canvas, camera, light, rng)
    return Scene(image, mask, _box_of(mask), design.attributes())


def _place(
    design: Design, rng: np.random.Generator, width: int, height: int, framing: Framing
) -> tuple[float, tuple[float, float]]:
    """Returns pixels a metre at the foot, and the foot's pixel.

    A close picture of a bollard on a rail shows all of the bollard and any part of the rail.
    """
    base = 0.0
    if framing == "close":
        if design.base > 0:
            base = design.base * float(rng.uniform(0.3, 1.0))
        share, breadth = float(rng.uniform(0.55, 0.85)), float(rng.uniform(0.3, 0.55))
        x = 0.5 + float(np.clip(rng.normal(0, 0.04), -0.12, 0.12))
        middle = 0.5 + float(np.clip(rng.normal(0.02, 0.04), -0.08, 0.08))
    else:
        share, breadth = float(np.exp(rng.uniform(np.log(0.09), np.log(0.42)))), 0.4
        x, middle = float(rng.uniform(0.12, 0.88)), float(rng.uniform(0.42, 0.78))
    tall, broad = max(design.height - base, 0.15), max(design.width, 0.03)
    scale = min(share * height / tall, breadth * width / broad)
    low = middle * height + tall * scale / 2
    low = min(low, height * 0.97) if framing == "wide" else min(low, height * 0.95)
    return scale, (x * width - design.middle * scale, low + base * scale)


def random_wear(rng: np.random.Generator, rough: float) -> Wear:
    """Returns the wear of a post, around the mean for its design (`rough`, 0 to 1)."""

    def some(gain: float) -> float:
        return float(np.clip(rng.beta(1.2, 2.2) * (0.4 + 1.4 * rough) * gain, 0, 1))

    return Wear(some(1.0), some(1.1), some(0.8), some(0.7), int(rng.integers(2**31)))


def stamp(
    canvas: Floats,
    design: Design,
    pose: Pose,
    wear: Wear,
    light: Light,
    foot: tuple[float, float],
    scale: float,
    fine: int,
    dapple: Floats | None = None,
) -> Floats:
    """Draws a post into `canvas` in place, with `fine` x `fine` samples a pixel.

    `foot` is in pixels, `scale` in pixels a metre. Returns the bollard's own cover of each
    pixel, float32 (h, w), 0 to 1.
    """
    height, width = canvas.shape[:2]
    cover = np.zeros((height, width), np.float32)
    every = design.parts
    reach = (
        max(abs(p.x) + max(p.width, p.depth) * max(s for _, s in p.profile) for p in every) * 0.75
    )
    reach = reach + 0.05 + abs(pose.lean) * design.height * 1.2
    tall = max(p.foot + p.height for p in every) + 0.1 + reach * abs(np.sin(pose.elevation))
    left, right = (int(np.clip(foot[0] + s * reach * scale, 0, width)) for s in (-1, 1))
    top = int(np.clip(foot[1] - tall * scale - 2, 0, height))
    low = int(np.clip(foot[1] + (0.1 + reach * 0.6) * scale + 2, 0, height))
    if right <= left or low <= top:
        return cover
    u = (np.arange((right - left) * fine, dtype=np.float32) + 0.5) / fine + left - foot[0]
    v = foot[1] - ((np.arange((low - top) * fine, dtype=np.float32) + 0.5) / fine + top)
    colour, drawn, own = draw(
        design,
        pose,
        wear,
        light,
        u[None, :] / np.float32(scale),
        v[:, None] / np.float32(scale),
        scale * fine,
    )
    alpha, share = _pool(drawn.astype(np.float32), fine), _pool(own.astype(np.float32), fine)
    colour = _pool(colour, fine)
    patch = canvas[top:low, left:right]
    if dapple is not None:
        colour *= dapple[top:low, left:right, None]
    patch *= 1 - alpha[..., None]
    patch += colour
    cover[top:low, left:right] = share
    return cover


def _pool(values: Floats, fine: int) -> Floats:
    """Means of `fine` x `fine` squares; adding slices is several times faster than reducing."""
    total = values[::fine, ::fine].copy()
    for row in range(fine):
        for column in range(fine):
            if row or column:
                total += values[row::fine, column::fine]
    total *= np.float32(1 / fine**2)
    return total


def _cast_shadow(canvas: Floats, design: Design, ground: Ground, light: Light) -> None:
    """Darkens the ground where the post blocks the sun or the open sky."""
    half = min(design.width, 0.5) / 2
    near = np.hypot(ground.x, ground.z * 1.2)
    shade = 1 - np.float32(0.4) * np.exp(-((near / (half * 2.2 + 0.02)) ** 2))
    if light.clear:
        sx, sd, sz = light.sun
        flat = max(float(np.hypot(sx, sd)), 1e-3)
        dx, dz = -sx / flat, -sd / flat
        length = design.height * flat / max(sz, 0.05)
        along = ground.x * dx + ground.z * dz
        beside = ground.x * dz - ground.z * dx
        beyond = along - np.clip(along, 0, max(length - half, 0.0))
        apart = np.sqrt(beside * beside + beyond * beyond)
        soft = np.float32(0.012) + np.maximum(along, 0) * np.float32(0.02)
        body = np.clip((half * 0.95 + soft - apart) / (2 * soft), 0, 1)
        sunny = np.array(light.glare, np.float32) * sz / np.maximum(light.level, 1e-3)
        canvas *= 1 - (body * np.float32(0.92))[..., None] * sunny
    canvas *= shade[..., None]


def _add_neighbours(
    canvas: Floats, stage: Stage, design: Design, pose: Pose, rng: np.random.Generator
) -> None:
    """Draws smaller posts of the same row, and other roadside objects, behind the post."""
    around = stage.around
    local = np.random.default_rng(around.seed + 5)
    items: list[tuple[Design, float, float]] = []
    heading = around.bearing + np.pi / 2 * (1 if local.uniform() < 0.5 else -1)
    for number in range(around.neighbours):
        gap = local.uniform(5, 14) * (number + 1)
        items.append((design, float(np.sin(heading) * gap), float(abs(np.cos(heading)) * gap + 2)))
    for _ in range(int(local.choice((0, 1, 2), p=(0.72, 0.2, 0.08)))):
        depth = float(local.uniform(0.3, 1.0)) * (around.behind if around.backdrop else 12.0)
        items.append((random_scenery(local), float(local.uniform(-3, 3)), depth))
    if around.rail:
        beam = replace(design, parts=guard_rail(16.0, x=float(local.uniform(-3, 3))))
        items.append((beam, 0.0, float(local.uniform(0.5, 2.5))))
    for thing, x, z in sorted(items, key=lambda item: -item[2]):
        scale = stage.scale * stage.far / (stage.far + z)
        horizon = stage.foot[1] - stage.scale * around.camera.height
        foot = (stage.foot[0] + x * scale, horizon + scale * around.camera.height)
        hides = abs(x) * scale < (design.width + thing.width) * stage.scale * 0.6
        if hides and not all(part.scenery for part in thing.parts):
            continue
        turned = replace(pose, yaw=pose.yaw + float(local.normal(0, 0.15)))
        stamp(canvas, thing, turned, random_wear(local, thing.rough), stage.light, foot, scale, 2)


def _box_of(mask: npt.NDArray[np.uint8]) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return (0, 0, mask.shape[1], mask.shape[0])
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
