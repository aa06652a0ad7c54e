"""Random designs, family by family, about as often as they stand at the world's roads."""

from collections.abc import Callable

import numpy as np

from generator.recogniser.scenes.designs import Design, Mark, Part, Section, Side, Top
from generator.recogniser.scenes.paints import paint

Rng = np.random.Generator


def pick(rng: Rng, options: dict[str, float]) -> str:
    """Returns one of the keys, as often as its weight says."""
    names = list(options)
    weights = np.array(list(options.values()))
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


def reflectors(
    rng: Rng, options: dict[str, float] | None = None, *, bare: float = 0.1
) -> tuple[str, str]:
    """Returns colour words for the front and the back; the front is the more colourful."""
    if rng.uniform() < bare:
        return "none", "none"
    front = pick(rng, options or {"red": 5, "orange": 4, "white": 2.5, "blue": 0.5, "grey": 0.2})
    if front == "white":
        return front, pick(rng, {"white": 3, "none": 1})
    return front, pick(rng, {"white": 4, "none": 1.5, front: 3, "orange" if front == "red" else "white": 1})


def reflector_marks(
    rng: Rng, words: tuple[str, str], middle: float, tall: float, wide: float, shape: str, slope: float = 0.0
) -> tuple[Mark, ...]:
    """Returns the foils of both sides at a height; `shape` is panel, disc, discs or strip."""
    marks: list[Mark] = []
    sides: tuple[Side, Side] = ("front", "back")
    for side, word in zip(sides, words, strict=True):
        if word == "none":
            continue
        colour = paint(word, rng, foil=True)
        if shape in ("disc", "discs") and word != "red":
            radius = wide / 2
            places = (0.0,) if shape == "disc" else (-1.3, 1.3)
            marks += [
                Mark("disc", colour, middle + p * radius - radius, middle + p * radius + radius,
                     side=side, reflective=True)
                for p in places
            ]  # fmt: skip
        else:
            marks.append(
                Mark("panel", colour, middle - tall / 2, middle + tall / 2, width=wide, side=side,
                     slope=slope, reflective=True, rounded=0.0 if rng.uniform() < 0.7 else 0.01)
            )  # fmt: skip
    return tuple(marks)


