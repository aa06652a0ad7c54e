"""Colours the visible points of a part by its paint, markings, their age, and the light on them."""

from dataclasses import dataclass

import numpy as np

from generator.training.scenes.designs import Part
from generator.training.scenes.light import Light
from generator.training.scenes.marks import cover
from generator.training.scenes.surfaces import Bools, Floats, Surface
from generator.training.scenes.textures import sample

_STAIN = np.array([0.33, 0.29, 0.22], np.float32)
_MUD = np.array([0.36, 0.30, 0.22], np.float32)
_BARE = np.array([0.20, 0.17, 0.14], np.float32)


@dataclass(frozen=True)
class Wear:
    """The wear of one post: each value is 0 (new) to 1; `seed` determines the stains."""

    stains: float
    mud: float
    chips: float
    fade: float
    seed: int


def paint(
    part: Part, here: Surface, seen: Bools, wear: Wear, light: Light, density: float
) -> Floats:
    """Returns the lit colours of the points where `seen`, float32 (n, 3), in row order.

    Only visible points are processed, as flat arrays; `density` is samples a metre.
    """
    x, d, z = here.x[seen], here.d[seen], here.z[seen]
    nx, nd, nz = (n[seen] for n in here.normal)
    front, back, top = here.sides[0][seen], here.sides[1][seen], here.top[seen]
    colour = np.empty((len(x), 3), np.float32)
    colour[:] = part.colour
    glow = np.zeros(len(x), np.float32)
    around = x
    if part.section == "round":
        half = np.float32(part.width / 2)
        around = np.arcsin(np.clip(x / half, -1, 1)) * half
    mirrored = np.where(back, -around, around)
    shines = any(mark.reflective for mark in part.marks)
    for mark in part.marks:
        covered = cover(mark, mirrored if mark.side in ("back", "both") else around, z)
        if mark.side == "front":
            covered &= front
        elif mark.side == "back":
            covered &= back
        elif mark.side == "both":
            covered &= front | back
        if mark.kind != "cap":
            covered &= ~top
        colour[covered] = mark.colour
        if shines:
            glow[covered] = 0.45 if mark.reflective else 0.0
    _age(colour, x + d + nx * np.float32(0.08), z, part.foot, wear, density)
    sx, sd, sz = (np.float32(s) for s in light.sun)
    direct = np.maximum(nx * sx + nd * sd + nz * sz, 0)
    foot = 1 - np.float32(0.3) * np.exp(np.maximum(z + np.float32(part.foot), 0) * np.float32(-14))
    sky = (np.float32(light.bounce - 0.14) + np.float32(0.15) * nz - np.float32(0.14) * nd) * foot
    shade = sky[:, None] * np.array(light.sky, np.float32)
    if light.clear:
        shade += (direct * foot)[:, None] * np.array(light.glare, np.float32)
    if shines:
        shade += glow[:, None] * (light.level - shade)
    colour *= shade
    if part.gloss > 0 and light.clear:
        colour += (direct**8 * np.float32(part.gloss))[:, None] * np.array(light.glare, np.float32)
    return colour


def _age(colour: Floats, s: Floats, z: Floats, foot: float, wear: Wear, density: float) -> None:
    """Fades, stains, muddies and chips paint in place, at `s` metres round the post."""
    ox, oz = (float(o) for o in np.random.default_rng(wear.seed).uniform(0, 1024, 2))
    zoom = 700.0 / density
    blotch = sample("noise", s * 700 + ox, z * 400 + oz, zoom) * np.float32(1 / 255)
    colour *= (1 - np.float32(0.22 * wear.stains) * blotch)[:, None]
    if wear.stains > 0.15:
        runs = sample("streak", s * 1600 + oz, z * 500 + ox, zoom * 2).astype(np.float32)
        amount = np.clip((runs - 165) / 60, 0, 1) * np.float32(0.4 * wear.stains)
        colour += amount[:, None] * (_STAIN - colour)
    if wear.fade > 0.03:
        grey = colour.sum(-1, keepdims=True) * np.float32(0.85 / 3) + np.float32(0.1)
        colour += np.float32(0.35 * wear.fade) * (grey - colour)
    if wear.mud > 0.02 and foot < 0.3:
        low = np.flatnonzero(z < 0.5)
        rise = np.exp(-np.maximum(z[low] + foot, 0) / np.float32(0.05 + 0.16 * wear.mud))
        amount = np.clip(rise * (0.4 + blotch[low]) * np.float32(1.1 * wear.mud), 0, 0.85)
        colour[low] += amount[:, None] * (_MUD - colour[low])
    if wear.chips > 0.05:
        flake = sample("noise", s * 2600 + oz, z * 2600 + ox, zoom * 3)
        bare = flake > 255 - 26 * wear.chips
        colour[bare] = colour[bare] * np.float32(0.5) + _BARE
