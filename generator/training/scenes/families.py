"""Random designs of the common forms, similar to those at the world's roads."""

from collections.abc import Callable

import numpy as np

from generator.training.scenes.designs import Design, Mark, Part, Profile, Rgb, Section, Top
from generator.training.scenes.markings import dressed
from generator.training.scenes.paints import paint, pick

Rng = np.random.Generator
Family = Callable[[Rng], Design]

STRAIGHT: Profile = ((0.0, 1.0), (1.0, 1.0))
_NO_PAINT: Rgb = (0.5, 0.5, 0.5)
_PALE = {
    "white": 14.0,
    "orange": 1.4,
    "grey": 0.8,
    "black": 0.7,
    "brown": 0.4,
    "green": 0.3,
    "blue": 0.25,
    "red": 0.3,
}


def flat(rng: Rng) -> Design:
    """A slender post of flat, wedge-shaped or triangular section."""
    height = float(rng.uniform(0.75, 1.25))
    width = float(np.clip(height / rng.uniform(5.5, 13), 0.07, 0.17))
    sections: tuple[Section, ...] = ("box", "wedge", "vee", "box")
    section = sections[int(rng.integers(4))]
    depth = width * float(rng.uniform(0.25, 0.6) if section == "box" else rng.uniform(0.55, 0.95))
    tops: tuple[Top, ...] = ("flat", "slant", "gable", "arch")
    top = tops[int(rng.choice(4, p=(0.34, 0.4, 0.08, 0.18)))]
    drop = width * float(rng.uniform(0.2, 1.1) if top == "slant" else rng.uniform(0.2, 0.5))
    patterns = {
        "diagonal": 8.5,
        "cap": 4.5,
        "band": 3.5,
        "plain": 3.5,
        "stripes": 1.5,
        "bands": 1.2,
        "chevron": 0.6,
    }
    shape = Part(section, width, depth, height, _NO_PAINT, top=top, drop=drop)
    return dressed(rng, "flat", shape, patterns, _PALE, 0.05)


def _dome(share: float) -> Profile:
    """A rounded end over the upper `share` of the height."""
    curve = [(1 - share * (1 - s), float(np.sqrt(1 - s * s))) for s in (0.25, 0.5, 0.7, 0.85, 0.95)]
    return ((0.0, 1.0), (1 - share, 1.0), *curve, (1.0, 0.12))


def round_post(rng: Rng) -> Design:
    """A slender cylinder or tube, flat or domed on top, some on a foot plate."""
    height = float(rng.uniform(0.7, 1.2))
    width = float(height / rng.uniform(5, 12))
    profile = STRAIGHT
    end = rng.uniform()
    if end < 0.4:
        profile = _dome(float(rng.uniform(0.03, 0.07)))
    elif end < 0.5:
        profile = ((0.0, 2.2), (0.03, 2.2), (0.06, 1.2), (0.1, 1.0), (1.0, 0.95))
    bodies = {**_PALE, "white": 6.5, "orange": 2.0, "black": 1.3, "brown": 0.7, "green": 1.0}
    patterns = {
        "band": 5.0,
        "plain": 3.5,
        "stripes": 3.0,
        "bands": 3.5,
        "cap": 2.5,
        "chevron": 0.8,
        "diagonal": 0.5,
    }
    shape = Part("round", width, width, height, _NO_PAINT, profile=profile)
    return dressed(rng, "round", shape, patterns, bodies, 0.14)


def drum(rng: Rng) -> Design:
    """A fat cylinder, under four times as tall as wide."""
    height = float(rng.uniform(0.5, 1.0))
    width = float(height / rng.uniform(1.7, 3.8))
    profile = STRAIGHT
    shape = rng.uniform()
    if shape < 0.3:
        collars = ((0.5, 1.0), (0.52, 0.92), (0.72, 0.92), (0.74, 1.0), (1.0, 1.0))
        profile = ((0.0, 1.25), (0.05, 1.25), (0.07, 1.0), *collars)
    elif shape < 0.6:
        profile = ((0.0, 1.1), (0.9, 0.95), (0.96, 0.85), (1.0, 0.6))
    bodies = {
        "green": 3.0,
        "orange": 3.0,
        "blue": 1.0,
        "white": 1.5,
        "black": 0.8,
        "grey": 0.6,
        "red": 0.8,
    }
    patterns = {"bands": 5.0, "stripes": 4.0, "band": 1.5, "plain": 0.8, "cap": 0.4}
    body = Part("round", width, width, height, _NO_PAINT, profile=profile)
    return dressed(rng, "drum", body, patterns, bodies, 0.5)