def _dressed(
    rng: Rng, form: str, section: Section, width: float, depth: float, height: float,
    patterns: dict[str, float], bodies: dict[str, float], top: Top, drop: float,
    profile: tuple[tuple[float, float], ...] = ((0.0, 1.0), (1.0, 1.0)), bare: float = 0.12,
) -> Design:  # fmt: skip
    """Returns a single-part post with one of the common markings."""
    body, pattern = pick(rng, bodies), pick(rng, patterns)
    accents = {
        "white": {"black": 5, "red": 3, "blue": 0.7, "orange": 0.6, "green": 0.4, "grey": 0.3},
        "orange": {"black": 4, "red": 2, "white": 2, "blue": 0.4, "green": 0.2},
        "grey": {"red": 1, "white": 1, "orange": 1, "black": 2},
        "black": {"white": 3, "orange": 2, "red": 1.5},
        "red": {"white": 4, "orange": 0.5},
        "green": {"white": 4, "orange": 0.4, "red": 0.5},
        "blue": {"white": 3, "orange": 0.5},
        "brown": {"white": 2, "red": 1, "orange": 1, "black": 0.5},
    }[body]
    accent = "none" if pattern == "plain" else pick(rng, accents)
    words = reflectors(rng, bare=bare if pattern not in ("stripes", "bands") else max(bare, 0.55))
    round_like = section == "round"
    ink = paint(accent, rng) if accent != "none" else (0.0, 0.0, 0.0)
    wide = width * rng.uniform(0.3, 0.62)
    middle = height * rng.uniform(0.76, 0.86)
    tall = float(min(height * rng.uniform(0.1, 0.2), 0.22))
    marks: tuple[Mark, ...] = ()
    shape = pick(rng, {"panel": 6, "disc": 1.5, "discs": 0.8, "strip": 1})
    slope = 0.0
    if pattern == "cap":
        size = height * rng.uniform(0.07, 0.24)
        marks = (Mark("cap", ink, height - size, height + 1),)
        middle = height - size * 0.5 if size > height * 0.15 and rng.uniform() < 0.5 else height - size - tall * 0.8
    elif pattern == "band":
        size = height * rng.uniform(0.08, 0.26)
        centre = height * rng.uniform(0.68, 0.88) - size * 0.3
        middle = centre if rng.uniform() < 0.75 else height * 0.93
        tall = float(min(tall, size * 0.8))
        marks = (Mark("band", ink, centre - size / 2, centre + size / 2),)
        if accent == words[0] and abs(middle - centre) < size / 2:
            words = (words[0], words[0])  # the band itself shines
            marks = (Mark("band", paint(accent, rng, foil=True), centre - size / 2, centre + size / 2, reflective=True),)
            return Design(form, body, pattern, accent, *words, (
                Part(section, width, depth, height, paint(body, rng), top=top, drop=drop, marks=marks, profile=profile),
            ), float(rng.uniform(0.05, 0.8)))  # fmt: skip
    elif pattern == "diagonal":
        size = height * rng.uniform(0.14, 0.3)
        slope = float(rng.choice((-1.0, 1.0)) * rng.uniform(0.35, 1.3))
        middle = height * rng.uniform(0.74, 0.84)
        tall = float(size * rng.uniform(0.55, 0.8))
        marks = (Mark("band", ink, middle - size / 2, middle + size / 2, slope=slope),)
        slope = slope if rng.uniform() < 0.4 else 0.0
    elif pattern == "bands":
        count = int(rng.integers(2, 4))
        size = height * rng.uniform(0.05, 0.09)
        gap = size * rng.uniform(0.7, 1.6)
        start = height * rng.uniform(0.86, 0.95)
        shine = accent in ("white", "red", "orange") and rng.uniform() < 0.6
        ink = paint(accent, rng, foil=shine)
        marks = tuple(
            Mark("band", ink, start - i * (size + gap) - size, start - i * (size + gap), reflective=shine)
            for i in range(count)
        )
        if shine:
            words = (accent, accent)
            return Design(form, body, pattern, accent, *words, (
                Part(section, width, depth, height, paint(body, rng), top=top, drop=drop, marks=marks, profile=profile),
            ), float(rng.uniform(0.05, 0.7)))  # fmt: skip
        words = ("none", "none")
    elif pattern == "stripes":
        count = int(rng.integers(4, 9))
        size = height / count
        marks = tuple(
            Mark("band", ink, i * size, (i + 1) * size + (1 if i == count - 1 else 0))
            for i in range(int(rng.integers(2)), count, 2)
        )
        middle, tall = height * (1 - 0.5 / count), size * 0.5
    elif pattern == "chevron":
        kind = pick(rng, {"stripes": 3, "chevrons": 2})
        accent = "multi" if rng.uniform() < 0.35 else accent
        low, high = height * rng.uniform(0.42, 0.6), height * rng.uniform(0.88, 0.97)
        base = paint("orange" if accent == "multi" else pick(rng, {"white": 1, "orange": 1}), rng, foil=True)
        if accent == "multi":
            ink = paint(pick(rng, {"black": 1, "red": 1}), rng)
        panel = Mark("panel", base, low, high, width=width * 0.85, side="both")
        turn = float(rng.choice((-45.0, 45.0)) if kind == "stripes" else rng.choice((0.0, 180.0, 90.0)))
        pattern_mark = Mark(
            "stripes" if kind == "stripes" else "chevrons", ink, low, high, width=width * 0.85,
            side="both", turn=turn, period=float(rng.uniform(0.12, 0.22)),
        )  # fmt: skip
        marks, words = (panel, pattern_mark), ("none", "none")
    elif pattern == "face":
        text = str(int(rng.integers(1, 999)))
        size = min(width * 0.9 / len(text) * 1.6, height * 0.2)
        marks = (
            Mark("digits", ink, height * 0.72, height * 0.72 + size, width=width * 0.8, side="both", text=text),
        )
        words = ("none", "none") if rng.uniform() < 0.7 else words
        middle, tall = height * 0.5, tall * 0.7
    if shape in ("disc", "discs"):
        wide = min(wide, tall * (0.9 if shape == "disc" else 0.42))
    if round_like and shape == "panel" and rng.uniform() < 0.35 and words[0] != "none":
        ring = Mark("band", paint(words[0], rng, foil=True), middle - tall / 2, middle + tall / 2, side="front", reflective=True)
        behind = () if words[1] == "none" else (
            Mark("band", paint(words[1], rng, foil=True), middle - tall / 2, middle + tall / 2, side="back", reflective=True),
        )
        shine_marks: tuple[Mark, ...] = (ring, *behind)
    else:
        shine_marks = reflector_marks(rng, words, middle, tall, wide, shape, slope)
    if pattern not in ("plain",) and body == "white" and rng.uniform() < 0.06:
        marks = (*marks, Mark("band", paint("black", rng), 0.0, height * 0.15))
    post = Part(
        section, width, depth, height, paint(body, rng), top=top, drop=drop, marks=(*marks, *shine_marks),
        profile=profile, gloss=float(rng.uniform(0, 0.25)),
    )  # fmt: skip
    return Design(form, body, pattern, accent, words[0], words[1], (post,), float(rng.uniform(0.05, 0.9)))


_USUAL = {"diagonal": 5.0, "cap": 4.5, "band": 3.5, "plain": 3.5, "stripes": 1.5, "bands": 1.2, "chevron": 0.6}
_PALE = {"white": 10.0, "orange": 1.4, "grey": 0.8, "black": 0.7, "brown": 0.4, "green": 0.3, "blue": 0.25, "red": 0.3}


