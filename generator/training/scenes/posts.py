"""Draws a whole bollard into pixels: its parts, the far ones first."""

import numpy as np

from generator.training.scenes.designs import Design, Part
from generator.training.scenes.light import Light
from generator.training.scenes.paintwork import Wear, paint
from generator.training.scenes.surfaces import Bools, Floats, Pose, outline_of, solve

__all__ = ["Pose", "Wear", "draw"]


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
        here = solve(part, pose, across[window], up[window])
        seen = here.seen
        if part.outline != "prism":
            seen = seen & outline_of(part, here.x, here.z) & ~here.top
        picture[window][seen] = paint(part, here, seen, wear, light, density)
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