def pole(rng: Rng) -> Design:
    """A snow pole or rod, at least fifteen times as tall as wide."""
    height = float(rng.uniform(1.4, 3.6))
    width = float(min(height / rng.uniform(20, 46), 0.09))
    bodies = {
        "orange": 5.0,
        "white": 2.0,
        "red": 1.5,
        "black": 1.2,
        "grey": 1.0,
        "brown": 1.0,
        "blue": 0.3,
        "green": 0.3,
    }
    patterns = {"stripes": 6.0, "plain": 3.0, "cap": 1.6, "bands": 2.2, "band": 1.2}
    section: Section = "round" if rng.uniform() < 0.8 else "box"
    shape = Part(section, width, width, height, _NO_PAINT)
    return dressed(rng, "pole", shape, patterns, bodies, 0.7)


def polepost(rng: Rng) -> Design:
    """A post with a snow pole on it."""
    base = flat(rng) if rng.uniform() < 0.75 else round_post(rng)
    post = base.parts[0]
    words = {"orange": 4.0, "red": 2.5, "blue": 1.0, "black": 1.0, "white": 1.0, "brown": 0.7}
    word = pick(rng, words)
    length, width = float(rng.uniform(0.6, 1.6)), float(rng.uniform(0.022, 0.045))
    marks: tuple[Mark, ...] = ()
    if rng.uniform() < 0.35:
        tip = paint(pick(rng, {"red": 2, "orange": 1, "blue": 1}), rng)
        marks = (Mark("cap", tip, length * 0.6, 9.0),)
    rod = Part(
        "round",
        width,
        width,
        length,
        paint(word, rng),
        foot=post.height * 0.93,
        d=post.depth * float(rng.choice((-0.3, 0.0, 0.4))),
        marks=marks,
    )
    return Design(
        "polepost",
        base.body,
        base.pattern,
        base.accent,
        base.front_reflector,
        base.back_reflector,
        (rod, post),
        base.rough,
    )


def square(rng: Rng) -> Design:
    """A thick post of square or polygonal section: concrete, stone, timber."""
    height = float(rng.uniform(0.5, 1.05))
    width = float(height / rng.uniform(3.2, 5.8))
    taper = float(rng.uniform(0.75, 1.0))
    end = rng.uniform()
    profile: Profile = ((0.0, 1.0), (1.0, taper))
    if end < 0.25:
        profile = ((0.0, 1.0), (0.9, taper), (1.0, taper * 0.25))
    elif end < 0.45:
        rounding = ((0.94, taper * 0.85), (0.98, taper * 0.55), (1.0, taper * 0.2))
        profile = ((0.0, 1.0), (0.88, taper), *rounding)
    patterns = {
        "stripes": 5.0,
        "plain": 4.0,
        "cap": 2.0,
        "band": 3.0,
        "bands": 1.0,
        "face": 1.0,
        "chevron": 0.4,
    }
    bodies = {"white": 8.0, "brown": 1.2, "grey": 1.2, "orange": 0.8, "black": 0.5}
    section: Section = "box" if rng.uniform() < 0.85 else "hexagon"
    top: Top = "arch" if section == "box" and end > 0.85 else "flat"
    shape = Part(
        section,
        width,
        width * float(rng.uniform(0.6, 1.0)),
        height,
        _NO_PAINT,
        top=top,
        drop=width * 0.3,
        profile=profile,
    )
    return dressed(rng, "square", shape, patterns, bodies, 0.4)