def flat(rng: Rng) -> Design:
    """A slender post of flat, wedge-shaped or triangular section."""
    height = float(rng.uniform(0.75, 1.25))
    width = float(np.clip(height / rng.uniform(5.5, 13), 0.07, 0.17))
    section: Section = ("box", "wedge", "vee", "box")[int(rng.integers(4))]
    depth = width * float(rng.uniform(0.25, 0.6) if section == "box" else rng.uniform(0.55, 0.95))
    top = pick(rng, {"flat": 3, "slant": 3.5, "gable": 0.8, "arch": 1.6})
    tops: dict[str, Top] = {"flat": "flat", "slant": "slant", "gable": "gable", "arch": "arch"}
    drop = width * float(rng.uniform(0.2, 1.1) if top == "slant" else rng.uniform(0.2, 0.5))
    return _dressed(rng, "flat", section, width, depth, height, _USUAL, _PALE, tops[top], drop)


def _dome(share: float) -> tuple[tuple[float, float], ...]:
    steps = [(1 - share + share * s, float(np.sqrt(1 - s * s))) for s in (0.25, 0.5, 0.7, 0.85, 0.95, 1)]
    return ((0.0, 1.0), (1 - share, 1.0), *steps)


def round_post(rng: Rng) -> Design:
    """A slender cylinder or tube, flat or domed on top, some on a foot plate."""
    height = float(rng.uniform(0.7, 1.2))
    width = float(height / rng.uniform(5, 12))
    profile: tuple[tuple[float, float], ...] = ((0.0, 1.0), (1.0, 1.0))
    end = rng.uniform()
    if end < 0.4:
        profile = _dome(float(rng.uniform(0.03, 0.07)))
    elif end < 0.5:
        profile = ((0.0, 2.2), (0.03, 2.2), (0.06, 1.2), (0.1, 1.0), (1.0, 0.95))
    bodies = {**_PALE, "white": 5.0, "orange": 2.0, "black": 1.3, "brown": 0.7, "green": 1.0}
    patterns = {"band": 5.0, "plain": 3.5, "stripes": 3.5, "bands": 4.0, "cap": 2.5, "chevron": 0.8, "diagonal": 0.5}
    return _dressed(
        rng, "round", "round", width, width, height, patterns, bodies, "flat", 0.0, profile, 0.25
    )


def drum(rng: Rng) -> Design:
    """A fat cylinder, under four times as tall as wide."""
    height = float(rng.uniform(0.5, 1.0))
    width = float(height / rng.uniform(1.7, 3.8))
    profile: tuple[tuple[float, float], ...] = ((0.0, 1.0), (1.0, 1.0))
    shape = rng.uniform()
    if shape < 0.3:
        profile = ((0.0, 1.25), (0.05, 1.25), (0.07, 1.0), (0.5, 1.0), (0.52, 0.92), (0.72, 0.92), (0.74, 1.0), (1.0, 1.0))
    elif shape < 0.6:
        profile = ((0.0, 1.1), (0.9, 0.95), (0.96, 0.85), (1.0, 0.6))
    bodies = {"green": 3.0, "orange": 3.0, "blue": 1.0, "white": 1.5, "black": 0.8, "grey": 0.6, "red": 0.8}
    patterns = {"bands": 5.0, "stripes": 4.0, "band": 1.5, "plain": 0.8, "cap": 0.4}
    return _dressed(rng, "drum", "round", width, width, height, patterns, bodies, "flat", 0.0, profile, 0.5)


def pole(rng: Rng) -> Design:
    """A snow pole or rod, at least fifteen times as tall as wide."""
    height = float(rng.uniform(1.4, 3.6))
    width = float(min(height / rng.uniform(20, 46), 0.09))
    bodies = {"orange": 5.0, "white": 2.0, "red": 1.5, "black": 1.2, "grey": 1.0, "brown": 1.0, "blue": 0.3, "green": 0.3}
    patterns = {"stripes": 6.0, "plain": 3.0, "cap": 1.6, "bands": 2.2, "band": 1.2}
    section: Section = "round" if rng.uniform() < 0.8 else "box"
    design = _dressed(rng, "pole", section, width, width, height, patterns, bodies, "flat", 0.0, bare=0.7)
    return design


def polepost(rng: Rng) -> Design:
    """A post with a snow pole on it."""
    base = flat(rng) if rng.uniform() < 0.75 else round_post(rng)
    post = base.parts[0]
    word = pick(rng, {"orange": 4, "red": 2.5, "blue": 1, "black": 1, "white": 1, "brown": 0.7})
    length, width = float(rng.uniform(0.6, 1.6)), float(rng.uniform(0.022, 0.045))
    marks: tuple[Mark, ...] = ()
    if rng.uniform() < 0.35:
        marks = (Mark("cap", paint(pick(rng, {"red": 2, "orange": 1, "blue": 1}), rng), length * 0.6, 9.0),)
    rod = Part("round", width, width, length, paint(word, rng), foot=post.height * 0.93, marks=marks,
               d=post.depth * float(rng.choice((-0.3, 0.0, 0.4))))  # fmt: skip
    return Design("polepost", base.body, base.pattern, base.accent, base.front_reflector,
                  base.back_reflector, (rod, post), base.rough)  # fmt: skip


Family = Callable[[Rng], Design]
