"""Things of the roadside that are not bollards: wooden posts, sign poles, guard rails."""

import numpy as np

from generator.training.scenes.designs import Design, Part, Rgb

_WOOD: Rgb = (0.36, 0.29, 0.22)
_STEEL: Rgb = (0.55, 0.56, 0.57)


def guard_rail(
    length: float, x: float = 0.0, d: float = 0.0, height: float = 0.72
) -> tuple[Part, ...]:
    """Returns a steel guard rail with its posts, its upper edge at `height` metres."""
    beam = Part(
        "box",
        length,
        0.07,
        0.30,
        _STEEL,
        x=x,
        d=d,
        foot=height - 0.30,
        corrugated=True,
        gloss=0.25,
        scenery=True,
    )
    step = 2.0
    count = int(length / step)
    posts = tuple(
        Part(
            "box",
            0.09,
            0.12,
            height - 0.08,
            (0.47, 0.48, 0.48),
            d=d + 0.09,
            x=x + (i - count / 2 + 0.3) * step,
            scenery=True,
        )
        for i in range(count)
    )
    return (*posts, beam)


def wire_ropes(length: float, d: float = 0.0, height: float = 0.55) -> tuple[Part, ...]:
    """Returns the ropes of a wire rope barrier, the highest at `height` metres, without posts."""
    return tuple(
        Part("box", length, 0.02, 0.02, _STEEL, d=d, foot=height - 0.1 * i, scenery=True)
        for i in range(4)
    )


def _as_design(parts: tuple[Part, ...], rough: float) -> Design:
    return Design("pole", "grey", "plain", "none", "none", "none", parts, rough)


def random_scenery(rng: np.random.Generator) -> Design:
    """Returns something that a detector must not take for a bollard, as a design to draw."""
    kind = rng.integers(5)
    if kind == 0:
        height = rng.uniform(0.9, 1.5)
        return _as_design((Part("round", 0.11, 0.11, float(height), _WOOD),), 0.9)
    if kind == 1:
        pole = Part("round", 0.06, 0.06, 2.4, _STEEL)
        face = ((0.85, 0.85, 0.83), (0.75, 0.12, 0.12), (0.15, 0.3, 0.6))[int(rng.integers(3))]
        sign = Part("box", 0.6, 0.02, 0.6, face, foot=1.75, d=-0.04)
        return _as_design((pole, sign), 0.3)
    if kind == 2:
        return _as_design((Part("round", 0.24, 0.24, 7.0, (0.40, 0.34, 0.28)),), 0.8)
    if kind == 3:
        width = float(rng.uniform(0.3, 0.9))
        rock = Part(
            "rock",
            width,
            width * 0.8,
            width * 0.55,
            (0.5, 0.49, 0.46),
            profile=((0, 1.0), (0.6, 0.85), (0.9, 0.5), (1, 0.25)),
        )
        return _as_design((rock,), 0.7)
    trunk = Part("round", 0.3, 0.3, 5.0, (0.27, 0.23, 0.19), profile=((0, 1.3), (0.1, 1), (1, 0.8)))
    return _as_design((trunk,), 1.0)
